import type { Amount } from '../../money.ts';
import type { DifferenceLine } from './explain-difference.ts';
import type { ProvenFigures } from '../../proof/report-proof.ts';
import type { Parts } from '../money-parts.ts';
import type { Carried, Month } from './roll-order.ts';
import type { SignedTotal } from './sign-lines.ts';
import type { CreditFacts, TiedInvoice } from './tie-billing.ts';

/** Columns of the ledger of open orders, in reading order; `opening` and all others but the last add up to `closing`. */
export const LEDGER_COLUMNS = [
  'opening',
  'placed',
  'amended',
  'cancelled',
  'invoiced',
  'explained',
  'unexplained',
  'closing',
] as const;
export type LedgerColumn = (typeof LEDGER_COLUMNS)[number];

export const COLUMN_TITLES: Readonly<Record<LedgerColumn, string>> = {
  opening: 'Open on the first day',
  placed: 'Placed in the storefront',
  amended: 'Amended by buyers',
  cancelled: 'Cancelled',
  invoiced: 'Invoiced by the ERP',
  explained: 'Differences, explained',
  unexplained: 'Differences, unexplained',
  closing: 'Open on the last day',
};

/** Totals beside the ledger: credit memos take nothing off what is open. */
export const CREDITED_TITLES = {
  credited: 'Credited in the month',
  creditedBackdated: 'Credited, back-dated',
} as const;
export type CreditedTotal = keyof typeof CREDITED_TITLES;

export interface Ledger {
  readonly currency: string;
  /** Orders that were open or moved. */
  readonly orders: number;
  readonly columns: Readonly<Record<LedgerColumn, SignedTotal>>;
  /** Credit memos dated in the month. */
  readonly credited: SignedTotal;
  /** Those dated before it that were entered or changed since the last pack. */
  readonly creditedBackdated: SignedTotal;
  /** The month's orders on their way: placed, in the ERP, invoiced, open. */
  readonly chain: readonly ChainStep[];
}

export const CHAIN_STEPS = {
  placed: 'Orders placed in the storefront this month',
  cancelled: 'Of these cancelled',
  waiting: 'Of these not in the ERP yet',
  difference: 'What the ERP has more or less',
  erp: 'In the ERP as sales orders',
  invoiced: 'Of these invoiced by the last day',
  open: 'Of these open in the ERP on the last day',
} as const;

/** A step of the month's own orders. */
export interface ChainStep {
  readonly step: keyof typeof CHAIN_STEPS;
  readonly orders: number;
  readonly parts: Parts;
  readonly total: Amount;
}

/** Something that must hold, and whether it does. */
export interface Check {
  readonly says: string;
  readonly holds: boolean;
}

export interface PackBefore {
  readonly month: Month;
  readonly revision: number;
  readonly sha256: string;
}

/** One order, for the next month's pack. */
export interface CarriedOrder extends Carried {
  readonly key: string;
  readonly number: string;
  readonly currency: string;
}

/** The pack of one month, as it is kept. Amounts in two decimals. */
export interface MonthEndPack {
  readonly version: 1;
  readonly site: string;
  readonly month: Month;
  /** 1 = the first of its month; nothing that was signed is ever written over. */
  readonly revision: number;
  /** Whether the month was over when both systems were read: with any other pack no month opens. */
  readonly isOver: boolean;
  /** The newest proof; null = none is known. */
  readonly proof: ProvenFigures | null;
  /** Whose days and months these are. */
  readonly zone: string;
  /** ISO instant at which both systems were read. */
  readonly at: string;
  /** Whose closing is this one's opening; null = there is none, and opening was computed backwards. */
  readonly before: PackBefore | null;
  readonly ledgers: readonly Ledger[];
  readonly differences: readonly DifferenceLine[];
  readonly invoices: readonly TiedInvoice[];
  readonly credits: readonly CreditFacts[];
  /** Credit memos that name neither an order nor an invoice: nobody can tell whose they are, and no total has them. */
  readonly strays: readonly CreditFacts[];
  readonly notRead: readonly string[];
  readonly checks: readonly Check[];
  readonly carried: readonly CarriedOrder[];
  /** Of the canonical JSON of the pack without this. */
  readonly sha256: string;
}
