import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Finding } from '../../../domain/findings.ts';
import { chunked, planLevels, type StorefrontStock } from '../../../domain/stock/plan-levels.ts';
import type { LevelWrite, StorefrontLevel } from '../../../domain/stock/stock-row.ts';
import {
  anyBuckets,
  anyRules,
  inUse,
  item,
  level,
  minutesAgo,
  order,
  row,
  RULES,
  stockOf,
  type World,
} from './stock-world.ts';

const ITEMS = ['A', 'B', 'C'].map((sku) => item(sku));
const FRESH = inUse({ rows: [row('A', { onHand: 10 }), row('B', { onHand: 20 }), row('C', { onHand: 30 })] });
const AGED = inUse({ rows: FRESH.kept.rows, asOf: minutesAgo(300) });
const SHOP = { feeds: [RULES.feeds[0]!] };

function plan(
  levels: readonly StorefrontLevel[],
  world: Partial<World> = { parts: [FRESH], rules: SHOP },
  items = ITEMS,
) {
  return planLevels(stockOf(world), items, { locations: ['shop', 'depot'], levels });
}

const write = (sku: string, units: number, location = 'shop'): LevelWrite => ({
  sku,
  location,
  units,
  restockDate: null,
  floor: null,
});
const codes = (findings: readonly Finding[]) => findings.map(({ code, key, concerns }) => [code, key, ...concerns]);

describe('only differences are written', () => {
  test('what is equal is not; what is higher, lower or not there yet is, with absolute figures', () => {
    const { writes, counts, findings } = plan([level('A', 'shop', 10), level('B', 'shop', 50)]);
    expect(writes).toEqual([write('B', 20), write('C', 30)]);
    expect(counts).toEqual({
      compared: 3,
      equal: 1,
      added: 1,
      raised: 0,
      lowered: 1,
      redated: 0,
      heldBack: 0,
      unknown: 0,
    });
    expect(findings).toEqual([]);
  });

  test('a figure that somebody changed in the storefront by hand is put right', () => {
    expect(plan([level('A', 'shop', 11), level('B', 'shop', 20), level('C', 'shop', 30)]).writes).toEqual([
      write('A', 10),
    ]);
  });

  test('restock date and floor are the storefront’s own and sent again, because what is left out is cleared', () => {
    const held = { restockDate: '2026-03-01', floor: -9 };
    expect(plan([level('A', 'shop', 3, held)], undefined, [item('A')]).writes).toEqual([
      { ...write('A', 10), ...held },
    ]);
    expect(plan([level('A', 'shop', 10, held)], undefined, [item('A')]).writes).toEqual([]);
  });

  test('a warehouse may feed several locations', () => {
    const world = { parts: [FRESH, inUse({ warehouse: 'W02', rows: [row('A', { onHand: 5 }, 'W02')] })] };
    expect(plan([], world, [item('A')]).writes).toEqual([write('A', 10), write('A', 15, 'depot')]);
  });

  test('orders the ERP does not know yet lower a figure although its own did not move', () => {
    const unseen = [order('1', [{ sku: 'A', warehouse: 'W01', units: 4 }])];
    const { writes } = plan([level('A', 'shop', 10)], { parts: [FRESH], rules: SHOP, unseen }, [item('A')]);
    expect(writes).toEqual([write('A', 6)]);
  });
});

describe('old figures lower and never raise', () => {
  test.each<[string, Partial<World>]>([
    ['past the guard', { parts: [AGED], rules: SHOP }],
    ['with a newer reading refused', { parts: [{ ...FRESH, newest: 'notTaken' }], rules: SHOP }],
  ])('%s', (_, world) => {
    const { writes, counts } = plan([level('A', 'shop', 4), level('B', 'shop', 50)], world);
    expect(writes).toEqual([write('B', 20)]);
    expect(counts).toMatchObject({ compared: 3, lowered: 1, heldBack: 2 });
  });

  test('of a SKU that the newest snapshot does not have', () => {
    const absent = [{ row: row('A', { onHand: 10 }), snapshot: 'S0', asOf: minutesAgo(30) }];
    const parts = [inUse({ rows: [row('B', { onHand: 20 })], absent })];
    const at = (units: number) => plan([level('A', 'shop', units)], { parts, rules: SHOP }, [item('A')]);
    expect(at(4)).toMatchObject({ writes: [], counts: { heldBack: 1 } });
    expect(at(40)).toMatchObject({ writes: [write('A', 10)], counts: { lowered: 1 } });
    expect(codes(at(4).findings)).toEqual([['STOCK_ABSENT', '01 W01', 'A']]);
  });

  test('while the buffer grows with their age', () => {
    const buffers = {
      ...RULES.buffers,
      widening: [
        { minutes: 0, percent: 0 },
        { minutes: 600, percent: 100 },
      ],
    };
    const unitsAfter = (minutes: number) =>
      plan(
        [level('A', 'shop', 10)],
        { parts: [inUse({ rows: FRESH.kept.rows, asOf: minutesAgo(minutes) })], rules: { ...SHOP, buffers } },
        [item('A')],
      ).writes.map(({ units }) => units);
    expect([0, 60, 300, 600].map(unitsAfter)).toEqual([[], [9], [5], [0]]);
  });
});

