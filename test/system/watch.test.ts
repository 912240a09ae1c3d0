import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

import { DateTime } from 'luxon';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createTellCasesActivities } from '../../activities/tell-cases.ts';
import type { WatchReport } from '../../activities/watch-site.ts';
import type { Site } from '../../config/site.ts';
import { caseId } from '../../domain/cases/case-id.ts';
import type { Finding } from '../../domain/findings.ts';
import type { ProblemCode } from '../../domain/problems.ts';
import type { UnconfirmedOrder } from '../../domain/watch/judge-unconfirmed.ts';
import { createCaseWorkflows } from '../../workers/case-workflows.ts';
import { applySchedules, FEED_NAMES, scheduleId } from '../../workers/schedules.ts';
import { createSitePulse } from '../../workers/site-pulse.ts';
import type { FeedInput } from '../../workflows/feed-steps.ts';
import type { watchSite } from '../../workflows/index.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { startInstep, type Instep } from '../support/instep.ts';

const SKU = 'AC-1001-BLK-M';
const HOUR_MS = 3_600_000;
const LATE_MS = 1_500;
const FEED = { location: 'warehouse-1', from: [{ division: '01', warehouse: 'W01' }] };

let instep: Instep;
beforeAll(async () => {
  instep = await startInstep({ site: unhurried });
  await applySchedules(instep.client, instep.site);
});
afterAll(async () => {
  const gone = FEED_NAMES.map((feed) =>
    schedule(feed)
      .delete()
      .catch(() => undefined),
  );
  await Promise.all(gone);
  await instep.stop();
});

/** No schedule runs by itself while the tests do. */
function unhurried(made: Site): Site {
  const daily = {
    when: { kind: 'every', seconds: 86_400 },
    between: null,
    jitterSeconds: 0,
    catchUpSeconds: 10,
  } as const;
  const { feeds } = made.schedules;
  const slow = { proveCompleteness: daily, watchSite: daily, syncInventory: daily, checkDrift: daily };
  return {
    ...made,
    intake: { ...made.intake, intervalSeconds: 86_400 },
    erpPoll: { intervalSeconds: 86_400 },
    sweep: { intervalMinutes: 1_440 },
    stock: { ...made.stock, writes: 'on', feeds: [FEED] },
    schedules: { ...made.schedules, feeds: { ...feeds, ...slow } },
    watch: { ...made.watch, rhythmWeeks: 2, unconfirmedMinutes: { late: LATE_MS / 60_000, overdue: 120 } },
  };
}

const schedule = (feed: (typeof FEED_NAMES)[number]) => instep.client.schedule.getHandle(scheduleId(feed, instep.name));

function runs(type: 'watchSite' | 'proveCompleteness' | 'syncInventory') {
  return instep.client.workflow.execute(type, look(instep.name));
}

/** A run of a feed, besides its schedule. */
function look(site: string) {
  const args: [FeedInput] = [{ site, intervalSeconds: 60, override: null }];
  return {
    workflowId: `feed:${site}:${randomUUID()}`,
    taskQueue: ordersQueue(site),
    args,
    workflowExecutionTimeout: '60s',
  } as const;
}

const watches = (): Promise<WatchReport> => runs('watchSite');
const codesOf = ({ findings }: WatchReport) => findings.map(({ code, key }) => `${code} ${key}`.trim());
const isOpen = async (code: ProblemCode, key: string) => {
  const id = caseId({ site: instep.name, code, key });
  return (await instep.client.workflow.getHandle(id).describe()).status.name === 'RUNNING';
};

test('a paused schedule and a missing one alarm, with who paused it, and are over when they run again', async () => {
  expect(codesOf(await watches())).toEqual([]);
  await schedule('poll-erp-documents').pause('the ERP is being moved (anna)');
  await schedule('sweep-purchases').delete();
  const report = await watches();
  expect(codesOf(report)).toEqual(['SCHEDULE_PAUSED poll-erp-documents', 'SCHEDULE_MISSING sweep-purchases']);
  expect(report.findings[0]?.says).toContain('the ERP is being moved (anna)');
  expect(await isOpen('SCHEDULE_PAUSED', 'poll-erp-documents')).toBe(true);

  await schedule('poll-erp-documents').unpause();
  await applySchedules(instep.client, instep.site);
  expect(codesOf(await watches())).toEqual([]);
  await instep.client.workflow
    .getHandle(caseId({ site: instep.name, code: 'SCHEDULE_PAUSED', key: 'poll-erp-documents' }))
    .result();
});

