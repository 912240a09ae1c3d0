import { expect, test } from 'vitest';

import { judgeUnconfirmed, type UnconfirmedOrder } from '../../../domain/watch/judge-unconfirmed.ts';
import type { Period } from '../../../domain/watch/time-outside.ts';

const NOW = '2026-03-30T12:00:00.000Z';
const ago = (minutes: number) => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();
const frozenFor = (from: number, to: number): Period => ({ from: Date.parse(ago(from)), to: Date.parse(ago(to)) });

const order = (number: string, minutes: number, change: Partial<UnconfirmedOrder> = {}): UnconfirmedOrder => ({
  number,
  stage: 'submitted',
  since: ago(minutes),
  total: '10.00',
  currency: 'GBP',
  ...change,
});
const judged = (orders: readonly UnconfirmedOrder[], frozen: readonly Period[] = []) =>
  judgeUnconfirmed(orders, { lateMinutes: 30, overdueMinutes: 120, frozen }, NOW);

test('orders on their way are late, then overdue, each told once, the oldest first, with their money', () => {
  expect(judged([order('A', 29), order('B', 30), order('C', 119), order('D', 120)])).toMatchObject([
    { code: 'UNCONFIRMED_OVERDUE', concerns: ['D (submitted, 120 min, 10.00 GBP)'], value: '10.00' },
    {
      code: 'UNCONFIRMED_LATE',
      concerns: ['C (submitted, 119 min, 10.00 GBP)', 'B (submitted, 30 min, 10.00 GBP)'],
      value: '20.00',
    },
  ]);
});

test('what they cost is told as unknown rather than as nothing', () => {
  const unknown = { total: null, currency: null };
  expect(judged([order('A', 40, unknown)])).toMatchObject([{ concerns: ['A (submitted, 40 min)'], value: null }]);
});

test('while the ERP takes nothing in no order grows older', () => {
  const night = frozenFor(420, 0);
  expect(judged([order('IN THE NIGHT', 400), order('BEFORE IT', 449)], [night])).toEqual([]);
  expect(judged([order('BEFORE IT', 450)], [night])).toMatchObject([
    { code: 'UNCONFIRMED_LATE', concerns: ['BEFORE IT (submitted, 30 min, 10.00 GBP)'] },
  ]);
  // Over two nights: what passed between them and after the second counts.
  const nights = [frozenFor(1_900, 1_500), frozenFor(460, 60)];
  expect(judged([order('OLD', 1_910)], nights)).toMatchObject([
    { code: 'UNCONFIRMED_OVERDUE', concerns: ['OLD (submitted, 1110 min, 10.00 GBP)'] },
  ]);
});
