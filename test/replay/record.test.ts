import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';

import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { expect, test } from 'vitest';

import { caseId } from '../../domain/cases/case-id.ts';
import type { CaseState } from '../../domain/cases/case-state.ts';
import { createAlertDigests } from '../../workers/alert-digests.ts';
import type { actOnOrders } from '../../workflows/act-on-orders.ts';
import * as caseMessages from '../../workflows/case-messages.ts';
import * as workflows from '../../workflows/index.ts';
import type { LoadSiteInput } from '../../workflows/load-site.ts';
import * as messages from '../../workflows/messages.ts';
import { ordersQueue, orderWorkflowId } from '../../workflows/task-queues.ts';
import { someNews } from '../support/case-news.ts';
import { startInstep, type Instep } from '../support/instep.ts';

const FOLDER = new URL('./histories/', import.meta.url);
const SKU = 'AC-1001-BLK-M';
const LINES = [{ sku: SKU, quantity: 2, unitPrice: '20.00' }];
const ONE = 'GET /api/v1/purchases/{id}';

// `npm run record`, when a version is released: writes the histories that later versions must still replay.
test.runIf(process.env['INSTEP_RECORD'])('records the histories of a release', { timeout: 240_000 }, async () => {
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER, { recursive: true });
  // A credit period that a recording can wait for.
  const instep = await startInstep({
    site: (site) => ({ ...site, pacing: { ...site.pacing, creditPeriod: 2_000 } }),
  });
  try {
    await comingIn(instep);
    await troubleOnTheWayIn(instep);
    await editsOfBothSides(instep);
    await goodsAndMoney(instep);
    await freshHistories(instep);
    await feedsAndBulk(instep);
    await firstLoad(instep);
    await casesOfTrouble(instep);
    expect(readdirSync(FOLDER)).not.toEqual([]);
  } finally {
    await instep.stop();
  }
});

async function comingIn(instep: Instep): Promise<void> {
  instep.storefront.faults.add({ route: ONE, kind: 'hang', ms: 1_000, times: 1 });
  const early = instep.checksOut({ lines: LINES });
  await instep.pollsPurchases();
  await instep.untilAt(early, 'toPrepare');
  await keep(instep, 'received', early);
  await instep.untilAt(early, 'awaiting');
  await keep(instep, 'submitted', early);
  await instep.imports();
  await instep.atRest(early);
  await keep(instep, 'straight-through', early);

  const split = instep.checksOut({ lines: [...LINES, { sku: 'MN-2001-OLV-M', quantity: 1, unitPrice: '5.00' }] });
  await instep.pollsPurchases();
  await instep.until(split, ({ step, others }) => step.at === 'awaiting' && others[0]?.step.at === 'awaiting');
  await instep.imports();
  await instep.atRest(split);
  await keep(instep, 'split-by-division', split);
}

async function troubleOnTheWayIn(instep: Instep): Promise<void> {
  const parked = instep.checksOut({ lines: [{ sku: 'NO-SUCH-SKU', quantity: 1, unitPrice: '5.00' }] });
  await instep.pollsPurchases();
  await instep.untilAt(parked, 'parked');
  await keep(instep, 'parked', parked);
  await instep.repair(parked, { kind: 'cancel' });
  await instep.handle(parked).result();
  await keep(instep, 'parked-and-cancelled', parked);

  instep.erp.faults.add({ route: 'POST /api/salesOrder', kind: 'answerLostAfterCommit', times: 1 });
  const lost = instep.checksOut({ lines: LINES });
  await instep.pollsPurchases();
  await instep.untilAt(lost, 'unknown');
  await instep.imports();
  await instep.untilAt(lost, 'settled');
  await keep(instep, 'answer-lost', lost);

  const held = await instep.accepted({ lines: LINES, location: 'pop-up-store' });
  await keep(instep, 'default-warehouse-held', held);
  await instep.repair(held, { kind: 'release' });
  await instep.untilAt(held, 'replacing');
  await instep.imports();
  await instep.until(held, ({ step, problems }) => step.at === 'settled' && problems.length === 0);
  await keep(instep, 'default-warehouse-released', held);
}

async function editsOfBothSides(instep: Instep): Promise<void> {
  const amended = await instep.accepted({ lines: LINES });
  instep.storefront.setQuantity(amended, SKU, 1);
  await instep.pollsPurchases();
  await instep.untilAt(amended, 'replacing');
  await keep(instep, 'replacing', amended);
  await instep.imports();
  await instep.atRest(amended);
  await keep(instep, 'amended', amended);

  const edited = await instep.accepted({ lines: LINES });
  instep.erp.clerkEdits(numberOf(instep, edited), { quantity: { line: 1, quantity: 1 } });
  await instep.pollsErp();
  await instep.until(edited, ({ problems }) => problems.some(({ code }) => code === 'ERP_EDIT'));
  await instep.repair(edited, { kind: 'acceptErp', alsoMore: false });
  await instep.until(edited, ({ problems, follow }) => problems.length === 0 && follow === null);
  await keep(instep, 'erp-edit-accepted', edited);

  const pushed = await instep.accepted({ lines: LINES });
  instep.erp.clerkEdits(numberOf(instep, pushed), { freight: '25.00' });
  await instep.pollsErp();
  await instep.until(pushed, ({ problems }) => problems.some(({ code }) => code === 'ERP_EDIT'));
  await instep.repair(pushed, { kind: 'pushStorefront' });
  await instep.untilAt(pushed, 'replacing');
  await instep.imports();
  await instep.atRest(pushed);
  await keep(instep, 'storefront-pushed', pushed);

  const cancelled = await instep.accepted({ lines: LINES });
  instep.storefront.cancel(cancelled);
  await instep.pollsPurchases();
  await instep.untilAt(cancelled, 'cancelling');
  await instep.imports();
  await instep.handle(cancelled).result();
  await keep(instep, 'cancelled-by-the-buyer', cancelled);
}

