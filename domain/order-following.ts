import { describeDifference, moneyOf, type Difference } from './compare-sales-order.ts';
import { eachDocument, inErp, views, withNewDocument } from './order-documents.ts';
import { asAccepted, at, dueAfter, GONE, later, park, plus, problemsWithout, remember } from './order-steps.ts';
import type { DocumentPlan, FollowOutcome, Instant, OrderState, ReviseOutcome, Revision } from './order-state.ts';
import type { Problem, ProblemCode } from './problems.ts';
import { changeMoney, describeChange, type Change } from './purchase-changes.ts';
import { describeMoneyLine, unexplained, type Settlement } from './settle-money.ts';

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
  'OUTCOME_UNKNOWN',
  'ERP_EDIT',
  'INVOICE_DIFFERS',
];

/** What reading both sides found: the ERP's edits, the money, and whether the purchase still is what was agreed. */
export function afterFollow(state: OrderState, outcome: FollowOutcome, now: Instant): OrderState {
  const asked: OrderState = { ...state, follow: null };
  if (outcome.kind === 'notThere') {
    const { orderNumber } = outcome;
    const says = `The ERP said it made order ${orderNumber}, but does not show it.`;
    return eachDocument(asked, (view) =>
      view.facts.orderNumber === orderNumber ? park(view, [{ code: 'ERP_REFUSED', says }], now, orderNumber) : view,
    );
  }
  const { documents, findings, settlement, accepted, purchase, transactions, takenOver } = outcome;
  const isAccepted = accepted === 'yes';
  const read = eachDocument(asked, (view) => {
    const found = documents.find(({ document }) => document === view.document);
    return found ? documentRead(view, found, isAccepted, now) : view;
  });
  const differences = documents.map(({ glance, differences: found }) => ({
    orderNumber: glance.orderNumber,
    differences: found,
  }));
  const over = [...FOUND_ANEW, ...findings.map(({ code }) => code), ...(isAccepted ? OF_EDITS : [])];
  const known: OrderState = {
    ...toldOfDifferences(
      read,
      differences.flatMap((each) => each.differences),
      now,
    ),
    answer: state.answer?.kind === 'acceptErp' ? null : state.answer,
    settlement,
    differences,
    takenOver: isAccepted ? takenOver : state.takenOver,
    transactions,
    problems: [...problemsWithout(read, over), ...findings, ...editProblems(differences), ...moneyProblems(settlement)],
  };
  const duplicates = findings.filter(({ code }) => code === 'DUPLICATE_IN_ERP');
  if (duplicates.length > 0) return park(known, duplicates, now, known.facts.orderNumber);
  if (accepted === 'needsChoice') {
    const says = `To take the ERP’s version the purchase gets more, or another price: ${differences.flatMap((each) => each.differences.map(describeDifference)).join('; ')}.`;
    return park(known, [{ code: 'ACCEPT_NEEDS_CHOICE', says }], now, known.facts.orderNumber);
  }
  switch (purchase.kind) {
    case 'gone':
      return afterGone(known, settlement, now, state.refused === GONE);
    case 'conflict':
      return park(known, [{ code: 'WRITE_BACK_REFUSED', says: purchase.why }], now, known.facts.orderNumber);
    case 'amended': {
      const seen = { ...known, decidedUpdatedAt: later(purchase.updatedAt, known.decidedUpdatedAt) };
      if (state.purchaseGone && purchase.fingerprint === state.refused) return afterGone(seen, settlement, now, true);
      // A person has it already; the same content again is no news.
      return purchase.fingerprint === state.refused
        ? seen
        : { ...seen, revise: dueAfter(seen.revise, now, seen.pacing.settle), reviseAnyway: true };
    }
    case 'written': {
      const written: OrderState = {
        ...known,
        decidedUpdatedAt: later(purchase.updatedAt, known.decidedUpdatedAt),
        fingerprint: purchase.fingerprint,
        intended: null,
        refused: isAccepted ? null : known.refused,
      };
      return ending(written, settlement, now);
    }
  }
}

