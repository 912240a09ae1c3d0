import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { availabilityAt } from '../../../domain/stock/index-stock.ts';
import { measureStock } from '../../../domain/stock/measure-stock.ts';
import type { StockBuckets } from '../../../domain/stock/stock-row.ts';
import {
  anyBuckets,
  anyRules,
  buckets,
  inUse,
  item,
  LEDGER,
  minutesAgo,
  OPEN_TO_SELL,
  order,
  row,
  stockOf,
  type World,
} from './stock-world.ts';

const A = item('A', { groups: ['SHOES'] });

function at(location: string, world: Partial<World>) {
  return availabilityAt(stockOf(world), A, location);
}

describe('what counts of a row', () => {
  test.each<[string, Partial<StockBuckets>, number, string]>([
    ['nothing promised: all of it', { onHand: 60 }, 60, 'openToSell'],
    [
      'picked, ordered and reserved goods are somebody’s',
      { onHand: 60, picked: 5, open: 10, reserved: 2 },
      43,
      'openToSell',
    ],
    ['linked goods lie there and are somebody’s: the ERP knows', { onHand: 60, openToSell: 20 }, 20, 'openToSell'],
    ['work orders in open to sell: the ledger knows', { onHand: 60, open: 50, openToSell: 510 }, 10, LEDGER.text],
    ['oversold', { onHand: 10, open: 40 }, -30, 'openToSell'],
    ['a count below zero', { onHand: -4 }, -4, 'openToSell'],
  ])('%s', (_, figures, units, lowest) => {
    expect(measureStock(buckets(figures), [OPEN_TO_SELL, LEDGER])).toEqual({ units, lowest });
  });

  test('a site that counts open to sell alone still gets no work orders from it', () => {
    const inflated = buckets({ onHand: 60, picked: 3, open: 50, openToSell: 510 });
    expect(measureStock(inflated, [OPEN_TO_SELL])).toEqual({ units: 7, lowest: LEDGER.text });
  });

  test('a site may sell what is ordered for later seasons, but never what is packed for somebody', () => {
    const onHand = { text: 'onHand', from: 'onHand', less: [] } as const;
    expect(measureStock(buckets({ onHand: 60, picked: 5, open: 50 }), [onHand])).toEqual({
      units: 55,
      lowest: 'onHand - picked',
    });
  });
});

test('one location: what lies there, less unseen orders and the buffer, bucket by bucket', () => {
  const availability = at('depot', {
    parts: [
      inUse({ rows: [row('A', { onHand: 60, open: 10, openToSell: 550, workInProcess: 500, inTransit: 7 })] }),
      inUse({ warehouse: 'W02', asOf: minutesAgo(45), rows: [row('A', { onHand: 8, onPurchaseOrder: 30 }, 'W02')] }),
    ],
    unseen: [order('1001', [{ sku: 'A', warehouse: 'W01', units: 6 }])],
    rules: {
      buffers: { site: { in: 'units', units: 4 }, locations: {}, styleGroups: [], skus: {}, widening: [] },
    },
  });
  expect(availability).toMatchObject({
    published: 58 - 6 - 4,
    physical: 58,
    unseen: 6,
    buffer: { units: 4, widening: { ageMinutes: 45 } },
    perWarehouse: [
      { units: 50, lowest: LEDGER.text, overstatedBy: 500, figures: { kind: 'row', warehouse: 'W01', snapshot: 'S1' } },
      { units: 8, lowest: 'openToSell', overstatedBy: 0, figures: { kind: 'row', warehouse: 'W02' } },
    ],
    ignored: { workInProcess: 500, onPurchaseOrder: 30, inTransit: 7 },
    barred: null,
    certainty: 'current',
  });
});

test('an oversold warehouse lowers the others of its location, or counts as empty where the site says so', () => {
  const parts = [
    inUse({ rows: [row('A', { onHand: 30 })] }),
    inUse({ warehouse: 'W02', rows: [row('A', { open: 20 }, 'W02')] }),
  ];
  expect(at('depot', { parts }).published).toBe(10);
  expect(at('depot', { parts, rules: { negatives: 'clampEach' } }).published).toBe(30);
});

