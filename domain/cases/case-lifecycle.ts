import { BULK_ACTS, MOST_ORDERS, summarizeBulk, type BulkAct } from '../act-on-orders.ts';
import { isGreater, multiply, subtract, sum, type Amount } from '../money.ts';
import type { Instant } from '../order-state.ts';
import { problemKind } from '../problems.ts';
import { OWNERS } from '../site-rules.ts';
import type { Recipient } from './case-rules.ts';
import { comesAndGoes, isOfLate, openedAgain, settleTime } from './comes-and-goes.ts';
import type {
  AlertReason,
  Announcement,
  CaseAct,
  CaseAction,
  CaseAnswer,
  CaseCause,
  CaseEvent,
  CaseMember,
  CaseRemains,
  CaseState,
  FailedAlert,
  SourceFinding,
} from './case-state.ts';
import { severityOf } from './severity-of.ts';

const MOST_HISTORY = 200;
/** Kept of a closed case for when it comes back. */
const HISTORY_KEPT = 50;
/** A case is told again when it has become so many times as large. */
const GROWN = 2;
/** So many hear that it is over: the owner, and who was told first. */
const MOST_HEARD = 50;
const ALERT_AGAIN_MS = 5 * 60_000;
/**
 * What failed so often counts as attempted: the chain goes on above a step that nobody can tell, and no case stands open
 * for the sake of its last message, which is tried for about a day. What is not named here is tried until it leaves.
 */
const MOST_TRIES: Readonly<Partial<Record<AlertReason, number>>> = { reminder: 3, escalated: 3, closed: 144 };
const LONGEST_SNOOZE_MS = 366 * 86_400_000;
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
      return event.remarks.reduce(
        (told, remark) => remember(told, now, remark),
        afterAlert(
          {
            ...state,
            alertAgainAt: null,
            failed: othersFailed(state, event),
            heard: eachOnce([...state.heard, ...event.to]),
          },
          event,
          now,
        ),
      );
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

/** Why a person's act cannot be taken now; null = it can. For validators: synchronous, no effect. */
export function refuseCaseAct(state: CaseState, act: CaseAct, now: Instant): string | null {
  if (!act.actor.trim() || !act.reason.trim()) return 'Say who acts and why: actor and reason are obligatory.';
  switch (act.is) {
    case 'acknowledged':
      return state.stage === 'acknowledged' ? `It is acknowledged already, by ${state.acknowledgedBy}.` : null;
    case 'assigned':
      if (!OWNERS.includes(act.owner)) return `There is no team “${act.owner}”. Name one of: ${OWNERS.join(', ')}.`;
      return act.owner === state.owner ? `It belongs to ${act.owner} already.` : null;
    case 'snoozed': {
      const length = Date.parse(act.until) - Date.parse(now);
      if (Number.isNaN(length)) return `“${act.until}” is no instant. Write one such as 2026-01-20T09:00:00Z.`;
      if (length <= 0) return 'It can only sleep until a time to come.';
      return length > LONGEST_SNOOZE_MS ? 'It can sleep for a year at most.' : null;
    }
    case 'noted':
      return null;
    case 'resolved':
      return state.stage === 'resolved' ? 'It is resolved already; it closes when nothing is left in it.' : null;
    case 'repairWanted':
      return refuseRepair(state, act.act);
  }
}

/** Acts on all its orders that can end the problem, the likeliest first. */
export function repairsOf({ code, orders }: Pick<CaseState, 'code' | 'orders'>): readonly BulkAct[] {
  if (orders.length === 0) return [];
  return problemKind(code).press.flatMap((repair) => BULK_ACTS.filter((act) => act === repair));
}

/**
 * How large it is: how many things are concerned, and the money at risk as far as it is known. Currencies are added up as
 * if they were one: good enough to sort cases and to see one grow, and never to be shown as money.
 */
