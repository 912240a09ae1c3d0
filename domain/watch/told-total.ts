import { toCents, type Amount } from '../money.ts';
import type { Money } from '../money-per-currency.ts';

/** A total as the storefront tells it; null = it does not. */
export interface ToldTotal {
  readonly total: Amount | null;
  readonly currency: string | null;
}

/** What is known of their money. */
export function moneyOf(totals: readonly ToldTotal[]): readonly Money[] {
  return totals.flatMap(({ total, currency }) => (total === null ? [] : [{ currency: currency ?? '', amount: total }]));
}

/** Behind a number: its money, where it is known. */
export function totalWords({ total, currency }: ToldTotal): string {
  return total === null ? '' : `, ${toCents(total)}${currency === null ? '' : ` ${currency}`}`;
}
