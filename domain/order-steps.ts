import { eachDocument, inErp, seenFrom, views } from './order-documents.ts';
import type { Due, ErpGlance, Instant, Look, OrderState, Stage, Step } from './order-state.ts';
import { problemKind, type Problem, type ProblemCode } from './problems.ts';
import type { ErpOrderStatus } from './sales-order.ts';

/** Stands in `refused` for the content of a purchase that is not there. */
export const GONE = 'gone';

/** As much of the story as a person reads; the whole of it is in the workflow's history. */
const TIMELINE_LENGTH = 60;

/** Moves the order to its next place. */
export function at(state: OrderState, step: Step): OrderState {
  return { ...state, step };
}

/** Adds a line to the story people read. */
export function remember(state: OrderState, now: Instant, what: string): OrderState {
  return { ...state, timeline: [...state.timeline, { at: now, what }].slice(-TIMELINE_LENGTH) };
}

/** The order waits for a person, saying why. Other problems of an order that is already in the ERP stay visible. */
export function park(
  state: OrderState,
  problems: readonly Problem[],
  now: Instant,
  orderNumber: string | null = null,
): OrderState {
  const isForgotten = orderNumber === null && !inErp(state) && !isAnotherParked(state);
  const kept = isForgotten ? [] : problemsBeside(state, problems, orderNumber);
  const facts = orderNumber === null ? state.facts : { ...state.facts, orderNumber };
  const parked: OrderState = {
    ...state,
    facts,
    stage: 'parked',
    problems: [...problems, ...kept],
    step: { at: 'parked', orderNumber },
  };
  return remember(parked, now, `Parked: ${problems.map(({ says }) => says).join(' ')}`);
}

/** The problems that stay beside new ones: each code is said once of a document, and those of another that waits stay. */
function problemsBeside(
  state: OrderState,
  problems: readonly Problem[],
  orderNumber: string | null,
): readonly Problem[] {
  const codes = new Set<ProblemCode>(problems.map(({ code }) => code));
  const isSaidAnew = (problem: Problem) =>
    !isAnotherParked(state) ||
    problems.some(({ says }) => says === problem.says) ||
    (orderNumber !== null && isAbout(problem, orderNumber));
  return state.problems.filter(
    (problem) => problem.code !== 'STEP_OVERDUE' && !(codes.has(problem.code) && isSaidAnew(problem)),
  );
}

/** Whether another document waits for a person as well. */
export function isAnotherParked({ others }: OrderState): boolean {
  return others.some(({ step }) => step.at === 'parked');
}

/**
 * The whole order waits for a person. It is shown at the first of its documents that rests in the ERP; what is on its way
 * there goes on, and what is over stays over.
 */
export function parkOrder(state: OrderState, problems: readonly Problem[], now: Instant): OrderState {
  const codes = problems.map(({ code }) => code);
  const known = { ...state, problems: problemsWithout(state, [...codes, 'STEP_OVERDUE']) };
  const resting = views(known).filter(({ step: { at: place } }) => RESTING.has(place));
  const shown = resting.find(({ facts }) => facts.orderNumber !== '') ?? resting[0];
  if (shown) return seenFrom(park(shown, problems, now, shown.facts.orderNumber || null), state.document);
  const told = { ...known, problems: [...problems, ...known.problems] };
  return remember(told, now, problems.map(({ says }) => says).join(' '));
}

const RESTING: ReadonlySet<Step['at']> = new Set(['settled', 'parked', 'toFollow']);

/** Nothing is wanted any more of a document that the ERP has not; what may be there all the same is for a person. */
export function dropped(view: OrderState, now: Instant): OrderState {
  const isOpen = view.posts === 'doubtful' && view.facts.division !== '';
  if (!isOpen) return neverSent(view);
  const says = `Nothing of document ${view.document} is wanted any more; what was sent for it may still stand in the ERP.`;
  const problems: readonly Problem[] = [...problemsWithout(view, ['WITHDRAWN']), { code: 'WITHDRAWN', says }];
  return remember({ ...at(view, { at: 'parked', orderNumber: null }), stage: 'parked', problems }, now, says);
}

