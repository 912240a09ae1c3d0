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
import { movedTo } from './replace-header.ts';
import type { Problem, ProblemCode } from './problems.ts';
import type { PreparedSalesOrder } from './sales-order.ts';
import type { CancelOutcome, Instant, OrderState, ReplaceOutcome, Replacement } from './order-state.ts';

/** An order that the ERP keeps moving under our verdicts is for people. */
const MOST_OVERTAKEN = 5;

/** How far a change of the order in the ERP has come (decisions 5 and 23). */
export function afterReplace(state: OrderState, outcome: ReplaceOutcome, now: Instant): OrderState {
  const { step } = state;
  if (step.at !== 'toReplace' && step.at !== 'replacing') return state;
  const { orderNumber, replacement } = step;
  switch (outcome.kind) {
    case 'underWay':
      return at(state, {
        at: 'replacing',
        orderNumber,
        replacement,
        target: outcome.target,
        since: now,
        look: firstLook(now, state.pacing.firstLook),
      });
    case 'pending':
      return step.at === 'replacing'
        ? at(state, { ...step, look: nextLook(now, step.look.gap, state.pacing.longestGap) })
        : state;
    case 'repeat':
      return at(state, { at: 'toReplace', orderNumber, replacement });
    case 'done': {
      const known = asAccepted({ ...state, facts: { ...state.facts, warehouse: outcome.warehouse } }, outcome.glance);
      const target = step.at === 'replacing' ? step.target : null;
      return at(
        {
          ...remember(known, now, `ERP order ${orderNumber} changed: ${wordsOf(replacement, outcome.warehouse)}.`),
          problems: problemsLeft(known, replacement, orderNumber),
          agreed: agreedAfter(state, replacement, target, outcome.warehouse),
          sent: replacement.kind === 'amendment' ? replacement.sent : movedSent(state, replacement, outcome.warehouse),
          overtaken: 0,
          follow: { kind: 'now' },
        },
        { at: 'toFollow', orderNumber },
      );
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

/** How far a cancel in the ERP has come (decision 10). */
export function afterCancel(state: OrderState, outcome: CancelOutcome, now: Instant): OrderState {
  const { step } = state;
  if (step.at !== 'toCancel' && step.at !== 'cancelling') return state;
  const { orderNumber, cancelling } = step;
  switch (outcome.kind) {
    case 'underWay':
      return at(state, {
        at: 'cancelling',
        orderNumber,
        cancelling,
        transaction: outcome.transaction,
        since: now,
        look: firstLook(now, state.pacing.firstLook),
      });
    case 'pending':
      return step.at === 'cancelling'
        ? at(state, { ...step, look: nextLook(now, step.look.gap, state.pacing.longestGap) })
        : state;
    case 'overtaken':
      return overtaken(state, outcome.why, orderNumber, now);
    case 'done':
      return afterCancelled(state, outcome, now);
    case 'refused':
      return park(
        { ...notCarriedOut(state), cancelWish: null },
        [{ code: 'CANCEL_REFUSED', says: `The ERP did not cancel order ${orderNumber}: ${outcome.why}` }],
        now,
        orderNumber,
      );
  }
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
  return at({ ...told, problems, cancelledBy: wish, cancelWish: null }, { at: 'toFollow', orderNumber });
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

/** A header change restates whatever a clerk did to the lines: that stays a difference from what was agreed. */
function agreedAfter(
  { agreed }: OrderState,
  replacement: Replacement,
  target: PreparedSalesOrder | null,
  warehouse: string,
): PreparedSalesOrder | null {
  if (replacement.kind === 'amendment') return target ?? replacement.target;
  return agreed ? movedTo(agreed, warehouse) : target;
}

/** A new place is what the storefront means from now on. */
function movedSent({ sent }: OrderState, replacement: Replacement, warehouse: string) {
  if (!sent || replacement.kind !== 'header' || replacement.change !== 'remap') return sent;
  return movedTo(sent, warehouse);
}
