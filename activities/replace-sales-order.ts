import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

import { chooseWarehouse } from '../domain/choose-warehouse.ts';
import { shipToOf } from '../domain/choose-ship-to.ts';
import { compareOrders, describeDifference } from '../domain/compare-sales-order.ts';
import { controlNumber } from '../domain/control-number.ts';
import { stageOf } from '../domain/erp-stage.ts';
import type { Action, ReplaceOutcome } from '../domain/order-state.ts';
import type { Problem } from '../domain/problems.ts';
import { STAGE_WORDS } from '../domain/plan-amendment.ts';
import { purchaseFingerprint } from '../domain/purchase-fingerprint.ts';
import { namedValue } from '../domain/purchase.ts';
import { isStageRefusal, refusalCause } from '../domain/refusals.ts';
import { matchesTarget, withHeader } from '../domain/replace-header.ts';
import { contentOf } from '../domain/restate-order.ts';
import type { ErpMessage, ErpSalesOrder, PostOutcome, PreparedSalesOrder } from '../domain/sales-order.ts';
import type { Call } from './calls.ts';
import { glanceOf } from './follow-order.ts';
import { postName } from './post-journal.ts';
import { keyOf } from './purchase-activities.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';

export type ReplaceSalesOrder = Omit<Extract<Action, { do: 'replace' }>, 'do'> & {
  readonly key: string;
  /** The document's reference. */
  readonly reference: string;
};

/**
 * Sends an order anew as a whole: its header changed by a person, or the buyer's amendment as it was planned. Both sides
 * are read once more before it leaves; what is not as the plan assumed is planned anew. A repeat makes no second document,
 * but would overwrite what was changed after the first: another attempt sends only what surely never left.
 */
export async function replaceSalesOrder(
  dependencies: SalesOrderDependencies,
  input: ReplaceSalesOrder,
  call: Call,
): Promise<ReplaceOutcome> {
  const { bluecherry, site, journal } = dependencies;
  const { reference, orderNumber, revision, attempt } = input;
  const erp = { ...call, priority: 'order' } as const;
  const order = await bluecherry.getSalesOrder(orderNumber, erp);
  if (!order) return { kind: 'refused', why: `the ERP does not show order ${orderNumber}` };
  const made = await targetOf(dependencies, input, order, call);
  if ('kind' in made) return made;
  const { target } = made;
  if (matchesTarget(order, target))
    return { kind: 'done', glance: glanceFor(order, input), warehouse: order.warehouse };
  const number = controlNumber({ site: site.name, reference, revision, attempt });
  if (await hasLeftBefore(dependencies, input, number, call)) return { kind: 'underWay', target };
  const name = postName(reference, number);
  const outcome = await bluecherry.replaceSalesOrder(orderNumber, target, number, erp, {
    before: () => journal.leaving(name),
    after: ({ kind }) => journal.over(name, kind),
  });
  switch (outcome.kind) {
    case 'refused':
      return refusedFor(outcome.faults);
    case 'notTaken':
      throw notTaken(outcome);
    case 'decided':
      return outcome.result.kind === 'refused' ? refusedFor(outcome.result.faults) : { kind: 'underWay', target };
    default:
      // Also when the answer was lost: following compares the order itself.
      return { kind: 'underWay', target };
  }
}

/** Whether an earlier attempt of this step sent it, or may have: its worker died, or its answer was lost. */
async function hasLeftBefore(
  { bluecherry, journal }: SalesOrderDependencies,
  { reference }: ReplaceSalesOrder,
  number: string,
  call: Call,
): Promise<boolean> {
  if (Context.current().info.attempt === 1) return false;
  const erp = { ...call, priority: 'order' } as const;
  const results = await bluecherry.findImportResults({ reference }, erp);
  return (
    results.some(({ controlNumber: known }) => known === number) ||
    (await journal.says(postName(reference, number))) === 'left'
  );
}

export type FollowReplace = Omit<Extract<Action, { do: 'followReplace' }>, 'do'> & { readonly reference: string };

/** Done when the import log says so of this very change, or the order already is as wanted (decision 5). */
export async function followReplace(
  { bluecherry, site }: SalesOrderDependencies,
  input: FollowReplace,
  call: Call,
): Promise<ReplaceOutcome> {
  const { reference, orderNumber, target, revision, attempt, since } = input;
  const erp = { ...call, priority: 'status' } as const;
  const number = controlNumber({ site: site.name, reference, revision, attempt });
  const results = (await bluecherry.findImportResults({ reference }, erp)).filter(
    (result) => result.controlNumber === number,
  );
  const order = await bluecherry.getSalesOrder(orderNumber, erp);
  const isThere = order !== null && matchesTarget(order, target);
  const refused = results.find((result) => result.kind === 'refused');
  // A repeat of a change that arrived is refused for its number.
  if (refused?.kind === 'refused' && !isThere && !results.some(({ kind }) => kind === 'imported'))
    return refusedFor(refused.faults);
  if (order && (isThere || results.some((result) => result.kind === 'imported')))
    return { kind: 'done', glance: glanceFor(order, input), warehouse: target.warehouse };
  const isOpenTooLong = Date.now() - Date.parse(since) > 2 * site.erp.importCycleMs;
  return results.length === 0 && isOpenTooLong ? { kind: 'repeat' } : { kind: 'pending' };
}

