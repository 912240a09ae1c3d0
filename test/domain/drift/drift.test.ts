import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { DRIFT_CAUSES, type DriftRow } from '../../../domain/drift/drift.ts';
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
  should: '24',
  is: '20',
  cause: 'editedByHand',
  money: '-4',
  since: null,
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
