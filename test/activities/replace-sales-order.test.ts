import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { openPostJournal } from '../../activities/post-journal.ts';
import type { ReplaceSalesOrder } from '../../activities/replace-sales-order.ts';
import { createSalesOrderActivities } from '../../activities/sales-order-activities.ts';
import type { ReplaceOutcome } from '../../domain/order-state.ts';
import { asActivity, remembered, startSteps, type Remembered, type Steps } from '../support/steps.ts';

const SKU = 'AC-1001-BLK-M';
const LINES = [{ sku: SKU, quantity: 10, unitPrice: '20.00' }];
const POST = 'POST /api/salesOrder';

let steps: Steps;
beforeAll(async () => {
  // No help from the ERP: it takes a control number twice.
  steps = await startSteps({ erp: { controlNumberFence: false } });
});
afterEach(() => steps.erp.faults.clear());
afterAll(() => steps.stop());

const posts = () => steps.erp.calls(POST).length;
const numberOf = ({ documents }: Remembered) => documents[0]?.orderNumber ?? '';

/** An order whose buyer wants less, and the step that sends that. */
async function anAmendedOrder(): Promise<{ readonly order: Remembered; readonly input: ReplaceSalesOrder }> {
  const order = await steps.accepted({ lines: LINES });
  steps.storefront.setQuantity(order.key, SKU, 7);
  const outcome = await steps.revise(order);
  const plan = outcome.kind === 'planned' ? outcome.plans[0]?.plan : undefined;
  if (outcome.kind !== 'planned' || plan?.kind !== 'replace') throw new Error(JSON.stringify(outcome));
  const { target, sent, assumed } = plan;
  return {
    order,
    input: {
      key: order.key,
      reference: order.reference,
      document: 1,
      orderNumber: numberOf(order),
      replacement: { kind: 'amendment', target, sent, assumed },
      agreed: order.documents[0]?.agreed ?? null,
      fingerprint: outcome.purchase.fingerprint,
      revision: 2,
      attempt: 1,
    },
  };
}

/** One attempt of the step, as Temporal would make it. */
function replace(input: ReplaceSalesOrder, attempt = 1, dependencies = steps.dependencies): Promise<ReplaceOutcome> {
  return asActivity(() => createSalesOrderActivities(dependencies).replaceSalesOrder(input), attempt);
}

function follow(
  { reference, document, orderNumber, revision, attempt }: ReplaceSalesOrder,
  outcome: ReplaceOutcome,
  { since = new Date(), dependencies = steps.dependencies } = {},
): Promise<ReplaceOutcome> {
  if (outcome.kind !== 'underWay') throw new Error(`replaced: ${JSON.stringify(outcome)}`);
  const { target, before, transaction } = outcome;
  return asActivity(() =>
    createSalesOrderActivities(dependencies).followReplace({
      reference,
      document,
      orderNumber,
      target,
      before,
      transaction,
      revision,
      attempt,
      since: since.toISOString(),
    }),
  );
}

const LONG_AGO = new Date('2026-01-01T00:00:00.000Z');

