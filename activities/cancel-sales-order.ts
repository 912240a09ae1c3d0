import { glanceOf } from '../domain/erp-glance.ts';
import { stageOf, unitsOf } from '../domain/erp-stage.ts';
import type { Action, CancelOutcome } from '../domain/order-state.ts';
import { isClosedRefusal, refusalCause } from '../domain/refusals.ts';
import type { ErpMessage, ErpSalesOrder, PreparedSalesOrder } from '../domain/sales-order.ts';
import type { Call } from './calls.ts';
import { notTaken, wordsOf } from './replace-sales-order.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';
import { isPassedOver } from './submit-sales-order.ts';

export type CancelSalesOrder = Omit<Extract<Action, { do: 'cancel' }>, 'do'>;
export type FollowCancel = Omit<Extract<Action, { do: 'followCancel' }>, 'do'>;

/**
 * Cancels what is still open of an order, or of some of its lines, in the ERP. Open quantity only; what is picked or
 * invoiced stays, and is told. A repeat finds nothing open: harmless (contract, section 5.4).
 */
export async function cancelSalesOrder(
  dependencies: SalesOrderDependencies,
  input: CancelSalesOrder,
  call: Call,
): Promise<CancelOutcome> {
  const { bluecherry, site } = dependencies;
  const { orderNumber } = input;
  const erp = { ...call, priority: 'order' } as const;
  const order = await bluecherry.getSalesOrder(orderNumber, erp);
  if (!order) return { kind: 'refused', why: 'the ERP does not show it' };
  const open = openLines(order, input);
  if (open.length === 0) return doneWith(order, input);
  const tooMuch = open.find((sequence) => leavesTooLittle(order, sequence, input));
  if (tooMuch !== undefined)
    return { kind: 'overtaken', why: `less of line ${tooMuch} of ERP order ${orderNumber} is picked than was` };
  const by = { reasonCode: site.erp.cancelReasonCode, by: 'customer' } as const;
  // One cancel for the whole order, or one for the next of the lines; following asks for the rest.
  const line = input.cancelling.lines === null ? null : (open[0] ?? null);
  const outcome = await bluecherry.cancelSalesOrder(orderNumber, { ...by, line }, erp);
  switch (outcome.kind) {
    case 'staged':
      return { kind: 'underWay', transaction: outcome.transaction };
    case 'refused':
      return afterRefusal(dependencies, input, outcome.faults, call);
    case 'decided':
      return outcome.result.kind === 'refused'
        ? afterRefusal(dependencies, input, outcome.result.faults, call)
        : { kind: 'underWay', transaction: outcome.result.transaction };
    case 'notTaken':
      throw notTaken(outcome);
    case 'unknown':
      return { kind: 'underWay', transaction: null };
  }
}

/**
 * Reads the order itself: its quantities say how far the cancel went. One that was taken in, and that the import job has
 * passed over, goes again: a repeat is harmless (contract, section 5.4).
 */
export async function followCancel(
  dependencies: SalesOrderDependencies,
  input: FollowCancel,
  call: Call,
): Promise<CancelOutcome> {
  const { bluecherry, site, clock } = dependencies;
  const { orderNumber, transaction, postedAt } = input;
  const erp = { ...call, priority: 'status' } as const;
  const order = await bluecherry.getSalesOrder(orderNumber, erp);
  if (order && openLines(order, input).length === 0) return doneWith(order, input);
  // The answer was lost, or somebody had the order open: a cancel may be repeated, once the one before had its time.
  if (transaction === null)
    return clock().getTime() - Date.parse(postedAt) > site.erp.importCycleMs
      ? cancelSalesOrder(dependencies, input, call)
      : { kind: 'pending' };
  const results = await bluecherry.findImportResults({ transaction }, erp);
  if (results.length === 0 && (await isDropped(dependencies, { transaction, since: postedAt }, call))) {
    const again = await cancelSalesOrder(dependencies, input, call);
    return again.kind === 'underWay' ? { kind: 'sentAgain', transaction: again.transaction } : again;
  }
  if (results.length === 0 || results.some(({ kind }) => kind === 'pending')) return { kind: 'pending' };
  const faults = results.flatMap((result) => (result.kind === 'refused' ? result.faults : []));
  // Done with this line: on to the next.
  return faults.length === 0
    ? cancelSalesOrder(dependencies, input, call)
    : afterRefusal(dependencies, input, faults, call);
}

