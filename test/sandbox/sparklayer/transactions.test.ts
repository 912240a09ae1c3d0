import { expect, test } from 'vitest';
import { customers } from '../../../sandbox/sparklayer/seed.ts';
import { anOpenSite, object, oneLine, pathOf, rows, writable, type TestSite } from './client.ts';

const payment = { platform_id: 'ERP-RCPT-1', total: { number: '100.10', currency: 'GBP' }, apply_to_balance: true };
const balanceBefore = 4310.55;

test('an applied payment counts as paid, lowers the balance and moves the times of the purchase', async () => {
  const { site, path, put } = await anOrder();
  const before = site.sparklayer.purchases()[0];
  const full_transaction = { receipt: '50017', nested: { any: ['thing'] } };
  const reply = await put({ ...payment, full_transaction });
  expect(reply.status).toBe(200);
  expect(object(reply.body)['full_transaction']).toEqual(full_transaction);
  const after = object((await site.call('GET', path)).body);
  expect(after['total_paid']).toMatchObject({ number: '100.10', currency: 'GBP' });
  expect(after['revision_date']).not.toBe(before?.revision_date);
  expect(after['revision_date']).toBe(object(after['dates'])['updated_at']);
  expect(balance(site)).toBe(4210.45);
});

test('the same platform id updates: nothing counts twice', async () => {
  const { site, path, put } = await anOrder();
  await put(payment);
  const { revision_date } = site.sparklayer.purchases()[0] ?? {};
  await put(payment);
  expect(site.sparklayer.purchases()[0]?.revision_date).toBe(revision_date);
  await put({ ...payment, total: { number: '40', currency: 'gbp' } });
  expect(balance(site)).toBe(4270.55);
  expect(rows((await site.call('GET', `${path}/transactions`)).body)).toHaveLength(1);
});

test('a transaction for information moves nothing, and switching back reverses', async () => {
  const { site, put } = await anOrder();
  const { revision_date } = site.sparklayer.purchases()[0] ?? {};
  await put({ ...payment, apply_to_balance: false });
  expect([balance(site), site.sparklayer.purchases()[0]?.revision_date]).toEqual([balanceBefore, revision_date]);
  await put(payment);
  await put({ ...payment, apply_to_balance: false });
  expect(balance(site)).toBe(balanceBefore);
  expect(site.sparklayer.purchases()[0]?.total_paid).toMatchObject({ number: '0.00' });
});

test('a refund is below zero and raises the balance', async () => {
  const { site, put } = await anOrder();
  await put(payment);
  await put({ ...payment, platform_id: 'ERP-CRED-1', total: { number: '-24.00', currency: 'GBP' } });
  expect(site.sparklayer.purchases()[0]?.total_paid).toMatchObject({ number: '76.10' });
  expect(balance(site)).toBe(4234.45);
});

test('what a PUT says was paid counts only while no transaction is applied', async () => {
  const { site, path, put } = await anOrder();
  const paid = { number: '5.00', currency: 'GBP' };
  const write = async () => {
    const body = writable((await site.call('GET', path)).body);
    return object((await site.call('PUT', path, { body: { ...body, total_paid: paid } })).body)['total_paid'];
  };
  expect(await write()).toMatchObject(paid);
  await put(payment);
  expect(await write()).toMatchObject({ number: '100.10' });
});

test('another currency than that of the purchase is refused', async () => {
  const { put } = await anOrder();
  expect((await put({ ...payment, total: { number: '1', currency: 'EUR' } })).status).toBe(400);
  expect((await put({ ...payment, total: { number: '1,00', currency: 'GBP' } })).status).toBe(400);
});

test('an account in another currency keeps its balance', async () => {
  const { site, put } = await anOrder({ currency: 'EUR' });
  expect((await put({ ...payment, total: { number: '10', currency: 'EUR' } })).status).toBe(200);
  expect(balance(site)).toBe(balanceBefore);
});

test('a transaction makes an outdated revision of the purchase', async () => {
  const { site, path, put } = await anOrder();
  const body = writable((await site.call('GET', path)).body);
  await put(payment);
  expect((await site.call('PUT', path, { body })).status).toBe(409);
});

test('one receipt applied under two ids is found', async () => {
  const { site, put } = await anOrder();
  await put({ ...payment, full_transaction: { receipt: '1' } });
  await put({ ...payment, platform_id: 'SECOND', full_transaction: { receipt: '1' } });
  expect(site.sparklayer.checkInvariants()).toEqual([expect.stringContaining('applied twice')]);
});

test('the platform reports payments of its own', async () => {
  const { site } = await anOrder();
  const [order] = site.sparklayer.purchases();
  const id = String(order?.purchase_identifiers.sparklayer);
  expect(site.sparklayer.pay(id, '12.5').total_paid).toMatchObject({ number: '12.50' });
  expect(site.sparklayer.transactions(id)).toMatchObject([{ platform_id: 'PLATFORM-1' }]);
});

async function anOrder(checkout: object = {}) {
  const site = await anOpenSite();
  const path = pathOf(site.sparklayer.checkout({ lines: oneLine, ...checkout }));
  const put = (body: object) => site.call('PUT', `${path}/transactions`, { body });
  return { site, path, put };
}

function balance({ sparklayer }: TestSite): number | undefined {
  return sparklayer.customer(customers.example.uuid)?.payment_on_account?.balance;
}
