import { Context } from '@temporalio/activity';

import type { CallOptions, LookUp } from '../connectors/bluecherry/bluecherry.ts';
import { controlNumber } from '../domain/control-number.ts';
import type { LookOutcome, PostPermission, SubmissionOutcome } from '../domain/order-state.ts';
import { isCancelled } from '../domain/order-steps.ts';
import { purchaseFingerprint } from '../domain/purchase-fingerprint.ts';
import { standingOfType } from '../domain/purchase-type.ts';
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

/** Refusals at the ERP's door leave no row in its import log: as many in a row are looked past. */
const MOST_UNLOGGED = 20;
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
  return withCalls(
    async (call) => {
      // Asks Temporal and the disk: while many orders do, that takes a while, and the step must be seen to live.
      const isReopened = await hasEarlierPosts(dependencies, input);
      const mayPost = !isReopened && (await isPostAllowed(dependencies, input, number, journals));
      try {
        const isFirst = input.permission.kind === 'first';
        const depth = mayPost && isFirst ? 'first' : 'full';
        // Where something was sent before, and nothing found means that it goes again, the ERP is asked for this one alone.
        const by = mayPost && !isFirst ? 'alone' : 'shared';
        const { reference, orderDate: placedOn } = order;
        const seen = await readErp(dependencies, { reference, placedOn, transaction: null, depth, by }, call);
        const found = wordOf(seen, number);
        if (found?.kind === 'refused' && isReopened)
          return answer({
            kind: 'refusedEarlier',
            why: 'what an earlier run of it sent',
            nextAttempt: attemptAbove(seen.imports, dependencies.site.name, input),
          });
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

interface ReadErp extends Pick<LookUp, 'reference' | 'placedOn' | 'transaction' | 'by'> {
  /** Where nothing was ever sent, one of the two fields tells. */
  readonly depth: 'first' | 'full';
}

/** What the ERP has of one reference. */
interface SeenInErp {
  readonly reference: string;
  readonly orders: readonly ErpSalesOrder[];
  readonly imports: readonly ImportResult[];
}

async function readErp(
  { bluecherry }: SalesOrderDependencies,
  { reference, placedOn, transaction, depth, by }: ReadErp,
  call: Call,
): Promise<SeenInErp> {
  // What was taken in waits for the ERP, not for us: its news must not keep others from being sent.
  const erp = { ...call, priority: transaction === null ? 'order' : 'status' } as const;
  const fields = depth === 'first' ? (['altPo'] as const) : (['altPo', 'referenceField'] as const);
  const { orders, imports } = await bluecherry.lookUp({ reference, placedOn, transaction, fields, by }, erp);
  return { reference, orders, imports };
}

/** What became of the post of a number: orders first, then the import log. Null = nothing is to be seen. */
function wordOf(
  { reference, orders, imports }: SeenInErp,
  number: string,
): Extract<SubmissionOutcome, { kind: 'accepted' | 'staged' | 'refused' | 'duplicates' }> | null {
  const fromOrders = adoptable(orders);
  const warnings = imports.flatMap((result) => (result.kind === 'imported' ? result.warnings : []));
  if (fromOrders?.kind === 'accepted') return { ...fromOrders, warnings };
  if (fromOrders) return fromOrders;

  const ours = imports.filter(
    (result) => result.controlNumber === number || result.reference.toUpperCase() === reference.toUpperCase(),
  );
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

/** The first attempt at this revision above every one that the import log shows (decision 4). */
function attemptAbove(
  imports: readonly ImportResult[],
  site: string,
  { order: { reference }, revision, attempt }: SubmitSalesOrder,
): number {
  const seen = new Set(imports.map((result) => result.controlNumber));
  const isSeen = (each: number) => seen.has(controlNumber({ site, reference, revision, attempt: each }));
  let highest = attempt + seen.size + MOST_UNLOGGED;
  while (highest > attempt && !isSeen(highest)) highest -= 1;
  return highest + 1;
}

/**
 * Whether something may have been sent for an order of which this run sent nothing yet. A run that was reset, or opened
 * again, knows nothing of what an earlier one sent; nor does a restored server.
 */
async function hasEarlierPosts(
  { journal, earlierRuns }: SalesOrderDependencies,
  { order, permission }: SubmitSalesOrder,
): Promise<boolean> {
  if (permission.kind !== 'first') return false;
  const { workflowExecution, attempt } = Context.current().info;
  // Later the journal shows what this very step sent.
  if (attempt === 1 && (await journal.hasPostsOf(order.reference))) return true;
  return workflowExecution !== undefined && (await earlierRuns(workflowExecution));
}

/** Whether a post may leave in this attempt. Elapsed time is no reason. */
async function isPostAllowed(
  { journal }: SalesOrderDependencies,
  { order, permission }: SubmitSalesOrder,
  number: string,
  journals: readonly string[],
): Promise<boolean> {
  const { attempt } = Context.current().info;
  const hasLeft = async () => (await journal.says(postName(order.reference, number))) === 'left';
  if (attempt > 1) {
    const alwaysHere = journals.length === attempt && journals.every((id) => id === journal.id);
    return alwaysHere && !(await hasLeft());
  }
  // A step that somebody reset in Temporal begins at one again: what left under this very number is not sent twice.
  return permission.kind === 'allSettled' ? !(await hasLeft()) : true;
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
  if (!purchase || standingOfType(purchase.type, site.intake.types) === 'noOrder') return { kind: 'withdrawn' };
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
  /** ISO date of the purchase in the ERP's zone; absent in steps of before it was told: then all is asked for alone. */
  readonly placedOn?: string;
  readonly revision: number;
  readonly attempt: number;
  readonly transaction: string | null;
  /** Since when the outcome is open. */
  readonly since: string;
  readonly watermark: string | null;
}

/**
 * Looks for an order whose outcome is open, and whether it has become certain that nothing is under way: something
 * staged after the last possible straggler has been finished by the import job, or the site trusts its ERP's fence. Of an
 * order that was taken in, and of which nothing is to be seen: whether the import job has passed over it.
 */
export async function lookForSalesOrder(
  dependencies: SalesOrderDependencies,
  input: LookForSalesOrder,
  call: Call,
): Promise<LookOutcome> {
  const { site, bluecherry } = dependencies;
  const { reference, placedOn = '', revision, attempt, transaction, since } = input;
  const erp = { ...call, priority: 'order' } as const;
  const number = controlNumber({ site: site.name, reference, revision, attempt });
  const openFor = Date.now() - Date.parse(since);
  const look = async (by: LookUp['by']) =>
    wordOf(await readErp(dependencies, { reference, placedOn, transaction, depth: 'full', by }, call), number);
  if (transaction !== null) {
    const found = await look('shared');
    if (found) return found;
    const nothing = { kind: 'nothing', watermark: null } as const;
    if (!(await isPassedOver(dependencies, { transaction, since }, erp))) return { ...nothing, cleared: null };
    // What was finished in between is seen.
    return (await look('alone')) ?? { ...nothing, cleared: 'laterJobFinished' };
  }
  let { watermark } = input;
  let cleared: 'laterJobFinished' | 'trustedFence' | null = null;
  if (openFor >= site.erp.lateArrivalMs) {
    if (watermark !== null && (await bluecherry.finishedAfter(watermark, new Date(since), erp)))
      cleared = 'laterJobFinished';
    watermark ??= (await bluecherry.highestTransaction(erp)) ?? '0';
  }
  if (cleared === null && site.erp.controlNumberFence === 'trusted' && openFor >= 2 * site.erp.importCycleMs)
    cleared = 'trustedFence';
  // The look comes last: what was finished in between is seen. Where nothing found lets it go again, it is asked for alone.
  return (await look(cleared === null ? 'shared' : 'alone')) ?? { kind: 'nothing', watermark, cleared };
}

/**
 * Whether the import job has finished an order that was taken in later than a transaction which has had its time. If the
 * import log shows nothing of that one, also when it is asked again now, it was dropped. Time alone proves nothing.
 */
export async function isPassedOver(
  { bluecherry, site, clock }: SalesOrderDependencies,
  { transaction, since }: { readonly transaction: string; readonly since: string },
  call: CallOptions,
): Promise<boolean> {
  const hasHadItsTime = clock().getTime() - Date.parse(since) > 2 * site.erp.importCycleMs;
  return hasHadItsTime && (await bluecherry.finishedAfter(transaction, new Date(since), call));
}

function earlierJournals(details: unknown): readonly string[] {
  if (!details || typeof details !== 'object' || !('journals' in details) || !Array.isArray(details.journals))
    return [];
  return details.journals.map(String);
}
