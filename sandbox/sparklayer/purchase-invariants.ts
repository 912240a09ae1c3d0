import { Decimal } from 'decimal.js';
import { amount, countedAsOrdered } from './purchase-figures.ts';
import type { LineTotal, PurchaseRecord } from './wire.ts';

/** Quantity and net and tax per SKU, over everything that was ordered (open, shipped, cancelled). */
export type Ordered = ReadonlyMap<string, { quantity: number; net: Decimal; tax: Decimal }>;

export function orderedQuantities({ packages }: PurchaseRecord): Ordered {
  const sums = new Map<string, { quantity: number; net: Decimal; tax: Decimal }>();
  for (const line of packages.filter(isCounted).flatMap((entry) => entry.line_items)) {
    const sku = line.identifiers?.sku ?? '(no SKU)';
    const sum = sums.get(sku) ?? { quantity: 0, net: new Decimal(0), tax: new Decimal(0) };
    sums.set(sku, {
      quantity: sum.quantity + line.quantity,
      net: sum.net.plus(amount(line.line_total?.total_net)),
      tax: sum.tax.plus(amount(line.line_total?.total_tax)),
    });
  }
  return sums;
}

/** What the contract's arithmetic of packages forbids in a stored purchase. */
export function brokenPurchaseRules(purchase: PurchaseRecord, ordered: Ordered): string[] {
  const name = purchase.purchase_identifiers.visible ?? purchase.purchase_identifiers.sparklayer ?? 'a purchase';
  return [
    ...changedQuantities(purchase, ordered),
    ...unevenTotals(purchase),
    ...shippingChargedTwice(purchase),
    ...repeatedPackageIds(purchase),
  ].map((broken) => `${name}: ${broken}`);
}

function changedQuantities(purchase: PurchaseRecord, ordered: Ordered): string[] {
  const now = orderedQuantities(purchase);
  return [...new Set([...ordered.keys(), ...now.keys()])].flatMap((sku) => {
    const before = ordered.get(sku);
    const after = now.get(sku);
    if (before?.quantity !== after?.quantity) {
      return [`packages hold ${after?.quantity ?? 0} of ${sku}, ordered were ${before?.quantity ?? 0}`];
    }
    if (!before || !after || (before.net.eq(after.net) && before.tax.eq(after.tax))) return [];
    return [`amounts of ${sku} are ${netAndTax(after)}, ordered were ${netAndTax(before)}`];
  });
}

function netAndTax({ net, tax }: { net: Decimal; tax: Decimal }): string {
  return `${net.toFixed(2)} + ${tax.toFixed(2)}`;
}

function unevenTotals({ packages }: PurchaseRecord): string[] {
  return packages.flatMap((entry) => [
    ...entry.line_items.flatMap((line) => unevenTotal(line.identifiers?.sku ?? 'a line', line.line_total)),
    ...unevenTotal('shipping', entry.shipping_method?.line_total),
  ]);
}

function unevenTotal(what: string, total: LineTotal | undefined): string[] {
  if (!total?.total_tax || !total.total_gross) return [];
  if (amount(total.total_net).plus(amount(total.total_tax)).eq(amount(total.total_gross))) return [];
  return [`gross of ${what} is not net plus tax`];
}

function shippingChargedTwice({ packages }: PurchaseRecord): string[] {
  const charged = packages.filter((entry) => entry.shipping_method?.line_total);
  return charged.length > 1 ? [`the shipping charge sits on ${charged.length} packages`] : [];
}

function repeatedPackageIds({ packages }: PurchaseRecord): string[] {
  const ids = packages.map((entry) => entry.identifiers?.sparklayer_package_id);
  return new Set(ids).size === ids.length ? [] : ['two packages share one id'];
}

function isCounted(entry: PurchaseRecord['packages'][number]): boolean {
  return countedAsOrdered.includes(entry.type);
}
