import { divide, sum, toCents, type Amount } from '../money.ts';
import { purchaseKeyText, type Purchase } from '../purchase.ts';

/** An order of the last weeks, as far as a price change could have touched it. */
export interface RecentOrder {
  /** What people call it. */
  readonly name: string;
  readonly currency: string | null;
  readonly lines: readonly { readonly sku: string; readonly quantity: number; readonly listPrice: Amount }[];
}

/** Goods that were sold; what came back or was cancelled would have been so at any price. */
const SOLD: readonly string[] = ['incoming', 'shipment'];

/** `listPrice` = price of one unit before the line's discount, in whole cents. */
export function toRecentOrder({ key, identifiers, currency, packages }: Purchase): RecentOrder {
  const lines = packages.filter(({ type }) => SOLD.includes(type)).flatMap((parcel) => parcel.lines);
  return {
    name: identifiers.visible ?? purchaseKeyText(key),
    currency,
    lines: lines.flatMap(({ sku, quantity, total }) =>
      sku === null || total === null || quantity <= 0
        ? []
        : [{ sku, quantity, listPrice: toCents(divide(sum([total.net, total.discountNet ?? '0']), quantity)) }],
    ),
  };
}
