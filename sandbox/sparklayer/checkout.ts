import { randomUUID } from 'node:crypto';
import { Decimal } from 'decimal.js';
import { wireTime } from './clock.ts';
import { findCustomer } from './customer-store.ts';
import { amount, money } from './purchase-figures.ts';
import { customers } from './seed.ts';
import type { Site } from './site.ts';
import type {
  Address,
  CustomAttribute,
  CustomerRecord,
  LineItem,
  LineTotal,
  PurchaseRecord,
  ShippingMethod,
  TaxLine,
} from './wire.ts';

/** What a buyer decides; all the rest SparkLayer works out. Money is net, as decimal strings. */
export interface CheckoutInput {
  /** UUID, `cu_` id or external id; the customer of the contract's example by default. */
  readonly customer?: string;
  readonly sparklayer?: string;
  readonly visible?: string;
  /** `on_account` by default. */
  readonly paymentMethod?: 'on_account' | 'invoice' | 'platform_upfront' | (string & {});
  /** A running `PO-…` by default. */
  readonly customerReference?: string | null;
  /** The customer's currency, or GBP. */
  readonly currency?: string;
  /** `warehouse-1` by default; null = no entry. */
  readonly location?: string | null;
  readonly deliveryDate?: string | null;
  /** The customer's default addresses unless given; null = none. */
  readonly shipTo?: Address | null;
  readonly billTo?: Address | null;
  readonly lines: readonly CheckoutLine[];
  readonly shipping?: { readonly name: string; readonly net: string; readonly taxRate?: number } | null;
  /** Paid in full at checkout. */
  readonly paid?: boolean;
  readonly placedAt?: string;
  readonly type?: string;
  readonly metadata?: readonly { readonly name: string; readonly value: string | null }[];
}

export interface CheckoutLine {
  readonly sku: string | null;
  readonly quantity: number;
  readonly unitPrice: string;
  /** Taken off the net of the whole line. */
  readonly discount?: string;
  /** Percent, 20 by default. */
  readonly taxRate?: number;
  readonly name?: string;
  readonly variant?: string;
  readonly customAttributes?: readonly { readonly key: string; readonly value?: string | null }[];
}

/** The purchase that a checkout leaves behind: totals to the cent, one open package. */
export function checkedOutPurchase(site: Site, input: CheckoutInput): PurchaseRecord {
  const buyer = findCustomer(site, input.customer ?? customers.example.uuid);
  if (!buyer) throw new Error(`There is no customer ${input.customer}.`);
  const currency = (input.currency ?? buyer.currency_code ?? 'GBP').toUpperCase();
  const number = String(site.nextNumber()).padStart(5, '0');
  const type = input.type ?? 'order';
  const placedAt = input.placedAt ?? wireTime(site.clock.now());
  const lines = input.lines.map((line) => checkedOutLine(line, currency));
  const shipping = input.shipping ? shippingMethod(input.shipping, currency) : null;
  const total = lines.reduce((sum, line) => sum.plus(amount(line.line_total?.total_gross)), grossOf(shipping));
  const location = input.location === undefined ? 'warehouse-1' : input.location;
  return {
    type,
    purchase_identifiers: {
      sparklayer: input.sparklayer ?? randomUUID(),
      platform: null,
      internal: null,
      visible: input.visible ?? `B2B${number}`,
    },
    customer_identifiers: { sparklayer: buyer.uuid },
    payment_method: input.paymentMethod ?? 'on_account',
    dates: { created_at: placedAt, placed_at: type.startsWith('order') ? placedAt : null },
    customer_reference: input.customerReference === undefined ? `PO-${number}` : input.customerReference,
    currency_code: currency,
    total_paid: money(input.paid === true ? total : new Decimal(0), currency),
    tax_lines: orderTax(lines, input.shipping ?? null, shipping, currency),
    billing_address: input.billTo === undefined ? defaultAddress(buyer, 'default_billing_address_id') : input.billTo,
    packages: [
      {
        type: 'incoming',
        shipping_method: shipping,
        shipping_address:
          input.shipTo === undefined ? defaultAddress(buyer, 'default_shipping_address_id') : input.shipTo,
        shipments: [],
        accounting_files: [],
        line_items: lines,
      },
    ],
    accounting_files: [],
    custom_fields: input.deliveryDate ? [{ name: 'Delivery date', value: input.deliveryDate }] : [],
    metadata: [
      ...(location === null ? [] : [{ name: 'fulfilment_location', value: location }]),
      ...(input.metadata ?? []),
    ],
  };
}