test('a feed that the site turned off loses its cases, and one that is on keeps what it found with it', async () => {
  const cases = createCaseWorkflows(instep.client, instep.name);
  const tell = createTellCasesActivities({ site: instep.name, cases });
  const finding = (key: string): Finding => ({
    code: 'PRICE_INVALID',
    key,
    says: `Prices of ${key}.`,
    count: 1,
    concerns: [],
    value: null,
  });
  await tell.reportFindings({ source: 'sync-prices', findings: [finding('retail'), finding('outlet')] });
  await tell.reportFindings({ source: 'sync-inventory', findings: [finding('outlet')] });
  const sources = () => cases.openSources(['sync-']);
  // Searching shows a case a moment late.
  let open = await sources();
  while (open.size < 2) open = await sources();

  const { checks, findings } = await watches();
  expect(findings).toEqual([]);
  expect(checks.filter(({ source }) => source.startsWith('sync-'))).toEqual([{ source: 'sync-prices', findings: [] }]);
  await instep.client.workflow.getHandle(caseId({ site: instep.name, code: 'PRICE_INVALID', key: 'retail' })).result();
  expect(await isOpen('PRICE_INVALID', 'outlet')).toBe(true);

  while (open.has('sync-prices')) open = await sources();
  expect((await watches()).checks.map(({ source }) => source)).not.toContain('sync-prices');
  await tell.reportFindings({ source: 'sync-inventory', findings: [] });
});

test('an accepted order that the warehouse cannot fill is named before the pick, and the older one is served first', async () => {
  await runs('syncInventory');
  const small = await instep.accepted({ lines: [{ sku: SKU, quantity: 1, unitPrice: '20.00' }] });
  const large = await instep.accepted({ lines: [{ sku: SKU, quantity: 50_000, unitPrice: '20.00' }] });
  await runs('proveCompleteness');
  const { findings } = await watches();
  const oversold = findings.find(({ code }) => code === 'ORDER_OVERSOLD');
  expect(oversold?.concerns).toHaveLength(1);
  expect(oversold?.concerns[0]).toContain(instep.liveOrders(large)[0]?.ordNum ?? 'none');
  expect(oversold?.concerns[0]).not.toContain(instep.liveOrders(small)[0]?.ordNum ?? 'none');
  expect(Number(oversold?.value)).toBeGreaterThan(20 * 40_000);
});

const ordersIn = ({ checks }: WatchReport) => checks.find(({ source }) => source === 'watch-orders')?.findings;

test('an order that the ERP does not accept in time is told with its money, and no more once it is accepted', async () => {
  const key = instep.checksOut({ lines: [{ sku: SKU, quantity: 2, unitPrice: '20.00' }] });
  await instep.pollsPurchases();
  await instep.untilAt(key, 'awaiting');
  await pause(LATE_MS);
  const [finding, ...others] = ordersIn(await watches()) ?? [];
  expect(others).toEqual([]);
  const { total, currency } = (await instep.state(key)).facts;
  expect(finding).toMatchObject({ code: 'UNCONFIRMED_LATE', count: 1, value: total });
  expect(finding?.concerns[0]).toContain(`${total} ${currency}`);
  await instep.imports();
  await instep.untilAt(key, 'settled');
  expect(ordersIn(await watches())).toEqual([]);
});

test('an order that was parked is on its way since it was mended, not since it came in', async () => {
  const key = instep.checksOut({ lines: [{ sku: 'NO-SUCH-SKU', quantity: 1, unitPrice: '20.00' }] });
  await instep.pollsPurchases();
  await instep.untilAt(key, 'parked');
  const mendedAt = new Date().toISOString();
  instep.storefront.amend(key, (purchase) => {
    for (const parcel of purchase.packages) for (const line of parcel.line_items) line.identifiers.sku = SKU;
  });
  await instep.pollsPurchases();
  await instep.untilAt(key, 'awaiting');
  const onTheWay = async (): Promise<UnconfirmedOrder | undefined> => {
    for await (const order of createSitePulse(instep.client, instep.site).unconfirmed(new Date().toISOString()))
      return order;
    return undefined;
  };
  // Searching shows an order a moment late.
  let order = await onTheWay();
  while (order?.stage !== 'submitted') order = await onTheWay();
  expect(order.since > mendedAt).toBe(true);
  await instep.imports();
  await instep.untilAt(key, 'settled');
});

