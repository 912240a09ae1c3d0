import { expect, test } from 'vitest';
import { schemaErrors } from '../../../sandbox/sparklayer/contract.ts';
import { customers } from '../../../sandbox/sparklayer/seed.ts';
import { anOpenSite, object, oneLine, pathOf, type TestSite } from './client.ts';

test('a checkout works out totals and taxes to the cent', async () => {
  const { sparklayer } = await anOpenSite();
  const order = sparklayer.checkout({
    lines: [
      { sku: 'A', quantity: 3, unitPrice: '9.99', discount: '0.97' },
      { sku: 'B', quantity: 7, unitPrice: '0.335', taxRate: 5 },
      { sku: 'C', quantity: 1, unitPrice: '4', taxRate: 0 },
    ],
    shipping: { name: 'Standard shipping', net: '10' },
  });
  expect(order.packages[0]?.line_items).toMatchObject([
    { line_total: lineTotal('29.00', '5.80', '34.80', '0.97') },
    { line_total: lineTotal('2.35', '0.12', '2.47', '0.00') },
    { line_total: lineTotal('4.00', '0.00', '4.00', '0.00'), tax_lines: [] },
  ]);
  expect(order.tax_lines).toMatchObject([
    { amount: { number: '7.80' }, rate: 20 },
    { amount: { number: '0.12' }, rate: 5 },
  ]);
  expect(order.calculated_total).toMatchObject({ number: '53.27', currency: 'GBP' });
  expect(schemaErrors('Purchase', order)).toEqual([]);
  expect(sparklayer.checkInvariants()).toEqual([]);
});

test('a checkout without details is an order on account from the first location, not yet paid', async () => {
  const { sparklayer } = await anOpenSite();
  expect(sparklayer.checkout({ lines: oneLine })).toMatchObject({
    type: 'order',
    purchase_identifiers: { internal: null, visible: 'B2B02001' },
    customer_identifiers: { sparklayer: customers.example.uuid },
    payment_method: 'on_account',
    customer_reference: 'PO-02001',
    metadata: [{ name: 'fulfilment_location', value: 'warehouse-1' }],
    custom_fields: [],
    total_paid: { number: '0.00' },
    dates: { placed_at: '2026-02-02T10:00:00.000+00:00' },
    packages: [{ shipping_address: { address_line1: '7 Philosophy Way' } }],
  });
});

test('an order paid up front is paid in full, in the currency of the customer', async () => {
  const { sparklayer } = await anOpenSite();
  const order = sparklayer.checkout({
    customer: customers.dollars.uuid,
    paymentMethod: 'platform_upfront',
    paid: true,
    lines: [{ sku: null, quantity: 1, unitPrice: '10', taxRate: 0 }],
    location: null,
    deliveryDate: '2026-03-01',
    customerReference: null,
    shipTo: null,
    metadata: [{ name: 'channel', value: 'agent' }],
  });
  expect(order).toMatchObject({
    currency_code: 'USD',
    total_paid: { number: '10.00', currency: 'USD' },
    metadata: [{ name: 'channel' }],
    custom_fields: [{ name: 'Delivery date', value: '2026-03-01' }],
    customer_reference: null,
    calculated_total_usd: { number: '10.00' },
  });
});

test('an amendment moves the times, and what it leaves counts as ordered', async () => {
  const { sparklayer } = await anOpenSite();
  const order = sparklayer.checkout({ lines: [...oneLine, { sku: 'B', quantity: 1, unitPrice: '1' }] });
  const id = String(order.purchase_identifiers.sparklayer);
  sparklayer.advanceClock(60_000);
  const amended = sparklayer.setQuantity(id, 'AC-1001-BLK-M', 4);
  expect(amended.dates.updated_at).toBe('2026-02-02T10:01:00.000+00:00');
  expect(amended.packages[0]?.line_items[0]).toMatchObject({
    quantity: 4,
    line_total: lineTotal('80.00', '16.00', '96.00', '0.00'),
  });
  expect(amended).toMatchObject({
    tax_lines: [{ amount: { number: '16.20' } }],
    calculated_total: { number: '97.20' },
  });
  expect(sparklayer.setQuantity(id, 'B', 0).packages[0]?.line_items).toHaveLength(1);
  expect(sparklayer.checkInvariants()).toEqual([]);
});

