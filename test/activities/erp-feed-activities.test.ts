import { afterAll, beforeAll, expect, test } from 'vitest';

import { createErpFeedActivities } from '../../activities/erp-feed-activities.ts';
import type { OrderWorkflows } from '../../activities/order-workflows.ts';
import { asActivity, startSteps, type Steps } from '../support/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterAll(() => steps.stop());

test('an order that the ERP did not show once is asked for again when its next invoice moves', async () => {
  const order = await steps.accepted({ lines: [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }] });
  steps.ships();
  const told: string[] = [];
  const orders: OrderWorkflows = {
    startOrTell: () => Promise.resolve(),
    openOrders: async function* () {},
    tellChanged: () => Promise.resolve(true),
    tellGone: () => Promise.resolve(true),
    openFor: () => Promise.resolve(),
    lastResultOf: () => Promise.resolve(null),
    tellErpChange: (key, news) => {
      if (news.moved) told.push(key);
      return Promise.resolve(true);
    },
  };
  const { bluecherry } = steps.dependencies;
  let isHidden = true;
  // Long after the order itself has moved: of what is new only the invoice names it.
  const hiding: typeof bluecherry = {
    ...bluecherry,
    readChanges: async (cursor, call) => ({
      ...(await bluecherry.readChanges(cursor, call)),
      salesOrders: [],
      picks: [],
    }),
    getSalesOrder: (number, call) => (isHidden ? Promise.resolve(null) : bluecherry.getSalesOrder(number, call)),
  };
  const feed = createErpFeedActivities({ bluecherry: hiding, orders });
  await asActivity(() => feed.tellErpChanges({ last: null }));
  expect(told).toEqual([]);
  isHidden = false;
  await asActivity(() => feed.tellErpChanges({ last: null }));
  expect(told).toEqual([order.key]);
});
