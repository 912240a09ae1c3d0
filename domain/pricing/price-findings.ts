import { findingOf, present, type Finding } from '../findings.ts';
import type { Amount } from '../money.ts';
import type { UnreadablePrice } from './price-row.ts';

/** Prices of a list that cannot be used as they are. */
export interface PriceTroubles {
  /** Prices that no buyer may see; null = the row names none. */
  readonly invalid: readonly { readonly sku: string; readonly price: Amount | null }[];
  /** SKUs for which a price for some sizes may hold, and whose size is not known. */
  readonly sizeUnknown: readonly string[];
}

/** Price rows of the ERP that cannot be read as they are now, whatever the list; null when there are none. */
export function unreadablePrices(rows: readonly UnreadablePrice[]): Finding | null {
  return findingOf(
    'SCHEMA_DRIFT',
    rows.map(({ key, style, level, customer, currency }) =>
      [style || 'a style', level && `level ${level}`, customer, currency, `row ${key}`].filter(Boolean).join(', '),
    ),
    {
      key: 'prices',
      says: 'Prices of the ERP cannot be read. Meanwhile items of these styles keep the price that a list shows, and new ones get none.',
    },
  );
}

export function priceFindings(list: string, { invalid, sizeUnknown }: PriceTroubles): readonly Finding[] {
  return present([
    findingOf(
      'PRICE_INVALID',
      invalid.map(({ sku, price }) => `${sku} (${price ?? 'none'})`),
      { key: list, says: `The ERP has prices for the list “${list}” that no buyer may see.` },
    ),
    findingOf('PRICE_SIZE_UNKNOWN', sizeUnknown, {
      key: list,
      says: `The ERP prices some sizes apart, and which size of the range these are is not known (list “${list}”).`,
    }),
  ]);
}
