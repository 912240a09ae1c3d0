import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DateTime } from 'luxon';
import readExcelFile from 'read-excel-file/node';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';

import type { MonthEndReport } from '../../activities/report-month-end.ts';
import { caseId } from '../../domain/cases/case-id.ts';
import type { MonthEndPack } from '../../domain/reports/month-end/month-end-pack.ts';
import { runFeedNow } from '../../scripts/run-feed.ts';
import type { proveCompleteness, reportMonthEnd } from '../../workflows/index.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import * as messages from '../../workflows/case-messages.ts';
import { startInstep, type Instep } from '../support/instep.ts';
import { runCli } from '../support/cli.ts';
import { openMailBox, withMail, type MailBox } from '../support/mail-box.ts';
import { writeSiteFile } from '../support/site-file.ts';

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];
const SHIPPING = { name: 'Standard shipping', net: '10.00' };

/*
 * A small month with one order of each fate. What its pack must say is computed here once more, in whole cents, from the
 * stand-ins' own records.
 */
let box: MailBox;
let instep: Instep;
let thisMonth: string;
let lastMonth: string;
const keys: Record<'shipped' | 'edited' | 'agreed' | 'lost' | 'carried' | 'orphan' | 'cancelled' | 'waiting', string> =
  {
    shipped: '',
    edited: '',
    agreed: '',
    lost: '',
    carried: '',
    orphan: '',
    cancelled: '',
    waiting: '',
  };
let orphanNumber: string;
let memo: string;
let before: MonthEndPack;
let report: MonthEndReport;
let pack: MonthEndPack;

beforeAll(async () => {
  box = await openMailBox();
  instep = await startInstep({ site: (site) => ({ ...site, ...withMail(box) }) });
  const today = DateTime.fromJSDate(instep.erp.now(), { zone: instep.site.erp.zone });
  thisMonth = today.toFormat('yyyy-MM');
  lastMonth = today.minus({ months: 1 }).toFormat('yyyy-MM');
  keys.carried = await instep.accepted({
    lines: LINES,
    shipping: SHIPPING,
    placedAt: `${lastMonth}-15T12:00:00+00:00`,
  });
  before = await packOf(await closes(lastMonth));
  await proves();

  keys.shipped = await instep.accepted({ lines: LINES, shipping: SHIPPING });
  await instep.ships();
  await instep.atRest(keys.shipped);
  await instep.atRest(keys.carried);
  keys.edited = await instep.accepted({ lines: LINES, shipping: SHIPPING });
  keys.agreed = await instep.accepted({ lines: LINES, shipping: SHIPPING });
  instep.erp.clerkEdits(numberOf(keys.agreed), { freight: '31.00' });
  await instep.pollsErp();
  await takesOver(keys.agreed);
  keys.lost = await instep.accepted({ lines: LINES });
  keys.orphan = await instep.accepted({ lines: LINES });
  keys.cancelled = instep.checksOut({ lines: LINES });
  instep.storefront.cancel(keys.cancelled);
  keys.waiting = instep.checksOut({ lines: LINES, currency: 'USD' });
  // What the last poll told them is read by now: what comes next nobody tells them.
  for (const key of [keys.edited, keys.lost, keys.orphan]) await instep.atRest(key);
  instep.erp.clerkEdits(numberOf(keys.edited), { price: { line: 1, price: '18.00' }, freight: '15.00' });
  instep.erp.clerkEdits(numberOf(keys.lost), { cancel: { line: null } });
  orphanNumber = numberOf(keys.orphan);
  instep.storefront.remove(keys.orphan);
  const ordNum = numberOf(keys.shipped);
  const [invoice] = instep.erp.invoices({ ordNum });
  memo = instep.erp.creditMemo({
    ordNum,
    invoice: invoice?.number ?? '',
    lines: [{ line: 1, quantity: 2 }],
    tax: '8.00',
  });

  report = await closes(thisMonth);
  pack = await packOf(report);
});
afterAll(async () => {
  await instep.stop();
  await box.dies();
});

function numberOf(key: string): string {
  return instep.liveOrders(key)[0]?.ordNum ?? '';
}

/** A person takes over what the ERP has of an order. */
async function takesOver(key: string): Promise<void> {
  await instep.until(key, ({ problems }) => problems.some(({ code }) => code === 'ERP_EDIT'));
  await instep.repair(key, { kind: 'acceptErp', alsoMore: true });
  await instep.until(key, ({ problems, follow }) => problems.length === 0 && follow === null);
  await instep.atRest(key);
}

/** Proves completeness, and waits until a search shows that: by one the pack finds the last proof. */
async function proves(): Promise<void> {
  await runFeedNow<typeof proveCompleteness>(instep.client, instep.site, 'prove-completeness');
  const query = `Site = '${instep.name}' AND WorkflowType = 'proveCompleteness' AND ExecutionStatus = 'Completed'`;
  await vi.waitFor(async () => expect((await instep.client.workflow.count(query)).count).toBe(1), 10_000);
}

