import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createSweepActivities } from '../../activities/sweep-purchases.ts';
import type { GuardOverride } from '../../domain/findings.ts';
import { newOrder } from '../../domain/order-lifecycle.ts';
import { asActivity, startSteps, type Steps } from '../support/steps.ts';

const GET = 'GET /api/v1/purchases/{lookupBy}/{identifier}';
const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 1, unitPrice: '20.00' }];

let steps: Steps;
beforeEach(async () => {
  steps = await startSteps();
});
afterEach(() => steps.stop());

/** The sweep of one process over the orders of these purchases, of which some know already that it is gone. */
function aSweep(keys: readonly string[], knowing: readonly string[] = []) {
  const told: string[] = [];
  const activities = createSweepActivities({
    site: { intake: { types: ['order'], intervalSeconds: 20, overlapMinutes: 10, pageSize: 500 } },
    sparklayer: steps.dependencies.sparklayer,
    orders: {
      openOrders: async function* () {
        yield* keys;
      },
      tellChanged: (key) => Promise.resolve(told.push(`${key} changed`) > 0),
      tellGone: (key) => Promise.resolve(told.push(`${key} gone`) > 0),
      stateOf: (key) => {
        const state = newOrder({ site: 's', key, reference: 'R' }, '2026-01-20T00:00:00.000Z');
        return Promise.resolve({ ...state, purchaseGone: knowing.includes(key) });
      },
    },
  });
  return {
    run: (override: GuardOverride | null = null) => asActivity(() => activities.sweepOpenPurchases({ override })),
    /** What the orders were told since the last time. */
    told: () => told.splice(0).toSorted(),
  };
}

function purchases(count: number): string[] {
  return Array.from({ length: count }, () =>
    String(steps.storefront.checkout({ lines: LINES }).purchase_identifiers.sparklayer),
  );
}

const gone = (keys: readonly string[]) => keys.map((key) => `${key} gone`).toSorted();

test('a sweep that did not come to its end goes on where it was: what it has read is not read again', async () => {
  const keys = purchases(24);
  const [deleted = ''] = keys;
  steps.storefront.remove(deleted);
  const recover = keys.slice(10).map((key) => {
    const route = `GET /api/v1/purchases/sparklayer/${key}`;
    return steps.storefront.faults.add({ kind: 'status', status: 503, route, times: 99 });
  });
  const { run, told } = aSweep(keys);
  await expect(run()).rejects.toMatchObject({ type: 'SERVER_ERROR' });
  expect(told()).toEqual(
    keys
      .slice(1, 10)
      .map((key) => `${key} changed`)
      .toSorted(),
  );
  for (const each of recover) each();
  const before = steps.storefront.calls(GET).length;
  expect(await run()).toMatchObject({ stats: { open: 24, withdrawn: 1, unreadable: 0 } });
  expect(steps.storefront.calls(GET)).toHaveLength(before + 14);
  expect(told()).toContain(`${deleted} gone`);
  // The next one reads all of them.
  await run();
  expect(steps.storefront.calls(GET)).toHaveLength(before + 14 + 24);
});

test('every order is told once what became of its purchase: changed, deleted, or no order any more', async () => {
  const [same = '', deleted = '', cart = ''] = purchases(3);
  const { run, told } = aSweep([same, deleted, cart]);
  expect(await run()).toMatchObject({ stats: { open: 3, withdrawn: 0 }, findings: [] });
  expect(told()).toEqual([same, deleted, cart].map((key) => `${key} changed`).toSorted());
  steps.storefront.remove(deleted);
  steps.storefront.setType(cart, 'cart');
  expect(await run()).toMatchObject({ stats: { open: 3, withdrawn: 2 }, findings: [] });
  expect(told()).toEqual(gone([deleted, cart]));
  expect(await run()).toMatchObject({ stats: { open: 3, withdrawn: 0 }, findings: [] });
  expect(told()).toEqual([]);
});

test('a purchase that cannot be read is told as that, and stops the sweep of no other', async () => {
  const [broken = '', deleted = ''] = purchases(2);
  steps.storefront.amend(broken, (purchase) => void Object.assign(purchase, { custom_fields: [{ name: 5 }] }));
  steps.storefront.remove(deleted);
  const { run, told } = aSweep([broken, deleted]);
  expect(await run()).toMatchObject({
    stats: { open: 2, withdrawn: 1, unreadable: 1 },
    findings: [{ code: 'SCHEMA_DRIFT', key: 'purchases', concerns: [broken] }],
  });
  expect(told()).toEqual(gone([deleted]));
});

/** The route of one purchase alone. */
const getOf = (key: string) => `GET /api/v1/purchases/sparklayer/${key}`;

test.each([
  [400, 'problem'],
  [403, 'empty'],
  [410, 'empty'],
  [500, 'html'],
  [404, 'html'],
] as const)('a purchase that always answers %i with %s stops the sweep of no other', async (status, body) => {
  const [before = '', broken = '', after = ''] = purchases(3);
  steps.storefront.remove(before);
  steps.storefront.remove(after);
  const { run, told } = aSweep([before, broken, after]);
  steps.storefront.faults.add({ kind: 'status', status, body, route: getOf(broken), times: 99 });
  expect(await run()).toMatchObject({
    stats: { open: 3, withdrawn: 2, unreadable: 1 },
    findings: [{ code: 'SCHEMA_DRIFT', key: 'purchases', concerns: [broken] }],
  });
  expect(told()).toEqual(gone([before, after]));
});

