import { Decimal } from 'decimal.js';

import { scaledLine } from '../../sandbox/sparklayer/checkout.ts';
import type { LineItem, LineTotal, Money, Package, PurchaseRecord } from '../../sandbox/sparklayer/wire.ts';
import { NotPossible } from './deed.ts';

/** Rate of what the soak sells, in percent. */
const TAX_RATE = 20;

export interface NewLine {
  readonly sku: string;
  readonly quantity: number;
  readonly unitPrice: string;
}

/** Lines that are still open, over all packages. */
export function openLines({ packages }: PurchaseRecord): readonly LineItem[] {
  return packages.filter(isOpen).flatMap(({ line_items }) => line_items);
}

/** A buyer adds a SKU to what is still open; totals and taxes follow. */
export function addLine(purchase: PurchaseRecord, { sku, quantity, unitPrice }: NewLine): void {
  const open = openPackage(purchase);
  const currency = purchase.currency_code ?? 'GBP';
  const goods = new Decimal(unitPrice).times(quantity);
  const tax = goods.times(TAX_RATE).div(100).toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
  const money = (amount: Decimal): Money => ({ number: amount.toFixed(2), currency });
  open.line_items.push({
    identifiers: { sku },
    name_parent: sku,
    name_child: null,
    quantity,
    custom_attributes: [],
    line_total: {
      total_net: money(goods),
      total_tax: money(tax),
      total_gross: money(goods.plus(tax)),
      discount_net: money(new Decimal(0)),
      discount_gross: money(new Decimal(0)),
      tax_rate: TAX_RATE,
    },
    tax_lines: [{ title: 'VAT', amount: money(tax), rate: TAX_RATE }],
  });
  const order = purchase.tax_lines?.find(({ rate }) => rate === TAX_RATE);
  if (order) order.amount.number = new Decimal(order.amount.number).plus(tax).toFixed(2);
  else purchase.tax_lines = [...(purchase.tax_lines ?? []), { title: 'VAT', amount: money(tax), rate: TAX_RATE }];
}

/** Part of an open line becomes a cancellation package; what both parts cost is what the line cost. */
export function cancelPart(purchase: PurchaseRecord, sku: string, quantity: number): void {
  const open = purchase.packages.find((entry) => isOpen(entry) && entry.line_items.some((line) => isOf(line, sku)));
  const line = open?.line_items.find((each) => isOf(each, sku));
  if (!open || !line) throw new NotPossible(`no open ${sku}`);
  if (quantity >= line.quantity && open.line_items.length === 1)
    throw new NotPossible('that would be the whole package');
  const [kept, cancelled] = split(line, Math.min(quantity, line.quantity));
  open.line_items = open.line_items.flatMap((each) => (each === line ? kept : [each]));
  purchase.packages.push({
    type: 'cancellation',
    line_items: [cancelled],
    shipping_address: open.shipping_address ?? null,
    shipments: [],
    accounting_files: [],
  });
}

/** Everything that a buyer may edit is again as it was placed; only while nothing was cancelled or sent. */
export function revert(purchase: PurchaseRecord, placed: PurchaseRecord): void {
  if (!purchase.packages.every(isOpen)) throw new NotPossible('something is sent or cancelled already');
  const [now, then] = [purchase.packages[0], placed.packages[0]];
  if (!now || !then) throw new NotPossible('there is no package');
  purchase.packages = [{ ...now, ...structuredClone(then) }];
  const { tax_lines, customer_reference, custom_fields } = structuredClone(placed);
  Object.assign(purchase, { tax_lines, customer_reference, custom_fields });
}

/** The package that a buyer still edits. */
export function openPackage({ packages }: PurchaseRecord): Package {
  const open = packages.find(isOpen);
  if (!open) throw new NotPossible('nothing is open any more');
  return open;
}

function isOpen({ type }: Package): boolean {
  return type === 'incoming';
}

function isOf({ identifiers }: LineItem, sku: string): boolean {
  return identifiers.sku === sku;
}

function split(line: LineItem, quantity: number): readonly [kept: readonly LineItem[], cancelled: LineItem] {
  if (quantity === line.quantity) return [[], line];
  const kept = scaledLine(line, line.quantity - quantity);
  const cancelled = scaledLine(line, quantity);
  const { line_total: whole, tax_lines: taxes } = line;
  const part = kept.line_total;
  if (!whole || !part) return [[kept], cancelled];
  return [
    [kept],
    {
      ...cancelled,
      line_total: rest(whole, part),
      ...(taxes && {
        tax_lines: taxes.map((tax, index) => ({
          ...tax,
          amount: less(tax.amount, kept.tax_lines?.[index]?.amount) ?? tax.amount,
        })),
      }),
    },
  ];
}

function rest(whole: LineTotal, part: LineTotal): LineTotal {
  const [tax, gross] = [less(whole.total_tax, part.total_tax), less(whole.total_gross, part.total_gross)];
  const [off, offGross] = [
    less(whole.discount_net, part.discount_net),
    less(whole.discount_gross, part.discount_gross),
  ];
  return {
    ...whole,
    total_net: less(whole.total_net, part.total_net) ?? whole.total_net,
    ...(tax && { total_tax: tax }),
    ...(gross && { total_gross: gross }),
    ...(off && { discount_net: off }),
    ...(offGross && { discount_gross: offGross }),
  };
}

function less(whole: Money | undefined, part: Money | undefined): Money | undefined {
  return whole && { ...whole, number: new Decimal(whole.number).minus(part?.number ?? 0).toFixed(2) };
}
