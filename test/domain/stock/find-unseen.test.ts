import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { findUnseen, type ErpStanding, type OpenItem } from '../../../domain/stock/find-unseen.ts';

const AS_OF = '2026-03-09T15:00:00.000Z';
const EARLIER = '2026-03-09T14:59:59.000Z';

function unseen(standing: ErpStanding, item: Partial<OpenItem> = {}) {
  const whole = { sku: 'A', division: '01', warehouse: 'W01', live: 6, wanted: 10, ...item };
  const purchase = { key: 'k', number: 'S1', items: [whole], standingOf: () => standing };
  return findUnseen(purchase, () => AS_OF).map(({ why, lines }) => [why, lines[0]?.units]);
}

const there = (importedAt: string, units: number | null): ErpStanding => ({
  kind: 'there',
  importedAt,
  units: units === null ? null : new Map([['A', units]]),
});

test.each<[string, ErpStanding, readonly unknown[]]>([
  ['what the ERP has nothing of counts in full', { kind: 'none' }, [['notInErp', 6]]],
  ['what waits for the import counts in full', { kind: 'pending' }, [['importPending', 6]]],
  ['what was imported in the second of the figures counts in full', there(AS_OF, null), [['importedLater', 6]]],
  ['what was imported before them counts no more', there(EARLIER, null), []],
  ['of an order that was raised only the increase counts', there(EARLIER, 8), [['increase', 2]]],
  ['an order that was lowered gives nothing back', there(EARLIER, 12), []],
  ['of an order that nobody knows the content of what is open counts', there(EARLIER, 0), [['increase', 6]]],
])('%s', (_name, standing, expected) => {
  expect(unseen(standing)).toEqual(expected);
});

test('a purchase of two divisions is judged for each, and where figures are missing nothing is later than them', () => {
  const item = { sku: 'A', division: '01', warehouse: null, live: 1, wanted: 1 };
  const items = [item, { ...item, sku: 'B', division: '02' }, { ...item, sku: 'C' }];
  const standingOf = (division: string): ErpStanding => (division === '01' ? { kind: 'none' } : there(AS_OF, null));
  expect(findUnseen({ key: 'k', number: 'S1', items, standingOf }, () => null)).toEqual([
    {
      key: 'k',
      number: 'S1',
      why: 'notInErp',
      lines: [
        { sku: 'A', warehouse: null, units: 1 },
        { sku: 'C', warehouse: null, units: 1 },
      ],
    },
  ]);
});

test('never more than what is open counts, and never less than nothing', () => {
  const units = fc.nat({ max: 50 });
  fc.assert(
    fc.property(units, units, units, (live, sent, inErp) => {
      const [first] = unseen(there(EARLIER, inErp), { live, wanted: live + sent });
      const counted = Number(first?.[1] ?? 0);
      expect(counted).toBe(Math.max(0, Math.min(live, live + sent - inErp)));
    }),
    { numRuns: 100 },
  );
});
