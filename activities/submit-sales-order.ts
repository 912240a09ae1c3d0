import { Context } from '@temporalio/activity';

import { controlNumber } from '../domain/control-number.ts';
import type { LookOutcome, PostPermission, SubmissionOutcome } from '../domain/order-state.ts';
import { isCancelled } from '../domain/order-steps.ts';
import { purchaseFingerprint } from '../domain/purchase-fingerprint.ts';
import { refusalCause } from '../domain/refusals.ts';
import type { ErpSalesOrder, ImportResult, PostOutcome, PreparedSalesOrder } from '../domain/sales-order.ts';
import { withCalls, type Call } from './calls.ts';
import { isVendorError } from './failures.ts';
import { postName } from './post-journal.ts';
import { keyOf } from './purchase-activities.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';

export interface SubmitSalesOrder {
  readonly key: string;
  readonly document: number;
  readonly order: PreparedSalesOrder;
  readonly permission: PostPermission;
  readonly fingerprint: string;
  readonly revision: number;
  readonly attempt: number;
}

export interface Submission {
  readonly outcome: SubmissionOutcome;
  readonly controlNumber: string;
}

/** A purchase read longer ago than this is read again when its post finally leaves. */
const FRESH_MS = 5_000;

/**
 * Looks before it posts, and posts only when that is allowed (decision 6): the first attempt with a permission, or
 * the journal's proof that no earlier attempt ever sent anything. In every other case it says that the outcome is
 * unknown. It never throws what a retry could turn into a second post.
 */
export async function submitSalesOrder(
  dependencies: SalesOrderDependencies,
  input: SubmitSalesOrder,
): Promise<Submission> {
  const { info } = Context.current();
  const { order, revision, attempt } = input;
  const number = controlNumber({ site: dependencies.site.name, reference: order.reference, revision, attempt });
  const journals = [...earlierJournals(info.heartbeatDetails), dependencies.journal.id];
  const answer = (outcome: SubmissionOutcome): Submission => ({ outcome, controlNumber: number });
  const mayPost = await isPostAllowed(dependencies, input, number, journals);
  return withCalls(
    async (call) => {
      try {
        const depth = mayPost && input.permission.kind === 'first' ? 'first' : 'full';
        const found = await lookInErp(
          dependencies,
          { reference: order.reference, number, transaction: null, depth },
          call,
        );
        if (found) return answer(found);
        if (!mayPost) return answer({ kind: 'unknown', why: 'an earlier attempt ended without telling its outcome' });
        return answer(await post(dependencies, input, number, call));
      } catch (error) {
        if (!isVendorError(error)) throw error;
        // Only the looks end up here; a post tells every outcome by its answer. What an earlier attempt did stays open.
        if (!mayPost) return answer({ kind: 'unknown', why: error.message });
        return answer({ kind: 'notPosted', why: error.message, retryAfterMs: error.retryAfterMs ?? 0 });
      }
    },
    { journals },
  );
}

/** What the ERP knows of a reference: orders first, then the import log. Null = nothing. */
export async function lookInErp(
  { bluecherry }: SalesOrderDependencies,
  {
    reference,
    number,
    transaction,
    depth,
  }: { reference: string; number: string; transaction: string | null; depth: 'first' | 'full' },
  call: Call,
): Promise<Extract<SubmissionOutcome, { kind: 'accepted' | 'staged' | 'refused' | 'duplicates' }> | null> {
  const erp = { ...call, priority: 'order' } as const;
  const imports = await bluecherry.findImportResults({ reference }, erp);
  const orders = await bluecherry.findSalesOrdersByReference(
    reference,
    depth === 'first' ? ['altPo'] : ['altPo', 'referenceField'],
    erp,
  );
  const fromOrders = adoptable(orders);
  const warnings = imports.flatMap((result) => (result.kind === 'imported' ? result.warnings : []));
  if (fromOrders?.kind === 'accepted') return { ...fromOrders, warnings };
  if (fromOrders) return fromOrders;

  const ours = [
    ...imports,
    ...(transaction === null ? [] : await bluecherry.findImportResults({ transaction }, erp)),
  ].filter((result) => result.controlNumber === number || result.reference.toUpperCase() === reference.toUpperCase());
  return wordOfImportLog(ours, number);
}

function adoptable(
  orders: readonly ErpSalesOrder[],
): Extract<SubmissionOutcome, { kind: 'accepted' | 'duplicates' }> | null {
  const live = orders.filter(({ status }) => !isCancelled(status));
  if (live.length > 1) return { kind: 'duplicates', orderNumbers: live.map(({ orderNumber }) => orderNumber) };
  // Also when it is cancelled: entering it anew is a decision of people.
  const order = live[0] ?? orders[0];
  return order ? { kind: 'accepted', orderNumber: order.orderNumber, how: 'adopted', warnings: [] } : null;
}

function wordOfImportLog(
  results: readonly ImportResult[],
  number: string,
): Extract<SubmissionOutcome, { kind: 'accepted' | 'staged' | 'refused' }> | null {
  const imported = results.find((result) => result.kind === 'imported');
  if (imported?.kind === 'imported')
    return { kind: 'accepted', orderNumber: imported.orderNumber, how: 'imported', warnings: imported.warnings };
  const pending = results.find((result) => result.kind === 'pending');
  if (pending) return { kind: 'staged', transaction: pending.transaction, row: pending.row };
  const refused = results.find((result) => result.kind === 'refused' && result.controlNumber === number);
  return refused?.kind === 'refused'
    ? { kind: 'refused', faults: refused.faults, cause: refusalCause(refused.faults) }
    : null;
}

