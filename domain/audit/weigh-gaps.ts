import { isZero, shareOf, toNumber } from '../money.ts';
import { perCurrency, type Money } from '../money-per-currency.ts';
import { severityOf, SEVERITIES, type Severity } from '../cases/severity-of.ts';
import { problemKind, type ProblemCode } from '../problems.ts';
import type { Owner } from '../site-rules.ts';
import type { AuditedOrder } from './audited-order.ts';
import type { Gap, GapEffect } from './gap.ts';

/** Orders, and their money per currency. */
export interface OrdersWorth {
  readonly orders: number;
  readonly money: readonly Money[];
}

/** A gap with whose it is and what it would have cost. */
export interface WeighedGap {
  readonly code: ProblemCode;
  readonly key: string;
  readonly owner: Owner;
  readonly severity: Severity;
  readonly says: string;
  readonly mend: string;
  readonly effect: GapEffect;
  readonly count: number;
  /** The first ones. */
  readonly concerns: readonly string[];
  readonly cost: OrdersWorth;
  /** The first orders that it would have touched. */
  readonly examples: readonly string[];
}

/** So many are written out; the count tells the rest. */
export const MOST_CONCERNS = 200;
const MOST_EXAMPLES = 10;
/** Shares are compared in millionths. */
const WHOLE = '1000000';

/** What orders are worth together. */
export function worthOf(orders: readonly AuditedOrder[]): OrdersWorth {
  return {
    orders: orders.length,
    money: perCurrency(orders.map(({ currency, value: amount }) => ({ currency, amount }))),
  };
}

/**
 * Each gap with its cost, the dearest first. Money of several currencies cannot be added up, so gaps are ordered by their
 * share of what the site sold in each, and each currency counts as much as it has orders; then by orders, urgency, code.
 */
export function weighGaps(
  gaps: readonly Gap[],
  orders: readonly AuditedOrder[],
  severities: Readonly<Record<string, Severity>>,
): readonly WeighedGap[] {
  const sold = new Map(worthOf(orders).money.map(({ currency, amount }) => [currency, amount]));
  const ordersIn = (currency: string) => orders.filter((order) => order.currency === currency).length;
  const weights = new Map([...sold.keys()].map((currency) => [currency, ordersIn(currency)]));
  const share = ({ cost }: WeighedGap) =>
    cost.money.reduce((all, { currency, amount }) => {
      const whole = sold.get(currency) ?? '0';
      return isZero(whole) ? all : all + toNumber(shareOf(WHOLE, amount, whole)) * (weights.get(currency) ?? 0);
    }, 0);
  const urgency = ({ severity }: WeighedGap) => SEVERITIES.indexOf(severity);
  return gaps
    .map((gap) => weighGap(gap, orders, severities))
    .toSorted(
      (one, other) =>
        share(other) - share(one) ||
        other.cost.orders - one.cost.orders ||
        urgency(one) - urgency(other) ||
        (one.code + one.key < other.code + other.key ? -1 : 1),
    );
}

function weighGap(
  { code, key, says, effect, concerns, touches }: Gap,
  orders: readonly AuditedOrder[],
  severities: Readonly<Record<string, Severity>>,
): WeighedGap {
  const touched = orders.filter(touches);
  const { owner, mend } = problemKind(code);
  return {
    code,
    key,
    owner,
    severity: severityOf(code, severities),
    says,
    mend,
    effect,
    count: concerns.length,
    concerns: concerns.slice(0, MOST_CONCERNS),
    cost: worthOf(touched),
    examples: touched.slice(0, MOST_EXAMPLES).map(({ name }) => name),
  };
}
