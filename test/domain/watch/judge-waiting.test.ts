import { expect, test } from 'vitest';

import { judgeWaiting, type WaitingPurchase } from '../../../domain/watch/judge-waiting.ts';

const NOW = '2026-03-30T12:00:00.000Z';
const ago = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();

const waits = (number: string, minutes: number, change: Partial<WaitingPurchase> = {}): WaitingPurchase => ({
  type: 'order_unconfirmed',
  number,
  since: ago(minutes),
  dueAt: ago(minutes - 60),
  total: '10.00',
  currency: 'GBP',
  ...change,
});
const judged = (...purchases: readonly WaitingPurchase[]) => judgeWaiting({ purchases, unreadable: [] }, NOW);

test('purchases that nobody confirms are told once they are due, the oldest first, with their age and money', () => {
  expect(judged(waits('A', 59))).toEqual([]);
  expect(judged(waits('A', 60), waits('B', 7_200), waits('C', 150), waits('D', 1))).toMatchObject([
    {
      code: 'PURCHASE_UNCONFIRMED',
      concerns: ['B (5 days, 10.00 GBP)', 'C (2 h, 10.00 GBP)', 'A (60 min, 10.00 GBP)'],
      value: '30.00',
    },
  ]);
});

test('those that wait for an approval are a case of their own', () => {
  const approval = waits('P', 3_000, { type: 'awaiting_approval' });
  expect(judged(approval, waits('U', 61)).map(({ code, concerns }) => [code, concerns])).toEqual([
    ['PURCHASE_UNCONFIRMED', ['U (61 min, 10.00 GBP)']],
    ['APPROVAL_OVERDUE', ['P (2 days, 10.00 GBP)']],
  ]);
});

test('money is told in each currency, and a total that is not known is left out', () => {
  expect(judged(waits('A', 61), waits('B', 62, { currency: 'USD' }))).toMatchObject([
    {
      money: [
        { currency: 'GBP', amount: '10.00' },
        { currency: 'USD', amount: '10.00' },
      ],
    },
  ]);
  expect(judged(waits('A', 61), waits('B', 62, { total: null, currency: null }))).toMatchObject([
    { value: '10.00', concerns: ['B (62 min)', 'A (61 min, 10.00 GBP)'] },
  ]);
});

test('rows that cannot be read are told, because nobody watches these', () => {
  expect(judgeWaiting({ purchases: [], unreadable: ['order_unconfirmed, row 3: dates'] }, NOW)).toMatchObject([
    { code: 'SCHEMA_DRIFT', concerns: ['order_unconfirmed, row 3: dates'] },
  ]);
});
