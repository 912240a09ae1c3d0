import { asAccepted, at, firstLook, isCancelled, nextLook, park, problemsWithout, remember } from './order-steps.ts';
import type { CancelOutcome, Instant, OrderState, ReplaceOutcome } from './order-state.ts';

/** How far a change of the header in the ERP has come (decisions 5 and 23). */
export function afterReplace(state: OrderState, outcome: ReplaceOutcome, now: Instant): OrderState {
  const { step } = state;
  if (step.at !== 'toReplace' && step.at !== 'replacing') return state;
  const { orderNumber, change, act } = step;
  switch (outcome.kind) {
    case 'underWay':
      return at(state, {
        at: 'replacing',
        orderNumber,
        change,
        act,
        target: outcome.target,
        since: now,
        look: firstLook(now, state.pacing.firstLook),
      });
    case 'pending':
      return step.at === 'replacing'
        ? at(state, { ...step, look: nextLook(now, step.look.gap, state.pacing.longestGap) })
        : state;
    case 'repeat':
      return at(state, { at: 'toReplace', orderNumber, change, act });
    case 'done': {
      const known = asAccepted({ ...state, facts: { ...state.facts, warehouse: outcome.warehouse } }, outcome.glance);
      const solved = problemsWithout(known, [
        'LOCATION_NOT_MAPPED',
        'DELIVERY_DATE_UNREADABLE',
        'PO_TOO_LONG',
        'REMAP_NOT_POSSIBLE',
        'REPLACE_REFUSED',
        'STEP_OVERDUE',
      ]);
      const told = remember(
        { ...known, problems: solved },
        now,
        `ERP order ${orderNumber} changed: ${change === 'remap' ? `warehouse ${outcome.warehouse}` : 'released'}.`,
      );
      return state.cancelWish
        ? at({ ...told, cancelWish: null }, { at: 'toCancel', orderNumber, act: state.cancelWish })
        : at(told, { at: 'settled', orderNumber });
    }
    case 'refused':
      return park(
        { ...state, attempt: state.attempt + 1 },
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
  const { orderNumber, act } = step;
  switch (outcome.kind) {
    case 'underWay':
      return at(state, {
        at: 'cancelling',
        orderNumber,
        act,
        transaction: outcome.transaction,
        since: now,
        look: firstLook(now, state.pacing.firstLook),
      });
    case 'pending':
      return step.at === 'cancelling'
        ? at(state, { ...step, look: nextLook(now, step.look.gap, state.pacing.longestGap) })
        : state;
    case 'done': {
      const known = asAccepted(state, outcome.glance);
      const stage = isCancelled(outcome.glance.status) ? 'cancelled' : known.stage;
      return at(
        { ...remember({ ...known, problems: [] }, now, `Cancelled ERP order ${orderNumber}.`), stage },
        { at: 'toClose', outcome: 'cancelled', act },
      );
    }
    case 'refused':
      return park(
        state,
        [{ code: 'CANCEL_REFUSED', says: `The ERP did not cancel order ${orderNumber}: ${outcome.why}` }],
        now,
        orderNumber,
      );
  }
}
