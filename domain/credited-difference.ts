import { absolute, isGreater, subtract, sum, type Amount } from './money.ts';
import { oldestFirst } from './oldest-first.ts';
import type { ErpCreditMemo } from './sales-order.ts';

/**
 * Whether credit memos make good, within the slack, what one order was billed too much: one memo alone, or the oldest ones
 * together, so that a later credit for another reason undoes nothing. A memo of goods that came back makes nothing good; nor
 * does one with units that names no invoice, or one of an invoice that is not among the order's.
 */
export function isMadeGood(
  over: Amount,
  memos: readonly ErpCreditMemo[],
  { invoices, slack }: { readonly invoices: readonly { readonly number: string }[]; readonly slack: Amount },
): boolean {
  if (!isGreater(over, slack)) return false;
  const numbers = new Set(invoices.map(({ number }) => number));
  const credits = memos
    .filter(({ restocked, invoiceNumber, lines }) => {
      if (restocked) return false;
      return invoiceNumber === '' ? (lines ?? []).every(({ quantity }) => quantity === 0) : numbers.has(invoiceNumber);
    })
    .toSorted(oldestFirst)
    .map(({ total }) => total);
  const together = credits.map((_, index) => sum(credits.slice(0, index + 1)));
  return [...credits, ...together].some((credited) => !isGreater(absolute(subtract(over, credited)), slack));
}