describe('what is not known is left as it is', () => {
  test('a warehouse without good figures', () => {
    const { writes, counts, findings } = plan([level('A', 'depot', 99)], { parts: [FRESH] }, [item('A')]);
    expect(writes).toEqual([write('A', 10)]);
    expect(counts).toMatchObject({ added: 1, unknown: 1 });
    expect(codes(findings)).toEqual([['STOCK_INCOMPLETE', '01 W02', '01 W02']]);
  });

  test('a SKU without figures keeps what the storefront has, until the site says that absence is zero', () => {
    const world = { parts: [inUse()], rules: SHOP };
    const held = [level('A', 'shop', 7), level('B', 'shop', 0)];
    const kept = plan(held, world);
    expect(kept).toMatchObject({ writes: [], counts: { unknown: 3 } });
    expect(codes(kept.findings)).toEqual([['STOCK_ABSENT', '', 'A']]);
    const zeroed = plan(held, { ...world, rules: { ...SHOP, absentMeansZero: true } });
    expect(zeroed.writes).toEqual([write('A', 0), write('C', 0)]);
    expect(zeroed.findings).toEqual([]);
  });
});

describe('what never counts', () => {
  const sample = item('S', { codes: { ...item('S').codes, label: 'SAMPLE' } });
  const items = [item('A', { inErp: 'inactive' }), sample];
  const parts = [
    inUse({ rows: [row('A', { onHand: 10, openToSell: 99 }), { ...row('S', { onHand: 5 }), sku: sample.codes }] }),
  ];

  test('inactive SKUs and samples are taken off sale where they are on it, and not put anywhere', () => {
    expect(plan([level('A', 'shop', 10)], { parts, rules: SHOP }, items)).toMatchObject({
      writes: [write('A', 0)],
      counts: { compared: 1, lowered: 1 },
      findings: [],
    });
  });

  test('a location that no warehouse of the division feeds is emptied', () => {
    const other = item('A', { codes: { ...item('A').codes, division: '02' } });
    expect(plan([level('A', 'shop', 10)], undefined, [other]).writes).toEqual([write('A', 0)]);
    expect(plan([], undefined, [other])).toMatchObject({ writes: [], counts: { compared: 0 } });
  });
});

describe('findings', () => {
  test('work orders counted as stock are named, once for each warehouse and SKU', () => {
    const inflated = inUse({
      rows: [row('A', { onHand: 10, openToSell: 510, workInProcess: 500 }), row('B', { onHand: 1 })],
    });
    const { writes, findings } = plan([], { parts: [inflated, inUse({ warehouse: 'W02' })] }, ITEMS.slice(0, 2));
    expect(writes.map(({ units }) => units)).toEqual([10, 10, 1, 1]);
    expect(codes(findings)).toEqual([['STOCK_OVERSTATED', '01 W01', 'A']]);
  });

  test('an ERP that fell silent is named; figures of which a newer reading was refused have their own finding', () => {
    expect(codes(plan([], { parts: [AGED], rules: SHOP }).findings)).toEqual([['STOCK_STALE', '01 W01', '01 W01']]);
    expect(plan([], { parts: [{ ...AGED, newest: 'notTaken' }], rules: SHOP }).findings).toEqual([]);
  });

  test('a location that the storefront does not have is named and skipped', () => {
    const storefront: StorefrontStock = { locations: ['depot'], levels: [] };
    const { writes, findings } = planLevels(
      stockOf({ parts: [FRESH, inUse({ warehouse: 'W02' })] }),
      [item('A')],
      storefront,
    );
    expect(writes).toEqual([write('A', 10, 'depot')]);
    expect(codes(findings)).toEqual([['STOCK_LOCATION_UNKNOWN', 'shop', 'shop']]);
  });

  test('SKUs and locations that are not ours are left alone; a SKU at our location is named', () => {
    const levels = [
      level('X', 'shop', 5),
      level('X', 'showroom', 5),
      level('A', 'showroom', 1),
      level('Y', 'shop', 5, { location: null }),
    ];
    const { writes, findings } = plan([...levels, level('A', 'shop', 10)], undefined, [item('A')]);
    expect(writes).toEqual([]);
    expect(codes(findings)).toEqual([['STOCK_UNMATCHED', '', 'X']]);
  });
});

