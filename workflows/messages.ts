import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';

import type { BulkProgress } from '../domain/act-on-orders.ts';
import type { Act, ErpGlance, Instant, OrderState, TimelineEntry } from '../domain/order-state.ts';
import type { ImportResult } from '../domain/sales-order.ts';
import type { Owner } from '../domain/site-rules.ts';

/** The storefront's poller: the purchase has this `updated_at` now. */
export const purchaseChanged = defineSignal<[{ updatedAt: Instant }], 'purchaseChanged'>('purchaseChanged');

/** The sweep: the purchase is gone, or no longer an order. */
export const purchaseGone = defineSignal<[], 'purchaseGone'>('purchaseGone');

/** What the ERP says anew of one order. */
export interface ErpNews {
  readonly imports: readonly ImportResult[];
  readonly orders: readonly ErpGlance[];
  /** Numbers of credit memos that are new or changed. */
  readonly credits: readonly string[];
  /** A pick or an invoice of the order moved. */
  readonly moved: boolean;
}

/** The ERP's poller: what import log, sales orders, picks, invoices and credit memos now say of this order. */
export const erpChanged = defineSignal<[ErpNews], 'erpChanged'>('erpChanged');

/** After a deploy: start a fresh history as soon as the order is idle. */
export const renew = defineSignal<[], 'renew'>('renew');

/** What an update answers: where the order stands after the act was taken. */
export interface Acknowledgement {
  readonly stage: string;
  readonly now: string;
}

export const retry = defineUpdate<Acknowledgement, [Act], 'retry'>('retry');
export const resync = defineUpdate<Acknowledgement, [Act], 'resync'>('resync');
export const acceptErp = defineUpdate<Acknowledgement, [Act & { readonly alsoMore?: boolean }], 'acceptErp'>(
  'acceptErp',
);
export const pushStorefront = defineUpdate<Acknowledgement, [Act], 'pushStorefront'>('pushStorefront');
export const askOwner = defineUpdate<Acknowledgement, [Act & { readonly owner: Owner }], 'askOwner'>('askOwner');
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

/** A bulk: end after the order in hand. */
export const stop = defineSignal<[], 'stop'>('stop');
export const progress = defineQuery<BulkProgress, [], 'progress'>('progress');
