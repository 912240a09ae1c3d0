import { subtract } from '../money.ts';
import type { LineTotal, Purchase, PurchasePackage } from '../purchase.ts';
import { addParts, NOTHING, type Parts } from './money-parts.ts';

/** What a purchase comes to by its packages. */
export interface PurchaseParts {
  /** Open, shipped and cancelled together: what the buyer ordered. */
  readonly placed: Parts;
  readonly cancelled: Parts;
  /** Units that are not cancelled. */
  readonly units: number;
}

const KEPT: readonly string[] = ['incoming', 'shipment'];
const CANCELLED = 'cancellation';

/** Returns are credited by the ERP and stay out, and so do packages of a type that nobody knows. */
export function partsOfPurchase({ packages }: Purchase): PurchaseParts {
  const kept = packages.filter(({ type }) => KEPT.includes(type));
  const cancelled = addParts(packages.filter(({ type }) => type === CANCELLED).map(partsOfPackage));
  return {
    placed: addParts([...kept.map(partsOfPackage), cancelled]),
    cancelled,
    units: kept.flatMap(({ lines }) => lines).reduce((units, { quantity }) => units + quantity, 0),
  };
}

/** What the storefront shows as sent with an invoice; null = no package carries it. */
export function partsOfInvoiceShown({ packages }: Purchase, invoice: string): Parts | null {
  const carrying = packages.filter(({ type, files }) => type === 'shipment' && files.includes(invoice));
  return carrying.length === 0 ? null : addParts(carrying.map(partsOfPackage));
}

function partsOfPackage({ lines, shippingCharge }: PurchasePackage): Parts {
  const ofLines = lines.map(({ total }) => (total ? goodsOf(total) : NOTHING));
  const charge = shippingCharge ? goodsOf(shippingCharge) : NOTHING;
  return addParts([...ofLines, { goods: '0', freight: charge.goods, tax: charge.tax }]);
}

function goodsOf({ net, tax, gross }: LineTotal): Parts {
  return { goods: net, freight: '0', tax: tax ?? (gross === null ? '0' : subtract(gross, net)) };
}