describe('a second attempt of a replace', () => {
  test('sends nothing while the first is staged, so that nothing is overwritten after it', async () => {
    const { input } = await anAmendedOrder();
    const before = posts();
    expect(await replace(input)).toMatchObject({ kind: 'underWay' });
    expect(await replace(input, 2)).toMatchObject({ kind: 'underWay' });
    expect(posts() - before).toBe(1);
  });

  test('sends nothing when the first may have left, although nobody sees it', async () => {
    const { input } = await anAmendedOrder();
    const before = posts();
    steps.erp.faults.add({ kind: 'lateArrival', route: POST, afterMs: 60_000 });
    expect(await replace(input)).toMatchObject({ kind: 'underWay' });
    expect(await replace(input, 2)).toMatchObject({ kind: 'underWay' });
    expect(posts() - before).toBe(1);
  });

  test('sends what the first was not let through with', async () => {
    const { input } = await anAmendedOrder();
    const before = posts();
    steps.erp.faults.add({ kind: 'jobRunning', route: POST });
    await expect(replace(input)).rejects.toMatchObject({ type: 'JOB_RUNNING' });
    expect(await replace(input, 2)).toMatchObject({ kind: 'underWay' });
    expect(posts() - before).toBe(2);
  });

  test('follows the first, also if a clerk changed the order since: that is overwritten, and told', async () => {
    const { order, input } = await anAmendedOrder();
    await replace(input);
    steps.erp.clerkEdits(numberOf(order), { price: { line: 1, price: '18.00' } });
    const again = await replace(input, 2);
    expect(again).toMatchObject({ kind: 'underWay', transaction: expect.any(String) });
    expect(await follow(input, again)).toMatchObject({ kind: 'pending', edits: [{ field: 'price', line: 1 }] });
  });

  test('trusts the import log, whatever the disk says', async () => {
    const { input } = await anAmendedOrder();
    await replace(input);
    const folder = await mkdtemp(join(tmpdir(), 'instep-journal-'));
    const journal = await openPostJournal(folder);
    const before = posts();
    expect(await replace(input, 2, { ...steps.dependencies, journal })).toMatchObject({ kind: 'underWay' });
    expect(posts()).toBe(before);
    await journal.close();
    await rm(folder, { recursive: true, force: true });
  });
});

test('an edit of a clerk that moves no stamp is seen before the replace leaves', async () => {
  const { order, input } = await anAmendedOrder();
  steps.erp.faults.add({ kind: 'headerNotMoved', route: 'GET /api/salesOrder' });
  steps.erp.clerkEdits(numberOf(order), { price: { line: 1, price: '18.00' } });
  const before = posts();
  expect(await replace(input)).toMatchObject({ kind: 'overtaken' });
  expect(posts()).toBe(before);
});

test('nothing is sent of an order that was cancelled as a whole, and agreed to be', async () => {
  const order = await steps.accepted({ lines: LINES });
  steps.erp.clerkEdits(numberOf(order), { cancel: { line: null, by: 'H' } });
  const act = { actor: 'a@b', reason: 'r' };
  const agreed = remembered(order, await steps.follow(order, { accept: { kind: 'acceptErp', alsoMore: false, act } }));
  const before = posts();
  expect(
    await replace({
      key: order.key,
      reference: order.reference,
      document: 1,
      orderNumber: numberOf(order),
      replacement: { kind: 'header', change: 'release', act },
      agreed: agreed.documents[0]?.agreed ?? null,
      fingerprint: agreed.fingerprint,
      revision: 2,
      attempt: 1,
    }),
  ).toMatchObject({ kind: 'refused', why: expect.stringContaining('nothing of ERP order') });
  expect(posts()).toBe(before);
});

test('a release does not make a smaller order of what the house cancelled, as long as nobody agreed to that', async () => {
  const { order, input } = await anAmendedOrder();
  const [hold = ''] = steps.site.ownHoldCodes;
  steps.erp.setHold(numberOf(order), hold);
  steps.erp.clerkEdits(numberOf(order), { cancel: { line: 1, by: 'H' }, quantity: { line: 1, quantity: 12 } });
  const replacement = { kind: 'header', change: 'release', act: { actor: 'a@b', reason: 'r' } } as const;
  const outcome = await replace({ ...input, replacement });
  expect(outcome).toMatchObject({ kind: 'refused', why: expect.stringContaining('cancelled') });
});