export function sizeOf({ orders, ordersValue, findings }: Pick<CaseState, 'orders' | 'ordersValue' | 'findings'>): {
  readonly count: number;
  readonly value: Amount;
} {
  return {
    count: findings.reduce((count, finding) => count + finding.count, orders.length),
    value: sum([ordersValue, ...findings.map(({ value }) => value ?? '0')]),
  };
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

/** Its owner, and everybody who was told of it. */
function everyoneTold({ owner, heard }: CaseState): readonly Recipient[] {
  return eachOnce([{ kind: 'owner', owner }, ...heard]);
}

function eachOnce(all: readonly Recipient[]): readonly Recipient[] {
  const nameOf = (recipient: Recipient) => (recipient.kind === 'owner' ? recipient.owner : recipient.email);
  return all
    .filter((each, index) => all.findIndex((other) => nameOf(other) === nameOf(each)) === index)
    .slice(0, MOST_HEARD);
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

function afterAlert(
  state: CaseState,
  { why, level }: { readonly why: AlertReason; readonly level: number },
  now: Instant,
): CaseState {
  switch (why) {
    case 'opened':
    case 'reopened':
    case 'comesAndGoes':
    case 'assigned':
    case 'awake':
    case 'grew': {
      const { count, value } = sizeOf(state);
      const words = why === 'grew' ? `Told ${state.owner} that it has grown` : `Told ${state.owner}`;
      return remember(
        { ...state, announced: { at: now, count, value }, farewell: 'toTell' },
        now,
        `${words}: ${count} concerned.`,
      );
    }
    case 'reminder': {
      const told = { ...state.told, reminders: state.told.reminders + 1 };
      const { owner, stage, acknowledgedBy } = state;
      const words =
        stage === 'acknowledged' ? `${acknowledgedBy} is on it, and it is not mended` : 'nobody has acknowledged it';
      return toldAll(remember({ ...state, told }, now, `Reminded ${owner}: ${words}.`), now);
    }
    case 'escalated': {
      const told = { ...state.told, escalations: state.told.escalations + 1 };
      return toldAll(remember({ ...state, told }, now, `Escalated to level ${level}.`), now);
    }
    case 'closed':
      return { ...state, farewell: 'told' };
  }
}

/** A message that did not leave. When that has happened often enough, a reminder or a step up the chain is passed over. */
function afterFailure(state: CaseState, event: Extract<CaseEvent, { is: 'alertFailed' }>, now: Instant): CaseState {
  const { why, level, error } = event;
  const times = failuresOf(state, event) + 1;
  const failed = [...othersFailed(state, event), { why, level, times }];
  const tried = { ...state, alertAgainAt: later(now, ALERT_AGAIN_MS), failed };
  const next = times === 1 ? remember(tried, now, `A message could not be sent: ${error}`) : tried;
  if (times < (MOST_TRIES[why] ?? Infinity)) return next;
  return passedOver({ ...next, failed: othersFailed(state, event) }, event, now);
}

/** What could not be told counts as told, so that what comes after it is. */
function passedOver(
  state: CaseState,
  { why, level }: { readonly why: AlertReason; readonly level: number },
  now: Instant,
): CaseState {
  const { owner, told } = state;
  switch (why) {
    case 'reminder': {
      const next = { ...state, told: { ...told, reminders: told.reminders + 1 } };
      return toldAll(remember(next, now, `No reminder reached ${owner}; the next in the chain hears of it.`), now);
    }
    case 'escalated': {
      const next = { ...state, told: { ...told, escalations: told.escalations + 1 } };
      const words = `Level ${level} could not be told; the next in the chain hears of it.`;
      return toldAll(remember(next, now, words), now);
    }
    case 'closed':
      return remember({ ...state, farewell: 'told' }, now, 'That it is over could not be told.');
    default:
      return state;
  }
}

/** How often this has failed since it last succeeded. */
function timesFailed(state: CaseState, action: CaseAction): number {
  return action.do === 'alert' ? failuresOf(state, action) : 0;
}

function failuresOf({ failed }: CaseState, message: Pick<FailedAlert, 'why' | 'level'>): number {
  return failed.find((each) => isSame(each, message))?.times ?? 0;
}

function othersFailed({ failed }: CaseState, message: Pick<FailedAlert, 'why' | 'level'>): readonly FailedAlert[] {
  return failed.filter((each) => !isSame(each, message));
}

function isSame(left: Pick<FailedAlert, 'why' | 'level'>, right: Pick<FailedAlert, 'why' | 'level'>): boolean {
  return left.why === right.why && left.level === right.level;
}

/** When everybody has been told and still nothing happens, it begins again. */
function toldAll(state: CaseState, now: Instant): CaseState {
  const { plan, told } = state;
  if (plan === null) return state;
  const isMore = told.reminders < plan.reminders.length || told.escalations < plan.escalations.length;
  return isMore ? state : { ...state, plan: null, planFrom: now, planFor: 'telling' };
}

function afterAct(state: CaseState, act: CaseAct, now: Instant): CaseState {
  const signed = (words: string) => `${words} by ${act.actor}: ${act.reason}`;
  switch (act.is) {
    case 'acknowledged': {
      const acknowledged: CaseState = {
        ...state,
        ...newTime(now),
        stage: 'acknowledged',
        snoozedUntil: null,
        acknowledgedBy: act.actor,
        // Whoever acknowledges has seen it, whether or not a message has left.
        announced: state.announced ?? { at: now, ...sizeOf(state) },
        farewell: state.farewell === 'none' ? 'toTell' : state.farewell,
      };
      return remember(acknowledged, now, signed('Acknowledged'));
    }
    case 'assigned': {
      const assigned: CaseState = {
        ...state,
        ...unanswered(now),
        owner: act.owner,
        announced: null,
        announceAs: 'assigned',
      };
      return remember(assigned, now, signed(`Assigned to ${act.owner}`));
    }
    case 'snoozed':
      return remember(
        { ...state, stage: 'snoozed', snoozedUntil: act.until },
        now,
        signed(`Snoozed until ${act.until}`),
      );
    case 'noted':
      return remember(state, now, `Note by ${act.actor}: ${act.reason}`);
    case 'resolved':
      return remember({ ...state, stage: 'resolved', snoozedUntil: null }, now, signed('Resolved'));
    case 'repairWanted': {
      const { actor, reason } = act;
      if (state.repair.at !== 'none') return state;
      return remember(
        { ...state, repair: { at: 'wanted', act: act.act, by: { actor, reason } } },
        now,
        signed(`Repair of its orders with “${act.act}” asked for`),
      );
    }
  }
}

/** Nobody has answered for it yet, and the time to do so begins now. */
function unanswered(now: Instant) {
  return { ...newTime(now), stage: 'open', snoozedUntil: null, acknowledgedBy: '' } as const;
}

function newTime(now: Instant) {
  return { plan: null, planFrom: now, planFor: 'newTime', failed: [] } as const;
}

/** What slept long enough is open again, with a new time to answer, and its owner hears so. */
function awake(state: CaseState): CaseState {
  const { stage, snoozedUntil, announced, announceAs } = state;
  if (stage !== 'snoozed' || snoozedUntil === null || !isReached(state, snoozedUntil)) return state;
  const open: CaseState = {
    ...state,
    ...unanswered(snoozedUntil),
    announced: null,
    announceAs: announced === null ? announceAs : 'awake',
  };
  return remember(open, snoozedUntil, 'It has slept long enough.');
}

function refuseRepair(state: CaseState, act: BulkAct): string | null {
  if (state.orders.length === 0) return 'There are no orders in it that could be repaired.';
  if (state.repair.at !== 'none') return 'A repair is under way already.';
  const possible = repairsOf(state);
  if (possible.includes(act)) return null;
  return `“${act}” does not end this problem. Possible for all its orders: ${possible.join(', ') || 'nothing'}.`;
}

function remember(state: CaseState, at: Instant, what: string): CaseState {
  return { ...state, history: [...state.history, { at, what }].slice(-MOST_HISTORY) };
}

function isReached({ reached }: CaseState, at: Instant): boolean {
  return !isBefore(reached, at);
}

function isBefore(left: Instant, right: Instant): boolean {
  return Date.parse(left) < Date.parse(right);
}

function later(time: Instant, milliseconds: number): Instant {
  return new Date(Date.parse(time) + milliseconds).toISOString();
}