async function goodsAndMoney(instep: Instep): Promise<void> {
  const late = await instep.accepted({ lines: LINES });
  await instep.erpRuns('allocation', 'pick_release');
  await instep.until(late, ({ stage }) => stage === 'picked');
  await instep.atRest(late);
  await keep(instep, 'picked', late);
  await instep.amended(late, () => instep.storefront.setQuantity(late, SKU, 5));
  await keep(instep, 'amended-too-late', late);

  const short = await instep.accepted({ lines: [{ sku: SKU, quantity: 6, unitPrice: '20.00' }] });
  await instep.erpRuns('allocation', 'pick_release');
  instep.erp.pickShort(numberOf(instep, short), 1, 4);
  await instep.erpRuns('ship_confirm', 'invoicing');
  await instep.until(short, ({ stage }) => stage === 'shipped');
  await instep.atRest(short);
  await keep(instep, 'partly-shipped', short);
  await instep.ships();
  await instep.until(short, ({ stage }) => stage === 'invoiced');
  await keep(instep, 'invoiced', short);
  await instep.handle(short).result();
  await keep(instep, 'shipped-and-closed', short);
}

async function freshHistories(instep: Instep): Promise<void> {
  const renewed = await instep.accepted({ lines: LINES });
  const { runId } = await instep.handle(renewed).describe();
  await instep.handle(renewed).signal(messages.renew);
  for (let round = 0; round < 200; round++) {
    if ((await instep.handle(renewed).describe()).runId !== runId) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await instep.amended(renewed, () => instep.storefront.setQuantity(renewed, SKU, 1));
  await keep(instep, 'fresh-history', renewed);
}

async function feedsAndBulk(instep: Instep): Promise<void> {
  for (const [name, type, prefix, run] of [
    ['poll-purchases', 'pollPurchases', 'poll-purchases', () => instep.pollsPurchases()],
    ['poll-erp-documents', 'pollErpDocuments', 'poll-erp', () => instep.pollsErp()],
    ['sweep-purchases', 'sweepPurchases', 'sweep', () => instep.sweeps()],
  ] as const) {
    await run();
    await keepLastRun(instep, name, type, prefix);
  }
  const keys = [await instep.accepted({ lines: LINES }), await instep.accepted({ lines: LINES })];
  const workflowId = `bulk:${instep.name}:recorded`;
  await instep.client.workflow.execute<typeof actOnOrders>('actOnOrders', {
    workflowId,
    taskQueue: ordersQueue(instep.name),
    args: [
      {
        site: instep.name,
        act: 'resync',
        actor: 'test@here',
        reason: 'the recording says so',
        orders: keys.map((key) => orderWorkflowId(instep.name, key)),
        pace: { ordersPerMinute: 600, patienceMs: 20_000, ordersPerHistory: 500 },
        progress: null,
      },
    ],
  });
  await write(instep, 'act-on-orders', workflowId);
  await explained(instep);
  await proven(instep);
  await audited(instep);
  await watched(instep);
  await exceptionsReported(instep);
  await monthClosed(instep);
  await kept(instep);
}

async function kept(instep: Instep): Promise<void> {
  const digests = createAlertDigests(instep.client, instep.name);
  await digests.hold({ kind: 'owner', owner: 'warehouse' }, { ...someNews(), sendAt: new Date().toISOString() });
  const workflowId = `digest:${instep.name}:warehouse`;
  await instep.client.workflow.getHandle(workflowId).result();
  await write(instep, 'alert-digest', workflowId);
}

async function proven(instep: Instep): Promise<void> {
  const workflowId = `prove-completeness:${instep.name}:recorded`;
  // Placed too long ago to be in flight, and never polled.
  instep.checksOut({ lines: LINES, placedAt: new Date(Date.now() - 3_600_000).toISOString() });
  await instep.client.workflow.execute<typeof workflows.proveCompleteness>('proveCompleteness', {
    workflowId,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, intervalSeconds: 60, override: null }],
  });
  await write(instep, 'prove-completeness', workflowId);
}

