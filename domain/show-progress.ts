import { cancelledOf, liveUnits, unitsOf } from './erp-stage.ts';
import { partOf } from './invoice-part.ts';
import {
  absolute,
  canonicalAmount,
  divide,
  isGreater,
  multiply,
  sameAmount,
  subtract,
  sum,
  toCents,
  type Amount,
} from './money.ts';
import type { LineTotal, Purchase, PurchaseLine, PurchasePackage } from './purchase.ts';
import type { ErpInvoice, ErpSalesOrder, PreparedSalesOrder } from './sales-order.ts';
import { sequenceOf } from './settle-money.ts';
import type { ProgressRules } from './site-rules.ts';

/** One ERP order as it is to be shown on the purchase. */
export interface ShownDocument {
  readonly agreed: PreparedSalesOrder;
  readonly shown: ErpSalesOrder;
  readonly invoices: readonly ErpInvoice[];
}

export interface ItemUnits {
  /** Storefront SKU. */
  readonly item: string;
  readonly quantity: number;
  /** Net unit price on the purchase, where the item has several; null = whichever of its lines. */
  readonly price: Amount | null;
}

/** A dispatch as the buyer sees it: what is in it, how to follow it, and its invoice. */
export interface ShownShipment {
  readonly invoice: string;
  readonly items: readonly ItemUnits[];
  readonly carrier: string;
  readonly carrierCode: string;
  readonly parcels: readonly { readonly tracking: string; readonly url: string | null }[];
  /** ISO calendar date. */
  readonly shippedOn: string | null;
  /** null = number and amount only. */
  readonly url: string | null;
  readonly total: Amount;
  readonly currency: string;
}

/** What the purchase shall show of its orders' progress, absolute: writing it twice changes nothing. */
export interface PurchaseProgress {
  readonly shipments: readonly ShownShipment[];
  /** Units of each item that will not come, whoever cancelled them. Items that are not named stay as they are. */
  readonly cancelled: readonly ItemUnits[];
  /** Items of which the ERP will deliver more than the purchase has: only words can say so. */
  readonly beyond: readonly ItemUnits[];
  /** Numbers of invoices that were voided: what the purchase shows as shipped by them is open again. */
  readonly voided: readonly string[];
}

/** States of an order in the order a buyer lives through them. */
export type BuyerStage = 'accepted' | 'onHold' | 'picked' | 'partlyShipped' | 'shipped' | 'cancelled' | 'closed';

/**
 * Shipments, cancellations and invoices of all documents of a purchase, by the package arithmetic of the contract: open,
 * shipped and cancelled units of an item add up to what was ordered. "Shipped" is invoiced (contract, section 12). Items
 * that are on their way into the ERP with another document stay as they are; of those that are `given up` nothing comes
 * but what the documents bring.
 */
export function showProgress(
  purchase: Purchase,
  documents: readonly ShownDocument[],
  rules: ProgressRules,
  onTheirWay: ReadonlySet<string> = new Set(),
  givenUp: Iterable<string> = [],
): PurchaseProgress {
  const prices = pricesOf(documents, purchase);
  const shipments = documents.flatMap((document) =>
    document.invoices.filter(({ isVoid }) => !isVoid).map((invoice) => shipmentOf(document, invoice, rules, prices)),
  );
  const live = new Map<string, number>();
  const liveAt = new Map<string, number>();
  for (const { agreed, shown } of documents)
    for (const line of agreed.lines) {
      if (line.item === '' || onTheirWay.has(line.item)) continue;
      const there = shown.lines?.find(({ sequence }) => sequence === line.sequence);
      const units = unitsToCome(line.quantity, there);
      live.set(line.item, (live.get(line.item) ?? 0) + units);
      liveAt.set(keyOf(line.item, line.price), (liveAt.get(keyOf(line.item, line.price)) ?? 0) + units);
    }
  const ordered = orderedUnits(purchase);
  for (const item of givenUp) if (!onTheirWay.has(item)) live.set(item, live.get(item) ?? 0);
  const cancelled = [...live].flatMap(([item, units]): readonly ItemUnits[] => {
    const whole = ordered.get(item) ?? 0;
    if (whole < units || whole === 0) return [];
    const parts = (prices.get(item) ?? []).map(({ agreed, net, ordered: units }) => ({
      price: net,
      quantity: units - (liveAt.get(keyOf(item, agreed)) ?? 0),
    }));
    return byPrice(item, whole - units, parts);
  });
  const beyond = [...live].flatMap(([item, units]) => {
    const more = units - (ordered.get(item) ?? 0);
    return more > 0 ? [{ item, quantity: more, price: null }] : [];
  });
  const voided = documents
    .flatMap(({ invoices }) => invoices.filter(({ isVoid }) => isVoid))
    .map(({ number }) => number);
  return { shipments: shipments.filter(({ items }) => items.length > 0), cancelled, beyond, voided };
}

