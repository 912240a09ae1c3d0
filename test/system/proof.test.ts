import { randomUUID } from 'node:crypto';

import { TypedSearchAttributes } from '@temporalio/common';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { createProofActivities } from '../../activities/prove-completeness.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import { createSparkLayer } from '../../connectors/sparklayer/sparklayer.ts';
import { caseId } from '../../domain/cases/case-id.ts';
import type { ProblemCode } from '../../domain/problems.ts';
import { renderProof } from '../../domain/proof/render-proof.ts';
import type { ProofReport } from '../../domain/proof/report-proof.ts';
import { createOrderGlances } from '../../workers/order-glances.ts';
import { createSitePulse } from '../../workers/site-pulse.ts';
import { createOrderWorkflows } from '../../workers/order-workflows.ts';
import type { proveCompleteness, watchSite } from '../../workflows/index.ts';
import { attributes } from '../../workflows/search-attributes.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { startInstep, type Instep } from '../support/instep.ts';
import { asActivity } from '../support/steps.ts';

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];
const AN_HOUR_AGO = () => new Date(Date.now() - 3_600_000).toISOString();

/*
 * One world, told as a story: each test goes on from where the one before left both systems.
 */
let instep: Instep;
beforeAll(async () => {
  instep = await startInstep();
});
afterAll(() => instep.stop());

async function proves(): Promise<ProofReport> {
  return instep.client.workflow.execute<typeof proveCompleteness>('proveCompleteness', {
    workflowId: `prove-completeness:${instep.name}:${randomUUID()}`,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, intervalSeconds: 60, override: null }],
    workflowExecutionTimeout: '60s',
  });
}

/** Proves until searching shows what the orders themselves know by now. */
async function untilProven(
  wanted: (report: ProofReport) => boolean,
  prove: () => Promise<ProofReport> = proves,
): Promise<ProofReport> {
  let last: ProofReport | null = null;
  for (let round = 0; round < 20; round++) {
    last = await prove();
    if (wanted(last)) return last;
  }
  throw new Error(`The proof never came to say so: ${last ? renderProof(last) : ''}`);
}

/** The proof of a worker whose clock is ahead, so that nothing is young any more. */
async function provesLater(aheadMs = 600_000): Promise<ProofReport> {
  const { client, name, site } = instep;
  const log = pino({ level: 'silent' });
  const clock = () => new Date();
  const sparklayer = createSparkLayer(site.storefront, { clock, log });
  const bluecherry = createBlueCherry(site.erp, { clock, log });
  const activities = createProofActivities({
    site,
    sparklayer,
    bluecherry,
    orders: createOrderWorkflows(client, name),
    glances: createOrderGlances(client, name),
    pulse: createSitePulse(client, site),
    clock: () => new Date(Date.now() + aheadMs),
  });
  try {
    return (await asActivity(() => activities.proveCompleteness())).report;
  } finally {
    await Promise.all([sparklayer.close(), bluecherry.close()]);
  }
}

const caseOf = (code: ProblemCode, key = '') => caseId({ site: instep.name, code, key });
const isOpen = async (id: string) => (await instep.client.workflow.getHandle(id).describe()).status.name === 'RUNNING';

test('a purchase that the intake passed over is found, started and reported within one proof, a young one is in flight', async () => {
  const passedOver = instep.checksOut({ lines: LINES, placedAt: AN_HOUR_AGO() });
  instep.checksOut({ lines: LINES });
  const report = await proves();
  expect(report.stats).toMatchObject({ purchases: 2, unaccounted: 1, inFlight: 1, erpOrders: 0 });
  expect(report.gaps).toEqual([]);
  const { total, currency } = report.noted[0] ?? { total: null, currency: null };
  expect(report.findings).toMatchObject([
    { code: 'UNACCOUNTED', count: 1, value: total, money: [{ currency, amount: total }] },
  ]);
  expect(renderProof(report).split('\n')[0]).toBe('**1 unaccounted of 2**');
  expect(await isOpen(caseOf('UNACCOUNTED'))).toBe(true);

  await instep.untilAt(passedOver, 'awaiting');
  const next = await untilProven(({ stats }) => stats['unaccounted'] === 0);
  expect(next.stats).toMatchObject({ inFlight: 2 });
  await instep.pollsPurchases();
  await instep.imports();
  await instep.untilAt(passedOver, 'settled');
  expect(instep.liveOrders(passedOver)).toHaveLength(1);
  await instep.client.workflow.getHandle(caseOf('UNACCOUNTED')).result();
});

