import { expect, test } from 'vitest';

import type { DriftRow } from '../../../../domain/drift/drift.ts';
import { driftRows } from '../../../../domain/reports/exceptions/drift-rows.ts';

const PRICE: DriftRow = {
  what: 'price',
  sku: 'A',
  place: 'wholesale',
  fromQuantity: 50,
  should: '10',
  is: '8',
  cause: 'editedByHand',
  money: '-2.00',
  since: '2026-11-20T01:00:00Z',
};
const STOCK: DriftRow = {
  ...PRICE,
  what: 'stock',
  place: 'warehouse-1',
  fromQuantity: null,
  should: '40',
  is: null,
  cause: 'lateFeed',
  money: null,
};
const currencyOf = (list: string) => (list === 'wholesale' ? 'USD' : '');

test('a row has both figures, the money or the units by which the ERP’s is more, the cause, and who has it now', () => {
  const cases = [{ code: 'PRICE_DRIFT', key: 'editedByHand', owner: 'integration', link: 'https://t/1' }] as const;
  const { rows } = driftRows({ rows: [STOCK, PRICE] }, cases, currencyOf);
  expect(rows).toMatchObject([
    {
      order: 'A',
      field: 'price at wholesale from 50 units on',
      storefront: '8',
      erp: '10',
      money: '2.00',
      units: null,
      currency: 'USD',
      since: '2026-11-20T01:00:00Z',
      owner: 'integration',
      link: 'https://t/1',
    },
    { field: 'stock at warehouse-1', storefront: 'nothing', erp: '40', money: '0.00', units: 40, owner: 'ecommerce' },
  ]);
  expect(rows[0]?.cause).toContain('edited by hand');
});

test('the dearest thousand are shown, then those with the most units, and the others are counted', () => {
  const cheap = Array.from({ length: 1_200 }, (_, index) => ({ ...STOCK, sku: `S${index}`, should: String(index) }));
  const { rows, leftOut } = driftRows({ rows: [...cheap, PRICE] }, [], currencyOf);
  expect(rows).toHaveLength(1_000);
  expect(leftOut).toBe(201);
  expect(rows.slice(0, 2).map(({ order }) => order)).toEqual(['A', 'S1199']);
});
