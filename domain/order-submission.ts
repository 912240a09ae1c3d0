import { eachDocument, inErp, isUnderWay, othersMatter, preparedAnew, views } from './order-documents.ts';
import {
  asAccepted,
  at,
  dueAfter,
  firstLook,
  isAnotherParked,
  isCancelled,
  neverSent,
  nextLook,
  park,
  plus,
  problemsWithout,
  remember,
} from './order-steps.ts';
import type {
  Act,
  AwaitingStep,
  ErpGlance,
  Instant,
  LookOutcome,
  OrderState,
  PassingRefusal,
  PostPermission,
  Step,
  SubmissionOutcome,
  UnknownStep,
} from './order-state.ts';
import type { ErpMessage, ImportResult, PreparedSalesOrder } from './sales-order.ts';
import type { Problem } from './problems.ts';
import { causeOfFaults, refusalCause } from './refusals.ts';

/** How long to wait at least before a content refused for a passing reason goes again. */
const PASSING_REFUSAL_MS = 60_000;
/** Between two tries to send. */
const SHORTEST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** To a person who said that the ERP does not have it. */
const STILL_STAGED = 'The import log still shows it; nothing was sent.';
/** A control number that collides this often is no coincidence. */
const MOST_COLLISIONS = 5;

/** What became of submitting: see decisions 3 to 11. */
export function afterSubmission(
  before: OrderState,
  outcome: SubmissionOutcome,
  number: string,
  now: Instant,
): OrderState {
  if (before.step.at !== 'toSubmit') return before;
  const { order, permission } = before.step;
  const state: OrderState = outcome.kind === 'notPosted' ? before : { ...before, heldSince: null };
  switch (outcome.kind) {
    case 'notPosted': {
      // As long again as it has already been held: a pause that doubles, where the trouble names no time.
      const heldFor = Date.parse(now) - Date.parse(state.heldSince ?? now);
      const wait = Math.max(outcome.retryAfterMs, Math.min(heldFor, LONGEST_PAUSE_MS), SHORTEST_PAUSE_MS);
      const step: Step = { at: 'pausing', until: plus(now, wait), order, permission, why: outcome.why };
      return at(held(state, outcome.why, now), step);
    }
    case 'unknown':
      return unknown({ ...state, posts: 'some' }, order, outcome.why, now);
    case 'refusedEarlier':
      // The words of that refusal were about another content; this one goes above every number the ERP has seen.
      return unknown({ ...state, posts: 'some', attempt: outcome.nextAttempt }, order, outcome.why, now);
    case 'purchaseChanged':
      return notSent(remember(state, now, 'The purchase changed just before it was sent; preparing anew.'));
    case 'withdrawn':
      return withdrawnUnsent(state, now, 'The buyer withdrew the purchase; nothing was sent.');
    case 'staged':
      return awaiting(
        remember(
          { ...state, posts: 'some' },
          now,
          `Sent to the ERP under control number ${number} (transaction ${outcome.transaction}).`,
        ),
        order,
        // Sent on evidence, or a person's word, that the one before is not under way.
        { ...outcome, isRepeat: permission.kind === 'cleared' },
        now,
      );
    default:
      return decided({ ...state, posts: 'some' }, order, outcome, now);
  }
}

/** Nothing of this document was sent: with others in the ERP, or on their way, its content is part of the next verdict. */
function notSent(state: OrderState): OrderState {
  return preparedAnew(inErp(state) || isUnderWay(state) ? at(state, { at: 'parked', orderNumber: null }) : state);
}

/** The purchase is gone and nothing of this document is in the ERP, nor will be. */
export function withdrawnUnsent(state: OrderState, now: Instant, says: string): OrderState {
  const told = remember(state, now, says);
  return othersMatter(state)
    ? { ...neverSent(told), purchaseGone: true, revise: { kind: 'now' } }
    : at({ ...told, stage: 'cancelled', problems: [] }, { at: 'finished', outcome: 'withdrawn' });
}

/** A cancel that a person wished for, when nothing of this document is in the ERP, nor will be. */
function cancelledUnsent(state: OrderState, act: Act): OrderState {
  return othersMatter(state)
    ? neverSent(state)
    : at({ ...state, cancelWish: null }, { at: 'toClose', outcome: 'cancelled', act });
}

