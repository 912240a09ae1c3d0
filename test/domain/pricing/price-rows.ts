import type { PriceRow, UnreadablePrice } from '../../../domain/pricing/price-row.ts';
import type { PriceSource } from '../../../domain/pricing/price-rules.ts';
import type { SkuCodes } from '../../../domain/sales-order.ts';

/** A price of level B in dollars for all of style 00123, for ever, unless told otherwise. */
export function aPrice(change: Partial<PriceRow> = {}): PriceRow {
  return {
    key: '1',
    level: 'B',
    customer: '',
    currency: 'USD',
    division: '01',
    style: '00123',
    color: '',
    label: '',
    dimension: '',
    sizes: null,
    price: '24.00',
    from: null,
    until: null,
    changedAt: '2025-06-01T16:00:00.000Z',
    ...change,
  };
}

export function aCustomerPrice(change: Partial<PriceRow> = {}): PriceRow {
  return aPrice({ level: '', customer: 'ACME01', ...change });
}

/** A price of level B in dollars that cannot be read, unless told otherwise. */
export function anUnreadablePrice(change: Partial<UnreadablePrice> = {}): UnreadablePrice {
  return { key: '7', level: 'B', customer: '', currency: 'USD', style: '00123', from: null, until: null, ...change };
}

export const SOURCE: PriceSource = { currency: 'USD', level: 'B', baseLevel: 'A', customer: 'ACME01' };

export function anItem(change: Partial<SkuCodes> = {}): SkuCodes {
  return { division: '01', style: '00123', color: 'BLK', label: 'A', dimension: '', size: 'M', upc: '', ...change };
}
