import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { findOversold, oversoldFinding, type OpenOrder, type PhysicalOf } from '../../../domain/watch/find-oversold.ts';

const AT = 'W01';

const anOrder = (orderNumber: string, units: number, more: { day?: number; picked?: number } = {}): OpenOrder => ({
  orderNumber,
  orderDate: `2026-03-${String(more.day ?? 1).padStart(2, '0')}`,
  open: [{ item: 'A', warehouse: AT, units, picked: more.picked ?? 0, price: '2.50' }],
});

const READ_AT = '2026-03-20T10:00:00.000Z';
const shelf =
  (onHand: number, picked = 0, asOf = '2026-03-20T09:55:00.000Z') =>
  () => ({ onHand, picked, asOf });
const shortOf = (open: readonly OpenOrder[], physicalOf: PhysicalOf) => findOversold(open, READ_AT, physicalOf);

test('the oldest orders are served first, and what is missing is told with its money', () => {
  const orders = [anOrder('NEW', 6, { day: 3 }), anOrder('OLD', 6, { day: 2 })];
  expect(shortOf(orders, shelf(8))).toEqual([{ orderNumber: 'NEW', units: 4, value: '10.00', items: ['A'] }]);
});

test('picked goods are their order’s, and an older order that was not picked goes without', () => {
  const orders = [anOrder('OLD', 6, { day: 2 }), anOrder('PICKED', 6, { day: 3, picked: 6 })];
  expect(shortOf(orders, shelf(8, 6))).toMatchObject([{ orderNumber: 'OLD', units: 4 }]);
});

test.each([
  { onHand: 20, picked: 10, missing: 0 },
  { onHand: 20, picked: 15, missing: 5 },
  { onHand: 10, picked: 10, missing: 10 },
  { onHand: 10, picked: 12, missing: 10 },
])('of $onHand on hand, $picked picked for others, ten of ours miss $missing', ({ onHand, picked, missing }) => {
  const short = shortOf([anOrder('OURS', 10)], shelf(onHand, picked));
  expect(short.map(({ units }) => units)).toEqual(missing === 0 ? [] : [missing]);
});

test('what is picked for ours is not taken for picked for others', () => {
  expect(shortOf([anOrder('OURS', 10, { picked: 10 })], shelf(10, 10))).toEqual([]);
  expect(shortOf([anOrder('OURS', 10, { picked: 4 })], shelf(10, 7))).toMatchObject([
    { orderNumber: 'OURS', units: 3 },
  ]);
});

test('picks of figures that are newer than the orders may be ours, until the orders are read again', () => {
  const later = shelf(10, 10, '2026-03-20T10:00:01.000Z');
  expect(findOversold([anOrder('OURS', 10)], READ_AT, later)).toEqual([]);
  expect(findOversold([anOrder('OURS', 10)], null, shelf(10, 10))).toEqual([]);
  expect(findOversold([anOrder('OURS', 10)], '2026-03-20T10:05:00.000Z', later)).toMatchObject([{ units: 10 }]);
  expect(findOversold([anOrder('OURS', 12)], READ_AT, later)).toMatchObject([{ units: 2 }]);
});

test('of a SKU that is not known there nothing is said', () => {
  expect(shortOf([anOrder('ANY', 1_000)], () => null)).toEqual([]);
});

test('the finding names the order with the most money first, and sums it up', () => {
  const short = shortOf([anOrder('SMALL', 1, { day: 2 }), anOrder('LARGE', 9, { day: 3 })], shelf(0));
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
      const short = new Map(shortOf(open, shelf(onHand)).map((each) => [each.orderNumber, each.units]));
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
