import {
  asAccepted,
  at,
  firstLook,
  isAbout,
  isAnotherParked,
  nextLook,
  notCarriedOut,
  park,
  remember,
  unproven,
} from './order-steps.ts';
import { describeDifference } from './compare-sales-order.ts';
import { sameAmount } from './money.ts';
import { movedTo } from './replace-header.ts';
import type { Problem, ProblemCode } from './problems.ts';
import type { PreparedSalesOrder } from './sales-order.ts';
import type {
  Act,
  Cancelling,
  CancelOutcome,
  Instant,
  OrderState,
  ReplaceOutcome,
  Replacement,
  Step,
} from './order-state.ts';

/** An order that the ERP keeps moving under our verdicts is for people. */
const MOST_OVERTAKEN = 5;

/** How far a change of the order in the ERP has come (decisions 5 and 23). */
export function afterReplace(before: OrderState, outcome: ReplaceOutcome, now: Instant): OrderState {
  const { step } = before;
  if (step.at !== 'toReplace' && step.at !== 'replacing') return before;
  const { orderNumber, replacement } = step;
  const state = outcome.kind === 'pending' ? before : replaceDecided(before, outcome);
  switch (outcome.kind) {
    case 'underWay': {
      const { target, before: read, transaction } = outcome;
      return at(state, {
        at: 'replacing',
        orderNumber,
        replacement,
        target,
        // A history of an earlier version does not tell.
        before: read ?? null,
        transaction: transaction ?? null,
        overwrites: null,
        since: now,
        look: firstLook(now, state.pacing.firstLook),
      });
    }
    case 'pending':
      return step.at === 'replacing' ? replacePending(state, step, outcome, now) : state;
    case 'repeat':
      return at(state, { at: 'toReplace', orderNumber, replacement });
    case 'done': {
      const known = asAccepted({ ...state, facts: { ...state.facts, warehouse: outcome.warehouse } }, outcome.glance);
      const isOverwritten = step.at === 'replacing' && step.overwrites !== null;
      const arrived: OrderState = {
        ...remember(known, now, `ERP order ${orderNumber} changed: ${wordsOf(replacement, outcome.warehouse)}.`),
        problems: problemsLeft(known, replacement, orderNumber),
        agreed: agreedAfter(state, step, outcome.warehouse),
        sent: replacement.kind === 'amendment' ? replacement.sent : movedSent(state, replacement, outcome.warehouse),
        overtaken: 0,
        follow: { kind: 'now' },
      };
      return isOverwritten
        ? at({ ...arrived, stage: 'parked' }, { at: 'parked', orderNumber })
        : at(arrived, { at: 'toFollow', orderNumber });
    }
    case 'overtaken':
      // What a person pressed is not decided anew: the person is told.
      return replacement.kind === 'header'
        ? replaceRefused(state, outcome.why, orderNumber, now)
        : overtaken(state, outcome.why, orderNumber, now);
    case 'refused':
      return replaceRefused(state, outcome.why, orderNumber, now);
    case 'impossible':
      return park(state, [outcome.problem], now, orderNumber);
  }
}

/**
 * The import job has not decided yet. A clerk's edit made since the order was read cannot be saved, as nothing that is
 * staged can be recalled: it is said, and stays said when the change has arrived (decision 17).
 */
function replacePending(
  state: OrderState,
  step: Extract<Step, { at: 'replacing' }>,
  { transaction, edits }: Extract<ReplaceOutcome, { kind: 'pending' }>,
  now: Instant,
): OrderState {
  const { orderNumber } = step;
  const open = edits?.filter(({ tolerated }) => !tolerated);
  const overwrites = !open
    ? step.overwrites
    : open.length === 0
      ? null
      : `ERP order ${orderNumber} was changed there after it was read, while a change of it was on its way, which ` +
        `overwrites that: ${open.map(describeDifference).join('; ')}.`;
  const waiting = overdue(
    at(state, {
      ...step,
      overwrites,
      transaction: transaction ?? step.transaction,
      look: nextLook(now, step.look.gap, state.pacing.longestGap),
    }),
    { what: `change of order ${orderNumber}`, orderNumber, since: step.since },
    now,
  );
  if (overwrites === step.overwrites) return waiting;
  const others = waiting.problems.filter(({ says }) => says !== step.overwrites);
  if (overwrites === null) return { ...waiting, problems: others };
  const problem: Problem = { code: 'EDIT_OVERWRITTEN', says: overwrites };
  return remember({ ...waiting, problems: [problem, ...others] }, now, overwrites);
}

/** What was said of a change while it was not decided is over; what it overwrote stays, if it arrived. */
function replaceDecided(state: OrderState, { kind }: ReplaceOutcome): OrderState {
  const { step } = state;
  if (step.at !== 'replacing') return state;
  const inVain = kind === 'done' ? null : step.overwrites;
  const problems = withoutOverdue(state, step.orderNumber).filter(({ says }) => says !== inVain);
  return { ...state, problems };
}

