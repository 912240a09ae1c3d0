import type { Amount } from './money.ts';

/** Teams that own problems. Who they are is in the site file. */
export const OWNERS = ['ecommerce', 'finance', 'warehouse', 'integration'] as const;
export type Owner = (typeof OWNERS)[number];

/** Storefront location → warehouse, per division (decision 22). */
export interface LocationRow {
  /** `external_id` of the storefront's stock location, matched exactly. */
  readonly location: string;
  readonly warehouses: Readonly<Record<string, string>>;
}

/** Chooses a location for orders that name none, by where they ship to. The first rule that fits wins. */
export interface ShipToRule {
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** Region codes; empty = every region of the country. */
  readonly regions: readonly string[];
  readonly warehouses: Readonly<Record<string, string>>;
}

export interface LocationRules {
  readonly table: readonly LocationRow[];
  readonly byShipTo: readonly ShipToRule[];
  readonly defaultWarehouse: Readonly<Record<string, string>>;
  /** ERP hold code of an order that went to a default warehouse. */
  readonly defaultHoldCode: string;
}

/** When an order paid this way may be sent. */
export type PaymentCondition = 'always' | 'paidInFull';

export interface PaymentRule {
  /** SparkLayer's literal, e.g. `on_account`. */
  readonly method: string;
  readonly orderType: string;
  /** Empty = the ERP customer's own terms. */
  readonly terms: string;
  /** Empty = no hold. */
  readonly holdCode: string;
  readonly sendWhen: PaymentCondition;
}

export interface PaymentRules {
  readonly methods: readonly PaymentRule[];
  /** What an unknown literal gets. */
  readonly unknownMethod: { readonly action: 'park' } | { readonly action: 'treatAs'; readonly method: string };
  /** Wire field that carries the payment reference of an order paid up front; empty = none. */
  readonly referenceField: string;
  /** Metadata entry of the purchase that names the payment; empty = its platform identifier. */
  readonly referenceMetadata: string;
}

export interface PurchaseOrderRules {
  /** Wire field of the buyer's PO: `po_num` or another. */
  readonly field: string;
  readonly maxLength: number;
  readonly tooLong: 'park' | 'useReference';
}

/** How a storefront SKU names an ERP SKU. */
export type SkuIdentity =
  | { readonly by: 'upc' }
  /** e.g. `{style}-{color}-{size}`; names: style, color, label, dimension, size, division. */
  | { readonly by: 'pattern'; readonly pattern: string }
  | { readonly by: 'upcThenPattern'; readonly pattern: string };

export interface ShipViaRules {
  /** Storefront's shipping method name → ERP ship-via code. */
  readonly methods: Readonly<Record<string, string>>;
  /** For a method not in the table. Empty = the store's, else the customer's. */
  readonly otherwise: string;
  readonly shipTerms: string;
}

export interface MoneyRules {
  /** Allowance code that explains a discount the storefront shows apart; empty = lines are sent net and none is needed. */
  readonly discountCode: string;
  /** Code under which the excess cents of a rounded-up unit price go (decision 26); empty = such an order parks. */
  readonly roundingCode: string;
}

export interface ShipToRules {
  readonly rule: 'knownStoreRequired' | 'knownStoreElseOneOff' | 'alwaysOneOff';
}

/** Where an ERP order stands, by its quantities first and its letter second. */
export type ErpStage =
  | 'open'
  | 'held'
  | 'released'
  | 'allocated'
  | 'picked'
  | 'partlyShipped'
  | 'invoiced'
  | 'cancelled';

/** What a buyer can change on a purchase that is in the ERP. */
export type ChangeKind =
  | 'quantityUp'
  | 'quantityDown'
  | 'lineAdded'
  | 'lineRemoved'
  | 'price'
  | 'address'
  | 'purchaseOrder'
  | 'date'
  | 'location'
  | 'payment'
  | 'customer';

/**
 * replace: the whole order anew · cancelOpen: the lines' open rest is cancelled, as far as it goes · supplement: what is
 * more goes as a further order · reenter: cancel, and a new order · park: a person chooses.
 */
export type AmendmentAction = 'replace' | 'cancelOpen' | 'supplement' | 'reenter' | 'park';

export type AmendmentTable = {
  readonly [Stage in ErpStage]?: { readonly [Kind in ChangeKind]?: AmendmentAction | undefined } | undefined;
};

