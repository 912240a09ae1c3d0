import type { DocumentFacts, DocumentState, OrderState, Step } from './order-state.ts';
import type { PreparedSalesOrder } from './sales-order.ts';
import { documentReference } from './storefront-reference.ts';

/** The order seen from another of its documents; the same order. */
export function seenFrom(state: OrderState, document: number): OrderState {
  if (state.document === document) return state;
  const other = state.others.find((each) => each.document === document);
  if (!other) return state;
  const others = [...state.others.filter((each) => each !== other), ownPart(state)];
  return withPart({ ...state, others: others.toSorted((left, right) => left.document - right.document) }, other);
}

/** The order seen from each of its documents in turn, by number. */
export function views(state: OrderState): readonly OrderState[] {
  const numbers = [state.document, ...state.others.map(({ document }) => document)];
  return numbers.toSorted((left, right) => left - right).map((document) => seenFrom(state, document));
}

/** Changes every document for which there is something to change; the order is seen from the same one afterwards. */
export function eachDocument(state: OrderState, change: (view: OrderState) => OrderState): OrderState {
  const numbers = views(state).map(({ document }) => document);
  const changed = numbers.reduce((order, document) => change(seenFrom(order, document)), state);
  return seenFrom(changed, state.document);
}

/** Seen from the document by which the order ends, else from the first that still matters. */
export function seenFromHome(state: OrderState): OrderState {
  const all = views(state);
  const home =
    all.find(({ step }) => step.at === 'toClose' || step.at === 'finished') ??
    all.find(({ step }) => step.at !== 'over');
  return seenFrom(state, home?.document ?? 1);
}

/** One more document, before anything was sent of it. Its number is recorded here, before its first post (decision 3). */
export function withNewDocument(state: OrderState, document: number, order: PreparedSalesOrder): OrderState {
  const made: DocumentState = {
    document,
    step: { at: 'toSubmit', order, permission: { kind: 'first' } },
    stage: 'prepared',
    heldSince: null,
    refusedSince: null,
    revision: 1,
    attempt: 1,
    posts: 'none',
    sent: null,
    agreed: null,
    followedAt: null,
    inErpBy: null,
    toldVersion: '',
    units: null,
    division: order.division,
    warehouse: order.warehouse,
    holdCode: order.holdCode,
    orderNumber: '',
    erpStatus: null,
    erpStatusLetter: '',
  };
  return { ...state, others: [...state.others, made] };
}

/** Whether the ERP has any order of this purchase, as far as this run knows. */
export function inErp(state: OrderState): boolean {
  return state.facts.orderNumber !== '' || state.others.some(({ orderNumber }) => orderNumber !== '');
}

/** Whether another document is in the ERP, on its way there, or may be there. */
export function othersMatter(state: OrderState): boolean {
  return state.others.some(
    ({ step, orderNumber, posts }) =>
      step.at !== 'over' && (orderNumber !== '' || step.at !== 'parked' || posts === 'doubtful'),
  );
}

/** Whether the ERP has something of this order of which it has not said what becomes of it. */
export function isUnderWay(state: OrderState): boolean {
  return !everyStep(
    state,
    ({ at: place }) => place !== 'awaiting' && place !== 'unknown' && place !== 'toAdopt' && place !== 'toFollow',
  );
}

/**
 * Prepares the purchase anew as a whole. While something of it is under way that would forget it: then the wish is kept
 * until the ERP has decided.
 */
export function preparedAnew(state: OrderState): OrderState {
  if (inErp(state) || isUnderWay(state)) return { ...state, revise: { kind: 'now' }, reviseAnyway: true };
  return { ...seenFrom(state, 1), step: { at: 'toPrepare' }, revise: null, reviseAnyway: false };
}

/** The documents as the steps that work on both sides need them; those that were never accepted included. */
export function documentFacts(state: OrderState): readonly DocumentFacts[] {
  return views(state).map(({ document, facts, sent, agreed, step, reference }) => ({
    document,
    reference: documentReference(reference, document),
    division: facts.division,
    orderNumber: facts.orderNumber,
    place: step.at === 'over' ? 'over' : 'live',
    // What waits to be sent again was never agreed on.
    sent: step.at === 'toSubmit' ? null : sent,
    agreed,
    onTheirWay: facts.orderNumber === '' ? itemsOnTheirWay(step) : [],
  }));
}

/**
 * The document whose ERP order number stands on the purchase: the first. Where that one never came, and nothing is wanted of
 * it any more, the next.
 */
export function leadingDocument(documents: readonly DocumentFacts[]): DocumentFacts | null {
  return documents.find(({ orderNumber, place }) => orderNumber !== '' || place === 'live') ?? null;
}

function itemsOnTheirWay(step: Step): readonly string[] {
  const on = step.at === 'toAdopt' ? step.from : step;
  return 'order' in on ? on.order.lines.map(({ item }) => item) : [];
}

export function everyStep(state: OrderState, test: (step: Step) => boolean): boolean {
  return test(state.step) && state.others.every(({ step }) => test(step));
}

function ownPart({ facts, ...state }: OrderState): DocumentState {
  const { document, step, stage, heldSince, refusedSince = null, revision, attempt, posts } = state;
  const { sent, agreed, followedAt, inErpBy = null, toldVersion, units } = state;
  const { division, warehouse, holdCode, orderNumber, erpStatus, erpStatusLetter } = facts;
  return {
    document,
    step,
    stage,
    heldSince,
    refusedSince,
    revision,
    attempt,
    posts,
    sent,
    agreed,
    followedAt,
    inErpBy,
    toldVersion,
    units,
    division,
    warehouse,
    holdCode,
    orderNumber,
    erpStatus,
    erpStatusLetter,
  };
}

function withPart(state: OrderState, part: DocumentState): OrderState {
  const { division, warehouse, holdCode, orderNumber, erpStatus, erpStatusLetter, ...rest } = part;
  const facts = { ...state.facts, division, warehouse, holdCode, orderNumber, erpStatus, erpStatusLetter };
  return { ...state, refusedSince: null, inErpBy: null, ...rest, facts };
}

/** Whether the order may sit still for long: a good moment to start a fresh history. */
export function isIdle(state: OrderState): boolean {
  return everyStep(state, ({ at: place }) => place === 'settled' || place === 'parked' || place === 'over');
}
