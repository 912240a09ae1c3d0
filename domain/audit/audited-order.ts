import { choosePayment } from '../choose-payment.ts';
import { shipToOf } from '../choose-ship-to.ts';
import { chooseWarehouse } from '../choose-warehouse.ts';
import type { Amount } from '../money.ts';
import { divisionsOf, type SkuMatch } from '../prepare-sales-order.ts';
import { liveLines } from '../purchase-lines.ts';
import { namedValue, purchaseKeyText, type Purchase } from '../purchase.ts';
import type { OrderRules } from '../site-rules.ts';

/** An order of the last weeks, with what it would have asked of the site file and of the ERP. */
export interface AuditedOrder {
  /** What people call it. */
  readonly name: string;
  /** ISO 4217; '' = it says none. */
  readonly currency: string;
  /** Goods, freight and tax, whether shipped or not. */
  readonly value: Amount;
  /** The storefront's id of the customer; '' = nobody is known. */
  readonly customer: string;
  /** Code of the stock location; '' = it names none. */
  readonly location: string;
  readonly paymentMethod: string;
  /** Terms that the site file gives to its payment method; '' = the customer's own. */
  readonly terms: string;
  readonly shippingMethods: readonly string[];
  readonly skus: readonly string[];
  readonly divisions: readonly string[];
  /** Where its divisions would have been served from. */
  readonly warehouses: readonly string[];
}

/** Goods that were sold; what came back or was cancelled troubles nobody. */
const SOLD: readonly string[] = ['incoming', 'shipment'];

/** `customer` = the storefront's id of its buyer; `skus` = what the ERP makes of its SKUs. */
export function toAuditedOrder(
  purchase: Purchase,
  { customer, skus }: { readonly customer: string; readonly skus: ReadonlyMap<string, SkuMatch> },
  rules: OrderRules,
): AuditedOrder {
  const sold = asPlaced(purchase);
  const { live } = liveLines(sold);
  const own = new Map(live.lines.flatMap(({ sku }) => (skus.has(sku) ? [[sku, skus.get(sku)] as const] : [])));
  const matches = new Map([...own].flatMap(([sku, match]) => (match ? [[sku, match] as const] : [])));
  const divisions = divisionsOf(matches, rules.divisions).filter(Boolean);
  const payment = choosePayment(rules.payment, { ...sold, totalPaid: live.total }, live.total);
  const location = namedValue(purchase.metadata, rules.locationMetadata);
  const shipTo = shipToOf(sold);
  return {
    name: purchase.identifiers.visible ?? purchaseKeyText(purchase.key),
    currency: purchase.currency ?? '',
    value: live.total,
    customer,
    location: location ?? '',
    paymentMethod: purchase.paymentMethod ?? '',
    terms: payment.kind === 'accepted' ? payment.rule.terms : '',
    shippingMethods: [
      ...new Set(sold.packages.flatMap(({ shippingMethod }) => (shippingMethod ? [shippingMethod] : []))),
    ],
    skus: [...new Set(live.lines.map(({ sku }) => sku).filter(Boolean))],
    divisions,
    warehouses: 'code' in shipTo ? [] : [...new Set(divisions.flatMap((division) => servedFrom(division)))],
  };

  function servedFrom(division: string): readonly string[] {
    if ('code' in shipTo) return [];
    const choice = chooseWarehouse(rules.locations, { location, shipTo, division });
    return choice.kind === 'impossible' ? [] : [choice.warehouse];
  }
}

/** As it was before anything of it was shipped. */
function asPlaced(purchase: Purchase): Purchase {
  const packages = purchase.packages.filter(({ type }) => SOLD.includes(type));
  return { ...purchase, packages: packages.map((parcel) => ({ ...parcel, type: 'incoming' })) };
}