/** A document that the ERP has not, and will not get. */
export function neverSent(view: OrderState): OrderState {
  return { ...at(view, { at: 'over', orderNumber: '' }), stage: 'cancelled' };
}

/**
 * What the documents were being brought to waits for a person. Some of several documents may have got there, others not:
 * then no content of the purchase is known to be what the ERP has.
 */
export function notCarriedOut(state: OrderState): OrderState {
  return { ...unproven(state), refused: state.intended ?? state.refused, intended: null };
}

/** Of several documents some may be as the purchase says, others not: nothing is taken for known any more. */
export function unproven(state: OrderState): OrderState {
  const isPartly = state.intended !== null && state.others.length > 0;
  return isPartly ? { ...state, fingerprint: null } : state;
}

/** Goes on with what was parked, when none of its reasons is left; what was never sent meanwhile is decided on. */
export function unparked(state: OrderState, problems: readonly Problem[]): OrderState {
  const next = { ...state, problems };
  if (!state.problems.some(parks) || problems.some(parks)) return next;
  const isUnsent = ({ step, facts }: OrderState) => step.at === 'parked' && facts.orderNumber === '';
  const watched = eachDocument(next, (view) => (view.step.at === 'parked' && !isUnsent(view) ? goingOn(view) : view));
  return views(watched).some(isUnsent) ? { ...watched, revise: { kind: 'now' }, reviseAnyway: true } : watched;
}

/** A parked document of the ERP is watched again. */
export function goingOn(view: OrderState): OrderState {
  const { orderNumber, erpStatus } = view.facts;
  return { ...at(view, { at: 'settled', orderNumber }), stage: stageOfStatus(erpStatus) };
}

/** Whether a document waits for a person because of it. One that is looked for goes on, whatever people are told. */
export function parks(problem: Problem): boolean {
  return problemKind(problem.code).fate === 'park' && !problem.says.startsWith(LOOK_REFUSED);
}

const LOOK_REFUSED = 'A system refused to show what became of document ';

/** By these words the refused look at one document is told from another's, and from a step that parked the order. */
function lookRefusal(document: number): string {
  return `${LOOK_REFUSED}${document}, again and again: `;
}

/** A look that is refused for good ends nothing, since something may be under way: people are told, and it goes on. */
export function lookRefused(view: OrderState, step: LookingStep, why: string, now: Instant): OrderState {
  const looking = at(view, { ...step, look: nextLook(now, step.look.gap, view.pacing.longestGap) });
  const problem: Problem = { code: 'STEP_REFUSED', says: `${lookRefusal(view.document)}${why}` };
  if (view.problems.some(({ says }) => says === problem.says)) return looking;
  const problems = [...view.problems.filter((other) => !isRefusalOf(view.document, other)), problem];
  return remember({ ...looking, problems }, now, problem.says);
}

type LookingStep = Extract<Step, { readonly look: Look }>;

/** A refused look is over as soon as the document is not looked at any more, or its look was answered. */
export function withoutRefusals(state: OrderState, answered: number | null): OrderState {
  const looking = views(state).flatMap(({ step, document }) =>
    'look' in step && document !== answered ? [document] : [],
  );
  const left = state.problems.filter(
    (problem) => !problem.says.startsWith(LOOK_REFUSED) || looking.some((document) => isRefusalOf(document, problem)),
  );
  return left.length === state.problems.length ? state : { ...state, problems: left };
}

export function isLookRefused({ problems, document }: OrderState): boolean {
  return problems.some((problem) => isRefusalOf(document, problem));
}

function isRefusalOf(document: number, { says }: Problem): boolean {
  return says.startsWith(lookRefusal(document));
}

