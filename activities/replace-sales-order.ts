import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

import { chooseWarehouse } from '../domain/choose-warehouse.ts';
import { shipToOf } from '../domain/choose-ship-to.ts';
import { compareOrders, describeDifference } from '../domain/compare-sales-order.ts';
import { controlNumber } from '../domain/control-number.ts';
import { glanceOf } from '../domain/erp-glance.ts';
import { stageOf } from '../domain/erp-stage.ts';
import type { Action, ReplaceOutcome } from '../domain/order-state.ts';
import type { Problem } from '../domain/problems.ts';
import { STAGE_WORDS } from '../domain/plan-amendment.ts';
import { purchaseFingerprint } from '../domain/purchase-fingerprint.ts';
import { namedValue } from '../domain/purchase.ts';
import { isStageRefusal, refusalCause } from '../domain/refusals.ts';
import { asRead, matchesTarget, withHeader } from '../domain/replace-header.ts';
import { contentOf } from '../domain/restate-order.ts';
import type {
  ErpMessage,
  ErpSalesOrder,
  ImportResult,
  PostOutcome,
  PreparedSalesOrder,
} from '../domain/sales-order.ts';
import { sameReference } from '../domain/storefront-reference.ts';
import type { Call } from './calls.ts';
import { postName } from './post-journal.ts';
import { keyOf } from './purchase-activities.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';
import { isPassedOver } from './submit-sales-order.ts';

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
  const number = controlNumber({ site: site.name, reference, revision, attempt });
  const left = await leftBefore(dependencies, input, number, call);
  // Whatever was changed since: what is on its way is followed, not decided anew.
  if (left && input.replacement.kind === 'amendment') {
    const { target, assumed } = input.replacement;
    const before = contentOf(order) === assumed.content ? asRead(order, reference) : input.agreed;
    return { kind: 'underWay', target, before, transaction: left.transaction };
  }
  const made = await targetOf(dependencies, input, order, call);
  if ('kind' in made) return made;
  const { target } = made;
  if (matchesTarget(order, target))
    return { kind: 'done', glance: glanceFor(order, input), warehouse: order.warehouse };
  const before = asRead(order, reference);
  const underWay = (transaction: string | null) => ({ kind: 'underWay', target, before, transaction }) as const;
  if (left) return underWay(left.transaction);
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
      return outcome.result.kind === 'refused'
        ? refusedFor(outcome.result.faults)
        : underWay(outcome.result.transaction);
    case 'staged':
      return underWay(outcome.transaction);
    case 'unknown':
      // Following compares the order itself.
      return underWay(null);
  }
}

/** Whether an earlier attempt of this step sent it (its worker died), or may have (its answer was lost). */
async function leftBefore(
  { bluecherry, journal }: SalesOrderDependencies,
  { reference }: ReplaceSalesOrder,
  number: string,
  call: Call,
): Promise<{ readonly transaction: string | null } | null> {
  if (Context.current().info.attempt === 1) return null;
  const erp = { ...call, priority: 'order' } as const;
  const results = await bluecherry.findImportResults({ reference }, erp);
  const known = results.find(({ controlNumber: each }) => each === number);
  if (known) return { transaction: known.transaction };
  return (await journal.says(postName(reference, number))) === 'left' ? { transaction: null } : null;
}

export type FollowReplace = Omit<Extract<Action, { do: 'followReplace' }>, 'do'> & { readonly reference: string };

/**
 * Done when the import log says so of this very change, or the order already is as wanted (decision 5). One that was taken
 * in, and that the import job has passed over, is decided anew: should it arrive all the same, it makes no second document.
 */
export async function followReplace(
  dependencies: SalesOrderDependencies,
  input: FollowReplace,
  call: Call,
): Promise<ReplaceOutcome> {
  const { transaction, since } = input;
  const seen = await readReplace(dependencies, input, call);
  const isUnseen = seen.order !== null && !seen.isThere && seen.results.length === 0;
  const erp = { ...call, priority: 'status' } as const;
  const isPassed = isUnseen && transaction !== null && (await isPassedOver(dependencies, { transaction, since }, erp));
  if (!isPassed) return outcomeOf(dependencies, input, seen);
  // What was finished in between is seen.
  const again = await readReplace(dependencies, input, call);
  return again.order !== null && !again.isThere && again.results.length === 0
    ? { kind: 'overtaken', why: `the import job passed over transaction ${transaction}, and shows nothing of it` }
    : outcomeOf(dependencies, input, again);
}

