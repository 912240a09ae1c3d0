import { eachDocument, everyStep, inErp, isIdle, isUnderWay, preparedAnew, views } from './order-documents.ts';
import type { Act, Instant, OrderState, RepairRequest, Step } from './order-state.ts';
import { at, isCancelled, isLookRefused, neverSent, problemsWithout, remember, stageOfStatus } from './order-steps.ts';
import { cleared, isImportOverdue } from './order-submission.ts';
import { problemKind, type Repair } from './problems.ts';
import { faultOf } from './repair-arguments.ts';

/** What only an order can be asked where something of it differs from the other side, or is parked for it. */
const OF_EDITS = ['ERP_EDIT', 'EDIT_CONFLICT', 'ACCEPT_NEEDS_CHOICE', 'AMENDED', 'REPLACE_REFUSED'] as const;

/** Where nothing is left behind in the ERP of which nobody knows yet what becomes of it, or a person is asked that. */
const CLOSABLE: ReadonlySet<Step['at']> = new Set(['settled', 'parked', 'over', 'unknown', 'pausing']);

/** Acts on how the order shall be. The others answer a question as it stood, or say how things stood, at that moment. */
const WAITS_FOR_REST: ReadonlySet<Repair> = new Set([
  'retry',
  'resync',
  'replaceCustomer',
  'remap',
  'release',
  'close',
]);

/** Why a repair cannot be taken now; null = it can. For validators: synchronous, no effect. */
export function refuseRepair(state: OrderState, repair: RepairRequest): string | null {
  const fault = faultOf(repair);
  if (fault !== null) return fault;
  if (isEnding(state)) return 'The order is finished.';
  const { because } = repair;
  if (because !== undefined && !state.problems.some(({ code }) => code === because))
    return `The order does not have ${because} any more, so it was left alone.`;
  const { at: place } = state.step;
  const rests = isIdle(state);
  const isThere = inErp(state);
  const isLive = isThere && !everyStep(state, (step) => step.at === 'over');
  const differs = isThere && rests && state.problems.some(({ code }) => OF_EDITS.some((other) => other === code));
  const isForCustomer = state.problems.some(({ code }) => problemKind(code).press.includes('replaceCustomer'));
  const possible: Record<Repair, boolean> = {
    retry: isDecidable(state) || views(state).some(isLookRefused),
    resync: rests && isThere,
    replaceCustomer: place === 'parked' && (!isThere || (rests && isForCustomer)),
    remap: isThere ? rests && isLive : place === 'parked',
    release: rests && isLive,
    cancel: (state.cancelWish === null || place === 'parked') && place !== 'cancelling' && place !== 'toCancel',
    sendAnyway: views(state).some(isSendable),
    adopt: views(state).some(isAdoptable),
    acceptErp: differs,
    pushStorefront: differs,
    askOwner: state.problems.length > 0,
    close: views(state).every((view) => CLOSABLE.has(view.step.at) || isImportOverdue(view)),
  };
  if (possible[repair.kind]) return null;
  const can = Object.entries(possible)
    .filter(([, yes]) => yes)
    .map(([kind]) => kind);
  return `“${repair.kind}” is not possible while the order is ${describePlace(state.step)}. Possible now: ${can.join(', ') || 'nothing, wait'}.`;
}

/**
 * An act that was accepted never vanishes. It was judged by how the order stood before the step in hand; where it no longer
 * fits after that step, it waits until the order rests, or the story says that it was not carried out.
 */
export function afterRepair(state: OrderState, repair: RepairRequest, now: Instant): OrderState {
  const fault = faultOf(repair);
  if (fault !== null) return notDone(state, repair, fault, now);
  const refusal = refuseRepair(state, repair);
  const told = remember(state, now, `${repair.actor}: ${repair.kind}. ${repair.reason}`);
  if (refusal === null) return carriedOut(told, repair, now);
  if (isEnding(state)) return notDone(told, repair, refusal, now);
  if (repair.kind === 'cancel') return cancelledTooLate(told, repair);
  if (!WAITS_FOR_REST.has(repair.kind)) return notDone(told, repair, refusal, now);
  const others = (state.pressed ?? []).filter(({ kind }) => kind !== repair.kind);
  const waiting: OrderState = { ...told, pressed: [...others, repair] };
  return remember(waiting, now, `${repair.kind} is carried out as soon as the order rests.`);
}

/** What people pressed while the step in hand went elsewhere is done as soon as the order takes it. */
export function asPressed(state: OrderState, now: Instant): OrderState {
  const { pressed = [] } = state;
  return pressed.reduce<OrderState>((order, repair) => {
    const left = { ...order, pressed: order.pressed?.filter((other) => other !== repair) ?? [] };
    const refusal = refuseRepair(order, repair);
    if (refusal === null) return carriedOut(left, repair, now);
    const isLeft = isIdle(order) || isEnding(order);
    return isLeft ? notDone(left, repair, refusal, now) : order;
  }, state);
}

