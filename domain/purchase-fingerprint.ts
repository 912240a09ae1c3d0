import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import { canonicalAmount, sum, type Amount } from './money.ts';
import type { Address, LineTotal, NamedValue, Purchase, PurchasePackage } from './purchase.ts';

/**
 * Hash of all that makes a purchase what it is to us: content, parties, money. Equal for equal content, however it is
 * written (key order, `15.9` or `15.900`, null or absent). Our own entry, `internal`, time stamps, payments and package
 * ids are not in it (decisions 16 and 18).
 */
export function purchaseFingerprint(purchase: Purchase, ownEntryName: string): string {
  const content = {
    type: purchase.type,
    platform: purchase.identifiers.platform,
    visible: purchase.identifiers.visible,
    buyer: purchase.buyer,
    paymentMethod: purchase.paymentMethod,
    customerReference: purchase.customerReference,
    currency: purchase.currency?.toUpperCase() ?? null,
    billTo: purchase.billTo && addressContent(purchase.billTo),
    customFields: entriesContent(purchase.customFields),
    metadata: entriesContent(purchase.metadata.filter((entry) => entry.name !== ownEntryName)),
    tax: taxContent(purchase),
    packages: purchase.packages.map(packageContent),
  };
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(content)))).slice(0, 32);
}

/** The currency stands there where it is another than the purchase's. */
function taxContent({ taxTotal, taxCurrency, currency }: Purchase): unknown {
  if (taxTotal === null) return null;
  const amount = canonicalAmount(taxTotal);
  return taxCurrency === (currency?.toUpperCase() ?? null) ? amount : [amount, taxCurrency ?? 'several'];
}

function packageContent(parcel: PurchasePackage): unknown {
  return {
    type: parcel.type,
    shippingMethod: parcel.shippingMethod,
    shippingCharge: parcel.shippingCharge && totalContent(parcel.shippingCharge),
    shipTo: parcel.shipTo && addressContent(parcel.shipTo),
    lines: parcel.lines.map((line) => ({
      sku: line.sku,
      quantity: line.quantity,
      total: line.total && totalContent(line.total),
      attributes: line.attributes.map(({ key, value }) => [key, value ?? '']).toSorted(byText),
    })),
    net: amountOrNull(parcel.lines.map((line) => line.total?.net ?? '0')),
  };
}

function totalContent(total: LineTotal): unknown {
  return [total.net, total.tax ?? '0', total.gross ?? '0', total.discountNet ?? '0']
    .map(canonicalAmount)
    .concat(total.currency?.toUpperCase() ?? '');
}

function addressContent(address: Address): unknown {
  const { name, company, line1, line2, city, region, postalCode, country } = address;
  return [name, company, line1, line2, city, region, postalCode, country].map((part) => part?.trim() ?? '');
}

function entriesContent(entries: readonly NamedValue[]): unknown {
  return entries
    .filter(({ value }) => value !== null && value !== '')
    .map(({ name, value }) => [name, value ?? ''])
    .toSorted(byText);
}

function amountOrNull(amounts: readonly Amount[]): Amount | null {
  return amounts.length === 0 ? null : canonicalAmount(sum(amounts));
}

function byText(left: readonly string[], right: readonly string[]): number {
  return JSON.stringify(left) < JSON.stringify(right) ? -1 : 1;
}
