import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { createSalesOrderActivities } from '../../activities/sales-order-activities.ts';
import type { Submission } from '../../activities/submit-sales-order.ts';
import { asActivity, startSteps, type Steps } from '../support/steps.ts';

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];
const POST = 'POST /api/salesOrder';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterEach(() => steps.erp.faults.clear());
afterAll(() => steps.stop());

interface Sending {
  /** Of the order at this content (decision 4). */
  readonly attempt: number;
  /** How often the step was begun. */
  readonly tries?: number;
  /** Whether the order was run before under another run id. */
  readonly isReopened?: true;
}

test.each([
  ['cart', { kind: 'withdrawn' }],
  ['subscription', { kind: 'purchaseChanged' }],
])('a purchase that is a %s now is not sent', async (type, outcome) => {
  const { send, posts, key } = await aPreparedPurchase();
  steps.storefront.setType(key, type);
  expect(await send({ attempt: 1 })).toMatchObject({ outcome });
  expect(posts()).toBe(0);
});

/** A purchase as its order's workflow would send it. */
async function aPreparedPurchase() {
  const prepared = await steps.prepared({ lines: LINES });
  return {
    key: prepared.key,
    send: ({ attempt, tries = 1, isReopened }: Sending): Promise<Submission> => {
      const earlierRuns = () => Promise.resolve(isReopened === true);
      const activities = createSalesOrderActivities({ ...steps.dependencies, earlierRuns });
      const permission = { kind: attempt === 1 ? 'first' : 'allSettled' } as const;
      const about = { ...prepared, document: 1, permission, revision: 1, attempt } as const;
      return asActivity(() => activities.submitSalesOrder(about), tries);
    },
    posts: () => steps.erp.calls(POST).length,
  };
}

test('a refusal that an earlier run met is not this run’s: the next number above all of them is told', async () => {
  const { send, posts } = await aPreparedPurchase();
  for (const attempt of [1, 2]) {
    steps.erp.faults.add({ kind: 'importRefused', route: POST, code: 'INV_TERMS' });
    await send({ attempt });
    steps.erp.runJob('order_import');
  }
  const before = posts();
  const { outcome } = await send({ attempt: 1, isReopened: true });
  expect(outcome).toMatchObject({ kind: 'refusedEarlier', nextAttempt: 3 });
  expect(await send({ attempt: 1, isReopened: true, tries: 2 })).toMatchObject({ outcome });
  expect(posts()).toBe(before);
});

test('a refusal that this run met is told as such', async () => {
  const { send } = await aPreparedPurchase();
  steps.erp.faults.add({ kind: 'importRefused', route: POST, code: 'INV_TERMS' });
  await send({ attempt: 1 });
  steps.erp.runJob('order_import');
  expect(await send({ attempt: 1, tries: 2 })).toMatchObject({ outcome: { kind: 'refused', cause: 'content' } });
});

test('a run that was opened again sends nothing at its second try either', async () => {
  const { send, posts } = await aPreparedPurchase();
  const before = posts();
  expect(await send({ attempt: 1, isReopened: true, tries: 2 })).toMatchObject({ outcome: { kind: 'unknown' } });
  expect(posts()).toBe(before);
});
