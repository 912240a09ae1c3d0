import type { Instant } from '../order-state.ts';
import type { Recipient } from './case-rules.ts';
import type { AlertReason, CaseAction, CaseEvent, CaseState, FailedAlert } from './case-state.ts';
import { later, remember, sizeOf } from './case-steps.ts';

/** So many hear that it is over: the owner, and who was told first. */
const MOST_HEARD = 50;

const ALERT_AGAIN_MS = 5 * 60_000;

/**
 * What failed so often counts as attempted: the chain goes on above a step that nobody can tell, and no case stands open
 * for the sake of its last message, which is tried for about a day. What is not named here is tried until it leaves.
 */
const MOST_TRIES: Readonly<Partial<Record<AlertReason, number>>> = { reminder: 3, escalated: 3, closed: 144 };

/** A message has left, or will never be taken; who could not be told stands in the history. */
export function afterAlert(state: CaseState, event: Extract<CaseEvent, { is: 'alerted' }>, now: Instant): CaseState {
  const left: CaseState = {
    ...state,
    alertAgainAt: null,
    failed: othersFailed(state, event),
    heard: eachOnce([...state.heard, ...event.to]),
  };
  return event.remarks.reduce((after, remark) => remember(after, now, remark), told(left, event, now));
}

/** A message that did not leave. When that has happened often enough, a reminder or a step up the chain is passed over. */
export function afterFailure(
  state: CaseState,
  event: Extract<CaseEvent, { is: 'alertFailed' }>,
  now: Instant,
): CaseState {
  const { why, level, error } = event;
  const times = failuresOf(state, event) + 1;
  const failed = [...othersFailed(state, event), { why, level, times }];
  const tried = { ...state, alertAgainAt: later(now, ALERT_AGAIN_MS), failed };
  const next = times === 1 ? remember(tried, now, `A message could not be sent: ${error}`) : tried;
  if (times < (MOST_TRIES[why] ?? Infinity)) return next;
  return passedOver({ ...next, failed: othersFailed(state, event) }, event, now);
}

/** How often this has failed since it last succeeded. */
export function timesFailed(state: CaseState, action: CaseAction): number {
  return action.do === 'alert' ? failuresOf(state, action) : 0;
}

/** Its owner, and everybody who was told of it. */
export function everyoneTold({ owner, heard }: CaseState): readonly Recipient[] {
  return eachOnce([{ kind: 'owner', owner }, ...heard]);
}

function told(
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
      const { owner, stage, acknowledgedBy } = state;
      const words =
        stage === 'acknowledged' ? `${acknowledgedBy} is on it, and it is not mended` : 'nobody has acknowledged it';
      return counted(state, 'reminders', `Reminded ${owner}: ${words}.`, now);
    }
    case 'escalated':
      return counted(state, 'escalations', `Escalated to level ${level}.`, now);
    case 'closed':
      return { ...state, farewell: 'told' };
  }
}

/** What could not be told counts as told, so that what comes after it is. */
function passedOver(
  state: CaseState,
  { why, level }: { readonly why: AlertReason; readonly level: number },
  now: Instant,
): CaseState {
  const next = 'the next in the chain hears of it';
  switch (why) {
    case 'reminder':
      return counted(state, 'reminders', `No reminder reached ${state.owner}; ${next}.`, now);
    case 'escalated':
      return counted(state, 'escalations', `Level ${level} could not be told; ${next}.`, now);
    case 'closed':
      return remember({ ...state, farewell: 'told' }, now, 'That it is over could not be told.');
    default:
      return state;
  }
}

/** One step more of the plan is told, or passed over. When everybody has been told and nothing happens, it begins again. */
function counted(state: CaseState, which: keyof CaseState['told'], words: string, now: Instant): CaseState {
  const told = { ...state.told, [which]: state.told[which] + 1 };
  const next = remember({ ...state, told }, now, words);
  const { plan } = next;
  if (plan === null) return next;
  const isMore = told.reminders < plan.reminders.length || told.escalations < plan.escalations.length;
  return isMore ? next : { ...next, plan: null, planFrom: now, planFor: 'telling' };
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

function eachOnce(all: readonly Recipient[]): readonly Recipient[] {
  const nameOf = (recipient: Recipient) => (recipient.kind === 'owner' ? recipient.owner : recipient.email);
  return all
    .filter((each, index) => all.findIndex((other) => nameOf(other) === nameOf(each)) === index)
    .slice(0, MOST_HEARD);
}