/** Which of an item's unit prices so many units at this amount have: the nearest within rounding; null = none of them. */
export function priceAmong(quantity: number, amount: Amount, prices: readonly Amount[]): Amount | null {
  // Prices are rounded up to the cent, and a part of a line takes the cents of the others.
  const most = multiply('0.01', quantity + 1);
  let nearest: { readonly price: Amount; readonly gap: Amount } | null = null;
  for (const price of prices) {
    const gap = absolute(subtract(multiply(price, quantity), amount));
    if (!isGreater(gap, most) && (nearest === null || isGreater(nearest.gap, gap))) nearest = { price, gap };
  }
  return nearest?.price ?? null;
}

/** Where the buyer's order stands over all of its documents. */
export function buyerStageOf(orders: readonly ErpSalesOrder[]): BuyerStage {
  const sums = orders.map(unitsOf);
  const total = (count: (units: ReturnType<typeof unitsOf>) => number) =>
    sums.reduce((units, each) => units + count(each), 0);
  const left = total(({ open, picked }) => open + picked);
  const invoiced = total((units) => units.invoiced);
  if (left === 0) return invoiced > 0 ? 'shipped' : 'cancelled';
  if (invoiced > 0) return 'partlyShipped';
  if (orders.some(({ status }) => status === 'credit_hold' || status === 'hold')) return 'onHold';
  return total(({ picked }) => picked) > 0 ? 'picked' : 'accepted';
}

/** Units of each item that the purchase holds: open, shipped and cancelled. */
export function orderedUnits(purchase: Purchase): ReadonlyMap<string, number> {
  const units = new Map<string, number>();
  for (const parcel of purchase.packages)
    if (COUNTED.includes(parcel.type))
      for (const { sku, quantity } of parcel.lines) if (sku) units.set(sku, (units.get(sku) ?? 0) + quantity);
  return units;
}

/** A shipment that somebody else made: it carries none of our invoices. */
export function isForeignShipment({ type, files }: PurchasePackage, invoices: ReadonlySet<string>): boolean {
  return type === 'shipment' && !files.some((number) => invoices.has(number));
}

/**
 * The purchase with what was shipped by our invoices counted as ordered: what the buyer wants in all, whether it has
 * left already or not. Pieces of one line, which a shipment had taken apart, are one line again.
 */
export function withShipmentsAsOrdered(purchase: Purchase, invoices: ReadonlySet<string>): Purchase {
  const counts = (parcel: PurchasePackage) =>
    parcel.type === 'incoming' || (parcel.type === 'shipment' && !isForeignShipment(parcel, invoices));
  const ours = purchase.packages.filter(counts);
  const [first] = ours;
  if (!first || ours.every(({ type }) => type === 'incoming')) return purchase;
  const whole: PurchasePackage = {
    ...first,
    type: 'incoming',
    files: [],
    lines: ours.flatMap(({ lines }) => lines).reduce<readonly PurchaseLine[]>(withPiece, []),
    shippingMethod: ours.find(({ shippingMethod }) => shippingMethod !== null)?.shippingMethod ?? null,
    shippingCharge: ours.find(({ shippingCharge }) => shippingCharge !== null)?.shippingCharge ?? null,
  };
  return { ...purchase, packages: [whole, ...purchase.packages.filter((parcel) => !counts(parcel))] };
}

function withPiece(lines: readonly PurchaseLine[], piece: PurchaseLine): readonly PurchaseLine[] {
  const index = lines.findIndex((line) => isPieceOf(line, piece));
  const line = lines[index];
  return line ? lines.with(index, joined(line, piece)) : [...lines, piece];
}

/** The same item, whose amounts per piece differ by no more than the rounding of a split. */
function isPieceOf(line: PurchaseLine, piece: PurchaseLine): boolean {
  if (line.sku === null || line.sku !== piece.sku || !line.total || !piece.total) return false;
  const perUnit = subtract(multiply(line.total.net, piece.quantity), multiply(piece.total.net, line.quantity));
  return !isGreater(absolute(perUnit), multiply('0.01', line.quantity + piece.quantity));
}

function joined(line: PurchaseLine, piece: PurchaseLine): PurchaseLine {
  const [left, right] = [line.total, piece.total];
  if (!left || !right) return line;
  const both = (one: Amount | null, other: Amount | null) =>
    one === null && other === null ? null : toCents(sum([one ?? '0', other ?? '0']));
  return {
    ...line,
    quantity: line.quantity + piece.quantity,
    total: {
      ...left,
      net: toCents(sum([left.net, right.net])),
      tax: both(left.tax, right.tax),
      gross: both(left.gross, right.gross),
      discountNet: both(left.discountNet, right.discountNet),
    },
  };
}

const COUNTED: readonly string[] = ['incoming', 'shipment', 'cancellation'];