/** A post that cannot leave is tried again and again; when that takes long, it is said, once. */
function held(state: OrderState, why: string, now: Instant): OrderState {
  const heldSince = state.heldSince ?? now;
  const isLong = Date.parse(now) - Date.parse(heldSince) >= state.pacing.importOverdue;
  if (!isLong || state.problems.some(({ code }) => code === 'STEP_OVERDUE')) return { ...state, heldSince };
  const problem: Problem = { code: 'STEP_OVERDUE', says: `The order could not be sent since ${heldSince}: ${why}` };
  return remember({ ...state, heldSince, problems: [...state.problems, problem] }, now, problem.says);
}

/** What a look of our own found, while awaiting the import job or not knowing. */
export function afterLook(state: OrderState, outcome: LookOutcome, now: Instant): OrderState {
  const { step } = state;
  if (step.at !== 'awaiting' && step.at !== 'unknown') return state;
  switch (outcome.kind) {
    case 'nothing':
      return step.at === 'awaiting' ? nothingSeen(state, step, outcome, now) : nothingFound(state, step, outcome, now);
    case 'staged':
      if (step.at === 'unknown')
        return awaiting(
          remember(
            { ...state, problems: problemsWithout(state, ['OUTCOME_UNKNOWN']) },
            now,
            `Found it in the import log (transaction ${outcome.transaction}).`,
          ),
          step.order,
          { ...outcome, isRepeat: false },
          now,
        );
      return stillPending(step.isDisowned ? remember(state, now, STILL_STAGED) : state, step, now);
    default:
      return decided(state, step.order, outcome, now);
  }
}

/** What the poller saw in the ERP: the import log first, then the orders themselves. */
export function afterErpChange(
  state: OrderState,
  imports: readonly ImportResult[],
  orders: readonly ErpGlance[],
  now: Instant,
): OrderState {
  const { step } = state;
  if (step.at === 'awaiting' || step.at === 'unknown') {
    const live = orders.filter(({ status }) => !isCancelled(status));
    if (live.length > 1)
      return decided(
        state,
        step.order,
        { kind: 'duplicates', orderNumbers: live.map(({ orderNumber }) => orderNumber) },
        now,
      );
    const imported = imports.find((result) => result.kind === 'imported');
    if (imported?.kind === 'imported')
      return decided(
        state,
        step.order,
        { kind: 'accepted', orderNumber: imported.orderNumber, how: 'imported', warnings: imported.warnings },
        now,
      );
    const order = live[0] ?? orders[0];
    if (order)
      return decided(
        state,
        step.order,
        { kind: 'accepted', orderNumber: order.orderNumber, how: 'adopted', warnings: [] },
        now,
      );
    // A refusal counts only for the post we follow; an older one of this reference says nothing about this one.
    const refused =
      step.at === 'awaiting' &&
      imports.find(
        (result) => result.kind === 'refused' && result.transaction === step.transaction && result.row === step.row,
      );
    if (refused && refused.kind === 'refused')
      return decided(
        state,
        step.order,
        { kind: 'refused', faults: refused.faults, cause: refusalCause(refused.faults) },
        now,
      );
    if (imports.some((result) => result.kind === 'pending' && step.at === 'unknown'))
      return at(state, { ...step, look: { kind: 'now', gap: step.look.gap } });
    return state;
  }
  if (step.at === 'replacing' || step.at === 'cancelling')
    return at(meanwhile(state, orders, now), { ...step, look: { kind: 'now', gap: step.look.gap } });
  if (step.at === 'toReplace' || step.at === 'toCancel') return meanwhile(state, orders, now);
  const isWatched = step.at === 'settled' || step.at === 'parked' || step.at === 'over' || step.at === 'toFollow';
  if (isWatched && state.facts.orderNumber !== '') return watched(state, state.facts.orderNumber, orders, now);
  return step.at === 'parked' && state.posts === 'doubtful' ? foundWhileParked(state, imports, orders, now) : state;
}

/**
 * News of a document that waits for a person while nobody knows whether the ERP has it. A live order is followed, be the
 * purchase fit to be sent or not; anything else is a reason to look.
 */
function foundWhileParked(
  state: OrderState,
  imports: readonly ImportResult[],
  orders: readonly ErpGlance[],
  now: Instant,
): OrderState {
  // Which of several it shall be is for the person.
  if (state.problems.some(({ code }) => code === 'DUPLICATE_IN_ERP')) return state;
  const numbers = orders.flatMap(({ status, orderNumber }) => (isCancelled(status) ? [] : [orderNumber]));
  const [orderNumber] = numbers;
  if (numbers.length > 1) return park(state, [duplicate(numbers)], now);
  if (orderNumber !== undefined) {
    const found = { kind: 'accepted', orderNumber, how: 'adopted', warnings: [] } as const;
    // What was dropped is known to stand there now: whether it shall is decided on.
    const left = isAnotherParked(state) ? state.problems : problemsWithout(state, ['WITHDRAWN']);
    return accepted({ ...comparedWithErp(state), problems: left }, found, now);
  }
  const isNews =
    orders.some(({ version }) => version !== state.toldVersion) || imports.some(({ kind }) => kind !== 'refused');
  return isNews ? preparedAnew(state) : state;
}

