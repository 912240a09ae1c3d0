import { randomUUID } from 'node:crypto';

import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { ApplicationFailure, TypedSearchAttributes } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';

import type { PurchaseActivities } from '../../activities/purchase-activities.ts';
import type { SalesOrderActivities } from '../../activities/sales-order-activities.ts';
import type { TellCases, TellCasesActivities } from '../../activities/tell-cases.ts';
import type { ErpGlance, FollowOutcome, OrderState, PrepareOutcome } from '../../domain/order-state.ts';
import { orderLifecycle } from '../../workflows/index.ts';
import * as messages from '../../workflows/messages.ts';
import { attributes } from '../../workflows/search-attributes.ts';
import { bluecherryQueue, ordersQueue, orderWorkflowId, sparklayerQueue } from '../../workflows/task-queues.ts';
import { advance } from '../support/advance.ts';
import { aPreparedOrder, importOf } from '../support/prepared-order.ts';
import { temporalClients } from '../support/temporal-clients.ts';

type Steps = SalesOrderActivities & PurchaseActivities & Pick<TellCasesActivities, 'tellCases'>;

const MINUTE = 60_000;
const order = aPreparedOrder();
const purchase = {
  updatedAt: '2026-01-05T09:00:04.120Z',
  fingerprint: 'f1',
  visibleNumber: 'B2B01123',
  buyer: 'Example Stores',
  customer: 'CUST-0042',
  customerReference: 'PO-7781',
  currency: 'GBP',
  total: '252.00',
};
const pacing = {
  firstLook: 30_000,
  longestGap: 5 * MINUTE,
  importOverdue: 30 * MINUTE,
  importCycle: 5 * MINUTE,
  settle: 20_000,
  merge: 20_000,
  creditPeriod: 90 * 24 * 60 * MINUTE,
};
const prepared: PrepareOutcome = {
  kind: 'prepared',
  orders: [order],
  reviews: [],
  purchase,
  pacing,
  siteVersion: 'v1',
};
const impossible: PrepareOutcome = {
  kind: 'impossible',
  problems: [{ code: 'SKU_UNKNOWN', says: 'The ERP does not know the SKU “X”.' }],
  purchase,
  pacing,
  siteVersion: 'v1',
};
const glance = {
  document: 1,
  orderNumber: '104512',
  status: 'open',
  statusLetter: 'O',
  holdCode: '',
  changedAt: purchase.updatedAt,
  version: 'v1',
} as const;

const units = { ordered: 10, open: 10, allocated: 0, picked: 0, invoiced: 0, cancelled: 0 };
const settlement = {
  currency: 'GBP',
  ordered: '252.00',
  invoiced: '0.00',
  cancelled: '0.00',
  open: '252.00',
  credited: '0.00',
  paid: '0.00',
  lines: [],
  complete: false,
};

type Followed = Extract<FollowOutcome, { kind: 'followed' }>;

/** Both sides read, all as agreed. */
function followed(change: Partial<Followed> = {}): Followed {
  return {
    kind: 'followed',
    documents: [{ document: 1, glance, stage: 'open', units, agreed: order, sent: null, differences: [] }],
    findings: [],
    settlement,
    transactions: {},
    takenOver: [],
    accepted: 'notAsked',
    purchase: { kind: 'written', updatedAt: purchase.updatedAt, fingerprint: 'f1' },
    ...change,
  };
}

const news = (orders: readonly ErpGlance[]) => ({ imports: [], orders, credits: [], moved: false });

const temporal = temporalClients();
let site: string;
let workers: readonly Worker[];
let running: Promise<unknown>;
let steps: Partial<Steps>;
/** What the order's cases were told. */
let told: TellCases[];
let handle: WorkflowHandleWithFirstExecutionRunId<typeof orderLifecycle>;