test('orders are cancelled, shipped elsewhere, withdrawn, confirmed and removed by others', async () => {
  const { sparklayer } = await anOpenSite();
  const place = () => String(sparklayer.checkout({ lines: oneLine }).purchase_identifiers.sparklayer);
  expect(sparklayer.cancel(place())).toMatchObject({
    calculated_fulfilment_status: 'cancelled',
    calculated_total: { number: '0.00' },
  });
  expect(sparklayer.shipElsewhere(place())).toMatchObject({ calculated_fulfilment_status: 'shipped' });
  expect(sparklayer.setType(place(), 'cart')).toMatchObject({ type: 'cart', calculated_fulfilment_status: 'pending' });
  const quote = String(sparklayer.checkout({ lines: oneLine, type: 'quote' }).purchase_identifiers.sparklayer);
  expect(sparklayer.purchase(quote)?.dates.placed_at).toBeNull();
  expect(sparklayer.setType(quote, 'order').dates.placed_at).toBe('2026-02-02T10:00:00.000+00:00');
  sparklayer.remove(quote);
  expect(sparklayer.purchase(quote)).toBeUndefined();
  expect(() => sparklayer.cancel(quote)).toThrow('There is no purchase');
});

test('records handed out are copies', async () => {
  const { sparklayer } = await anOpenSite();
  sparklayer.checkout({ visible: 'ours', lines: oneLine }).type = 'cart';
  expect(sparklayer.purchase('ours')?.type).toBe('order');
});

test('customers are added and changed beside the API', async () => {
  const { sparklayer } = await anOpenSite();
  const { uuid } = sparklayer.addCustomer({ email: 'late@example.com', accounting_id: 'LATE01', currency_code: 'eur' });
  expect(sparklayer.checkout({ customer: uuid, lines: oneLine })).toMatchObject({
    currency_code: 'EUR',
    billing_address: null,
  });
  expect(sparklayer.setCustomer(uuid, { status: 'inactive' })).toMatchObject({
    status: 'inactive',
    accounting_id: 'LATE01',
  });
});

test('the control path is closed unless it is asked for', async () => {
  const { rawCall } = await anOpenSite();
  expect((await rawCall('GET', '/sim/purchases')).status).toBe(404);
});

test('over HTTP the control path does the same deeds, without a token', async () => {
  const site = await anOpenSite({ sim: true });
  const sim = async (method: string, path: string, body?: object) =>
    (await site.rawCall(method, `/sim${path}`, { headers: { Authorization: undefined }, ...(body && { body }) })).body;
  const order = object(await sim('POST', '/checkout', { visible: 'S/1', lines: oneLine }));
  expect(
    await sim('POST', '/purchases/S%2F1/amend', { customer_reference: 'PO-2', billing_address: null }),
  ).toMatchObject({ customer_reference: 'PO-2' });
  expect(site.sparklayer.purchase('S/1')).not.toHaveProperty('billing_address');
  expect(await sim('POST', '/clock', { advanceMs: 1000 })).toMatchObject({ now: '2026-02-02T10:00:01.000Z' });
  await sim('POST', '/faults', { kind: 'status', status: 500 });
  expect((await site.rawCall('GET', '/api/v1/purchases')).status).toBe(500);
  expect(await sim('POST', '/purchases/S%2F1/cancel')).toMatchObject({ calculated_fulfilment_status: 'cancelled' });
  await sim('DELETE', '/purchases/S%2F1');
  expect(await statusOf(site, pathOf({ purchase_identifiers: object(order['purchase_identifiers']) }))).toBe(404);
  expect(await sim('GET', '/calls?route=GET%20/api/v1/purchases')).toHaveLength(1);
  expect(await sim('GET', '/invariants')).toMatchObject({ contractViolations: [], lostFields: [], invariants: [] });
  expect(await sim('POST', '/checkout', { lines: 'none' })).toMatchObject({ status: 422 });
});

function lineTotal(net: string, tax: string, gross: string, discount: string) {
  const of = (number: string) => ({ number, currency: 'GBP' });
  return { total_net: of(net), total_tax: of(tax), total_gross: of(gross), discount_net: of(discount) };
}

async function statusOf({ call }: TestSite, path: string): Promise<number> {
  return (await call('GET', path)).status;
}
