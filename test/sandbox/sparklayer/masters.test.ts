import { expect, test } from 'vitest';
import { contractExample } from '../../../sandbox/sparklayer/contract.ts';
import { customers, locations } from '../../../sandbox/sparklayer/seed.ts';
import { anOpenSite, errorCodes, object, rows } from './client.ts';

const customersPath = '/api/v1/customers';

test("the contract's customer is found by id, external id and UUID", async () => {
  const { call } = await anOpenSite();
  for (const id of ['cu_123', 'CUST-0042', customers.example.uuid]) {
    expect((await call('GET', `${customersPath}/${id}`)).body).toMatchObject(contractExample('CustomerRead'));
  }
  expect((await call('GET', `${customersPath}/cu_124`)).status).toBe(404);
});

test('every seeded customer is there, one of them without an accounting id', async () => {
  const { call } = await anOpenSite();
  for (const { uuid, accountingId } of Object.values(customers)) {
    expect((await call('GET', `${customersPath}/${uuid}`)).body).toMatchObject({ uuid, accounting_id: accountingId });
  }
  expect(customers.withoutAccount.accountingId).toBeNull();
});

test('customers are listed by id, page by page', async () => {
  const { call } = await anOpenSite();
  const all = rows((await call('GET', customersPath)).body).map(({ id }) => String(id));
  expect(all).toEqual(all.toSorted((one, other) => (one < other ? -1 : 1)));
  const second = rows((await call('GET', customersPath, { query: { limit: '1', offset: '1' } })).body);
  expect(second.map(({ id }) => id)).toEqual(all.slice(1, 2));
});

test('a new customer is active, in the base group, a main buyer', async () => {
  const { call } = await anOpenSite();
  const created = object((await call('POST', customersPath, { body: { email: 'new@example.com' } })).body);
  expect(created).toMatchObject({ status: 'active', group: 'base', role: 'main', addresses: [] });
  expect(created['id']).toBe(`cu_${String(created['uuid'])}`);
});

test('e-mail and external id are unique, and what a customer names must exist', async () => {
  const { call } = await anOpenSite();
  const create = (body: object) => call('POST', customersPath, { body });
  expect((await create({ email: 'BUYER@example.com' })).status).toBe(409);
  const taken = await create({ email: 'other@example.com', external_id: 'CUST-0042' });
  expect([taken.status, errorCodes(taken)]).toEqual([409, ['resource-already-exists']]);
  expect((await create({ email: 'other@example.com', group: 'nobody' })).status).toBe(400);
  expect((await create({ email: 'other@example.com', external_id: 'cu_1' })).status).toBe(400);
});

test('a change leaves absent members and replaces the lists and objects sent', async () => {
  const { call } = await anOpenSite();
  const payment_on_account = { credit_limit: 1, balance: 0.1, currency_code: 'gbp', net_terms: '60_days' };
  const changed = await call('PATCH', `${customersPath}/CUST-0042`, { body: { payment_on_account } });
  expect(changed.body).toMatchObject({ company_name: 'Example Stores', payment_on_account });
  const partly = { payment_on_account: { balance: 5 } };
  expect((await call('PATCH', `${customersPath}/CUST-0042`, { body: partly })).status).toBe(400);
});

test('addresses are read and added', async () => {
  const { call } = await anOpenSite();
  const body = { address_line1: '8 Philosophy Way', city: 'Willerby', country_code: 'GB', nickname: 'Store 8' };
  expect((await call('POST', `${customersPath}/cu_123/addresses`, { body })).body).toMatchObject(body);
  expect(rows((await call('GET', `${customersPath}/cu_123/addresses`)).body)).toHaveLength(2);
});

test('stock locations are listed by id, found by either id, and created once', async () => {
  const { sparklayer, call } = await anOpenSite();
  const listed = rows((await call('GET', '/api/v1/stock-locations')).body);
  expect(listed.map(({ external_id }) => external_id)).toEqual([...locations]);
  expect((await call('GET', '/api/v1/stock-locations/warehouse-2')).body).toMatchObject({ name: 'Second warehouse' });
  const create = () => call('POST', '/api/v1/stock-locations', { body: { name: 'North', external_id: 'north/1' } });
  const created = object((await create()).body);
  expect((await create()).status).toBe(409);
  expect((await call('GET', `/api/v1/stock-locations/${String(created['id'])}`)).status).toBe(200);
  expect((await call('GET', '/api/v1/stock-locations/north%2F1')).status).toBe(200);
  sparklayer.addStockLocation({ name: 'South', external_id: 'south' });
  expect((await call('GET', '/api/v1/stock-locations/south')).status).toBe(200);
});

