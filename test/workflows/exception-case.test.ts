import { randomUUID } from 'node:crypto';

import { ApplicationFailure } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { afterEach, beforeEach, expect, test } from 'vitest';

import type { CaseAlert } from '../../activities/alert-activities.ts';
import type { ActOnOrder } from '../../activities/bulk-activities.ts';
import { planCase, type PlanCase } from '../../activities/plan-case.ts';
import { createTellCasesActivities } from '../../activities/tell-cases.ts';
import { isWorkingTime } from '../../activities/working-time.ts';
import type { OrderResult } from '../../domain/act-on-orders.ts';
import { caseId } from '../../domain/cases/case-id.ts';
import type { CaseMember, CaseState } from '../../domain/cases/case-state.ts';
import type { Finding } from '../../domain/findings.ts';
import { createCaseWorkflows } from '../../workers/case-workflows.ts';
import * as messages from '../../workflows/case-messages.ts';
import type { exceptionCase } from '../../workflows/index.ts';
import { ordersQueue, orderWorkflowId } from '../../workflows/task-queues.ts';
import { RULES } from '../domain/cases/case-world.ts';
import { advance } from '../support/advance.ts';
import { temporalClients } from '../support/temporal-clients.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const rules = { ...RULES, pace: { ...RULES.pace, gatherMs: 50 } };
const by = { actor: 'test@here', reason: 'the test says so' };

const temporal = temporalClients();
let site: string;
let worker: Worker;
let running: Promise<void>;
let told: CaseAlert[];
let channel: 'open' | 'dead';
/** Until then a message that was told is under way. */
let delivered: Promise<void>;
let repairs: (input: ActOnOrder) => Promise<OrderResult>;
let tell: ReturnType<typeof createTellCasesActivities>;

beforeEach(async () => {
  site = `c${randomUUID().slice(0, 8)}`;
  told = [];
  channel = 'open';
  delivered = Promise.resolve();
  repairs = async ({ order }) => ({ order, result: 'done', says: '' });
  tell = createTellCasesActivities({ site, cases: createCaseWorkflows(temporal.client, site) });
  worker = await Worker.create({
    ...temporal.forWorkflows,
    taskQueue: ordersQueue(site),
    activities: {
      ...tell,
      planCase: async (about: PlanCase) => planCase(rules, about),
      alert: async (message: CaseAlert) => {
        if (channel === 'dead') throw ApplicationFailure.nonRetryable('the mail server does not answer');
        told.push(message);
        await delivered;
        return { remarks: [] };
      },
      actOnOrder: (input: ActOnOrder) => repairs(input),
      lookAtOrders: async () => [],
    },
  });
  running = worker.run();
});
afterEach(async () => {
  const query = `Site = '${site}' AND ExecutionStatus = 'Running'`;
  for await (const { workflowId } of temporal.client.workflow.list({ query }))
    await temporal.client.workflow
      .getHandle(workflowId)
      .terminate('the test is over')
      .catch(() => undefined);
  worker.shutdown();
  await running;
});

const location = () => ({ site, code: 'LOCATION_NOT_MAPPED', key: 'pop-up' }) as const;
const id = () => caseId(location());
const handle = () => temporal.client.workflow.getHandle<typeof exceptionCase>(id());
const member = (number: number): CaseMember => ({
  id: orderWorkflowId(site, `${number}`),
  label: `B2B${number}`,
  value: '12.50',
  since: '2026-01-20T10:00:00.000Z',
});
const joins = (...numbers: readonly number[]) =>
  Promise.all(
    numbers.map((number) =>
      tell.tellCases({
        member: member(number),
        joins: [{ ...location(), says: 'The location “pop-up” is not mapped.' }],
        leaves: [],
      }),
    ),
  );
const leaves = (number: number) => tell.tellCases({ member: member(number), joins: [], leaves: [id()] });
const whys = () => told.map(({ why }) => why);

async function until(wanted: (state: CaseState) => boolean, which = id()): Promise<CaseState> {
  let last: CaseState | null = null;
  for (let round = 0; round < 500; round++) {
    last = await temporal.client.workflow
      .getHandle(which)
      .query(messages.state)
      .catch(() => last);
    if (last && wanted(last)) return last;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never came to be: ${wanted.toString()}; ${JSON.stringify(last)}`);
}

async function untilTrue(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let round = 0; round < 500; round++) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never came to be: ${what}`);
}