test('what both systems have at the same worth is equal, what a clerk changed differs by its figures, what is parked has its code', async () => {
  const edited = await instep.accepted({ lines: LINES, shipping: { name: 'Standard shipping', net: '10.00' } });
  const parked = instep.checksOut({ lines: [{ sku: 'NO-SUCH-SKU', quantity: 1, unitPrice: '5.00' }] });
  await instep.pollsPurchases();
  await instep.untilAt(parked, 'parked');
  const before = await untilProven(({ stats }) => stats['parked'] === 1 && stats['inFlight'] === 0);
  expect(before.stats).toMatchObject({ purchases: 4, inErpEqual: 3, inErpDiffers: 0, unaccounted: 0, erpOrders: 3 });
  expect(before.noted).toMatchObject([{ kind: 'parked', says: 'waits for a person: SKU_UNKNOWN' }]);
  const [equal] = before.totals;
  expect(equal).toMatchObject({ kind: 'inErpEqual', count: 3, value: equal?.erpValue });

  // Nobody tells the order of the edit, and the other one is closed: both are judged by what the systems have.
  instep.erp.clerkEdits(instep.liveOrders(edited)[0]?.ordNum ?? '', { freight: '25.00' });
  await instep.repair(parked, { kind: 'cancel' });
  await instep.handle(parked).result();
  const after = await untilProven(
    ({ stats }) => stats['parked'] === 0 && stats['inErpDiffers'] === 1 && stats['excluded'] === 1,
    provesLater,
  );
  expect(after).toMatchObject({ unaccounted: 0, purchases: 4, findings: [], gaps: [] });
  const differs = after.noted.find(({ kind }) => kind === 'inErpDiffers');
  expect(differs?.says).toMatch(/^total \d+\.00 instead of \d+\.00 \(\+15\.00\)$/);
  expect(after.noted.find(({ kind }) => kind === 'excluded')?.says).toBe('closed, and noted so on the purchase');
});

test('an order that was entered by hand once more, and one whose purchase is gone, are reported', async () => {
  const doubled = await instep.accepted({ lines: LINES });
  const orphaned = await instep.accepted({ lines: LINES });
  const { agreed } = await instep.state(doubled);
  if (!agreed) throw new Error('nothing was agreed on');
  const byHand = createBlueCherry(instep.site.erp, { clock: () => new Date(), log: pino({ level: 'silent' }) });
  const call = { signal: new AbortController().signal, deadline: Date.now() + 20_000, priority: 'order' } as const;
  await byHand.postSalesOrder(agreed, '999999999', call);
  await byHand.close();
  instep.erp.runJob('order_import');
  instep.storefront.remove(orphaned);

  const report = await proves();
  const numbers = instep.liveOrders(doubled).map(({ ordNum }) => ordNum);
  expect(numbers).toHaveLength(2);
  expect(report.stats).toMatchObject({ unaccounted: 0, duplicates: 1, withoutPurchase: 1 });
  expect(report.findings).toMatchObject([
    { code: 'ERP_ORDER_WITHOUT_PURCHASE', concerns: [instep.liveOrders(orphaned)[0]?.ordNum] },
    { code: 'DUPLICATE_IN_ERP', key: doubled, concerns: numbers },
  ]);
  expect(await isOpen(caseOf('ERP_ORDER_WITHOUT_PURCHASE'))).toBe(true);
  expect(await isOpen(caseOf('DUPLICATE_IN_ERP', doubled))).toBe(true);
  expect(report.noted.map(({ says }) => says).join('\n')).toContain(`twice in the ERP: ${numbers.join(', ')}`);
  expect(instep.erp.contractViolations()).toEqual([]);
  expect(instep.storefront.contractViolations()).toEqual([]);
});

test('an order that the ERP accepted and has lost is not on its way: the proof says so, and the order parks with its number', async () => {
  const lost = await instep.accepted({ lines: LINES });
  const number = instep.liveOrders(lost)[0]?.ordNum ?? '';
  await untilProven(({ stats }) => stats['inFlight'] === 0, provesLater);
  instep.erp.deleteOrder(number);
  const report = await untilProven(
    ({ noted }) => noted.some(({ says }) => says.includes('shows no order of it')),
    provesLater,
  );
  expect(report.unaccounted).toBe(0);
  await instep.untilAt(lost, 'parked');
  expect((await instep.state(lost)).problems[0]?.says).toContain(`made order ${number}, but does not show it`);
});

test('a watch that has stopped looking is told by the proof, and one that looked lately is not', async () => {
  const workflowId = `watch-site:${instep.name}:seen`;
  await instep.client.workflow.execute<typeof watchSite>('watchSite', {
    workflowId,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, intervalSeconds: 60, override: null }],
    typedSearchAttributes: new TypedSearchAttributes([{ key: attributes.Site, value: instep.name }]),
  });
  // A search shows a run a moment after it is over.
  const query = `WorkflowId = '${workflowId}' AND ExecutionStatus = 'Completed'`;
  await vi.waitFor(async () => expect((await instep.client.workflow.count(query)).count).toBe(1), 10_000);
  const watched = ({ findings }: ProofReport) => findings.filter(({ code }) => code === 'FEED_LATE');
  expect(watched(await provesLater(300_000))).toEqual([]);
  expect(watched(await provesLater(900_000))).toMatchObject([{ key: 'watch-site', count: 1 }]);
});
