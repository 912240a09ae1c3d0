import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { mergePart, type KeptPart, type TakenPart } from '../../../domain/stock/merge-part.ts';
import type { StockRow } from '../../../domain/stock/stock-row.ts';
import { inUse, item, minutesAgo, part, row, RULES } from './stock-world.ts';

const last = inUse({
  snapshot: 'S0',
  asOf: minutesAgo(60),
  rows: [row('A', { onHand: 1 }), row('B', { onHand: 2 })],
  absent: [{ row: row('Z', { onHand: 9 }), snapshot: 'S-9', asOf: minutesAgo(900) }],
}).kept;

function taken(kind: TakenPart['kind'], rows: readonly StockRow[], given: Partial<TakenPart> = {}): TakenPart {
  return { kind, part: part({ rows }), broken: [], ...given };
}

const namesOf = (kept: KeptPart | null) => ({
  rows: kept?.rows.map(({ sku, buckets }) => `${sku.style} ${buckets.onHand}`),
  absent: kept?.absent.map(({ row: { sku, buckets }, snapshot }) => `${sku.style} ${buckets.onHand} of ${snapshot}`),
});

describe('a complete reading takes the place of the figures before it', () => {
  test('what it does not have any more is absent with its last figures', () => {
    const kept = mergePart(last, taken('complete', [row('B', { onHand: 7 })]), RULES);
    expect(kept).toMatchObject({ snapshot: 'S1', asOf: minutesAgo(10) });
    expect(namesOf(kept)).toEqual({ rows: ['B 7'], absent: ['A 1 of S0', 'Z 9 of S-9'] });
  });

  test('what comes back is absent no more', () => {
    const kept = mergePart(last, taken('complete', [row('A', {}), row('B', {}), row('Z', { onHand: 3 })]), RULES);
    expect(namesOf(kept)).toEqual({ rows: ['A 0', 'B 0', 'Z 3'], absent: [] });
  });

  test('absence is zero where the site says so; but a broken row is not absent, nor what is missing from an incomplete one', () => {
    const rules = { ...RULES, absentMeansZero: true };
    expect(namesOf(mergePart(last, taken('complete', []), rules))).toEqual({ rows: [], absent: [] });
    expect(namesOf(mergePart(last, taken('complete', [], { broken: [item('A').codes] }), rules)).absent).toEqual([
      'A 1 of S0',
    ]);
    expect(namesOf(mergePart(last, taken('incomplete', []), rules)).absent).toHaveLength(3);
  });

  test('the first one has nothing to miss', () => {
    expect(namesOf(mergePart(null, taken('complete', [row('A', {})]), RULES))).toEqual({ rows: ['A 0'], absent: [] });
  });
});

describe('changes', () => {
  test('replace, add and bring back rows, and make all others as new as themselves', () => {
    const kept = mergePart(
      last,
      taken('delta', [row('B', { onHand: 5 }), row('C', { onHand: 3 }), row('Z', {})]),
      RULES,
    );
    expect(kept).toMatchObject({ snapshot: 'S1', asOf: minutesAgo(10) });
    expect(namesOf(kept)).toEqual({ rows: ['A 1', 'B 5', 'C 3', 'Z 0'], absent: [] });
  });

  test('no changes at all still tell that the figures are as new', () => {
    expect(mergePart(last, taken('delta', []), RULES)).toEqual({ ...last, snapshot: 'S1', asOf: minutesAgo(10) });
  });

  test('a changed row that is broken leaves its last figures, as old ones', () => {
    const kept = mergePart(last, taken('delta', [], { broken: [item('B').codes, item('NEW').codes] }), RULES);
    expect(namesOf(kept)).toEqual({ rows: ['A 1'], absent: ['Z 9 of S-9', 'B 2 of S0'] });
  });

  test('from before the figures at hand change nothing, but for the hour that comes twice', () => {
    const stale = taken('delta', [], { part: part({ asOf: minutesAgo(131), rows: [row('A', { onHand: 99 })] }) });
    expect(mergePart(last, stale, RULES)).toBe(last);
    const twice = taken('delta', [], { part: part({ asOf: minutesAgo(120), rows: [row('A', { onHand: 99 })] }) });
    expect(namesOf(mergePart(last, twice, RULES)).rows).toEqual(['A 99', 'B 2']);
  });

  test('of nothing are nothing', () => {
    expect(mergePart(null, taken('delta', [row('A', {})]), RULES)).toBeNull();
  });

  test('lead to the same figures as a full reading, however they are cut', () => {
    const skus = fc.constantFrom('A', 'B', 'C', 'D', 'E');
    const changes = fc.array(fc.record({ sku: skus, onHand: fc.integer({ min: 0, max: 99 }) }), { maxLength: 12 });
    const asRows = (entries: readonly { sku: string; onHand: number }[]) => {
      const bySku = new Map(entries.map(({ sku, onHand }) => [sku, row(sku, { onHand })]));
      return [...bySku.values()];
    };
    const sorted = (kept: KeptPart | null) =>
      kept?.rows.map(({ sku, buckets }) => `${sku.style} ${buckets.onHand}`).toSorted();
    fc.assert(
      fc.property(changes, changes, fc.integer({ min: 0, max: 12 }), (before, after, cut) => {
        const base = { ...last, rows: asRows(before) };
        const full = mergePart(base, taken('complete', asRows([...before, ...after])), RULES);
        const first = mergePart(base, taken('delta', asRows(after.slice(0, cut))), RULES);
        const second = mergePart(first, taken('delta', asRows(after.slice(cut))), RULES);
        expect(sorted(second)).toEqual(sorted(full));
      }),
      { seed: 5, numRuns: 100 },
    );
  });
});
