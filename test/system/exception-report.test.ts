import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';

import { DateTime } from 'luxon';
import readExcelFile from 'read-excel-file/node';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { ExceptionsInShort } from '../../activities/report-exceptions.ts';
import { caseId } from '../../domain/cases/case-id.ts';
import type { ExceptionReport } from '../../domain/reports/exceptions/exception-report.ts';
import type { TiedFigures } from '../../domain/reports/exceptions/tie-day.ts';
import type { ClerkEdit } from '../../sandbox/bluecherry/surface.ts';
import type { CheckoutInput } from '../../sandbox/sparklayer/stand-in.ts';
import type { reportExceptions } from '../../workflows/index.ts';
import * as messages from '../../workflows/case-messages.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { startInstep, type Instep } from '../support/instep.ts';
import { openMailBox, withMail, type MailBox } from '../support/mail-box.ts';

const SKU = 'AC-1001-BLK-M';
const OF_DIVISION_2 = 'MN-2001-OLV-M';
const INPUT = {
  lines: [{ sku: SKU, quantity: 10, unitPrice: '20.00' }],
  shipping: { name: 'Standard shipping', net: '10.00' },
};

/*
 * A small season: orders that a clerk edited, each in one way. What the report says of them is computed once more, from
 * the stand-ins' own records and in whole cents.
 */
let instep: Instep;
let short: ExceptionsInShort;
let report: ExceptionReport;
let refused = 0;
let answersAfterMs = 0;
let box: MailBox;
const keys = new Map<string, string>();
beforeAll(async () => {
  // The warehouse's box is not open at first.
  box = await openMailBox({
    refuses: (to) => (to.startsWith('warehouse') && refused++ < 2 ? 450 : null),
    answersAfterMs: () => answersAfterMs,
  });
  instep = await startInstep({ site: (site) => ({ ...site, ...withMail(box) }) });
  keys.set('takenOver', await instep.accepted(INPUT));
  await takesOver('takenOver', { freight: '31.00' });
  keys.set('otherCustomer', await acceptedFor('CHAIN01'));
  const edits: readonly (readonly [string, ClerkEdit])[] = [
    ['quantity', { quantity: { line: 1, quantity: 7 } }],
    ['price', { price: { line: 1, price: '19.37' } }],
    ['freight', { freight: '25.00' }],
    ['tax', { tax: '1.11' }],
    ['terms', { header: { terms: 'N60' } }],
    ['warehouse', { warehouse: { line: null, location: 'W02' } }],
  ];
  for (const [name] of [...edits, ['equal'] as const]) keys.set(name, await instep.accepted(INPUT));
  for (const [name, change] of edits) instep.erp.clerkEdits(orderOf(name).ordNum, change);
  const parked = instep.checksOut({ lines: [{ sku: 'NO-SUCH-SKU', quantity: 1, unitPrice: '5.00' }] });
  await instep.pollsPurchases();
  await instep.untilAt(parked, 'parked');
  const split = { ...INPUT, lines: [...INPUT.lines, { sku: OF_DIVISION_2, quantity: 3, unitPrice: '35.00' }] };
  keys.set('split', await acceptedInTwo(split));
  keys.set('held', await instep.accepted(INPUT));
  instep.erp.setHold(orderOf('held').ordNum, 'QC');
  keys.set('blocked', await instep.accepted(INPUT));
  instep.erp.declineCredit(orderOf('blocked').ordNum);
  instep.erp.creditMemo({ ordNum: orderOf('equal').ordNum, amount: '12.34', namesOrder: false });
  keys.set('onItsWay', instep.checksOut(INPUT));
  await instep.pollsPurchases();
  await instep.untilAt(keys.get('onItsWay') ?? '', 'awaiting');
  short = await reports();
  report = JSON.parse(await readFile(fileOf('json'), 'utf8'));
}, 60_000);
afterAll(async () => {
  await instep.stop();
  await box.dies();
});

/** Of two divisions: both sales orders are taken in by one import. */
async function acceptedInTwo(input: CheckoutInput): Promise<string> {
  const key = instep.checksOut(input);
  await instep.pollsPurchases();
  await instep.until(
    key,
    (state) => state.others.length === 1 && [state, ...state.others].every(({ step }) => step.at === 'awaiting'),
  );
  await instep.imports();
  await instep.untilAt(key, 'settled');
  await instep.atRest(key);
  return key;
}

