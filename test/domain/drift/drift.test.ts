import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { compareBreaks } from '../../../domain/drift/compare-breaks.ts';
import { DRIFT_CAUSES, withFirstSeen, type DriftRow } from '../../../domain/drift/drift.ts';
import { findCause, type DriftFacts } from '../../../domain/drift/find-cause.ts';
import { reportDrift } from '../../../domain/drift/report-drift.ts';

const PLAIN: DriftFacts = {
  isMapped: true,
  isRefused: false,
  lastWrite: 'unknown',
  feedRanAt: '2026-03-30T12:00:00Z',
  movedAt: null,
};

test('what was written and is not there was edited by hand; what is there has moved in the ERP since', () => {
  expect(findCause({ ...PLAIN, lastWrite: 'isNotThere' })).toBe('editedByHand');
  expect(findCause({ ...PLAIN, lastWrite: 'isThere', movedAt: '2020-01-01T00:00:00Z' })).toBe('lateFeed');
});

test('a refused write explains a difference before an edit does, and a mapping gap before both', () => {
  const refused = { ...PLAIN, isRefused: true, lastWrite: 'isNotThere' } as const;
  expect(findCause(refused)).toBe('refusedWrite');
  expect(findCause({ ...refused, isMapped: false })).toBe('mappingGap');
});

test('without a remembered write, a difference that the last run would have mended is an edit', () => {
  expect(findCause({ ...PLAIN, movedAt: '2026-03-30T11:59:59Z' })).toBe('editedByHand');
  expect(findCause({ ...PLAIN, movedAt: '2026-03-30T12:00:00Z' })).toBe('lateFeed');
  expect(findCause({ ...PLAIN, feedRanAt: null, movedAt: '2026-03-30T11:59:59Z' })).toBe('lateFeed');
  expect(findCause(PLAIN)).toBe('lateFeed');
});

const row = (change: Partial<DriftRow>): DriftRow => ({
  what: 'price',
  sku: 'A',
  place: 'list',
  fromQuantity: 1,
  should: '24',
  is: '20',
  cause: 'editedByHand',
  money: '-4',
  since: '2026-03-30T12:00:00Z',
  ...change,
});

test('prices too cheap and too dear do not cancel each other out, and stock carries no money', () => {
  const { findings } = reportDrift([row({}), row({ sku: 'B', money: '3' }), row({ what: 'stock', money: null })]);
  expect(findings).toMatchObject([
    { code: 'STOCK_DRIFT', key: 'editedByHand', value: null },
    {
      code: 'PRICE_DRIFT',
      key: 'editedByHand',
      count: 2,
      concerns: ['A at list: 20 instead of 24', 'B at list: 20 instead of 24'],
    },
  ]);
  expect(Number(findings[1]?.value)).toBe(7);
});

const rows = fc.array(
  fc
    .record({ what: fc.constantFrom('stock', 'price'), cause: fc.constantFrom(...DRIFT_CAUSES) })
    .map(({ what, cause }) => row({ what, cause })),
);

test('every difference is counted once, and in one finding', () => {
  fc.assert(
    fc.property(rows, (all) => {
      const { stats, findings } = reportDrift(all);
      expect(Object.values(stats).reduce((total, count) => total + count, 0)).toBe(all.length);
      expect(findings.reduce((total, { count }) => total + count, 0)).toBe(all.length);
    }),
  );
});

test.each([
  [
    'a break that somebody added',
    [{ quantity: 1, price: '10' }],
    [
      { quantity: 1, price: '10.00' },
      { quantity: 50, price: '8' },
    ],
    [{ fromQuantity: 50, should: '10', is: '8', money: '-2.00' }],
  ],
  [
    'a break that is gone',
    [
      { quantity: 1, price: '10' },
      { quantity: 20, price: '9' },
    ],
    [{ quantity: 1, price: '10' }],
    [{ fromQuantity: 20, should: '9', is: '10', money: '1.00' }],
  ],
  [
    'a break that changes nothing',
    [{ quantity: 1, price: '10' }],
    [
      { quantity: 1, price: '10' },
      { quantity: 50, price: '10' },
    ],
    [{ fromQuantity: 50, should: '10', is: '10', money: '0.00' }],
  ],
  [
    'two prices',
    [{ quantity: 1, price: '10' }],
    [
      { quantity: 1, price: '11' },
      { quantity: 50, price: '8' },
    ],
    [
      { fromQuantity: 1, should: '10', is: '11', money: '1.00' },
      { fromQuantity: 50, should: '10', is: '8', money: '-2.00' },
    ],
  ],
  [
    'a price that nobody should see',
    [],
    [{ quantity: 1, price: '9' }],
    [{ fromQuantity: 1, should: null, is: '9', money: null }],
  ],
])('%s is compared with what should be charged from its quantity on', (_, should, is, found) => {
  expect(compareBreaks(should, is)).toEqual(found);
});

test('a finding names the quantity from which another price holds', () => {
  const { findings } = reportDrift([row({ fromQuantity: 50, should: '10', is: '8' })]);
  expect(findings[0]?.concerns).toEqual(['A at list, from 50 units: 8 instead of 10']);
});

test('a difference is as old as the first check that saw it, whatever its figures have become', () => {
  const before = { version: 2, at: '2026-03-31T01:00:00Z', rows: [row({})] } as const;
  const { since: _, ...found } = row({ is: '19' });
  const rows = withFirstSeen([found, { ...found, sku: 'B' }], before, '2026-04-01T01:00:00Z');
  expect(rows.map(({ sku, since }) => [sku, since])).toEqual([
    ['A', '2026-03-30T12:00:00Z'],
    ['B', '2026-04-01T01:00:00Z'],
  ]);
});
