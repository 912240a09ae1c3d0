import { MOST_ORDERS, summarizeBulk } from '../act-on-orders.ts';
import { isGreater, multiply, subtract, sum, type Amount } from '../money.ts';
import type { Instant } from '../order-state.ts';
import { problemKind } from '../problems.ts';
import { afterAct, awake } from './case-acts.ts';
import type { Recipient } from './case-rules.ts';
import type {
  AlertReason,
  Announcement,
  CaseAction,
  CaseAnswer,
  CaseCause,
  CaseEvent,
  CaseMember,
  CaseRemains,
  CaseState,
  SourceFinding,
} from './case-state.ts';
import { isBefore, isReached, later, newTime, remember, sizeOf, unanswered } from './case-steps.ts';
import { afterAlert, afterFailure, everyoneTold, timesFailed } from './case-telling.ts';
import { comesAndGoes, isOfLate, openedAgain, settleTime } from './comes-and-goes.ts';
import { severityOf } from './severity-of.ts';

/** Kept of a closed case for when it comes back. */
const HISTORY_KEPT = 50;
/** A case is told again when it has become so many times as large. */
const GROWN = 2;
/** Of a bulk's failures, so many stand in the history. */
const FAILURES_TOLD = 5;

/** A case of which nobody has told anything yet. */
export function newCase({ site, code, key }: CaseCause, now: Instant): CaseState {
  return {
    site,
    code,
    key,
    says: '',
    stage: 'open',
    owner: problemKind(code).owner,
    severity: severityOf(code, {}),
    orders: [],
    ordersValue: '0',
    findings: [],
    openedAt: now,
    timesOpened: 0,
    openings: [now],
    dueAt: null,
    plan: null,
    planFrom: now,
    planFor: 'newTime',
    told: { reminders: 0, escalations: 0 },
    heard: [],
    announced: null,
    announceAs: 'opened',
    alertAgainAt: null,
    failed: [],
    emptySince: now,
    farewell: 'none',
    snoozedUntil: null,
    acknowledgedBy: '',
    repair: { at: 'none' },
    history: [],
    reached: now,
  };
}

/** The one next thing to do. Depends on the state alone; of time it knows what was waited for. */
export function decide(state: CaseState): CaseAction {
  const { code, owner, stage, plan, planFrom, repair } = state;
  if (state.timesOpened === 0) return { do: 'recall' };
  if (plan === null)
    return { do: 'plan', code, owner, from: planFrom, until: stage === 'acknowledged' ? 'mended' : 'answered' };
  if (repair.at === 'wanted') {
    const orders = state.orders.slice(0, MOST_ORDERS).map(({ id }) => id);
    return { do: 'repair', act: repair.act, by: repair.by, orders };
  }
  const agenda = agendaOf(state);
  const due = agenda.flatMap(({ at, action }) => (action !== null && isReached(state, at) ? [action] : []));
  // What cannot leave holds up nothing else.
  const [next] = due.toSorted((left, right) => timesFailed(state, left) - timesFailed(state, right));
  if (next) return next;
  const [first] = agenda.toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at));
  return { do: 'wait', until: first?.at ?? null, why: first?.why ?? whyWaiting(state) };
}

/** Folds in what happened. Never throws; what does not concern the case leaves it as it is. */
export function evolve(state: CaseState, event: CaseEvent, now: Instant): CaseState {
  switch (event.is) {
    case 'added':
      return afterAdded(state, event, now);
    case 'withdrawn':
      return afterWithdrawn(state, event.members, now);
    case 'reported':
      return afterReported(state, event.finding, now);
    case 'recalled':
      if (state.timesOpened > 0) return state;
      return event.before === null ? { ...state, timesOpened: 1 } : recalled(state, event.before, now);
    case 'planned': {
      const { plan } = event;
      const { owner, severity } = plan;
      const dueAt = state.planFor === 'newTime' || state.dueAt === null ? plan.dueAt : state.dueAt;
      return { ...state, plan, owner, severity, dueAt, told: { reminders: 0, escalations: 0 } };
    }
    case 'alerted':
      return afterAlert(state, event, now);
    case 'alertFailed':
      return afterFailure(state, event, now);
    case 'acknowledged':
    case 'assigned':
    case 'snoozed':
    case 'noted':
    case 'resolved':
    case 'repairWanted':
      return afterAct(state, event, now);
    case 'repairBegun': {
      const { repair } = state;
      return repair.at === 'wanted' ? { ...state, repair: { ...repair, at: 'underWay', bulk: event.bulk } } : state;
    }
    case 'repairEnded': {
      const { outcome } = event;
      const words = outcome.failures.slice(0, FAILURES_TOLD).map(({ order, says }) => `${order}: ${says}`);
      const done = remember(
        { ...state, repair: { at: 'none' } },
        now,
        [`Repaired: ${summarizeBulk(outcome)}`, ...words].join(' '),
      );
      const gone = outcome.failures.filter(({ result }) => result === 'gone').map(({ order }) => order);
      return afterWithdrawn(done, gone, now);
    }
    case 'repairFailed':
      return remember({ ...state, repair: { at: 'none' } }, now, `The repair did not come to its end: ${event.why}`);
    case 'timePassed': {
      const reached = isBefore(state.reached, now) ? now : state.reached;
      return awake({ ...state, reached });
    }
  }
}