/** Placed while its buyer had no ERP customer; a person named one, and the buyer has another one by now. */
async function acceptedFor(customer: string): Promise<string> {
  const buyer = String(instep.storefront.purchase(keys.get('takenOver') ?? '')?.customer_identifiers.sparklayer);
  instep.storefront.setCustomer(buyer, { accounting_id: null });
  const key = instep.checksOut(INPUT);
  await instep.pollsPurchases();
  await instep.untilAt(key, 'parked');
  await instep.repair(key, { kind: 'replaceCustomer', customer });
  await instep.untilAt(key, 'awaiting');
  await instep.imports();
  await instep.atRest(key);
  instep.storefront.setCustomer(buyer, { accounting_id: 'CUST-0042' });
  return key;
}

/** A clerk edits it, and a person takes the ERP's version over. */
async function takesOver(name: string, edit: ClerkEdit): Promise<void> {
  const key = keys.get(name) ?? '';
  instep.erp.clerkEdits(orderOf(name).ordNum, edit);
  await instep.pollsErp();
  await instep.until(key, ({ problems }) => problems.some(({ code }) => code === 'ERP_EDIT'));
  await instep.repair(key, { kind: 'acceptErp', alsoMore: true });
  await instep.until(key, ({ problems, follow }) => problems.length === 0 && follow === null);
  await instep.atRest(key);
}

function reports(workflowId = `report-exceptions:${instep.name}:${randomUUID()}`): Promise<ExceptionsInShort> {
  return instep.client.workflow.execute<typeof reportExceptions>('reportExceptions', {
    workflowId,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, intervalSeconds: 60, override: null }],
    workflowExecutionTimeout: '60s',
  });
}

function orderOf(name: string) {
  const [order] = instep.liveOrders(keys.get(name) ?? '');
  if (!order) throw new Error(`no order for ${name}`);
  return order;
}

function fileOf(ending: string): string {
  return short.files.find((file) => file.endsWith(`.${ending}`)) ?? '';
}

const cents = (amount: unknown) => Math.round(Number(amount ?? 0) * 100);

/** What the storefront’s purchase comes to, gross, in cents. */
function storefrontCents(name: string): number {
  const parts = (instep.storefront.purchase(keys.get(name) ?? '')?.packages ?? []).flatMap((parcel) => [
    ...parcel.line_items.map(({ line_total }) => line_total),
    parcel.shipping_method?.line_total,
  ]);
  return parts.reduce((all, part) => all + cents(part?.total_gross?.number), 0);
}

const rowsOf = (section: string) => report.rows.filter((row) => row.section === section);
const differencesOf = (name: string) =>
  rowsOf('differences').filter(({ erpOrders }) => erpOrders.includes(orderOf(name).ordNum));

test('every edit of a clerk is a row of its field, and the money of an order’s rows is what the two systems differ by, to the cent', () => {
  for (const name of ['quantity', 'price', 'freight', 'tax', 'terms', 'warehouse', 'equal', 'blocked', 'held']) {
    const differs = cents(orderOf(name).total) - storefrontCents(name);
    const told = differencesOf(name).reduce((all, { money }) => all + cents(money), 0);
    expect({ name, told }).toEqual({ name, told: differs });
  }
  expect(differencesOf('quantity')).toMatchObject([
    { field: `quantity ${SKU}`, storefront: '10', erp: '7', money: '-60.00' },
  ]);
  expect(differencesOf('price')).toMatchObject([
    { field: `price ${SKU}`, storefront: '20.00', erp: '19.37', money: '-6.30' },
  ]);
  expect(differencesOf('freight')).toMatchObject([{ field: 'freight', owner: 'finance', money: '15.00' }]);
  expect(differencesOf('tax').map(({ field }) => field)).toEqual(['tax']);
  expect(differencesOf('terms')).toMatchObject([{ field: 'terms', erp: 'N60', money: '0.00' }]);
  expect(differencesOf('warehouse').map(({ owner }) => owner)).toEqual(['warehouse', 'warehouse']);
  expect(differencesOf('equal')).toEqual([]);
});

test('an order split by division is no difference, nor what a person has taken over from the ERP or said of it', () => {
  const parts = ['', '.2'].flatMap((suffix) =>
    instep.erp.liveSalesOrders(`${instep.reference(keys.get('split') ?? '')}${suffix}`),
  );
  expect(parts.map(({ division }) => division)).toEqual(['01', '02']);
  expect(differencesOf('split')).toEqual([]);
  expect(cents(orderOf('takenOver').total) - storefrontCents('takenOver')).toBe(2_100);
  expect(differencesOf('takenOver')).toEqual([]);
  expect(orderOf('otherCustomer').customer).toBe('CHAIN01');
  expect(differencesOf('otherCustomer')).toEqual([]);
});

