import { findingOf, present, type Finding } from '../findings.ts';
import { msOutside, type Period } from './time-outside.ts';
import { moneyOf, totalWords, type ToldTotal } from './told-total.ts';

/** An order that the ERP has not accepted, and that does not wait for a person. */
export interface UnconfirmedOrder extends ToldTotal {
  /** As people call it. */
  readonly number: string;
  readonly stage: string;
  /** ISO instant since when it is on its way: it came in, or what it waited for was mended. */
  readonly since: string;
}

export interface UnconfirmedRules {
  /** Minutes after which an order is late, and overdue. */
  readonly lateMinutes: number;
  readonly overdueMinutes: number;
  /** When the ERP takes nothing in: time in which no order grows older. */
  readonly frozen: readonly Period[];
}

interface AgedOrder extends UnconfirmedOrder {
  readonly minutes: number;
}

const MINUTE_MS = 60_000;

/** Orders by how long they have been on their way, the oldest first; each is told once. */
export function judgeUnconfirmed(
  orders: readonly UnconfirmedOrder[],
  { lateMinutes, overdueMinutes, frozen }: UnconfirmedRules,
  now: string,
): readonly Finding[] {
  const aged = orders
    .map((order) => ({ ...order, minutes: msOutside(frozen, order.since, now) / MINUTE_MS }))
    .toSorted((left, right) => right.minutes - left.minutes);
  const overdue = aged.filter(({ minutes }) => minutes >= overdueMinutes);
  const late = aged.filter(({ minutes }) => minutes >= lateMinutes && minutes < overdueMinutes);
  return present([told('UNCONFIRMED_OVERDUE', overdue, overdueMinutes), told('UNCONFIRMED_LATE', late, lateMinutes)]);
}

function told(code: Finding['code'], orders: readonly AgedOrder[], after: number): Finding | null {
  return findingOf(
    code,
    orders.map((order) => `${order.number} (${order.stage}, ${Math.floor(order.minutes)} min${totalWords(order)})`),
    {
      says: `Orders are on their way for more than ${after} minutes in which the ERP takes orders, and it has not accepted them.`,
      money: moneyOf(orders),
    },
  );
}
