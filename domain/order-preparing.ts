import { at, later, park, problemsWithout, remember } from './order-steps.ts';
import type { Instant, OrderFacts, OrderState, PrepareOutcome, PurchaseGlance } from './order-state.ts';

/** What preparing found: an order to send, reasons to park, or nothing to do. */
export function afterPrepared(state: OrderState, outcome: PrepareOutcome, now: Instant): OrderState {
  if (state.step.at !== 'toPrepare') return state;
  if (outcome.kind === 'excluded')
    return at(
      { ...remember(state, now, `Not taken in: ${outcome.why}`), stage: 'closed', problems: [] },
      { at: 'finished', outcome: 'excluded' },
    );
  if (outcome.kind === 'withdrawn' && state.posts === 'doubtful')
    return park(
      { ...state, purchaseGone: true },
      [
        ...problemsWithout(state, ['WITHDRAWN']),
        { code: 'WITHDRAWN', says: `${outcome.why}; what was sent for it may still stand in the ERP.` },
      ],
      now,
    );
  if (outcome.kind === 'withdrawn')
    return at(
      { ...remember(state, now, `Withdrawn before it was sent: ${outcome.why}`), stage: 'cancelled', problems: [] },
      { at: 'finished', outcome: 'withdrawn' },
    );

  const { purchase, pacing, siteVersion } = outcome;
  const seen: OrderState = {
    ...state,
    pacing,
    facts: { ...factsOf(state, purchase), siteVersion },
    decidedUpdatedAt: later(purchase.updatedAt, state.decidedUpdatedAt),
    fingerprint: purchase.fingerprint,
    problems: [],
  };
  if (outcome.kind === 'impossible') return park(seen, outcome.problems, now);
  if (outcome.kind === 'alreadyInErp') {
    const { orderNumber, sameContent } = outcome;
    const known: OrderState = {
      ...remember(seen, now, `Already ERP order ${orderNumber}.`),
      stage: 'accepted',
      facts: { ...seen.facts, orderNumber },
    };
    const says = `The purchase changed after ERP order ${orderNumber} was made from it.`;
    return sameContent
      ? at(known, { at: 'settled', orderNumber })
      : park(known, [{ code: 'AMENDED', says }], now, orderNumber);
  }
  const { order, reviews } = outcome;
  const facts: OrderFacts = {
    ...seen.facts,
    purchaseOrder: order.purchaseOrder,
    division: order.division,
    warehouse: order.warehouse,
    holdCode: order.holdCode,
    customer: order.customer,
  };
  const prepared: OrderState = { ...seen, stage: 'prepared', facts, problems: reviews };
  if (state.posts === 'doubtful') {
    const look = { kind: 'now', gap: pacing.firstLook } as const;
    return at(prepared, { at: 'unknown', order, since: now, watermark: null, look });
  }
  const permission = state.posts === 'none' ? ({ kind: 'first' } as const) : ({ kind: 'allSettled' } as const);
  const where = `division ${order.division}, warehouse ${order.warehouse}${order.holdCode && `, hold ${order.holdCode}`}`;
  return at(remember(prepared, now, `Prepared for ${where}.`), { at: 'toSubmit', order, permission });
}

function factsOf(state: OrderState, purchase: PurchaseGlance): OrderFacts {
  const { visibleNumber, buyer, customer, customerReference, currency, total } = purchase;
  return { ...state.facts, visibleNumber, buyer, customer, purchaseOrder: customerReference, currency, total };
}