test('in the freeze window of the ERP, in which nothing is sent, no order is late', async () => {
  const hour = (hours: number) =>
    DateTime.now().setZone(instep.site.erp.zone).plus({ hours }).startOf('hour').toFormat('HH:mm');
  const frozen = await startInstep({
    site: (made) => ({ ...unhurried(made), erp: { ...made.erp, freezeWindow: { from: hour(-1), to: hour(2) } } }),
  });
  try {
    const key = frozen.checksOut({ lines: [{ sku: SKU, quantity: 2, unitPrice: '20.00' }] });
    await frozen.pollsPurchases();
    await frozen.untilAt(key, 'pausing');
    await pause(LATE_MS);
    const report = await frozen.client.workflow.execute<typeof watchSite>('watchSite', look(frozen.name));
    expect(report.stats['unconfirmed']).toBe(1);
    expect(ordersIn(report)).toEqual([]);
  } finally {
    await frozen.stop();
  }
});

test('purchases that the platform does not confirm are told with their money, and no more once they are confirmed', async () => {
  const keys = Array.from({ length: 40 }, (_, index) =>
    instep.checksOut({
      lines: [{ sku: SKU, quantity: 1, unitPrice: '20.00' }],
      type: 'order_unconfirmed',
      placedAt: new Date(Date.now() - (5 * 24 + index / 60) * HOUR_MS).toISOString(),
    }),
  );
  const ofWaiting = ({ checks }: WatchReport) => checks.find(({ source }) => source === 'watch-waiting')?.findings;
  const [finding, ...others] = ofWaiting(await watches()) ?? [];
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ code: 'PURCHASE_UNCONFIRMED', count: 40 });
  expect(finding?.concerns[0]).toContain('5 days');
  expect(Number(finding?.value)).toBeGreaterThanOrEqual(40 * 20);

  // A storefront that cannot be asked proves nothing: the case stays open.
  const mended = instep.storefront.faults.add({
    kind: 'status',
    status: 400,
    route: 'GET /api/v1/purchases',
    times: 100,
  });
  expect(ofWaiting(await watches())).toBeUndefined();
  expect(await isOpen('PURCHASE_UNCONFIRMED', '')).toBe(true);
  mended();

  for (const key of keys) instep.storefront.setType(key, 'order');
  expect(ofWaiting(await watches())).toEqual([]);
  await instep.client.workflow.getHandle(caseId({ site: instep.name, code: 'PURCHASE_UNCONFIRMED', key: '' })).result();
});

test('a feed that fails alarms with its reason, and a storefront that refuses the credentials is a broken intake', async () => {
  const mended = instep.storefront.faults.add({ kind: 'unauthorized', route: 'GET /api/v1/purchases', times: 100 });
  await schedule('poll-purchases').trigger();
  const report = await untilFound('FEED_FAILED poll-purchases');
  expect(report.findings.find(({ code }) => code === 'FEED_FAILED')?.says).toContain('refuses the client id');
  expect(codesOf(report)).toContain('INTAKE_BROKEN');
  mended();
});

test('a storefront in which nobody buys any more is quiet, not broken, and costs the ERP no call', async () => {
  const quiet = await startInstep({ site: unhurried });
  try {
    for (let hours = 48; hours < 14 * 24; hours += 2)
      quiet.checksOut({
        lines: [{ sku: SKU, quantity: 1, unitPrice: '20.00' }],
        placedAt: new Date(Date.now() - hours * HOUR_MS).toISOString(),
      });
    const report = await quiet.client.workflow.execute<typeof watchSite>('watchSite', look(quiet.name));
    expect(report.checks.find(({ source }) => source === 'watch-intake')?.findings).toMatchObject([
      { code: 'STOREFRONT_QUIET', says: expect.stringContaining('the intake is not broken') },
    ]);
    for (const route of ['GET /api/salesOrder', 'GET /api/inventory', 'GET /api/importLog'])
      expect(quiet.erp.calls(route)).toEqual([]);
  } finally {
    await quiet.stop();
  }
});

async function untilFound(wanted: string): Promise<WatchReport> {
  for (let round = 0; round < 100; round++) {
    const report = await watches();
    if (codesOf(report).includes(wanted)) return report;
    await pause(50);
  }
  throw new Error(`never found: ${wanted}`);
}
