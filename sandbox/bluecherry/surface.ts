import type { Customer, Sku, SkuCodes } from './erp.ts';
import type { Faults } from './faults.ts';
import type { Limits, LimitsUsed } from './limits.ts';
import type { PriceInput, PriceOf } from './prices.ts';
import type { SeededStyle } from './seed.ts';

export type JobName =
  | 'order_import'
  | 'credit_check'
  | 'allocation'
  | 'pick_release'
  | 'ship_confirm'
  | 'invoicing'
  | 'ats_snapshot'
  | 'nightly_maintenance';

export interface BlueCherryOptions {
  readonly area?: string;
  readonly environment?: string;
  readonly keys?: readonly [string, string];
  readonly writeMode?: 'staged' | 'direct';
  readonly zone?: string;
  readonly clock?: () => Date;
  /** Runs import and credit check by itself, for demonstrations; tests run jobs themselves. */
  readonly autoImportEveryMs?: number;
  /** Off: nothing relies on the ERP remembering control numbers. */
  readonly controlNumberFence?: boolean;
  readonly duplicatePo?: 'allow' | 'warn' | 'reject';
  /** Longest value taken, by wire field; `line.` before one that differs on a line. */
  readonly lengths?: Readonly<Record<string, number>>;
  /** Orders that start later than this are not allocated; without it all are. */
  readonly allocationHorizonDays?: number;
  /** Of the gateway; without them there is no 429. */
  readonly limits?: Limits;
  /** Serves /sim over HTTP, for tests in other processes. */
  readonly sim?: boolean;
  /** Of four SKUs, each in three warehouses: 8,334 of them are 100,000 rows of stock. */
  readonly extraStyles?: number;
  /** `ots_qty` of this installation holds what is still being made. */
  readonly countsWorkAsStock?: boolean;
  /** Writes that are staged or were rejected are listed among the sales orders (`show_staged_ok`), numbered or not. */
  readonly showsWrites?: 'numbered' | 'unnumbered';
  /** The transactions of cancels count on from here; without it they share the numbers of orders. */
  readonly cancelKeysFrom?: number;
  /** Larger pages are cut to so many rows without a word; 200 unless said otherwise. */
  readonly pageCap?: number;
  /** `change`: oldest change first, so that a row that is edited goes to the end of its list. `entry`: it stays. */
  readonly listOrder?: 'entry' | 'change';
  readonly port?: number;
}

export interface SalesOrderLineView {
  readonly sequence: number;
  /** division|style|color|label|dimension|size. */
  readonly sku: string;
  readonly location: string;
  readonly price: string;
  readonly ordered: number;
  readonly open: number;
  readonly cancelled: number;
}

/** What became of a line's quantity beside what is open. */
export interface LineProgressView {
  readonly sequence: number;
  readonly allocated: number;
  readonly picked: number;
  readonly invoiced: number;
  readonly cancelledByCustomer: number;
  readonly cancelledByHouse: number;
}

/** An order as the ERP holds it; amounts are decimal texts. */
export interface SalesOrderView {
  readonly ordNum: string;
  readonly status: string;
  readonly creditStatus: string;
  readonly altpo: string;
  readonly udford1c: string;
  readonly division: string;
  readonly location: string;
  readonly customer: string;
  readonly store: string;
  readonly holdCode: string;
  readonly terms: string;
  readonly currency: string;
  /** All header texts, by wire name. */
  readonly header: Readonly<Record<string, string>>;
  readonly subTotal: string;
  readonly discount: string;
  readonly freight: string;
  readonly tax: string;
  readonly taxFixed: boolean;
  readonly total: string;
  readonly changed: string;
  readonly addresses: readonly Readonly<Record<string, unknown>>[];
  readonly lines: readonly SalesOrderLineView[];
  readonly progress: readonly LineProgressView[];
}

export interface ImportLogView {
  readonly pkey: number;
  readonly rowSeq: number;
  readonly resource: 'salesOrder' | 'salesOrderCancel';
  readonly isaNum: string;
  readonly extRef: string;
  readonly status: 'P' | 'S' | 'W' | 'E';
  readonly ordNum: string;
  readonly lineSeq: number | null;
  readonly errorCode: string;
  readonly errorMessage: string;
  readonly changed: string;
  /** A fault keeps it from readers. */
  readonly hidden: boolean;
}

export interface CallRecord {
  /** `POST /api/salesOrder`, as it was written. */
  readonly route: string;
  readonly method: string;
  /** By the ERP's clock. */
  readonly at: Date;
  /** 0 = no answer was sent. */
  readonly status: number;
  readonly query: string;
  readonly key: 'primary' | 'secondary' | 'unknown';
  /** Of a post: what it carried, ext_ref or ord_num by element. */
  readonly references: readonly string[];
  readonly controlNumbers: readonly string[];
}

/** What a clerk does to an order in the ERP's own screens. */
export interface ClerkEdit {
  /** Header texts by wire name: terms, notes, hold_code … */
  readonly header?: Readonly<Record<string, string>>;
  readonly tax?: string;
  readonly freight?: string;
  /** null = the line is free of charge, and no price is shown of it. */
  readonly price?: { readonly line: number; readonly price: string | null };
  /** What the line shall be for in all; not less than what is picked, invoiced or cancelled. */
  readonly quantity?: { readonly line: number; readonly quantity: number };
  /** Open quantity moves to another warehouse; only while nothing of the line is picked. null = header and all lines. */
  readonly warehouse?: { readonly line: number | null; readonly location: string };
  /** By the house unless said otherwise; null = the whole order. */
  readonly cancel?: { readonly line: number | null; readonly by?: 'C' | 'H' };
}

