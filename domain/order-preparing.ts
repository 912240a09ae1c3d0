import { withNewDocument } from './order-documents.ts';
import { at, later, park, problemsWithout, remember } from './order-steps.ts';
import type { DocumentState, Instant, OrderFacts, OrderState, PrepareOutcome, PurchaseGlance } from './order-state.ts';

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
  if (outcome.kind === 'alreadyInErp') return alreadyInErp(seen, outcome, now);
  const { orders, reviews } = outcome;
  const [order, ...further] = orders;
  if (!order)
    return park(seen, [{ code: 'NO_LINES', says: 'The purchase has no line that is still to be sent.' }], now);
  const facts: OrderFacts = {
    ...seen.facts,
    purchaseOrder: order.purchaseOrder,
    division: order.division,
    warehouse: order.warehouse,
    holdCode: order.holdCode,
    customer: order.customer,
  };
  const documents = further.reduce<OrderState>(
    (made, each, index) => withNewDocument(made, index + 2, each),
    // Prepared anew, before anything was sent: the further documents are made anew too.
    { ...seen, others: [] },
  );
  const prepared: OrderState = { ...documents, stage: 'prepared', facts, problems: reviews };
  if (state.posts === 'doubtful') {
    const look = { kind: 'now', gap: pacing.firstLook } as const;
    return at(prepared, { at: 'unknown', order, since: now, watermark: null, look });
  }
  const permission = state.posts === 'none' ? ({ kind: 'first' } as const) : ({ kind: 'allSettled' } as const);
  const where = orders.map(
    ({ division, warehouse, holdCode }) =>
      `division ${division}, warehouse ${warehouse}${holdCode && `, hold ${holdCode}`}`,
  );
  return at(remember(prepared, now, `Prepared for ${where.join('; and ')}.`), { at: 'toSubmit', order, permission });
}

/** A run that opens for a known order: it looks at both sides once, and decides only if the content is another. */
function alreadyInErp(
  seen: OrderState,
  { orderNumbers, sameContent }: Extract<PrepareOutcome, { kind: 'alreadyInErp' }>,
  now: Instant,
): OrderState {
  const others = orderNumbers.slice(1).map((orderNumber, index): DocumentState => {
    const step: DocumentState['step'] =
      orderNumber === '' ? { at: 'parked', orderNumber: null } : { at: 'toFollow', orderNumber };
    return {
      document: index + 2,
      step,
      stage: orderNumber === '' ? 'parked' : 'accepted',
      heldSince: null,
      revision: 1,
      attempt: 1,
      posts: 'doubtful',
      sent: null,
      agreed: null,
      followedAt: null,
      toldVersion: '',
      units: null,
      division: '',
      warehouse: '',
      holdCode: '',
      orderNumber,
      erpStatus: null,
      erpStatusLetter: '',
    };
  });
  const orderNumber = orderNumbers[0] ?? '';
  const known: OrderState = {
    ...remember(seen, now, `Already ERP order ${orderNumbers.filter(Boolean).join(', ')}.`),
    stage: 'accepted',
    facts: { ...seen.facts, orderNumber },
    others,
    posts: 'doubtful',
    follow: { kind: 'now' },
    revise: sameContent ? null : { kind: 'now' },
    reviseAnyway: !sameContent,
  };
  return at(known, { at: 'toFollow', orderNumber });
}

function factsOf(state: OrderState, purchase: PurchaseGlance): OrderFacts {
  const { visibleNumber, buyer, customer, customerReference, currency, total } = purchase;
  return { ...state.facts, visibleNumber, buyer, customer, purchaseOrder: customerReference, currency, total };
}
