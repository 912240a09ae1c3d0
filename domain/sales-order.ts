import type { Amount } from './money.ts';

/** The codes by which BlueCherry knows a SKU, with its division. Blank codes are empty strings, never null. */
export interface SkuCodes {
  readonly division: string;
  readonly style: string;
  readonly color: string;
  readonly label: string;
  readonly dimension: string;
  readonly size: string;
  /** Empty when the SKU has none. */
  readonly upc: string;
}

export interface ErpAddress {
  readonly name: string;
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  /** ISO 3166 alpha-2, or empty when unknown. */
  readonly country: string;
  readonly contact: string;
  readonly email: string;
}

export interface SalesOrderLine {
  /** Chosen by us, kept for ever (decision 30). */
  readonly sequence: number;
  /** The storefront's SKU, for the way back; not sent. Empty when nobody knows it. */
  readonly item: string;
  readonly sku: SkuCodes;
  readonly quantity: number;
  /** Agreed net unit price, two decimals. */
  readonly price: Amount;
  readonly warehouse: string;
  /** For information only; null = not sent. */
  readonly listPrice: Amount | null;
  readonly discountPercent: string | null;
  /** null = the header's. */
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly notes: string;
}

/**
 * A sales order as it will be sent, new or as a replacement: frozen by preparing, recorded in the history before
 * anything leaves.
 * Dates are ISO calendar dates in the ERP's zone; amounts have two decimals.
 */
export interface PreparedSalesOrder {
  /** Storefront reference with the document's suffix: goes to `altpo`, the reference field and `ext_ref`. */
  readonly reference: string;
  readonly division: string;
  readonly warehouse: string;
  readonly customer: string;
  /** Known ship-to of the customer; empty = the ship-to address is a one-off. */
  readonly store: string;
  /** Distribution centre that receives the goods; empty = ships to the store. */
  readonly distributionCentre: string;
  readonly department: string;
  readonly salesperson: string;
  readonly season: string;
  readonly orderType: string;
  readonly purchaseOrder: string;
  readonly orderDate: string;
  readonly startDate: string;
  readonly endDate: string;
  /** Empty = the customer's own terms apply. */
  readonly terms: string;
  readonly shipVia: string;
  readonly shipTerms: string;
  readonly currency: string;
  /** Empty = no hold. */
  readonly holdCode: string;
  readonly discount: Amount;
  readonly discountCode: string;
  readonly freight: Amount;
  readonly tax: Amount;
  readonly notes: string;
  /** Fields the site names beside the fixed ones (PO field, reference fields, payment reference), by wire name. */
  readonly siteFields: Readonly<Record<string, string>>;
  readonly billTo: ErpAddress | null;
  readonly shipTo: ErpAddress;
  readonly lines: readonly SalesOrderLine[];
  /** Highest line number the document ever had: a number is never used twice (decision 30). Not sent. */
  readonly highestLine: number;
  readonly asked: AskedFor;
}

/**
 * What the purchase asked for where the order holds only what was made of it: by these an amendment is told apart from
 * a changed site file or another day. Not sent.
 */
export interface AskedFor {
  readonly location: string | null;
  /** ISO calendar date. */
  readonly deliveryDate: string | null;
  readonly paymentMethod: string | null;
}

/** Where an ERP order stands. `unknown` = a letter the site file does not name: keep the last state, open a problem. */
export const ERP_ORDER_STATUSES = [
  'staged',
  'rejected',
  'open',
  'credit_hold',
  'hold',
  'released',
  'allocated',
  'picked',
  'partially_shipped',
  'invoiced',
  'cancelled_customer',
  'cancelled_house',
  'closed',
  'unknown',
] as const;

export type ErpOrderStatus = (typeof ERP_ORDER_STATUSES)[number];

export interface ErpSalesOrderLine {
  readonly sequence: number;
  readonly sku: SkuCodes;
  readonly warehouse: string;
  readonly price: Amount;
  readonly listPrice: Amount | null;
  readonly discountPercent: string | null;
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly notes: string;
  readonly ordered: number;
  readonly open: number;
  readonly allocated: number;
  readonly picked: number;
  readonly invoiced: number;
  readonly cancelledByCustomer: number;
  readonly cancelledByHouse: number;
  /** Number of the line's latest invoice; empty = none. */
  readonly latestInvoice: string;
}