describe('what can be said at all', () => {
  const w01 = inUse({ rows: [row('A', { onHand: 9 })] });
  const emptyW02 = inUse({ warehouse: 'W02', rows: [] });

  test('a warehouse that never had the SKU adds nothing and takes nothing away', () => {
    expect(at('depot', { parts: [w01, emptyW02] })).toMatchObject({ published: 9, certainty: 'current' });
  });

  test('a warehouse without good figures leaves the location unknown', () => {
    expect(at('depot', { parts: [w01] })).toMatchObject({
      certainty: 'unknown',
      perWarehouse: [{}, { figures: { kind: 'unread' } }],
    });
    expect(at('shop', { parts: [w01] }).certainty).toBe('current');
  });

  test('a SKU that no warehouse ever had is unknown; none only where the site says so', () => {
    const parts = [inUse({ rows: [] })];
    expect(at('shop', { parts })).toMatchObject({ published: 0, certainty: 'unknown' });
    expect(at('shop', { parts, rules: { absentMeansZero: true } })).toMatchObject({
      published: 0,
      certainty: 'current',
    });
  });

  test('figures past the guard, and those of which a newer reading was not taken, are old', () => {
    const rows = [row('A', { onHand: 9 })];
    expect(at('shop', { parts: [inUse({ rows, asOf: minutesAgo(240) })] }).certainty).toBe('current');
    expect(at('shop', { parts: [inUse({ rows, asOf: minutesAgo(241) })] }).certainty).toBe('old');
    expect(at('shop', { parts: [inUse({ rows }, 'notTaken')] }).certainty).toBe('old');
  });

  test('an absent row counts by its last figures, as old as they are', () => {
    const absent = [{ row: row('A', { onHand: 9 }), snapshot: 'S0', asOf: minutesAgo(600) }];
    expect(at('shop', { parts: [inUse({ absent })] })).toMatchObject({
      published: 9,
      certainty: 'old',
      buffer: { widening: { ageMinutes: 600 } },
      perWarehouse: [{ figures: { kind: 'absent', snapshot: 'S0' } }],
    });
  });

  test('an ERP clock that is ahead makes figures new, not younger', () => {
    expect(at('shop', { parts: [inUse({ rows: [row('A', { onHand: 9 })], asOf: minutesAgo(-30) })] })).toMatchObject({
      certainty: 'current',
      buffer: { widening: { ageMinutes: 0 } },
      perWarehouse: [{ figures: { ageMinutes: 0 } }],
    });
  });

  test('a location that no warehouse of the division feeds has none', () => {
    const other = item('A', { codes: { ...A.codes, division: '02' } });
    expect(availabilityAt(stockOf({ parts: [w01] }), other, 'shop')).toMatchObject({
      published: 0,
      certainty: 'current',
      perWarehouse: [],
    });
  });

  test.each([
    ['inactive', item('A', { inErp: 'inactive' })],
    ['excludedLabel', item('A', { codes: { ...A.codes, label: 'SAMPLE' } })],
  ] as const)('what is %s is never sold, whatever lies there', (barred, sku) => {
    const rows = [{ ...row('A', { onHand: 9 }), sku: sku.codes }];
    expect(availabilityAt(stockOf({ parts: [inUse({ rows })] }), sku, 'shop')).toMatchObject({
      published: 0,
      physical: 9,
      barred,
    });
  });
});

test('of a style that cannot be read the figures may lower, whatever their age, and not raise', () => {
  const parts = [inUse({ rows: [row('A', { onHand: 9 })] })];
  expect(availabilityAt(stockOf({ parts }), item('A', { inErp: 'unknown' }), 'shop')).toMatchObject({
    published: 9,
    barred: null,
    certainty: 'old',
  });
});

describe('for any ledger and any policy', () => {
  const anyWorld = fc.record({
    first: anyBuckets,
    second: anyBuckets,
    rules: anyRules,
    unseen: fc.integer({ min: 0, max: 300 }),
    age: fc.integer({ min: 0, max: 3000 }),
  });
  type AnyWorld = typeof anyWorld extends fc.Arbitrary<infer World> ? World : never;
  const availabilityOf = ({ first, second, rules, unseen, age }: AnyWorld) =>
    at('depot', {
      rules,
      unseen: [order('1', [{ sku: 'A', warehouse: null, units: unseen }])],
      parts: [
        inUse({ asOf: minutesAgo(age), rows: [{ ...row('A', {}), buckets: first }] }),
        inUse({ warehouse: 'W02', rows: [{ ...row('A', {}, 'W02'), buckets: second }] }),
      ],
    });

  test('nothing is published but what is physically there, less the orders the ERP does not know', () => {
    fc.assert(
      fc.property(anyWorld, (world) => {
        const { published, physical } = availabilityOf(world);
        // Independent of every rule: no more than lies there unpacked, each warehouse for itself.
        const there = [world.first, world.second].reduce(
          (sum, { onHand, picked }) => sum + Math.max(0, onHand - Math.max(0, picked)),
          0,
        );
        expect(published).toBeLessThanOrEqual(Math.max(0, physical - world.unseen));
        expect(published).toBeLessThanOrEqual(Math.max(0, there - world.unseen));
        expect(published).toBeGreaterThanOrEqual(0);
        expect(Number.isSafeInteger(published)).toBe(true);
      }),
      { seed: 7, numRuns: 100 },
    );
  });

  test('work orders, purchase orders and transit change nothing, not even inside an inflated open to sell', () => {
    fc.assert(
      fc.property(anyWorld, fc.integer({ min: 1, max: 1000 }), (world, work) => {
        const sound = (row: StockBuckets) => ({
          ...row,
          openToSell: row.onHand - Math.max(0, row.picked) - Math.max(0, row.open) - Math.max(0, row.reserved),
        });
        const inflated = (row: StockBuckets) => ({
          ...sound(row),
          openToSell: sound(row).openToSell + work,
          workInProcess: row.workInProcess + work,
          onPurchaseOrder: row.onPurchaseOrder + work,
          inTransit: row.inTransit + work,
          openToSellWithWork: row.openToSellWithWork + 2 * work,
        });
        const before = availabilityOf({ ...world, first: sound(world.first), second: sound(world.second) });
        const after = availabilityOf({ ...world, first: inflated(world.first), second: inflated(world.second) });
        expect(after.published).toBe(before.published);
      }),
      { seed: 8, numRuns: 100 },
    );
  });

  test('older figures never publish more', () => {
    fc.assert(
      fc.property(anyWorld, fc.integer({ min: 0, max: 3000 }), (world, later) => {
        const older = availabilityOf({ ...world, age: world.age + later });
        expect(older.published).toBeLessThanOrEqual(availabilityOf(world).published);
      }),
      { seed: 9, numRuns: 100 },
    );
  });
});
