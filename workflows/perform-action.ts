import { RetryState } from '@temporalio/common';
import { ActivityFailure, isCancellation, proxyActivities, TimeoutFailure } from '@temporalio/workflow';

import type { SalesOrderActivities } from '../activities/sales-order-activities.ts';
import type { PurchaseActivities } from '../activities/purchase-activities.ts';
import { describeAction } from '../domain/describe-order.ts';
import { views } from '../domain/order-documents.ts';
import type { Action, OrderEvent, OrderState } from '../domain/order-state.ts';
import { documentReference } from '../domain/storefront-reference.ts';
import { bluecherryQueue, sparklayerQueue } from './task-queues.ts';

export type Step = Exclude<Action, { do: 'wait' | 'finish' }>;

/** Between two tries of a step; a site that looks more often also tries more often. */
const LONGEST_RETRY_GAP_MS = 60_000;
/** Longer than any call and any wait for the governor; calls end earlier by themselves. */
const START_TO_CLOSE = '5 minutes';
/** Steps beat every second; a dead worker is noticed after this. */
const HEARTBEAT = '5s';

/**
 * Does the one next thing and tells what happened. A step is tried until it succeeds; what takes very long is said.
 * Only submitting has no end of its own: its second attempt may only look, so that nothing is ever sent twice.
 */
export async function perform(action: Step, state: OrderState): Promise<OrderEvent> {
  try {
    return await performOnce(action, state);
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (error instanceof ActivityFailure) return afterFailure(action, error);
    throw error;
  }
}

async function performOnce(action: Step, state: OrderState): Promise<OrderEvent> {
  const { site, key, reference, pacing } = state;
  const about = { key, reference };
  // After this the order says that it hangs, and tries on.
  const alarm = pacing.importOverdue;
  const longestGap = Math.min(LONGEST_RETRY_GAP_MS, pacing.longestGap);
  const erp = salesOrderSteps(site, longestGap, alarm);
  const storefront = purchaseSteps(site, longestGap, alarm);
  const options = { summary: describeAction(action) };
  switch (action.do) {
    case 'prepare': {
      const { customerOverride } = action;
      return {
        is: 'prepared',
        outcome: await erp.prepareOrder.executeWithOptions(options, [{ ...about, customerOverride }]),
      };
    }
    case 'submit': {
      const { document, order, permission, fingerprint, revision, attempt } = action;
      const submit = salesOrderSteps(site, longestGap, null).submitSalesOrder;
      const { outcome, controlNumber } = await submit.executeWithOptions(options, [
        { ...about, document, order, permission, fingerprint, revision, attempt },
      ]);
      return { is: 'submitted', document, outcome, controlNumber };
    }
    case 'look': {
      const { document, order, revision, attempt, transaction, since, watermark } = action;
      return {
        is: 'looked',
        document,
        outcome: await erp.lookForSalesOrder.executeWithOptions(options, [
          { reference: order.reference, placedOn: order.orderDate, revision, attempt, transaction, since, watermark },
        ]),
      };
    }
    case 'follow': {
      const { do: _do, ...input } = action;
      return { is: 'followed', outcome: await erp.followOrder.executeWithOptions(options, [{ key, ...input }]) };
    }
    case 'revise': {
      const { do: _do, ...input } = action;
      return { is: 'revised', outcome: await erp.reviseOrder.executeWithOptions(options, [{ ...about, ...input }]) };
    }
    case 'checkAdoption': {
      const { document, order, orderNumber } = action;
      return {
        is: 'adoptionChecked',
        document,
        outcome: await erp.checkAdoption.executeWithOptions(options, [{ order, orderNumber }]),
      };
    }
    case 'replace': {
      const { do: _do, ...input } = action;
      const { document } = input;
      const outcome = await erp.replaceSalesOrder.executeWithOptions(options, [
        { ...input, key, reference: documentReference(reference, document) },
      ]);
      return { is: 'replaced', document, outcome };
    }
    case 'followReplace': {
      const { do: _do, ...input } = action;
      const { document } = input;
      const outcome = await erp.followReplace.executeWithOptions(options, [
        { ...input, reference: documentReference(reference, document) },
      ]);
      return { is: 'replaced', document, outcome };
    }
    case 'cancel': {
      const { do: _do, ...input } = action;
      const outcome = await erp.cancelSalesOrder.executeWithOptions(options, [input]);
      return { is: 'cancelled', document: input.document, outcome };
    }
    case 'followCancel': {
      const { do: _do, ...input } = action;
      const outcome = await erp.followCancel.executeWithOptions(options, [input]);
      return { is: 'cancelled', document: input.document, outcome };
    }
    case 'recordClosing': {
      const { outcome, act } = action;
      const orderNumbers = views(state).map(({ facts }) => facts.orderNumber);
      await storefront.recordClosing.executeWithOptions(options, [{ key, outcome, act, orderNumbers }]);
      return { is: 'closingRecorded' };
    }
  }
}

/** A refusal is final. Whatever else ends a step (its time is up, its last retry would come too late) says: it hangs. */
function afterFailure(action: Step, { cause, message, retryState }: ActivityFailure): OrderEvent {
  const root = cause instanceof TimeoutFailure ? (cause.cause ?? cause) : cause;
  const why = root?.message ?? message;
  // A step that works on both sides at once is the whole order's.
  const document = 'document' in action ? action.document : 1;
  if (retryState === RetryState.NON_RETRYABLE_FAILURE) return { is: 'stepRefused', document, why };
  return { is: 'stepOverdue', document, why: `${describeAction(action)} (${why})` };
}

function salesOrderSteps(site: string, longestGap: number, alarm: number | null) {
  return proxyActivities<SalesOrderActivities>({
    taskQueue: bluecherryQueue(site),
    startToCloseTimeout: START_TO_CLOSE,
    heartbeatTimeout: HEARTBEAT,
    ...(alarm === null ? {} : { scheduleToCloseTimeout: alarm }),
    retry: retry(longestGap),
  });
}

function purchaseSteps(site: string, longestGap: number, alarm: number) {
  return proxyActivities<PurchaseActivities>({
    taskQueue: sparklayerQueue(site),
    startToCloseTimeout: START_TO_CLOSE,
    heartbeatTimeout: HEARTBEAT,
    scheduleToCloseTimeout: alarm,
    retry: retry(longestGap),
  });
}

function retry(longestGap: number) {
  return { initialInterval: Math.min(1_000, longestGap), backoffCoefficient: 2, maximumInterval: longestGap };
}