/** Without a month as the schedule does it. */
function closes(month?: string): Promise<MonthEndReport> {
  return instep.client.workflow.execute<typeof reportMonthEnd>('reportMonthEnd', {
    workflowId: `month-end:${instep.name}:${randomUUID()}`,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, ...(month === undefined ? {} : { month }) }],
    workflowExecutionTimeout: '60s',
  });
}

async function packOf({ files }: MonthEndReport): Promise<MonthEndPack> {
  return JSON.parse(await readFile(files.find((file) => file.endsWith('.json')) ?? '', 'utf8'));
}

const cents = (text: unknown) => Math.round(Number(text ?? 0) * 100);
const money = (of: number) => (of / 100).toFixed(2);

/** Net, freight and tax of the packages of some types, in cents. */
function inStorefront(key: string, types: readonly string[]): number {
  return (instep.storefront.purchase(key)?.packages ?? [])
    .filter(({ type }) => types.includes(type))
    .flatMap(({ line_items, shipping_method }) => [
      ...line_items.map(({ line_total }) => line_total),
      shipping_method?.line_total,
    ])
    .reduce((sum, total) => sum + cents(total?.total_gross?.number), 0);
}

const ordered = (key: string) => inStorefront(key, ['incoming', 'shipment', 'cancellation']);

/** What is not cancelled of an order of the ERP, in cents; none of the test's is cancelled in part. */
function inErp(ordNum: string): number {
  const [order] = instep.erp.salesOrders({ ordNum });
  if (!order || order.lines.every(({ cancelled, ordered: units }) => cancelled === units)) return 0;
  const goods = order.lines.reduce((sum, { price, ordered: units }) => sum + cents(price) * units, 0);
  return goods + cents(order.freight) + cents(order.tax) - cents(order.discount);
}

const erpNumber = (key: string) => instep.erp.salesOrders({ reference: instep.reference(key) })[0]?.ordNum ?? '';
const invoiced = (key: string) =>
  instep.erp.invoices({ ordNum: erpNumber(key) }).reduce((sum, { total }) => sum + cents(total), 0);

function totalsOf(currency: string) {
  return report.ledgers.find((ledger) => ledger.currency === currency)?.totals;
}

test('every total agrees to the cent with what the two systems’ own records come to', () => {
  const inOurs = [keys.shipped, keys.edited, keys.agreed, keys.lost, keys.carried];
  const mine = [keys.shipped, keys.edited, keys.agreed, keys.lost, keys.cancelled];
  const invoices = invoiced(keys.shipped) + invoiced(keys.carried);
  const closing = [...inOurs, keys.orphan].reduce((sum, key) => sum + inErp(erpNumber(key)) - invoiced(key), 0);
  const differs = (key: string) => inErp(erpNumber(key)) - ordered(key);
  expect(invoices).toBeGreaterThan(0);
  expect(totalsOf('GBP')).toEqual({
    opening: money(ordered(keys.carried)),
    placed: money(mine.reduce((sum, key) => sum + ordered(key), 0)),
    amended: '0.00',
    cancelled: money(-ordered(keys.cancelled)),
    invoiced: money(-invoices),
    explained: money(differs(keys.agreed) + differs(keys.lost)),
    unexplained: money(inErp(orphanNumber) + differs(keys.edited)),
    closing: money(closing),
    credited: '-48.00',
    creditedBackdated: '0.00',
  });
  expect(totalsOf('USD')).toMatchObject({
    placed: money(ordered(keys.waiting)),
    closing: money(ordered(keys.waiting)),
    explained: '0.00',
    unexplained: '0.00',
  });
  expect(report.failed).toEqual([]);
});

test('every difference has a line with its cause, its money and its owner; explained is only what is on record', () => {
  const lines = pack.differences.map(({ key, cause, isExplained, owner, parts: { goods, freight, tax } }) => ({
    key,
    cause,
    isExplained,
    owner,
    parts: [goods, freight, tax],
  }));
  const noTax = money(-cents(instep.erp.salesOrders({ ordNum: erpNumber(keys.lost) })[0]?.tax));
  expect(lines).toHaveLength(5);
  expect(lines).toEqual(
    expect.arrayContaining([
      { key: keys.edited, cause: 'prices', isExplained: false, owner: 'finance', parts: ['-20.00', '0.00', '0.00'] },
      { key: keys.edited, cause: 'freight', isExplained: false, owner: 'finance', parts: ['0.00', '5.00', '0.00'] },
      { key: keys.agreed, cause: 'agreed', isExplained: true, owner: null, parts: ['0.00', '21.00', '0.00'] },
      { key: keys.lost, cause: 'cancelledInErp', isExplained: true, owner: null, parts: ['-200.00', '0.00', noTax] },
      {
        key: keys.orphan,
        cause: 'noPurchase',
        isExplained: false,
        owner: 'ecommerce',
        parts: ['200.00', '0.00', '40.00'],
      },
    ]),
  );
  expect(report.unexplained).toBe(3);
});

