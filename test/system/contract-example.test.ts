import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';

import { startInstep, type Instep } from '../support/instep.ts';

const PLACED = Date.parse('2026-01-05T09:30:00.000Z');
const contract = parse(readFileSync(new URL('../../docs/contracts/sparklayer.openapi.yaml', import.meta.url), 'utf8'));

let instep: Instep;
beforeAll(async () => {
  const started = Date.now();
  // Everybody lives on the day of the example.
  const clock = () => new Date(PLACED + (Date.now() - started));
  instep = await startInstep({ erp: { clock }, storefront: { clock }, workers: 0 });
  await instep.startWorker({ INSTEP_TEST_CLOCK_OFFSET: String(PLACED - started) });
});
afterAll(() => instep.stop());

test('the contract’s example purchase becomes the sales order that a wholesale clerk would have entered', async () => {
  const purchase = contract.components.examples.NewOrder.value;
  instep.storefront.place(purchase);
  const key: string = purchase.purchase_identifiers.sparklayer;
  await instep.pollsPurchases();
  await instep.untilAt(key, 'awaiting');
  await instep.imports();
  await instep.untilAt(key, 'settled');

  const reference = instep.reference(key);
  expect(reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
  const [order, ...others] = instep.liveOrders(key);
  expect(others).toEqual([]);
  expect(order).toMatchObject({
    status: 'R',
    altpo: reference,
    udford1c: reference,
    division: '01',
    location: 'W01',
    customer: 'CUST-0042',
    holdCode: '',
    // The customer's own, pre-approved.
    terms: 'N30',
    subTotal: '200.00',
    discount: '0.00',
    freight: '10.00',
    tax: '42.00',
    taxFixed: true,
    total: '252.00',
  });
  expect(order?.header).toMatchObject({
    po_num: 'PO-7781',
    store: '0007',
    center_code: '',
    ord_type: 'B2B',
    ord_date: '01/05/2026',
    start_date: '01/20/2026',
    end_date: '02/19/2026',
    shipper: 'UPS',
    ship_terms: 'PP',
    curr_code: 'GBP',
    disc_code: '',
    notes: 'SparkLayer B2B01123',
    udford2c: '',
  });
  expect(order?.lines).toEqual([
    { sequence: 1, sku: '01|AC-1001|BLK|A||M', location: 'W01', price: '20.00', ordered: 10, open: 10, cancelled: 0 },
  ]);
  expect(order?.addresses).toEqual([
    {
      addr_type: 'BT',
      name: 'Example Stores',
      addr1: '1 Head Office Road',
      addr2: '',
      city: 'Hull',
      state: '',
      zipcode: 'HU1 1AA',
      country: 'GB',
      contact: 'John Spark',
      email: 'buyer@example.com',
    },
    {
      addr_type: 'ST',
      name: 'Example Stores',
      addr1: '7 Philosophy Way',
      addr2: '',
      city: 'Willerby',
      state: '',
      zipcode: 'HU10 6AA',
      country: 'GB',
      contact: '',
      email: '',
    },
  ]);

  const [logged] = instep.erp.importLog({ reference });
  expect(logged).toMatchObject({ status: 'S', extRef: reference, ordNum: order?.ordNum });
  const stored = instep.storefront.purchase(key);
  expect(stored?.purchase_identifiers).toMatchObject({ internal: order?.ordNum, visible: 'B2B01123' });
  const entry = stored?.metadata?.find(({ name }) => name === 'instep');
  expect(JSON.parse(String(entry?.value))).toMatchObject({
    state: 'Your order has been accepted.',
    orders: [order?.ordNum],
  });
  expect(instep.erp.contractViolations()).toEqual([]);
  expect(instep.storefront.contractViolations()).toEqual([]);
  expect(instep.storefront.lostFields()).toEqual([]);
});
