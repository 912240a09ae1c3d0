import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import {
  createBlueCherry,
  type BlueCherry,
  type BlueCherrySettings,
} from '../../../connectors/bluecherry/bluecherry.ts';
import { matchesTarget, withHeader } from '../../../domain/replace-header.ts';
import { restate } from '../../../domain/restate-order.ts';
import type { PreparedSalesOrder } from '../../../domain/sales-order.ts';
import {
  startBlueCherry,
  type BlueCherryOptions,
  type BlueCherryStandIn,
} from '../../../sandbox/bluecherry/stand-in.ts';
import { aCall, aLog, aPreparedOrder, aSite, NOON } from './support.ts';

let erp: BlueCherryStandIn;
let bluecherry: BlueCherry;
let folder: string;
let log: ReturnType<typeof aLog>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bluecherry-'));
});

afterEach(async () => {
  await bluecherry.close();
  const broken = [...erp.contractViolations(), ...erp.checkInvariants()];
  await erp.close();
  await rm(folder, { recursive: true, force: true });
  if (broken.length > 0) throw new Error(broken.join('\n'));
});

async function start(options: BlueCherryOptions = {}, change: Partial<BlueCherrySettings> = {}) {
  erp = await startBlueCherry({ clock: () => NOON, ...options });
  log = aLog();
  bluecherry = createBlueCherry(
    aSite(erp.url, {
      keys: erp.keys,
      cacheDir: folder,
      freezeWindow: null,
      lengths: { customer: 10 },
      timeouts: { requestMs: 5_000, writeMs: 5_000 },
      ...change,
    }),
    { clock: erp.now, log },
  );
}

async function anOrder(change: Partial<PreparedSalesOrder> = {}): Promise<PreparedSalesOrder> {
  const match = await bluecherry.reference.findSku(
    { by: 'codes', codes: { division: '01', style: 'AC-1001', color: 'blk', label: 'a', size: 'm' } },
    aCall(),
  );
  if (match.kind !== 'one') throw new Error(`the SKU is ${match.kind}`);
  const [line] = aPreparedOrder().lines;
  if (!line) throw new Error('no line');
  return aPreparedOrder({
    customer: 'ACME01',
    store: '0001',
    lines: [
      { ...line, sku: match.sku },
      { ...line, sequence: 2, sku: match.sku, quantity: 2, price: '21.50' },
    ],
    ...change,
  });
}

const REFERENCE = aPreparedOrder().reference;

/** Longer than a change is taken to be settling. */
const SETTLED_MS = 5_000;