/** A credit memo as finance enters it. */
export interface CreditInput {
  readonly ordNum: string;
  /** Left out = not tied to an invoice. */
  readonly invoice?: string;
  readonly lines?: readonly { readonly line: number; readonly quantity: number }[];
  /** Goods value, where it is not that of the lines. */
  readonly amount?: string;
  readonly tax?: string;
  readonly reason?: string;
  /** Y: the goods are back in stock. */
  readonly restock?: boolean;
  /** false: only its invoice tells whose it is. */
  readonly namesOrder?: boolean;
}

export interface InvoiceView {
  readonly number: string;
  readonly ordNum: string;
  readonly subTotal: string;
  readonly discount: string;
  readonly freight: string;
  readonly tax: string;
  readonly total: string;
  readonly paid: string;
  readonly lines: readonly { readonly sequence: number; readonly quantity: number }[];
}

export interface BlueCherryStandIn {
  /** http://127.0.0.1:PORT/AREA/ENV; the caller appends /api/… */
  readonly url: string;
  readonly keys: readonly [string, string];
  readonly close: () => Promise<void>;

  readonly now: () => Date;
  readonly setClock: (iso: string) => void;
  readonly advanceClock: (ms: number) => void;

  /** Maintenance begins with one run and ends with the next; the others do their work at once. */
  readonly runJob: (name: JobName) => void;
  /** A stalled job does nothing when it is run: staged writes stay pending for hours. */
  readonly stallJob: (name: JobName) => void;
  readonly resumeJob: (name: JobName) => void;

  /** Live and cancelled ones, in order of entry. */
  readonly salesOrders: (filter?: {
    readonly reference?: string;
    readonly ordNum?: string;
  }) => readonly SalesOrderView[];
  /** Those that carry the reference in altpo or udford1c and are not wholly cancelled. Two of them are a duplicate. */
  readonly liveSalesOrders: (reference: string) => readonly SalesOrderView[];
  readonly importLog: (filter?: { readonly reference?: string }) => readonly ImportLogView[];

  readonly releaseCredit: (ordNum: string) => void;
  readonly declineCredit: (ordNum: string) => void;
  /** The factor's number; the next credit check releases the order. */
  readonly approveFactor: (ordNum: string, approval: string) => void;
  readonly setHold: (ordNum: string, code: string) => void;
  readonly setStatusLetter: (ordNum: string, letter: string | null) => void;
  readonly clerkEdits: (ordNum: string, edit: ClerkEdit) => void;
  /** Deletes an order of which nothing has moved yet, as a restored database would have lost it. */
  readonly deleteOrder: (ordNum: string) => void;
  /** The warehouse finds fewer than the latest pick says; the rest is open again. */
  readonly pickShort: (ordNum: string, line: number, found: number) => void;
  /** The latest pick is voided: all of it is open again. */
  readonly voidPick: (ordNum: string) => void;
  readonly splitLine: (ordNum: string, line: number, quantity: number) => void;
  /** Answers the credit memo's number. */
  readonly creditMemo: (input: CreditInput) => string;
  readonly payInvoice: (number: string, amount?: string) => void;
  /** A clerk takes the cancel of a line back. */
  readonly reopenLine: (ordNum: string, line: number) => void;
  /** Its goods are picked again and not invoiced. */
  readonly voidInvoice: (number: string) => void;
  readonly invoices: (filter?: { readonly ordNum?: string }) => readonly InvoiceView[];
  /** Balances move without last_mod, everything else with it. */
  readonly setCustomer: (division: string, customer: string, patch: Partial<Omit<Customer, 'changed'>>) => void;
  readonly addSku: (sku: SkuCodes & Pick<Sku, 'upc'>) => void;
  readonly setSkuLive: (sku: SkuCodes, live: boolean) => void;
  readonly setStyleActive: (style: string, active: boolean) => void;
  /** Name, description, group codes, channels of its colours. */
  readonly editStyle: (style: string, patch: Partial<SeededStyle>) => void;
  /** A UPC is given, taken away, or given twice. */
  readonly setUpc: (sku: SkuCodes, upc: string) => void;
  /** A stock adjustment (SA), as the nightly balance of a warehouse posts it. */
  readonly adjustStock: (sku: SkuCodes, location: string, quantity: number) => void;
  /** A clerk enters a price, or changes the one of the same codes and start. */
  readonly setPrice: (price: PriceInput) => void;
  /** Deletes a price row; no trace is left of it. */
  readonly removePrice: (price: PriceOf) => void;
  /** Somebody else has used this control number. */
  readonly occupyControlNumber: (vendor: string, number: string) => void;

  readonly revokeKeys: (which: 'primary' | 'secondary' | 'both') => void;
  readonly restoreKeys: () => void;
  readonly faults: Faults;

  readonly calls: (route?: string) => readonly CallRecord[];
  readonly callCounts: () => Record<string, number>;
  /** Highest share of each limit used; null without limits. */
  readonly limitsUsed: () => LimitsUsed | null;
  /** Bodies and queries that the contract does not allow, and breakdowns of the stand-in itself. */
  readonly contractViolations: () => readonly string[];
  /** What does not add up in ledger and lines; [] when all is well. */
  readonly checkInvariants: () => readonly string[];
}
