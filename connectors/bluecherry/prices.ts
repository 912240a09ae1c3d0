import { z } from 'zod';

import type { PriceRow, UnreadablePrice } from '../../domain/pricing/price-row.ts';
import { CachedTable, type TableTools } from './cached-table.ts';
import type { CallOptions } from './call-options.ts';
import { foldOf, type Fold } from './codes.ts';
import type { Settings } from './settings.ts';
import { Shared } from './shared-work.ts';
import { instantOf } from './stamps.ts';
import { PRICE_KEYS, priceRow, SIZE_BUCKETS, type WirePriceRow } from './wire/prices.ts';
import { text, type JsonObject } from './wire/json.ts';
import { readRow } from './wire/rows.ts';
import { date } from './wire/values.ts';

/** The ERP's prices: a cache like the reference data, brought up to date by what changed and once a day as a whole. */
export interface ErpPrices {
  /** All rows, expired and future ones too, brought up to date first: two calls when little changed. */
  rows(call: CallOptions): Promise<readonly PriceRow[]>;
  /** Where rows cannot be read as they are now, by what was read last: what holds there nobody knows. */
  unreadable(): readonly UnreadablePrice[];
}

/** A reading belongs to nobody: it goes on when who asked for it has gone. */
const READING_MS = 3_600_000;

const string = z.string();
const priceEntry: z.ZodType<PriceRow> = z.object({
  key: string,
  level: string,
  customer: string,
  currency: string,
  division: string,
  style: string,
  color: string,
  label: string,
  dimension: string,
  sizes: z.object({ from: z.number(), to: z.number() }).nullable(),
  price: string.nullable(),
  from: string.nullable(),
  until: string.nullable(),
  changedAt: string.nullable(),
});

const unreadableEntry: z.ZodType<UnreadablePrice> = z.object({
  key: string,
  level: string,
  customer: string,
  currency: string,
  style: string,
  from: string.nullable(),
  until: string.nullable(),
});

export function createErpPrices(tools: TableTools, settings: Settings): ErpPrices {
  const fold = foldOf(settings.upperCaseCodes);
  const route = `GET /api/${settings.resources.priceList}`;
  const prices = new CachedTable<PriceRow, UnreadablePrice>(
    {
      name: 'prices',
      resource: settings.resources.priceList,
      envelope: 'flat',
      keys: PRICE_KEYS,
      entry: priceEntry,
      read: (row) => toPriceRow(readRow(row, priceRow, route), fold, settings.zone),
      trace: { schema: unreadableEntry, of: (row) => toUnreadable(row, fold) },
      // A single row that is broken must not hold up all the others.
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
    unreadable: () => [...prices.unreadable()],
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

/** Codes of another type than agreed say nothing. */
function toUnreadable(row: JsonObject, fold: Fold): UnreadablePrice {
  return {
    key: text(row['pkey']),
    level: fold(text(row['price_code'])),
    customer: fold(text(row['customer'])),
    currency: text(row['curr_code']).toUpperCase(),
    style: fold(text(row['style'])),
    from: date.safeParse(row['start_date']).data ?? null,
    until: date.safeParse(row['end_date']).data ?? null,
  };
}

/** One end alone is open on the other side. */
function sizesOf({ size_from, size_to }: WirePriceRow): PriceRow['sizes'] {
  const [from, to] = [size_from || null, size_to || null];
  return from === null && to === null ? null : { from: from ?? 1, to: to ?? SIZE_BUCKETS };
}