describe('pre-order, where it is on', () => {
  const incoming = [{ sku: item('A').codes, warehouse: 'W01', due: '2026-02-01', quantity: 50, stage: 3 }];
  const preOrder = { ...SHOP, preOrder: { stages: [3], horizonDays: 30 } };
  const rows = [row('A', { onHand: 10, inTransit: 50 })];
  const offer = { restockDate: '2026-02-01', floor: -50 };
  const planned = (held: Partial<StorefrontLevel>, asOf = minutesAgo(10)) =>
    plan([level('A', 'shop', 10, held)], { parts: [inUse({ rows, asOf })], rules: preOrder, incoming }, [item('A')]);

  test('date and floor are ours, and today’s figure is the same', () => {
    expect(planned({})).toMatchObject({ writes: [{ ...write('A', 10), ...offer }], counts: { redated: 1, raised: 0 } });
    expect(planned(offer)).toMatchObject({ writes: [], counts: { equal: 1 } });
    expect(planned({ restockDate: '2026-02-01', floor: -99 }).writes).toEqual([{ ...write('A', 10), ...offer }]);
  });

  test('old figures take an offer back and make none', () => {
    expect(planned({}, minutesAgo(300)).writes).toEqual([]);
    expect(planned({ restockDate: '2026-02-03', floor: -20 }, minutesAgo(300)).writes).toEqual([]);
    expect(planned({ restockDate: '2026-02-03', floor: -80 }, minutesAgo(300)).writes).toEqual([
      { ...write('A', 10), ...offer },
    ]);
  });
});

describe('for any ledger, policy and storefront', () => {
  const skus = ['A', 'B', 'C', 'D'];
  const anyWorld = fc
    .record({
      rules: anyRules,
      first: fc.array(fc.option(anyBuckets), { minLength: 4, maxLength: 4 }),
      second: fc.array(fc.option(anyBuckets), { minLength: 4, maxLength: 4 }),
      age: fc.constantFrom(5, 100, 400),
      newest: fc.constantFrom('taken' as const, 'notTaken' as const),
      unseen: fc.integer({ min: 0, max: 40 }),
      levels: fc.array(fc.option(fc.integer({ min: -5, max: 300 })), { minLength: 8, maxLength: 8 }),
    })
    .map(({ rules, first, second, age, newest, unseen, levels }) => {
      const rowsOf = (figures: typeof first, warehouse: string) =>
        figures.flatMap((each, index) => (each ? [{ ...row(skus[index]!, {}, warehouse), buckets: each }] : []));
      const stock = stockOf({
        rules,
        unseen: [order('1', [{ sku: 'A', warehouse: null, units: unseen }])],
        parts: [
          inUse({ asOf: minutesAgo(age), rows: rowsOf(first, 'W01') }, newest),
          inUse({ warehouse: 'W02', rows: rowsOf(second, 'W02') }),
        ],
      });
      const held = levels.flatMap((units, index) =>
        units === null ? [] : [level(skus[index % 4]!, index < 4 ? 'shop' : 'depot', units)],
      );
      return { stock, held, isOld: age === 400 || newest === 'notTaken' };
    });
  const items = skus.map((sku) => item(sku, { groups: ['SHOES'] }));
  const storefront = (levels: readonly StorefrontLevel[]): StorefrontStock => ({
    locations: ['shop', 'depot'],
    levels,
  });
  const key = ({ sku, location }: { readonly sku: string; readonly location: string | null }) => `${sku} ${location}`;

  /** What the storefront has after it took writes. */
  function after(held: readonly StorefrontLevel[], writes: readonly LevelWrite[]): readonly StorefrontLevel[] {
    const levels = new Map(held.map((each) => [key(each), each]));
    for (const each of writes)
      levels.set(key(each), {
        ...level(each.sku, each.location, each.units),
        restockDate: each.restockDate,
        floor: each.floor,
      });
    return [...levels.values()];
  }

  test('comparing twice sends nothing the second time', () => {
    fc.assert(
      fc.property(anyWorld, ({ stock, held }) => {
        const first = planLevels(stock, items, storefront(held));
        const second = planLevels(stock, items, storefront(after(held, first.writes)));
        expect(second.writes).toEqual([]);
        const { compared, ...outcomes } = first.counts;
        expect(Object.values(outcomes).reduce((sum, count) => sum + count, 0)).toBe(compared);
      }),
      { seed: 11, numRuns: 100 },
    );
  });

  test('chunks change nothing: sent in pieces, broken off and begun again, the storefront ends with the same', () => {
    fc.assert(
      fc.property(
        anyWorld,
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 0, max: 4 }),
        ({ stock, held }, size, until) => {
          const { writes } = planLevels(stock, items, storefront(held));
          const chunks = [...chunked(writes, size)];
          expect(chunks.flat()).toEqual(writes);
          expect(chunks.every((chunk) => chunk.length <= size && new Set(chunk.map(key)).size === chunk.length)).toBe(
            true,
          );
          const half = after(held, chunks.slice(0, until).flat());
          const rest = planLevels(stock, items, storefront(half)).writes;
          expect(rest).toEqual(chunks.slice(until).flat());
          // One SKU after the other comes to the same as all at once.
          expect(items.flatMap((each) => planLevels(stock, [each], storefront(held)).writes)).toEqual(writes);
        },
      ),
      { seed: 12, numRuns: 100 },
    );
  });

  test('old figures raise nothing', () => {
    fc.assert(
      fc.property(anyWorld, ({ stock, held, isOld }) => {
        fc.pre(isOld);
        const before = new Map(held.map((each) => [key(each), Math.max(0, each.units)]));
        const { writes } = planLevels(stock, items, storefront(held));
        expect(writes.filter((each) => each.location === 'shop' && each.units > (before.get(key(each)) ?? 0))).toEqual(
          [],
        );
      }),
      { seed: 13, numRuns: 100 },
    );
  });
});