test('a stock row overwrites its pair as a whole, other pairs stay', async () => {
  const { sparklayer, call } = await anOpenSite();
  const set = (body: object[]) => call('POST', '/api/v1/batch-update-stock', { body });
  const full = { stock_level: 9, restock_date: '2026-03-01', min_stock_level: -9 };
  await set([
    { sku: 'A', stock_location_external_id: 'warehouse-1', ...full },
    { sku: 'A', stock_location_external_id: 'warehouse-2', ...full },
  ]);
  expect(
    (await set([{ sku: 'A', stock_location_id: '123e4567-e89b-12d3-a456-426614174000', stock_level: 4 }])).status,
  ).toBe(204);
  expect(sparklayer.stock('A')['warehouse-1']).toMatchObject({
    stock_level: 4,
    restock_date: null,
    min_stock_level: null,
  });
  expect(sparklayer.stock('A')['warehouse-2']).toMatchObject(full);
  const fetched = await call('POST', '/api/v1/batch-fetch-stock', { body: { skus: ['A', 'B', 'A'] } });
  expect(rows(fetched.body)).toMatchObject([
    { sku: 'A', stock_levels: [{ stock_level: 4 }, full] },
    { sku: 'B', stock_levels: [] },
  ]);
  expect((await call('POST', '/api/v1/batch-delete-stock', { body: { skus: ['A', 'B'] } })).status).toBe(204);
  expect(sparklayer.stock('A')).toEqual({});
});

test('a stock call is all or nothing: an unknown location or a repeated pair stores no row', async () => {
  const { sparklayer, call } = await anOpenSite();
  const good = { sku: 'A', stock_location_external_id: 'warehouse-1', stock_level: 1 };
  const set = (body: object[]) => call('POST', '/api/v1/batch-update-stock', { body });
  const unknown = await set([good, { ...good, stock_location_external_id: 'nowhere' }]);
  expect(unknown.body).toMatchObject({
    errors: [{ code: 'resource-id-not-found', property: '1.stock_location_external_id' }],
  });
  const { stock_location_external_id: _byId, ...row } = good;
  const same = { ...row, stock_location_id: '123e4567-e89b-12d3-a456-426614174000' };
  expect((await set([good, same])).body).toMatchObject({ errors: [{ code: 'duplicate-stock-level', property: '1' }] });
  expect((await set([{ ...good, ...same }])).status).toBe(400);
  expect(sparklayer.stock('A')).toEqual({});
});

test('price lists are created once, paged, and keep their slug', async () => {
  const { call } = await anOpenSite();
  const body = { slug: 'erp-eur', name: 'Wholesale EUR', currency_code: 'eur', source: 'integration' };
  expect((await call('POST', '/api/v1/price-lists', { body })).status).toBe(200);
  const taken = await call('POST', '/api/v1/price-lists', { body });
  expect([taken.status, errorCodes(taken)]).toEqual([400, ['resource-already-exists']]);
  const page = await call('GET', '/api/v2/price-lists', { query: { page: '2', page_size: '2' } });
  expect(page.body).toMatchObject({
    data: [{ slug: 'erp-wholesale-usd' }],
    pagination: { current_page: 2, total_pages: 2, total: 3 },
  });
  const past = await call('GET', '/api/v2/price-lists', { query: { page: '9' } });
  expect(past.body).toMatchObject({ data: [] });
  expect((await call('PATCH', '/api/v1/price-lists/erp-eur', { body: { name: 'EUR' } })).body).toMatchObject({
    name: 'EUR',
  });
  expect((await call('PATCH', '/api/v1/price-lists/erp-eur', { body: { slug: 'other' } })).status).toBe(400);
  expect((await call('GET', '/api/v1/price-lists/erp-eur')).status).toBe(200);
});