/** What the order and the import log show of a change. */
interface ReadReplace {
  /** As it was before the import log was read. */
  readonly shown: ErpSalesOrder | null;
  readonly results: readonly ImportResult[];
  readonly isDecided: boolean;
  readonly order: ErpSalesOrder | null;
  /** Whether the order is as wanted. */
  readonly isThere: boolean;
}

/**
 * The order is read first: what was changed in it since the post, and is not ours, was changed before the import if that is
 * still to come.
 */
async function readReplace(
  dependencies: SalesOrderDependencies,
  input: FollowReplace,
  call: Call,
): Promise<ReadReplace> {
  const { bluecherry } = dependencies;
  const { orderNumber, target } = input;
  const erp = { ...call, priority: 'status' } as const;
  const shown = await bluecherry.getSalesOrder(orderNumber, erp);
  const results = await resultsOf(dependencies, input, call);
  const isDecided = results.some(({ kind }) => kind !== 'pending');
  // What was read before the decision may be older than it.
  const order = isDecided ? await bluecherry.getSalesOrder(orderNumber, erp) : shown;
  return { shown, results, isDecided, order, isThere: order !== null && matchesTarget(order, target) };
}

function outcomeOf(
  { site, clock }: SalesOrderDependencies,
  input: FollowReplace,
  { shown, results, isDecided, order, isThere }: ReadReplace,
): ReplaceOutcome {
  const { target, before, transaction, since } = input;
  const refused = results.find((result) => result.kind === 'refused');
  // A repeat of a change that arrived is refused for its number.
  if (refused?.kind === 'refused' && !isThere && !results.some(({ kind }) => kind === 'imported'))
    return refusedFor(refused.faults);
  if (order && (isThere || results.some((result) => result.kind === 'imported')))
    return { kind: 'done', glance: glanceFor(order, input), warehouse: target.warehouse };
  const known = results[0]?.transaction ?? transaction;
  const isOpenTooLong = clock().getTime() - Date.parse(since) > 2 * site.erp.importCycleMs;
  // What was surely taken in may be decided yet, however long the import log keeps silent.
  if (known === null && isOpenTooLong) return { kind: 'repeat' };
  if (!shown || !before || isDecided) return { kind: 'pending', transaction: known, edits: null };
  const rules = site.rules.erpEdits;
  // What already is as we send it is not lost.
  const lost = compareOrders(target, shown, rules, 'later');
  const edits = compareOrders(before, shown, rules, 'later').filter((edit) =>
    lost.some(({ field, line }) => field === edit.field && line === edit.line),
  );
  return { kind: 'pending', transaction: known, edits };
}

/** What the import log says of this very change; a post takes others along, so by its transaction alone it is not told. */
async function resultsOf(
  { bluecherry, site }: SalesOrderDependencies,
  { reference, revision, attempt, transaction }: FollowReplace,
  call: Call,
): Promise<readonly ImportResult[]> {
  const erp = { ...call, priority: 'status' } as const;
  const number = controlNumber({ site: site.name, reference, revision, attempt });
  const found = await bluecherry.findImportResults({ reference }, erp);
  const results = found.filter((result) => result.controlNumber === number);
  if (results.length > 0 || transaction === null) return results;
  const taken = await bluecherry.findImportResults({ transaction }, erp);
  return taken.filter((result) => result.controlNumber === number || sameReference(result.reference, reference));
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
  const target = withHeader(order, { reference, holdCode, warehouse: mapped.warehouse }, agreed);
  return target.lines.length === 0
    ? { kind: 'refused', why: `nothing of ERP order ${order.orderNumber} is left that is not cancelled` }
    : { target };
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