describe('while a replace is staged', () => {
  const priced = { price: { line: 1, price: '18.00' } } as const;

  test('an edit of a clerk, which it overwrites, is told', async () => {
    const { order, input } = await anAmendedOrder();
    const sent = await replace(input);
    expect(await follow(input, sent)).toMatchObject({ kind: 'pending', edits: [] });
    steps.erp.clerkEdits(numberOf(order), priced);
    expect(await follow(input, sent)).toMatchObject({
      kind: 'pending',
      edits: [{ field: 'price', line: 1, agreed: '20.00', shown: '18.00', money: '-20', tolerated: false }],
    });
  });

  test('the same beside a release, which restated the order before it', async () => {
    const { order, input } = await anAmendedOrder();
    const [hold = ''] = steps.site.ownHoldCodes;
    steps.erp.setHold(numberOf(order), hold);
    const replacement = { kind: 'header', change: 'release', act: { actor: 'a@b', reason: 'r' } } as const;
    const released = { ...input, replacement };
    const sent = await replace(released);
    steps.erp.clerkEdits(numberOf(order), priced);
    expect(await follow(released, sent)).toMatchObject({ kind: 'pending', edits: [{ field: 'price' }] });
  });

  test('an edit to just what it says is not lost', async () => {
    const { order, input } = await anAmendedOrder();
    const sent = await replace(input);
    steps.erp.clerkEdits(numberOf(order), { quantity: { line: 1, quantity: 7 } });
    expect(await follow(input, sent)).toMatchObject({ kind: 'pending', edits: [] });
  });

  test.each<readonly [string, (number: string) => void]>([
    ['a hold', (number) => steps.erp.setHold(number, 'CR')],
    ['an allocation', () => steps.erp.runJob('allocation')],
    [
      'a pick',
      () => {
        steps.erp.runJob('allocation');
        steps.erp.runJob('pick_release');
      },
    ],
  ])('%s is no edit of a clerk', async (_, move) => {
    const { order, input } = await anAmendedOrder();
    const sent = await replace(input);
    move(numberOf(order));
    expect(await follow(input, sent)).toMatchObject({ kind: 'pending', edits: [] });
  });

  test('an edit after its import is none that it overwrote', async () => {
    const { order, input } = await anAmendedOrder();
    const sent = await replace(input);
    steps.erp.runJob('order_import');
    steps.erp.clerkEdits(numberOf(order), priced);
    expect(await follow(input, sent)).toMatchObject({ kind: 'done' });
    expect(steps.erp.salesOrders({ ordNum: numberOf(order) })[0]?.lines[0]?.price).toBe('18.00');
  });

  test('it is never sent again, however long the import log is silent of it', async () => {
    const { input } = await anAmendedOrder();
    const sent = await replace(input);
    expect(sent).toMatchObject({ kind: 'underWay', transaction: expect.any(String) });
    const { bluecherry } = steps.dependencies;
    const dependencies = {
      ...steps.dependencies,
      bluecherry: { ...bluecherry, findImportResults: () => Promise.resolve([]) },
    };
    expect(await follow(input, sent, { since: LONG_AGO, dependencies })).toMatchObject({ kind: 'pending' });
  });

  test('one whose answer was lost and of which nothing is to be seen goes again, after two import cycles', async () => {
    const { input } = await anAmendedOrder();
    steps.erp.faults.add({ kind: 'hang', route: POST, ms: 60_000 });
    const sent = await replace(input);
    expect(sent).toMatchObject({ kind: 'underWay', transaction: null });
    expect(await follow(input, sent)).toMatchObject({ kind: 'pending', transaction: null });
    expect(await follow(input, sent, { since: LONG_AGO })).toEqual({ kind: 'repeat' });
  });

  test('one whose answer was lost, and which the import log shows, is not sent again', async () => {
    const { input } = await anAmendedOrder();
    steps.erp.faults.add({ kind: 'answerLostAfterCommit', route: POST });
    const sent = await replace(input);
    expect(sent).toMatchObject({ kind: 'underWay', transaction: null });
    const known = await follow(input, sent, { since: LONG_AGO });
    expect(known).toMatchObject({ kind: 'pending', transaction: expect.any(String) });
  });

  test('its row is found by its transaction where the log does not show our reference', async () => {
    const { input } = await anAmendedOrder();
    const sent = await replace(input);
    steps.erp.runJob('order_import');
    const { bluecherry } = steps.dependencies;
    const dependencies: typeof steps.dependencies = {
      ...steps.dependencies,
      bluecherry: {
        ...bluecherry,
        findImportResults: (by, call) =>
          'reference' in by ? Promise.resolve([]) : bluecherry.findImportResults(by, call),
      },
    };
    expect(await follow(input, sent, { dependencies })).toMatchObject({ kind: 'done' });
  });
});

