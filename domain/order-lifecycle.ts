import {
  documentFacts,
  eachDocument,
  everyStep,
  inErp,
  isUnderWay,
  othersMatter,
  preparedAnew,
  seenFrom,
  seenFromHome,
  views,
} from './order-documents.ts';
import {
  afterFollow,
  afterRevise,
  closedWhenDue,
  isCancelledByPerson,
  isMissing,
  isGoneDecided,
} from './order-following.ts';
import { afterPrepared } from './order-preparing.ts';
import { afterCancel, afterReplace } from './order-repairs.ts';
import {
  afterErpChange,
  afterLook,
  afterSubmission,
  cleared,
  decidedOn,
  foundWith,
  isImportOverdue,
  withdrawnUnsent,
  withLongRefusals,
} from './order-submission.ts';
import type {
  Act,
  Action,
  Due,
  ErpGlance,
  Instant,
  OrderEvent,
  OrderState,
  RepairRequest,
  Step,
} from './order-state.ts';
import {
  at,
  dueAfter,
  goingOn,
  isAnotherParked,
  isCancelled,
  isLater,
  isLookRefused,
  lookRefused,
  neverSent,
  notCarriedOut,
  park,
  parkOrder,
  plus,
  problemsWithout,
  remember,
  stageOfStatus,
  whenDue,
  withoutRefusals,
} from './order-steps.ts';
import { problemKind, type Problem, type Repair } from './problems.ts';
import { faultOf } from './repair-arguments.ts';
import type { Pacing } from './site-rules.ts';

/** Edits move the decision on them by so many times the settle time at most. */
const MOST_SETTLES = 10;

/** Before the site file has been read: an order that has prepared once carries its site's own pacing. */
const FIRST_PACING: Pacing = {
  firstLook: 30_000,
  longestGap: 300_000,
  importOverdue: 1_800_000,
  importCycle: 300_000,
  settle: 20_000,
  merge: 20_000,
  creditPeriod: 90 * 86_400_000,
};

/** The state of an order nobody has looked at yet. */
export function newOrder(
  { site, key, reference }: { site: string; key: string; reference: string },
  now: Instant,
): OrderState {
  return {
    site,
    key,
    reference,
    stage: 'received',
    step: { at: 'toPrepare' },
    problems: [],
    facts: {
      visibleNumber: '',
      buyer: '',
      customer: '',
      purchaseOrder: '',
      currency: '',
      total: null,
      division: '',
      warehouse: '',
      holdCode: '',
      orderNumber: '',
      erpStatus: null,
      erpStatusLetter: '',
      siteVersion: '',
    },
    pacing: FIRST_PACING,
    timeline: [{ at: now, what: 'Received from the storefront.' }],
    decidedUpdatedAt: null,
    toldUpdatedAt: null,
    purchaseGone: false,
    heldSince: null,
    refusedSince: null,
    fingerprint: null,
    customerOverride: null,
    document: 1,
    revision: 1,
    attempt: 1,
    posts: 'none',
    sent: null,
    agreed: null,
    followedAt: null,
    toldVersion: '',
    units: null,
    others: [],
    cancelWish: null,
    pressed: [],
    cancelledBy: null,
    follow: null,
    revise: null,
    editedSince: null,
    reviseAnyway: false,
    answer: null,
    intended: null,
    outlived: [],
    refused: null,
    overtaken: 0,
    revisions: [],
    differences: [],
    takenOver: [],
    settlement: null,
    creditMemos: [],
    transactions: {},
    askedOwner: null,
    close: null,
  };
}

/**
 * The one next thing to do. Depends on the state alone: no clock, no site file. A change here changes what a replay
 * does; orders that are under way must then be told apart by a rules version read in each run (decision 36).
 */
export function decide(state: OrderState): Action {
  const { step } = state;
  if (step.at === 'toPrepare') return { do: 'prepare', customerOverride: state.customerOverride };
  if (step.at === 'toClose') return { do: 'recordClosing', outcome: step.outcome, act: step.act };
  if (step.at === 'finished') return { do: 'finish', outcome: step.outcome };
  for (const view of views(state)) {
    const action = nextOfDocument(view);
    if (action) return action;
  }
  return nextOfBothSides(state) ?? waiting(state);
}