/** One of several prices of an item. */
interface ItemPrice {
  /** As the ERP has it, where the site shows discounts apart before them. */
  readonly agreed: Amount;
  /** What the purchase's lines come to for one unit. */
  readonly net: Amount;
  /** Units of the purchase at this price: open, shipped and cancelled. */
  readonly ordered: number;
}

/** Items that were agreed on at several prices, with these. */
function pricesOf(documents: readonly ShownDocument[], purchase: Purchase): ReadonlyMap<string, readonly ItemPrice[]> {
  const prices = new Map<string, readonly Amount[]>();
  for (const { item, price } of documents.flatMap(({ agreed }) => agreed.lines)) {
    const known = prices.get(item) ?? [];
    if (item !== '' && !known.some((each) => sameAmount(each, price))) prices.set(item, [...known, price]);
  }
  const several = [...prices].filter(([, each]) => each.length > 1);
  return new Map(several.map(([item, agreed]) => [item, itemPrices(linesOf(purchase, item), agreed)]));
}

/** Prices of the ERP are net, or before a discount that is shown apart: whichever the purchase's lines bear out. */
function itemPrices(lines: readonly PurchaseLine[], agreed: readonly Amount[]): readonly ItemPrice[] {
  const readAs = (amountOf: (total: LineTotal) => Amount) =>
    agreed.map((price): ItemPrice => {
      const own = lines.filter(
        ({ quantity, total }) => total !== null && priceAmong(quantity, amountOf(total), agreed) === price,
      );
      const ordered = own.reduce((units, { quantity }) => units + quantity, 0);
      const net = ordered > 0 ? divide(sum(own.map(({ total }) => total?.net ?? '0')), ordered) : price;
      return { agreed: price, net, ordered };
    });
  const found = (prices: readonly ItemPrice[]) => prices.filter(({ ordered }) => ordered > 0).length;
  const net = readAs((total) => total.net);
  const beforeDiscount = readAs((total) => sum([total.net, total.discountNet ?? '0']));
  return found(beforeDiscount) > found(net) ? beforeDiscount : net;
}

function linesOf(purchase: Purchase, item: string): readonly PurchaseLine[] {
  return purchase.packages
    .filter(({ type }) => COUNTED.includes(type))
    .flatMap(({ lines }) => lines)
    .filter(({ sku, quantity }) => sku === item && quantity > 0);
}

/** So many units of an item in all, as far as they can be told by price; of the others whichever. */
function byPrice(
  item: string,
  quantity: number,
  wanted: readonly { readonly price: Amount; readonly quantity: number }[],
): readonly ItemUnits[] {
  let left = quantity;
  const parts = wanted.map(({ price, quantity: most }): ItemUnits => {
    const units = Math.min(left, Math.max(0, most));
    left -= units;
    return { item, quantity: units, price };
  });
  return left > 0 || parts.length === 0 ? [...parts, { item, quantity: left, price: null }] : parts;
}

function keyOf(item: string, price: Amount): string {
  return JSON.stringify([item, canonicalAmount(price)]);
}

/** Units of an agreed line that will come or have come: a cancel in the ERP takes them off, a clerk's edit does not. */
function unitsToCome(agreed: number, line: Parameters<typeof liveUnits>[0] | undefined): number {
  if (!line) return agreed;
  const missing = Math.max(0, agreed - liveUnits(line));
  return agreed - Math.min(missing, cancelledOf(line));
}

function shipmentOf(
  { agreed, shown }: ShownDocument,
  invoice: ErpInvoice,
  rules: ProgressRules,
  prices: ReadonlyMap<string, readonly ItemPrice[]>,
): ShownShipment {
  const units = new Map<string, ItemUnits>();
  for (const billed of partOf(invoice, shown.orderNumber).lines ?? []) {
    const sequence = sequenceOf(billed, shown.lines ?? []);
    const line = agreed.lines.find((each) => each.sequence === sequence);
    if (!line || line.item === '') continue;
    const price = prices.get(line.item)?.find(({ agreed: each }) => sameAmount(each, line.price))?.net ?? null;
    const key = price === null ? line.item : keyOf(line.item, price);
    const quantity = (units.get(key)?.quantity ?? 0) + billed.quantity;
    units.set(key, { item: line.item, quantity, price });
  }
  const { number, carrier, tracking, date, total, currency } = invoice;
  const template = rules.trackingUrls[carrier];
  return {
    invoice: number,
    items: [...units.values()],
    carrier: rules.carriers[carrier] ?? carrier,
    carrierCode: carrier,
    parcels: tracking.map((code) => ({
      tracking: code,
      url: template ? template.replaceAll('{tracking}', encodeURIComponent(code)) : null,
    })),
    shippedOn: date,
    url: rules.invoiceUrl
      ? rules.invoiceUrl
          .replaceAll('{invoice}', encodeURIComponent(number))
          .replaceAll('{order}', encodeURIComponent(shown.orderNumber))
      : null,
    total,
    currency: currency || agreed.currency,
  };
}