/** A sales order as BlueCherry shows it. `lines` is null when the children were not asked for. */
export interface ErpSalesOrder {
  readonly orderNumber: string;
  readonly status: ErpOrderStatus;
  /** The ERP's own letter, for people. */
  readonly statusLetter: string;
  readonly creditStatus: string;
  readonly holdCode: string;
  readonly holdReason: string;
  readonly purchaseOrder: string;
  readonly altPo: string;
  readonly referenceField: string;
  readonly division: string;
  readonly warehouse: string;
  readonly customer: string;
  readonly store: string;
  readonly distributionCentre: string;
  readonly department: string;
  readonly orderType: string;
  readonly orderDate: string | null;
  readonly startDate: string | null;
  readonly endDate: string | null;
  readonly terms: string;
  readonly shipVia: string;
  readonly shipTerms: string;
  readonly salesperson: string;
  readonly season: string;
  readonly currency: string;
  readonly subTotal: Amount | null;
  readonly discount: Amount;
  readonly discountCode: string;
  readonly freight: Amount;
  readonly tax: Amount;
  readonly taxFixed: boolean;
  readonly total: Amount | null;
  readonly notes: string;
  /** As read, by wire name: user-defined fields and a PO field of the site, but what every order fills in itself. */
  readonly siteFields: Readonly<Record<string, string>>;
  readonly billTo: ErpAddress | null;
  readonly shipTo: ErpAddress | null;
  readonly lines: readonly ErpSalesOrderLine[] | null;
  /** ERP time as an ISO instant. */
  readonly changedAt: string;
}

export interface ErpInvoiceLine {
  /** Line of the sales order; null = the invoice does not say. */
  readonly sequence: number | null;
  /** A consolidated invoice bills several orders. Empty = the header's. */
  readonly orderNumber: string;
  readonly sku: SkuCodes;
  readonly quantity: number;
  readonly price: Amount;
  readonly amount: Amount;
}

/** The proof that goods left (assumed; docs/contracts/bluecherry.md, section 12). Amounts have two decimals. */
export interface ErpInvoice {
  readonly number: string;
  readonly orderNumber: string;
  /** ISO calendar date in the ERP's zone. */
  readonly date: string | null;
  readonly currency: string;
  readonly subTotal: Amount;
  readonly discount: Amount;
  readonly freight: Amount;
  readonly tax: Amount;
  readonly total: Amount;
  readonly paid: Amount;
  readonly isVoid: boolean;
  /** ERP ship-via code. */
  readonly carrier: string;
  readonly tracking: readonly string[];
  /** null when the children were not asked for. */
  readonly lines: readonly ErpInvoiceLine[] | null;
  readonly changedAt: string;
}

/** Lowers what the customer owes; amounts are positive. It may come without an invoice, and without lines. */
export interface ErpCreditMemo {
  readonly number: string;
  readonly orderNumber: string;
  readonly invoiceNumber: string;
  readonly date: string | null;
  readonly currency: string;
  readonly reason: string;
  readonly restocked: boolean;
  readonly tax: Amount;
  readonly freight: Amount;
  readonly total: Amount;
  readonly lines: readonly ErpInvoiceLine[] | null;
  readonly changedAt: string;
}

/** One fault or warning the ERP names, in its own words. */
export interface ErpMessage {
  readonly code: string;
  readonly text: string;
  /** Line concerned; null = the header. */
  readonly line: number | null;
}

/** What the import log says of one element of one post. */
export type ImportResult =
  | {
      readonly kind: 'pending';
      readonly transaction: string;
      readonly row: number;
      readonly controlNumber: string;
      readonly reference: string;
    }
  | {
      readonly kind: 'imported';
      readonly transaction: string;
      readonly row: number;
      readonly controlNumber: string;
      readonly reference: string;
      readonly orderNumber: string;
      readonly warnings: readonly ErpMessage[];
    }
  | {
      readonly kind: 'refused';
      readonly transaction: string;
      readonly row: number;
      readonly controlNumber: string;
      readonly reference: string;
      readonly faults: readonly ErpMessage[];
    };

/** How a post ended, as far as its caller can know. */
export type PostOutcome =
  /** Taken into the interface table; the import job decides. */
  | { readonly kind: 'staged'; readonly transaction: string; readonly row: number }
  /** Direct mode: the ERP decided at once. */
  | { readonly kind: 'decided'; readonly result: ImportResult }
  /** Certainly not taken in, and the cause passes by itself. */
  | { readonly kind: 'notTaken'; readonly why: string; readonly retryAfterMs: number; readonly code: string }
  /** Certainly not taken in, and it stays so until somebody changes something. */
  | { readonly kind: 'refused'; readonly faults: readonly ErpMessage[] }
  /** Nobody can know: the answer was lost, unreadable or late. */
  | { readonly kind: 'unknown'; readonly why: string };

export interface ErpCustomer {
  readonly customer: string;
  /** Empty when the installation keeps one record for all divisions. */
  readonly division: string;
  readonly name: string;
  readonly active: boolean;
  readonly terms: string;
  readonly currency: string;
  readonly shipVia: string;
  readonly warehouse: string;
  readonly creditHold: boolean;
  readonly factor: string;
}

export interface ErpStore {
  readonly customer: string;
  readonly store: string;
  readonly name: string;
  readonly line1: string;
  readonly city: string;
  readonly state: string;
  readonly postalCode: string;
  readonly country: string;
  readonly distributionCentre: string;
  readonly active: boolean;
}

export interface ErpWarehouse {
  readonly warehouse: string;
  readonly name: string;
  /** `W` = a warehouse that holds stock. */
  readonly type: string;
}

export interface ErpTerms {
  readonly terms: string;
  readonly name: string;
  readonly active: boolean;
}