/** The same line with another quantity, its amounts in proportion, to the cent. */
export function scaledLine(line: LineItem, quantity: number): LineItem {
  const total = line.line_total;
  if (!total || line.quantity === 0) return { ...line, quantity };
  const scale = (part: LineTotal['total_net'] | undefined) =>
    part && { ...part, number: cents(amount(part).times(quantity).div(line.quantity)).toFixed(2) };
  const net = scale(total.total_net) ?? total.total_net;
  const tax = scale(total.total_tax);
  const gross = total.total_gross && { ...total.total_gross, number: amount(net).plus(amount(tax)).toFixed(2) };
  const discount = scale(total.discount_net);
  const changed: LineTotal = {
    ...total,
    total_net: net,
    ...(tax && { total_tax: tax }),
    ...(gross && { total_gross: gross }),
    ...(discount && { discount_net: discount }),
  };
  const taxLines = line.tax_lines?.map((entry) => ({ ...entry, amount: scale(entry.amount) ?? entry.amount }));
  return { ...line, quantity, line_total: changed, ...(taxLines && { tax_lines: taxLines }) };
}

function checkedOutLine(line: CheckoutLine, currency: string): LineItem {
  const rate = line.taxRate ?? 20;
  const total = lineTotal(new Decimal(line.unitPrice).times(line.quantity), line.discount ?? '0', rate, currency);
  const perUnit = (value: Decimal) => money(line.quantity === 0 ? value : cents(value.div(line.quantity)), currency);
  return {
    identifiers: { sku: line.sku },
    name_parent: line.name ?? line.sku ?? 'Something without a SKU',
    name_child: line.variant ?? null,
    quantity: line.quantity,
    custom_attributes: (line.customAttributes ?? []).map((attribute): CustomAttribute => ({ ...attribute })),
    line_total: total,
    unit_total: { total_net: perUnit(amount(total.total_net)), total_gross: perUnit(amount(total.total_gross)) },
    tax_lines: rate === 0 ? [] : [taxLine(amount(total.total_tax), rate, currency)],
  };
}

function lineTotal(list: Decimal, discount: string, rate: number, currency: string): LineTotal {
  const off = cents(new Decimal(discount));
  const net = cents(list).minus(off);
  const tax = cents(net.times(rate).div(100));
  return {
    total_net: money(net, currency),
    total_tax: money(tax, currency),
    total_gross: money(net.plus(tax), currency),
    discount_net: money(off, currency),
    discount_gross: money(cents(off.times(new Decimal(rate).div(100).plus(1))), currency),
    tax_rate: rate,
  };
}

function shippingMethod(
  { name, net, taxRate = 20 }: NonNullable<CheckoutInput['shipping']>,
  currency: string,
): ShippingMethod {
  return { name, line_total: lineTotal(new Decimal(net), '0', taxRate, currency) };
}

/** One entry per rate: the taxes of the lines and of shipping, added up. */
function orderTax(
  lines: readonly LineItem[],
  charge: { readonly taxRate?: number } | null,
  shipping: ShippingMethod | null,
  currency: string,
): TaxLine[] {
  const perRate = new Map<number, Decimal>();
  const add = (rate: number, tax: Decimal) => void perRate.set(rate, (perRate.get(rate) ?? new Decimal(0)).plus(tax));
  for (const line of lines) for (const tax of line.tax_lines ?? []) add(tax.rate ?? 0, amount(tax.amount));
  if (charge && shipping && charge.taxRate !== 0) add(charge.taxRate ?? 20, amount(shipping.line_total?.total_tax));
  return [...perRate].map(([rate, tax]) => taxLine(tax, rate, currency));
}

function taxLine(tax: Decimal, rate: number, currency: string): TaxLine {
  return { title: currency === 'USD' ? 'Sales tax' : 'VAT', amount: money(tax, currency), rate };
}

function grossOf(shipping: ShippingMethod | null): Decimal {
  return amount(shipping?.line_total?.total_gross);
}

function defaultAddress(
  { addresses, ...buyer }: CustomerRecord,
  member: 'default_billing_address_id' | 'default_shipping_address_id',
): Address | null {
  const found = addresses.find((address) => address.id === buyer[member]) ?? addresses[0];
  if (!found) return null;
  const { id: _id, external_id: _external, nickname: _nickname, ...address } = found;
  return structuredClone(address);
}

function cents(value: Decimal): Decimal {
  return value.toDecimalPlaces(2, Decimal.ROUND_HALF_UP);
}
