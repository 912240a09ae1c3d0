import { compareWithSent } from '../domain/compare-sales-order.ts';
import type { ConfirmOutcome, ErpGlance } from '../domain/order-state.ts';
import { buyerSees, isCancelled } from '../domain/order-steps.ts';
import type { Problem } from '../domain/problems.ts';
import { purchaseFingerprint } from '../domain/purchase-fingerprint.ts';
import type { ErpSalesOrder, PreparedSalesOrder } from '../domain/sales-order.ts';
import type { Call } from './calls.ts';
import { ownNote, readOwnEntry, shortFingerprint } from './own-entry.ts';
import { keyOf } from './purchase-activities.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';

export interface ConfirmSalesOrder {
  readonly key: string;
  readonly reference: string;
  /** null for an order that was in the ERP before this run. */
  readonly sent: PreparedSalesOrder | null;
  readonly orderNumber: string;
}

/**
 * Reads the accepted order back, compares it with what was sent, and writes its number and state to the purchase. The
 * ERP is read first, so that nothing stands between reading and replacing the purchase. Safe to repeat.
 */
export async function confirmSalesOrder(
  dependencies: SalesOrderDependencies,
  { key, reference, sent, orderNumber }: ConfirmSalesOrder,
  call: Call,
): Promise<ConfirmOutcome> {
  const { site, sparklayer, bluecherry, stopIntake } = dependencies;
  const erp = { ...call, priority: 'status' } as const;
  const documents = await bluecherry.findSalesOrdersByReference(sent?.reference ?? reference, ['altPo'], erp);
  const order =
    documents.find((document) => document.orderNumber === orderNumber) ??
    (await bluecherry.getSalesOrder(orderNumber, erp));
  if (!order) return { kind: 'notThere' };

  const findings: Problem[] = [...(sent ? compareWithSent(sent, order) : [])];
  const live = documents.filter(({ status }) => !isCancelled(status)).map((document) => document.orderNumber);
  if (live.length > 1)
    findings.push({
      code: 'DUPLICATE_IN_ERP',
      says: `The ERP has several orders for this purchase: ${live.join(', ')}.`,
    });
  const cut = findings.find(({ code }) => code === 'REFERENCE_CUT');
  // Exactly-once stands on the reference: without it no further order may go in (decision 2).
  if (cut) await stopIntake(cut.says);

  const { name: entryName, words } = site.ownEntry;
  const written = await sparklayer.annotatePurchase(
    keyOf(key),
    (purchase) => {
      const known = readOwnEntry(purchase, entryName);
      const content = known?.content || shortFingerprint(purchaseFingerprint(purchase, entryName));
      return ownNote(
        entryName,
        { state: words[buyerSees(order.status)], orders: [orderNumber], content, closed: known?.closed ?? null },
        orderNumber,
      );
    },
    call,
  );
  const glance = glanceOf(order);
  if (written.kind === 'gone') return { kind: 'confirmed', glance, findings, purchase: { kind: 'gone' } };
  if (written.kind === 'conflict') return { kind: 'confirmed', glance, findings, purchase: written };
  const { purchase } = written;
  const fingerprint = purchaseFingerprint(purchase, entryName);
  return {
    kind: 'confirmed',
    glance,
    findings,
    purchase: { kind: 'written', updatedAt: purchase.updatedAt, fingerprint },
  };
}

export function glanceOf({ orderNumber, status, statusLetter, holdCode, changedAt }: ErpSalesOrder): ErpGlance {
  return { orderNumber, status, statusLetter, holdCode, changedAt };
}