/** A wish is fulfilled as soon as nothing of the order is under way any more: to cancel (decision 10), or to decide anew. */
export function asWished(state: OrderState): OrderState {
  const { cancelWish } = state;
  if (!inErp(state)) {
    const isFree = everyStep(state, ({ at: place }) => place === 'parked' || place === 'over');
    return state.revise !== null && isFree ? preparedAnew(state) : state;
  }
  if (cancelWish === null) return state;
  const free = ({ at: place }: Step) =>
    place === 'settled' || place === 'parked' || place === 'over' || place === 'toFollow';
  return everyStep(state, free) ? cancelledInErp(state, cancelWish) : state;
}

/** Whether a person may say which ERP order a document is: nobody knows, or the import job does not say. */
function isAdoptable(view: OrderState): boolean {
  return view.step.at === 'unknown' || isImportOverdue(view);
}

/** Whether a person may say that the ERP does not have a document, so that it goes again. */
function isSendable(view: OrderState): boolean {
  const { step, cancelWish } = view;
  if (step.at !== 'awaiting') return step.at === 'unknown';
  return isImportOverdue(view) && !step.isDisowned && cancelWish === null;
}

function describePlace(step: Step): string {
  const words: Partial<Record<Step['at'], string>> = {
    settled: 'in the ERP',
    parked: 'parked',
    awaiting: 'awaiting the import job',
    unknown: 'of unknown outcome',
    pausing: 'about to be sent again',
    replacing: 'being changed in the ERP',
    cancelling: 'being cancelled in the ERP',
  };
  return words[step.at] ?? 'being worked on';
}

function isEnding({ step }: OrderState): boolean {
  return step.at === 'toClose' || step.at === 'finished';
}

/** To a person whose act was accepted, and came to nothing. */
function notDone(state: OrderState, { kind }: RepairRequest, why: string, now: Instant): OrderState {
  return remember(state, now, `${kind} was not carried out. ${why}`);
}

/** While something else is done to it in the ERP, or a cancel is wished for already: nothing else shall come of it. */
function cancelledTooLate(state: OrderState, { actor, reason }: Act): OrderState {
  return inErp(state) ? cancelled(state, { actor, reason }) : state;
}

function carriedOut(state: OrderState, repair: RepairRequest, now: Instant): OrderState {
  const act = { actor: repair.actor, reason: repair.reason };
  switch (repair.kind) {
    case 'retry':
      return isDecidable(state) ? again(lookingAgain(state)) : lookingAgain(state);
    case 'resync':
      return again(state);
    case 'replaceCustomer':
      return again({ ...state, customerOverride: repair.customer.trim() });
    case 'remap':
      return inErp(state) ? headerChanged(state, 'remap', act) : again(state);
    case 'release':
      return headerChanged(state, 'release', act);
    case 'sendAnyway':
      return eachDocument(state, (view) => (isSendable(view) ? disowned(view, now) : view));
    case 'adopt':
      return adopting(state, repair.orderNumber.trim());
    case 'acceptErp':
      return {
        ...state,
        answer: { kind: 'acceptErp', alsoMore: repair.alsoMore, act },
        follow: { kind: 'now' },
        // A change of the buyer's that nobody has seen yet is looked at first.
        revise: state.revise && { kind: 'now' },
      };
    case 'pushStorefront':
      return { ...state, answer: { kind: 'pushStorefront', act }, revise: { kind: 'now' }, reviseAnyway: true };
    case 'askOwner':
      return { ...state, askedOwner: repair.owner };
    case 'cancel':
      return cancelled(state, act);
    case 'close':
      // Should closing be refused, it is still open whether the ERP has it.
      return at(isAdoptable(state) ? { ...state, posts: 'doubtful' } : state, {
        at: 'toClose',
        outcome: 'closed',
        act,
      });
  }
}

/** By a person's word the ERP does not have it. What was taken in is looked for once more by its transaction. */
function disowned(view: OrderState, now: Instant): OrderState {
  const { step } = view;
  if (step.at === 'unknown') return cleared(view, step.order, 'person', now);
  if (step.at !== 'awaiting') return view;
  return at(view, { ...step, isDisowned: true, look: { kind: 'now', gap: step.look.gap } });
}

/** The first document of which nobody knows is the order named, once that is checked. */
function adopting(state: OrderState, orderNumber: string): OrderState {
  const first = views(state).find(isAdoptable)?.document;
  return eachDocument(state, (view) => {
    const { step } = view;
    const isLookedFor = step.at === 'unknown' || step.at === 'awaiting';
    return isLookedFor && view.document === first ? at(view, { at: 'toAdopt', orderNumber, from: step }) : view;
  });
}

