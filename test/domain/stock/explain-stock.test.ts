import { expect, test } from 'vitest';

import { explainStock, renderExplanation } from '../../../domain/stock/explain-stock.ts';
import type { World } from './stock-world.ts';
import { inUse, item, level, minutesAgo, NOW, order, row, RULES, stockOf } from './stock-world.ts';

function lines(
  location: string,
  world: Partial<World>,
  given: Partial<Parameters<typeof explainStock>[2]> = {},
  sold = item('A'),
) {
  return renderExplanation(explainStock(stockOf(world), sold, { location, level: null, lastSent: null, ...given }));
}

test('a figure is explained bucket by bucket, in the words of the trade', () => {
  const parts = [
    inUse({
      snapshot: '8123',
      asOf: minutesAgo(150),
      rows: [
        row('A', { onHand: 60, picked: 5, open: 10, reserved: 2, openToSell: 543, workInProcess: 500, inTransit: 20 }),
      ],
    }),
    inUse({ warehouse: 'W02' }),
  ];
  const widening = [
    { minutes: 60, percent: 0 },
    { minutes: 240, percent: 10 },
  ];
  const rules = {
    buffers: { ...RULES.buffers, locations: { depot: { in: 'percent', percent: 10, cap: 2 } as const }, widening },
  };
  const unseen = [
    order('SL-1001', [{ sku: 'A', warehouse: 'W01', units: 4 }]),
    order('SL-1002', [{ sku: 'A', warehouse: null, units: 2 }], 'increase'),
  ];
  const lastSent = { units: 32, sentAt: minutesAgo(5), readBack: { units: 32, at: NOW } };
  expect(lines('depot', { parts, rules, unseen }, { level: level('A', 'depot', 32), lastSent })).toEqual([
    'A at depot: 32 units may be sold now',
    '  Warehouse W01, division 01: snapshot 8123, taken 2026-01-20T09:30:00.000Z, 3 hours ago',
    '    on hand 60 · picked 5 · open orders 10 · reserved 2 · open to sell 543',
    '    counts 43, by on hand - picked - open orders - reserved; open to sell = 543, on hand - picked - open orders - reserved = 43',
    '    the ERP’s open to sell is 500 more than its ledger has: work orders counted as stock',
    '  Warehouse W02, division 01: never had any there',
    '  Physically available: 43',
    '  Orders that these figures cannot know: −6',
    '    SL-1001: 4, not in the ERP yet',
    '    SL-1002: 2, raised by a change that is not in yet',
    '  Safety buffer: −5 (10 % (2 at most) by the rule of the location depot; and 5 % because the ERP’s figures are 3 hours old)',
    '  Never counted: work in process 500 · on purchase order 0 · in transit 20',
    '  Published: 32',
    '  The storefront has 32',
    '  Sent 32 at 2026-01-20T11:55:00.000Z, read back 32 at 2026-01-20T12:00:00.000Z',
  ]);
});

test('what is old, absent or unknown is said first', () => {
  const absent = [{ row: row('A', { onHand: 3 }), snapshot: 'S0', asOf: minutesAgo(4000) }];
  const text = lines('depot', { parts: [inUse({ absent })] }).join('\n');
  expect(text).toMatch(
    /^A at depot: 3 units may be sold now; the ERP has no figures that count, so the storefront keeps/,
  );
  expect(text).toMatch(
    /W01, division 01: not in the newest figures; last in snapshot S0, taken 2026-01-17T17:20:00.000Z, 3 days ago/,
  );
  expect(text).toMatch(/W02, division 01: no good figures yet/);
  expect(text).toMatch(/The storefront has no level of it$/);
  expect(lines('shop', { parts: [inUse({ absent })] })[0]).toMatch(
    /old, so they may lower what the storefront has, not raise it/,
  );
});

test('a style that cannot be read is why a figure may not be raised', () => {
  const parts = [inUse({ rows: [row('A', { onHand: 3 })] })];
  expect(lines('shop', { parts }, {}, item('A', { inErp: 'unknown' }))[0]).toBe(
    'A at shop: 3 units may be sold now; its style cannot be read in the ERP, so this may lower what the storefront has, not raise it',
  );
});

test('what is not sold says why', () => {
  const parts = [inUse({ rows: [row('A', { onHand: 3 })] })];
  expect(lines('shop', { parts }, {}, item('A', { inErp: 'inactive' }))).toContain(
    '  The ERP has the style or the SKU as inactive: nothing is sold.',
  );
  expect(lines('shop', { parts }, {}, item('A', { codes: { ...item('A').codes, label: 'SAMPLE' } }))[1]).toMatch(
    /samples/,
  );
  expect(lines('shop', { parts }, {}, item('A', { codes: { ...item('A').codes, division: '09' } }))).toContain(
    '  No warehouse of division 09 feeds shop.',
  );
});

test('what the storefront has beside it is shown too', () => {
  const held = level('A', 'shop', 3, { restockDate: '2026-02-01', floor: -9 });
  const text = lines(
    'shop',
    { parts: [inUse({ rows: [row('A', { onHand: 3 })] })] },
    { level: held, lastSent: { units: 3, sentAt: NOW, readBack: null } },
  );
  expect(text.slice(-2)).toEqual([
    '  The storefront has 3, more on 2026-02-01, may go down to -9',
    '  Sent 3 at 2026-01-20T12:00:00.000Z, not read back yet',
  ]);
});