test('blocked, parked and travelling orders, and a credit memo that belongs to nobody, are in sections of their own', () => {
  const blocked = rowsOf('blocked');
  expect(blocked.map(({ field, erpOrders }) => `${field} ${erpOrders.join()}`).toSorted()).toEqual([
    `credit ${orderOf('blocked').ordNum}`,
    `hold ${orderOf('held').ordNum}`,
  ]);
  for (const { money } of blocked) expect(cents(money)).toBe(cents(orderOf('blocked').total));
  expect(rowsOf('parked')).toMatchObject([{ field: 'SKU_UNKNOWN' }]);
  expect(rowsOf('inFlight')).toMatchObject([{ field: 'submitted', erpOrders: [], since: expect.any(String) }]);
  expect(cents(rowsOf('inFlight')[0]?.money)).toBe(storefrontCents('onItsWay'));
  expect(rowsOf('billing')).toMatchObject([{ money: '-12.34', cause: 'it names neither an order nor an invoice' }]);
});

test('rows come by money, totals are the sums of their rows, and the headline is the proof’s', () => {
  const moneys = report.rows.map(({ money }) => Math.abs(cents(money)));
  expect(moneys).toEqual(moneys.toSorted((one, other) => other - one));
  for (const { section, currency, owner, count, money } of report.totals) {
    const own = report.rows.filter(
      (row) => row.section === section && row.currency === currency && row.owner === owner,
    );
    expect(own).toHaveLength(count);
    expect(own.reduce((all, row) => all + cents(row.money), 0)).toBe(cents(money));
  }
  expect(short.headline).toBe('0 unaccounted of 14; 6 of 12 open orders differ');
});

test('value, tax and units of both sides tie out by day and currency with what the systems themselves hold', () => {
  const sent = [...keys].filter(([name]) => name !== 'onItsWay');
  const parcels = sent.flatMap(([, key]) => instep.storefront.purchase(key)?.packages ?? []);
  const lines = parcels.flatMap(({ line_items: items }) => items);
  const totals = [
    ...lines.map(({ line_total }) => line_total),
    ...parcels.map((each) => each.shipping_method?.line_total),
  ];
  const orders = sent.flatMap(([, key]) =>
    ['', '.2'].flatMap((suffix) => instep.erp.liveSalesOrders(`${instep.reference(key)}${suffix}`)),
  );
  const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0);
  const figures = ({ units, goods, freight, tax }: TiedFigures) => ({
    units,
    tax: cents(tax),
    value: sum([goods, freight, tax].map(cents)),
  });
  const today = DateTime.fromISO(report.at, { zone: instep.site.erp.zone }).toISODate();
  for (const day of [null, today]) {
    const [tied] = report.days.filter((each) => each.day === day);
    expect(tied).toMatchObject({ currency: 'GBP', purchases: 14, inErp: 12 });
    expect(tied && figures(tied.storefront)).toEqual({
      units: sum(lines.map(({ quantity }) => quantity)),
      tax: sum(totals.map((each) => cents(each?.total_tax?.number))),
      value: sum(totals.map((each) => cents(each?.total_gross?.number))),
    });
    expect(tied && figures(tied.erp)).toEqual({
      units: sum(orders.flatMap((order) => order.lines.map(({ ordered, cancelled }) => ordered - cancelled))),
      tax: sum(orders.map(({ tax }) => cents(tax))),
      value: sum(orders.map(({ total }) => cents(total))),
    });
  }
});