/** Whether something of the order waits, or rests, so that it can be decided on anew. */
function isDecidable(state: OrderState): boolean {
  const waits = !everyStep(state, (step) => step.at !== 'parked' && step.at !== 'pausing');
  return waits || (isIdle(state) && inErp(state));
}

/** What was refused may be mended: it is looked at once more without waiting. */
function lookingAgain(state: OrderState): OrderState {
  return eachDocument(state, (view) => {
    const { step } = view;
    if (!('look' in step) || !isLookRefused(view)) return view;
    return at(view, { ...step, look: { kind: 'now', gap: step.look.gap } });
  });
}

/** Decides anew: in the ERP on both sides, before that on the purchase. */
function again(state: OrderState): OrderState {
  return inErp(state) ? readAgain(state) : preparedAnew(state);
}

/** Reads both sides again, and decides anew on what was parked. */
function readAgain(state: OrderState): OrderState {
  const reviews = state.problems.filter(({ code }) => problemKind(code).fate === 'proceedWithReview');
  const wasStopped = state.problems.length > reviews.length;
  const hasUnsent = views(state).some(({ facts, step }) => facts.orderNumber === '' && step.at === 'parked');
  const isDecided = wasStopped || hasUnsent || state.purchaseGone;
  return eachDocument(
    {
      ...state,
      problems: reviews,
      purchaseGone: false,
      refused: null,
      follow: { kind: 'now' },
      revise: isDecided ? { kind: 'now' } : state.revise,
      reviseAnyway: isDecided || state.reviseAnyway,
    },
    (view) => {
      const { orderNumber, erpStatus } = view.facts;
      const rests = view.step.at === 'settled' || view.step.at === 'parked';
      if (!rests || orderNumber === '') return view;
      return at({ ...view, stage: stageOfStatus(erpStatus) }, { at: 'toFollow', orderNumber });
    },
  );
}

function headerChanged(state: OrderState, change: 'remap' | 'release', act: Act): OrderState {
  const replacement = { kind: 'header', change, act } as const;
  const isThere = ({ facts, step }: OrderState) => facts.orderNumber !== '' && step.at !== 'over';
  const isLive = (view: OrderState) =>
    isThere(view) && (view.facts.erpStatus === null || !isCancelled(view.facts.erpStatus));
  // One that is cancelled in the ERP takes no change; if there is no other, the ERP says so.
  const concerns = views(state).some(isLive) ? isLive : isThere;
  return eachDocument(state, (view) => {
    if (!concerns(view)) return view;
    const { orderNumber } = view.facts;
    return at({ ...view, revision: view.revision + 1, attempt: 1 }, { at: 'toReplace', orderNumber, replacement });
  });
}

function cancelled(state: OrderState, act: Act): OrderState {
  // What was never sent, or was refused, is not sent any more.
  const stopped = eachDocument(state, (view) => (isUnsent(view) ? neverSent(view) : view));
  // What waits for the import job is said anew: there is nothing more to press.
  const wished: OrderState = { ...stopped, cancelWish: act, problems: problemsWithout(stopped, ['IMPORT_OVERDUE']) };
  if (inErp(state)) return wished;
  if (everyStep(stopped, (step) => step.at === 'over'))
    return at(stopped, { at: 'toClose', outcome: 'cancelled', act });
  // What may be in the ERP is looked for first, and cancelled there.
  const isLookedFor = everyStep(wished, (step) => step.at !== 'parked' && step.at !== 'toPrepare');
  return isLookedFor && isUnderWay(wished) ? wished : preparedAnew(wished);
}

/** Whether certainly nothing of a document is in the ERP, nor on its way there. */
function isUnsent({ step, facts, posts }: OrderState): boolean {
  const { at: place } = step;
  const isBefore = place === 'parked' || place === 'pausing' || place === 'toPrepare' || place === 'toSubmit';
  return isBefore && facts.orderNumber === '' && posts !== 'doubtful';
}

function cancelledInErp(state: OrderState, act: Act): OrderState {
  const cancelling = { lines: null, sent: null, afterwards: 'end', act } as const;
  const asked = eachDocument(state, (view) => {
    const { orderNumber } = view.facts;
    if (isUnsent(view)) return neverSent(view);
    return orderNumber === '' || view.step.at === 'over' ? view : at(view, { at: 'toCancel', orderNumber, cancelling });
  });
  // Nothing is left to cancel: it is noted who wanted it.
  if (everyStep(asked, (step) => step.at === 'over'))
    return { ...asked, cancelWish: null, cancelledBy: act, follow: { kind: 'now' } };
  // What may be in the ERP is cancelled as well, should it be found.
  const isAllKnown = views(asked).every(({ facts, step }) => facts.orderNumber !== '' || step.at === 'over');
  return isAllKnown ? { ...asked, cancelWish: null } : asked;
}