/** Whether a post may leave in this attempt. Elapsed time is no reason. */
async function isPostAllowed(
  { journal, earlierRuns }: SalesOrderDependencies,
  { order, permission }: SubmitSalesOrder,
  number: string,
  journals: readonly string[],
): Promise<boolean> {
  const { info } = Context.current();
  const { workflowExecution, attempt } = info;
  if (attempt > 1) {
    const alwaysHere = journals.length === attempt && journals.every((id) => id === journal.id);
    return alwaysHere && (await journal.says(postName(order.reference, number))) !== 'left';
  }
  // A step that somebody reset in Temporal begins at one again: what left under this very number is not sent twice.
  if (permission.kind === 'allSettled') return (await journal.says(postName(order.reference, number))) !== 'left';
  if (permission.kind === 'cleared') return true;
  // A run that was reset, or opened again, knows nothing of what an earlier one sent; nor does a restored server.
  if (await journal.hasPostsOf(order.reference)) return false;
  return workflowExecution === undefined || !(await earlierRuns(workflowExecution));
}

async function post(
  dependencies: SalesOrderDependencies,
  input: SubmitSalesOrder,
  number: string,
  call: Call,
): Promise<SubmissionOutcome> {
  const { bluecherry, journal } = dependencies;
  const { order } = input;
  const name = postName(order.reference, number);
  let stopped = await changeOfPurchase(dependencies, input, call);
  if (stopped) return stopped;
  let readAt = Date.now();
  const outcome = await bluecherry
    .postSalesOrder(
      order,
      number,
      { ...call, priority: 'order' },
      {
        async before() {
          if (Date.now() - readAt > FRESH_MS) stopped = await changeOfPurchase(dependencies, input, call);
          readAt = Date.now();
          if (stopped) throw new PurchaseMoved();
          await journal.leaving(name);
        },
        after: ({ kind }) => journal.over(name, kind),
      },
    )
    .catch((error: unknown) => {
      if (error instanceof PurchaseMoved) return null;
      throw error;
    });
  return (
    stopped ?? (outcome ? toSubmission(outcome) : { kind: 'notPosted', why: 'the purchase moved', retryAfterMs: 0 })
  );
}

/** Takes a post out of its array: the purchase is not what was prepared any more (decision 11). */
class PurchaseMoved extends Error {
  override readonly name = 'PurchaseMoved';
}

async function changeOfPurchase(
  { sparklayer, site }: SalesOrderDependencies,
  { key, fingerprint }: SubmitSalesOrder,
  call: Call,
): Promise<SubmissionOutcome | null> {
  const purchase = await sparklayer.getPurchase(keyOf(key), call);
  if (!purchase || !site.intake.types.includes(purchase.type)) return { kind: 'withdrawn' };
  if (purchaseFingerprint(purchase, site.ownEntry.name) === fingerprint) return null;
  return { kind: 'purchaseChanged', updatedAt: purchase.updatedAt };
}

function toSubmission(outcome: PostOutcome): SubmissionOutcome {
  switch (outcome.kind) {
    case 'staged':
    case 'unknown':
      return outcome;
    case 'notTaken':
      return { kind: 'notPosted', why: outcome.why, retryAfterMs: outcome.retryAfterMs };
    case 'refused':
      return { kind: 'refused', faults: outcome.faults, cause: refusalCause(outcome.faults) };
    case 'decided': {
      const { result } = outcome;
      if (result.kind === 'imported')
        return { kind: 'accepted', orderNumber: result.orderNumber, how: 'imported', warnings: result.warnings };
      if (result.kind === 'refused')
        return { kind: 'refused', faults: result.faults, cause: refusalCause(result.faults) };
      return { kind: 'staged', transaction: result.transaction, row: result.row };
    }
  }
}

export interface LookForSalesOrder {
  readonly reference: string;
  readonly revision: number;
  readonly attempt: number;
  readonly transaction: string | null;
  /** Since when the outcome is open. */
  readonly since: string;
  readonly watermark: string | null;
}

/**
 * Looks for an order whose outcome is open, and whether it has become certain that nothing is under way: something
 * staged after the last possible straggler has been finished by the import job, or the site trusts its ERP's fence.
 */
export async function lookForSalesOrder(
  dependencies: SalesOrderDependencies,
  input: LookForSalesOrder,
  call: Call,
): Promise<LookOutcome> {
  const { site, bluecherry } = dependencies;
  const { reference, revision, attempt, transaction, since } = input;
  const erp = { ...call, priority: 'order' } as const;
  const number = controlNumber({ site: site.name, reference, revision, attempt });
  const openFor = Date.now() - Date.parse(since);
  let { watermark } = input;
  let cleared: 'laterJobFinished' | 'trustedFence' | null = null;
  if (transaction === null && openFor >= site.erp.lateArrivalMs) {
    if (watermark !== null && (await bluecherry.finishedAfter(watermark, erp))) cleared = 'laterJobFinished';
    watermark ??= (await bluecherry.highestTransaction(erp)) ?? '0';
  }
  if (
    cleared === null &&
    transaction === null &&
    site.erp.controlNumberFence === 'trusted' &&
    openFor >= 2 * site.erp.importCycleMs
  )
    cleared = 'trustedFence';
  // The look comes last: what was finished in between is seen.
  const found = await lookInErp(dependencies, { reference, number, transaction, depth: 'full' }, call);
  return found ?? { kind: 'nothing', watermark, cleared };
}

function earlierJournals(details: unknown): readonly string[] {
  if (!details || typeof details !== 'object' || !('journals' in details) || !Array.isArray(details.journals))
    return [];
  return details.journals.map(String);
}