describe('a replace that the import drops, and of which the log shows nothing', () => {
  async function aDroppedReplace() {
    const { order, input } = await anAmendedOrder();
    steps.erp.faults.add({ kind: 'logRowMissing', route: POST });
    steps.erp.faults.add({ kind: 'importRefused', route: POST, code: 'REC_LOCKED' });
    const sent = await replace(input);
    steps.erp.runJob('order_import');
    return { order, input, sent };
  }

  test('waits as long as nothing taken in later is finished: time alone proves nothing', async () => {
    const { input, sent } = await aDroppedReplace();
    expect(await follow(input, sent, { since: LONG_AGO })).toMatchObject({ kind: 'pending' });
  });

  test('is decided anew once something taken in later is finished, and it has had its time', async () => {
    const { input, sent } = await aDroppedReplace();
    await steps.accepted({ lines: LINES });
    expect(await follow(input, sent)).toMatchObject({ kind: 'pending' });
    const before = posts();
    expect(await follow(input, sent, { since: LONG_AGO })).toMatchObject({
      kind: 'overtaken',
      why: expect.stringContaining('passed over'),
    });
    expect(posts()).toBe(before);
  });

  test('waits on while what was taken in later is only staged', async () => {
    const later = await anAmendedOrder();
    const { input, sent } = await aDroppedReplace();
    await replace(later.input);
    expect(await follow(input, sent, { since: LONG_AGO })).toMatchObject({ kind: 'pending' });
  });

  test('is done when the order is as wanted all the same', async () => {
    const { input } = await anAmendedOrder();
    steps.erp.faults.add({ kind: 'logRowMissing', route: POST });
    const sent = await replace(input);
    await steps.accepted({ lines: LINES });
    expect(await follow(input, sent, { since: LONG_AGO })).toMatchObject({ kind: 'done' });
  });

  test('is none when its row appears with what was finished in between', async () => {
    const { input } = await anAmendedOrder();
    const sent = await replace(input);
    await steps.accepted({ lines: LINES });
    const { bluecherry } = steps.dependencies;
    let looks = 0;
    const dependencies: typeof steps.dependencies = {
      ...steps.dependencies,
      bluecherry: {
        ...bluecherry,
        // Both searches of the first look come before the row.
        findImportResults: (by, call) => (looks++ < 2 ? Promise.resolve([]) : bluecherry.findImportResults(by, call)),
        getSalesOrder: (number, call) =>
          bluecherry
            .getSalesOrder(number, call)
            .then((order) => (looks < 2 && order ? { ...order, notes: 'old' } : order)),
      },
    };
    expect(await follow(input, sent, { since: LONG_AGO, dependencies })).toMatchObject({ kind: 'done' });
  });
});

describe('a replace that the import refuses', () => {
  test.each(['REC_LOCKED', 'DEADLOCK', 'ORD_PICKED', 'DUP_ISA'])(
    'with %s is decided anew, not left to people',
    async (code) => {
      const { input } = await anAmendedOrder();
      steps.erp.faults.add({ kind: 'importRefused', route: POST, code });
      const sent = await replace(input);
      steps.erp.runJob('order_import');
      expect(await follow(input, sent)).toMatchObject({ kind: 'overtaken' });
    },
  );

  test('for what it says is for people', async () => {
    const { input } = await anAmendedOrder();
    steps.erp.faults.add({ kind: 'importRefused', route: POST, code: 'INV_TERMS' });
    const sent = await replace(input);
    steps.erp.runJob('order_import');
    expect(await follow(input, sent)).toMatchObject({ kind: 'refused' });
  });
});
