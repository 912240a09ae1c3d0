import { findingOf, type Finding } from '../findings.ts';
import { sum, toCents, type Amount } from '../money.ts';

/** An order that the ERP has not accepted, and that does not wait for a person. */
export interface UnconfirmedOrder {
  /** As people call it. */
  readonly number: string;
  readonly stage: string;
  /** ISO instant at which it came in. */
  readonly since: string;
  readonly value: Amount;
}

/** Minutes after which an order is late, and overdue. */
export interface UnconfirmedRules {
  readonly lateMinutes: number;
  readonly overdueMinutes: number;
}

const MINUTE_MS = 60_000;

/** Orders by how long they have been on their way, the oldest first; each is told once. */
export function judgeUnconfirmed(
  orders: readonly UnconfirmedOrder[],
  { lateMinutes, overdueMinutes }: UnconfirmedRules,
  now: string,
): readonly Finding[] {
  const aged = orders
    .map((order) => ({ ...order, minutes: Math.floor((Date.parse(now) - Date.parse(order.since)) / MINUTE_MS) }))
    .toSorted((left, right) => right.minutes - left.minutes);
  const overdue = aged.filter(({ minutes }) => minutes >= overdueMinutes);
  const late = aged.filter(({ minutes }) => minutes >= lateMinutes && minutes < overdueMinutes);
  return [told('UNCONFIRMED_OVERDUE', overdue, overdueMinutes), told('UNCONFIRMED_LATE', late, lateMinutes)].filter(
    (finding) => finding !== null,
  );
}

function told(
  code: Finding['code'],
  orders: readonly (UnconfirmedOrder & { readonly minutes: number })[],
  after: number,
): Finding | null {
  return findingOf(
    code,
    orders.map(({ number, stage, minutes }) => `${number} (${stage}, ${minutes} min)`),
    {
      says: `Orders are on their way for more than ${after} minutes, and the ERP has not accepted them.`,
      value: toCents(sum(orders.map(({ value }) => value))),
    },
  );
}