async function watched(instep: Instep): Promise<void> {
  for (const [type, name] of [
    ['watchSite', 'watch-site'],
    ['checkDrift', 'check-drift'],
  ] as const) {
    const workflowId = `${name}:${instep.name}:recorded`;
    await instep.client.workflow.execute<typeof workflows.watchSite | typeof workflows.checkDrift>(type, {
      workflowId,
      taskQueue: ordersQueue(instep.name),
      args: [{ site: instep.name, intervalSeconds: 60, override: null }],
    });
    await write(instep, name, workflowId);
  }
}

async function audited(instep: Instep): Promise<void> {
  const workflowId = `audit-site:${instep.name}:recorded`;
  await instep.client.workflow.execute<typeof workflows.auditSite>('auditSite', {
    workflowId,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, intervalSeconds: 60, override: null }],
  });
  await write(instep, 'audit-site', workflowId);
}

async function exceptionsReported(instep: Instep): Promise<void> {
  const workflowId = `report-exceptions:${instep.name}:recorded`;
  await instep.client.workflow.execute<typeof workflows.reportExceptions>('reportExceptions', {
    workflowId,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, intervalSeconds: 60, override: null }],
  });
  await write(instep, 'report-exceptions', workflowId);
}

async function monthClosed(instep: Instep): Promise<void> {
  const workflowId = `report-month-end:${instep.name}:recorded`;
  await instep.client.workflow.execute<typeof workflows.reportMonthEnd>('reportMonthEnd', {
    workflowId,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, month: new Date().toISOString().slice(0, 'YYYY-MM'.length) }],
  });
  await write(instep, 'report-month-end', workflowId);
}

async function explained(instep: Instep): Promise<void> {
  const workflowId = `explain-stock:${instep.name}:recorded`;
  await instep.client.workflow.execute<typeof workflows.explainStock>('explainStock', {
    workflowId,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, sku: SKU, location: null }],
  });
  await write(instep, 'explain-stock', workflowId);
}

/** Each feed of the load is a workflow of its own, and is kept as one. */
async function firstLoad(instep: Instep): Promise<void> {
  const feeds = Object.keys(workflows).filter((type) => type.startsWith('sync'));
  const workflowId = `load:${instep.name}:recorded`;
  await instep.client.workflow.execute<typeof workflows.loadSite>('loadSite', {
    workflowId,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, feeds, longestSeconds: 60 } satisfies LoadSiteInput],
  });
  await write(instep, 'load-site', workflowId);
  for (const feed of feeds) await write(instep, `load-${feed}`, `${workflowId}:${feed}`);
}

async function casesOfTrouble(instep: Instep): Promise<void> {
  const id = caseId({ site: instep.name, code: 'LOCATION_NOT_MAPPED', key: 'kiosk' });
  const handle = instep.client.workflow.getHandle(id);
  const by = { actor: 'test@here', reason: 'the recording says so' };
  const until = async (wanted: (state: CaseState) => boolean) => {
    for (let round = 0; round < 300; round++) {
      const state = await handle.query(caseMessages.state).catch(() => null);
      if (state && wanted(state)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the case never came to be as wanted');
  };
  const key = await instep.accepted({ lines: LINES, location: 'kiosk' });
  await until(({ announced }) => announced !== null);
  await write(instep, 'case-open', id);
  await handle.executeUpdate(caseMessages.acknowledge, { args: [by] });
  await until(({ stage, plan }) => stage === 'acknowledged' && plan !== null);
  await write(instep, 'case-acknowledged', id);
  await handle.executeUpdate(caseMessages.snooze, {
    args: [{ ...by, until: new Date(Date.now() + 1_000).toISOString() }],
  });
  await until(({ stage, plan }) => stage === 'open' && plan !== null);
  await write(instep, 'case-awake', id);
  await handle.executeUpdate(caseMessages.assign, { args: [{ ...by, owner: 'finance' }] });
  await handle.executeUpdate(caseMessages.resolve, { args: [by] });
  await until(({ stage }) => stage === 'resolved');
  await handle.executeUpdate(caseMessages.repair, { args: [{ ...by, act: 'release' }] });
  await instep.untilAt(key, 'replacing');
  while ((await handle.describe()).status.name === 'RUNNING') await instep.imports();
  await write(instep, 'case-repaired-and-closed', id);
}

async function keepLastRun(instep: Instep, name: string, type: string, prefix: string): Promise<void> {
  const query = `WorkflowType = '${type}' AND WorkflowId STARTS_WITH '${prefix}:${instep.name}' AND ExecutionStatus = 'Completed'`;
  for (let round = 0; round < 100; round++) {
    for await (const { workflowId } of instep.client.workflow.list({ query })) return write(instep, name, workflowId);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no run of ${name} to keep`);
}

function numberOf(instep: Instep, key: string): string {
  return instep.liveOrders(key)[0]?.ordNum ?? '';
}

function keep(instep: Instep, name: string, key: string): Promise<void> {
  return write(instep, name, orderWorkflowId(instep.name, key));
}

async function write(instep: Instep, name: string, workflowId: string): Promise<void> {
  const history = await instep.client.workflow.getHandle(workflowId).fetchHistory();
  writeFileSync(new URL(`${name}.json`, FOLDER), `${historyToJSON(history)}\n`);
}
