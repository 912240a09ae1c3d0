import { randomUUID } from 'node:crypto';

import type { WorkflowHandleWithFirstExecutionRunId } from '@temporalio/client';
import { ApplicationFailure, TypedSearchAttributes } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import type { ActOnOrder, BulkActivities } from '../../activities/bulk-activities.ts';
import type { BulkProgress, OrderResult } from '../../domain/act-on-orders.ts';
import type { ActOnOrdersInput, BulkPace } from '../../workflows/act-on-orders.ts';
import { actOnOrders } from '../../workflows/index.ts';
import * as messages from '../../workflows/messages.ts';
import { attributes } from '../../workflows/search-attributes.ts';
import { ordersQueue, orderWorkflowId } from '../../workflows/task-queues.ts';
import { advance } from '../support/advance.ts';
import { skipToEnd } from '../support/skip-to-end.ts';
import { temporalClients } from '../support/temporal-clients.ts';

const MINUTE = 60_000;
const PACE: BulkPace = { ordersPerMinute: 1, patienceMs: 10 * MINUTE, ordersPerHistory: 500 };

const temporal = temporalClients();
let site: string;
let worker: Worker;
let running: Promise<void>;
let steps: BulkActivities;
let asked: ActOnOrder[];
let handle: WorkflowHandleWithFirstExecutionRunId<typeof actOnOrders>;

beforeAll(async () => {
  site = `b${randomUUID().slice(0, 8)}`;
  worker = await Worker.create({
    ...temporal.forWorkflows,
    taskQueue: ordersQueue(site),
    activities: {
      actOnOrder: (input: ActOnOrder) => {
        asked.push(input);
        return steps.actOnOrder(input);
      },
      lookAtOrders: (input: { asked: readonly string[] }) => steps.lookAtOrders(input),
    },
  });
  running = worker.run();
});
beforeEach(() => {
  asked = [];
  steps = { actOnOrder: async ({ order }) => done(order), lookAtOrders: async () => [] };
});
afterEach(async () => {
  await temporal.client.workflow
    .getHandle(handle.workflowId)
    .terminate('the test is over')
    .catch(() => undefined);
});
afterAll(async () => {
  worker.shutdown();
  await running;
});

const done = (order: string): OrderResult => ({ order, result: 'done', says: 'In the ERP as order 104512.' });
const order = (number: number) => orderWorkflowId(site, `sparklayer:${number}`);
const orders = (count: number) => Array.from({ length: count }, (_, index) => order(index + 1));
const askedOrders = () => asked.map((input) => input.order);

async function starts(count: number, more: Partial<ActOnOrdersInput> = {}): Promise<void> {
  handle = await temporal.client.workflow.start(actOnOrders, {
    workflowId: `bulk:${site}:retry:${randomUUID()}`,
    taskQueue: ordersQueue(site),
    args: [
      {
        site,
        act: 'retry',
        actor: 'test@here',
        reason: 'the *SKU* is there now',
        orders: orders(count),
        pace: PACE,
        progress: null,
        ...more,
      },
    ],
    typedSearchAttributes: new TypedSearchAttributes([{ key: attributes.Site, value: site }]),
  });
}

/** The newest run of the bulk. */
const bulk = () => temporal.client.workflow.getHandle<typeof actOnOrders>(handle.workflowId);

