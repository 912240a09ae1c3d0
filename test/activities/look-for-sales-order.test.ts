import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { createSalesOrderActivities } from '../../activities/sales-order-activities.ts';
import type { LookOutcome } from '../../domain/order-state.ts';
import { asActivity, startSteps, type Steps } from '../support/steps.ts';

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];
const POST = 'POST /api/salesOrder';
const LONG_AGO = '2026-01-01T00:00:00.000Z';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterEach(() => steps.erp.faults.clear());
afterAll(() => steps.stop());

/** An order that the ERP took in, of which its import log never shows a row. */
async function anUnseenOrder() {
  steps.erp.faults.add({ kind: 'logRowMissing', route: POST });
  const prepared = await steps.prepared({ lines: LINES });
  const { reference } = prepared;
  const activities = createSalesOrderActivities(steps.dependencies);
  const about = { revision: 1, attempt: 1 } as const;
  const permission = { kind: 'first' } as const;
  const { outcome } = await asActivity(() =>
    activities.submitSalesOrder({ ...prepared, document: 1, permission, ...about }),
  );
  if (outcome.kind !== 'staged') throw new Error(JSON.stringify(outcome));
  const { transaction } = outcome;
  return {
    look: ({ since = LONG_AGO, dependencies = steps.dependencies } = {}): Promise<LookOutcome> =>
      asActivity(() =>
        createSalesOrderActivities(dependencies).lookForSalesOrder({
          reference,
          ...about,
          transaction,
          since,
          watermark: null,
        }),
      ),
  };
}

test('of an order that was taken in and is not to be seen, time alone tells nothing', async () => {
  const { look } = await anUnseenOrder();
  expect(await look()).toEqual({ kind: 'nothing', watermark: null, cleared: null });
});

test('an order that the import passed over is told once something taken in later is finished', async () => {
  steps.erp.faults.add({ kind: 'importRefused', route: POST, code: 'REC_LOCKED' });
  const { look } = await anUnseenOrder();
  await steps.accepted({ lines: LINES });
  expect(await look({ since: new Date().toISOString() })).toMatchObject({ kind: 'nothing', cleared: null });
  expect(await look()).toEqual({ kind: 'nothing', watermark: null, cleared: 'laterJobFinished' });
});

test('an order that was imported is found, although the import log is silent of it', async () => {
  const { look } = await anUnseenOrder();
  await steps.accepted({ lines: LINES });
  expect(await look()).toMatchObject({ kind: 'accepted', how: 'adopted' });
});

test('an order that is imported between two looks is found, not passed over', async () => {
  const { look } = await anUnseenOrder();
  const { bluecherry } = steps.dependencies;
  const finishedAfter: typeof bluecherry.finishedAfter = async (transaction, since, call) => {
    await steps.accepted({ lines: LINES });
    return bluecherry.finishedAfter(transaction, since, call);
  };
  const dependencies = { ...steps.dependencies, bluecherry: { ...bluecherry, finishedAfter } };
  expect(await look({ dependencies })).toMatchObject({ kind: 'accepted' });
});

test('a lost answer comes out by a later order, also where the transactions of cancels run far ahead', async () => {
  const apart = await startSteps({ erp: { cancelKeysFrom: 900_000 } });
  const { bluecherry } = apart.dependencies;
  const call = { signal: new AbortController().signal, deadline: Date.now() + 20_000, priority: 'order' } as const;
  const { documents } = await apart.accepted({ lines: LINES });
  const by = { reasonCode: 'BUYR', by: 'customer', line: null } as const;
  await bluecherry.cancelSalesOrder(documents[0]?.orderNumber ?? '', by, call);
  apart.erp.runJob('order_import');

  const since = new Date(Date.now() - apart.site.erp.lateArrivalMs).toISOString();
  const look = (watermark: string | null): Promise<LookOutcome> =>
    asActivity(() =>
      createSalesOrderActivities(apart.dependencies).lookForSalesOrder({
        reference: 'NEVERARRIVED',
        revision: 1,
        attempt: 1,
        transaction: null,
        since,
        watermark,
      }),
    );
  const first = await look(null);
  if (first.kind !== 'nothing') throw new Error(JSON.stringify(first));
  expect(await look(first.watermark)).toMatchObject({ kind: 'nothing', cleared: null });
  await apart.accepted({ lines: LINES });
  expect(await look(first.watermark)).toMatchObject({ kind: 'nothing', cleared: 'laterJobFinished' });
  await apart.stop();
});
