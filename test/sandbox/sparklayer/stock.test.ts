import { expect, test } from 'vitest';

import { anOpenSite, errorCodes, object, rows } from './client.ts';

const PATH = '/api/v1/batch-update-stock';
const aRow = (sku: string) => ({ sku, stock_location_external_id: 'warehouse-1', stock_level: 5 });

test('somebody edits a level by hand, and what is not named stays', async () => {
  const { sparklayer, call } = await anOpenSite();
  await call('POST', PATH, { body: [{ ...aRow('A'), restock_date: '2026-03-01', min_stock_level: -9 }] });
  sparklayer.setStock('A', 'warehouse-1', { stock_level: 99, min_stock_level: null });
  sparklayer.setStock('B', 'warehouse-2', {});
  const fetched = await call('POST', '/api/v1/batch-fetch-stock', { body: { skus: ['A', 'B'] } });
  expect(rows(fetched.body)).toMatchObject([
    { stock_levels: [{ stock_level: 99, restock_date: '2026-03-01', min_stock_level: null }] },
    { stock_levels: [{ stock_location_external_id: 'warehouse-2', stock_level: 0 }] },
  ]);
  expect(() => sparklayer.setStock('A', 'nowhere', {})).toThrow('nowhere');
});

test('a SKU may be refused, named by its place or not, and nothing of the call is stored', async () => {
  const { sparklayer, call } = await anOpenSite();
  const set = () => call('POST', PATH, { body: [aRow('A'), aRow('B')] });
  sparklayer.refuseStock('B', 'named');
  const named = await set();
  expect([named.status, errorCodes(named)]).toEqual([400, ['resource-id-invalid']]);
  expect(rows(object(named.body)['errors'])).toMatchObject([{ property: '1.sku' }]);
  sparklayer.refuseStock('B', 'unnamed');
  expect(rows(object((await set()).body)['errors'])[0]).not.toHaveProperty('property');
  expect(sparklayer.stock('A')).toEqual({});
  sparklayer.refuseStock('B', null);
  expect((await set()).status).toBe(204);
});

test('more rows than a call may have are a 413', async () => {
  const { sparklayer, call } = await anOpenSite({ largestStockBatch: 2 });
  const set = (count: number) =>
    call('POST', PATH, { body: Array.from({ length: count }, (_, index) => aRow(`SKU-${index}`)) });
  expect((await set(3)).status).toBe(413);
  expect(sparklayer.stock('SKU-0')).toEqual({});
  expect((await set(2)).status).toBe(204);
});

test('a level is edited and refused from another process', async () => {
  const { sparklayer } = await anOpenSite({ sim: true });
  const sim = (path: string, body: object) =>
    fetch(`${sparklayer.url}/sim/${path}`, { method: 'POST', body: JSON.stringify(body) });
  await sim('stock', { sku: 'A', location: 'warehouse-1', stock_level: 4 });
  expect(sparklayer.stock('A')['warehouse-1']).toMatchObject({ stock_level: 4 });
  await sim('stock', { sku: 'A', location: 'warehouse-1', min_stock_level: -2 });
  expect(sparklayer.stock('A')['warehouse-1']).toMatchObject({ stock_level: 4, min_stock_level: -2 });
  expect((await sim('stock', { sku: 'A', location: 'nowhere' })).status).toBe(422);
});
