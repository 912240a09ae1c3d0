import { expect, test } from 'vitest';

import { unseenAt, unseenUnits } from '../../../domain/stock/unseen-units.ts';
import { order, RULES } from './stock-world.ts';

const UNSEEN = unseenUnits(
  [
    order('1', [
      { sku: 'A', warehouse: 'W01', units: 2 },
      { sku: 'B', warehouse: 'W02', units: 3 },
      { sku: 'A', warehouse: 'W99', units: 50 },
    ]),
    order('2', [{ sku: 'A', warehouse: null, units: 5 }], 'importPending'),
    order(
      '3',
      [
        { sku: 'A', warehouse: 'W02', units: 7 },
        { sku: 'A', warehouse: 'W01', units: 0 },
        { sku: 'A', warehouse: 'W01', units: -4 },
      ],
      'increase',
    ),
  ],
  RULES.feeds,
);

const at = (sku: string, location: string) =>
  unseenAt(UNSEEN, sku, location).map(({ number, why, units }) => `${number} ${why} ${units}`);

test('a line counts at every location that its warehouse feeds, and nowhere else', () => {
  expect(at('B', 'depot')).toEqual(['1 notInErp 3']);
  expect(at('B', 'shop')).toEqual([]);
});

test('a line without a warehouse counts at every location, and only what is taken counts', () => {
  expect(at('A', 'shop')).toEqual(['1 notInErp 2', '2 importPending 5']);
  expect(at('A', 'depot')).toEqual(['1 notInErp 2', '2 importPending 5', '3 increase 7']);
});

test('a SKU of no order has none', () => {
  expect(at('C', 'shop')).toEqual([]);
});