/** The import job stalls: said once (as of an order that is not decided on), and gone with its decision. */
function overdue(
  state: OrderState,
  { what, orderNumber, since }: { readonly what: string; readonly orderNumber: string; readonly since: Instant },
  now: Instant,
): OrderState {
  const isOverdue = Date.parse(now) - Date.parse(since) >= state.pacing.importOverdue;
  if (!isOverdue || withoutOverdue(state, orderNumber).length < state.problems.length) return state;
  const says = `The ERP has not decided on the ${what} since ${since}.`;
  return remember({ ...state, problems: [{ code: 'CHANGE_OVERDUE', says }, ...state.problems] }, now, says);
}

function withoutOverdue({ problems }: OrderState, orderNumber: string): readonly Problem[] {
  return problems.filter((problem) => problem.code !== 'CHANGE_OVERDUE' || !isAbout(problem, orderNumber));
}

/** How far a cancel in the ERP has come (decision 10). */
export function afterCancel(before: OrderState, outcome: CancelOutcome, now: Instant): OrderState {
  const { step } = before;
  if (step.at !== 'toCancel' && step.at !== 'cancelling') return before;
  const { orderNumber, cancelling } = step;
  const isOpen =
    outcome.kind === 'pending' ||
    outcome.kind === 'sentAgain' ||
    (outcome.kind === 'underWay' && !isNextLine(step, outcome.transaction));
  const state: OrderState = isOpen ? before : { ...before, problems: withoutOverdue(before, orderNumber) };
  const what = `cancel of order ${orderNumber}`;
  switch (outcome.kind) {
    case 'underWay':
    case 'sentAgain': {
      const { transaction } = outcome;
      const since = step.at === 'cancelling' && isOpen ? step.since : now;
      const look = firstLook(now, state.pacing.firstLook);
      const sent = { at: 'cancelling', orderNumber, cancelling, transaction, postedAt: now, since, look } as const;
      return overdue(at(state, sent), { what, orderNumber, since }, now);
    }
    case 'pending': {
      if (step.at !== 'cancelling') return state;
      const waiting = at(state, { ...step, look: nextLook(now, step.look.gap, state.pacing.longestGap) });
      return overdue(waiting, { what, orderNumber, since: step.since }, now);
    }
    case 'overtaken':
      return overtaken(state, outcome.why, orderNumber, now);
    case 'done':
      return afterCancelled(state, outcome, now);
    case 'refused':
      return park(
        { ...notCarriedOut(state), cancelWish: wishLeft(state, cancelling) },
        [{ code: 'CANCEL_REFUSED', says: `The ERP did not cancel order ${orderNumber}: ${outcome.why}` }],
        now,
        orderNumber,
      );
  }
}

/** Of several lines the one before is done: what was lost, or met a locked order, only goes again. */
function isNextLine(step: Step, transaction: string | null): boolean {
  return step.at === 'cancelling' && step.transaction !== null && transaction !== null;
}

function afterCancelled(
  state: OrderState,
  { glance, left, says, agreed }: Extract<CancelOutcome, { kind: 'done' }>,
  now: Instant,
): OrderState {
  const { step } = state;
  if (step.at !== 'toCancel' && step.at !== 'cancelling') return state;
  const { orderNumber, cancelling } = step;
  const known = {
    ...asAccepted(state, glance),
    overtaken: 0,
    agreed: agreed ?? state.agreed,
    follow: { kind: 'now' },
  } as const;
  if (cancelling.lines !== null) {
    const told = remember(
      known,
      now,
      `Cancelled lines ${cancelling.lines.join(', ')} of ERP order ${orderNumber}. ${says}`,
    );
    return at({ ...told, sent: cancelling.sent ?? state.sent }, { at: 'toFollow', orderNumber });
  }
  const isAlone = state.others.every((other) => other.step.at === 'over');
  const ofOthers = isAlone ? [] : known.problems.filter((problem) => !isAbout(problem, orderNumber));
  const wish = cancelling.act ?? state.cancelledBy;
  if (left === 0) {
    const gone = remember(
      { ...known, stage: 'cancelled', problems: ofOthers },
      now,
      `Cancelled ERP order ${orderNumber}.`,
    );
    const over = at(gone, { at: 'over', orderNumber });
    // Until it is entered anew no content of the purchase is known: nothing of it is shown there as cancelled.
    if (cancelling.afterwards === 'reenter')
      return { ...over, intended: null, fingerprint: null, revise: { kind: 'now' }, reviseAnyway: true };
    return { ...over, cancelledBy: wish };
  }
  const partial = {
    code: 'CANCEL_PARTIAL',
    says: `ERP order ${orderNumber} was cancelled as far as possible: ${says}`,
  } as const;
  const told = remember(known, now, partial.says);
  if (cancelling.afterwards === 'reenter') return park(notCarriedOut(told), [partial], now, orderNumber);
  const isSolved = (problem: Problem) => OF_CANCELS.has(problem.code) && (isAlone || isAbout(problem, orderNumber));
  const problems = [...told.problems.filter((problem) => !isSolved(problem)), partial];
  const cancelWish = wishLeft(state, cancelling);
  return at({ ...told, problems, cancelledBy: wish, cancelWish }, { at: 'toFollow', orderNumber });
}