test('an order goes in, is read back, replaced and cancelled', async () => {
  await start();
  const order = await anOrder();
  await bluecherry.probe(aCall());
  expect(await bluecherry.findSalesOrdersByReference(REFERENCE, ['altPo', 'referenceField'], aCall())).toEqual([]);
  const staged = await bluecherry.postSalesOrder(order, '000000123', aCall());
  if (staged.kind !== 'staged') throw new Error(JSON.stringify(staged));
  expect(await bluecherry.findImportResults({ transaction: staged.transaction }, aCall())).toMatchObject([
    { kind: 'pending', reference: REFERENCE, controlNumber: '000000123', row: staged.row },
  ]);
  expect(await bluecherry.highestTransaction(aCall())).toBe(staged.transaction);

  erp.runJob('order_import');
  const [result] = await bluecherry.findImportResults({ reference: REFERENCE }, aCall());
  if (result?.kind !== 'imported') throw new Error(JSON.stringify(result));
  const { orderNumber } = result;
  const before = String(BigInt(staged.transaction) - 1n);
  expect(await bluecherry.finishedAfter(before, NOON, aCall())).toBe(true);
  expect(await bluecherry.finishedAfter(staged.transaction, NOON, aCall())).toBe(false);

  const [found] = await bluecherry.findSalesOrdersByReference(REFERENCE, ['altPo', 'referenceField'], aCall());
  expect(found).toMatchObject({
    orderNumber,
    altPo: REFERENCE,
    referenceField: REFERENCE,
    purchaseOrder: 'PO-77812',
    customer: 'ACME01',
    store: '0001',
    warehouse: 'W01',
    startDate: '2025-11-25',
    taxFixed: true,
    shipTo: { name: 'Acme 0001', country: 'US' },
    lines: [
      { sequence: 1, ordered: 6, sku: { style: 'AC-1001', color: 'BLK', size: 'M' } },
      { sequence: 2, ordered: 2 },
    ],
  });
  expect(Number(found?.tax)).toBe(19.8);
  expect(Number(found?.total)).toBe(6 * 24 + 2 * 21.5 + 12.5 + 19.8);

  if (!found) throw new Error('not found');
  const target = withHeader(found, { reference: REFERENCE, holdCode: 'LOC', warehouse: 'W02' });
  expect(await bluecherry.replaceSalesOrder(orderNumber, target, '000000124', aCall())).toMatchObject({
    kind: 'staged',
  });
  erp.runJob('order_import');
  expect(await bluecherry.findImportResults({ controlNumber: '000000124' }, aCall())).toMatchObject([
    { kind: 'imported', orderNumber },
  ]);
  expect(await bluecherry.getSalesOrder(orderNumber, aCall())).toMatchObject({
    status: 'hold',
    holdCode: 'LOC',
    warehouse: 'W02',
    lines: [{ warehouse: 'W02' }, { warehouse: 'W02' }],
  });

  const cancel = { reasonCode: 'BUYR', by: 'customer', line: null } as const;
  const cancelled = await bluecherry.cancelSalesOrder(orderNumber, cancel, aCall());
  expect(cancelled).toMatchObject({ kind: 'staged', row: 1 });
  erp.runJob('order_import');
  expect(await bluecherry.getSalesOrder(orderNumber, aCall())).toMatchObject({
    status: 'cancelled_customer',
    lines: [{ cancelledByCustomer: 6 }, { cancelledByCustomer: 2 }],
  });
  expect(erp.liveSalesOrders(REFERENCE)).toEqual([]);
});

test.each(['numbered', 'unnumbered'] as const)(
  'writes that the ERP lists among its orders, %s, are no orders for anybody who reads',
  async (showsWrites) => {
    await start({ showsWrites });
    const [accepted, refused, waiting] = ['A', 'B', 'C'].map((last) => `01JABCDEFGHJKMNPQRSTVWXYZ${last}`);
    if (!accepted || !refused || !waiting) throw new Error('no references');
    await bluecherry.postSalesOrder(await anOrder({ reference: accepted }), '000000201', aCall());
    erp.faults.add({ kind: 'importRefused', route: 'POST /api/salesOrder', code: 'INV_TERMS' });
    await bluecherry.postSalesOrder(await anOrder({ reference: refused }), '000000202', aCall());
    erp.runJob('order_import');
    const staged = await bluecherry.postSalesOrder(await anOrder({ reference: waiting }), '000000203', aCall());
    if (staged.kind !== 'staged') throw new Error(staged.kind);

    const look = (reference: string) =>
      bluecherry.lookUp(
        { reference, placedOn: '2025-11-25', transaction: null, fields: ['altPo'], by: 'shared' },
        aCall(),
      );
    const found = await Promise.all([accepted, refused, waiting, 'X1', 'X2', 'X3'].map((reference) => look(reference)));
    expect(found.map(({ orders }) => orders.length)).toEqual([1, 0, 0, 0, 0, 0]);
    expect(found[2]?.imports).toMatchObject([{ kind: 'pending' }]);
    for (const reference of [refused, waiting])
      expect(await bluecherry.findSalesOrdersByReference(reference, ['altPo', 'referenceField'], aCall())).toEqual([]);
    const { salesOrders, unreadable } = await bluecherry.readChanges(null, aCall());
    expect([salesOrders.map(({ altPo }) => altPo), unreadable]).toEqual([[accepted], []]);
    expect(await bluecherry.glanceAtOrder(`W${staged.transaction}00`, aCall())).toBeNull();
    const booked = await bluecherry.orderBook.rows(aCall());
    expect(booked.map(({ altPo }) => altPo)).toEqual([accepted]);
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([]);
  },
);