/** While the order is being changed there, what the ERP shows is taken in, and read when the change is over. */
function meanwhile(state: OrderState, orders: readonly ErpGlance[], now: Instant): OrderState {
  const glance = orders.find(({ orderNumber }) => orderNumber === state.facts.orderNumber);
  if (!glance || glance.version === state.toldVersion) return state;
  const follow = dueAfter(state.follow, now, state.pacing.merge);
  return { ...asAccepted(state, glance), stage: state.stage, follow };
}

function watched(state: OrderState, orderNumber: string, orders: readonly ErpGlance[], now: Instant): OrderState {
  const foreign = orders.filter((order) => order.orderNumber !== orderNumber && !isCancelled(order.status));
  if (foreign.length > 0 && !state.problems.some(({ code }) => code === 'DUPLICATE_IN_ERP'))
    return park(state, [duplicate([orderNumber, ...foreign.map((order) => order.orderNumber)])], now, orderNumber);
  const glance = orders.find((order) => order.orderNumber === orderNumber);
  if (!glance || glance.version === state.toldVersion) return state;
  const before = state.facts.erpStatus;
  const seen = asAccepted(state, glance);
  const stage = state.step.at === 'parked' ? 'parked' : seen.stage;
  const followed: OrderState = { ...seen, stage, follow: dueAfter(state.follow, now, state.pacing.merge) };
  return before === followed.facts.erpStatus
    ? followed
    : remember(followed, now, `The ERP shows order ${orderNumber} as ${glance.status}.`);
}

type Decided = Extract<SubmissionOutcome, { kind: 'accepted' | 'refused' | 'duplicates' }>;

function decided(state: OrderState, order: PreparedSalesOrder, outcome: Decided, now: Instant): OrderState {
  switch (outcome.kind) {
    case 'duplicates':
      return park({ ...decidedOn(state), posts: 'doubtful' }, [duplicate(outcome.orderNumbers)], now);
    case 'accepted':
      return accepted(foundWith(state, order), outcome, now);
    case 'refused':
      return refused(state, order, outcome.faults, outcome.cause, now);
  }
}

function accepted(
  state: OrderState,
  { orderNumber, how, warnings }: Extract<Decided, { kind: 'accepted' }>,
  now: Instant,
): OrderState {
  const known: OrderState = {
    ...state,
    stage: 'submitted',
    facts: { ...state.facts, orderNumber },
    problems: problemsWithout(decidedOn(state), ['OUTCOME_UNKNOWN', 'ADOPT_REFUSED', 'STEP_OVERDUE']),
  };
  const words =
    how === 'adopted'
      ? `Found in the ERP as order ${orderNumber}; nothing was sent again.`
      : `Imported by the ERP as order ${orderNumber}.`;
  const told = remember(known, now, warnings.length > 0 ? `${words} Warnings: ${sentence(warnings)}` : words);
  return at({ ...told, follow: { kind: 'now' } }, { at: 'toFollow', orderNumber });
}

/**
 * What the storefront meant by an order that is in the ERP. Where it was only looked for, it may have gone in with another
 * content: then the purchase is compared with what the ERP holds (decision 5).
 */
export function foundWith(state: OrderState, order: PreparedSalesOrder): OrderState {
  return state.posts === 'doubtful' ? comparedWithErp(state) : { ...state, sent: order };
}

function comparedWithErp(state: OrderState): OrderState {
  return { ...state, sent: null, fingerprint: null, intended: null, revise: { kind: 'now' }, reviseAnyway: true };
}

