import type { Amount } from './money.ts';
import type { PurchaseProgress } from './show-progress.ts';

/**
 * What identifies a purchase for ever: SparkLayer's cart id, else the platform's id, else the number the buyer sees
 * (decision 1). `internal` is never an identity.
 */
export interface PurchaseKey {
  readonly kind: 'sparklayer' | 'platform' | 'visible';
  readonly value: string;
}

export interface PurchaseIdentifiers {
  readonly sparklayer: string | null;
  readonly platform: string | null;
  readonly internal: string | null;
  readonly visible: string | null;
}

export interface Address {
  readonly name: string | null;
  readonly company: string | null;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country: string;
  readonly phone: string | null;
}

/** Totals of a line or a shipping charge, for the whole quantity, after discount. */
export interface LineTotal {
  readonly net: Amount;
  readonly tax: Amount | null;
  readonly gross: Amount | null;
  readonly discountNet: Amount | null;
  /** null = the amounts are in several. */
  readonly currency: string | null;
}

export interface PurchaseLine {
  readonly sku: string | null;
  readonly title: string;
  readonly quantity: number;
  readonly total: LineTotal | null;
  readonly attributes: readonly { readonly key: string; readonly value: string | null }[];
}

export interface PurchasePackage {
  /** `incoming`, `shipment`, `return`, `cancellation`, or a literal we do not know. */
  readonly type: string;
  readonly lines: readonly PurchaseLine[];
  /** Numbers of the invoices and credit notes attached to it. */
  readonly files: readonly string[];
  readonly shippingMethod: string | null;
  readonly shippingCharge: LineTotal | null;
  readonly shipTo: Address | null;
}

export interface NamedValue {
  readonly name: string;
  readonly value: string | null;
}

/** SparkLayer's record of what a buyer placed, in our words. Times are ISO strings with offset. */
export interface Purchase {
  readonly key: PurchaseKey;
  readonly identifiers: PurchaseIdentifiers;
  readonly type: string;
  readonly placedAt: string | null;
  readonly updatedAt: string;
  /** SparkLayer's customer id of the buyer. */
  readonly buyer: string | null;
  readonly paymentMethod: string | null;
  readonly customerReference: string | null;
  /** ISO 4217, upper case. */
  readonly currency: string | null;
  readonly totalPaid: Amount | null;
  /** Sum of the order's own tax lines; null when the purchase names none. */
  readonly taxTotal: Amount | null;
  /** Of the tax lines; null = there are none, or they are in several. */
  readonly taxCurrency: string | null;
  readonly billTo: Address | null;
  readonly packages: readonly PurchasePackage[];
  readonly customFields: readonly NamedValue[];
  readonly metadata: readonly NamedValue[];
}

/** A row of SparkLayer's list of purchases. */
export interface PurchaseSummary {
  readonly key: PurchaseKey | null;
  readonly identifiers: PurchaseIdentifiers;
  readonly type: string;
  readonly placedAt: string | null;
  readonly updatedAt: string;
  readonly customerReference: string | null;
  readonly currency: string | null;
  readonly total: Amount | null;
}

/** SparkLayer's record of a buyer. */
export interface StorefrontCustomer {
  readonly id: string;
  readonly company: string | null;
  readonly email: string | null;
  /** The ERP's customer code. */
  readonly accountingId: string | null;
  readonly status: string | null;
}

/** A stock location of the storefront. `externalId` is what a purchase names. */
export interface StockLocation {
  readonly id: string;
  readonly name: string;
  readonly externalId: string | null;
}

/** What Instep may write on a purchase (decision 18). */
export interface PurchaseNote {
  /** ERP order number of the leading document; null leaves the purchase's own value. */
  readonly internal: string | null;
  /** What becomes of an order that is not confirmed yet: the ERP has it, and nobody else confirms. */
  readonly confirmation: 'confirm' | 'leave';
  /** Name of our one metadata entry. */
  readonly entryName: string;
  /** Packages and files; null leaves them. */
  readonly progress: PurchaseProgress | null;
  /** Lines as a person agreed to have them from the ERP; null leaves them. */
  readonly accepted: readonly AcceptedItem[] | null;
  /** Text of the entry: short JSON, state in words a buyer may read. Told the purchase as it will be after the write. */
  readonly entry: (after: Purchase) => string;
}

/** An item of which the ERP has more than the purchase, or at another price, and a person took it over (decision 28). */
export interface AcceptedItem {
  readonly item: string;
  readonly title: string;
  /** Units in all, shipped and open. */
  readonly quantity: number;
  /** Net unit price. */
  readonly price: Amount;
}

/** A payment or credit on a purchase. Identity is the purchase and `id`: the same again updates it. */
export interface PurchaseTransaction {
  readonly id: string;
  /** Above zero a payment, below a refund. */
  readonly total: Amount;
  readonly currency: string;
  readonly countsTowardsBalance: boolean;
  readonly about: Readonly<Record<string, string>>;
}

const SPARKLAYER_UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The key of a purchase, or null for one known only by our own `internal`: it was born in the ERP and is excluded. */
export function purchaseKey(identifiers: PurchaseIdentifiers): PurchaseKey | null {
  if (identifiers.sparklayer) return { kind: 'sparklayer', value: identifiers.sparklayer.toLowerCase() };
  if (identifiers.platform) return { kind: 'platform', value: identifiers.platform };
  if (identifiers.visible) return { kind: 'visible', value: identifiers.visible };
  return null;
}

/**
 * Keys by which a purchase may be known, the present one first. SparkLayer's id is there from the beginning or never
 * (contract, section 7); a platform's may come when an order goes by the number that the buyer sees.
 */
export function possibleKeys(identifiers: PurchaseIdentifiers): readonly PurchaseKey[] {
  const key = purchaseKey(identifiers);
  if (key?.kind !== 'platform' || !identifiers.visible) return key ? [key] : [];
  return [key, { kind: 'visible', value: identifiers.visible }];
}

/** The key as one text, for workflow ids: a bare UUID, or `platform:…` / `visible:…`. */
export function purchaseKeyText(key: PurchaseKey): string {
  return key.kind === 'sparklayer' ? key.value : `${key.kind}:${key.value}`;
}

/** Reads what `purchaseKeyText` wrote; null when the text is no key. */
export function parsePurchaseKey(text: string): PurchaseKey | null {
  const other = /^(platform|visible):(.+)$/s.exec(text);
  if (other?.[1] && other[2]) return { kind: other[1] === 'platform' ? 'platform' : 'visible', value: other[2] };
  return SPARKLAYER_UUID.test(text) ? { kind: 'sparklayer', value: text.toLowerCase() } : null;
}

export function isUuid(text: string): boolean {
  return SPARKLAYER_UUID.test(text);
}

/** Value of the metadata entry with exactly this name; null when it is absent or empty. */
export function namedValue(entries: readonly NamedValue[], name: string): string | null {
  return entries.find((entry) => entry.name === name)?.value?.trim() || null;
}
