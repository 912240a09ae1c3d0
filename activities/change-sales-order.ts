import { ApplicationFailure } from '@temporalio/common';

import { chooseWarehouse } from '../domain/choose-warehouse.ts';
import { shipToOf } from '../domain/choose-ship-to.ts';
import { controlNumber } from '../domain/control-number.ts';
import type { CancelOutcome, HeaderChange, ReplaceOutcome } from '../domain/order-state.ts';
import { isCancelled } from '../domain/order-steps.ts';
import type { Problem } from '../domain/problems.ts';
import { namedValue } from '../domain/purchase.ts';
import { matchesTarget, withHeader } from '../domain/replace-header.ts';
import type { ErpMessage, ErpSalesOrder, PostOutcome, PreparedSalesOrder } from '../domain/sales-order.ts';
import type { Call } from './calls.ts';
import { glanceOf } from './confirm-sales-order.ts';
import { keyOf } from './purchase-activities.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';

export interface ReplaceHeader {
  readonly key: string;
  readonly reference: string;
  readonly orderNumber: string;
  readonly change: HeaderChange;
  readonly revision: number;
  readonly attempt: number;
}

/** Sends an order's header anew, everything else as it was just read (decision 23). A repeat makes no second document. */
export async function replaceHeader(
  dependencies: SalesOrderDependencies,
  { key, reference, orderNumber, change, revision, attempt }: ReplaceHeader,
  call: Call,
): Promise<ReplaceOutcome> {
  const { bluecherry, site } = dependencies;
  const erp = { ...call, priority: 'order' } as const;
  const order = await bluecherry.getSalesOrder(orderNumber, erp);
  if (!order) return { kind: 'refused', why: `the ERP does not show order ${orderNumber}` };
  const holdCode = site.ownHoldCodes.includes(order.holdCode) ? '' : order.holdCode;
  if (change === 'release' && holdCode !== '')
    return { kind: 'refused', why: `hold ${order.holdCode} is not one of Instep’s; lift it in the ERP` };
  const mapped =
    change === 'remap' ? await warehouseNow(dependencies, key, order, call) : { warehouse: order.warehouse };
  if ('problem' in mapped) return { kind: 'impossible', problem: mapped.problem };
  const target = withHeader(order, { reference, holdCode, warehouse: mapped.warehouse });
  if (matchesTarget(order, target)) return { kind: 'done', glance: glanceOf(order), warehouse: order.warehouse };
  const number = controlNumber({ site: site.name, reference, revision, attempt });
  const outcome = await bluecherry.replaceSalesOrder(orderNumber, target, number, erp);
  switch (outcome.kind) {
    case 'refused':
      return { kind: 'refused', why: words(outcome.faults) };
    case 'notTaken':
      throw notTaken(outcome);
    case 'decided':
      return outcome.result.kind === 'refused'
        ? { kind: 'refused', why: words(outcome.result.faults) }
        : { kind: 'underWay', target };
    default:
      // Also when the answer was lost: following compares the order itself.
      return { kind: 'underWay', target };
  }
}

export interface FollowReplace {
  readonly reference: string;
  readonly orderNumber: string;
  readonly target: PreparedSalesOrder;
  readonly revision: number;
  readonly attempt: number;
  readonly since: string;
}

/** Done when the import log says so of this very change, or the order already is as wanted (decision 5). */
export async function followReplace(
  { bluecherry, site }: SalesOrderDependencies,
  { reference, orderNumber, target, revision, attempt, since }: FollowReplace,
  call: Call,
): Promise<ReplaceOutcome> {
  const erp = { ...call, priority: 'status' } as const;
  const number = controlNumber({ site: site.name, reference, revision, attempt });
  const results = (await bluecherry.findImportResults({ reference }, erp)).filter(
    (result) => result.controlNumber === number,
  );
  const refused = results.find((result) => result.kind === 'refused');
  if (refused?.kind === 'refused') return { kind: 'refused', why: words(refused.faults) };
  const order = await bluecherry.getSalesOrder(orderNumber, erp);
  if (order && (matchesTarget(order, target) || results.some((result) => result.kind === 'imported')))
    return { kind: 'done', glance: glanceOf(order), warehouse: order.warehouse };
  const isOpenTooLong = Date.now() - Date.parse(since) > 2 * site.erp.importCycleMs;
  return results.length === 0 && isOpenTooLong ? { kind: 'repeat' } : { kind: 'pending' };
}

/** Cancels what is still open of an order in the ERP. A repeat finds nothing open: harmless. */
export async function cancelSalesOrder(
  { bluecherry, site }: SalesOrderDependencies,
  { orderNumber }: { orderNumber: string },
  call: Call,
): Promise<CancelOutcome> {
  const erp = { ...call, priority: 'order' } as const;
  const order = await bluecherry.getSalesOrder(orderNumber, erp);
  if (!order) return { kind: 'refused', why: 'the ERP does not show it' };
  if (isCancelled(order.status)) return { kind: 'done', glance: glanceOf(order) };
  const outcome = await bluecherry.cancelSalesOrder(
    orderNumber,
    { reasonCode: site.erp.cancelReasonCode, by: 'customer', line: null },
    erp,
  );
  switch (outcome.kind) {
    case 'staged':
      return { kind: 'underWay', transaction: outcome.transaction };
    case 'refused':
      return { kind: 'refused', why: words(outcome.faults) };
    case 'notTaken':
      throw notTaken(outcome);
    default:
      return { kind: 'underWay', transaction: null };
  }
}

/** Reads the order itself: its quantities say how far the cancel went. */
export async function followCancel(
  dependencies: SalesOrderDependencies,
  { orderNumber, transaction }: { orderNumber: string; transaction: string | null },
  call: Call,
): Promise<CancelOutcome> {
  const { bluecherry } = dependencies;
  const erp = { ...call, priority: 'status' } as const;
  const order = await bluecherry.getSalesOrder(orderNumber, erp);
  if (order && isCancelled(order.status)) return { kind: 'done', glance: glanceOf(order) };
  // The answer was lost: a cancel may be repeated.
  if (transaction === null) return cancelSalesOrder(dependencies, { orderNumber }, call);
  const results = await bluecherry.findImportResults({ transaction }, erp);
  if (results.length === 0 || results.some(({ kind }) => kind === 'pending')) return { kind: 'pending' };
  const messages = results.flatMap((result) =>
    result.kind === 'refused' ? result.faults : result.kind === 'imported' ? result.warnings : [],
  );
  return { kind: 'refused', why: [howFar(order), words(messages)].filter(Boolean).join(' ') };
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

function notTaken({ why, code, retryAfterMs }: Extract<PostOutcome, { kind: 'notTaken' }>): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message: why, nextRetryDelay: Math.max(retryAfterMs, 1000) });
}

function howFar(order: ErpSalesOrder | null): string {
  if (!order?.lines) return '';
  const total = (count: (line: NonNullable<ErpSalesOrder['lines']>[number]) => number) =>
    (order.lines ?? []).reduce((units, line) => units + count(line), 0);
  const cancelled = total((line) => line.cancelledByCustomer + line.cancelledByHouse);
  return `${cancelled} of ${total((line) => line.ordered)} units are cancelled, ${total((line) => line.picked)} picked, ${total((line) => line.invoiced)} invoiced.`;
}

function words(messages: readonly ErpMessage[]): string {
  return messages.map(({ code, text }) => `${code}: ${text}`).join('; ');
}