test('a case that nobody acknowledges escalates on the simulated clock, in the owner’s working hours', async () => {
  await joins(1, 2);
  await until(({ announced }) => announced !== null);
  const { plan } = await handle().query(messages.state);
  const { searchAttributes } = await handle().describe();
  expect(searchAttributes).toMatchObject({
    Site: [site],
    Stage: ['open'],
    Attention: ['LOCATION_NOT_MAPPED'],
    Owner: ['warehouse'],
    Severity: ['high'],
    ValueAtRisk: [25],
    DueAt: [new Date(plan?.dueAt ?? '')],
  });
  await advance(temporal.client, id(), 4 * DAY);
  const { history } = await until(({ planFor }) => planFor === 'telling');
  const times = history.filter(({ what }) => /^(Reminded|Escalated)/.test(what)).map(({ at }) => Date.parse(at));
  expect(times.length).toBeGreaterThanOrEqual(3);
  // The clock stands still while a message leaves, for some milliseconds of real time.
  const isAtWork = (time: number) =>
    isWorkingTime(new Date(Math.floor(time / MINUTE) * MINUTE).toISOString(), rules.calendars.warehouse);
  expect(times.filter((time) => !isAtWork(time))).toEqual([]);
  expect(Math.floor((times[0] ?? 0) / MINUTE)).toBe(Math.floor(Date.parse(plan?.dueAt ?? '') / MINUTE));
  expect(told.slice(0, 4).map(({ why, level, to }) => [why, level, to])).toEqual([
    ['opened', 0, [{ kind: 'owner', owner: 'warehouse' }]],
    ['reminder', 0, [{ kind: 'owner', owner: 'warehouse' }]],
    ['escalated', 1, [{ kind: 'owner', owner: 'integration' }]],
    ['escalated', 2, [{ kind: 'address', email: 'head@example.com' }]],
  ]);
});

test('an acknowledged case is quiet, goes on in a fresh history, closes by itself, and comes back with what it was', async () => {
  await joins(1, 2);
  await until(({ announced }) => announced !== null);
  const glance = await handle().executeUpdate(messages.acknowledge, { args: [by] });
  expect(glance).toMatchObject({ stage: 'acknowledged', acknowledgedBy: 'test@here', count: 2, valueAtRisk: '25.00' });
  await expect(handle().executeUpdate(messages.acknowledge, { args: [by] })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('already, by test@here') },
  });
  await handle().executeUpdate(messages.note, { args: [{ ...by, reason: 'the shop in *Leeds*' }] });
  // Within the time to mend it.
  await advance(temporal.client, id(), 3 * 60 * MINUTE);
  expect(whys()).toEqual(['opened']);
  const { runId } = await handle().describe();
  await handle().signal(messages.renew);
  await untilTrue(async () => (await handle().describe()).runId !== runId, 'a fresh history');
  await leaves(1);
  await until(({ orders }) => orders.length === 1);
  await leaves(2);
  await until(({ emptySince }) => emptySince !== null);
  await advance(temporal.client, id(), 2 * MINUTE);
  expect(await handle().result()).toMatchObject({ timesOpened: 1 });
  expect(whys()).toEqual(['opened', 'closed']);
  const { searchAttributes } = await handle().describe();
  expect(searchAttributes).toMatchObject({ Stage: ['resolved'], ValueAtRisk: [0] });
  // What has closed has nothing to be told.
  await leaves(2);

  await untilTrue(
    async () => (await createCaseWorkflows(temporal.client, site).remainsOf(id())) !== null,
    'visibility shows it',
  );
  await joins(3);
  const again = await until(({ announced }) => announced !== null);
  expect(again.timesOpened).toBe(2);
  expect(again.history.map(({ what }) => what).join()).toContain('the shop in *Leeds*');
  expect(whys().at(-1)).toBe('reopened');
  const metadata = await handle().query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  expect(metadata.currentDetails).toContain(String.raw`the shop in \*Leeds\*`);
});