/** What the purchase's changes mean: nothing, a set of plans, or a person. Either all documents follow, or none. */
export function afterRevise(before: OrderState, outcome: ReviseOutcome, now: Instant): OrderState {
  const { answer } = before;
  const state: OrderState = {
    ...before,
    revise: null,
    reviseAnyway: false,
    answer: answer?.kind === 'pushStorefront' ? null : answer,
  };
  const { orderNumber } = state.facts;
  switch (outcome.kind) {
    case 'unchanged':
      return { ...state, decidedUpdatedAt: later(outcome.updatedAt, state.decidedUpdatedAt) };
    case 'withdrawn': {
      // Decided on once: the same again is no news.
      const gone = { ...state, purchaseGone: true, refused: outcome.fingerprint ?? GONE };
      const live = views(gone).filter(({ step, facts }) => facts.orderNumber !== '' && step.at !== 'over');
      if (live.length === 0) return ended(gone, now);
      if (outcome.verdict === 'park') {
        if (state.problems.some(({ code }) => code === 'WITHDRAWN')) return gone;
        const says = `${outcome.why}; ERP order ${orderNumber} still stands.`;
        return park(gone, [{ code: 'WITHDRAWN', says }], now, orderNumber);
      }
      const cancelling = { lines: null, sent: null, afterwards: 'end', act: null } as const;
      return eachDocument(remember(gone, now, `Cancelling in the ERP: ${outcome.why}.`), (view) =>
        view.facts.orderNumber === '' || view.step.at === 'over'
          ? view
          : at(view, { at: 'toCancel', orderNumber: view.facts.orderNumber, cancelling }),
      );
    }
    case 'impossible': {
      const { updatedAt, fingerprint } = outcome.purchase;
      const seen = { ...state, decidedUpdatedAt: later(updatedAt, state.decidedUpdatedAt), refused: fingerprint };
      return park(seen, outcome.problems, now, orderNumber);
    }
    case 'planned':
      return planned(state, outcome, now);
  }
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
  if (stops.length > 0) {
    const parked = { ...seen, refused: purchase.fingerprint, intended: null };
    return park(parked, stops, now, parked.facts.orderNumber);
  }
  const settled: OrderState = {
    ...seen,
    refused: null,
    intended: purchase.fingerprint,
    follow: { kind: 'now' },
    problems: [
      ...problemsWithout(seen, [
        ...OF_EDITS.filter((code) => code !== 'ERP_EDIT'),
        'WITHDRAWN',
        ...reviews.map(({ code }) => code),
      ]),
      ...reviews,
    ],
  };
  const changes = revisions.flatMap((revision) => revision.changes);
  const told = changes.length === 0 ? settled : remember(settled, now, `Amended: ${sentenceOf(changes)}.`);
  return plans.reduce((order, plan) => applied(order, plan), told);
}

/** One document on its way to what the purchase says now. */
function applied(state: OrderState, { document, plan }: DocumentPlan): OrderState {
  if (!views(state).some((view) => view.document === document))
    return plan.kind === 'send' || plan.kind === 'supplement' ? withNewDocument(state, document, plan.order) : state;
  return eachDocument(state, (view) => {
    if (view.document !== document) return view;
    const { orderNumber } = view.facts;
    switch (plan.kind) {
      case 'same':
        return view.step.at === 'parked' && orderNumber !== '' ? at(view, { at: 'settled', orderNumber }) : view;
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
        if (view.posts === 'doubtful') {
          const look = { kind: 'now', gap: view.pacing.firstLook } as const;
          return at(view, { at: 'unknown', order, since: view.timeline.at(-1)?.at ?? '', watermark: null, look });
        }
        const permission = view.posts === 'none' ? ({ kind: 'first' } as const) : ({ kind: 'allSettled' } as const);
        return { ...at(view, { at: 'toSubmit', order, permission }), stage: 'prepared' };
      }
      case 'park':
        return view;
    }
  });
}

function documentRead(
  view: OrderState,
  { glance, units, agreed, sent, stage }: Extract<FollowOutcome, { kind: 'followed' }>['documents'][number],
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
function ending(state: OrderState, settlement: Settlement, now: Instant): OrderState {
  const isQuiet = views(state).every(({ step }) => step.at === 'settled' || step.at === 'over');
  const isOpen =
    state.answer !== null ||
    state.revise !== null ||
    state.problems.some(({ code }) => code === 'ERP_EDIT' || code === 'INVOICE_DIFFERS' || code === 'CANCEL_PARTIAL');
  if (!settlement.complete || !isQuiet || isOpen || !inErp(state)) return { ...state, close: null };
  const nothingCame = views(state).every(({ units }) => units === null || units.invoiced === 0);
  if (nothingCame) return ended(state, now);
  return { ...state, close: state.close ?? { kind: 'at', time: plus(now, state.pacing.creditPeriod) } };
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

/** The purchase is gone: decided on once; what was cancelled in the ERP as far as possible lives on there. */
function afterGone(state: OrderState, settlement: Settlement, now: Instant, isDecided: boolean): OrderState {
  const nothingLeft = views(state).every(({ units }) => units !== null && units.ordered === units.cancelled);
  if (nothingLeft) return ended({ ...state, purchaseGone: true }, now);
  if (isDecided) return ending(state, settlement, now);
  return { ...state, purchaseGone: true, revise: { kind: 'now' }, reviseAnyway: true };
}

function sentenceOf(changes: readonly Change[]): string {
  return `${changes.map(describeChange).join('; ')} (${changeMoney(changes)} in all)`;
}