/** A definite refusal: nothing was created, so the next post carries a new control number (decision 4). */
function refused(
  state: OrderState,
  order: PreparedSalesOrder,
  faults: readonly ErpMessage[],
  cause: 'content' | 'passing' | 'numberTaken',
  now: Instant,
): OrderState {
  const next: OrderState = {
    ...remember(state, now, `Refused by the ERP: ${sentence(faults)}`),
    stage: 'submitted',
    posts: 'some',
    attempt: state.attempt + 1,
    problems: problemsWithout(decidedOn(state), ['OUTCOME_UNKNOWN', 'ADOPT_REFUSED']),
  };
  if (state.cancelWish) return cancelledUnsent(next, state.cancelWish);
  if (state.purchaseGone) return withdrawnUnsent(next, now, 'The purchase is gone; nothing of it is in the ERP.');
  const permission = { kind: 'allSettled' } as const;
  if (cause === 'numberTaken' && state.attempt <= MOST_COLLISIONS)
    return at(next, { at: 'toSubmit', order, permission });
  if (cause === 'passing') {
    const why = sentence(faults);
    const refusedSince = state.refusedSince ?? { since: now, why };
    const until = plus(now, pauseAfter(refusedSince, state, now));
    return at({ ...next, refusedSince }, { at: 'pausing', until, order, permission, why });
  }
  const which = state.others.length > 0 ? ` of division ${order.division}` : '';
  const says = `The ERP refused the order${which}: ${sentence(faults)}`;
  const about = causeOfFaults(faults);
  return park(next, [{ code: 'ERP_REFUSED', says, ...(about === null ? {} : { about }) }], now);
}

/** As long again as it has been refused already, in milliseconds; every post costs a number and a place in the log. */
function pauseAfter({ since }: PassingRefusal, { pacing }: OrderState, now: Instant): number {
  const refusedFor = Date.parse(now) - Date.parse(since);
  return Math.max(Math.min(PASSING_REFUSAL_MS, pacing.longestGap), Math.min(refusedFor, pacing.importOverdue));
}

/**
 * What the import refuses again and again, for reasons that should pass, is said when that takes long: as long as it is on
 * its way in, through every post that is taken in and refused again.
 */
export function withLongRefusals(order: OrderState, now: Instant): OrderState {
  if (!views(order).some(({ refusedSince }) => refusedSince)) return order;
  const state = eachDocument(order, (view) =>
    view.refusedSince && !ON_ITS_WAY_IN.has(view.step.at) ? { ...view, refusedSince: null } : view,
  );
  const says = views(state).flatMap(({ refusedSince, pacing }) => {
    const isLong = refusedSince && Date.parse(now) - Date.parse(refusedSince.since) >= pacing.importOverdue;
    return isLong ? [`${LONG_REFUSED}${refusedSince.since}: ${refusedSince.why}`] : [];
  });
  const others = state.problems.filter((problem) => !problem.says.startsWith(LONG_REFUSED));
  const fresh = says.filter((words) => !state.timeline.some(({ what }) => what === words));
  const told = fresh.reduce((before, words) => remember(before, now, words), state);
  const refusals = says.map((words): Problem => ({ code: 'STEP_OVERDUE', says: words }));
  return { ...told, problems: [...others, ...refusals] };
}

const LONG_REFUSED = 'The ERP refuses the order, for a reason that should pass, since ';

const ON_ITS_WAY_IN: ReadonlySet<Step['at']> = new Set([
  'toPrepare',
  'toSubmit',
  'pausing',
  'awaiting',
  'unknown',
  'toAdopt',
]);

function awaiting(
  state: OrderState,
  order: PreparedSalesOrder,
  { transaction, row, isRepeat }: Pick<AwaitingStep, 'transaction' | 'row' | 'isRepeat'>,
  now: Instant,
): OrderState {
  const submitted: OrderState = { ...state, stage: 'submitted', problems: problemsWithout(state, ['STEP_OVERDUE']) };
  return at(submitted, {
    at: 'awaiting',
    order,
    transaction,
    row,
    isRepeat,
    isDisowned: false,
    since: now,
    look: firstLook(now, state.pacing.firstLook),
  });
}

function unknown(state: OrderState, order: PreparedSalesOrder, why: string, now: Instant): OrderState {
  const told = remember(
    { ...state, stage: 'submitted' },
    now,
    `Nobody knows whether the ERP has it (${why}); looking.`,
  );
  return at(told, {
    at: 'unknown',
    order,
    since: now,
    watermark: null,
    look: firstLook(now, Math.min(state.pacing.firstLook, state.pacing.importCycle)),
  });
}

function stillPending(state: OrderState, step: AwaitingStep, now: Instant): OrderState {
  const { since } = step;
  const look = nextLook(now, step.look.gap, state.pacing.longestGap);
  const waiting = at(state, { ...step, isDisowned: false, look });
  const isOverdue = Date.parse(now) - Date.parse(since) >= state.pacing.importOverdue;
  if (!isOverdue || isImportOverdue(waiting)) return waiting;
  // Who wants it cancelled has nothing more to press.
  const [code, what] = state.cancelWish
    ? (['CHANGE_OVERDUE', 'the order that is to be cancelled'] as const)
    : (['IMPORT_OVERDUE', 'the order'] as const);
  const says = `The ERP took ${what} in ${placeOf(step)} but has not decided on it since ${since}.`;
  return remember({ ...waiting, problems: [{ code, says }, ...state.problems] }, now, says);
}

