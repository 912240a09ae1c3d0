import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { openPostJournal } from '../../activities/post-journal.ts';
import { createSalesOrderActivities, type SalesOrderDependencies } from '../../activities/sales-order-activities.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import type { PostPermission, SubmissionOutcome } from '../../domain/order-state.ts';
import type { PreparedSalesOrder } from '../../domain/sales-order.ts';
import { asActivity, startSteps, type Steps } from '../support/steps.ts';

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 1, unitPrice: '20.00' }];
const TWELVE = 12;
/** So that calls queue, and who comes meanwhile waits with others. */
const LIMITS = { concurrent: 1, burstPerSecond: 50, perMinute: null };

interface Prepared {
  readonly key: string;
  readonly fingerprint: string;
  readonly order: PreparedSalesOrder;
}

let steps: Steps;
let orders: readonly Prepared[];
const worlds: (() => Promise<void>)[] = [];

beforeAll(async () => {
  steps = await startSteps();
});
beforeEach(async () => {
  orders = await Promise.all(Array.from({ length: TWELVE }, () => steps.prepared({ lines: LINES })));
});
afterEach(async () => {
  steps.erp.faults.clear();
  steps.erp.runJob('order_import');
  for (const end of worlds.splice(0)) await end();
});
afterAll(() => steps.stop());

/** A worker that knows nothing of what was done before: another connector, an empty journal. */
async function aFreshWorker(): Promise<SalesOrderDependencies> {
  const folder = await mkdtemp(join(tmpdir(), 'instep-together-'));
  const log = pino({ level: 'silent' });
  const clock = () => new Date();
  const bluecherry = createBlueCherry({ ...steps.site.erp, limits: LIMITS, cacheDir: null }, { clock, log });
  const journal = await openPostJournal(folder);
  worlds.push(async () => {
    await Promise.all([bluecherry.close(), journal.close()]);
    await rm(folder, { recursive: true, force: true });
  });
  return { ...steps.dependencies, bluecherry, journal };
}

const FIRST = { kind: 'first' } as const;

function submit(
  world: SalesOrderDependencies,
  { key, fingerprint, order }: Prepared,
  permission: PostPermission = FIRST,
  attempt = 1,
): Promise<SubmissionOutcome['kind']> {
  const { submitSalesOrder } = createSalesOrderActivities(world);
  const input = { key, document: 1, order, permission, fingerprint, revision: 1, attempt: 1 } as const;
  return asActivity(async () => (await submitSalesOrder(input)).outcome.kind, attempt);
}

/** Calls that asked the ERP for one reference. */
function alone(from: number): number {
  return steps.erp
    .calls()
    .slice(from)
    .filter(({ query }) => /ext_ref|altpo|udford1c/.test(decodeURIComponent(query))).length;
}

const postsOf = (from: number) =>
  steps.erp
    .calls()
    .slice(from)
    .filter(({ method }) => method === 'POST').length;

const ordersInErp = () => orders.map(({ order }) => steps.erp.salesOrders({ reference: order.reference }).length);

test('orders that are submitted together are looked for together, and leave as one array', async () => {
  const from = steps.erp.calls().length;
  const world = await aFreshWorker();
  const kinds = await Promise.all(orders.map((each) => submit(world, each)));
  expect(new Set(kinds)).toEqual(new Set(['staged']));
  // Who comes first finds nobody waiting.
  expect(alone(from)).toBeLessThan(TWELVE);
  expect(postsOf(from)).toBeLessThan(4);
  steps.erp.runJob('order_import');
  expect(ordersInErp()).toEqual(orders.map(() => 1));
});

test('orders that another worker sent, of which this one knows nothing, are found together and not sent again', async () => {
  const before = await aFreshWorker();
  await Promise.all(orders.slice(0, 4).map((each) => submit(before, each)));
  steps.erp.runJob('order_import');
  await Promise.all(orders.slice(4, 8).map((each) => submit(before, each)));
  const after = await aFreshWorker();
  const kinds = await Promise.all(orders.map((each) => submit(after, each)));
  expect(kinds.slice(0, 4)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
  expect(kinds.slice(4)).toEqual(orders.slice(4).map(() => 'staged'));
  steps.erp.runJob('order_import');
  expect(ordersInErp()).toEqual(orders.map(() => 1));
});

test('two workers that submit the same orders one after the other, each looking together, make one of each', async () => {
  const [left, right] = [await aFreshWorker(), await aFreshWorker()];
  for (const world of [left, right, left, right]) {
    await Promise.all(orders.map((each) => submit(world, each)));
    steps.erp.runJob('order_import');
  }
  expect(ordersInErp()).toEqual(orders.map(() => 1));
});

test('a second attempt whose first may have sent is looked for together with others, and never sent', async () => {
  const world = await aFreshWorker();
  const kinds = await Promise.all(orders.map((each) => submit(world, each, FIRST, 2)));
  expect(new Set(kinds)).toEqual(new Set(['unknown']));
  steps.erp.runJob('order_import');
  expect(ordersInErp()).toEqual(orders.map(() => 0));
});

test('what goes again because nothing was found is asked for alone, however many wait', async () => {
  const from = steps.erp.calls().length;
  const world = await aFreshWorker();
  await Promise.all(orders.map((each) => submit(world, each, { kind: 'cleared', by: 'laterJobFinished' })));
  expect(alone(from)).toBe(3 * TWELVE);
});

test('orders of one lost answer are found together', async () => {
  const world = await aFreshWorker();
  steps.erp.faults.add({ kind: 'answerLostAfterCommit', route: 'POST /api/salesOrder', times: 1 });
  const kinds = await Promise.all(orders.map((each) => submit(world, each)));
  expect(kinds).toContain('unknown');
  steps.erp.runJob('order_import');
  const from = steps.erp.calls().length;
  const { lookForSalesOrder } = createSalesOrderActivities(world);
  const found = await Promise.all(
    orders.map(({ order: { reference, orderDate: placedOn } }) =>
      asActivity(() =>
        lookForSalesOrder({
          reference,
          placedOn,
          revision: 1,
          attempt: 1,
          transaction: null,
          since: new Date().toISOString(),
          watermark: null,
        }),
      ),
    ),
  );
  expect(new Set(found.map(({ kind }) => kind))).toEqual(new Set(['accepted']));
  expect(steps.erp.calls().length - from).toBeLessThanOrEqual(TWELVE);
  expect(ordersInErp()).toEqual(orders.map(() => 1));
});
