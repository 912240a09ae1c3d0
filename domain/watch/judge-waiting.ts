import { findingOf, present, type Finding } from '../findings.ts';
import type { ProblemCode } from '../problems.ts';
import { moneyOf, totalWords, type ToldTotal } from './told-total.ts';

/** Types of purchases that somebody else still has to make orders of (contract of SparkLayer, section 6). */
export const WAITING_TYPES = ['order_unconfirmed', 'awaiting_approval'] as const;

export type WaitingType = (typeof WAITING_TYPES)[number];

/** A purchase that the storefront has, that is no order yet, and that the intake therefore leaves alone. */
export interface WaitingPurchase extends ToldTotal {
  readonly type: WaitingType;
  /** As people call it. */
  readonly number: string;
  /** ISO instant since when it waits. */
  readonly since: string;
  /** ISO instant from which on that is too long. */
  readonly dueAt: string;
}

export interface WaitingPurchases {
  readonly purchases: readonly WaitingPurchase[];
  /** Rows that cannot be understood: where they stand, and what is wrong with them. */
  readonly unreadable: readonly string[];
}

const TOLD: Readonly<Record<WaitingType, { readonly code: ProblemCode; readonly says: string }>> = {
  order_unconfirmed: {
    code: 'PURCHASE_UNCONFIRMED',
    says: 'Buyers placed these purchases, and nobody has confirmed them: none of them is an order, the ERP gets nothing.',
  },
  awaiting_approval: {
    code: 'APPROVAL_OVERDUE',
    says: 'These purchases wait for an approval at the buyer’s: until it is given none of them is an order.',
  },
};

const MINUTE_MS = 60_000;
const MINUTES_OF_TWO_HOURS = 120;
const MINUTES_OF_TWO_DAYS = 2_880;

/** Purchases that wait for too long, those of one type as one finding, the oldest first. */
export function judgeWaiting({ purchases, unreadable }: WaitingPurchases, now: string): readonly Finding[] {
  const late = purchases
    .filter(({ dueAt }) => Date.parse(dueAt) <= Date.parse(now))
    .toSorted((left, right) => Date.parse(left.since) - Date.parse(right.since));
  const waiting = WAITING_TYPES.map((type) => {
    const own = late.filter((purchase) => purchase.type === type);
    const { code, says } = TOLD[type];
    return findingOf(
      code,
      own.map((purchase) => `${purchase.number} (${ageWords(purchase.since, now)}${totalWords(purchase)})`),
      { says, money: moneyOf(own) },
    );
  });
  const drift = findingOf('SCHEMA_DRIFT', unreadable, {
    key: 'waiting purchases',
    says: 'Rows of the storefront’s list of purchases that wait to become orders cannot be read; nobody watches these.',
  });
  return present([...waiting, drift]);
}

/** Whole minutes up to two hours, whole hours up to two days, whole days from then on. */
function ageWords(since: string, now: string): string {
  const minutes = Math.floor((Date.parse(now) - Date.parse(since)) / MINUTE_MS);
  if (minutes < MINUTES_OF_TWO_HOURS) return `${minutes} min`;
  if (minutes < MINUTES_OF_TWO_DAYS) return `${Math.floor(minutes / 60)} h`;
  return `${Math.floor(minutes / 1_440)} days`;
}
