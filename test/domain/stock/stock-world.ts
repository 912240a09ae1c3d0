import * as fc from 'fast-check';

import { indexStock, type PartInUse, type StockIndex } from '../../../domain/stock/index-stock.ts';
import type { KeptPart } from '../../../domain/stock/merge-part.ts';
import type { IncomingGoods } from '../../../domain/stock/pre-order.ts';
import type { StockItem } from '../../../domain/stock/stock-item.ts';
import type { StockBuckets, StockPart, StockRow, StorefrontLevel } from '../../../domain/stock/stock-row.ts';
import type { BufferSize, StockMeasure, StockRules } from '../../../domain/stock/stock-rules.ts';
import { unseenUnits, type UnseenOrder } from '../../../domain/stock/unseen-units.ts';

export const NOW = '2026-01-20T12:00:00.000Z';
export const TODAY = '2026-01-20';
export const LEDGER: StockMeasure = {
  text: 'onHand - picked - open - reserved',
  from: 'onHand',
  less: ['picked', 'open', 'reserved'],
};
export const OPEN_TO_SELL: StockMeasure = { text: 'openToSell', from: 'openToSell', less: [] };

const W01 = { division: '01', warehouse: 'W01' };
const W02 = { division: '01', warehouse: 'W02' };

/** One location fed by W01, one by W01 and W02, both of division 01; nothing held back. */
export const RULES: StockRules = {
  writes: 'on',
  feeds: [
    { location: 'shop', from: [W01] },
    { location: 'depot', from: [W01, W02] },
  ],
  measures: [OPEN_TO_SELL, LEDGER],
  negatives: 'net',
  absentMeansZero: false,
  excludedLabels: ['SAMPLE'],
  buffers: { site: { in: 'units', units: 0 }, locations: {}, styleGroups: [], skus: {}, widening: [] },
  guards: { staleMinutes: 240, shrinkPercent: 20, clocksGoBackMinutes: 70, clocksDifferMinutes: 10 },
  preOrder: null,
  rowsPerCall: 500,
  fullReadMinutes: 1440,
};

export function minutesAgo(minutes: number): string {
  return new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
}

/** The ERP's figures of a row, with its two sums as a sound ledger makes them. */
export function buckets(given: Partial<StockBuckets> = {}): StockBuckets {
  const { onHand = 0, picked = 0, open = 0, reserved = 0 } = given;
  const openToSell = given.openToSell ?? onHand - picked - open - reserved;
  const { workInProcess = 0, onPurchaseOrder = 0, inTransit = 0 } = given;
  const openToSellWithWork = given.openToSellWithWork ?? openToSell + workInProcess + onPurchaseOrder + inTransit;
  return {
    onHand,
    picked,
    open,
    reserved,
    openToSell,
    openToSellWithWork,
    workInProcess,
    onPurchaseOrder,
    inTransit,
  };
}

/** The item that the storefront sells under this name: a style in one size. */
export function item(sku: string, given: Partial<StockItem> = {}): StockItem {
  const codes = { division: '01', style: sku, color: 'BLK', label: '', dimension: '', size: 'OS', upc: '' };
  return { sku, codes, groups: ['', '', '', '', '', '', '', ''], inErp: 'active', ...given };
}

export function row(sku: string, figures: Partial<StockBuckets>, warehouse = 'W01'): StockRow {
  return { sku: item(sku).codes, sizeBucket: 1, warehouse, buckets: buckets(figures) };
}

/** Figures of W01, ten minutes old. */
export function part(given: Partial<StockPart> = {}): StockPart {
  return { ...W01, snapshot: 'S1', asOf: minutesAgo(10), rows: [], ...given };
}

export function inUse(given: Partial<KeptPart> = {}, newest: PartInUse['newest'] = 'taken'): PartInUse {
  return { kept: { ...part(given), absent: given.absent ?? [] }, newest };
}

