import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import { itemOf } from './compare-sales-order.ts';
import { cancelledOf, liveUnits } from './erp-stage.ts';
import { canonicalAmount, multiply, shareOf, sum, toCents, type Amount } from './money.ts';
import type { AskedFor, ErpSalesOrder, ErpSalesOrderLine, PreparedSalesOrder, SalesOrderLine } from './sales-order.ts';

const NOWHERE = {
  name: '-',
  line1: '',
  line2: '',
  city: '',
  state: '',
  postalCode: '',
  country: '',
  contact: '',
  email: '',
} as const;

const NOTHING_ASKED: AskedFor = { location: null, deliveryDate: null, paymentMethod: null };

/**
 * The ERP's order as it was just read, in the shape of one that is sent. Cancelled parts stay out; the amounts of the
 * header stay as entered. Which storefront item a line is, is known from what was agreed before.
 */
export function restate(order: ErpSalesOrder, reference: string, known: PreparedSalesOrder | null): PreparedSalesOrder {
  return {
    reference,
    division: order.division,
    warehouse: order.warehouse,
    customer: order.customer,
    store: order.store,
    distributionCentre: order.distributionCentre,
    department: order.department,
    salesperson: order.salesperson,
    season: order.season,
    orderType: order.orderType,
    purchaseOrder: order.purchaseOrder,
    orderDate: order.orderDate ?? '',
    startDate: order.startDate ?? '',
    endDate: order.endDate ?? '',
    terms: order.terms,
    shipVia: order.shipVia,
    shipTerms: order.shipTerms,
    currency: order.currency,
    holdCode: order.holdCode,
    discount: order.discount,
    discountCode: order.discountCode,
    freight: order.freight,
    tax: order.tax,
    notes: order.notes,
    siteFields: order.siteFields,
    billTo: order.billTo,
    shipTo: order.shipTo ?? NOWHERE,
    lines: (order.lines ?? []).flatMap((line) => restateLine(order, line, known)),
    highestLine: Math.max(known?.highestLine ?? 0, ...(order.lines ?? []).map(({ sequence }) => sequence)),
    asked: known?.asked ?? NOTHING_ASKED,
  };
}

/**
 * The ERP's order as a replacement of itself: a replace overwrites everything, so everything is restated. Cancelled parts
 * stay out, or they would come back to life; and so does their share of tax and discount, which the ERP would never have
 * invoiced (contract, section 10). What the contract wants and the ERP does not show is as it was agreed.
 */
export function asReplacement(
  order: ErpSalesOrder,
  reference: string,
  known: PreparedSalesOrder | null,
): PreparedSalesOrder {
  const there = restate(order, reference, known);
  return {
    ...there,
    orderDate: there.orderDate || (known?.orderDate ?? ''),
    startDate: there.startDate || (known?.startDate ?? ''),
    endDate: there.endDate || (known?.endDate ?? ''),
    orderType: there.orderType || (known?.orderType ?? ''),
    currency: there.currency || (known?.currency ?? ''),
    shipTo: order.shipTo ?? known?.shipTo ?? there.shipTo,
    tax: ofLiveGoods(there.tax, order),
    discount: ofLiveGoods(there.discount, order),
  };
}

/** Hash of what people and the warehouse can change in an order: tells an edit although the ERP moves no stamp. */
export function contentOf(order: ErpSalesOrder): string {
  const { lines, ...header } = restate(order, '', null);
  const moved = (order.lines ?? []).map((line) => [line.sequence, line.picked, line.invoiced, cancelledOf(line)]);
  const content = JSON.stringify([withPlainAmounts(header), lines.map(withPlainAmounts), moved]);
  return bytesToHex(sha256(utf8ToBytes(content))).slice(0, CONTENT_LENGTH);
}

const AMOUNTS: readonly string[] = ['tax', 'freight', 'discount', 'price', 'listPrice', 'discountPercent'];

/** The ERP writes `9`, `9.0` or `9.00` for the same amount. */
function withPlainAmounts(values: object): object {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      AMOUNTS.includes(name) && typeof value === 'string' ? canonicalAmount(value) : value,
    ]),
  );
}

const CONTENT_LENGTH = 16;

/** Value of the goods of some lines, by the prices the ERP counts with. */
export function goodsOf(lines: readonly { readonly price: Amount; readonly quantity: number }[]): Amount {
  return sum(lines.map(({ price, quantity }) => multiply(toCents(price), quantity)));
}

/** The share of a header amount that belongs to what is not cancelled. */
function ofLiveGoods(amount: Amount, { lines }: ErpSalesOrder): Amount {
  if ((lines ?? []).every((line) => cancelledOf(line) === 0)) return amount;
  const ordered = goodsOf((lines ?? []).map(({ price, ordered: quantity }) => ({ price, quantity })));
  const live = goodsOf((lines ?? []).map((line) => ({ price: line.price, quantity: liveUnits(line) })));
  return shareOf(amount, live, ordered);
}

/**
 * What both sides agreed on once the ERP has taken the order in: what was sent, and where it left the choice to the ERP,
 * what the ERP chose. What the ERP changed unasked stays a difference.
 */
export function agreeOn(sent: PreparedSalesOrder, shown: ErpSalesOrder): PreparedSalesOrder {
  const chosen = (ours: string, theirs: string | null) => ours || (theirs ?? '');
  return {
    ...sent,
    store: chosen(sent.store, shown.store),
    distributionCentre: chosen(sent.distributionCentre, shown.distributionCentre),
    department: chosen(sent.department, shown.department),
    salesperson: chosen(sent.salesperson, shown.salesperson),
    season: chosen(sent.season, shown.season),
    terms: chosen(sent.terms, shown.terms),
    shipVia: chosen(sent.shipVia, shown.shipVia),
    shipTerms: chosen(sent.shipTerms, shown.shipTerms),
    startDate: chosen(sent.startDate, shown.startDate),
    endDate: chosen(sent.endDate, shown.endDate),
  };
}

function restateLine(
  order: ErpSalesOrder,
  line: ErpSalesOrderLine,
  known: PreparedSalesOrder | null,
): readonly SalesOrderLine[] {
  const quantity = liveUnits(line);
  if (quantity <= 0) return [];
  const { sequence, sku, price, listPrice, discountPercent, startDate, endDate, notes } = line;
  const before = known?.lines.find((each) => each.sequence === sequence);
  return [
    {
      sequence,
      // A clerk may have put another item in its place.
      item: before && itemOf(before.sku) === itemOf(sku) ? before.item : '',
      sku,
      quantity,
      price,
      warehouse: line.warehouse || order.warehouse,
      listPrice,
      discountPercent,
      startDate,
      endDate,
      notes,
    },
  ];
}