/** Folds in what happened. Never throws; an event that does not concern the order's place leaves it where it is. */
export function evolve(state: OrderState, event: OrderEvent, now: Instant): OrderState {
  const isHeld = event.is === 'submitted' && event.outcome.kind === 'notPosted';
  const answered =
    'outcome' in event && !isHeld ? { ...state, problems: problemsWithout(state, ['STEP_OVERDUE']) } : state;
  const view = 'document' in event ? seenFrom(answered, event.document) : answered;
  const known = withLongRefusals(withoutRefusals(folded(view, event, now), isHeld ? null : answeredLook(event)), now);
  return seenFromHome(closedWhenDue(asPressed(asWished(asAsked(known)), now), now));
}

/** The document at which a look, or another step, was answered; null = none. */
function answeredLook(event: OrderEvent): number | null {
  return 'outcome' in event && 'document' in event ? event.document : null;
}

/** What one document needs done now; null = it rests or waits. */
function nextOfDocument(view: OrderState): Action | null {
  const { step, document, revision, attempt } = view;
  // Right after the import nothing was agreed on yet but what was sent.
  const agreed = view.agreed ?? view.sent;
  switch (step.at) {
    case 'toSubmit': {
      const { order, permission } = step;
      const fingerprint = plannedContent(view);
      return { do: 'submit', document, order, permission, fingerprint, revision, attempt };
    }
    case 'awaiting':
    case 'unknown': {
      if (step.look.kind !== 'now') return null;
      const { order, since } = step;
      const transaction = step.at === 'awaiting' ? step.transaction : null;
      const watermark = step.at === 'unknown' ? step.watermark : null;
      return { do: 'look', document, order, revision, attempt, transaction, since, watermark };
    }
    case 'toAdopt':
      return { do: 'checkAdoption', document, order: step.from.order, orderNumber: step.orderNumber };
    case 'toReplace': {
      const { orderNumber, replacement } = step;
      const fingerprint = plannedContent(view);
      return { do: 'replace', document, orderNumber, replacement, agreed, fingerprint, revision, attempt };
    }
    case 'replacing': {
      const { orderNumber, target, before, transaction, since } = step;
      if (step.look.kind !== 'now') return null;
      return { do: 'followReplace', document, orderNumber, target, before, transaction, revision, attempt, since };
    }
    case 'toCancel':
      return { do: 'cancel', document, orderNumber: step.orderNumber, cancelling: step.cancelling, agreed };
    case 'cancelling': {
      const { orderNumber, cancelling, transaction, postedAt } = step;
      if (step.look.kind !== 'now') return null;
      return { do: 'followCancel', document, orderNumber, cancelling, agreed, transaction, postedAt };
    }
    default:
      return null;
  }
}

/** Content for which a document's next step was planned: also when another document could not be brought to it. */
function plannedContent({ intended, refused, fingerprint }: OrderState): string {
  return intended ?? refused ?? fingerprint ?? '';
}

/** Reading both sides, or deciding on the buyer's changes, when that is due and the documents let it. */
function nextOfBothSides(state: OrderState): Action | null {
  if (!inErp(state)) return null;
  const { answer } = state;
  const fingerprint = state.intended ?? state.fingerprint ?? '';
  // Neither while an amendment is on its way, nor after one that came only in part, does our entry prove anything.
  const trustEntry = state.intended === null && state.fingerprint !== null;
  const documents = documentFacts(state);
  const accept = answer?.kind === 'acceptErp' ? answer : null;
  const isAtRest = everyStep(state, ({ at: place }) => place === 'settled' || place === 'parked' || place === 'over');
  const mayDecide = isAtRest && !isCancelledByPerson(state) && !views(state).some(isMissing);
  if (state.revise?.kind === 'now' && mayDecide)
    return {
      do: 'revise',
      documents,
      fingerprint,
      trustEntry,
      anyway: state.reviseAnyway,
      prefer: answer?.kind === 'pushStorefront' ? 'storefront' : 'nobody',
      customerOverride: state.customerOverride,
    };
  const isReadable = everyStep(state, ({ at: place }) => place !== 'replacing' && place !== 'cancelling');
  if (state.follow?.kind === 'now' && isReadable) {
    const { refused, creditMemos, transactions } = state;
    return { do: 'follow', documents, fingerprint, trustEntry, accept, refused, creditMemos, transactions };
  }
  return null;
}

