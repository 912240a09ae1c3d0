import { shipToOf } from './choose-ship-to.ts';
import { itemOf, type Difference } from './compare-sales-order.ts';
import {
  absolute,
  divide,
  isGreater,
  isNegative,
  multiply,
  sameAmount,
  subtract,
  sum,
  toCents,
  type Amount,
} from './money.ts';
import { liveLines } from './purchase-lines.ts';
import type { AcceptedItem, Purchase } from './purchase.ts';
import type { ErpSalesOrder, PreparedSalesOrder } from './sales-order.ts';
import type { Billing } from './settle-money.ts';
import { withShipmentsAsOrdered } from './show-progress.ts';
import type { MoneyRules } from './site-rules.ts';

/** One ERP order as it was just read. */
interface DocumentRead {
  /** The version that is taken over; `billing` has what was agreed before. */
  readonly agreed: PreparedSalesOrder;
  readonly billing: Billing;
  readonly shown: ErpSalesOrder;
  readonly differences: readonly Difference[];
}

/** Items of which the ERP has more units than are left on the purchase, or another price. */
export function beyondPurchase(
  purchase: Purchase,
  taken: readonly Pick<DocumentRead, 'agreed' | 'billing'>[],
  { discountCode }: Pick<MoneyRules, 'discountCode'>,
): readonly AcceptedItem[] {
  const lines = taken.flatMap(({ agreed, billing }) =>
    agreed.lines.map((line) => ({
      ...line,
      // The price both sides had agreed on.
      before: billing.agreed.lines.find(({ sequence }) => sequence === line.sequence)?.price ?? line.price,
    })),
  );
  const items = [...new Set(lines.map(({ item }) => item).filter(Boolean))];
  return items.flatMap((item): readonly AcceptedItem[] => {
    const own = lines.filter((line) => line.item === item);
    const [first] = own;
    const quantity = own.reduce((units, line) => units + line.quantity, 0);
    if (!first || quantity === 0) return [];
    const left = leftOnPurchase(purchase, item);
    const goods = (price: (line: (typeof own)[number]) => Amount) =>
      sum(own.map((line) => multiply(price(line), line.quantity)));
    // Rounding, or a discount that the site shows apart, is in the order's header and stays there.
    const off = subtract(
      multiply(
        divide(
          goods(({ before }) => before),
          quantity,
        ),
        left.units,
      ),
      left.net,
    );
    const isRounding = !isGreater(absolute(off), multiply('0.01', left.units));
    const isDiscount = discountCode !== '' && !isNegative(off);
    const isOff = isRounding || isDiscount;
    const isRepriced = own.some(({ price, before }) => !sameAmount(price, before));
    const isOtherPrice = left.units > 0 && (isRepriced || (own.length === 1 && !isOff));
    if (quantity <= left.units && !isOtherPrice) return [];
    const net = subtract(
      goods(({ price }) => price),
      isOff ? off : '0',
    );
    return [{ item, title: itemOf(first.sku), quantity, price: divide(net, quantity) }];
  });
}

/** What of an item is open or shipped on the purchase. */
function leftOnPurchase(purchase: Purchase, item: string): { readonly units: number; readonly net: Amount } {
  const lines = purchase.packages
    .filter(({ type }) => type === 'incoming' || type === 'shipment')
    .flatMap((parcel) => parcel.lines)
    .filter(({ sku }) => sku === item);
  return {
    units: lines.reduce((count, line) => count + line.quantity, 0),
    net: sum(lines.map((line) => line.total?.net ?? '0')),
  };
}

/**
 * What the purchase cannot show of the ERP's version: tax, freight and discount stay as charged at checkout, tax in
 * proportion to what is left (decision 28); terms, dates and places are the ERP's alone.
 */
export function stillDifferent(
  read: readonly Omit<DocumentRead, 'agreed'>[],
  purchase: Purchase,
): readonly Difference[] {
  const header = read.flatMap(({ differences }) =>
    differences.filter(({ line, field }) => line === null && field !== 'tax'),
  );
  const invoices = new Set(read.flatMap(({ billing }) => billing.invoices.map(({ number }) => number)));
  const unwritten = read.flatMap(({ shown: order }) => headerOf(purchase, order));
  const known = new Set(header.map(({ field }) => field));
  const others = [...header, ...unwritten.filter(({ field }) => !known.has(field))];
  const charged = liveLines(withShipmentsAsOrdered(purchase, invoices)).live.tax;
  const shown = sum(read.map(({ shown: order }) => order.tax));
  if (sameAmount(charged, shown)) return others;
  const money = subtract(shown, charged);
  const tax: Difference = {
    field: 'tax',
    line: null,
    agreed: toCents(charged),
    shown: toCents(shown),
    money,
    cause: 'clerk',
    tolerated: true,
  };
  return [...others, tax];
}

/** PO and ship-to are the buyer's: they are never written to the purchase, and may stand there otherwise. */
function headerOf(purchase: Purchase, order: ErpSalesOrder): readonly Difference[] {
  const shipTo = shipToOf(purchase);
  const about = { line: null, money: '0', cause: 'clerk', tolerated: true } as const;
  const differs = (left: string, right: string) =>
    left !== '' && left.trim().toUpperCase() !== right.trim().toUpperCase();
  const po = purchase.customerReference ?? '';
  const street = 'code' in shipTo ? '' : shipTo.line1;
  const there = order.shipTo?.line1 ?? '';
  return [
    ...(differs(po, order.purchaseOrder)
      ? [{ ...about, field: 'purchaseOrder', agreed: po, shown: order.purchaseOrder } as const]
      : []),
    ...(differs(street, there) ? [{ ...about, field: 'shipTo', agreed: street, shown: there } as const] : []),
  ];
}
