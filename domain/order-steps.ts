import type { ErpGlance, Instant, Look, OrderState, Stage, Step } from './order-state.ts';
import type { Problem, ProblemCode } from './problems.ts';
import type { ErpOrderStatus } from './sales-order.ts';

/** As much of the story as a person reads; the whole of it is in the workflow's history. */
const TIMELINE_LENGTH = 60;

/** Moves the order to its next place. */
export function at(state: OrderState, step: Step): OrderState {
  return { ...state, step };
}

/** Adds a line to the story people read. */
export function remember(state: OrderState, now: Instant, what: string): OrderState {
  return { ...state, timeline: [...state.timeline, { at: now, what }].slice(-TIMELINE_LENGTH) };
}

/** The order waits for a person, saying why. Other problems of an order that is already in the ERP stay visible. */
export function park(
  state: OrderState,
  problems: readonly Problem[],
  now: Instant,
  orderNumber: string | null = null,
): OrderState {
  const codes = problems.map(({ code }) => code);
  const kept = orderNumber === null ? [] : problemsWithout(state, [...codes, 'STEP_OVERDUE']);
  const facts = orderNumber === null ? state.facts : { ...state.facts, orderNumber };
  const parked: OrderState = {
    ...state,
    facts,
    stage: 'parked',
    problems: [...problems, ...kept],
    step: { at: 'parked', orderNumber },
  };
  return remember(parked, now, `Parked: ${problems.map(({ says }) => says).join(' ')}`);
}

export function problemsWithout(state: OrderState, codes: readonly ProblemCode[]): readonly Problem[] {
  return state.problems.filter(({ code }) => !codes.includes(code));
}

/** The order as the ERP shows it: its stage, and the problems that its status means. */
export function asAccepted(state: OrderState, glance: ErpGlance): OrderState {
  const problems = [...problemsWithout(state, ['ERP_HOLD', 'ERP_STATUS_UNKNOWN']), ...statusProblems(glance)];
  // A letter the site file does not name keeps the last known state.
  const erpStatus = glance.status === 'unknown' ? state.facts.erpStatus : glance.status;
  const facts = {
    ...state.facts,
    orderNumber: glance.orderNumber,
    holdCode: glance.holdCode,
    erpStatus,
    erpStatusLetter: glance.statusLetter,
  };
  return { ...state, facts, problems, stage: stageOfStatus(erpStatus) };
}

function statusProblems({ status, statusLetter, orderNumber }: ErpGlance): readonly Problem[] {
  if (status === 'credit_hold') return [{ code: 'ERP_HOLD', says: `ERP order ${orderNumber} is on credit hold.` }];
  if (status === 'unknown')
    return [
      {
        code: 'ERP_STATUS_UNKNOWN',
        says: `ERP order ${orderNumber} has the status “${statusLetter}”, which the site file does not name.`,
      },
    ];
  return [];
}

export function stageOfStatus(status: ErpOrderStatus | null): Stage {
  switch (status) {
    case 'released':
    case 'allocated':
      return 'released';
    case 'picked':
      return 'picked';
    case 'partially_shipped':
      return 'shipped';
    case 'invoiced':
    case 'closed':
      return 'invoiced';
    case 'cancelled_customer':
    case 'cancelled_house':
      return 'cancelled';
    default:
      return 'accepted';
  }
}

export function isCancelled(status: ErpOrderStatus): boolean {
  return status === 'cancelled_customer' || status === 'cancelled_house';
}

/** What of an order's status a buyer may notice; the purchase is written to only when it changes. */
export function buyerSees(status: ErpOrderStatus | null): 'accepted' | 'onHold' | 'cancelled' {
  if (status === 'credit_hold' || status === 'hold') return 'onHold';
  return status !== null && isCancelled(status) ? 'cancelled' : 'accepted';
}

export function plus(now: Instant, milliseconds: number): Instant {
  return new Date(Date.parse(now) + milliseconds).toISOString();
}

export function isLater(left: Instant, right: Instant): boolean {
  return Date.parse(left) > Date.parse(right);
}

export function later(left: Instant, right: Instant | null): Instant {
  return right !== null && isLater(right, left) ? right : left;
}

/** The first look of our own; the poller usually tells earlier. */
export function firstLook(now: Instant, gap: number): Look {
  return { kind: 'at', time: plus(now, gap), gap };
}

/** The look after one that found nothing: the gap doubles up to the longest. */
export function nextLook(now: Instant, gap: number, longest: number): Look {
  const wider = Math.min(gap * 2, longest);
  return { kind: 'at', time: plus(now, wider), gap: wider };
}