test('an order that was replaced with another PO and another user field is what was wanted', async () => {
  await start();
  await bluecherry.postSalesOrder(await anOrder(), '000000123', aCall());
  erp.runJob('order_import');
  const [before] = await bluecherry.findSalesOrdersByReference(REFERENCE, ['altPo'], aCall());
  if (!before) throw new Error('not found');
  const target: PreparedSalesOrder = {
    ...restate(before, REFERENCE, null),
    purchaseOrder: 'PO-NEW',
    siteFields: { ...before.siteFields, udford2c: 'pi_1' },
  };
  await bluecherry.replaceSalesOrder(before.orderNumber, target, '000000124', aCall());
  erp.runJob('order_import');
  const after = await bluecherry.getSalesOrder(before.orderNumber, aCall());
  if (!after) throw new Error('not found');
  expect(matchesTarget(after, target)).toBe(true);
});

test('orders that wait together are one call to the ERP', async () => {
  await start();
  const orders = await Promise.all(['R1', 'R2', 'R3'].map((reference) => anOrder({ reference })));
  await Promise.all(orders.map((order, index) => bluecherry.postSalesOrder(order, `00000020${index}`, aCall())));
  erp.runJob('order_import');
  expect(erp.calls('POST /api/salesOrder')).toHaveLength(1);
  expect(['R1', 'R2', 'R3'].map((reference) => erp.liveSalesOrders(reference).length)).toEqual([1, 1, 1]);
});

test('one bad order of an array is refused alone, with its faults', async () => {
  await start();
  const good = await anOrder({ reference: 'GOOD' });
  const bad = await anOrder({ reference: 'BAD', terms: 'N99' });
  await Promise.all([
    bluecherry.postSalesOrder(good, '000000301', aCall()),
    bluecherry.postSalesOrder(bad, '000000302', aCall()),
  ]);
  erp.runJob('order_import');
  expect(await bluecherry.findImportResults({ reference: 'BAD' }, aCall())).toMatchObject([
    { kind: 'refused', faults: [{ code: 'INV_TERMS' }] },
  ]);
  expect(erp.liveSalesOrders('GOOD')).toHaveLength(1);
});

test('in direct mode the answer decides', async () => {
  await start({ writeMode: 'direct' }, { writeMode: 'direct' });
  const order = await anOrder();
  const outcome = await bluecherry.postSalesOrder(order, '000000123', aCall());
  expect(outcome).toMatchObject({ kind: 'decided', result: { kind: 'imported', reference: REFERENCE } });
  const refused = await bluecherry.postSalesOrder({ ...order, reference: 'R2', terms: 'N99' }, '000000124', aCall());
  expect(refused).toMatchObject({ kind: 'decided', result: { kind: 'refused', faults: [{ code: 'INV_TERMS' }] } });
});

test('a repeat with the same control number leaves the first result standing', async () => {
  await start();
  const order = await anOrder();
  await bluecherry.postSalesOrder(order, '000000123', aCall());
  await bluecherry.postSalesOrder(order, '000000123', aCall());
  erp.runJob('order_import');
  expect(erp.importLog({ reference: REFERENCE })).toHaveLength(2);
  expect(await bluecherry.findImportResults({ reference: REFERENCE }, aCall())).toMatchObject([{ kind: 'imported' }]);
});

test('what changed is told once', async () => {
  await start();
  const order = await anOrder();
  const { cursor } = await bluecherry.readChanges(null, aCall());
  await bluecherry.postSalesOrder(order, '000000123', aCall());
  erp.runJob('order_import');
  erp.advanceClock(SETTLED_MS);
  const news = await bluecherry.readChanges(cursor, aCall());
  expect(news).toMatchObject({
    imports: [{ kind: 'imported', reference: REFERENCE }],
    salesOrders: [{ altPo: REFERENCE, lines: null, isSettling: false }],
    unreadable: [],
  });
  expect(await bluecherry.readChanges(news.cursor, aCall())).toMatchObject({ imports: [], salesOrders: [] });
});

test('an order that changed within the last seconds is told again: its lines may change under the same stamp', async () => {
  await start();
  const order = await anOrder();
  const { cursor } = await bluecherry.readChanges(null, aCall());
  await bluecherry.postSalesOrder(order, '000000123', aCall());
  erp.runJob('order_import');
  const young = await bluecherry.readChanges(cursor, aCall());
  expect(young.salesOrders).toMatchObject([{ isSettling: true }]);
  erp.advanceClock(SETTLED_MS);
  const again = await bluecherry.readChanges(young.cursor, aCall());
  expect(again.salesOrders).toMatchObject([{ isSettling: false }]);
  expect((await bluecherry.readChanges(again.cursor, aCall())).salesOrders).toEqual([]);
});

