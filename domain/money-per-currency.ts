import { isZero, sum, toCents, type Amount } from './money.ts';

/** An amount in its currency. */
export interface Money {
  /** ISO 4217; '' = it is not said. */
  readonly currency: string;
  readonly amount: Amount;
}

/** Added up in each currency, in whole cents; the currencies by their names. Amounts of two currencies have no sum. */
export function perCurrency(all: readonly Money[]): readonly Money[] {
  return [...Map.groupBy(all, ({ currency }) => currency)]
    .map(([currency, some]) => ({ currency, amount: toCents(sum(some.map(({ amount }) => amount))) }))
    .toSorted((one, other) => (one.currency < other.currency ? -1 : 1));
}

/** `1000.00 CAD + 250.00 USD`, for people; '' = it comes to nothing. */
export function moneyInWords(all: readonly Money[]): string {
  return perCurrency(all)
    .filter(({ amount }) => !isZero(amount))
    .map(({ currency, amount }) => `${amount} ${currency}`.trim())
    .join(' + ');
}
