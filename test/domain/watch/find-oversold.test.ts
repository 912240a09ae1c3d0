import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { findOversold, oversoldFinding, type OpenOrder } from '../../../domain/watch/find-oversold.ts';

const AT = 'W01';

const anOrder = (orderNumber: string, units: number, more: { day?: number; picked?: number } = {}): OpenOrder => ({
  orderNumber,
  orderDate: `2026-03-${String(more.day ?? 1).padStart(2, '0')}`,
  open: [{ item: 'A', warehouse: AT, units, picked: more.picked ?? 0, price: '2.50' }],
});

const shelf =
  (onHand: number, picked = 0) =>
  () => ({ onHand, picked });

test('the oldest orders are served first, and what is missing is told with its money', () => {
  const orders = [anOrder('NEW', 6, { day: 3 }), anOrder('OLD', 6, { day: 2 })];
  expect(findOversold(orders, shelf(8))).toEqual([{ orderNumber: 'NEW', units: 4, value: '10.00', items: ['A'] }]);
});

test('picked goods are their order’s, and an older order that was not picked goes without', () => {
  const orders = [anOrder('OLD', 6, { day: 2 }), anOrder('PICKED', 6, { day: 3, picked: 6 })];
  expect(findOversold(orders, shelf(8, 6))).toMatchObject([{ orderNumber: 'OLD', units: 4 }]);
});

test('goods that were picked for orders of others are not there for ours', () => {
  expect(findOversold([anOrder('OURS', 6)], shelf(10, 3))).toEqual([]);
  expect(findOversold([anOrder('OURS', 6)], shelf(10, 12))).toMatchObject([{ orderNumber: 'OURS', units: 2 }]);
});

test('of a SKU that is not known there nothing is said', () => {
  expect(findOversold([anOrder('ANY', 1_000)], () => null)).toEqual([]);
});

test('the finding names the order with the most money first, and sums it up', () => {
  const short = findOversold([anOrder('SMALL', 1, { day: 2 }), anOrder('LARGE', 9, { day: 3 })], shelf(0));
  expect(oversoldFinding(short)).toMatchObject({
    code: 'ORDER_OVERSOLD',
    concerns: ['LARGE (9 units, 22.50)', 'SMALL (1 units, 2.50)'],
    value: '25.00',
  });
  expect(oversoldFinding([])).toBeNull();
});

const orders = fc
  .array(
    fc.record({
      units: fc.integer({ min: 1, max: 20 }),
      picked: fc.nat({ max: 20 }),
      day: fc.integer({ min: 1, max: 28 }),
    }),
    { maxLength: 8 },
  )
  .map((made) =>
    made.map(({ units, picked, day }, index) => anOrder(`N${index}`, units, { day, picked: Math.min(picked, units) })),
  );

test('no more is filled than is there, no less than can be, and none goes short while a younger unpicked one is filled', () => {
  fc.assert(
    fc.property(orders, fc.nat({ max: 100 }), (open, onHand) => {
      const short = new Map(findOversold(open, shelf(onHand)).map((each) => [each.orderNumber, each.units]));
      const lines = open.flatMap(({ orderNumber, orderDate, open: [line] }) =>
        line ? [{ ...line, orderDate: orderDate ?? '', filled: line.units - (short.get(orderNumber) ?? 0) }] : [],
      );
      const filled = lines.reduce((total, line) => total + line.filled, 0);
      const wanted = lines.reduce((total, { units }) => total + units, 0);
      expect(filled).toBe(Math.min(onHand, wanted));
      const oldestShort = lines.reduce(
        (oldest, line) => (line.filled < line.units && line.orderDate < oldest ? line.orderDate : oldest),
        '9999',
      );
      const younger = lines.filter(({ orderDate }) => orderDate > oldestShort);
      expect(younger.filter((line) => line.filled > line.picked)).toEqual([]);
    }),
  );
});