test('the whole of the masters is read, and again from disk', async () => {
  await start();
  const { reference } = bluecherry;
  await reference.refresh(aCall());
  expect(await reference.findCustomer('CUST-0042', '01', aCall())).toMatchObject({ active: true, currency: 'GBP' });
  expect(await reference.findCustomer('INAC01', '02', aCall())).toMatchObject({ active: false });
  expect(await reference.findCustomer('NOBODY', '01', aCall())).toBeNull();
  expect(await reference.storesOf('CHAIN01', aCall())).toHaveLength(13);
  const closed = (await reference.storesOf('ACME01', aCall())).find(({ store }) => store === '0099');
  expect(closed).toMatchObject({ name: 'Acme Closed', active: false });
  expect(await reference.warehouses(aCall())).toHaveLength(5);
  expect((await reference.terms(aCall())).map(({ terms }) => terms)).toContain('N30');
  expect(await bluecherry.listDivisions(aCall())).toHaveLength(2);
  expect(await bluecherry.listShipVia(aCall())).toHaveLength(2);
  expect(
    await reference.findSku({ by: 'codes', codes: { style: '00123', color: 'BLK', size: 'M' } }, aCall()),
  ).toMatchObject({ kind: 'several', skus: [{ division: '01' }, { division: '02' }] });
});

test('no store is missing where the ERP cuts its pages shorter than they were asked for', async () => {
  await start({ pageCap: 5 });
  const stores = await bluecherry.reference.storesOf('CHAIN01', aCall());
  expect(new Set(stores.map(({ store }) => store)).size).toBe(13);
});

test('the other key is taken when one is revoked, and everything goes on when both were renewed', async () => {
  await start({}, { credentialProbeMs: 50 });
  erp.revokeKeys('primary');
  await bluecherry.probe(aCall());
  erp.revokeKeys('both');
  await expect(bluecherry.probe(aCall())).rejects.toMatchObject({ code: 'CREDENTIALS_REFUSED' });
  erp.restoreKeys();
  await expect
    .poll(() =>
      bluecherry.probe(aCall()).then(
        () => 'good',
        () => 'refused',
      ),
    )
    .toBe('good');
});

test('an answer lost after the ERP committed is unknown, and the import log knows', async () => {
  await start({}, { timeouts: { requestMs: 500, writeMs: 500 } });
  const order = await anOrder();
  erp.faults.add({ kind: 'answerLostAfterCommit', route: 'POST /api/salesOrder' });
  expect(await bluecherry.postSalesOrder(order, '000000123', aCall())).toMatchObject({ kind: 'unknown' });
  expect(await bluecherry.findImportResults({ reference: REFERENCE }, aCall())).toMatchObject([{ kind: 'pending' }]);
});

test.each([
  [{ kind: 'filterIgnored' }, 'FILTER_IGNORED'],
  [{ kind: 'childrenMissing' }, 'SCHEMA_DRIFT'],
  [{ kind: 'html200' }, 'UNREADABLE_ANSWER'],
  [{ kind: 'recordLocked' }, 'REC_LOCKED'],
  [{ kind: 'quota', replenishedIn: '00:00:30' }, 'QUOTA_EXHAUSTED'],
] as const)('a look-up under the fault %o fails as %s, and finds nothing by mistake', async (fault, code) => {
  await start();
  for (const [index, reference] of [REFERENCE, 'OTHER'].entries())
    await bluecherry.postSalesOrder(await anOrder({ reference }), `00000010${index}`, aCall());
  erp.runJob('order_import');
  erp.faults.add({ ...fault, route: 'GET /api/salesOrder' });
  await expect(bluecherry.findSalesOrdersByReference(REFERENCE, ['altPo'], aCall())).rejects.toMatchObject({ code });
});