test('what nothing explains is a case of finance, with its money', async () => {
  const value = money(inErp(orphanNumber) + 2_000 + 500);
  const unexplained = { code: 'MONTH_NOT_TIED', key: thisMonth, count: 2, value };
  expect(report.findings).toMatchObject([unexplained]);
  const found = instep.client.workflow.getHandle(caseId({ site: instep.name, ...unexplained, code: 'MONTH_NOT_TIED' }));
  expect(await found.query(messages.glance)).toMatchObject({ owner: 'finance', severity: 'high', count: 2 });
  expect(before.differences).toEqual([]);
  expect(box.mails.filter(({ raw }) => raw.includes('month-end.xlsx'))).toEqual([]);
});

test('a month opens with the signed closing of the one before', () => {
  expect(before.carried.map(({ key }) => key)).toEqual([keys.carried]);
  expect(pack.before).toEqual({ month: lastMonth, revision: 1, sha256: before.sha256 });
  expect(pack.checks.filter(({ says }) => says.includes(lastMonth)).map(({ holds }) => holds)).toEqual([true, true]);
});

test('invoices are held against the shipments that the storefront shows, and credits are named', () => {
  const standings = pack.invoices.map(({ key, standing, total }) => [key, standing, total]);
  expect(standings).toEqual(
    expect.arrayContaining([
      [keys.shipped, 'agrees', money(invoiced(keys.shipped))],
      [keys.carried, 'agrees', money(invoiced(keys.carried))],
    ]),
  );
  expect(pack.credits).toMatchObject([{ number: memo, key: keys.shipped, parts: { goods: '40.00', tax: '8.00' } }]);
});

test('the page shows each total with its digest, and nothing of it is loaded from elsewhere', async () => {
  const page = await readFile(report.files.find((file) => file.endsWith('.html')) ?? '', 'utf8');
  for (const { columns } of pack.ledgers) expect(page).toContain(columns.closing.sha256);
  expect(page).toContain(pack.sha256);
  expect(page).not.toMatch(/(?:src|href)="https?:/);
  expect(instep.erp.contractViolations()).toEqual([]);
  expect(instep.storefront.contractViolations()).toEqual([]);
});

test('the workbook has the same closing as numbers, tax and freight apart', async () => {
  const sheets = await readExcelFile(report.files.find((file) => file.endsWith('.xlsx')) ?? '');
  const totals = sheets.find(({ sheet }) => sheet === 'Totals')?.data ?? [];
  for (const { currency, columns } of pack.ledgers) {
    const { closing } = columns;
    const row = totals.find(([of, name]) => of === currency && name === 'closing');
    const amounts = [closing.goods, closing.freight, closing.tax, closing.total].map(Number);
    expect(row?.slice(4)).toEqual([...amounts, closing.sha256]);
  }
});

test('from a terminal: the totals, a copy of the files, and exit code 1 for what is unexplained', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'instep-month-end-'));
  const { file } = await writeSiteFile(folder, instep.name, instep);
  const args = ['--month', thisMonth, '--site', file, '--out', join(folder, 'out')];
  const { code, out } = await runCli(inject('temporal').address, 'report', 'month-end', ...args).ended;
  expect(code).toBe(1);
  expect(out).toContain(
    `0 unaccounted of 1; Month-end ${thisMonth}, revision 2, so far: 3 differences are unexplained, 0 invoices differ, 0 checks fail`,
  );
  expect(out).toContain(totalsOf('GBP')?.closing ?? 'nothing');
  const copied: MonthEndPack = JSON.parse(await readFile(join(folder, 'out', 'month-end.r2.json'), 'utf8'));
  expect(copied.ledgers).toEqual(pack.ledgers);
  const kept = report.files.find((file) => file.endsWith('.json')) ?? '';
  expect(JSON.parse(await readFile(kept, 'utf8'))).toEqual(pack);
  await rm(folder, { recursive: true });
});

test('the schedule names no month: it closes the one before, and finance has the pack by mail', async () => {
  const scheduled = await closes();
  expect(scheduled).toMatchObject({ month: lastMonth, revision: 2, isOver: true });
  const packs = box.mails.filter(({ raw }) => raw.includes('month-end.r2.xlsx'));
  expect(packs.map(({ to }) => to)).toEqual(['finance@example.com']);
  expect(packs[0]?.raw).toContain(`Month-end ${lastMonth}, revision 2`);
});

test('when everything is agreed or gone the month ties', async () => {
  instep.erp.clerkEdits(orphanNumber, { cancel: { line: null } });
  await instep.pollsErp();
  await takesOver(keys.edited);
  const tied = await closes(thisMonth);
  expect(tied).toMatchObject({ unexplained: 0, disputed: 0, failed: [], findings: [] });
});

test('a purchase that the storefront refuses to show stops no pack, which names it', async () => {
  instep.storefront.touch(keys.shipped);
  const route = `GET /api/v1/purchases/sparklayer/${keys.shipped}`;
  const recovers = instep.storefront.faults.add({ kind: 'status', status: 403, route, times: 99 });
  expect(await packOf(await closes(thisMonth))).toMatchObject({ notRead: [keys.shipped] });
  recovers();
});
