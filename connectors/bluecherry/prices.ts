import { z } from 'zod';

import type { PriceRow } from '../../domain/pricing/price-row.ts';
import { CachedTable, type TableTools } from './cached-table.ts';
import type { CallOptions } from './call-options.ts';
import { foldOf, type Fold } from './codes.ts';
import type { Settings } from './settings.ts';
import { Shared } from './shared-work.ts';
import { instantOf } from './stamps.ts';
import { PRICE_KEYS, priceRow, SIZE_BUCKETS, type WirePriceRow } from './wire/prices.ts';
import { readRow } from './wire/rows.ts';

/** The ERP's prices: a cache like the reference data, brought up to date by what changed and once a day as a whole. */
export interface ErpPrices {
  /** All rows, expired and future ones too, brought up to date first: two calls when little changed. */
  rows(call: CallOptions): Promise<readonly PriceRow[]>;
}

/** A reading belongs to nobody: it goes on when who asked for it has gone. */
const READING_MS = 3_600_000;

const text = z.string();
const priceEntry: z.ZodType<PriceRow> = z.object({
  key: text,
  level: text,
  customer: text,
  currency: text,
  division: text,
  style: text,
  color: text,
  label: text,
  dimension: text,
  sizes: z.object({ from: z.number(), to: z.number() }).nullable(),
  price: text.nullable(),
  from: text.nullable(),
  until: text.nullable(),
  changedAt: text.nullable(),
});

export function createErpPrices(tools: TableTools, settings: Settings): ErpPrices {
  const fold = foldOf(settings.upperCaseCodes);
  const route = `GET /api/${settings.resources.priceList}`;
  const prices = new CachedTable<PriceRow>(
    {
      name: 'prices',
      resource: settings.resources.priceList,
      envelope: 'flat',
      keys: PRICE_KEYS,
      entry: priceEntry,
      read: (row) => toPriceRow(readRow(row, priceRow, route), fold, settings.zone),
      // A single row that is broken must not hold up all the others; the price that was known stays.
      isIndispensable: () => false,
    },
    tools,
  );
  const shared = new Shared();
  return {
    async rows(call) {
      const reading = { ...call, signal: tools.closing, deadline: Date.now() + READING_MS };
      await shared.run('prices', () => prices.refresh(reading), call);
      return [...prices.entries()];
    },
  };
}

function toPriceRow(row: WirePriceRow, fold: Fold, zone: string): PriceRow {
  return {
    key: row.pkey,
    level: fold(row.price_code),
    customer: fold(row.customer),
    currency: row.curr_code.toUpperCase(),
    division: fold(row.division),
    style: fold(row.style),
    color: fold(row.color_code),
    label: fold(row.lbl_code),
    dimension: fold(row.dimension),
    sizes: sizesOf(row),
    price: row.price,
    from: row.start_date,
    until: row.end_date,
    changedAt: row.last_mod === '' ? null : instantOf(row.last_mod, zone),
  };
}

/** One end alone is open on the other side. */
function sizesOf({ size_from, size_to }: WirePriceRow): PriceRow['sizes'] {
  const [from, to] = [size_from || null, size_to || null];
  return from === null && to === null ? null : { from: from ?? 1, to: to ?? SIZE_BUCKETS };
}
