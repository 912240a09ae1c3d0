import { sum, toCents, type Amount } from './money.ts';
import { perCurrency, type Money } from './money-per-currency.ts';
import type { ProblemCode } from './problems.ts';

/** How many concerned things a finding names; the count tells the rest. */
export const MOST_NAMED = 200;

/** One cause that a feed or a check met, with everything it concerns. One cause with many SKUs is one finding. */
export interface Finding {
  readonly code: ProblemCode;
  /** What makes it one cause beside its code: the price list, the location, the snapshot's part; '' = the site. */
  readonly key: string;
  readonly says: string;
  readonly count: number;
  /** The first ones: SKUs, customers, orders, as people call them. */
  readonly concerns: readonly string[];
  /** Money at risk, whatever the currencies: to sort by. null = it cannot be told. */
  readonly value: Amount | null;
  /** The same in each currency, where whoever reports it knows them. */
  readonly money?: readonly Money[];
}

/** What a run of a feed answers: its figures, and what it met. Stays small, however much it moved. */
export interface FeedReport {
  readonly stats: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

/** A person lets one guard pass for one run. */
export interface GuardOverride {
  /** Code of the problem that the guard would raise. */
  readonly guard: ProblemCode;
  readonly actor: string;
  readonly reason: string;
}

/** A finding about things; null when there are none. Of money whose currencies are known it is told in each. */
export function findingOf(
  code: ProblemCode,
  concerns: readonly string[],
  {
    key = '',
    says,
    value = null,
    money = [],
  }: {
    readonly key?: string;
    readonly says: string;
    readonly value?: Amount | null;
    readonly money?: readonly Money[];
  },
): Finding | null {
  if (concerns.length === 0) return null;
  const finding = { code, key, says, count: concerns.length, concerns: concerns.slice(0, MOST_NAMED) };
  if (money.length === 0) return { ...finding, value };
  return { ...finding, value: toCents(sum(money.map(({ amount }) => amount))), money: perCurrency(money) };
}

/** Those that there are. */
export function present(findings: readonly (Finding | null)[]): readonly Finding[] {
  return findings.filter((finding) => finding !== null);
}