/** Whether a problem speaks of this very ERP order. */
export function isAbout({ says }: Problem, orderNumber: string): boolean {
  return says
    .split(`order ${orderNumber}`)
    .slice(1)
    .some((rest) => !/^[\w-]/.test(rest));
}

export function problemsWithout(state: OrderState, codes: readonly ProblemCode[]): readonly Problem[] {
  return state.problems.filter(({ code }) => !codes.includes(code));
}

/** The order as the ERP shows it: its stage, and the problems that its status means. */
export function asAccepted(state: OrderState, glance: ErpGlance): OrderState {
  const others = state.problems.filter(
    ({ code, says }) => !STATUS_CODES.includes(code) || !says.startsWith(nameOf(glance)),
  );
  const problems = [...others, ...statusProblems(glance)];
  // A letter the site file does not name keeps the last known state.
  const erpStatus = glance.status === 'unknown' ? state.facts.erpStatus : glance.status;
  const facts = {
    ...state.facts,
    orderNumber: glance.orderNumber,
    holdCode: glance.holdCode,
    erpStatus,
    erpStatusLetter: glance.statusLetter,
  };
  return { ...state, facts, problems, stage: stageOfStatus(erpStatus) };
}

const STATUS_CODES: readonly ProblemCode[] = ['ERP_HOLD', 'ERP_STATUS_UNKNOWN'];

function statusProblems(glance: ErpGlance): readonly Problem[] {
  if (glance.status === 'credit_hold') return [{ code: 'ERP_HOLD', says: `${nameOf(glance)}is on credit hold.` }];
  if (glance.status === 'unknown')
    return [
      {
        code: 'ERP_STATUS_UNKNOWN',
        says: `${nameOf(glance)}has the status “${glance.statusLetter}”, which the site file does not name.`,
        about: glance.statusLetter,
      },
    ];
  return [];
}

/** By these words the problems of one document's status are told from another's. */
function nameOf({ orderNumber }: ErpGlance): string {
  return `ERP order ${orderNumber} `;
}

export function stageOfStatus(status: ErpOrderStatus | null): Stage {
  switch (status) {
    case 'released':
    case 'allocated':
      return 'released';
    case 'picked':
      return 'picked';
    case 'partially_shipped':
      return 'shipped';
    case 'invoiced':
    case 'closed':
      return 'invoiced';
    case 'cancelled_customer':
    case 'cancelled_house':
      return 'cancelled';
    default:
      return 'accepted';
  }
}

export function isCancelled(status: ErpOrderStatus): boolean {
  return status === 'cancelled_customer' || status === 'cancelled_house';
}

export function plus(now: Instant, milliseconds: number): Instant {
  return new Date(Date.parse(now) + milliseconds).toISOString();
}

export function isLater(left: Instant, right: Instant): boolean {
  return Date.parse(left) > Date.parse(right);
}

export function later(left: Instant, right: Instant | null): Instant {
  return right !== null && isLater(right, left) ? right : left;
}

/** The first look of our own; the poller usually tells earlier. */
export function firstLook(now: Instant, gap: number): Look {
  return { kind: 'at', time: plus(now, gap), gap };
}

/** The look after one that found nothing: the gap doubles up to the longest. */
export function nextLook(now: Instant, gap: number, longest: number): Look {
  const wider = Math.min(gap * 2, longest);
  return { kind: 'at', time: plus(now, wider), gap: wider };
}

/** Something due so long after now, unless it is due earlier already. */
export function dueAfter(due: Due, now: Instant, milliseconds: number): Due {
  if (due?.kind === 'now' || milliseconds <= 0) return { kind: 'now' };
  const time = plus(now, milliseconds);
  return due !== null && !isLater(due.time, time) ? due : { kind: 'at', time };
}

/** What was due at a time that has come is due now. */
export function whenDue(due: Due, now: Instant): Due {
  return due?.kind === 'at' && !isLater(due.time, now) ? { kind: 'now' } : due;
}
