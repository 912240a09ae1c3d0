import type { Site } from '../config/site.ts';
import type { BlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import { divisionsOf, prepareSalesOrders } from '../domain/prepare-sales-order.ts';
import type { Purchase, StorefrontCustomer } from '../domain/purchase.ts';
import { withShipmentsAsOrdered } from '../domain/show-progress.ts';
import { documentReference, referenceOf } from '../domain/storefront-reference.ts';
import type { Call } from './calls.ts';
import { gatherFacts } from './prepare-order.ts';

export interface PrepareAsPlacedOf {
  readonly site: Site;
  readonly bluecherry: Pick<BlueCherry, 'reference'>;
  readonly clock: () => Date;
}

export interface PlacedPurchase {
  readonly purchase: Purchase;
  readonly buyer: StorefrontCustomer | null;
  /** Numbers of invoices: a shipment that one of them bills counts as ordered. */
  readonly invoices: ReadonlySet<string>;
  /** ERP customer that a person named for this order; null = the buyer's own. */
  readonly customerOverride: string | null;
}

/** What would be sent for a purchase had it just been placed: by the order's own preparation, what was shipped included. */
export async function prepareAsPlaced(
  { site, bluecherry, clock }: PrepareAsPlacedOf,
  { purchase, buyer, invoices, customerOverride }: PlacedPurchase,
  call: Call,
) {
  const whole = withShipmentsAsOrdered(purchase, invoices);
  const customerCode = customerOverride ?? buyer?.accountingId?.trim() ?? null;
  const facts = await gatherFacts({ site, bluecherry, clock }, { purchase: whole, customerCode, buyer }, call);
  const divisions = divisionsOf(facts.skus, site.divisions);
  const reference = referenceOf(purchase.key) ?? '';
  const nth = (division: string) => Math.max(divisions.indexOf(division), 0) + 1;
  const prepared = prepareSalesOrders(
    { ...facts, referenceOf: (division) => documentReference(reference, nth(division)) },
    site.rules,
  );
  return { facts, prepared };
}
