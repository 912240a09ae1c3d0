import { describeDifference, moneyOf, type Difference } from './compare-sales-order.ts';
import { eachDocument, everyStep, inErp, views, withNewDocument } from './order-documents.ts';
import {
  asAccepted,
  at,
  dropped,
  dueAfter,
  goingOn,
  GONE,
  isAbout,
  later,
  neverSent,
  park,
  parkOrder,
  parks,
  plus,
  problemsWithout,
  remember,
  unparked,
} from './order-steps.ts';
import type {
  DocumentPlan,
  FollowedDocument,
  FollowOutcome,
  Instant,
  OrderState,
  ReviseOutcome,
  Revision,
} from './order-state.ts';
import { problemKind, type Problem, type ProblemCode } from './problems.ts';
import { changeMoney, describeChange, type Change } from './purchase-changes.ts';
import { describeMoneyLine, newOnTheBill, unexplained, withGone, type Settlement } from './settle-money.ts';

/** As many amendments as a person reads; all of them are in the workflow's history. */
const REVISIONS_SHOWN = 20;
/** Problems that are over when both sides agree. */
const OF_EDITS: readonly ProblemCode[] = [
  'AMENDED',
  'EDIT_CONFLICT',
  'ACCEPT_NEEDS_CHOICE',
  'REPLACE_REFUSED',
  'ERP_EDIT',
];
/** Problems that every reading of both sides finds anew, or not. */
const FOUND_ANEW: readonly ProblemCode[] = [
  'STEP_OVERDUE',
  'IMPORT_OVERDUE',
  'CHANGE_OVERDUE',
  'OUTCOME_UNKNOWN',
  'ERP_EDIT',
  'INVOICE_DIFFERS',
];

/** Problems on which another content of the purchase has no bearing. */
const OF_THE_ERP: ReadonlySet<ProblemCode> = new Set([
  'ERP_REFUSED',
  'OUTCOME_UNKNOWN',
  'DUPLICATE_IN_ERP',
  'ADOPT_REFUSED',
  'REMAP_NOT_POSSIBLE',
  'WRITE_BACK_REFUSED',
  'STEP_REFUSED',
  'ACCEPT_NEEDS_CHOICE',
  'EDIT_OVERWRITTEN',
]);
/** To a person who wanted the ERP's version and had not seen what the buyer changed. */
const UNSEEN =
  'The purchase changed too, so the ERP’s version was not taken over: what shall hold is to be said again.';
/** Reviews with which an order goes in on hold; the next content may not need them. */
const OF_PREPARING: readonly ProblemCode[] = ['LOCATION_NOT_MAPPED', 'DELIVERY_DATE_UNREADABLE'];
/** While one of these stands the order does not end by itself. */
const KEEPS_OPEN: ReadonlySet<ProblemCode> = new Set(['ERP_EDIT', 'INVOICE_DIFFERS', 'CANCEL_PARTIAL']);