/** Whether the import job has had a document for so long that people were told. */
export function isImportOverdue({ step, problems }: OrderState): boolean {
  return step.at === 'awaiting' && problems.some((problem) => isOverdueOf(step, problem));
}

/** What was said of a document while the import job did not decide on it is over. */
export function decidedOn(state: OrderState): OrderState {
  const { step, problems } = state;
  const awaited = step.at === 'toAdopt' ? step.from : step;
  if (awaited.at !== 'awaiting') return state;
  return { ...state, problems: problems.filter((problem) => !isOverdueOf(awaited, problem)) };
}

function isOverdueOf(step: AwaitingStep, { code, says }: Problem): boolean {
  return (code === 'IMPORT_OVERDUE' || code === 'CHANGE_OVERDUE') && says.includes(placeOf(step));
}

/** By these words the problems of one document's import are told from another's: a post may take both along. */
function placeOf({ transaction, row }: AwaitingStep): string {
  return `(transaction ${transaction}, row ${row})`;
}

/**
 * By evidence, or by a person's word, nothing of it is under way, and it goes again (decision 6); unless nobody wants it
 * any more.
 */
export function cleared(
  state: OrderState,
  order: PreparedSalesOrder,
  by: Extract<PostPermission, { kind: 'cleared' }>['by'],
  now: Instant,
): OrderState {
  const problems = problemsWithout(decidedOn(state), ['OUTCOME_UNKNOWN', 'ADOPT_REFUSED']);
  const told: OrderState = { ...state, stage: 'submitted', posts: 'some', problems };
  if (told.cancelWish) return cancelledUnsent(told, told.cancelWish);
  if (told.purchaseGone) return withdrawnUnsent(told, now, 'The purchase is gone; nothing of it is in the ERP.');
  return at(told, { at: 'toSubmit', order, permission: { kind: 'cleared', by } });
}

/**
 * Neither the import log nor the orders show what the ERP took in. However long that lasts, it goes again only by a person's
 * word, or as what is of unknown outcome: by then the import job has passed over it, and must finish something still later.
 */
function nothingSeen(
  state: OrderState,
  step: AwaitingStep,
  outcome: Extract<LookOutcome, { kind: 'nothing' }>,
  now: Instant,
): OrderState {
  const { order, transaction } = step;
  if (step.isDisowned && state.cancelWish === null) return cleared(state, order, 'person', now);
  const isWanted = state.cancelWish === null && !state.purchaseGone;
  if (outcome.cleared === null || (step.isRepeat && isWanted)) return stillPending(state, step, now);
  return unknown(
    decidedOn(state),
    order,
    `the import job finished what was taken in later, and shows nothing of transaction ${transaction}`,
    now,
  );
}

function nothingFound(
  state: OrderState,
  step: UnknownStep,
  outcome: Extract<LookOutcome, { kind: 'nothing' }>,
  now: Instant,
): OrderState {
  if (outcome.cleared) {
    const told = remember(state, now, `It is certain that the ERP does not have it (${outcome.cleared}).`);
    return cleared(told, step.order, outcome.cleared, now);
  }
  const looking = at(state, {
    ...step,
    watermark: outcome.watermark,
    look: nextLook(now, step.look.gap, Math.min(state.pacing.longestGap, state.pacing.importCycle)),
  });
  const isOpenTooLong = Date.parse(now) - Date.parse(step.since) >= 2 * state.pacing.importCycle;
  if (!isOpenTooLong || state.problems.some(({ code }) => code === 'OUTCOME_UNKNOWN')) return looking;
  const problem: Problem = {
    code: 'OUTCOME_UNKNOWN',
    says: `The answer to the order was lost at ${step.since}; the ERP shows no trace of it, which proves nothing yet.`,
  };
  return remember({ ...looking, stage: 'parked', problems: [problem, ...state.problems] }, now, problem.says);
}

function duplicate(orderNumbers: readonly string[]): Problem {
  return {
    code: 'DUPLICATE_IN_ERP',
    says: `The ERP has several orders for this purchase: ${orderNumbers.join(', ')}.`,
  };
}

function sentence(messages: readonly ErpMessage[]): string {
  return messages.map(({ code, text, line }) => `${code}${line ? ` (line ${line})` : ''}: ${text}`).join('; ');
}