test('the page is whole in itself and the workbook holds the same figures as numbers', async () => {
  const page = await readFile(fileOf('html'), 'utf8');
  expect(page).toContain('Open orders that differ');
  expect(page).not.toMatch(/(src|href)="https?:\/\/(?!127\.0\.0\.1)/);
  const sheets = await readExcelFile(fileOf('xlsx'));
  const differing = sheets.find(({ sheet }) => sheet === 'Open orders that differ')?.data ?? [];
  const column = differing[0]?.indexOf('Money') ?? -1;
  const moneys = differing.slice(1).map((row) => cents(row[column]));
  expect(moneys).toEqual(rowsOf('differences').map(({ money }) => cents(money)));
});

test('each owner with an address has one mail of it, also where another’s box was not open at first', () => {
  const told = box.mails.filter(({ raw }) => raw.includes('exceptions.xlsx')).map(({ to }) => to);
  expect(told.toSorted()).toEqual(['finance@example.com', 'warehouse@example.com']);
  expect(refused).toBeGreaterThan(2);
});

test('a mail server that has a report and does not say so gets it once, and the run says that somebody should ask', async () => {
  const before = box.mails.length;
  answersAfterMs = 60_000;
  const workflowId = `report-exceptions:${instep.name}:unanswered`;
  await reports(workflowId);
  answersAfterMs = 0;
  expect(
    box.mails
      .slice(before)
      .map(({ to }) => to)
      .toSorted(),
  ).toEqual(['finance@example.com', 'warehouse@example.com']);
  const shown = await instep.client.workflow.getHandle(workflowId).query('__temporal_workflow_metadata');
  expect(JSON.stringify(shown)).toMatch(
    // Whoever’s mail was given up first stands first.
    /Sent to (finance@example\.com, warehouse@example\.com|warehouse@example\.com, finance@example\.com), and the mail server did/,
  );
});

test('a second report reads no purchase again that has not changed', async () => {
  const before = instep.storefront.calls('GET /api/v1/purchases/{id}').length;
  await reports();
  expect(instep.storefront.calls('GET /api/v1/purchases/{id}').length).toBe(before);
});

test('an invoice that the purchase does not show is told with its own amount, and the rest of its order is compared', async () => {
  const [rest] = instep.erp.liveSalesOrders(`${instep.reference(keys.get('split') ?? '')}.2`);
  if (!rest) throw new Error('no second order');
  instep.erp.setHold(rest.ordNum, 'QC');
  instep.erp.clerkEdits(rest.ordNum, { freight: '99.00' });
  for (const job of ['allocation', 'pick_release', 'ship_confirm', 'invoicing'] as const) instep.erp.runJob(job);
  const invoices = instep.erp.invoices();
  expect(invoices.length).toBeGreaterThan(0);
  short = await reports();
  report = JSON.parse(await readFile(fileOf('json'), 'utf8'));
  const told = rowsOf('billing').filter(({ cause }) => cause === 'the purchase does not show it');
  const figures = (rows: readonly (readonly [string, unknown])[]) =>
    rows.map(([number, money]) => `${number} ${cents(money)}`).toSorted();
  expect(figures(told.map(({ field, money }) => [field, money]))).toEqual(
    figures(invoices.map(({ number, total }) => [`invoice ${number}`, total])),
  );
  const ofRest = rowsOf('differences').filter(({ erpOrders }) => erpOrders.includes(rest.ordNum));
  expect(ofRest.map(({ field, money }) => [field, cents(money)])).toEqual([['freight', 9_900 - cents(rest.freight)]]);
  expect(report.notLookedAt).toEqual([]);
});

test('a difference is as old as its case, however late the order was touched; a hold of Instep’s own is its review’s', async () => {
  const key = await instep.accepted(INPUT);
  keys.set('seen', key);
  instep.erp.clerkEdits(orderOf('seen').ordNum, { freight: '25.00' });
  await instep.pollsErp();
  await instep.until(key, ({ problems }) => problems.some(({ code }) => code === 'ERP_EDIT'));
  const id = caseId({ site: instep.name, code: 'ERP_EDIT', key });
  const glance = () => instep.client.workflow.getHandle(id).query(messages.glance);
  const { openedAt } = await vi.waitFor(glance, 10_000);
  keys.set('own hold', await instep.accepted({ ...INPUT, location: 'pop-up-store' }));
  // It is touched a minute later, by the ERP's clock.
  instep.erp.advanceClock(60_000);
  const touchedAt = instep.erp.now().getTime();
  instep.erp.clerkEdits(orderOf('seen').ordNum, { freight: '26.00' });
  short = await reports();
  report = JSON.parse(await readFile(fileOf('json'), 'utf8'));
  const since = Date.parse(differencesOf('seen')[0]?.since ?? '');
  expect(Math.abs(since - Date.parse(openedAt))).toBeLessThan(1_000);
  expect(since).toBeLessThan(touchedAt - 1_000);
  const own = rowsOf('blocked').filter(({ erpOrders }) => erpOrders.includes(orderOf('own hold').ordNum));
  expect(own).toMatchObject([{ field: 'hold', owner: 'warehouse', mend: expect.stringContaining('remap') }]);
});

test('a purchase that the storefront refuses to show stops no report, which says that it was not looked at', async () => {
  const key = keys.get('equal') ?? '';
  const number = String(instep.storefront.purchase(key)?.purchase_identifiers.visible);
  instep.storefront.touch(key);
  const route = `GET /api/v1/purchases/sparklayer/${key}`;
  const recovers = instep.storefront.faults.add({ kind: 'status', status: 403, route, times: 99 });
  short = await reports();
  report = JSON.parse(await readFile(fileOf('json'), 'utf8'));
  expect(report.notLookedAt).toEqual([`${number}: its purchase cannot be read.`]);
  recovers();
});
