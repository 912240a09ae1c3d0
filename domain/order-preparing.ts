import { eachDocument, everyStep, views, withNewDocument } from './order-documents.ts';
import { at, dropped, later, neverSent, parkOrder, problemsWithout, remember } from './order-steps.ts';
import type { DocumentState, Instant, OrderFacts, OrderState, PrepareOutcome, PurchaseGlance } from './order-state.ts';
import type { PreparedSalesOrder } from './sales-order.ts';
import { documentReference } from './storefront-reference.ts';

/** What preparing found: an order to send, reasons to park, or nothing to do. */
export function afterPrepared(state: OrderState, outcome: PrepareOutcome, now: Instant): OrderState {
  if (state.step.at !== 'toPrepare') return state;
  if (outcome.kind === 'excluded')
    return at(
      { ...remember(state, now, `Not taken in: ${outcome.why}`), stage: 'closed', problems: [] },
      { at: 'finished', outcome: 'excluded' },
    );
  if (outcome.kind === 'withdrawn' && views(state).some(({ posts }) => posts === 'doubtful')) {
    const says = `${outcome.why}; what was sent for it may still stand in the ERP.`;
    // What was told of the purchase has been looked at.
    const seen = { ...state, purchaseGone: true, decidedUpdatedAt: state.toldUpdatedAt ?? state.decidedUpdatedAt };
    const open = eachDocument(seen, (view) => (view.posts === 'doubtful' ? notSent(view) : neverSent(view)));
    return parkOrder(open, [...problemsWithout(state, ['WITHDRAWN']), { code: 'WITHDRAWN', says }], now);
  }
  if (outcome.kind === 'withdrawn')
    return at(
      { ...remember(state, now, `Nothing is sent: ${outcome.why}.`), stage: 'cancelled', problems: [] },
      { at: 'finished', outcome: 'withdrawn' },
    );

  const { purchase, pacing, siteVersion } = outcome;
  const seen: OrderState = {
    ...state,
    pacing,
    facts: { ...factsOf(state, purchase), siteVersion },
    decidedUpdatedAt: later(purchase.updatedAt, state.decidedUpdatedAt),
    fingerprint: purchase.fingerprint,
    purchaseGone: false,
    problems: [],
  };
  if (outcome.kind === 'impossible') return parkOrder(eachDocument(seen, notSent), outcome.problems, now);
  if (outcome.kind === 'alreadyInErp') return alreadyInErp(seen, outcome, now);
  const { orders, reviews } = outcome;
  const [order] = orders;
  if (!order)
    return parkOrder(
      eachDocument(seen, notSent),
      [{ code: 'NO_LINES', says: 'The purchase has no line that is still to be sent.' }],
      now,
    );
  const { purchaseOrder, customer } = order;
  const prepared: OrderState = { ...seen, facts: { ...seen.facts, purchaseOrder, customer }, problems: reviews };
  const byDocument = numbered(prepared, orders);
  const known = new Set(views(prepared).map(({ document }) => document));
  const all = [...byDocument].reduce<OrderState>(
    (made, [document, each]) => (known.has(document) ? made : withNewDocument(made, document, each)),
    prepared,
  );
  const onTheirWay = eachDocument(all, (view) => onItsWay(view, byDocument.get(view.document) ?? null, now));
  const { cancelWish } = state;
  // What a person cancelled before it was sent, or after it was refused, is not sent now.
  if (cancelWish !== null && everyStep(onTheirWay, (step) => step.at === 'over'))
    return at({ ...onTheirWay, cancelWish: null }, { at: 'toClose', outcome: 'cancelled', act: cancelWish });
  if (everyStep(onTheirWay, (step) => step.at !== 'toSubmit')) return onTheirWay;
  const where = orders.map(
    ({ division, warehouse, holdCode }) =>
      `division ${division}, warehouse ${warehouse}${holdCode && `, hold ${holdCode}`}`,
  );
  return remember(onTheirWay, now, `Prepared for ${where.join('; and ')}.`);
}

/** A document of an order that could not be prepared: nothing of it goes before the order can be. */
function notSent(view: OrderState): OrderState {
  return view.step.at === 'over' ? view : { ...at(view, { at: 'parked', orderNumber: null }), stage: 'parked' };
}

/**
 * Which document each order goes as. A division keeps its document, so that what may be in the ERP of it is looked for
 * there; what was sent for a division of which nothing is wanted any more is looked for by the next order without one.
 */
