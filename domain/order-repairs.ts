import { asAccepted, at, firstLook, nextLook, park, problemsWithout, remember } from './order-steps.ts';
import { movedTo } from './replace-header.ts';
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
          problems: problemsWithout(known, solvedBy(replacement)),
          agreed: agreedAfter(state, replacement, target, outcome.warehouse),
          sent: replacement.kind === 'amendment' ? replacement.sent : movedSent(state, replacement, outcome.warehouse),
          overtaken: 0,
          follow: { kind: 'now' },
        },
        { at: 'toFollow', orderNumber },
      );
    }
    case 'overtaken':
      return overtaken(state, outcome.why, orderNumber, now);
    case 'refused':
      return park(
        { ...state, attempt: state.attempt + 1, refused: state.intended, intended: null },
        [{ code: 'REPLACE_REFUSED', says: `The ERP refused the change of order ${orderNumber}: ${outcome.why}` }],
        now,
        orderNumber,
      );
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
        { ...state, refused: state.intended, intended: null },
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
  if (left === 0) {
    const gone = remember({ ...known, stage: 'cancelled', problems: [] }, now, `Cancelled ERP order ${orderNumber}.`);
    const over = at(gone, { at: 'over', orderNumber });
    if (cancelling.afterwards === 'reenter')
      return { ...over, follow: null, revise: { kind: 'now' }, reviseAnyway: true };
    return { ...over, cancelledBy: cancelling.act };
  }
  const partial = {
    code: 'CANCEL_PARTIAL',
    says: `ERP order ${orderNumber} was cancelled as far as possible: ${says}`,
  } as const;
  const told = remember(known, now, partial.says);
  if (cancelling.afterwards === 'reenter')
    return park({ ...told, refused: state.intended, intended: null }, [partial], now, orderNumber);
  return at(
    { ...told, problems: [...problemsWithout(told, ['CANCEL_PARTIAL', 'CANCEL_REFUSED', 'WITHDRAWN']), partial] },
    { at: 'toFollow', orderNumber },
  );
}

/** The verdict was made for another state of the ERP order, or another content: it is made anew. */
function overtaken(state: OrderState, why: string, orderNumber: string, now: Instant): OrderState {
  const told = remember({ ...state, intended: null, overtaken: state.overtaken + 1 }, now, `Deciding anew: ${why}`);
  if (told.overtaken > MOST_OVERTAKEN)
    return park(
      { ...told, overtaken: 0 },
      [{ code: 'AMENDED', says: `ERP order ${orderNumber} keeps changing under the amendment: ${why}` }],
      now,
      orderNumber,
    );
  const step = { at: 'settled', orderNumber } as const;
  return { ...at(told, step), revise: { kind: 'now' }, reviseAnyway: true };
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