/** What reading both sides found: the ERP's edits, the money, and whether the purchase still is what was agreed. */
export function afterFollow(state: OrderState, outcome: FollowOutcome, now: Instant): OrderState {
  const answer = state.answer?.kind === 'acceptErp' ? null : state.answer;
  const asked: OrderState = { ...state, answer, follow: null };
  if (outcome.kind === 'notThere') return notThere(asked, outcome.orderNumber, now);
  const { documents, findings, accepted, purchase, transactions, takenOver, creditMemos = [] } = outcome;
  const settlement = withGone(state.settlement, outcome.settlement);
  const isAccepted = accepted === 'yes' && purchase.kind !== 'conflict';
  // What the purchase did not take was not taken over.
  const isInVain = accepted === 'yes' && !isAccepted;
  const read = eachDocument(asked, (view) => {
    const found = documents.find(({ document }) => document === view.document);
    if (!found) return view;
    return documentRead(
      view,
      isInVain ? { ...found, agreed: view.agreed ?? found.agreed, sent: null } : found,
      isAccepted,
      now,
    );
  });
  const differences = isInVain
    ? state.differences
    : documents.map(({ glance, differences: found }) => ({ orderNumber: glance.orderNumber, differences: found }));
  const over = new Set<ProblemCode>([
    ...FOUND_ANEW,
    ...findings.map(({ code }) => code),
    ...(isAccepted ? OF_EDITS : []),
    ...(purchase.kind === 'written' || purchase.kind === 'amended' ? (['WRITE_BACK_REFUSED'] as const) : []),
  ]);
  // What was brought to the ERP is there: some of it no longer needs to be looked at.
  for (const code of asked.intended === null ? [] : asked.outlived) over.add(code);
  const left = read.problems.filter((problem) => !over.has(problem.code) && !isSolvedBy(documents, problem));
  const billed = newOnTheBill(state.settlement, settlement).reduce((told, what) => remember(told, now, what), read);
  const known: OrderState = {
    ...toldOfDifferences(
      unparked(billed, left),
      differences.flatMap((each) => each.differences),
      now,
    ),
    settlement,
    differences,
    takenOver: isAccepted ? takenOver : state.takenOver,
    creditMemos: [...new Set([...state.creditMemos, ...creditMemos])],
    transactions,
    problems: [...left, ...findings, ...editProblems(differences), ...moneyProblems(settlement)],
  };
  const duplicates = findings.filter(({ code }) => code === 'DUPLICATE_IN_ERP');
  if (duplicates.length > 0) return parkOrder(known, duplicates, now);
  if (accepted === 'needsChoice') {
    const says = `To take the ERP’s version the purchase gets more, or another price: ${differences.flatMap((each) => each.differences.map(describeDifference)).join('; ')}.`;
    return parkOrder(known, [{ code: 'ACCEPT_NEEDS_CHOICE', says }], now);
  }
  if (purchase.kind === 'conflict') return parkOrder(known, [{ code: 'WRITE_BACK_REFUSED', says: purchase.why }], now);
  // What the buyer changed since does not bring back what a person cancelled.
  if (isCancelledByPerson(known)) return ended(known, now);
  if (purchase.kind === 'gone') return afterGone(known, state.settlement, now, isGoneDecided(state));
  const told = accepted === 'unseen' ? remember(known, now, UNSEEN) : known;
  const seen: OrderState = {
    ...told,
    decidedUpdatedAt: later(purchase.updatedAt, known.decidedUpdatedAt),
    fingerprint: purchase.kind === 'written' ? purchase.fingerprint : (known.intended ?? known.fingerprint),
    intended: null,
  };
  return purchase.kind === 'written'
    ? ending(bothAgree({ ...seen, refused: isAccepted ? null : seen.refused }), state.settlement, now)
    : amended(seen, purchase.fingerprint, state, now);
}

/** The ERP does not show an order that it said it made: nothing is decided, and nothing sent in its place. */
function notThere(state: OrderState, orderNumber: string, now: Instant): OrderState {
  const says = `The ERP said it made order ${orderNumber}, but does not show it.`;
  const problems: readonly Problem[] = [{ code: 'ERP_REFUSED', says }];
  // All of it was seen cancelled before.
  if (isCancelledByPerson(state)) return ended(state, now);
  return eachDocument(state, (view) => {
    const { step } = view;
    if (view.facts.orderNumber === orderNumber)
      return step.at === 'over'
        ? { ...view, problems: [...problems, ...problemsWithout(view, ['ERP_REFUSED'])] }
        : park(view, problems, now, orderNumber);
    return step.at === 'toFollow' ? at(view, { at: 'settled', orderNumber: step.orderNumber }) : view;
  });
}

/** Whether an order in the ERP is one of those that it said it made and does not show. */
export function isMissing({ step, facts, problems }: OrderState): boolean {
  const { orderNumber } = facts;
  return (
    step.at === 'parked' &&
    orderNumber !== '' &&
    problems.some((problem) => problem.code === 'ERP_REFUSED' && isAbout(problem, orderNumber))
  );
}

/** An order that is shown again, or of which nothing is left that was not cancelled. */
function isSolvedBy(documents: readonly FollowedDocument[], problem: Problem): boolean {
  return documents.some(({ glance, units }) => {
    if (!isAbout(problem, glance.orderNumber)) return false;
    return problem.code === 'CANCEL_PARTIAL' ? units.ordered === units.cancelled : problem.code === 'ERP_REFUSED';
  });
}