test('prices of a SKU sent are replaced, those of others stay, an empty list removes', async () => {
  const { call } = await anOpenSite();
  const path = '/api/v1/price-lists/erp-wholesale-gbp/pricing';
  const breaks = [
    { quantity: 1, price: 20.5 },
    { quantity: 12, price: 18.25 },
  ];
  await call('PATCH', path, {
    body: [
      { sku: 'A', pricing: breaks },
      { sku: 'B/1', pricing: breaks },
    ],
  });
  await call('PATCH', path, { body: [{ sku: 'A', pricing: [{ quantity: 1, price: 21 }] }] });
  expect(rows((await call('GET', path)).body)).toHaveLength(3);
  await call('PATCH', path, { body: [{ sku: 'A', pricing: [] }] });
  expect((await call('GET', '/api/v1/pricing/A')).status).toBe(404);
  expect((await call('GET', '/api/v1/pricing/B%2F1')).body).toMatchObject([{ pricing: breaks }]);
});

test('faulty price lines are named by place, and nothing of the call is stored', async () => {
  const { call } = await anOpenSite();
  const price = [{ quantity: 1, price: 1 }];
  const body = [
    { sku: 'A', pricing: price },
    { sku: 'A', pricing: price },
    { sku: 'B', pricing: [...price, ...price] },
  ];
  const reply = await call('PATCH', '/api/v1/price-lists/erp-wholesale-gbp/pricing', { body });
  expect(reply.body).toMatchObject([
    { line: 2, field: 'sku' },
    { line: 3, field: 'pricing' },
  ]);
  expect((await call('GET', '/api/v1/pricing/A')).status).toBe(404);
});

test('a price call over several lists fails as a whole on an unknown one', async () => {
  const { call } = await anOpenSite();
  const row = (price_list_slug: string) => ({ price_list_slug, sku: 'A', pricing: [{ quantity: 1, price: 1 }] });
  const put = (...slugs: string[]) => call('PATCH', '/api/v1/batch-update-pricing', { body: slugs.map(row) });
  const refused = await put('erp-wholesale-gbp', 'nothing');
  expect(refused.body).toMatchObject({ status: 404, errors: [{ property: '1.price_list_slug' }] });
  expect((await put('erp-wholesale-gbp', 'erp-wholesale-usd')).status).toBe(204);
  expect(rows((await call('GET', '/api/v1/pricing/A')).body)).toHaveLength(2);
});

test('two price calls on one list at once are a conflict', async () => {
  const { sparklayer, call } = await anOpenSite();
  const path = '/api/v1/price-lists/erp-wholesale-gbp/pricing';
  const body = [{ sku: 'A', pricing: [{ quantity: 1, price: 1 }] }];
  sparklayer.faults.add({ kind: 'slow', ms: 30, route: 'PATCH /api/v1/price-lists/{id}/pricing' });
  const both = await Promise.all([call('PATCH', path, { body }), call('PATCH', path, { body })]);
  expect(both.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([204, 409]);
  expect((await call('PATCH', path, { body })).status).toBe(204);
});

test('products and their variants are created, read and changed', async () => {
  const { call } = await anOpenSite();
  const product = { title: 'Merino Crew', slug: 'merino-crew', external_id: 'AC-1001' };
  expect((await call('POST', '/api/v1/products', { body: product })).status).toBe(200);
  expect((await call('POST', '/api/v1/products', { body: product })).status).toBe(409);
  const variant = { sku: 'AC-1001-BLK-M', status: 'live', external_id: 'AC-1001-BLK-M' };
  expect((await call('POST', '/api/v1/products/AC-1001/variants', { body: variant })).status).toBe(200);
  expect((await call('PATCH', '/api/v1/variants/AC-1001-BLK-M', { body: { status: 'discontinued' } })).status).toBe(
    200,
  );
  expect((await call('PATCH', '/api/v1/products/AC-1001', { body: { title: 'Merino' } })).status).toBe(200);
  expect((await call('GET', '/api/v1/variants/AC-1001-BLK-M')).body).toMatchObject({
    status: 'discontinued',
    stock: [],
  });
  expect((await call('GET', '/api/v1/products')).body).toMatchObject([
    { title: 'Merino', variants: [{ sku: variant.sku }] },
  ]);
});
