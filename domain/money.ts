import { Decimal } from 'decimal.js';

/**
 * An amount of money as a decimal string, e.g. `252.00`. Never a float; the currency stands beside it.
 * Arithmetic is exact: precision is set so that no wholesale total can lose a digit.
 */
export type Amount = string;

const Exact = Decimal.clone({ precision: 60, rounding: Decimal.ROUND_HALF_UP });

/** Adds amounts exactly; nothing to add is `0`. */
export function sum(amounts: readonly Amount[]): Amount {
  return amounts.reduce((total, amount) => new Exact(total).plus(amount), new Exact(0)).toString();
}

/** `left − right`, exact. */
export function subtract(left: Amount, right: Amount): Amount {
  return new Exact(left).minus(right).toString();
}

/** `amount × factor`, exact. */
export function multiply(amount: Amount, factor: number | string): Amount {
  return new Exact(amount).times(factor).toString();
}

/** Rounds half up to cents and shows two decimals: `24` → `24.00`. */
export function toCents(amount: Amount): Amount {
  return new Exact(amount).toFixed(2, Decimal.ROUND_HALF_UP);
}

/** `amount ÷ parts` rounded up to whole cents: the unit price that never charges too little (decision 26). */
export function divideRoundedUp(amount: Amount, parts: number): Amount {
  return new Exact(amount).dividedBy(parts).toFixed(2, Decimal.ROUND_UP);
}

/** The same value, however it is written: `15.9` equals `15.900`. */
export function sameAmount(left: Amount, right: Amount): boolean {
  return new Exact(left).equals(right);
}

export function isNegative(amount: Amount): boolean {
  return new Exact(amount).isNegative() && !new Exact(amount).isZero();
}

export function isZero(amount: Amount): boolean {
  return new Exact(amount).isZero();
}

export function isGreater(left: Amount, right: Amount): boolean {
  return new Exact(left).greaterThan(right);
}

/** Whether the amount has no part of a cent. */
export function isWholeCents(amount: Amount): boolean {
  return new Exact(amount).decimalPlaces() <= 2;
}

/** A decimal string in its shortest form, so that equal values are equal texts: `15.90` → `15.9`. */
export function canonicalAmount(amount: Amount): Amount {
  return new Exact(amount).toString();
}

/** As a JSON number for a wire that wants one; exact for every amount of up to 13 digits before the point. */
export function toNumber(amount: Amount): number {
  return new Exact(amount).toNumber();
}

/** `amount × part ÷ whole` in whole cents; nothing of nothing is nothing. */
export function shareOf(amount: Amount, part: Amount | number, whole: Amount | number): Amount {
  const divisor = new Exact(whole);
  if (divisor.isZero()) return '0.00';
  return new Exact(amount).times(part).dividedBy(divisor).toFixed(2, Decimal.ROUND_HALF_UP);
}

/** The amount without its sign. */
export function absolute(amount: Amount): Amount {
  return new Exact(amount).abs().toString();
}

/** `amount ÷ parts`, as exact as it can be written: for what is multiplied again before it is rounded. */
export function divide(amount: Amount, parts: number): Amount {
  return new Exact(amount).dividedBy(parts).toString();
}