/** The buyer changed the purchase: that is decided on, unless a person is asked about that very content already. */
function amended(seen: OrderState, fingerprint: string, before: OrderState, now: Instant): OrderState {
  if (fingerprint !== before.refused)
    return {
      ...seen,
      revise: dueAfter(seen.revise, now, seen.pacing.settle),
      editedSince: seen.revise === null ? now : seen.editedSince,
      reviseAnyway: true,
    };
  if (before.purchaseGone) return afterGone(seen, before.settlement, now, true);
  // The ERP's side of a conflict was put right there: what is left is the buyer's change.
  const isPutRight = hasOpenDifferences(before) && !hasOpenDifferences(seen);
  const isAsked = seen.problems.some((problem) => {
    if (problem.code === 'EDIT_CONFLICT') return !isPutRight;
    return problem.code === 'CANCEL_PARTIAL' || parks(problem);
  });
  return isAsked ? seen : { ...seen, refused: null, revise: { kind: 'now' }, reviseAnyway: true };
}

/** The purchase is as it was agreed: what was parked for another content of it is over, and so is a difference that is gone. */
function bothAgree(state: OrderState): OrderState {
  const left = contentLeft(state);
  if (hasOpenDifferences(left)) return left;
  const next = unparked(left, problemsWithout(left, ['AMENDED', 'EDIT_CONFLICT', 'ACCEPT_NEEDS_CHOICE']));
  return next.refused === next.fingerprint ? { ...next, refused: null } : next;
}

/** The purchase says something else again than what was parked for a person: the reasons of that are over. */
function contentLeft(state: OrderState): OrderState {
  if (state.refused === null || state.refused === state.fingerprint) return state;
  const left = state.problems.filter(({ code }) => !isOfContent(code));
  return { ...unparked(state, left), refused: null, purchaseGone: false };
}

function isOfContent(code: ProblemCode): boolean {
  return problemKind(code).fate === 'park' && !OF_THE_ERP.has(code);
}

function hasOpenDifferences({ differences }: OrderState): boolean {
  return differences.some((each) => each.differences.some(({ tolerated }) => !tolerated));
}

/** Whether a person cancelled the order and nothing of it is left: then nothing is decided on any more. */
export function isCancelledByPerson(state: OrderState): boolean {
  return state.cancelledBy !== null && everyStep(state, (step) => step.at === 'over');
}

/** What the purchase's changes mean: nothing, a set of plans, or a person. Either all documents follow, or none. */
export function afterRevise(before: OrderState, outcome: ReviseOutcome, now: Instant): OrderState {
  const { answer } = before;
  const asked = answer?.kind === 'acceptErp' ? answer : null;
  const state: OrderState = { ...before, revise: null, reviseAnyway: false, answer: asked };
  if (outcome.kind === 'unchanged') {
    const seen = { ...state, decidedUpdatedAt: later(outcome.updatedAt, state.decidedUpdatedAt) };
    const left = contentLeft(seen);
    // While it was parked nothing was told of how things stand; and what ends by itself was kept from ending by this.
    const isReadAgain = left !== seen || (seen.settlement?.complete === true && seen.close === null);
    return isReadAgain ? { ...left, follow: { kind: 'now' } } : left;
  }
  const isSame = outcome.kind === 'planned' && outcome.plans.every(({ plan }) => plan.kind === 'same');
  if (asked === null || isSame) return afterVerdict(state, outcome, now);
  const told = remember(state, now, UNSEEN);
  return afterVerdict({ ...told, answer: null }, outcome, now);
}

function afterVerdict(
  state: OrderState,
  outcome: Exclude<ReviseOutcome, { kind: 'unchanged' }>,
  now: Instant,
): OrderState {
  switch (outcome.kind) {
    case 'withdrawn':
      return withdrawn(state, outcome, now);
    case 'impossible': {
      const { updatedAt, fingerprint } = outcome.purchase;
      const seen = { ...state, decidedUpdatedAt: later(updatedAt, state.decidedUpdatedAt) };
      return parkOrder(notFollowed(seen, fingerprint), outcome.problems, now);
    }
    case 'planned':
      return planned(state, outcome, now);
  }
}

/**
 * A content that the documents do not follow. What they were last brought to nobody has read: then none is known to be what
 * the ERP has.
 */
function notFollowed(state: OrderState, refused: string): OrderState {
  return { ...state, refused, intended: null, fingerprint: state.intended === null ? state.fingerprint : null };
}