export interface World {
  readonly parts: readonly PartInUse[];
  readonly unseen: readonly UnseenOrder[];
  readonly rules: Partial<StockRules>;
  readonly incoming: readonly IncomingGoods[];
  readonly now: string;
}

/** An index over parts; what is not said is as in `RULES`, now. */
export function stockOf({ parts = [], unseen = [], rules, incoming = [], now = NOW }: Partial<World>): StockIndex {
  const all = { ...RULES, ...rules };
  return indexStock({ parts, unseen: unseenUnits(unseen, all.feeds), rules: all, now, today: TODAY, incoming });
}

export function level(
  sku: string,
  location: string,
  units: number,
  given: Partial<StorefrontLevel> = {},
): StorefrontLevel {
  return { sku, location, locationId: `id-${location}`, units, restockDate: null, floor: null, ...given };
}

export function order(number: string, lines: UnseenOrder['lines'], why: UnseenOrder['why'] = 'notInErp'): UnseenOrder {
  return { key: `key-${number}`, number, why, lines };
}

const units = fc.integer({ min: 0, max: 200 });
const anyUnits = fc.integer({ min: -200, max: 400 });

/** Any row an ERP might show, sound or not: oversold, work orders counted as stock, figures below zero. */
export const anyBuckets: fc.Arbitrary<StockBuckets> = fc.record({
  onHand: anyUnits,
  picked: anyUnits,
  open: anyUnits,
  reserved: anyUnits,
  openToSell: anyUnits,
  openToSellWithWork: anyUnits,
  workInProcess: units,
  onPurchaseOrder: units,
  inTransit: units,
});

export const anySize: fc.Arbitrary<BufferSize> = fc.oneof(
  fc.record({ in: fc.constant('units' as const), units: fc.integer({ min: 0, max: 50 }) }),
  fc.record({
    in: fc.constant('percent' as const),
    percent: fc.integer({ min: 0, max: 1000 }).map((tenths) => tenths / 10),
    cap: fc.option(fc.integer({ min: 0, max: 50 })),
  }),
);

const anyMeasure: fc.Arbitrary<StockMeasure> = fc
  .record({
    from: fc.constantFrom('onHand', 'openToSell'),
    less: fc.uniqueArray(fc.constantFrom('picked', 'open', 'reserved'), { maxLength: 3 }),
  })
  .map(({ from, less }) => ({ text: [from, ...less].join(' - '), from, less }));

export const anyCurve = fc.uniqueArray(fc.integer({ min: 0, max: 3000 }), { maxLength: 5 }).chain((minutes) =>
  fc
    .array(fc.integer({ min: 0, max: 100 }), { minLength: minutes.length, maxLength: minutes.length })
    .map((percents) => {
      const rising = percents.toSorted((left, right) => left - right);
      return minutes
        .toSorted((left, right) => left - right)
        .map((each, index) => ({ minutes: each, percent: rising[index] ?? 0 }));
    }),
);

/** Any policy a site file can hold, for an item called A of style group 1 SHOES. */
export const anyRules: fc.Arbitrary<StockRules> = fc
  .record({
    measures: fc.array(anyMeasure, { minLength: 1, maxLength: 3 }),
    negatives: fc.constantFrom('net', 'clampEach'),
    absentMeansZero: fc.boolean(),
    site: anySize,
    bySku: fc.option(anySize),
    byGroup: fc.option(anySize),
    byLocation: fc.option(anySize),
    widening: anyCurve,
  })
  .map(({ measures, negatives, absentMeansZero, site, bySku, byGroup, byLocation, widening }) => ({
    ...RULES,
    measures,
    negatives,
    absentMeansZero,
    buffers: {
      site,
      locations: byLocation ? { depot: byLocation } : {},
      styleGroups: byGroup ? [{ group: 1, code: 'SHOES', size: byGroup }] : [],
      skus: bySku ? { A: bySku } : {},
      widening,
    },
  }));
