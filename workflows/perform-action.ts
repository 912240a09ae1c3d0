import { RetryState } from '@temporalio/common';
import { ActivityFailure, isCancellation, proxyActivities, TimeoutFailure } from '@temporalio/workflow';

import type { SalesOrderActivities } from '../activities/sales-order-activities.ts';
import type { PurchaseActivities } from '../activities/purchase-activities.ts';
import { describeAction } from '../domain/describe-order.ts';
import type { Action, OrderEvent, OrderState } from '../domain/order-state.ts';
import { bluecherryQueue, sparklayerQueue } from './task-queues.ts';

export type Step = Exclude<Action, { do: 'wait' | 'finish' }>;

const RETRY = { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1 minute' } as const;
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

async function performOnce(
  action: Step,
  { site, key, reference, document, facts, pacing }: OrderState,
): Promise<OrderEvent> {
  const about = { key, reference };
  // After this the order says that it hangs, and tries on.
  const alarm = pacing.importOverdue;
  const erp = salesOrderSteps(site, alarm);
  const storefront = purchaseSteps(site, alarm);
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
      const { order, permission, fingerprint, revision, attempt } = action;
      const submit = salesOrderSteps(site, null).submitSalesOrder;
      const { outcome, controlNumber } = await submit.executeWithOptions(options, [
        { ...about, document, order, permission, fingerprint, revision, attempt },
      ]);
      return { is: 'submitted', outcome, controlNumber };
    }
    case 'look': {
      const { order, revision, attempt, transaction, since, watermark } = action;
      return {
        is: 'looked',
        outcome: await erp.lookForSalesOrder.executeWithOptions(options, [
          { reference: order.reference, revision, attempt, transaction, since, watermark },
        ]),
      };
    }
    case 'confirm': {
      const { sent, orderNumber } = action;
      return {
        is: 'confirmed',
        outcome: await erp.confirmSalesOrder.executeWithOptions(options, [{ ...about, sent, orderNumber }]),
      };
    }
    case 'checkAdoption': {
      const { order, orderNumber } = action;
      return {
        is: 'adoptionChecked',
        outcome: await erp.checkAdoption.executeWithOptions(options, [{ order, orderNumber }]),
      };
    }
    case 'compare':
      return {
        is: 'compared',
        outcome: await storefront.comparePurchase.executeWithOptions(options, [
          { key, fingerprint: action.fingerprint },
        ]),
      };
    case 'tellBuyer': {
      const { orderNumber, status } = action;
      return {
        is: 'buyerTold',
        outcome: await storefront.tellBuyer.executeWithOptions(options, [{ key, orderNumber, status }]),
      };
    }
    case 'replace': {
      const { orderNumber, change, revision, attempt } = action;
      return {
        is: 'replaced',
        outcome: await erp.replaceHeader.executeWithOptions(options, [
          { ...about, orderNumber, change, revision, attempt },
        ]),
      };
    }
    case 'followReplace': {
      const { orderNumber, target, revision, attempt, since } = action;
      return {
        is: 'replaced',
        outcome: await erp.followReplace.executeWithOptions(options, [
          { reference, orderNumber, target, revision, attempt, since },
        ]),
      };
    }
    case 'cancel':
      return {
        is: 'cancelled',
        outcome: await erp.cancelSalesOrder.executeWithOptions(options, [{ orderNumber: action.orderNumber }]),
      };
    case 'followCancel': {
      const { orderNumber, transaction } = action;
      return {
        is: 'cancelled',
        outcome: await erp.followCancel.executeWithOptions(options, [{ orderNumber, transaction }]),
      };
    }
    case 'recordClosing': {
      const { outcome, act } = action;
      await storefront.recordClosing.executeWithOptions(options, [
        { key, outcome, act, orderNumber: facts.orderNumber },
      ]);
      return { is: 'closingRecorded' };
    }
  }
}

/** A refusal is final. Whatever else ends a step (its time is up, its last retry would come too late) says: it hangs. */
function afterFailure(action: Step, { cause, message, retryState }: ActivityFailure): OrderEvent {
  const root = cause instanceof TimeoutFailure ? (cause.cause ?? cause) : cause;
  const why = root?.message ?? message;
  if (retryState === RetryState.NON_RETRYABLE_FAILURE) return { is: 'stepRefused', why };
  return { is: 'stepOverdue', why: `${describeAction(action)} (${why})` };
}

function salesOrderSteps(site: string, alarm: number | null) {
  return proxyActivities<SalesOrderActivities>({
    taskQueue: bluecherryQueue(site),
    startToCloseTimeout: START_TO_CLOSE,
    heartbeatTimeout: HEARTBEAT,
    ...(alarm === null ? {} : { scheduleToCloseTimeout: alarm }),
    retry: RETRY,
  });
}

function purchaseSteps(site: string, alarm: number) {
  return proxyActivities<PurchaseActivities>({
    taskQueue: sparklayerQueue(site),
    startToCloseTimeout: START_TO_CLOSE,
    heartbeatTimeout: HEARTBEAT,
    scheduleToCloseTimeout: alarm,
    retry: RETRY,
  });
}