/** What the order shall be, or why it is not sent. */
async function targetOf(
  dependencies: SalesOrderDependencies,
  { key, reference, replacement, agreed, fingerprint }: ReplaceSalesOrder,
  order: ErpSalesOrder,
  call: Call,
): Promise<{ readonly target: PreparedSalesOrder } | ReplaceOutcome> {
  const { site, sparklayer } = dependencies;
  if (replacement.kind === 'amendment') {
    const { target, assumed } = replacement;
    const stage = stageOf(order);
    const isAsAssumed = order.changedAt === assumed.changedAt && contentOf(order) === assumed.content;
    // Sent already by an attempt whose end nobody saw: then the order is as wanted, or on its way there.
    if (!isAsAssumed && !matchesTarget(order, target))
      return {
        kind: 'overtaken',
        why:
          stage === assumed.stage
            ? `ERP order ${order.orderNumber} was changed in the meantime`
            : `ERP order ${order.orderNumber} is ${STAGE_WORDS[stage]} now`,
      };
    const purchase = await sparklayer.getPurchase(keyOf(key), call);
    if (!purchase || purchaseFingerprint(purchase, site.ownEntry.name) !== fingerprint)
      return { kind: 'overtaken', why: 'the purchase changed in the meantime' };
    return { target };
  }
  const { change } = replacement;
  // A replace forgets what was cancelled: as long as nobody agreed to that, it would look like a clerk's smaller order.
  const cancels = (agreed ? compareOrders(agreed, order, site.rules.erpEdits, 'later') : []).filter(
    ({ cause, tolerated }) => !tolerated && (cause === 'houseCancel' || cause === 'customerCancel'),
  );
  if (cancels.length > 0)
    return {
      kind: 'refused',
      why: `decide on what the ERP cancelled first: ${cancels.map(describeDifference).join('; ')}`,
    };
  const holdCode = site.ownHoldCodes.includes(order.holdCode) ? '' : order.holdCode;
  if (change === 'release' && holdCode !== '')
    return { kind: 'refused', why: `hold ${order.holdCode} is not one of Instep’s; lift it in the ERP` };
  const mapped =
    change === 'remap' ? await warehouseNow(dependencies, key, order, call) : { warehouse: order.warehouse };
  if ('problem' in mapped) return { kind: 'impossible', problem: mapped.problem };
  return { target: withHeader(order, { reference, holdCode, warehouse: mapped.warehouse }, agreed) };
}

/** The warehouse the location table names today for the order's division, or why it still names none. */
async function warehouseNow(
  { sparklayer, site }: SalesOrderDependencies,
  key: string,
  order: ErpSalesOrder,
  call: Call,
): Promise<{ readonly warehouse: string } | { readonly problem: Problem }> {
  const { orderNumber, division } = order;
  const purchase = await sparklayer.getPurchase(keyOf(key), call);
  const shipTo = purchase && shipToOf(purchase);
  if (!purchase || !shipTo || 'code' in shipTo)
    return {
      problem: {
        code: 'REMAP_NOT_POSSIBLE',
        says: `The purchase of ERP order ${orderNumber} has no location and ship-to to map any more.`,
      },
    };
  const choice = chooseWarehouse(site.rules.locations, {
    location: namedValue(purchase.metadata, site.rules.locationMetadata),
    shipTo,
    division,
  });
  if (choice.kind === 'chosen') return { warehouse: choice.warehouse };
  const { says } = choice.kind === 'defaulted' ? choice.review : choice.problem;
  return { problem: { code: 'REMAP_NOT_POSSIBLE', says } };
}

/**
 * A pick or an invoice won the race, somebody has the order open, or the control number is another's: the verdict is made
 * anew, and goes under a new number. Other refusals are for people.
 */
function refusedFor(faults: readonly ErpMessage[]): ReplaceOutcome {
  const why = wordsOf(faults);
  const isForNow = isStageRefusal(faults) || refusalCause(faults) !== 'content';
  return isForNow ? { kind: 'overtaken', why } : { kind: 'refused', why };
}

function glanceFor(order: ErpSalesOrder, { document }: { readonly document: number }) {
  return { ...glanceOf(order), document };
}

/** A write that was certainly not taken in is tried again by Temporal. */
export function notTaken({ why, code, retryAfterMs }: Extract<PostOutcome, { kind: 'notTaken' }>): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message: why, nextRetryDelay: Math.max(retryAfterMs, 1000) });
}

export function wordsOf(messages: readonly ErpMessage[]): string {
  return messages.map(({ code, text }) => `${code}: ${text}`).join('; ');
}