test('a case sleeps as long as a person says, and a message that cannot leave is tried again', async () => {
  channel = 'dead';
  await joins(1);
  await until(({ alertAgainAt }) => alertAgainAt !== null);
  channel = 'open';
  await advance(temporal.client, id(), 6 * MINUTE);
  await until(({ announced }) => announced !== null);
  const wakesAt = new Date(Date.now() + 2 * DAY).toISOString();
  await handle().executeUpdate(messages.snooze, { args: [{ ...by, until: wakesAt }] });
  expect((await handle().describe()).searchAttributes['Stage']).toEqual(['snoozed']);
  await advance(temporal.client, id(), DAY);
  expect((await until(({ stage }) => stage === 'snoozed')).snoozedUntil).toBe(wakesAt);
  await advance(temporal.client, id(), DAY + MINUTE);
  const awake = await until(({ stage, plan }) => stage === 'open' && plan !== null);
  expect(Date.parse(awake.dueAt ?? '')).toBeGreaterThan(Date.parse(wakesAt));
  await untilTrue(() => whys().includes('awake'), 'its owner hears that it has slept long enough');
  expect(whys().slice(0, 2)).toEqual(['opened', 'awake']);
});

test('a repair that is asked for while a message is under way is taken, and no second one', async () => {
  let deliver = () => {};
  delivered = new Promise((resolve) => (deliver = resolve));
  await joins(1, 2);
  await untilTrue(() => told.length === 1, 'a message under way');
  const repair = () => handle().executeUpdate(messages.repair, { args: [{ ...by, act: 'remap' }] });
  await repair();
  await expect(repair()).rejects.toMatchObject({ cause: { message: 'A repair is under way already.' } });
  deliver();
  await until(({ history }) => history.some(({ what }) => what.startsWith('Repaired: remap on 2 orders')));
});

test('a repair asks one order first, then the rest, and its outcome is noted', async () => {
  const asked: string[] = [];
  repairs = async ({ order, because }) => {
    // One that has left the case meanwhile is left alone.
    expect(because).toBe('LOCATION_NOT_MAPPED');
    asked.push(order);
    return { order, result: 'done', says: 'In the ERP.' };
  };
  await joins(1, 2, 3);
  await until(({ orders, plan }) => orders.length === 3 && plan !== null);
  await expect(handle().executeUpdate(messages.repair, { args: [{ ...by, act: 'retry' }] })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('Possible for all its orders: remap') },
  });
  await handle().executeUpdate(messages.repair, { args: [{ ...by, act: 'remap' }] });
  const { repair } = await until(({ repair: state }) => state.at === 'underWay');
  const bulk = repair.at === 'underWay' ? repair.bulk : '';
  await advance(temporal.client, bulk, 5 * MINUTE);
  const { history } = await until(({ repair: state }) => state.at === 'none');
  expect(history.at(-1)?.what).toContain('remap on 3 orders: 3 done');
  expect(asked.toSorted()).toEqual([1, 2, 3].map((number) => member(number).id));
});

test('what a run of a feed finds no more is withdrawn, whatever the runs before it missed', async () => {
  const finding = (key: string, count: number): Finding => ({
    code: 'PRICE_INVALID',
    key,
    says: `Prices of ${key}.`,
    count,
    concerns: ['A'],
    value: '1.10',
  });
  const idOf = (key: string) => caseId({ site, code: 'PRICE_INVALID', key });
  const cases = createCaseWorkflows(temporal.client, site);
  const openFrom = async (source: string) => {
    const ids: string[] = [];
    for await (const each of cases.openFrom(source)) ids.push(each);
    return ids;
  };
  await tell.reportFindings({ source: 'sync-prices', findings: [finding('a', 2), finding('b', 3), finding('b', 4)] });
  await tell.reportFindings({ source: 'audit', findings: [finding('a', 5)] });
  await joins(1);
  expect(await until(({ findings }) => findings.length === 1, idOf('b'))).toMatchObject({
    findings: [{ count: 7, value: '2.2', money: [{ currency: '', amount: '2.20' }] }],
  });
  await untilTrue(
    async () => (await openFrom('sync-prices')).length === 2 && (await openFrom('audit')).length === 1,
    'visibility shows who reported',
  );
  await tell.reportFindings({ source: 'sync-prices', findings: [finding('c', 1)] });
  expect((await until(({ findings }) => findings.length === 1, idOf('a'))).findings[0]?.source).toBe('audit');
  await until(({ emptySince }) => emptySince !== null, idOf('b'));
  await until(({ emptySince, findings }) => emptySince === null && findings.length === 1, idOf('c'));
  expect(await until(({ orders }) => orders.length === 1)).toMatchObject({ findings: [], emptySince: null });
});