beforeAll(async () => {
  site = `w${randomUUID().slice(0, 8)}`;
  const names = [
    'prepareOrder',
    'submitSalesOrder',
    'lookForSalesOrder',
    'followOrder',
    'reviseOrder',
    'replaceSalesOrder',
    'followReplace',
    'recordClosing',
  ] as const;
  const activities = Object.fromEntries(names.map((name) => [name, (input: never) => story(name)(input)]));
  workers = await Promise.all([
    Worker.create({
      ...temporal.forWorkflows,
      taskQueue: ordersQueue(site),
      activities: { tellCases: (input: TellCases) => story('tellCases')(input) },
    }),
    Worker.create({ ...temporal.forActivities, taskQueue: bluecherryQueue(site), activities }),
    Worker.create({ ...temporal.forActivities, taskQueue: sparklayerQueue(site), activities }),
  ]);
  running = Promise.all(workers.map((worker) => worker.run()));
});
beforeEach(() => {
  steps = {
    prepareOrder: async () => prepared,
    submitSalesOrder: async () => ({
      outcome: { kind: 'staged', transaction: '55012', row: 1 },
      controlNumber: '000000123',
    }),
    lookForSalesOrder: async () => ({ kind: 'staged', transaction: '55012', row: 1 }),
    followOrder: async () => followed(),
    reviseOrder: async () => ({ kind: 'unchanged', updatedAt: purchase.updatedAt }),
    recordClosing: async () => undefined,
    tellCases: async (what) => void told.push(what),
  };
  told = [];
});
afterEach(async () => {
  await temporal.client.workflow
    .getHandle(handle.workflowId)
    .terminate('the test is over')
    .catch(() => undefined);
});
afterAll(async () => {
  for (const worker of workers) worker.shutdown();
  await running;
});

/** The step as the story tells it now; a test may change it while the order runs. */
function story<Name extends keyof Steps>(name: Name): Steps[Name] {
  const step = steps[name];
  if (!step) throw ApplicationFailure.nonRetryable(`no ${name} in this story`);
  return step;
}

async function starts(): Promise<void> {
  handle = await temporal.client.workflow.start(orderLifecycle, {
    workflowId: orderWorkflowId(site, randomUUID()),
    taskQueue: ordersQueue(site),
    args: [{ site, key: randomUUID(), reference: order.reference, state: null }],
    typedSearchAttributes: new TypedSearchAttributes([
      { key: attributes.Site, value: site },
      { key: attributes.Stage, value: 'received' },
      { key: attributes.Attention, value: 'none' },
    ]),
  });
}

