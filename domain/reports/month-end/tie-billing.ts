import { absolute, isGreater, multiply, type Amount } from '../../money.ts';
import { lessParts, NOTHING, PART_NAMES, totalOf, type Parts } from '../money-parts.ts';

/** An invoice of the month, as far as it bills one order of ours. */
export interface InvoiceFacts {
  readonly number: string;
  readonly date: string;
  readonly currency: string;
  /** Purchase key as text. */
  readonly key: string;
  /** The order as people know it. */
  readonly order: string;
  readonly orderNumber: string;
  readonly parts: Parts;
  /** What the storefront shows as sent with it; null = it does not show the invoice. */
  readonly shown: Parts | null;
  /** Lines it has: each may be a cent of rounding. */
  readonly lines: number;
}

export const INVOICE_STANDINGS = {
  agrees: 'as the storefront shows it',
  rounding: 'cents of rounding',
  notShown: 'the storefront does not show it',
  differs: 'differs from what the storefront shows',
} as const;
export type InvoiceStanding = keyof typeof INVOICE_STANDINGS;

export interface TiedInvoice extends InvoiceFacts {
  readonly standing: InvoiceStanding;
  /** ERP less storefront; of one that is not shown, all of it. */
  readonly difference: Parts;
  readonly total: Amount;
}

/** A credit memo of the month. */
export interface CreditFacts {
  readonly number: string;
  readonly date: string;
  readonly currency: string;
  /** Purchase key as text; null = it names neither an order nor an invoice of ours. */
  readonly key: string | null;
  readonly order: string;
  readonly orderNumber: string;
  readonly invoice: string;
  readonly reason: string;
  readonly parts: Parts;
}

const A_CENT = '0.01';

/** Holds an invoice of the ERP against the shipment that the storefront shows for it. */
export function tieInvoice(facts: InvoiceFacts): TiedInvoice {
  const difference = lessParts(facts.parts, facts.shown ?? NOTHING);
  return { ...facts, difference, total: totalOf(facts.parts), standing: standingOf(facts, difference) };
}

function standingOf({ shown, lines }: InvoiceFacts, difference: Parts): InvoiceStanding {
  if (!shown) return 'notShown';
  const amounts = PART_NAMES.map((name) => absolute(difference[name]));
  if (amounts.every((amount) => !isGreater(amount, '0'))) return 'agrees';
  const most = multiply(A_CENT, lines);
  return amounts.every((amount) => !isGreater(amount, most)) ? 'rounding' : 'differs';
}