describe('a storefront that is ill', () => {
  test.each([
    ['for more than ten purchases in a row', 14, 16],
    ['for every purchase of the few that there are', 2, 2],
  ])('%s fails the sweep, to be tried again, and withdraws nothing', async (_, ill, open) => {
    const keys = purchases(open);
    for (const key of keys.slice(ill)) steps.storefront.remove(key);
    const { run, told } = aSweep(keys);
    steps.storefront.faults.add({ kind: 'status', status: 503, route: GET, times: ill });
    await expect(run()).rejects.toMatchObject({ type: 'SERVER_ERROR', nonRetryable: false });
    expect(told()).toEqual([]);
  });

  test('for five in a row, again and again, is told with each of them', async () => {
    const keys = purchases(12);
    const { run } = aSweep(keys);
    const ill = keys.filter((_, index) => index % 6 !== 5);
    for (const key of ill) steps.storefront.faults.add({ kind: 'status', status: 500, route: getOf(key) });
    expect(await run()).toMatchObject({ stats: { unreadable: 10 }, findings: [{ concerns: ill }] });
  });

  test.each([
    [401, 'CREDENTIALS_REFUSED', true],
    [429, 'RATE_LIMITED', false],
  ])('as a whole (%i) fails the sweep at once', async (status, type, nonRetryable) => {
    const [fine = '', refused = ''] = purchases(2);
    const { run } = aSweep([fine, refused]);
    // A 401 is answered by a new token first.
    steps.storefront.faults.add({ kind: 'status', status, retryAfter: 30, route: getOf(refused), times: 2 });
    await expect(run()).rejects.toMatchObject({ type, nonRetryable });
  });
});

describe('when the storefront does not find the purchases of many orders at once', () => {
  test('none of them is withdrawn, and the next sweep looks again', async () => {
    const keys = purchases(10);
    const { run, told } = aSweep(keys);
    await run();
    told();
    // A gateway, or another environment, answers as SparkLayer does.
    steps.storefront.faults.add({ kind: 'status', status: 404, body: 'problemAsJson', route: GET, times: 10 });
    expect(await run()).toMatchObject({
      stats: { open: 10, withdrawn: 0, heldBack: 10 },
      findings: [{ code: 'PURCHASES_VANISHED', key: '', count: 10, concerns: keys }],
    });
    expect(told()).toEqual([]);
    expect(await run()).toMatchObject({ stats: { withdrawn: 0, heldBack: 0 }, findings: [] });
    expect(told()).toEqual([]);
  });

  test('what is of a type that nobody knows is not withdrawn, and its order looks', async () => {
    const [strange = ''] = purchases(1);
    steps.storefront.setType(strange, 'subscription');
    const { run, told } = aSweep([strange]);
    expect(await run()).toMatchObject({ stats: { withdrawn: 0 }, findings: [] });
    expect(told()).toEqual([`${strange} changed`]);
  });

  test('what went back to a cart meanwhile is withdrawn all the same', async () => {
    const [cart = '', ...others] = purchases(10);
    steps.storefront.setType(cart, 'cart');
    for (const key of others) steps.storefront.remove(key);
    const { run, told } = aSweep([cart, ...others]);
    expect(await run()).toMatchObject({ stats: { withdrawn: 1, heldBack: 9 } });
    expect(told()).toEqual(gone([cart]));
  });

  test('a person may let it pass for one run', async () => {
    const keys = purchases(6);
    for (const key of keys) steps.storefront.remove(key);
    const { run, told } = aSweep(keys);
    await run({ guard: 'STOCK_STALE', actor: 'ada', reason: 'no' });
    expect(told()).toEqual([]);
    const passed = await run({ guard: 'PURCHASES_VANISHED', actor: 'ada', reason: 'test orders' });
    expect(passed).toMatchObject({ stats: { withdrawn: 6, heldBack: 0 }, findings: [] });
    expect(told()).toEqual(gone(keys));
  });

  test.each([
    ['five are never many', 5, 5],
    ['nor is a fifth', 6, 30],
  ])('%s', async (_, deleted, open) => {
    const keys = purchases(open);
    const vanished = keys.slice(0, deleted);
    for (const key of vanished) steps.storefront.remove(key);
    const { run } = aSweep(keys);
    expect(await run()).toMatchObject({ stats: { open, withdrawn: deleted, heldBack: 0 }, findings: [] });
  });

  test('those of which the orders know already do not count', async () => {
    const keys = purchases(10);
    const vanished = keys.slice(0, 6);
    for (const key of vanished) steps.storefront.remove(key);
    const knowing = vanished.slice(0, 5);
    expect(await aSweep(keys, knowing).run()).toMatchObject({ stats: { withdrawn: 6 }, findings: [] });
    expect(await aSweep(keys).run()).toMatchObject({ stats: { withdrawn: 0, heldBack: 6 } });
  });
});
