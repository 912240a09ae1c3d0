import { absolute, isGreater, multiply, type Amount } from '../../money.ts';
import { isNothing, lessParts, NOTHING, PART_NAMES, totalOf, type Parts } from '../money-parts.ts';
import { covered } from './evidence.ts';

/** An invoice of the month, as far as it bills one order of ours. */
export interface InvoiceFacts {
  readonly number: string;
  readonly date: string;
  /** Its own. */
  readonly currency: string;
  readonly orderCurrency: string;
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
  agreed: 'differs by what a person took over from the ERP, or the site lets pass',
  otherCurrency: 'in another currency than its order; finance has to answer for it, and no total has it',
  notShown: 'the storefront does not show it',
  differs: 'differs from what the storefront shows, and nobody has agreed to it',
} as const;
export type InvoiceStanding = keyof typeof INVOICE_STANDINGS;

export interface TiedInvoice extends InvoiceFacts {
  readonly standing: InvoiceStanding;
  /** ERP less storefront; of one that is not shown, or in another currency, all of it. */
  readonly difference: Parts;
  readonly total: Amount;
}

/** A credit memo of the month, or one dated before it of which no earlier pack has all. */
export interface CreditFacts {
  readonly number: string;
  readonly date: string;
  readonly isBackdated: boolean;
  readonly currency: string;
  /** Purchase key as text; null = it names neither an order nor an invoice of ours. */
  readonly key: string | null;
  readonly order: string;
  readonly orderNumber: string;
  readonly invoice: string;
  readonly reason: string;
  /** Less what earlier packs have of it. */
  readonly parts: Parts;
}

const A_CENT = '0.01';

/**
 * Holds the month's invoices against the shipments that the storefront shows for them. `passes` is what was let pass of an
 * order by its key: it explains as much once, however many invoices the order has.
 */
export function tieInvoices(
  invoices: readonly InvoiceFacts[],
  passes: ReadonlyMap<string, Parts>,
): readonly TiedInvoice[] {
  return [...Map.groupBy(invoices, ({ key }) => key)].flatMap(([key, own]) => {
    let left = passes.get(key) ?? NOTHING;
    return own.map((facts): TiedInvoice => {
      const shown = isInOrdersCurrency(facts) ? facts.shown : null;
      const difference = lessParts(facts.parts, shown ?? NOTHING);
      const standing = standingOf(facts, difference, left);
      if (standing === 'agreed') left = lessParts(left, covered(difference, left));
      return { ...facts, difference, total: totalOf(facts.parts), standing };
    });
  });
}

/** Those that somebody has to answer for. */
export function isDisputed({ standing }: Pick<TiedInvoice, 'standing'>): boolean {
  return standing === 'otherCurrency' || standing === 'notShown' || standing === 'differs';
}

/** One in another currency takes nothing off what is open of its order: nobody can tell how much it would be. */
export function isInOrdersCurrency({
  currency,
  orderCurrency,
}: Pick<InvoiceFacts, 'currency' | 'orderCurrency'>): boolean {
  return currency === orderCurrency;
}

function standingOf(facts: InvoiceFacts, difference: Parts, passes: Parts): InvoiceStanding {
  const { shown, lines } = facts;
  if (!isInOrdersCurrency(facts)) return 'otherCurrency';
  if (!shown) return 'notShown';
  if (isNothing(difference)) return 'agrees';
  const cents = multiply(A_CENT, lines);
  if (isWithin(difference, cents)) return 'rounding';
  return isWithin(lessParts(difference, covered(difference, passes)), cents) ? 'agreed' : 'differs';
}

/** Whether each part is so small. */
function isWithin(parts: Parts, most: Amount): boolean {
  return PART_NAMES.every((name) => !isGreater(absolute(parts[name]), most));
}
