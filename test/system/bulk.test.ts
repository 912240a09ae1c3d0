import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';

import type { OrderState } from '../../domain/order-state.ts';
import { createOrderActs } from '../../workers/order-acts.ts';
import type { actOnOrders } from '../../workflows/act-on-orders.ts';
import { ordersQueue, orderWorkflowId } from '../../workflows/task-queues.ts';
import { runCli } from '../support/cli.ts';
import { startInstep, type Instep } from '../support/instep.ts';

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];
const NEVER = new AbortController().signal;

const cli = (...args: readonly string[]) => runCli(inject('temporal').address, ...args);

describe('many orders that are parked for one cause', () => {
  let instep: Instep;
  let keys: readonly string[];
  let buyer: string;
  let filter: readonly string[];
  beforeAll(async () => {
    instep = await startInstep();
    // Told apart from the three: it is in the ERP before its buyer loses the link.
    const linked = await instep.accepted({ lines: LINES });
    buyer = String(instep.storefront.purchase(linked)?.customer_identifiers.sparklayer);
    instep.storefront.setCustomer(buyer, { accounting_id: null });
    keys = [1, 2, 3].map(() => instep.checksOut({ lines: LINES }));
    await instep.pollsPurchases();
    for (const key of keys) await instep.untilAt(key, 'parked');
    filter = ['orders', '--site', instep.name, '--attention', 'CUSTOMER_NOT_LINKED', '--pace', '600'];
    await untilListed(3);
  });
  afterAll(() => instep.stop());

  test('stay as they are when the first one refuses the act', async () => {
    const before = await states();
    const { code, err, out } = await cli(...filter, 'release', '--reason', 'in a hurry', '--yes').ended;
    expect(code).toBe(1);
    expect(err).toContain('the first order did not come out well');
    expect(out).toMatch(/refused[\s\S]*not[\s\S]*possible/);
    expect(await states()).toEqual(before);
  });

  test('stay parked, all but the first, while the cause is not mended', async () => {
    const { code, err, out } = await cli(...filter, 'retry', '--reason', 'has it gone?', '--yes').ended;
    expect(code).toBe(1);
    expect(err).toContain('2 untouched');
    expect(out).toMatch(/stillParked[\s\S]*CUSTOMER_NOT_LINKED/);
    const told = (await states()).filter(({ timeline }) => timeline.some(({ what }) => what.includes('has it gone?')));
    expect(told).toHaveLength(1);
  });

  test('are all released once it is mended: the first alone, the others when it is in the ERP', async () => {
    instep.storefront.setCustomer(buyer, { accounting_id: 'CUST-0042' });
    const run = cli(...filter, 'retry', '--reason', 'the buyer is linked now', '--yes');
    const first = await untilOneAwaits();
    const others = keys.filter((key) => key !== first);
    // While it waits for the import job, nobody else is asked, however fast the pace.
    const looks = () => instep.erp.calls().filter(({ method }) => method === 'GET').length;
    const before = looks();
    await instep.untilTrue(() => looks() >= before + 4, 'several looks at the ERP');
    for (const key of others) {
      const { step, timeline } = await instep.state(key);
      expect(step.at).toBe('parked');
      expect(timeline.some(({ what }) => what.includes('the buyer is linked now'))).toBe(false);
    }
    await instep.imports();
    for (const key of others) await instep.untilAt(key, 'awaiting');
    await instep.imports();
    for (const key of keys) await instep.untilAt(key, 'settled');
    const { code, err } = await run.ended;
    expect(err).toContain('retry on 3 orders: 3 done; all orders were asked.');
    expect(code).toBe(0);
    for (const key of keys) expect(instep.liveOrders(key)).toHaveLength(1);
    const accepted = timeOf(await instep.state(first), 'Accepted by the ERP');
    for (const key of others)
      expect(timeOf(await instep.state(key), 'the buyer is linked now')).toBeGreaterThanOrEqual(accepted);
    const id = /bulk:\S+/.exec(err)?.[0] ?? '';
    const shown = await cli('bulk', 'show', id, '--json').ended;
    expect(JSON.parse(shown.out)).toMatchObject({ status: 'completed', reason: 'the buyer is linked now', total: 3 });
  });

  const states = () => Promise.all(keys.map((key) => instep.state(key)));

  function timeOf({ timeline }: OrderState, words: string): number {
    return Date.parse(timeline.findLast(({ what }) => what.includes(words))?.at ?? '');
  }

  async function untilOneAwaits(): Promise<string> {
    for (let round = 0; round < 300; round++) {
      const key = keys[(await states()).findIndex(({ step }) => step.at === 'awaiting')];
      if (key !== undefined) return key;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('no order was asked');
  }

  /** Visibility shows a little later what the orders know. */
  async function untilListed(count: number): Promise<void> {
    const query = `WorkflowType = 'orderLifecycle' AND Site = '${instep.name}' AND Attention = 'CUSTOMER_NOT_LINKED'`;
    for (let round = 0; round < 200; round++) {
      if ((await instep.client.workflow.count(query)).count === count) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error('the parked orders never showed up in visibility');
  }
});

describe('an order that has ended', () => {
  let instep: Instep;
  beforeAll(async () => {
    instep = await startInstep();
  });
  afterAll(() => instep.stop());

  test('gives the same answer to the same act, and is gone for every other', async () => {
    const key = await instep.accepted({ lines: LINES });
    const acts = createOrderActs(instep.client);
    const order = orderWorkflowId(instep.name, key);
    const by = { actor: 'test@here', reason: 'settled by hand' };
    const close = () => acts.take(order, 'close', by, 'bulk:1/close', NEVER);
    expect(await close()).toEqual({ kind: 'taken' });
    await instep.handle(key).result();
    expect(await close()).toEqual({ kind: 'taken' });
    expect((await acts.stateOf(order, NEVER))?.step.at).toBe('finished');
    expect(await acts.take(order, 'retry', by, 'bulk:2/retry', NEVER)).toEqual({ kind: 'gone' });
    expect(await acts.stateOf(orderWorkflowId(instep.name, 'never-was'), NEVER)).toBeNull();
    const bulk = await instep.client.workflow.execute<typeof actOnOrders>('actOnOrders', {
      workflowId: `bulk:${instep.name}:retry:${randomUUID()}`,
      taskQueue: ordersQueue(instep.name),
      args: [
        {
          site: instep.name,
          act: 'retry',
          ...by,
          orders: [order],
          pace: { ordersPerMinute: 60, patienceMs: 5_000, ordersPerHistory: 500 },
          progress: null,
        },
      ],
    });
    expect(bulk).toMatchObject({ status: 'firstFailed', counts: { gone: 1 } });
  });

  test('closed by a bulk counts as done', async () => {
    const key = await instep.accepted({ lines: LINES });
    const query = `OrderNumber = '${(await instep.state(key)).facts.visibleNumber}'`;
    const args = ['--site', instep.name, '--query', query, 'close', '--reason', 'settled by hand', '--yes', '--json'];
    const { code, out } = await cli('orders', ...args).ended;
    expect(JSON.parse(out)).toMatchObject({ status: 'completed', act: 'close', counts: { done: 1 } });
    expect(code).toBe(0);
    await expect(instep.handle(key).result()).resolves.toMatchObject({ outcome: 'closed' });
  });
});
