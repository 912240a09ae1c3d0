import { Decimal } from 'decimal.js';

import { erpDate, type Clock } from './clock.ts';
import type { Sku } from './erp.ts';
import type { Entry } from './resources.ts';
import { listPrices, priceLevels } from './seed.ts';

/** A price as a clerk enters it: of a level, or of one customer. What is left out holds for all. */
export interface PriceInput {
  readonly level?: string;
  readonly customer?: string;
  readonly currency: string;
  readonly division: string;
  readonly style: string;
  readonly color?: string;
  readonly label?: string;
  readonly dimension?: string;
  /** First and last size bucket. */
  readonly sizes?: readonly [number, number];
  readonly price: string;
  /** `YYYY-MM-DD`, both inclusive. */
  readonly from?: string;
  readonly until?: string;
}

export type PriceOf = Omit<PriceInput, 'price' | 'until'>;

type Fields = Entry['fields'];

/** Hand-entered rows have keys far above those of the seed. */
const FIRST_OWN_KEY = 5_000_001;
const FIRST_KEY = 9_001;
const IDENTITY = [
  'price_code',
  'customer',
  'curr_code',
  'division',
  'style',
  'color_code',
  'lbl_code',
  'dimension',
  'size_from',
  'size_to',
  'start_date',
] as const;

/** Four levels in two currencies for every style, a customer's own price that goes before them, and what clerks did to them. */
export function createPrices(clock: Clock, catalogue: ReadonlyMap<string, Sku>, longAgo: string) {
  /** By row key; null = deleted, which leaves no trace. */
  const edits = new Map<number, Fields | null>();
  let shown: { readonly skus: number; readonly entries: readonly Entry[] } | null = null;

  const entries = (): readonly Entry[] => {
    if (shown?.skus !== catalogue.size) {
      const seeded = seededPrices([...catalogue.values()], longAgo);
      const kept = seeded.flatMap((fields, index) => {
        const pkey = FIRST_KEY + index;
        const edit = edits.get(pkey);
        return edit === null ? [] : [{ fields: edit ?? { pkey, ...fields } }];
      });
      const own = [...edits].flatMap(([pkey, edit]) => (edit && pkey >= FIRST_OWN_KEY ? [{ fields: edit }] : []));
      shown = { skus: catalogue.size, entries: [...kept, ...own] };
    }
    return shown.entries;
  };
  const keyOf = (identity: Fields): number | null => {
    const found = entries().find(({ fields }) => IDENTITY.every((name) => fields[name] === identity[name]));
    return found ? Number(found.fields['pkey']) : null;
  };
  const write = (pkey: number, fields: Fields | null): void => {
    edits.set(pkey, fields);
    shown = null;
  };
  let last = FIRST_OWN_KEY - 1;

  return {
    entries,
    /** Changes the row of the same codes and start, or enters a new one; its stamp moves. */
    set(input: PriceInput): void {
      const row = identityOf(input);
      const pkey = keyOf(row) ?? ++last;
      const end_date = input.until === undefined ? '' : erpDate(input.until);
      write(pkey, { pkey, ...row, price: input.price, end_date, last_mod: clock.stamp() });
    },
    remove(price: PriceOf): void {
      const pkey = keyOf(identityOf(price));
      if (pkey === null) throw new Error(`There is no such price of ${price.style}.`);
      write(pkey, null);
    },
  };
}

function identityOf(price: PriceOf): Fields {
  return {
    price_code: price.level ?? '',
    customer: price.customer ?? '',
    curr_code: price.currency,
    division: price.division,
    style: price.style,
    color_code: price.color ?? '',
    lbl_code: price.label ?? '',
    dimension: price.dimension ?? '',
    size_from: price.sizes?.[0] ?? null,
    size_to: price.sizes?.[1] ?? null,
    start_date: price.from === undefined ? '' : erpDate(price.from),
  };
}

/** New styles come last, so that keys stay. */
function seededPrices(skus: readonly Sku[], longAgo: string): readonly Fields[] {
  const dates = { start_date: '', end_date: '', last_mod: longAgo };
  const own: PriceOf = {
    customer: 'ACME01',
    currency: 'USD',
    division: '01',
    style: '00123',
    color: 'BLK',
    label: 'A',
    sizes: [3, 4],
  };
  const styles = Map.groupBy(skus, ({ division, style }) => `${division}/${style}`);
  const levels = [...styles.values()].flatMap(([sku]) =>
    Object.entries(priceLevels).flatMap(([level, share]) =>
      Object.entries(listPrices).map(([currency, list]) => ({
        ...identityOf({ level, currency, division: sku?.division ?? '', style: sku?.style ?? '' }),
        price: new Decimal(list).times(share).toFixed(2),
        ...dates,
      })),
    ),
  );
  return [{ ...identityOf(own), price: '26.50', ...dates }, ...levels];
}
