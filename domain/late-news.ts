import { views } from './order-documents.ts';
import { newOrder } from './order-lifecycle.ts';
import type { Instant, OrderEvent, OrderState } from './order-state.ts';
import { isLater } from './order-steps.ts';

/**
 * Whether something that came while an order did its last step is more than the order knew, and would have opened it again
 * a moment later: an edit of the buyer, a moved invoice, a credit memo.
 */
export function isLateNews({ decidedUpdatedAt, creditMemos }: OrderState, event: OrderEvent): boolean {
  if (event.is === 'erpChanged') return event.moved || event.credits.some((number) => !creditMemos.includes(number));
  return event.is === 'purchaseChanged' && (decidedUpdatedAt === null || isLater(event.updatedAt, decidedUpdatedAt));
}

/** An order that had ended and begins anew: what may have been sent before is looked for, and not sent again. */
export function openedAgain(ended: OrderState, now: Instant): OrderState {
  const wasSent = views(ended).some(({ posts }) => posts !== 'none');
  return { ...newOrder(ended, now), posts: wasSent ? 'doubtful' : 'none' };
}
