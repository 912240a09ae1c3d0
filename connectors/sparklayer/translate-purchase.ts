import { sum } from '../../domain/money.ts';
import {
  purchaseKey,
  type Address,
  type LineTotal,
  type Purchase,
  type PurchaseIdentifiers,
  type PurchaseKey,
  type PurchaseSummary,
  type StorefrontCustomer,
} from '../../domain/purchase.ts';
import type { WireCustomer } from './wire/customers.ts';
import type { WireAddress, WirePurchase } from './wire/full-purchase.ts';
import type { WireSummary } from './wire/purchase-list.ts';
import type { WireLineTotal, WireMoney } from './wire/purchase.ts';

/** SparkLayer's record in our words. Nothing is mended: what is missing stays missing and is the domain's to judge. */
export function toPurchase(wire: WirePurchase, askedFor: PurchaseKey): Purchase {
  const identifiers = toIdentifiers(wire.purchase_identifiers);
  const currency = toCurrency(wire.currency_code);
  return {
    // The key was frozen at first sight; a purchase found by it keeps it, whatever identifiers it gained since.
    key: askedFor,
    identifiers,
    type: wire.type,
    placedAt: wire.dates.placed_at,
    updatedAt: wire.dates.updated_at,
    buyer: blankToNull(wire.customer_identifiers?.sparklayer),
    paymentMethod: blankToNull(wire.payment_method),
    customerReference: blankToNull(wire.customer_reference),
    currency,
    // What was paid in another currency says nothing about this order.
    totalPaid: wire.total_paid && isIn(currency, wire.total_paid.currency) ? wire.total_paid.number : null,
    taxTotal:
      wire.tax_lines && wire.tax_lines.length > 0 ? sum(wire.tax_lines.map(({ amount }) => amount.number)) : null,
    taxCurrency: currencyOf((wire.tax_lines ?? []).map(({ amount }) => amount)),
    billTo: wire.billing_address ? toAddress(wire.billing_address) : null,
    packages: wire.packages.map((parcel) => ({
      type: parcel.type,
      lines: parcel.line_items.map((line) => ({
        sku: blankToNull(line.identifiers?.sku),
        title: [line.name_parent, line.name_child].filter(Boolean).join(', '),
        quantity: line.quantity,
        total: toLineTotal(line.line_total),
        attributes: (line.custom_attributes ?? []).map(({ key, value }) => ({ key, value: value ?? null })),
      })),
      files: (parcel.accounting_files ?? []).flatMap(({ identifiers }) => blankToNull(identifiers?.visible) ?? []),
      shippingMethod: blankToNull(parcel.shipping_method?.name),
      shippingCharge: toLineTotal(parcel.shipping_method?.line_total),
      shipTo: parcel.shipping_address ? toAddress(parcel.shipping_address) : null,
    })),
    customFields: (wire.custom_fields ?? []).map(({ name, value }) => ({ name, value: value ?? null })),
    metadata: (wire.metadata ?? []).map(({ name, value }) => ({ name, value: value ?? null })),
  };
}

export function toSummary(wire: WireSummary): PurchaseSummary {
  const identifiers = toIdentifiers(wire.purchase_identifiers);
  return {
    key: purchaseKey(identifiers),
    identifiers,
    type: wire.type,
    placedAt: wire.dates.placed_at,
    updatedAt: wire.dates.updated_at,
    customerReference: blankToNull(wire.customer_reference),
    currency: toCurrency(wire.currency_code),
    total: wire.calculated_total?.number ?? null,
  };
}

export function toCustomer(wire: WireCustomer): StorefrontCustomer {
  return {
    id: wire.id,
    company: blankToNull(wire.company_name),
    email: blankToNull(wire.email),
    accountingId: blankToNull(wire.accounting_id),
    status: blankToNull(wire.status),
  };
}

function toIdentifiers(wire: WirePurchase['purchase_identifiers']): PurchaseIdentifiers {
  const { sparklayer, platform, internal, visible } = wire;
  return {
    sparklayer: blankToNull(sparklayer),
    platform: blankToNull(platform),
    internal: blankToNull(internal),
    visible: blankToNull(visible),
  };
}

/** A total without its net is none: the domain parks what lacks one. */
function toLineTotal(wire: WireLineTotal | null | undefined): LineTotal | null {
  if (!wire?.total_net) return null;
  const { total_net, total_tax, total_gross, discount_net } = wire;
  return {
    net: total_net.number,
    tax: total_tax?.number ?? null,
    gross: total_gross?.number ?? null,
    discountNet: discount_net?.number ?? null,
    currency: currencyOf([total_net, total_tax, total_gross, discount_net]),
  };
}

/** The one that all amounts are in; null = there is none, or there are several. */
function currencyOf(amounts: readonly (WireMoney | null | undefined)[]): string | null {
  const [first, ...others] = new Set(amounts.flatMap((amount) => amount?.currency.toUpperCase() ?? []));
  return others.length === 0 ? (first ?? null) : null;
}

function toAddress(wire: WireAddress): Address {
  return {
    name:
      [wire.first_name, wire.last_name]
        .map((part) => part?.trim())
        .filter(Boolean)
        .join(' ') || null,
    company: blankToNull(wire.company),
    line1: wire.address_line1?.trim() ?? '',
    line2: blankToNull(wire.address_line2),
    city: wire.city?.trim() ?? '',
    region: blankToNull(wire.region_code),
    postalCode: blankToNull(wire.postal_code),
    country: wire.country_code?.trim().toUpperCase() ?? '',
    phone: blankToNull(wire.phone),
  };
}

function toCurrency(code: string | null | undefined): string | null {
  return blankToNull(code)?.toUpperCase() ?? null;
}

function isIn(currency: string | null, other: string): boolean {
  return currency === null || currency === other.trim().toUpperCase();
}

function blankToNull(value: string | null | undefined): string | null {
  return value?.trim() || null;
}