/** Whether the import job has passed over a cancel, and shows nothing of it when it is asked again. */
async function isDropped(
  dependencies: SalesOrderDependencies,
  about: { readonly transaction: string; readonly since: string },
  call: Call,
): Promise<boolean> {
  const erp = { ...call, priority: 'status' } as const;
  if (!(await isPassedOver(dependencies, about, erp))) return false;
  return (await dependencies.bluecherry.findImportResults({ transaction: about.transaction }, erp)).length === 0;
}

/**
 * A definite refusal. Nothing may have been open there any more: then it is done, or on to the next line. Who has the order
 * open lets it go again; what else is refused while something is open, is for people.
 */
async function afterRefusal(
  dependencies: SalesOrderDependencies,
  input: CancelSalesOrder,
  faults: readonly ErpMessage[],
  call: Call,
): Promise<CancelOutcome> {
  const erp = { ...call, priority: 'status' } as const;
  const order = await dependencies.bluecherry.getSalesOrder(input.orderNumber, erp);
  const open = order ? openLines(order, input) : [];
  if (order && open.length === 0) return doneWith(order, input);
  if (refusalCause(faults) === 'passing') return { kind: 'underWay', transaction: null };
  const line = faults.find((fault) => fault.line !== null)?.line ?? open[0];
  const isOver = line !== undefined && !open.includes(line);
  if (input.cancelling.lines !== null && isClosedRefusal(faults) && isOver)
    return cancelSalesOrder(dependencies, input, call);
  return { kind: 'refused', why: [order && howFar(order), wordsOf(faults)].filter(Boolean).join(' ') };
}

/** Lines of those to be cancelled that have open quantity. */
function openLines(order: ErpSalesOrder, { cancelling }: CancelSalesOrder): readonly number[] {
  return (order.lines ?? [])
    .filter(({ sequence, open }) => open > 0 && (cancelling.lines === null || cancelling.lines.includes(sequence)))
    .map(({ sequence }) => sequence);
}

/** A pick that was voided since the verdict: the open rest of the line is part of what the buyer still wants. */
function leavesTooLittle(order: ErpSalesOrder, sequence: number, { cancelling }: CancelSalesOrder): boolean {
  if (cancelling.lines === null || cancelling.sent === null) return false;
  const wanted = cancelling.sent.lines.find((line) => line.sequence === sequence)?.quantity ?? 0;
  const line = order.lines?.find((each) => each.sequence === sequence);
  return line !== undefined && line.picked + line.invoiced < wanted;
}

function doneWith(order: ErpSalesOrder, { agreed, cancelling, document }: CancelSalesOrder): CancelOutcome {
  const concerned = (order.lines ?? []).filter(
    ({ sequence }) => cancelling.lines === null || cancelling.lines.includes(sequence),
  );
  const left = concerned.reduce((units, line) => units + line.picked + line.invoiced, 0);
  const glance = { ...glanceOf(order), document };
  return {
    kind: 'done',
    glance,
    left,
    says: howFar(order),
    agreed: agreed && afterCancel(agreed, order, cancelling.lines),
  };
}

/** Both sides agree on what the cancel left; header amounts stay as entered (contract, section 10). */
function afterCancel(
  agreed: PreparedSalesOrder,
  order: ErpSalesOrder,
  cancelled: readonly number[] | null,
): PreparedSalesOrder {
  const lines = agreed.lines.flatMap((line) => {
    if (cancelled !== null && !cancelled.includes(line.sequence)) return [line];
    const there = order.lines?.find(({ sequence }) => sequence === line.sequence);
    const left = there ? there.picked + there.invoiced : 0;
    // A line of which nothing comes stays, with nothing of it: the purchase shows it as cancelled.
    return [{ ...line, quantity: left }];
  });
  return { ...agreed, lines };
}

function howFar(order: ErpSalesOrder): string {
  const { ordered, open, picked, invoiced, cancelled } = unitsOf(order);
  const words = `${cancelled} of ${ordered} units are cancelled, ${picked} picked, ${invoiced} invoiced`;
  return stageOf(order) === 'cancelled' ? `${words}.` : `${words}, ${open} open.`;
}
