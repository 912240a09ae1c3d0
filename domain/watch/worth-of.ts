import { sum, toCents, type Amount } from '../money.ts';

/** A total as the storefront tells it; null = it does not. */
export interface ToldTotal {
  readonly total: Amount | null;
  readonly currency: string | null;
}

/** What they come to; null = no total is known, or they are of several currencies, which do not add up. */
export function worthOf(totals: readonly ToldTotal[]): Amount | null {
  const known = totals.flatMap(({ total, currency }) => (total === null ? [] : [{ total, currency }]));
  const currencies = new Set(known.map(({ currency }) => currency));
  return currencies.size === 1 ? toCents(sum(known.map(({ total }) => total))) : null;
}

/** Behind a number: its money, where it is known. */
export function totalWords({ total, currency }: ToldTotal): string {
  return total === null ? '' : `, ${toCents(total)}${currency === null ? '' : ` ${currency}`}`;
}
