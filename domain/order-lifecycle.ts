import { isDatedAhead } from './dated-ahead.ts';
import { afterRepair, asPressed, asWished } from './order-acts.ts';
import {
  documentFacts,
  eachDocument,
  everyStep,
  inErp,
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
  isGoneDecided,
  isMissing,
} from './order-following.ts';
import { afterPrepared } from './order-preparing.ts';
import { afterCancel, afterReplace } from './order-repairs.ts';
import type { Action, Due, ErpGlance, Instant, OrderEvent, OrderState, Step } from './order-state.ts';
import {
  at,
  dueAfter,
  goingOn,
  isAnotherParked,
  isLater,
  lookRefused,
  notCarriedOut,
  park,
  parkOrder,
  plus,
  problemsWithout,
  remember,
  whenDue,
  withoutRefusals,
} from './order-steps.ts';
import {
  afterErpChange,
  afterLook,
  afterSubmission,
  decidedOn,
  foundWith,
  withdrawnUnsent,
  withLongRefusals,
} from './order-submission.ts';
import type { Problem } from './problems.ts';
import type { Pacing } from './site-rules.ts';

/** A time of change that is still so far to come hides no other: of two, nobody knows which is the later. */
const FAR_AHEAD_MINUTES = 60;
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
    inErpBy: null,
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

/** Whether there is nothing more to do in this run. */
export function isFinished(state: OrderState): boolean {
  return state.step.at === 'finished';
}

function afterPurchaseChange(state: OrderState, updatedAt: Instant, now: Instant): OrderState {
  const isAhead = (known: Instant) => isDatedAhead(known, now, FAR_AHEAD_MINUTES);
  const isNoNews = (known: Instant | null) =>
    known !== null && (isAhead(known) ? Date.parse(known) === Date.parse(updatedAt) : !isLater(updatedAt, known));
  if (isNoNews(state.decidedUpdatedAt) || isNoNews(state.toldUpdatedAt)) return state;
  const { decidedUpdatedAt: decided } = state;
  const decidedUpdatedAt = decided !== null && isAhead(decided) ? null : decided;
  const told = { ...state, decidedUpdatedAt, toldUpdatedAt: updatedAt };
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
