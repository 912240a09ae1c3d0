import { DateTime } from 'luxon';

import type { PrepareOutcome, PurchaseGlance } from '../domain/order-state.ts';
import { divisionsOf, prepareSalesOrders, type PurchaseFacts, type SkuMatch } from '../domain/prepare-sales-order.ts';
import type { Problem } from '../domain/problems.ts';
import { purchaseFingerprint } from '../domain/purchase-fingerprint.ts';
import { isWhollyCancelled, liveLines } from '../domain/purchase-lines.ts';
import { standingOfType } from '../domain/purchase-type.ts';
import type { ErpCustomer, ErpStore } from '../domain/sales-order.ts';
import { documentReference } from '../domain/storefront-reference.ts';
import type { Purchase, StorefrontCustomer } from '../domain/purchase.ts';
import type { Call } from './calls.ts';
import { enteredAsAnother, readOwnEntry, shortFingerprint } from './own-entry.ts';
import { keyOf } from './purchase-activities.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';
import { matchSku } from './match-sku.ts';

export interface PrepareOrder {
  readonly key: string;
  readonly reference: string;
  readonly customerOverride: string | null;
}

/**
 * Reads the purchase and everything it needs from both systems, and freezes the sales order. Sends nothing. First it
 * checks whether there is anything to do at all.
 */
export async function prepareOrder(
  dependencies: SalesOrderDependencies,
  { key, reference, customerOverride }: PrepareOrder,
  call: Call,
): Promise<PrepareOutcome> {
  const { site, sparklayer } = dependencies;
  const purchase = await sparklayer.getPurchase(keyOf(key), call);
  if (!purchase) return { kind: 'withdrawn', why: 'the purchase is gone' };
  const entry = readOwnEntry(purchase, site.ownEntry.name);
  if (entry?.closed)
    return { kind: 'excluded', why: `closed by ${entry.closed.actor || 'a person'}: ${entry.closed.reason}` };

  const buyer = purchase.buyer === null ? null : await sparklayer.getCustomer(purchase.buyer, call);
  const customerCode = customerOverride ?? buyer?.accountingId?.trim() ?? null;
  const seen = {
    purchase: purchaseGlance(dependencies, purchase, buyer, customerCode),
    pacing: site.pacing,
    siteVersion: site.version,
  };
  const impossible = (...problems: Problem[]): PrepareOutcome => ({ kind: 'impossible', problems, ...seen });

  const standing = standingOfType(purchase.type, site.intake.types);
  if (standing === 'noOrder') return { kind: 'withdrawn', why: `the purchase is a ${purchase.type} now` };
  if (standing === 'unknown') return impossible(typeUnknown(purchase));
  if (purchase.placedAt === null)
    return impossible({ code: 'PLACED_DATE_MISSING', says: 'The purchase does not say when it was placed.' });
  if (Date.parse(purchase.placedAt) < Date.parse(site.goLive))
    return { kind: 'excluded', why: `placed before the go-live of ${site.goLive}` };
  if (entry?.orders.some(Boolean)) {
    const sameContent = entry.content === shortFingerprint(seen.purchase.fingerprint);
    return { kind: 'alreadyInErp', orderNumbers: entry.orders, sameContent, ...seen };
  }
  const other = enteredAsAnother(purchase, site.ownEntry.name);
  if (other)
    return impossible({
      code: 'DUPLICATE_IN_ERP',
      says: `ERP order ${other.orderNumber} was entered for this purchase as ${other.key}, a number that it no longer has.`,
    });
  if (isWhollyCancelled(purchase)) return { kind: 'withdrawn', why: 'everything in it is cancelled' };
  if (!reference)
    return impossible({
      code: 'REFERENCE_NOT_POSSIBLE',
      says: `The purchase’s identifier “${key}” cannot be carried by the ERP.`,
    });

  const facts = await gatherFacts(dependencies, { purchase, customerCode, buyer }, call);
  // The first division of the site's order is document 1, the next document 2 (decision 3).
  const divisions = divisionsOf(facts.skus, site.divisions);
  const referenceOf = (division: string) => documentReference(reference, Math.max(divisions.indexOf(division), 0) + 1);
  const preparation = prepareSalesOrders({ ...facts, referenceOf }, site.rules);
  return preparation.kind === 'impossible'
    ? impossible(...preparation.problems)
    : { kind: 'prepared', orders: preparation.salesOrders, reviews: preparation.reviews, ...seen };
}

type GatheringDependencies = Pick<SalesOrderDependencies, 'site' | 'clock'> & {
  readonly bluecherry: Pick<SalesOrderDependencies['bluecherry'], 'reference'>;
};

interface Gathering {
  readonly purchase: Purchase;
  readonly customerCode: string | null;
  readonly buyer: StorefrontCustomer | null;
}

/** Everything preparing needs from the ERP; mostly from the cache of its reference data. */
export async function gatherFacts(
  { site, bluecherry, clock }: GatheringDependencies,
  { purchase, customerCode, buyer }: Gathering,
  call: Call,
): Promise<Omit<PurchaseFacts, 'referenceOf'>> {
  const { reference: data } = bluecherry;
  const erp = { ...call, priority: 'order' } as const;
  const { zone } = site.rules;
  const skus = new Map<string, SkuMatch>();
  for (const { sku } of liveLines(purchase).live.lines)
    if (sku && !skus.has(sku)) skus.set(sku, await matchSku(data, site.rules, sku, erp));
  const customers = new Map<string, { customer: ErpCustomer; stores: readonly ErpStore[] }>();
  for (const division of divisionsOf(skus, site.divisions)) {
    const customer = customerCode && division ? await data.findCustomer(customerCode, division, erp) : null;
    if (customer) customers.set(division, { customer, stores: await data.storesOf(customer.customer, erp) });
  }
  return {
    purchase,
    skus,
    customerCode,
    customers,
    buyerEmail: buyer?.email ?? null,
    warehouses: await data.warehouses(erp),
    terms: await data.terms(erp),
    today: DateTime.fromJSDate(clock(), { zone }).toISODate() ?? '',
    placedOn: DateTime.fromISO(purchase.placedAt ?? '', { zone }).toISODate() ?? '',
  };
}

/** A purchase as people are shown it. */
/** Nothing is concluded from it, and nothing is written to such a purchase (contract, section 17). */
export function typeUnknown({ type }: Purchase): Problem {
  return { code: 'TYPE_UNKNOWN', says: `The purchase is of the unknown type “${type}”.`, about: type };
}

export function purchaseGlance(
  { site }: SalesOrderDependencies,
  purchase: Purchase,
  buyer: StorefrontCustomer | null,
  customerCode: string | null,
): PurchaseGlance {
  return {
    updatedAt: purchase.updatedAt,
    fingerprint: purchaseFingerprint(purchase, site.ownEntry.name),
    visibleNumber: purchase.identifiers.visible ?? '',
    buyer: buyer?.company ?? purchase.billTo?.company ?? buyer?.email ?? '',
    customer: customerCode ?? '',
    customerReference: purchase.customerReference?.trim() ?? '',
    currency: purchase.currency ?? '',
    total: liveLines(purchase).live.total,
  };
}
