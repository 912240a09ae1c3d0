import { afterAll, beforeAll, expect, test } from 'vitest';

import type { ErpDocument } from '../../../domain/proof/match-documents.ts';
import { startSteps, type Steps } from '../../support/steps.ts';
import { headed, startScriptedErp } from './scripted-erp.ts';
import { aCall, anErpLine, anErpOrder, connect } from './support.ts';

const ORDERS = 'GET /api/salesOrder';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterAll(() => steps.stop());

/** A reference of ours. */
const OURS = '01JABCDEFGHJKMNPQRSTVWXYZ0';
const ours = (change: Readonly<Record<string, unknown>> = {}) =>
  anErpOrder({ pkey: 1, ord_num: '1', altpo: OURS, udford1c: OURS, ...change });
const others = (change: Readonly<Record<string, unknown>> = {}) =>
  anErpOrder({ pkey: 2, ord_num: '2', altpo: 'EDI-77', udford1c: '', ...change });

async function bookOf(...orders: readonly unknown[]) {
  const server = await startScriptedErp(({ query }) => headed(...(query['_pgno'] === '1' ? orders : [])));
  const bluecherry = connect(server.url);
  try {
    return await bluecherry.orderBook.rows(aCall());
  } finally {
    await bluecherry.close();
    await server.close();
  }
}

async function rows(): Promise<readonly ErpDocument[]> {
  const call = { signal: new AbortController().signal, deadline: Date.now() + 20_000, priority: 'status' } as const;
  return steps.dependencies.bluecherry.orderBook.rows(call);
}

test('it tells when its last good reading began, and nothing before the first', async () => {
  const { orderBook } = steps.dependencies.bluecherry;
  expect(orderBook.readAt()).toBeNull();
  const begin = new Date().toISOString();
  await rows();
  const first = orderBook.readAt() ?? '';
  expect(first >= begin && first <= new Date().toISOString()).toBe(true);
  steps.erp.faults.add({ kind: 'status', status: 400, route: ORDERS, times: 99 });
  await expect(rows()).rejects.toThrow('ERP_REFUSED');
  expect(orderBook.readAt()).toBe(first);
  steps.erp.faults.clear();
});

test('it has our orders with the worth of what is not cancelled, and after the first reading asks only for what changed', async () => {
  const lines = [
    { sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' },
    { sku: 'AC-1001-BLK-L', quantity: 5, unitPrice: '20.00' },
  ];
  const { key, reference } = await steps.accepted({ lines, shipping: { name: 'Standard shipping', net: '10.00' } });
  const total = () => Number(steps.storefront.purchase(key)?.calculated_total?.number);
  const [whole, ...others] = await rows();
  expect(others).toEqual([]);
  expect(whole).toMatchObject({ altPo: reference, referenceField: reference, currency: 'GBP', units: 15 });
  expect(Number(whole?.value)).toBe(total());

  const callsBefore = steps.erp.calls(ORDERS).length;
  steps.erp.clerkEdits(whole?.orderNumber ?? '', { cancel: { line: 2 } });
  steps.storefront.setQuantity(key, 'AC-1001-BLK-L', 0);
  const [part] = await rows();
  expect(part).toMatchObject({ units: 10 });
  expect(Number(part?.value)).toBe(total());
  expect(steps.erp.calls(ORDERS).length - callsBefore).toBeLessThanOrEqual(2);

  steps.erp.clerkEdits(whole?.orderNumber ?? '', { cancel: { line: null } });
  const [cancelled] = await rows();
  expect(cancelled).toMatchObject({ status: 'cancelled_house', units: 0, value: '0' });
  expect(steps.erp.contractViolations()).toEqual([]);
});

test.each([
  ['a line without charge', { salesorderdetail: { rows: [anErpLine({ price: null })] } }],
  ['a quantity that is none', { salesorderdetail: { rows: [anErpLine({ qty_ord: 'some' })] } }],
  ['a date that is none', { ord_date: 'soon' }],
  ['no lines shown', { salesorderdetail: undefined }],
  ['a reference that looks like ours in one field', { altpo: 'P12', ord_date: 'soon' }],
])('an order of others with %s stops nothing, and is none of ours', async (_, change) => {
  const book = await bookOf(others(change), ours(), others({ pkey: 3, ord_num: '3', ...change }));
  expect(book.map(({ orderNumber }) => orderNumber)).toEqual(['1']);
});

test.each([
  ['a quantity that is none', { salesorderdetail: { rows: [anErpLine({ qty_ord: 'some' })] } }],
  ['a date that is none', { ord_date: 'soon' }],
  ['no lines shown', { salesorderdetail: undefined }],
])('an order of ours with %s stops the book: it would be wrong without it', async (_, change) => {
  await expect(bookOf(others(), ours(change))).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
});

test('a write of ours that is only staged stops nothing, whatever of it cannot be read', async () => {
  const book = await bookOf(ours(), ours({ pkey: 2, ord_num: '2', ord_status: 'S', ord_date: 'soon' }));
  expect(book.map(({ orderNumber }) => orderNumber)).toEqual(['1']);
});

test('an order of ours with a line without price is worth less than it was, which shows as a difference', async () => {
  const [before] = await bookOf(ours({ salesorderdetail: { rows: [anErpLine(), anErpLine({ line_seq: 2 })] } }));
  const [after] = await bookOf(
    ours({ salesorderdetail: { rows: [anErpLine(), anErpLine({ line_seq: 2, price: ' ' })] } }),
  );
  expect(Number(before?.value) - Number(after?.value)).toBe(144);
  expect(after?.units).toBe(before?.units);
});

test('an order of ours that a clerk gave a line without price stops neither the book nor the others', async () => {
  const order = await steps.accepted({ lines: [{ sku: 'AC-1001-BLK-L', quantity: 2, unitPrice: '20.00' }] });
  const number = order.documents[0]?.orderNumber ?? '';
  const worth = async () => Number((await rows()).find(({ orderNumber }) => orderNumber === number)?.value);
  const before = await worth();
  steps.erp.clerkEdits(number, { price: { line: 1, price: null } });
  expect(before - (await worth())).toBe(40);
  // What is read to be sent back must be whole.
  await expect(steps.dependencies.bluecherry.getSalesOrder(number, aCall())).rejects.toMatchObject({
    code: 'SCHEMA_DRIFT',
  });
  expect(await steps.dependencies.bluecherry.glanceAtOrder(number, aCall())).toMatchObject({ altPo: order.reference });
});
