import { compareOrders, cutReference, itemOf } from '../domain/compare-sales-order.ts';
import { glanceOf } from '../domain/erp-glance.ts';
import { stageOf, unitsOf } from '../domain/erp-stage.ts';
import { namedAsOn } from '../domain/named-as-on.ts';
import type { DocumentFacts, FollowedDocument } from '../domain/order-state.ts';
import { isCancelled } from '../domain/order-steps.ts';
import type { Problem } from '../domain/problems.ts';
import type { Purchase } from '../domain/purchase.ts';
import { agreeOn, restate } from '../domain/restate-order.ts';
import type { ErpSalesOrder, PreparedSalesOrder } from '../domain/sales-order.ts';
import type { Billing } from '../domain/settle-money.ts';
import type { DifferenceCause } from '../domain/site-rules.ts';
import { sameReference } from '../domain/storefront-reference.ts';
import type { Call } from './calls.ts';
import type { FollowOrder } from './follow-order.ts';
import { storefrontItem } from './match-sku.ts';
import { readBilling } from './read-billing.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';

/** A document as the ERP has it, with what was billed for it. */
export interface ReadDocument extends FollowedDocument {
  readonly shown: ErpSalesOrder;
  readonly billing: Billing;
}

/**
 * Reads one document in the ERP, compared with what was agreed, and what was found beside it; null = it is not there.
 */
export async function readDocument(
  { bluecherry, site }: SalesOrderDependencies,
  { document, reference, orderNumber, sent, agreed }: DocumentFacts,
  { creditMemos }: FollowOrder,
  call: Call,
): Promise<{ readonly document: ReadDocument; readonly findings: readonly Problem[] } | null> {
  const erp = { ...call, priority: 'status' } as const;
  const placedOn = (sent ?? agreed)?.orderDate ?? '';
  // That the ERP has made it is the news: how it looked a moment ago will do, and what comes later is told. With several
  // workers another one may have been told.
  const asOf = agreed === null && site.erp.workers === 1 ? 'lately' : 'now';
  const carriers = await bluecherry.readOrderOf({ reference, orderNumber, placedOn, asOf }, erp);
  const shown = carriers.find((carrier) => carrier.orderNumber === orderNumber);
  if (!shown) return null;
  const findings: Problem[] = [];
  const others = carriers
    .filter(({ status, altPo }) => !isCancelled(status) && sameReference(altPo, reference))
    .map((carrier) => carrier.orderNumber)
    .filter((number) => number !== orderNumber);
  if (others.length > 0)
    findings.push({
      code: 'DUPLICATE_IN_ERP',
      says: isCancelled(shown.status)
        ? `ERP order ${orderNumber} is cancelled, and was entered again by hand under the same reference: ${others.join(', ')}.`
        : `The ERP has several orders for this purchase: ${[orderNumber, ...others].join(', ')}.`,
    });
  const cut = sent && cutReference(sent.reference, shown);
  if (cut) findings.push(cut);
  // An order that this run did not send is agreed as the ERP has it; the purchase is compared with it (decision 5).
  const baseline = agreed ?? (sent ? agreeOn(sent, shown) : withItems(site, restate(shown, reference, null)));
  const differences = compareOrders(baseline, shown, site.rules.erpEdits, agreed ? 'later' : 'import');
  const credits = { reading: agreed === null ? 'first' : 'later', toldCredits: creditMemos } as const;
  const billing = { agreed: baseline, shown, ...(await readBilling(bluecherry, shown, credits, erp)) };
  return {
    findings,
    document: {
      document,
      glance: { ...glanceOf(shown), document },
      stage: stageOf(shown),
      units: unitsOf(shown),
      agreed: baseline,
      sent: null,
      differences,
      shown,
      billing,
    },
  };
}

/**
 * What the ERP cancelled or split, the site tolerates and the purchase shows is agreed on. Else a later replace, which
 * forgets what was cancelled, would make a clerk's edit of it, and what was split off would be nobody's when it is billed.
 */
export function withTolerated(site: SalesOrderDependencies['site'], document: ReadDocument): ReadDocument {
  const { agreed, shown } = document;
  const tolerated = document.differences.filter(
    ({ field, cause, tolerated: isTolerated }) =>
      isTolerated && (field === 'quantity' || field === 'line') && FOLDED.has(cause),
  );
  if (tolerated.length === 0) return document;
  const moved = new Set(tolerated.map(({ line }) => line));
  const there = withItems(site, restate(shown, agreed.reference, agreed));
  const lines = agreed.lines.map((line) =>
    moved.has(line.sequence)
      ? { ...line, quantity: there.lines.find(({ sequence }) => sequence === line.sequence)?.quantity ?? 0 }
      : line,
  );
  const added = there.lines
    .filter((line) => moved.has(line.sequence) && !agreed.lines.some(({ sequence }) => sequence === line.sequence))
    .map((line) => ({
      ...line,
      item: agreed.lines.find(({ sku }) => itemOf(sku) === itemOf(line.sku))?.item ?? line.item,
    }));
  return { ...document, agreed: { ...agreed, lines: [...lines, ...added], highestLine: there.highestLine } };
}

const FOLDED: ReadonlySet<DifferenceCause> = new Set(['houseCancel', 'customerCancel', 'backOrderSplit']);

/** The ERP's version as the agreed baseline of both sides (decision 28). */
export function withErpVersion(site: SalesOrderDependencies['site'], document: ReadDocument): ReadDocument {
  const { shown, agreed } = document;
  const version = withItems(site, restate(shown, agreed.reference, agreed));
  return { ...document, agreed: version, sent: version, differences: [] };
}

/** With its items called as the purchase calls them. */
export function itemsNamedAsOn(purchase: Purchase, document: ReadDocument): ReadDocument {
  const { agreed, billing } = document;
  return {
    ...document,
    agreed: namedAsOn(purchase, agreed),
    billing: { ...billing, agreed: namedAsOn(purchase, billing.agreed) },
  };
}

/** Lines whose storefront item nobody remembers get it by the site's rule. */
function withItems(site: SalesOrderDependencies['site'], order: PreparedSalesOrder): PreparedSalesOrder {
  const lines = order.lines.map((line) =>
    line.item === '' ? { ...line, item: storefrontItem(site.rules.sku, line.sku) } : line,
  );
  return { ...order, lines };
}