async function until(wanted: (progress: BulkProgress) => boolean): Promise<BulkProgress> {
  for (let round = 0; round < 500; round++) {
    const progress = await bulk().query(messages.progress);
    if (wanted(progress)) return progress;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never came to be: ${JSON.stringify(await bulk().query(messages.progress))}`);
}

/** Lets the bulk's time pass until it has ended, over any number of histories. */
async function runsOut(): Promise<BulkProgress> {
  await skipToEnd(temporal.client, handle.workflowId);
  return handle.result();
}

async function currentDetails(): Promise<string> {
  const metadata = await bulk().query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

describe('the first order', () => {
  test.each(['stillParked', 'refused', 'notAtRest', 'gone'] as const)(
    'leaves all others untouched when it comes out %s',
    async (result) => {
      steps.actOnOrder = async ({ order }) => ({ order, result, says: 'SKU_UNKNOWN: The ERP does not know “X|Y”.' });
      await starts(3);
      await expect(handle.result()).resolves.toMatchObject({
        status: 'firstFailed',
        total: 3,
        untouched: 2,
        counts: { done: 0, [result]: 1 },
        failures: [{ order: order(1), result }],
      });
      expect(askedOrders()).toEqual([order(1)]);
      const details = await currentDetails();
      expect(details).toContain('X\\|Y');
      expect(details).toContain('test@here');
      expect(details).toContain('the \\*SKU\\* is there now');
      expect(details).toContain('2 untouched');
    },
  );

  test('gets the whole patience, and nobody else is asked before it is at rest', async () => {
    const atRest = Promise.withResolvers<OrderResult>();
    steps.actOnOrder = async ({ order, patienceMs }) => (patienceMs > 0 ? atRest.promise : done(order));
    await starts(3, { pace: { ...PACE, ordersPerMinute: 6_000 } });
    await until(({ untouched }) => untouched === 3 && asked.length === 1);
    expect(asked).toEqual([
      {
        order: order(1),
        act: 'retry',
        actor: 'test@here',
        reason: 'the *SKU* is there now',
        updateId: `${handle.workflowId}/${order(1)}`,
        patienceMs: PACE.patienceMs,
      },
    ]);
    atRest.resolve(done(order(1)));
    await expect(handle.result()).resolves.toMatchObject({ status: 'completed', counts: { done: 3 } });
    expect(askedOrders()).toEqual(orders(3));
    expect(asked.map(({ patienceMs }) => patienceMs)).toEqual([PACE.patienceMs, 0, 0]);
  });

  test('that never answers is reported, and the others stay untouched', async () => {
    steps.actOnOrder = async () => {
      throw ApplicationFailure.nonRetryable('the server does not answer');
    };
    await starts(2);
    const { status, failures } = await handle.result();
    expect(status).toBe('firstFailed');
    expect(failures[0]?.says).toContain('the server does not answer');
  });
});

describe('the others', () => {
  test('follow at the pace', async () => {
    await starts(3);
    await until(({ status }) => status === 'running');
    await advance(temporal.client, handle.workflowId, 0.7 * MINUTE);
    expect(askedOrders()).toEqual(orders(1));
    await advance(temporal.client, handle.workflowId, 0.4 * MINUTE);
    await until(({ untouched }) => untouched === 1);
    expect(askedOrders()).toEqual(orders(2));
    await advance(temporal.client, handle.workflowId, MINUTE);
    await expect(handle.result()).resolves.toMatchObject({ status: 'completed', counts: { done: 3 }, untouched: 0 });
  });

  test('go on past one that fails, and every failure is recorded in its words', async () => {
    steps.actOnOrder = async ({ order: asked }) => {
      if (asked === order(2)) return { order: asked, result: 'refused', says: 'Possible now: cancel.' };
      if (asked === order(3)) throw ApplicationFailure.nonRetryable('the answer was lost');
      if (asked === order(4)) return { order: asked, result: 'gone', says: 'The order has ended.' };
      return done(asked);
    };
    await starts(5, { pace: { ...PACE, ordersPerMinute: 6_000 } });
    const { status, counts, failures } = await handle.result();
    expect(status).toBe('completed');
    expect(counts).toEqual({ done: 2, refused: 1, notAtRest: 1, gone: 1, stillParked: 0 });
    expect(failures.map(({ order, says }) => [order, says])).toEqual([
      [order(2), 'Possible now: cancel.'],
      [order(3), expect.stringContaining('the answer was lost')],
      [order(4), 'The order has ended.'],
    ]);
    expect(await currentDetails()).toContain('Possible now: cancel.');
  });

  test('are looked at until they rest, and reported when patience ends', async () => {
    steps.actOnOrder = async ({ order: asked, patienceMs }) =>
      patienceMs > 0 ? done(asked) : { order: asked, result: 'notAtRest', says: 'on its way' };
    steps.lookAtOrders = async ({ asked }) =>
      asked.flatMap((one) => {
        if (one === order(2)) return [done(one)];
        return one === order(3) ? [{ order: one, result: 'stillParked', says: 'ERP_REFUSED: no.' }] : [];
      });
    await starts(4, { pace: { ...PACE, patienceMs: MINUTE } });
    const { status, counts, failures, waiting } = await runsOut();
    expect(status).toBe('completed');
    expect(waiting).toEqual([]);
    expect(counts).toEqual({ done: 2, stillParked: 1, notAtRest: 1, refused: 0, gone: 0 });
    expect(failures).toEqual([
      { order: order(3), result: 'stillParked', says: 'ERP_REFUSED: no.' },
      { order: order(4), result: 'notAtRest', says: 'It took the act and is not at rest after 1 minute.' },
    ]);
  });

  test('are each asked once over several histories, which carry what was reported', async () => {
    steps.actOnOrder = async ({ order: asked, patienceMs }) => {
      if (asked === order(2)) return { order: asked, result: 'refused', says: 'Not now.' };
      return patienceMs === 0 && asked === order(3) ? { order: asked, result: 'notAtRest', says: '' } : done(asked);
    };
    // Comes to rest only when the last order was asked, histories later.
    steps.lookAtOrders = async ({ asked }) => (askedOrders().includes(order(8)) ? asked.map(done) : []);
    await starts(8, { pace: { ...PACE, ordersPerMinute: 10, ordersPerHistory: 2 } });
    const result = await runsOut();
    expect(result).toMatchObject({
      status: 'completed',
      total: 8,
      untouched: 0,
      counts: { done: 7, refused: 1, notAtRest: 0 },
      failures: [{ order: order(2), says: 'Not now.' }],
    });
    expect(askedOrders()).toEqual(orders(8));
    expect(asked.filter(({ patienceMs }) => patienceMs > 0)).toHaveLength(1);
    const { runId, typedSearchAttributes } = await bulk().describe();
    expect(runId).not.toBe(handle.firstExecutionRunId);
    expect(typedSearchAttributes.get(attributes.Site)).toBe(site);
  });
});

describe('a stop', () => {
  test('ends the bulk and leaves the rest untouched', async () => {
    await starts(4);
    await until(({ status }) => status === 'running');
    await advance(temporal.client, handle.workflowId, 1.2 * MINUTE);
    await until(({ untouched }) => untouched === 2);
    await bulk().signal(messages.stop);
    await expect(handle.result()).resolves.toMatchObject({ status: 'stopped', untouched: 2, counts: { done: 2 } });
    expect(askedOrders()).toEqual(orders(2));
  });

  test('lets the order in hand come to its end', async () => {
    const atRest = Promise.withResolvers<OrderResult>();
    steps.actOnOrder = async () => atRest.promise;
    await starts(3, { pace: { ...PACE, ordersPerMinute: 6_000 } });
    await until(() => asked.length === 1);
    await bulk().signal(messages.stop);
    expect((await bulk().query(messages.progress)).status).toBe('trying');
    atRest.resolve(done(order(1)));
    await expect(handle.result()).resolves.toMatchObject({ status: 'stopped', untouched: 2, counts: { done: 1 } });
    expect(askedOrders()).toEqual(orders(1));
  });

  test('says of those on their way that nobody waited for them', async () => {
    steps.actOnOrder = async ({ order: asked, patienceMs }) =>
      patienceMs > 0 ? done(asked) : { order: asked, result: 'notAtRest', says: 'on its way' };
    await starts(3);
    await until(({ status }) => status === 'running');
    await advance(temporal.client, handle.workflowId, 1.2 * MINUTE);
    await until(({ waiting }) => waiting.length === 1);
    await bulk().signal(messages.stop);
    const { status, failures, waiting } = await handle.result();
    expect({ status, waiting }).toEqual({ status: 'stopped', waiting: [] });
    expect(failures).toEqual([
      { order: order(2), result: 'notAtRest', says: expect.stringContaining('when the bulk was stopped') },
    ]);
  });
});

describe('a bulk that cannot be done is refused', () => {
  test.each([
    ['too many orders', () => ({ orders: orders(5_001) }), /5001 orders are more .*5000.*Narrow the filter/],
    ['no order', () => ({ orders: [] }), /no order to act on/],
    ['no reason', () => ({ reason: ' ' }), /who acts and why/],
    ['an order twice', () => ({ orders: [order(1), order(1)] }), /named twice/],
    ['another site', () => ({ orders: [orderWorkflowId('elsewhere', '1')] }), /no order of the site/],
    ['no pace', () => ({ pace: { ...PACE, ordersPerMinute: 0 } }), /above zero/],
  ] satisfies readonly (readonly [string, () => Partial<ActOnOrdersInput>, RegExp])[])(
    '%s',
    async (_name, input, words) => {
      await starts(1, input());
      await expect(handle.result()).rejects.toMatchObject({ cause: { message: expect.stringMatching(words) } });
      expect(asked).toEqual([]);
    },
  );
});
