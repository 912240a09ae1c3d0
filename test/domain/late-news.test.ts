import { expect, test } from 'vitest';

import { isLateNews, openedAgain } from '../../domain/late-news.ts';
import { newOrder } from '../../domain/order-lifecycle.ts';
import type { OrderEvent, OrderState } from '../../domain/order-state.ts';
import { PURCHASE_REFERENCE, PURCHASE_UUID } from '../support/builders.ts';
import { LATER, MUCH_LATER, START } from './order-story.ts';

const ended: OrderState = {
  ...newOrder({ site: 'north', key: PURCHASE_UUID, reference: PURCHASE_REFERENCE }, START),
  decidedUpdatedAt: LATER,
  creditMemos: ['CM-1'],
};
const erp = (change: Partial<Extract<OrderEvent, { is: 'erpChanged' }>>): OrderEvent => ({
  is: 'erpChanged',
  imports: [],
  orders: [],
  credits: [],
  moved: false,
  ...change,
});

test.each<[string, OrderEvent, boolean]>([
  ['a later edit of the buyer', { is: 'purchaseChanged', updatedAt: MUCH_LATER }, true],
  ['the edit it was decided on', { is: 'purchaseChanged', updatedAt: LATER }, false],
  ['an invoice that moved', erp({ moved: true }), true],
  ['a credit memo', erp({ credits: ['CM-1', 'CM-2'] }), true],
  ['a credit memo that is known', erp({ credits: ['CM-1'] }), false],
  ['what the import log says once more', erp({}), false],
  ['the purchase that is gone after all is over', { is: 'purchaseGone' }, false],
])('of %s', (_what, event, isNews) => {
  expect(isLateNews(ended, event)).toBe(isNews);
});

test('what opens again knows whether something may have been sent, and nothing else of the life before', () => {
  expect(openedAgain(ended, MUCH_LATER)).toEqual(
    newOrder({ site: 'north', key: PURCHASE_UUID, reference: PURCHASE_REFERENCE }, MUCH_LATER),
  );
  expect(openedAgain({ ...ended, posts: 'some' }, MUCH_LATER).posts).toBe('doubtful');
});