function waiting(state: OrderState): Action {
  const times = views(state).flatMap(({ step }) => {
    if (step.at === 'pausing') return [step.until];
    return 'look' in step && step.look.kind === 'at' ? [step.look.time] : [];
  });
  const due = [state.follow, state.revise, state.close].flatMap((each) => (each?.kind === 'at' ? [each.time] : []));
  const [first] = [...times, ...(inErp(state) ? due : [])].toSorted(
    (left, right) => Date.parse(left) - Date.parse(right),
  );
  return { do: 'wait', until: first ?? null, why: whyWaiting(state) };
}

function whyWaiting(state: OrderState): string {
  const { step } = views(state).find((view) => !['settled', 'over'].includes(view.step.at)) ?? state;
  switch (step.at) {
    case 'pausing':
      return `Sending again soon: ${step.why}`;
    case 'awaiting':
      return 'Awaiting the ERP’s import job';
    case 'unknown':
      return 'Looking whether the ERP has the order';
    case 'replacing':
      return 'Awaiting the ERP’s answer to the change';
    case 'cancelling':
      return 'Awaiting the ERP’s answer to the cancel';
    case 'parked':
      return 'Parked: waiting for a person';
    default:
      if (state.revise) return 'The purchase changed; waiting for further edits';
      if (state.follow) return 'The ERP order moved; waiting for further events';
      return state.close ? 'Everything is invoiced or cancelled; awaiting credits' : 'In the ERP; watching both sides';
  }
}

