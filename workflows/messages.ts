import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

import type { Act, ErpGlance, Instant, OrderState, TimelineEntry } from '../domain/order-state.ts';
import type { ImportResult } from '../domain/sales-order.ts';

/** The storefront's poller: the purchase has this `updated_at` now. */
export const purchaseChanged = defineSignal<[{ updatedAt: Instant }], 'purchaseChanged'>('purchaseChanged');

/** The sweep: the purchase is gone, or no longer an order. */
export const purchaseGone = defineSignal<[], 'purchaseGone'>('purchaseGone');

/** The ERP's poller: what the import log and the sales orders now say of this order's reference. */
export const erpChanged = defineSignal<
  [{ imports: readonly ImportResult[]; orders: readonly ErpGlance[] }],
  'erpChanged'
>('erpChanged');

/** After a deploy: start a fresh history as soon as the order is idle. */
export const renew = defineSignal<[], 'renew'>('renew');

/** What an update answers: where the order stands after the act was taken. */
export interface Acknowledgement {
  readonly stage: string;
  readonly now: string;
}

export const retry = defineUpdate<Acknowledgement, [Act], 'retry'>('retry');
export const remap = defineUpdate<Acknowledgement, [Act], 'remap'>('remap');
export const release = defineUpdate<Acknowledgement, [Act], 'release'>('release');
export const cancel = defineUpdate<Acknowledgement, [Act], 'cancel'>('cancel');
export const close = defineUpdate<Acknowledgement, [Act], 'close'>('close');
export const sendAnyway = defineUpdate<Acknowledgement, [Act], 'sendAnyway'>('sendAnyway');
export const replaceCustomer = defineUpdate<Acknowledgement, [Act & { readonly customer: string }], 'replaceCustomer'>(
  'replaceCustomer',
);
export const adopt = defineUpdate<Acknowledgement, [Act & { readonly orderNumber: string }], 'adopt'>('adopt');

export const state = defineQuery<OrderState, [], 'state'>('state');
export const timeline = defineQuery<readonly TimelineEntry[], [], 'timeline'>('timeline');