function withdrawn(
  state: OrderState,
  { verdict, why, fingerprint }: Extract<ReviseOutcome, { kind: 'withdrawn' }>,
  now: Instant,
): OrderState {
  // Decided on once: the same again is no news.
  const gone = eachDocument({ ...notFollowed(state, fingerprint ?? GONE), purchaseGone: true }, (view) =>
    view.facts.orderNumber === '' && view.step.at === 'parked' ? dropped(view, now) : view,
  );
  if (everyStep(gone, (step) => step.at === 'over')) return ended(gone, now);
  const live = views(gone).filter(({ step, facts }) => facts.orderNumber !== '' && step.at !== 'over');
  if (live.length === 0) return gone;
  if (verdict === 'park') {
    if (state.problems.some(({ code }) => code === 'WITHDRAWN')) return gone;
    const numbers = live.map(({ facts }) => facts.orderNumber).join(', ');
    const ofDropped = gone.problems.filter(({ code }) => code === 'WITHDRAWN');
    const says = `${why}; ERP order ${numbers} still stands.`;
    return parkOrder(gone, [{ code: 'WITHDRAWN', says }, ...ofDropped], now);
  }
  const cancelling = { lines: null, sent: null, afterwards: 'end', act: null } as const;
  return eachDocument(remember(gone, now, `Cancelling in the ERP: ${why}.`), (view) =>
    view.facts.orderNumber === '' || view.step.at === 'over'
      ? view
      : at(view, { at: 'toCancel', orderNumber: view.facts.orderNumber, cancelling }),
  );
}

function planned(
  state: OrderState,
  { plans, reviews, purchase, siteVersion }: Extract<ReviseOutcome, { kind: 'planned' }>,
  now: Instant,
): OrderState {
  const { visibleNumber, buyer, customer, customerReference, currency, total } = purchase;
  const revisions = plans.flatMap(({ document, plan }): readonly Revision[] => {
    const stage = 'assumed' in plan ? plan.assumed.stage : null;
    const changes = 'changes' in plan ? plan.changes : [];
    return plan.kind === 'same' ? [] : [{ at: now, what: plan.kind, document, stage, changes }];
  });
  const seen: OrderState = {
    ...state,
    facts: {
      ...state.facts,
      visibleNumber,
      buyer,
      customer,
      currency,
      total,
      siteVersion,
      purchaseOrder: customerReference,
    },
    decidedUpdatedAt: later(purchase.updatedAt, state.decidedUpdatedAt),
    revisions: [...state.revisions, ...revisions].slice(-REVISIONS_SHOWN),
  };
  const stops = plans.flatMap(({ plan }) => (plan.kind === 'park' ? [plan.problem] : []));
  if (stops.length > 0) return parkOrder(notFollowed(seen, purchase.fingerprint), stops, now);
  // Every document that was refused, or for which a step was, is sent, changed or dropped now.
  const solved = new Set<ProblemCode>([
    'ERP_REFUSED',
    'STEP_REFUSED',
    'ACCEPT_NEEDS_CHOICE',
    ...reviews.map(({ code }) => code),
  ]);
  const settled: OrderState = {
    ...seen,
    refused: null,
    purchaseGone: false,
    cancelledBy: null,
    intended: purchase.fingerprint,
    outlived: outlived(seen, plans, reviews),
    follow: { kind: 'now' },
    problems: [...seen.problems.filter(({ code }) => !solved.has(code) && !isOfContent(code)), ...reviews],
  };
  const changes = revisions.flatMap((revision) => revision.changes);
  const told = changes.length === 0 ? settled : remember(settled, now, `Amended: ${sentenceOf(changes)}.`);
  const wanted = new Set(plans.map(({ document }) => document));
  const rest = eachDocument(told, (view) => {
    if (view.step.at !== 'parked' || wanted.has(view.document)) return view;
    return view.facts.orderNumber === '' ? dropped(view, now) : goingOn(view);
  });
  return plans.reduce((order, plan) => applied(order, plan, now), rest);
}

/** Reviews that the purchase no longer needs, as far as the plans bring every document where it then belongs. */
function outlived(
  state: OrderState,
  plans: readonly DocumentPlan[],
  reviews: readonly Problem[],
): readonly ProblemCode[] {
  const isMoving = plans.some(({ plan }) => plan.kind === 'replace' || plan.kind === 'reenter' || plan.kind === 'send');
  if (!isMoving) return [];
  return OF_PREPARING.filter(
    (code) =>
      state.problems.some((problem) => problem.code === code) &&
      reviews.every((review) => review.code !== code) &&
      views(state).every((view) =>
        needsNoReview(view, plans.find(({ document }) => document === view.document)?.plan, code),
      ),
  );
}

