import { afterEach, expect, inject, test } from 'vitest';

import type { PrepareOutcome } from '../../domain/order-state.ts';
import { activateWorkflow, payloadOf, type Activated, type Job } from '../support/activations.ts';
import { aPreparedOrder, importOf } from '../support/prepared-order.ts';

const order = aPreparedOrder();
const prepared: PrepareOutcome = {
  kind: 'prepared',
  orders: [order],
  reviews: [],
  purchase: {
    updatedAt: '2026-01-05T08:59:00.000Z',
    fingerprint: 'f1',
    visibleNumber: 'B2B01123',
    buyer: 'Example Stores',
    customer: 'CUST-0042',
    customerReference: 'PO-7781',
    currency: 'GBP',
    total: '252.00',
  },
  pacing: {
    firstLook: 3_000,
    longestGap: 3_000,
    importOverdue: 30_000,
    importCycle: 2_000,
    settle: 1_000,
    merge: 1_000,
    creditPeriod: 90 * 86_400_000,
  },
  siteVersion: 'v1',
};

const INPUT = { site: 'x', key: 'sparklayer:1', reference: order.reference, state: null };

const completed = (seq: number, value: unknown): Job => ({
  resolveActivity: { seq, result: { completed: { result: payloadOf(value) } } },
});
const timerFired: Job = { fireTimer: { seq: 1 } };
/** The poller tells that the import job made an order of it. */
const imported: Job = {
  signalWorkflow: {
    signalName: 'erpChanged',
    input: [
      payloadOf({
        imports: [importOf(order)],
        orders: [],
        credits: [],
        moved: false,
      }),
    ],
  },
};
const live = (clock: number): Activated => ({ clock, kind: 'live' });

let ends: () => Promise<void>;
afterEach(() => ends());

/** An order that awaits the import job since 300 ms, with a timer of three seconds. */
async function anAwaitingOrder(kind: Activated['kind'] = 'live') {
  const run = await activateWorkflow(inject('temporal').bundle, 'orderLifecycle', INPUT);
  ends = () => run.end();
  expect(await run.start({ clock: 0, kind })).toEqual(['prepareOrder']);
  expect(await run.activate({ clock: 100, kind }, [completed(1, prepared)])).toContain('submitSalesOrder');
  const staged = { outcome: { kind: 'staged', transaction: '55012', row: 1 }, controlNumber: '000000123' };
  expect(await run.activate({ clock: 300, kind }, [completed(2, staged)])).toContain('timer');
  return run;
}

test('what comes in one task is decided on together', async () => {
  const run = await anAwaitingOrder();
  expect(await run.activate(live(3_400), [imported, timerFired])).toContain('followOrder');
});

const refused = [expect.stringContaining('failed: A query came before the task')];
const asked: Job = { queryWorkflow: { queryId: 'q', queryType: 'state', arguments: [] } };

test.each(['live', 'replay'] as const)(
  'news that a query brings before its task (and before that: %s) is not taken in under the clock of the task before',
  async (kind) => {
    for (const news of [timerFired, imported, completed(2, {})]) {
      const run = await anAwaitingOrder(kind);
      expect(await run.activate(live(300), [news])).toEqual(refused);
      await run.end();
    }
    const begun = await activateWorkflow(inject('temporal').bundle, 'orderLifecycle', INPUT);
    ends = () => begun.end();
    expect(await begun.start({ clock: 0, kind })).toEqual(['prepareOrder']);
    expect(await begun.activate(live(0), [completed(1, prepared)])).toEqual(refused);
  },
);

test('a query alone is answered, and tasks that begin one after the other are taken in', async () => {
  const run = await anAwaitingOrder();
  expect(await run.activate(live(300), [asked])).toEqual(['respondToQuery']);
  expect(await run.activate(live(3_400), [timerFired])).toContain('lookForSalesOrder');
  expect(await run.activate(live(3_401), [imported])).toEqual([]);
  expect(await run.activate(live(3_401), [asked])).toEqual(['respondToQuery']);
});

test('nor is refused what is replayed, or what a run has called off itself', async () => {
  const replayed = await anAwaitingOrder('replay');
  expect(await replayed.activate({ clock: 300, kind: 'replay' }, [timerFired])).toContain('lookForSalesOrder');
  await replayed.end();
  const run = await activateWorkflow(inject('temporal').bundle, 'orderLifecycle', INPUT);
  ends = () => run.end();
  await run.start({ clock: 0, kind: 'live' });
  await run.activate(live(100), [{ cancelWorkflow: { reason: 'a person' } }]);
  const called: Job = { resolveActivity: { seq: 1, result: { cancelled: { failure: { message: 'off' } } } } };
  expect(await run.activate(live(100), [called])).toEqual([]);
});