/** What is kept when it has closed. */
export function remainsOf(state: CaseState, now: Instant): CaseRemains {
  const { timesOpened, openings, history } = state;
  return { timesOpened, openings, closedAt: now, answer: answerOf(state), history: history.slice(-HISTORY_KEPT) };
}

/** Whether a fresh history may go on with it. */
export function isIdle({ repair }: CaseState): boolean {
  return repair.at !== 'underWay';
}

/** Everything that will happen by itself. Of what is due and failed equally often the first in this list comes first. */
function agendaOf(state: CaseState): readonly Dated[] {
  const { stage, plan, emptySince, announced, snoozedUntil, told, repair } = state;
  if (plan === null) return [];
  const { gatherMs, settleMs, growMs } = plan.pace;
  const { openings } = state;
  if (emptySince !== null) {
    // What came of a repair is noted before it closes.
    if (repair.at !== 'none') return [];
    const at = later(emptySince, settleTime(openings, settleMs));
    const why = comesAndGoes(openings)
      ? 'It comes and goes; nothing is left in it now, and it closes when that has lasted'
      : 'Nothing is left in it; it closes soon';
    return state.farewell === 'toTell'
      ? [alertAt(state, at, 'closed', 0, everyoneTold(state), why)]
      : [{ at, why, action: { do: 'finish' } }];
  }
  if (stage === 'snoozed') return [{ at: snoozedUntil ?? state.reached, why: 'It sleeps', action: null }];
  if (stage === 'resolved') return [];
  const owner: readonly Recipient[] = [{ kind: 'owner', owner: state.owner }];
  const opening =
    announced === null
      ? [alertAt(state, later(state.openedAt, gatherMs), state.announceAs, 0, owner, 'Gathering what belongs to it')]
      : [];
  // The first message comes first; but where it cannot leave, the chain does not wait for it.
  if (opening.length > 0 && !state.failed.some(({ why }) => why === state.announceAs)) return opening;
  const growth =
    announced !== null && hasGrown(state, announced)
      ? [alertAt(state, later(announced.at, growMs), 'grew', 0, owner, 'It has grown')]
      : [];
  const waiting =
    stage === 'acknowledged'
      ? 'Somebody is on it; it closes when nothing is left in it. When that takes too long'
      : 'Waiting to be acknowledged; then';
  const escalation = plan.escalations[told.escalations];
  const reminder = plan.reminders[told.reminders];
  return [
    ...opening,
    ...(reminder === undefined ? [] : [alertAt(state, reminder, 'reminder', 0, owner, `${waiting} a reminder`)]),
    ...(escalation === undefined
      ? []
      : [
          alertAt(
            state,
            escalation.at,
            'escalated',
            escalation.level,
            escalation.to,
            `${waiting} the next in the chain hears of it`,
          ),
        ]),
    ...growth,
  ];
}

function hasGrown(state: CaseState, since: { readonly count: number; readonly value: Amount }): boolean {
  const { count, value } = sizeOf(state);
  return (
    (count > since.count && count >= GROWN * since.count) ||
    (isGreater(since.value, '0') && isGreater(value, multiply(since.value, GROWN)))
  );
}

interface Dated {
  readonly at: Instant;
  readonly why: string;
  /** null = time itself is all that is needed. */
  readonly action: CaseAction | null;
}

function alertAt(
  { alertAgainAt }: CaseState,
  at: Instant,
  why: AlertReason,
  level: number,
  to: readonly Recipient[],
  waiting: string,
): Dated {
  const time = alertAgainAt !== null && isBefore(at, alertAgainAt) ? alertAgainAt : at;
  return { at: time, why: waiting, action: { do: 'alert', why, level, to } };
}

function whyWaiting({ stage, repair }: CaseState): string {
  if (repair.at === 'underWay') return 'Its orders are being repaired';
  if (stage === 'resolved') return 'Resolved by a person; it closes when nothing is left in it';
  return 'It is open';
}