/** Whether a document is, or will be, as if it had never needed the review: neither held for it nor elsewhere. */
function needsNoReview(view: OrderState, plan: DocumentPlan['plan'] | undefined, code: ProblemCode): boolean {
  const { facts, step } = view;
  switch (plan?.kind) {
    case 'replace': {
      const { target, sent } = plan;
      const isHeld = target.holdCode !== sent.holdCode && target.holdCode === view.sent?.holdCode;
      return !isHeld && (code !== 'LOCATION_NOT_MAPPED' || target.warehouse === sent.warehouse);
    }
    case 'reenter':
    case 'send':
      return true;
    default: {
      const isEnding = plan?.kind === 'cancelOpen' && plan.lines === null;
      return isEnding || step.at === 'over' || facts.orderNumber === '' || facts.holdCode === '';
    }
  }
}

/** One document on its way to what the purchase says now. */
function applied(state: OrderState, { document, plan }: DocumentPlan, now: Instant): OrderState {
  if (!views(state).some((view) => view.document === document)) {
    const isNew = plan.kind === 'send' || plan.kind === 'supplement';
    return isNew && state.cancelWish === null ? withNewDocument(state, document, plan.order) : state;
  }
  return eachDocument(state, (view) => {
    if (view.document !== document) return view;
    const { orderNumber } = view.facts;
    switch (plan.kind) {
      case 'same':
        return view.step.at === 'parked' && orderNumber !== '' ? goingOn(view) : view;
      case 'replace': {
        const { target, sent, assumed } = plan;
        const replacement = { kind: 'amendment', target, sent, assumed } as const;
        return at({ ...view, revision: view.revision + 1, attempt: 1 }, { at: 'toReplace', orderNumber, replacement });
      }
      case 'cancelOpen': {
        const cancelling = { lines: plan.lines, sent: plan.sent, afterwards: 'end', act: null } as const;
        return at(view, { at: 'toCancel', orderNumber, cancelling });
      }
      case 'reenter': {
        const cancelling = { lines: null, sent: null, afterwards: 'reenter', act: null } as const;
        return at(view, { at: 'toCancel', orderNumber, cancelling });
      }
      case 'send':
      case 'supplement': {
        const { order } = plan;
        const { division, warehouse, holdCode } = order;
        const known = { ...view, facts: { ...view.facts, division, warehouse, holdCode } };
        if (view.posts === 'doubtful') {
          const look = { kind: 'now', gap: view.pacing.firstLook } as const;
          return at(known, { at: 'unknown', order, since: now, watermark: null, look });
        }
        // Only what may be there already is of interest to who wants all of it cancelled.
        if (view.cancelWish !== null) return neverSent(view);
        const permission = view.posts === 'none' ? ({ kind: 'first' } as const) : ({ kind: 'allSettled' } as const);
        return { ...at(known, { at: 'toSubmit', order, permission }), stage: 'prepared' };
      }
      case 'park':
        return view;
    }
  });
}

function documentRead(
  view: OrderState,
  { glance, units, agreed, sent, stage }: FollowedDocument,
  isAccepted: boolean,
  now: Instant,
): OrderState {
  const isNew = view.step.at === 'toFollow' && view.followedAt === null;
  const known = asAccepted(view, glance);
  const facts = { ...known.facts, division: agreed.division, warehouse: agreed.warehouse };
  const seen: OrderState = {
    ...known,
    facts,
    units,
    agreed,
    sent: sent ?? view.sent,
    followedAt: glance.changedAt,
    inErpBy: view.step.at === 'toFollow' ? now : (view.inErpBy ?? null),
    posts: 'some',
  };
  const told = isNew ? remember(seen, now, `Accepted by the ERP as order ${glance.orderNumber}.`) : seen;
  const { orderNumber } = glance;
  if (view.step.at === 'toFollow' || (view.step.at === 'parked' && isAccepted))
    return at({ ...told, stage: stage === 'cancelled' ? 'cancelled' : told.stage }, { at: 'settled', orderNumber });
  return view.step.at === 'parked' ? { ...told, stage: 'parked' } : told;
}