/** A cancel of a person's that the ERP did not do is not tried again; one pressed during the buyer's is still to be tried. */
function wishLeft({ cancelWish }: OrderState, { act }: Cancelling): Act | null {
  return act === null ? cancelWish : null;
}

/** What is over when the ERP has said how far it cancelled an order. */
const OF_CANCELS: ReadonlySet<ProblemCode> = new Set(['CANCEL_PARTIAL', 'CANCEL_REFUSED', 'WITHDRAWN']);

function replaceRefused(state: OrderState, why: string, orderNumber: string, now: Instant): OrderState {
  return park(
    { ...notCarriedOut(state), attempt: state.attempt + 1 },
    [{ code: 'REPLACE_REFUSED', says: `The ERP refused the change of order ${orderNumber}: ${why}` }],
    now,
    orderNumber,
  );
}

/** The verdict was made for another state of the ERP order, or another content: it is made anew. */
function overtaken(state: OrderState, why: string, orderNumber: string, now: Instant): OrderState {
  const told = remember({ ...state, overtaken: state.overtaken + 1 }, now, `Deciding anew: ${why}`);
  if (told.overtaken > MOST_OVERTAKEN)
    return park(
      { ...notCarriedOut(told), overtaken: 0 },
      [{ code: 'AMENDED', says: `ERP order ${orderNumber} keeps changing under the amendment: ${why}` }],
      now,
      orderNumber,
    );
  const step = { at: 'settled', orderNumber } as const;
  return { ...at(unproven(told), step), intended: null, revise: { kind: 'now' }, reviseAnyway: true };
}

/** What a change that arrived has not solved; the reasons of another document that waits for a person stay. */
function problemsLeft(state: OrderState, replacement: Replacement, orderNumber: string): readonly Problem[] {
  const solved = new Set<ProblemCode>(solvedBy(replacement));
  // The buyer's change that the ERP refused is not in a header.
  if (replacement.kind === 'header' && state.refused !== null) solved.delete('REPLACE_REFUSED');
  return state.problems.filter(
    (problem) => !solved.has(problem.code) || (isAnotherParked(state) && !isAbout(problem, orderNumber)),
  );
}

function solvedBy(replacement: Replacement) {
  return replacement.kind === 'header'
    ? ([
        'LOCATION_NOT_MAPPED',
        'DELIVERY_DATE_UNREADABLE',
        'PO_TOO_LONG',
        'REMAP_NOT_POSSIBLE',
        'REPLACE_REFUSED',
        'STEP_OVERDUE',
      ] as const)
    : (['AMENDED', 'EDIT_CONFLICT', 'ACCEPT_NEEDS_CHOICE', 'ERP_EDIT', 'REPLACE_REFUSED', 'STEP_OVERDUE'] as const);
}

function wordsOf(replacement: Replacement, warehouse: string): string {
  if (replacement.kind === 'amendment') return 'as the purchase says now';
  return replacement.change === 'remap' ? `warehouse ${warehouse}` : 'released';
}

/**
 * A header change restates whatever a clerk did: that stays a difference from what was agreed. Of tax and discount it
 * sends only the share of what is not cancelled; where those were as agreed, the share is agreed on.
 */
function agreedAfter(
  { agreed }: OrderState,
  step: Extract<Step, { at: 'toReplace' | 'replacing' }>,
  warehouse: string,
): PreparedSalesOrder | null {
  const { replacement } = step;
  const sent = step.at === 'replacing' ? step : null;
  if (replacement.kind === 'amendment') return sent?.target ?? replacement.target;
  if (!agreed) return sent?.target ?? null;
  const moved = movedTo(agreed, warehouse);
  if (!sent?.before) return moved;
  const { before, target } = sent;
  const share = (field: 'tax' | 'discount') => (sameAmount(agreed[field], before[field]) ? target : agreed)[field];
  return { ...moved, tax: share('tax'), discount: share('discount') };
}

/** A new place is what the storefront means from now on. */
function movedSent({ sent }: OrderState, replacement: Replacement, warehouse: string) {
  if (!sent || replacement.kind !== 'header' || replacement.change !== 'remap') return sent;
  return movedTo(sent, warehouse);
}