/** A wish is fulfilled as soon as nothing of the order is under way any more: to cancel (decision 10), or to decide anew. */
function asWished(state: OrderState): OrderState {
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

/** What people pressed while the step in hand went elsewhere is done as soon as the order takes it. */
function asPressed(state: OrderState, now: Instant): OrderState {
  const { pressed = [] } = state;
  return pressed.reduce<OrderState>((order, repair) => {
    const left = { ...order, pressed: order.pressed?.filter((other) => other !== repair) ?? [] };
    const refusal = refuseRepair(order, repair);
    if (refusal === null) return carriedOut(left, repair, now);
    const isLeft = isIdle(order) || isEnding(order);
    return isLeft ? notDone(left, repair, refusal, now) : order;
  }, state);
}

/** To a person whose act was accepted, and came to nothing. */
function notDone(state: OrderState, { kind }: RepairRequest, why: string, now: Instant): OrderState {
  return remember(state, now, `${kind} was not carried out. ${why}`);
}

function isEnding({ step }: OrderState): boolean {
  return step.at === 'toClose' || step.at === 'finished';
}

/** Who was asked to decide is asked no longer than there is something to decide. */
function asAsked(state: OrderState): OrderState {
  return state.askedOwner !== null && state.problems.length === 0 ? { ...state, askedOwner: null } : state;
}

function folded(state: OrderState, event: OrderEvent, now: Instant): OrderState {
  switch (event.is) {
    case 'purchaseChanged':
      return afterPurchaseChange(state, event.updatedAt, now);
    case 'purchaseGone':
      return afterPurchaseGone(state, now);
    case 'erpChanged':
      return noticed(afterErpNews(state, event, now), now);
    case 'repaired':
      return afterRepair(state, event.repair, now);
    case 'prepared':
      return noticed(afterPrepared(state, event.outcome, now), now);
    case 'submitted':
      return noticed(afterSubmission(state, event.outcome, event.controlNumber, now), now);
    case 'looked':
      return noticed(afterLook(state, event.outcome, now), now);
    case 'followed':
      return afterFollow(state, event.outcome, now);
    case 'revised':
      return afterRevise(state, event.outcome, now);
    case 'adoptionChecked':
      return afterAdoptionCheck(state, event.outcome, now);
    case 'replaced':
    case 'cancelled':
      return afterErpStep(state, event, now);
    case 'closingRecorded':
      return state.step.at === 'toClose' ? at(state, { at: 'finished', outcome: state.step.outcome }) : state;
    case 'timePassed':
      return afterTime(state, now);
    case 'stepOverdue':
      return overdue(state, event.why, now);
    case 'stepRefused':
      return refusedForGood(state, event.why, now);
  }
}

/**
 * How far a change in the ERP has come. Of the documents of one verdict the first that is overtaken counts. Once the
 * verdict waits for a person because of another document nothing is decided anew over that person's head.
 */
function afterErpStep(
  state: OrderState,
  event: Extract<OrderEvent, { is: 'replaced' | 'cancelled' }>,
  now: Instant,
): OrderState {
  const next = (before: OrderState) =>
    event.is === 'replaced' ? afterReplace(before, event.outcome, now) : afterCancel(before, event.outcome, now);
  const { outcome } = event;
  const isOfVerdict = state.others.length > 0 && isPlannedStep(state.step);
  if (outcome.kind !== 'overtaken' || !isOfVerdict || state.intended !== null) return next(state);
  if (state.refused === null) {
    const isCounted = state.revise?.kind === 'now' && state.reviseAnyway;
    return next(isCounted ? { ...state, overtaken: state.overtaken - 1 } : state);
  }
  if (state.purchaseGone || !isAnotherParked(state)) return next(state);
  return goingOn(remember(state, now, `Not carried out: ${outcome.why}`));
}

/** Whether it is a step of a verdict on the buyer's changes, and no person's. */
function isPlannedStep(step: Step): boolean {
  if (step.at === 'toReplace' || step.at === 'replacing') return step.replacement.kind === 'amendment';
  return (step.at === 'toCancel' || step.at === 'cancelling') && step.cancelling.act === null;
}

/** What only an order can be asked where something of it differs from the other side, or is parked for it. */
const OF_EDITS = ['ERP_EDIT', 'EDIT_CONFLICT', 'ACCEPT_NEEDS_CHOICE', 'AMENDED', 'REPLACE_REFUSED'] as const;

/** Where nothing is left behind in the ERP of which nobody knows yet what becomes of it, or a person is asked that. */
const CLOSABLE: ReadonlySet<Step['at']> = new Set(['settled', 'parked', 'over', 'unknown', 'pausing']);

/** Why a repair cannot be taken now; null = it can. For validators: synchronous, no effect. */
export function refuseRepair(state: OrderState, repair: RepairRequest): string | null {
  const fault = faultOf(repair);
  if (fault !== null) return fault;
  if (isEnding(state)) return 'The order is finished.';
  const { because } = repair;
  if (because !== undefined && !state.problems.some(({ code }) => code === because))
    return `The order does not have ${because} any more, so it was left alone.`;
  const { at: place } = state.step;
  const rests = everyStep(state, (step) => step.at === 'settled' || step.at === 'parked' || step.at === 'over');
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

/** Whether there is nothing more to do in this run. */
export function isFinished(state: OrderState): boolean {
  return state.step.at === 'finished';
}

/** Whether the order may sit still for long: a good moment to start a fresh history. */
export function isIdle(state: OrderState): boolean {
  return everyStep(state, ({ at: place }) => place === 'settled' || place === 'parked' || place === 'over');
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

function afterPurchaseChange(state: OrderState, updatedAt: Instant, now: Instant): OrderState {
  if (state.decidedUpdatedAt !== null && !isLater(updatedAt, state.decidedUpdatedAt)) return state;
  if (state.toldUpdatedAt !== null && !isLater(updatedAt, state.toldUpdatedAt)) return state;
  const told = { ...state, toldUpdatedAt: updatedAt };
  // Every further edit moves the decision, though not for ever: edits in quick succession go out as one revision.
  if (inErp(state) && state.revise?.kind !== 'now') {
    const { settle } = state.pacing;
    const editedSince = state.revise === null ? now : (state.editedSince ?? now);
    const latest: Due = { kind: 'at', time: plus(editedSince, MOST_SETTLES * settle) };
    return { ...told, editedSince, revise: dueAfter(latest, now, settle) };
  }
  return noticed(told, now);
}

/** Acts on a change that was told, if the order is at a place where it may. Elsewhere the next step looks by itself. */
function noticed(state: OrderState, now: Instant): OrderState {
  const { step, toldUpdatedAt, decidedUpdatedAt } = state;
  if (inErp(state)) return state;
  const isNews = toldUpdatedAt !== null && (decidedUpdatedAt === null || isLater(toldUpdatedAt, decidedUpdatedAt));
  const waitsForPerson = state.problems.some(({ code }) => code === 'DUPLICATE_IN_ERP');
  // Once is enough, where something under way must end first.
  if (step.at === 'parked' && isNews && !waitsForPerson && state.revise === null)
    return preparedAnew(remember(state, now, 'The purchase changed; preparing anew.'));
  const isEnding = state.purchaseGone && (step.at === 'parked' || step.at === 'pausing');
  return isEnding ? afterPurchaseGone(state, now) : state;
}

function afterPurchaseGone(state: OrderState, now: Instant): OrderState {
  const { step } = state;
  if (step.at === 'finished' || step.at === 'toClose') return state;
  const gone = { ...state, purchaseGone: true };
  // The sweep of every worker tells it; it is decided on once.
  if (inErp(state)) return isGoneDecided(state) ? gone : { ...gone, revise: { kind: 'now' }, reviseAnyway: true };
  const nothingSent =
    step.at === 'parked' || step.at === 'pausing' || step.at === 'toPrepare' || step.at === 'toSubmit';
  return nothingSent && !hasUnknownPost(state) && !othersMatter(state)
    ? withdrawnUnsent(gone, now, 'The buyer withdrew the purchase before it was sent.')
    : gone;
}

function hasUnknownPost(state: OrderState): boolean {
  return state.posts === 'doubtful';
}

/** The ERP's news go to the document they are about; a move of a pick or an invoice, or a credit, is read on both sides. */
function afterErpNews(
  state: OrderState,
  { imports, orders, credits, moved }: Extract<OrderEvent, { is: 'erpChanged' }>,
  now: Instant,
): OrderState {
  const told = eachDocument(state, (view) => {
    const ofImports = imports.filter((result) => documentOf(view, result.reference) === view.document);
    const ofOrders = orders.filter(({ document }) => document === view.document);
    if (ofImports.length + ofOrders.length === 0) return view;
    const { orderNumber } = view.facts;
    const own =
      ofOrders.find((order) => order.orderNumber === orderNumber) ?? (orderNumber === '' ? ofOrders[0] : undefined);
    const changed = afterErpChange(view, ofImports, ofOrders, now);
    return own ? { ...changed, toldVersion: own.version } : changed;
  });
  const known = new Set(told.creditMemos);
  const fresh = credits.filter((number) => !known.has(number));
  const remembered = { ...told, creditMemos: [...told.creditMemos, ...fresh] };
  const isNews = moved || credits.length > 0;
  return isNews && inErp(told) ? { ...remembered, follow: dueAfter(told.follow, now, told.pacing.merge) } : remembered;
}

/** Which document of this order a reference names. */
function documentOf(state: OrderState, reference: string): ErpGlance['document'] {
  const suffix = reference.trim().toUpperCase().slice(state.reference.length);
  const number = /^\.(\d+)$/.exec(suffix)?.[1];
  return number ? Number(number) : 1;
}

function afterAdoptionCheck(
  state: OrderState,
  outcome: Extract<OrderEvent, { is: 'adoptionChecked' }>['outcome'],
  now: Instant,
): OrderState {
  if (state.step.at !== 'toAdopt') return state;
  const { orderNumber, from } = state.step;
  if (outcome.kind === 'ours')
    return at(
      {
        ...foundWith(state, from.order),
        facts: { ...state.facts, orderNumber },
        stage: 'submitted',
        problems: problemsWithout(decidedOn(state), ['OUTCOME_UNKNOWN', 'ADOPT_REFUSED', 'DUPLICATE_IN_ERP']),
        follow: { kind: 'now' },
      },
      { at: 'toFollow', orderNumber },
    );
  const problems: readonly Problem[] = [
    ...problemsWithout(state, ['ADOPT_REFUSED']),
    { code: 'ADOPT_REFUSED', says: `ERP order ${orderNumber} was not adopted: ${outcome.why}` },
  ];
  return at(remember({ ...state, problems }, now, `ERP order ${orderNumber} was not adopted: ${outcome.why}`), {
    ...from,
    look: { kind: 'now', gap: state.pacing.firstLook },
  });
}

/**
 * An act that was accepted never vanishes. It was judged by how the order stood before the step in hand; where it no longer
 * fits after that step, it waits until the order rests, or the story says that it was not carried out.
 */
function afterRepair(state: OrderState, repair: RepairRequest, now: Instant): OrderState {
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

/** Acts on how the order shall be. The others answer a question as it stood, or say how things stood, at that moment. */
const WAITS_FOR_REST: ReadonlySet<Repair> = new Set([
  'retry',
  'resync',
  'replaceCustomer',
  'remap',
  'release',
  'close',
]);

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
  const rests = everyStep(state, (step) => step.at === 'settled' || step.at === 'parked' || step.at === 'over');
  const waits = !everyStep(state, (step) => step.at !== 'parked' && step.at !== 'pausing');
  return waits || (rests && inErp(state));
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

function afterTime(before: OrderState, now: Instant): OrderState {
  const due = (each: Due) => whenDue(each, now);
  const state = { ...before, follow: due(before.follow), revise: due(before.revise), close: due(before.close) };
  return eachDocument(state, (view) => {
    const { step } = view;
    if (step.at === 'pausing')
      return isLater(step.until, now)
        ? view
        : at(view, { at: 'toSubmit', order: step.order, permission: step.permission });
    if ('look' in step && step.look.kind === 'at' && !isLater(step.look.time, now))
      return at(view, { ...step, look: { kind: 'now', gap: step.look.gap } });
    return view;
  });
}

function overdue(state: OrderState, why: string, now: Instant): OrderState {
  if (state.problems.some(({ code }) => code === 'STEP_OVERDUE')) return state;
  const problem: Problem = { code: 'STEP_OVERDUE', says: `A step has not succeeded for a long time: ${why}` };
  return remember({ ...state, problems: [...state.problems, problem] }, now, problem.says);
}

/** A step that cannot succeed parks the order; but while something may be under way in the ERP, looking goes on. */
function refusedForGood(state: OrderState, why: string, now: Instant): OrderState {
  const { step } = state;
  const { orderNumber } = state.facts;
  const says = `A system refused this step for good: ${why}`;
  const problems: readonly Problem[] = [{ code: 'STEP_REFUSED', says }];
  if (step.at === 'toClose') return closingRefused(state, step, problems, now);
  // Nothing was to be done with this document: it was a step that works on both sides at once.
  if (step.at !== 'toPrepare' && nextOfDocument(state) === null) {
    const quiet = eachDocument({ ...state, follow: null, revise: null, answer: null }, (view) =>
      view.step.at === 'toFollow' ? at(view, { at: 'settled', orderNumber: view.step.orderNumber }) : view,
    );
    return parkOrder(quiet, problems, now);
  }
  if ('look' in step) return lookRefused(state, step, why, now);
  // Naming an order that cannot be checked is no reason to stop looking for the post.
  if (step.at === 'toAdopt') return afterAdoptionCheck(state, { kind: 'notOurs', why }, now);
  const stopped: OrderState = { ...state, revise: null, answer: null };
  // A submit step that broke leaves it open whether an attempt of it sent something.
  const open = step.at === 'toSubmit' ? { ...stopped, posts: 'doubtful' as const } : notCarriedOut(stopped);
  return park(open, problems, now, orderNumber || null);
}

/** What is said while a document is looked for. */
const OF_LOOKING = ['OUTCOME_UNKNOWN', 'ADOPT_REFUSED', 'IMPORT_OVERDUE', 'CHANGE_OVERDUE'] as const;

/** Closing is tried again by a person; what was cancelled stays so. */
function closingRefused(
  state: OrderState,
  { outcome, act }: Extract<Step, { at: 'toClose' }>,
  problems: readonly Problem[],
  now: Instant,
): OrderState {
  const { orderNumber } = state.facts;
  const isCancelled = outcome === 'cancelled';
  if (isCancelled && inErp(state)) return parkOrder(at(state, { at: 'over', orderNumber }), problems, now);
  const stopped = { ...state, problems: problemsWithout(state, OF_LOOKING) };
  return park(isCancelled ? { ...stopped, cancelWish: act } : stopped, problems, now, orderNumber || null);
}