function toldOfDifferences(state: OrderState, differences: readonly Difference[], now: Instant): OrderState {
  const before = new Set(state.differences.flatMap((each) => each.differences.map(describeDifference)));
  const fresh = differences.filter((difference) => !before.has(describeDifference(difference)));
  const words = (tolerated: boolean) =>
    fresh
      .filter((difference) => difference.tolerated === tolerated)
      .map(describeDifference)
      .join('; ');
  const raised = words(false);
  const passed = words(true);
  const told = raised ? remember(state, now, `The ERP’s order is not what was agreed: ${raised}.`) : state;
  return passed ? remember(told, now, `Differs within what the site tolerates: ${passed}.`) : told;
}

function editProblems(documents: OrderState['differences']): readonly Problem[] {
  return documents.flatMap(({ orderNumber, differences }): readonly Problem[] => {
    const open = differences.filter(({ tolerated }) => !tolerated);
    if (open.length === 0) return [];
    const says = `ERP order ${orderNumber} differs from what was agreed by ${moneyOf(open)}: ${open.map(describeDifference).join('; ')}.`;
    return [{ code: 'ERP_EDIT', says }];
  });
}

function moneyProblems(settlement: Settlement): readonly Problem[] {
  const open = unexplained(settlement);
  if (open.length === 0) return [];
  return [{ code: 'INVOICE_DIFFERS', says: `${open.map(describeMoneyLine).join('; ')} ${settlement.currency}.` }];
}

/** An order ends when nothing of it will move any more, nothing is open, and the time for credits is over. */
function ending(state: OrderState, before: Settlement | null, now: Instant): OrderState {
  const { settlement } = state;
  if (!settlement?.complete || !mayEnd(state)) return { ...state, close: null };
  const nothingCame = views(state).every(({ units }) => units === null || units.invoiced === 0);
  if (nothingCame) return ended(state, now);
  // With a new invoice or credit the time for credits begins anew.
  const isBilled = before?.invoiced !== settlement.invoiced || before.credited !== settlement.credited;
  const isRunning = state.close !== null && !isBilled;
  return { ...state, close: isRunning ? state.close : { kind: 'at', time: plus(now, state.pacing.creditPeriod) } };
}

/** Whether nothing of the order moves, and nobody is asked. */
function mayEnd(state: OrderState): boolean {
  const isQuiet = everyStep(state, (step) => step.at === 'settled' || step.at === 'over');
  const isDecided = state.answer === null && state.revise === null && state.cancelWish === null;
  return isQuiet && isDecided && inErp(state) && !state.problems.some(({ code }) => KEEPS_OPEN.has(code));
}

/** Closes an order whose time for credits is over, as soon as nothing of it moves and nobody is asked. */
export function closedWhenDue(state: OrderState, now: Instant): OrderState {
  if (state.close?.kind !== 'now' || state.follow !== null || !mayEnd(state)) return state;
  const said = remember(state, now, 'Everything is invoiced or cancelled, and the time for credits is over.');
  return at({ ...said, stage: 'closed' }, { at: 'finished', outcome: 'closed' });
}

/** Nothing of it came and nothing will: a person's cancel is noted on the purchase first. */
function ended(state: OrderState, now: Instant): OrderState {
  const { cancelledBy } = state;
  const told: OrderState = {
    ...remember(state, now, 'Everything is cancelled.'),
    stage: 'cancelled',
    problems: [],
    close: null,
  };
  return cancelledBy
    ? at(told, { at: 'toClose', outcome: 'cancelled', act: cancelledBy })
    : at(told, { at: 'finished', outcome: 'cancelled' });
}

/** Whether it was decided already what becomes of the ERP's orders of a purchase that is gone, or is no order any more. */
export function isGoneDecided({ purchaseGone, refused }: OrderState): boolean {
  return purchaseGone && refused !== null;
}

/** The purchase is gone: decided on once; what was cancelled in the ERP as far as possible lives on there. */
function afterGone(state: OrderState, before: Settlement | null, now: Instant, isDecided: boolean): OrderState {
  const nothingLeft = views(state).every(({ units, step }) =>
    units === null ? step.at === 'over' : units.ordered === units.cancelled,
  );
  if (nothingLeft) return ended({ ...state, purchaseGone: true }, now);
  if (isDecided) return ending(state, before, now);
  return { ...state, purchaseGone: true, revise: { kind: 'now' }, reviseAnyway: true };
}

function sentenceOf(changes: readonly Change[]): string {
  return `${changes.map(describeChange).join('; ')} (${changeMoney(changes)} in all)`;
}