export interface AmendmentRules {
  /** Stage → kind of change → what is done. Only the site's own words; what is left out follows the default. */
  readonly table: AmendmentTable;
  /** What happens in the ERP when the purchase is gone or is no order any more. */
  readonly withdrawn: 'cancel' | 'park';
  readonly mixedDivisions: 'split' | 'park';
}

export type DifferenceField =
  | 'line'
  | 'item'
  | 'quantity'
  | 'price'
  | 'tax'
  | 'freight'
  | 'discount'
  | 'division'
  | 'warehouse'
  | 'customer'
  | 'terms'
  | 'purchaseOrder'
  | 'shipTo'
  | 'currency'
  | 'startDate'
  | 'endDate';

/** What probably made the ERP's order differ. */
export type DifferenceCause =
  | 'clerk'
  | 'repriced'
  | 'taxRecomputed'
  | 'houseCancel'
  | 'customerCancel'
  | 'backOrderSplit';

/** Which differences of the ERP's order are recorded, not raised. */
export interface ErpEditRules {
  /** Of tax, freight and discount, up to this amount in all. */
  readonly toleratedAmount: Amount;
  readonly toleratedFields: readonly DifferenceField[];
  readonly toleratedCauses: readonly DifferenceCause[];
}

/** What of payments and credits reaches the purchase: nothing, as information, or counting towards the balance. */
export type TransactionUse = 'off' | 'information' | 'balance';

/** What the purchase shows of an order's progress. */
export interface ProgressRules {
  /** Address of an invoice file with `{invoice}` and `{order}`; empty = number and amount only (decision 30). */
  readonly invoiceUrl: string;
  /** Address that follows a parcel, by ship-via code, with `{tracking}`. */
  readonly trackingUrls: Readonly<Record<string, string>>;
  /** Carrier's name for the buyer, by ship-via code; else the code. */
  readonly carriers: Readonly<Record<string, string>>;
  readonly payments: TransactionUse;
  readonly credits: TransactionUse;
  /** How many cents of one order an explained rounding may amount to (decision 27). */
  readonly toleratedCents: number;
}

/** Everything that decides how a purchase becomes a sales order. From the site file, checked at start. */
export interface OrderRules {
  readonly site: string;
  /** Hash of the site file, so that a result tells which rules made it. */
  readonly siteVersion: string;
  /** IANA zone of the ERP's calendar. */
  readonly zone: string;
  readonly intakeTypes: readonly string[];
  readonly locationMetadata: string;
  readonly deliveryDateField: string;
  readonly locations: LocationRules;
  readonly payment: PaymentRules;
  readonly purchaseOrder: PurchaseOrderRules;
  /** User-defined field that repeats the storefront reference, e.g. `udford1c`. */
  readonly referenceField: string;
  /** Wire field for the number people know; empty = it goes to the notes. */
  readonly visibleNumberField: string;
  readonly sku: SkuIdentity;
  readonly excludedLabels: readonly string[];
  readonly shipVia: ShipViaRules;
  readonly money: MoneyRules;
  readonly shipTo: ShipToRules;
  /** Days from start date to cancel date (decision 24). */
  readonly cancelAfterDays: number;
  /** How long a value of a wire field may be, by field. */
  readonly lengths: Readonly<Record<string, number>>;
  readonly upperCase: boolean;
  /** Divisions in the site's order: the first of a mixed purchase gets document 1. */
  readonly divisions: readonly string[];
  readonly amendments: AmendmentRules;
  readonly erpEdits: ErpEditRules;
  readonly progress: ProgressRules;
}

/** How long an order waits between looks, in milliseconds. Frozen into the order when it is prepared. */
export interface Pacing {
  /** First look of our own at the import log, if the poller has said nothing. */
  readonly firstLook: number;
  /** The gap doubles up to this. */
  readonly longestGap: number;
  /** Pending longer than this is an alarm, never a repeat. */
  readonly importOverdue: number;
  /** One cycle of the ERP's import job. */
  readonly importCycle: number;
  /** Edits of the buyer that follow each other this fast are one amendment. */
  readonly settle: number;
  /** Events of the ERP that follow each other this fast are told to the buyer together. */
  readonly merge: number;
  /** After all is invoiced or cancelled, credits are awaited this long. */
  readonly creditPeriod: number;
}
