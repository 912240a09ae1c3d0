import { Decimal } from 'decimal.js';
import { checkedOutPurchase, scaledLine, type CheckoutInput } from './checkout.ts';
import { wireTime } from './clock.ts';
import { orderedQuantities } from './purchase-invariants.ts';
import { asPurchase, type StoredPurchase } from './purchase-store.ts';
import { bookTransaction } from './transactions.ts';
import { isUuid } from './purchase-rules.ts';
import type { Site } from './site.ts';
import { money } from './purchase-figures.ts';
import { isObject, type Package, type PurchaseRecord } from './wire.ts';

/** Deeds of others: buyers, merchants in the Dashboard, other systems. None of them passes through `/api`. */

export function checkout(site: Site, input: CheckoutInput): PurchaseRecord {
  return site.purchases.add(checkedOutPurchase(site, input)).record;
}

/** Stores a raw purchase as it is; a given `updated_at` is kept. */
export function place(site: Site, purchase: unknown): PurchaseRecord {
  const read = asPurchase(purchase);
  const id = read.purchase_identifiers.sparklayer;
  if (id && isUuid(id) && site.purchases.find('sparklayer', id)) throw new Error(`Purchase ${id} is there already.`);
  return site.purchases.add(read).record;
}

/** Someone else edits a purchase; what it then holds counts as ordered. */
export function amend(site: Site, id: string, change: (purchase: PurchaseRecord) => void): PurchaseRecord {
  const stored = existing(site, id);
  const purchase = structuredClone(stored.record);
  change(purchase);
  if (stored.transactions.size === 0) stored.sentTotalPaid = purchase.total_paid ?? null;
  site.purchases.replace(stored, asPurchase(purchase));
  stored.ordered = orderedQuantities(stored.record);
  return stored.record;
}

/** Amends by a JSON merge patch (RFC 7396): null removes, lists are replaced. */
export function amendByMerge(site: Site, id: string, patch: unknown): PurchaseRecord {
  return amend(site, id, (purchase) => {
    const merged = merge(purchase, patch);
    for (const key of Object.keys(purchase)) delete purchase[key];
    Object.assign(purchase, merged);
  });
}

/** A write that changes nothing but the times. */
export function touch(site: Site, id: string): PurchaseRecord {
  return amend(site, id, () => undefined);
}

/** A buyer or merchant changes how many of a SKU are open; the line's amounts and the tax follow. 0 takes it off. */
export function setQuantity(site: Site, id: string, sku: string, quantity: number): PurchaseRecord {
  return amend(site, id, (purchase) => {
    const open = purchase.packages.find((entry) => entry.type === 'incoming' && linesOf(entry, sku).length > 0);
    const line = open && linesOf(open, sku)[0];
    if (!open || !line) throw new Error(`${id} holds no open ${sku}.`);
    const changed = scaledLine(line, quantity);
    open.line_items = open.line_items.flatMap((other) => {
      if (other !== line) return [other];
      return quantity === 0 ? [] : [changed];
    });
    const rate = line.tax_lines?.[0]?.rate;
    const before = new Decimal(line.line_total?.total_tax?.number ?? 0);
    const after = new Decimal(quantity === 0 ? 0 : (changed.line_total?.total_tax?.number ?? 0));
    const order = purchase.tax_lines?.find((tax) => tax.rate === rate);
    if (order) order.amount.number = new Decimal(order.amount.number).minus(before).plus(after).toFixed(2);
  });
}

/** Everything that is still open becomes cancelled. */
export function cancel(site: Site, id: string): PurchaseRecord {
  return amend(site, id, (purchase) => turnOpenInto(purchase, 'cancellation'));
}

/** Somebody else ships what is open. */
export function shipElsewhere(site: Site, id: string): PurchaseRecord {
  return amend(site, id, (purchase) => turnOpenInto(purchase, 'shipment'));
}

export function setType(site: Site, id: string, type: string): PurchaseRecord {
  return amend(site, id, (purchase) => {
    purchase.type = type;
    if (type === 'order') purchase.dates.placed_at ??= wireTime(site.clock.now());
  });
}

export function remove(site: Site, id: string): void {
  site.purchases.delete(existing(site, id));
}

/** The platform reports a payment (or, below zero, a refund) that counts towards the balance. */
export function pay(site: Site, id: string, total: string, platformId: string): PurchaseRecord {
  const stored = existing(site, id);
  const amountPaid = money(new Decimal(total), stored.record.currency_code ?? 'GBP');
  bookTransaction(site, stored, { platform_id: platformId, total: amountPaid, apply_to_balance: true });
  return stored.record;
}

function existing(site: Site, id: string): StoredPurchase {
  const stored = site.purchases.findAny(id);
  if (!stored) throw new Error(`There is no purchase ${id}.`);
  return stored;
}

function turnOpenInto(purchase: PurchaseRecord, type: 'cancellation' | 'shipment'): void {
  for (const entry of purchase.packages) if (entry.type === 'incoming') entry.type = type;
}

function linesOf(entry: Package, sku: string): Package['line_items'] {
  return entry.line_items.filter((line) => line.identifiers.sku === sku);
}

function merge(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}
