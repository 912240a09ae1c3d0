import { sum, type Amount } from '../money.ts';
import type { Instant } from '../order-state.ts';
import type { CaseState } from './case-state.ts';

const MOST_HISTORY = 200;

/**
 * How large it is: how many things are concerned, and the money at risk as far as it is known. Currencies are added up as
 * if they were one: good enough to sort cases and to see one grow, and never to be shown as money.
 */
export function sizeOf({ orders, ordersValue, findings }: Pick<CaseState, 'orders' | 'ordersValue' | 'findings'>): {
  readonly count: number;
  readonly value: Amount;
} {
  return {
    count: findings.reduce((count, finding) => count + finding.count, orders.length),
    value: sum([ordersValue, ...findings.map(({ value }) => value ?? '0')]),
  };
}

export function remember(state: CaseState, at: Instant, what: string): CaseState {
  return { ...state, history: [...state.history, { at, what }].slice(-MOST_HISTORY) };
}

export function isReached({ reached }: CaseState, at: Instant): boolean {
  return !isBefore(reached, at);
}

export function isBefore(left: Instant, right: Instant): boolean {
  return Date.parse(left) < Date.parse(right);
}

export function later(time: Instant, milliseconds: number): Instant {
  return new Date(Date.parse(time) + milliseconds).toISOString();
}

/** Nobody has answered for it yet, and the time to do so begins now. */
export function unanswered(now: Instant) {
  return { ...newTime(now), stage: 'open', snoozedUntil: null, acknowledgedBy: '' } as const;
}

/** A new time to answer, or to mend, begins. */
export function newTime(now: Instant) {
  return { plan: null, planFrom: now, planFor: 'newTime', failed: [] } as const;
}