function numbered(state: OrderState, orders: readonly PreparedSalesOrder[]): ReadonlyMap<number, PreparedSalesOrder> {
  const documents = views(state);
  const kept = new Map<string, number>();
  for (const { division } of orders) {
    const own = documents.find(({ facts }) => facts.division === division);
    if (own) kept.set(division, own.document);
  }
  const taken = new Set(kept.values());
  const free = documents
    .filter(({ document }) => !taken.has(document))
    .toSorted((left, right) => Number(right.posts === 'doubtful') - Number(left.posts === 'doubtful'))
    .map(({ document }) => document);
  let next = Math.max(...documents.map(({ document }) => document)) + 1;
  return new Map(
    orders
      .map((order) => [kept.get(order.division) ?? free.shift() ?? next++, order] as const)
      .map(([document, order]) => [document, asDocument(order, documentReference(state.reference, document))] as const)
      .toSorted(([left], [right]) => left - right),
  );
}

/** An order under the reference of its document, which stands in for a PO that the buyer did not give. */
function asDocument(order: PreparedSalesOrder, reference: string): PreparedSalesOrder {
  const purchaseOrder = order.purchaseOrder === order.reference ? reference : order.purchaseOrder;
  return { ...order, reference, purchaseOrder };
}

/** A document as it was prepared: sent, or looked for if something of it may be there. What was sent of it is remembered. */
function onItsWay(view: OrderState, order: PreparedSalesOrder | null, now: Instant): OrderState {
  if (!order) return dropped(view, now);
  const { division, warehouse, holdCode } = order;
  const prepared: OrderState = { ...view, stage: 'prepared', facts: { ...view.facts, division, warehouse, holdCode } };
  if (view.posts === 'doubtful') {
    const look = { kind: 'now', gap: view.pacing.firstLook } as const;
    return at(prepared, { at: 'unknown', order, since: now, watermark: null, look });
  }
  if (view.cancelWish !== null) return neverSent(prepared);
  const permission = view.posts === 'none' ? ({ kind: 'first' } as const) : ({ kind: 'allSettled' } as const);
  return at(prepared, { at: 'toSubmit', order, permission });
}

/** A run that opens for a known order: it looks at both sides once, and decides only if the content is another. */
function alreadyInErp(
  seen: OrderState,
  { orderNumbers, sameContent }: Extract<PrepareOutcome, { kind: 'alreadyInErp' }>,
  now: Instant,
): OrderState {
  const [first = '', ...further] = orderNumbers;
  const others = further.map((orderNumber, index): DocumentState => ({
    ...foundAs(orderNumber, now),
    document: index + 2,
    heldSince: null,
    refusedSince: null,
    attempt: 1,
    sent: null,
    agreed: null,
    followedAt: null,
    inErpBy: null,
    toldVersion: '',
    units: null,
    division: '',
    warehouse: '',
    holdCode: '',
    orderNumber,
    erpStatus: null,
    erpStatusLetter: '',
  }));
  const missing = orderNumbers.flatMap((orderNumber, index) => (orderNumber === '' ? [index + 1] : []));
  const says = `No ERP order is known of document ${missing.join(', ')} of the purchase.`;
  return {
    ...remember(seen, now, `Already ERP order ${orderNumbers.filter(Boolean).join(', ')}.`),
    ...foundAs(first, now),
    problems: missing.length > 0 ? [{ code: 'ERP_REFUSED', says }] : [],
    facts: { ...seen.facts, orderNumber: first },
    others,
    follow: { kind: 'now' },
    revise: sameContent ? null : { kind: 'now' },
    reviseAnyway: !sameContent,
  };
}

/** A document that an earlier run sent; one that the ERP never accepted waits for a person. */
function foundAs(
  orderNumber: string,
  now: Instant,
): Pick<DocumentState, 'step' | 'stage' | 'revision'> & { readonly posts: 'doubtful' } {
  if (orderNumber === '')
    return { step: { at: 'parked', orderNumber: null }, stage: 'parked', revision: 1, posts: 'doubtful' };
  // Above every revision of an earlier run, which counted from 1 or from its own start (decision 4).
  const revision = Math.floor(Date.parse(now) / 1000);
  return { step: { at: 'toFollow', orderNumber }, stage: 'accepted', revision, posts: 'doubtful' };
}

function factsOf(state: OrderState, purchase: PurchaseGlance): OrderFacts {
  const { visibleNumber, buyer, customer, customerReference, currency, total } = purchase;
  return { ...state.facts, visibleNumber, buyer, customer, purchaseOrder: customerReference, currency, total };
}