async function until(wanted: (state: OrderState) => boolean): Promise<OrderState> {
  for (let round = 0; round < 500; round++) {
    const state = await handle.query(messages.state);
    if (wanted(state)) return state;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never came to be: ${JSON.stringify(await handle.query(messages.state))}`);
}

const untilAt = (place: OrderState['step']['at']) => until(({ step }) => step.at === place);
const act = { actor: 'test@here', reason: 'the test says so' };

test('an import job that says nothing for half an hour raises an alarm, and the order goes on waiting', async () => {
  await starts();
  await untilAt('awaiting');
  await advance(temporal.client, handle.workflowId, 40 * MINUTE);
  const state = await until(({ problems }) => problems.some(({ code }) => code === 'IMPORT_OVERDUE'));
  expect(state.step.at).toBe('awaiting');
  const { searchAttributes } = await handle.describe();
  expect(searchAttributes['Attention']).toEqual(['IMPORT_OVERDUE']);
});

test('an unknown outcome parks after two import cycles and goes on looking until it finds the order', async () => {
  let looks = 0;
  let isThere = false;
  steps.submitSalesOrder = async () => ({
    outcome: { kind: 'unknown', why: 'the answer was lost' },
    controlNumber: '000000123',
  });
  steps.lookForSalesOrder = async () => {
    looks++;
    return isThere
      ? { kind: 'accepted', orderNumber: '104512', how: 'adopted', warnings: [] }
      : { kind: 'nothing', watermark: null, cleared: null };
  };
  await starts();
  await untilAt('unknown');
  await advance(temporal.client, handle.workflowId, 15 * MINUTE);
  await until(({ problems }) => problems.some(({ code }) => code === 'OUTCOME_UNKNOWN'));
  const before = looks;
  isThere = true;
  await advance(temporal.client, handle.workflowId, 6 * MINUTE);
  const state = await untilAt('settled');
  expect(looks).toBeGreaterThan(before);
  expect(state).toMatchObject({ problems: [], facts: { orderNumber: '104512' } });
});

test('a repair that is not possible is refused with the ones that are', async () => {
  await starts();
  await untilAt('awaiting');
  await expect(handle.executeUpdate(messages.retry, { args: [act] })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('Possible now: cancel') },
  });
  await expect(handle.executeUpdate(messages.cancel, { args: [{ actor: '', reason: '' }] })).rejects.toMatchObject({
    cause: { message: expect.stringContaining('who acts and why') },
  });
});

test('a parked order shows who owns it and what to press, and goes on after the repair', async () => {
  steps.prepareOrder = async () => impossible;
  await starts();
  await untilAt('parked');
  const { searchAttributes } = await handle.describe();
  expect(searchAttributes).toMatchObject({
    Stage: ['parked'],
    Attention: ['SKU_UNKNOWN'],
    Owner: ['ecommerce'],
    ValueAtRisk: [252],
  });
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  expect(metadata.currentDetails).toContain('SKU\\_UNKNOWN'.replace('\\', ''));
  expect(metadata.currentDetails).toContain('`retry`');
  steps.prepareOrder = async () => prepared;
  await handle.executeUpdate(messages.retry, { args: [act] });
  const state = await untilAt('awaiting');
  expect(state.timeline.map(({ what }) => what)).toContain('test@here: retry. the test says so');
});

test('an order shows since when it is on its way, without the time in which it was parked, and only while it is', async () => {
  steps.prepareOrder = async () => impossible;
  const dueSince = async () => (await handle.describe()).typedSearchAttributes.get(attributes.DueAt)?.getTime();
  await starts();
  await untilAt('parked');
  expect(await dueSince()).toBeUndefined();
  const mendedAt = Date.now();
  steps.prepareOrder = async () => prepared;
  await handle.executeUpdate(messages.retry, { args: [act] });
  const sent = await untilAt('awaiting');
  expect(await dueSince()).toBeGreaterThanOrEqual(mendedAt);
  // Since it was mended, not since it was sent at last.
  expect(await dueSince()).toBeLessThanOrEqual(Date.parse(sent.timeline.at(-1)?.at ?? ''));

  await handle.signal(messages.erpChanged, { ...news([glance]), imports: [importOf(order)] });
  await untilAt('settled');
  expect(await dueSince()).toBeUndefined();
});

test('its cases are told what an order is in when that changes, over fresh histories; without trouble nobody is', async () => {
  const unmapped = (about: string) => ({ code: 'LOCATION_NOT_MAPPED', says: `No “${about}”.`, about }) as const;
  const caseOf = (about: string) => `case:${site}:LOCATION_NOT_MAPPED:${about}`;
  const untilTold = async (times: number) => {
    for (let round = 0; round < 500 && told.length < times; round++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(told).toHaveLength(times);
  };
  steps.prepareOrder = async () => ({
    kind: 'impossible',
    problems: [unmapped('a'), unmapped('b')],
    purchase,
    pacing,
    siteVersion: 'v1',
  });
  await starts();
  await untilTold(1);
  const member = {
    id: handle.workflowId,
    label: 'B2B01123',
    value: '252.00',
    currency: 'GBP',
    since: expect.any(String),
  };
  const joined = (about: string) => ({ site, code: 'LOCATION_NOT_MAPPED', key: about, says: `No “${about}”.` });
  expect(told[0]).toEqual({ member, joins: [joined('a'), joined('b')], leaves: [] });

  const { runId } = await handle.describe();
  await handle.signal(messages.renew);
  const latest = temporal.client.workflow.getHandle(handle.workflowId);
  for (let round = 0; round < 500 && (await latest.describe()).runId === runId; round++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  steps.prepareOrder = async () => ({
    kind: 'impossible',
    problems: [unmapped('b'), unmapped('c')],
    purchase,
    pacing,
    siteVersion: 'v1',
  });
  await latest.executeUpdate(messages.retry, { args: [act] });
  await untilTold(2);
  expect(told[1]).toEqual({ member, joins: [joined('c')], leaves: [caseOf('a')] });
  await latest.executeUpdate(messages.close, { args: [act] });
  await latest.result();
  expect(told.slice(2)).toEqual([{ member, joins: [], leaves: [caseOf('b'), caseOf('c')] }]);

  steps.prepareOrder = async () => prepared;
  await starts();
  await untilAt('awaiting');
  await handle.signal(messages.erpChanged, news([glance]));
  await untilAt('settled');
  await handle.executeUpdate(messages.close, { args: [act] });
  await handle.result();
  expect(told).toHaveLength(3);
});

test('a step that does not succeed for very long is said, and tried on', async () => {
  const confirm = steps.followOrder;
  steps.prepareOrder = async () => ({ ...prepared, pacing: { ...pacing, importOverdue: 1_500 } });
  steps.followOrder = async () => {
    throw ApplicationFailure.retryable('the storefront does not answer', 'SERVER_ERROR');
  };
  await starts();
  await untilAt('awaiting');
  await handle.signal(messages.erpChanged, news([glance]));
  const state = await until(({ problems }) => problems.some(({ code }) => code === 'STEP_OVERDUE'));
  expect(state.problems[0]?.says).toContain('the storefront does not answer');
  if (confirm) steps.followOrder = confirm;
  expect((await untilAt('settled')).problems).toEqual([]);
});

test('a fresh history carries the order on, with what it shows', async () => {
  await starts();
  await untilAt('awaiting');
  await handle.signal(messages.erpChanged, news([glance]));
  await untilAt('settled');
  await handle.signal(messages.renew);
  const first = handle.firstExecutionRunId;
  for (
    let round = 0;
    round < 200 && (await temporal.client.workflow.getHandle(handle.workflowId).describe()).runId === first;
    round++
  )
    await new Promise((resolve) => setTimeout(resolve, 20));
  const latest = temporal.client.workflow.getHandle(handle.workflowId);
  expect((await latest.describe()).runId).not.toBe(first);
  expect((await latest.query(messages.state)).facts.orderNumber).toBe('104512');
  const metadata = await latest.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  expect(metadata.currentDetails).toContain('104512');
  await latest.terminate('the test is over');
});

test('an order that is not at rest does not outgrow its history either', async () => {
  await starts();
  await untilAt('awaiting');
  const first = handle.firstExecutionRunId;
  const latest = temporal.client.workflow.getHandle(handle.workflowId);
  // So much as a server takes before it suggests a fresh history.
  const padded = { updatedAt: purchase.updatedAt, padding: 'x'.repeat(200_000) };
  for (let signals = 0; signals < 25; signals++) await latest.signal(messages.purchaseChanged, padded);
  // It learns so with its next task.
  await vi.waitFor(async () => {
    await latest.signal(messages.purchaseChanged, { updatedAt: purchase.updatedAt });
    expect((await latest.describe()).runId).not.toBe(first);
  }, 20_000);
  expect((await latest.query(messages.state)).step.at).toBe('awaiting');
  await latest.signal(messages.erpChanged, news([glance]));
  await vi.waitFor(async () => expect((await latest.query(messages.state)).step.at).toBe('settled'), 10_000);
  await latest.terminate('the test is over');
});

test('an edit that comes while an order ends opens it again', async () => {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let read = 0;
  steps.prepareOrder = async () => {
    read++;
    return read === 1 ? impossible : prepared;
  };
  let isEnding = false;
  steps.recordClosing = async () => {
    isEnding = true;
    await held;
  };
  await starts();
  await untilAt('parked');
  await handle.executeUpdate(messages.close, { args: [act] });
  await vi.waitFor(() => expect(isEnding).toBe(true), 10_000);
  await handle.signal(messages.purchaseChanged, { updatedAt: purchase.updatedAt });
  await handle.signal(messages.purchaseChanged, { updatedAt: '2026-01-05T09:30:00.000Z' });
  letGo();
  const latest = temporal.client.workflow.getHandle(handle.workflowId);
  await vi.waitFor(async () => expect((await latest.query(messages.state)).step.at).toBe('awaiting'), 10_000);
  expect((await latest.describe()).runId).not.toBe(handle.firstExecutionRunId);
  await latest.terminate('the test is over');
});

test('the same news twice changes nothing', async () => {
  await starts();
  await untilAt('awaiting');
  const told = {
    imports: [importOf(order)],
    orders: [glance],
    credits: [],
    moved: false,
  } as const;
  await handle.signal(messages.erpChanged, told);
  const settled = await untilAt('settled');
  await handle.signal(messages.erpChanged, told);
  await handle.signal(messages.purchaseChanged, { updatedAt: purchase.updatedAt });
  await advance(temporal.client, handle.workflowId, MINUTE);
  const state = await until(({ follow }) => follow === null);
  expect(state.step).toEqual(settled.step);
  expect(state.timeline).toEqual(settled.timeline);
});

test('edits in quick succession are decided on once, after the last', async () => {
  let revisions = 0;
  steps.reviseOrder = async () => {
    revisions++;
    return { kind: 'unchanged', updatedAt: '2026-01-05T09:00:32.000Z' };
  };
  await starts();
  await untilAt('awaiting');
  await handle.signal(messages.erpChanged, news([glance]));
  await untilAt('settled');
  for (const second of [30, 31, 32])
    await handle.signal(messages.purchaseChanged, { updatedAt: `2026-01-05T09:00:${second}.000Z` });
  await until(({ revise }) => revise !== null);
  expect(revisions).toBe(0);
  await advance(temporal.client, handle.workflowId, MINUTE);
  await until(({ revise }) => revise === null);
  expect(revisions).toBe(1);
});

test('an order closes by itself when everything is invoiced and the time for credits is over', async () => {
  steps.followOrder = async () =>
    followed({
      settlement: { ...settlement, invoiced: '252.00', open: '0.00', complete: true },
      documents: [
        {
          document: 1,
          glance: { ...glance, status: 'invoiced', statusLetter: 'I' },
          stage: 'invoiced',
          units: { ...units, open: 0, invoiced: 10 },
          agreed: order,
          sent: null,
          differences: [],
        },
      ],
    });
  await starts();
  await untilAt('awaiting');
  await handle.signal(messages.erpChanged, news([glance]));
  await until(({ close }) => close !== null);
  await advance(temporal.client, handle.workflowId, 91 * 24 * 60 * MINUTE);
  await expect(handle.result()).resolves.toEqual({ outcome: 'closed', orderNumber: '104512' });
});

test('an order of five hundred events goes on in fresh histories, and forgets nothing', async () => {
  let read = 0;
  steps.followOrder = async () => {
    read++;
    return followed();
  };
  steps.prepareOrder = async () => ({ ...prepared, pacing: { ...pacing, merge: 0, settle: 0 } });
  await starts();
  await untilAt('awaiting');
  await handle.signal(messages.erpChanged, news([glance]));
  await untilAt('settled');
  const latest = temporal.client.workflow.getHandle(handle.workflowId);
  for (let event = 1; event <= 500; event++)
    await latest.signal(messages.erpChanged, {
      imports: [],
      orders: [
        {
          ...glance,
          version: `v${event}`,
          changedAt: new Date(Date.parse(purchase.updatedAt) + event * 1000).toISOString(),
        },
      ],
      credits: event % 50 === 0 ? [`CM-${event}`] : [],
      moved: true,
    });
  for (let round = 0; round < 500; round++) {
    const { creditMemos, follow, step } = await latest.query(messages.state);
    if (creditMemos.length === 10 && follow === null && step.at === 'settled') break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const state = await latest.query(messages.state);
  expect(state.creditMemos).toHaveLength(10);
  expect(state).toMatchObject({ step: { at: 'settled' }, facts: { orderNumber: '104512' }, problems: [] });
  expect(read).toBeGreaterThan(1);
  await latest.signal(messages.renew);
  for (let round = 0; round < 200; round++) {
    if ((await latest.describe()).runId !== handle.firstExecutionRunId) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect((await latest.describe()).runId).not.toBe(handle.firstExecutionRunId);
  const carried = await latest.query(messages.state);
  expect(carried).toMatchObject({ creditMemos: state.creditMemos, sent: state.sent, agreed: state.agreed });
  await latest.terminate('the test is over');
});