test('numbers as strings are numbers', async () => {
  await start();
  await bluecherry.postSalesOrder(await anOrder(), '000000123', aCall());
  erp.runJob('order_import');
  const [plain] = await bluecherry.findSalesOrdersByReference(REFERENCE, ['altPo'], aCall());
  erp.faults.add({ kind: 'numbersAsStrings', route: 'GET /api/salesOrder' });
  const [asStrings] = await bluecherry.findSalesOrdersByReference(REFERENCE, ['altPo'], aCall());
  expect(asStrings?.lines?.map(({ ordered }) => ordered)).toEqual(plain?.lines?.map(({ ordered }) => ordered));
  expect(Number(asStrings?.tax)).toBe(Number(plain?.tax));
});

const BILLING = ['credit_check', 'allocation', 'pick_release', 'ship_confirm', 'invoicing'] as const;

/** An order that was picked, shipped and invoiced as a whole; its number and the cursor of before. */
async function anInvoicedOrder() {
  const { cursor } = await bluecherry.readChanges(null, aCall());
  await bluecherry.postSalesOrder(await anOrder(), '000000123', aCall());
  erp.runJob('order_import');
  for (const job of BILLING) erp.runJob(job);
  const [order] = await bluecherry.findSalesOrdersByReference(REFERENCE, ['altPo'], aCall());
  if (!order) throw new Error('not found');
  return { order, cursor };
}

test('pick and invoice of an order are told once, and the invoice is read with its lines', async () => {
  await start();
  const { order, cursor } = await anInvoicedOrder();
  erp.advanceClock(SETTLED_MS);
  const news = await bluecherry.readChanges(cursor, aCall());
  expect(news).toMatchObject({
    picks: [{ orderNumber: order.orderNumber, altPo: REFERENCE, referenceField: REFERENCE }],
    invoices: [{ orderNumber: order.orderNumber, isVoid: false, lines: null }],
    creditMemos: [],
    unreadable: [],
  });
  expect(await bluecherry.readChanges(news.cursor, aCall())).toMatchObject({
    picks: [],
    invoices: [],
    salesOrders: [],
  });

  const [told] = news.invoices;
  const [invoice, ...others] = await bluecherry.findInvoices({ orderNumber: order.orderNumber }, aCall());
  expect(others).toEqual([]);
  expect(invoice).toEqual({ ...told, lines: invoice?.lines });
  expect(invoice?.tracking).toHaveLength(1);
  expect(Number(invoice?.total)).toBe(Number(order.total));
  expect(invoice?.lines).toMatchObject([
    { sequence: 1, orderNumber: order.orderNumber, quantity: 6, sku: order.lines?.[0]?.sku },
    { sequence: 2, orderNumber: order.orderNumber, quantity: 2 },
  ]);
  expect(order.lines?.map(({ latestInvoice }) => latestInvoice)).toEqual([invoice?.number, invoice?.number]);
  expect(await bluecherry.findInvoices({ number: invoice?.number ?? '' }, aCall())).toEqual([invoice]);
  expect(await bluecherry.findInvoices({ number: '999999' }, aCall())).toEqual([]);
});

test('an invoice with numbers as strings is the same invoice', async () => {
  await start();
  const { order } = await anInvoicedOrder();
  const [plain] = await bluecherry.findInvoices(order, aCall());
  erp.faults.add({ kind: 'numbersAsStrings', route: 'GET /api/invoice' });
  const [asStrings] = await bluecherry.findInvoices(order, aCall());
  expect(asStrings?.lines?.map(({ quantity, sequence }) => [quantity, sequence])).toEqual([
    [6, 1],
    [2, 2],
  ]);
  expect(Number(asStrings?.total)).toBe(Number(plain?.total));
});

test('an invoice whose children do not come is not read as one of nothing', async () => {
  await start();
  const { order } = await anInvoicedOrder();
  erp.faults.add({ kind: 'childrenMissing', route: 'GET /api/invoice' });
  await expect(bluecherry.findInvoices(order, aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
  expect(await bluecherry.findInvoices(order, aCall())).toHaveLength(1);
});

test('an invoice list whose filter is ignored finds nothing by mistake', async () => {
  await start();
  const { order } = await anInvoicedOrder();
  erp.faults.add({ kind: 'filterIgnored', route: 'GET /api/invoice' });
  await expect(bluecherry.findInvoices({ number: `${order.orderNumber}9` }, aCall())).rejects.toMatchObject({
    code: 'FILTER_IGNORED',
  });
});
