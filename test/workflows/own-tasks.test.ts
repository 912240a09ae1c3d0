import { afterEach, expect, inject, test } from 'vitest';

import type { PrepareOutcome } from '../../domain/order-state.ts';
import { activateWorkflow, payloadOf, type Activated, type Job } from '../support/activations.ts';
import { aPreparedOrder } from '../support/prepared-order.ts';

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

const completed = (seq: number, value: unknown): Job => ({
  resolveActivity: { seq, result: { completed: { result: payloadOf(value) } } },
});
/** The import log shows it, undecided. */
const pending = { kind: 'staged', transaction: '55012', row: 1 };
const timerFired: Job = { fireTimer: { seq: 1 } };
/** The poller tells that the import job made an order of it. */
const imported: Job = {
  signalWorkflow: {
    signalName: 'erpChanged',
    input: [
      payloadOf({
        imports: [
          {
            kind: 'imported',
            transaction: '55012',
            row: 1,
            controlNumber: '000000123',
            reference: order.reference,
            orderNumber: '104512',
            warnings: [],
          },
        ],
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
  const key = 'sparklayer:1';
  const run = await activateWorkflow(inject('temporal').bundle, 'orderLifecycle', {
    site: 'x',
    key,
    reference: order.reference,
    state: null,
  });
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

test.each(['live', 'replay'] as const)(
  'a query that makes a run (before it: %s) decide on half of a task fails that task, so that no history shows it',
  async (kind) => {
    const run = await anAwaitingOrder(kind);
    // The timer has fired and no task has begun: a query brings it, under the clock of the task before.
    expect(await run.activate(live(300), [timerFired])).toContain('lookForSalesOrder');
    // Until the task begins the poller has told something: together the two are decided on otherwise, as above.
    expect(await run.activate(live(3_400), [imported])).toEqual([expect.stringContaining('failed: ')]);
  },
);

test('a run that was only asked goes on from what it decided early, as soon as something comes of it', async () => {
  const run = await anAwaitingOrder();
  expect(await run.activate(live(300), [timerFired])).toContain('lookForSalesOrder');
  expect(await run.activate(live(3_500), [completed(3, pending)])).toContain('timer');
  expect(await run.activate(live(3_600), [imported])).toContain('followOrder');
});

test('tasks that begin one after the other are never failed, nor is what is replayed', async () => {
  const run = await anAwaitingOrder();
  expect(await run.activate(live(3_400), [timerFired])).toContain('lookForSalesOrder');
  expect(await run.activate(live(3_401), [imported])).toEqual([]);
  await run.end();
  const again = await anAwaitingOrder('replay');
  expect(await again.activate({ clock: 300, kind: 'replay' }, [timerFired])).toContain('lookForSalesOrder');
  expect(await again.activate(live(3_401), [imported])).toEqual([]);
});