function afterAdded(
  state: CaseState,
  { says, member }: { readonly says: string; readonly member: CaseMember },
  now: Instant,
): CaseState {
  const known = state.orders.find(({ id }) => id === member.id);
  const orders = known
    ? state.orders.map((each) => (each === known ? { ...member, since: known.since } : each))
    : [...state.orders, member];
  const before = known?.value ?? '0';
  const ordersValue = sum([subtract(state.ordersValue, before), member.value ?? '0']);
  const next = { ...state, says, orders, ordersValue };
  return known ? next : came(next, `${member.label || member.id}.`, now);
}

function afterWithdrawn(state: CaseState, members: readonly string[], now: Instant): CaseState {
  const leaving = new Set(members);
  const gone = state.orders.filter(({ id }) => leaving.has(id));
  if (gone.length === 0) return state;
  const orders = state.orders.filter(({ id }) => !leaving.has(id));
  const ordersValue = subtract(state.ordersValue, sum(gone.map(({ value }) => value ?? '0')));
  return left({ ...state, orders, ordersValue }, now);
}

function afterReported(state: CaseState, finding: Omit<SourceFinding, 'since'>, now: Instant): CaseState {
  const { source, says, count } = finding;
  const known = state.findings.find((each) => each.source === source);
  const others = state.findings.filter((each) => each.source !== source);
  if (count === 0) return known ? left({ ...state, findings: others }, now) : state;
  const next = { ...state, says, findings: [...others, { ...finding, since: known?.since ?? now }] };
  if (!known) return came(next, `${source}: ${says}`, now);
  return state.stage === 'resolved' && count > known.count ? came(next, `${source}: now ${count}.`, now) : next;
}

/** Something new is in it. What a person had resolved, or what was said to be over, is open again. */
function came(state: CaseState, what: string, now: Instant): CaseState {
  const next = { ...state, emptySince: null };
  const isOver = state.stage === 'resolved' || (state.emptySince !== null && state.farewell === 'told');
  if (!isOver) {
    if (state.history.length === 0) return remember(next, now, `Opened: ${what}`);
    if (state.emptySince === null) return next;
    return remember({ ...next, history: untilItWent(state.history) }, now, `${CAME_BACK}: ${what}`);
  }
  const openings = openedAgain(state.openings, now);
  const again: CaseState = {
    ...next,
    ...(state.stage === 'resolved' ? unanswered(now) : newTime(now)),
    openedAt: now,
    timesOpened: state.timesOpened + 1,
    openings,
    announced: null,
    announceAs: announcementOf(openings),
    ...(state.farewell === 'told' ? ({ farewell: 'none', heard: [] } as const) : {}),
  };
  return remember(again, now, `Opened again: ${what}`);
}

function left(state: CaseState, now: Instant): CaseState {
  if (state.orders.length + state.findings.length > 0) return state;
  return remember({ ...state, emptySince: now }, now, WENT);
}

const WENT = 'Nothing is left in it.';
const CAME_BACK = 'Came back before it closed';

/** Of its last goings and comings only the latest is told, so that they drive nothing else out of the history. */
function untilItWent(history: CaseState['history']): CaseState['history'] {
  return history.slice(0, history.findLastIndex(({ what }) => what !== WENT && !what.startsWith(CAME_BACK)) + 1);
}

/** It was open before. What a person said of it then still holds: until the snooze ends, or if it was just now. */
function recalled(state: CaseState, before: CaseRemains, now: Instant): CaseState {
  const openings = openedAgain(before.openings ?? [], state.openedAt);
  const known: CaseState = {
    ...state,
    openings,
    timesOpened: before.timesOpened + 1,
    announceAs: announcementOf(openings),
    history: [...before.history, ...state.history],
  };
  const again = remember(known, now, `Opened again; closed before at ${before.closedAt}.`);
  const answer = before.answer ?? { is: 'none' };
  // Somebody was quicker.
  if (state.stage !== 'open') return again;
  if (answer.is === 'snoozed' && isBefore(now, answer.until))
    return remember(
      { ...again, stage: 'snoozed', snoozedUntil: answer.until },
      now,
      `It sleeps until ${answer.until}.`,
    );
  if (answer.is === 'acknowledged' && isOfLate(before.closedAt, state.openedAt))
    return remember(
      { ...again, stage: 'acknowledged', acknowledgedBy: answer.by },
      now,
      `${answer.by} was on it already.`,
    );
  return again;
}

function answerOf({ stage, acknowledgedBy, snoozedUntil }: CaseState): CaseAnswer {
  if (stage === 'acknowledged') return { is: 'acknowledged', by: acknowledgedBy };
  return stage === 'snoozed' && snoozedUntil !== null ? { is: 'snoozed', until: snoozedUntil } : { is: 'none' };
}

function announcementOf(openings: CaseState['openings']): Announcement {
  return comesAndGoes(openings) ? 'comesAndGoes' : 'reopened';
}
