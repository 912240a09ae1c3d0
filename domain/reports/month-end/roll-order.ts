import type { Amount } from '../../money.ts';
import { addParts, lessParts, negated, NOTHING, type Parts } from '../money-parts.ts';
import type { Evidence } from './evidence.ts';

/** A calendar month, `2026-10`, of the ERP's zone. */
export type Month = string;

export interface BilledPart {
  /** Of the invoice. */
  readonly number: string;
  /** ISO calendar date in the ERP's zone. */
  readonly date: string;
  readonly parts: Parts;
}

/** What the ERP has of an order, all its documents together. */
export interface ErpSide {
  readonly orderNumbers: readonly string[];
  /** What is not cancelled. */
  readonly live: Parts;
  readonly units: number;
  /** By so much the tax cannot be told, because something is cancelled. */
  readonly uncertain: Amount;
}

/** What the storefront has of an order. */
export interface StorefrontSide {
  readonly placed: Parts;
  readonly cancelled: Parts;
  readonly units: number;
}

/** Where an order stood when the month before was closed. */
export interface Carried {
  readonly open: Parts;
  readonly placed: Parts;
  readonly cancelled: Parts;
  /** What the ERP had more than the storefront. */
  readonly gap: Parts;
  /** Invoiced in all. */
  readonly billed: Parts;
}

/** Everything known of one order of the storefront. */
export interface OrderFacts {
  /** The purchase's key as text. */
  readonly key: string;
  /** As people know it. */
  readonly number: string;
  readonly currency: string;
  /** ISO calendar date in the ERP's zone; null = the storefront has no such purchase. */
  readonly placedOn: string | null;
  /** ISO calendar date, in the ERP's zone, of the last change in the storefront. */
  readonly changedOn: string | null;
  /** null = the storefront has no such purchase. */
  readonly storefront: StorefrontSide | null;
  /** null = nothing of it is in the ERP. */
  readonly erp: ErpSide | null;
  readonly evidence: Evidence;
  /** Not void; of any date. */
  readonly invoices: readonly BilledPart[];
  readonly carried: Carried | null;
}

export const COLUMNS = ['opening', 'placed', 'amended', 'cancelled', 'invoiced', 'difference', 'closing'] as const;
export type Column = (typeof COLUMNS)[number];

/** How the order came into the month: `unknown` = it was placed before, and the pack of the month before does not have it. */
export type Beginning = 'carried' | 'new' | 'backwards' | 'unknown';

/** An order's way through the month: opening and all movements add up to closing. */
export interface RolledOrder extends Readonly<Record<Column, Parts>> {
  readonly facts: OrderFacts;
  readonly beginning: Beginning;
  /** Of the difference, what was billed before the month and not known to the pack of the month before. */
  readonly backdated: Parts;
  /** For the next month's pack. */
  readonly toCarry: Carried;
}

/**
 * Rolls an order from the month's first day to its last. Opening is what the pack of the month before closed with; where
 * there is none, it is computed backwards. Neither system dates an amendment or a cancellation: both count in the month
 * whose pack sees them first.
 */
export function rollOrder(facts: OrderFacts, month: Month, hasPackBefore: boolean): RolledOrder {
  const { erp, invoices } = facts;
  const placed = facts.storefront?.placed ?? NOTHING;
  const cancelled = facts.storefront?.cancelled ?? NOTHING;
  const billedBefore = billed(invoices, (of) => of < month);
  const billedNow = billed(invoices, (of) => of === month);
  const billedInAll = addParts([billedBefore, billedNow]);
  const closing = lessParts(erp ? erp.live : lessParts(placed, cancelled), billedInAll);
  const beginning = beginningOf(facts, month, hasPackBefore);
  const moved = {
    ...movements(facts, beginning, { placed, cancelled, billedBefore, closing, month }),
    invoiced: negated(billedNow),
  };
  return {
    facts,
    beginning,
    ...moved,
    difference: lessParts(closing, addParts(Object.values(moved))),
    closing,
    backdated: backdatedOf(facts, beginning, billedBefore),
    toCarry: { open: closing, placed, cancelled, gap: gapOf(facts), billed: billedInAll },
  };
}

interface Standing {
  readonly placed: Parts;
  readonly cancelled: Parts;
  readonly billedBefore: Parts;
  readonly closing: Parts;
  readonly month: Month;
}

function movements(
  { carried, changedOn, invoices }: OrderFacts,
  beginning: Beginning,
  { placed, cancelled, billedBefore, closing, month }: Standing,
): Readonly<Record<'opening' | 'placed' | 'amended' | 'cancelled', Parts>> {
  const none = { opening: NOTHING, placed: NOTHING, amended: NOTHING, cancelled: NOTHING };
  if (carried)
    return {
      opening: carried.open,
      placed: NOTHING,
      amended: lessParts(placed, carried.placed),
      cancelled: lessParts(carried.cancelled, cancelled),
    };
  if (beginning === 'new') return { ...none, placed, cancelled: negated(cancelled) };
  if (beginning === 'unknown') return none;
  const hasMoved = monthOf(changedOn ?? month) >= month || invoices.some(({ date }) => monthOf(date) === month);
  // What neither side touched in the month was as open on its first day as on its last.
  return hasMoved
    ? { ...none, opening: lessParts(placed, billedBefore), cancelled: negated(cancelled) }
    : { ...none, opening: closing };
}

function beginningOf({ carried, placedOn }: OrderFacts, month: Month, hasPackBefore: boolean): Beginning {
  if (carried) return 'carried';
  if (placedOn !== null && monthOf(placedOn) === month) return 'new';
  return hasPackBefore || placedOn === null ? 'unknown' : 'backwards';
}

function backdatedOf({ carried }: OrderFacts, beginning: Beginning, billedBefore: Parts): Parts {
  if (carried) return lessParts(carried.billed, billedBefore);
  return beginning === 'new' ? negated(billedBefore) : NOTHING;
}

/** What the ERP has more than the storefront of what is not cancelled; nothing while it has nothing of the order at all. */
export function gapOf({ storefront, erp }: Pick<OrderFacts, 'storefront' | 'erp'>): Parts {
  if (!erp) return NOTHING;
  return storefront ? lessParts(erp.live, lessParts(storefront.placed, storefront.cancelled)) : erp.live;
}

export function monthOf(date: string): Month {
  return date.slice(0, 'YYYY-MM'.length);
}

function billed(invoices: readonly BilledPart[], isOf: (month: Month) => boolean): Parts {
  return addParts(invoices.filter(({ date }) => isOf(monthOf(date))).map(({ parts }) => parts));
}
