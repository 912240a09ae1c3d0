import { cancelledOf, liveUnits, unitsOf } from './erp-stage.ts';
import { partOf } from './invoice-part.ts';
import { absolute, isGreater, multiply, subtract, sum, toCents, type Amount } from './money.ts';
import type { Purchase, PurchaseLine, PurchasePackage } from './purchase.ts';
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
  const shipments = documents.flatMap((document) =>
    document.invoices.filter(({ isVoid }) => !isVoid).map((invoice) => shipmentOf(document, invoice, rules)),
  );
  const live = new Map<string, number>();
  for (const { agreed, shown } of documents)
    for (const line of agreed.lines) {
      if (line.item === '' || onTheirWay.has(line.item)) continue;
      const there = shown.lines?.find(({ sequence }) => sequence === line.sequence);
      live.set(line.item, (live.get(line.item) ?? 0) + unitsToCome(line.quantity, there));
    }
  const ordered = orderedUnits(purchase);
  for (const item of givenUp) if (!onTheirWay.has(item)) live.set(item, live.get(item) ?? 0);
  const cancelled = [...live].flatMap(([item, units]) => {
    const whole = ordered.get(item) ?? 0;
    return whole >= units && whole > 0 ? [{ item, quantity: whole - units }] : [];
  });
  const beyond = [...live].flatMap(([item, units]) => {
    const more = units - (ordered.get(item) ?? 0);
    return more > 0 ? [{ item, quantity: more }] : [];
  });
  const voided = documents
    .flatMap(({ invoices }) => invoices.filter(({ isVoid }) => isVoid))
    .map(({ number }) => number);
  return { shipments: shipments.filter(({ items }) => items.length > 0), cancelled, beyond, voided };
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

/** Units of an agreed line that will come or have come: a cancel in the ERP takes them off, a clerk's edit does not. */
function unitsToCome(agreed: number, line: Parameters<typeof liveUnits>[0] | undefined): number {
  if (!line) return agreed;
  const missing = Math.max(0, agreed - liveUnits(line));
  return agreed - Math.min(missing, cancelledOf(line));
}

function shipmentOf({ agreed, shown }: ShownDocument, invoice: ErpInvoice, rules: ProgressRules): ShownShipment {
  const units = new Map<string, number>();
  for (const billed of partOf(invoice, shown.orderNumber).lines ?? []) {
    const sequence = sequenceOf(billed, shown.lines ?? []);
    const item = agreed.lines.find((line) => line.sequence === sequence)?.item ?? '';
    if (item !== '') units.set(item, (units.get(item) ?? 0) + billed.quantity);
  }
  const { number, carrier, tracking, date, total, currency } = invoice;
  const template = rules.trackingUrls[carrier];
  return {
    invoice: number,
    items: [...units].map(([item, quantity]) => ({ item, quantity })),
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
