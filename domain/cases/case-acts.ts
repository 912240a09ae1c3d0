import { BULK_ACTS, type BulkAct } from '../act-on-orders.ts';
import type { Instant } from '../order-state.ts';
import { problemKind } from '../problems.ts';
import { OWNERS } from '../site-rules.ts';
import type { CaseAct, CaseState } from './case-state.ts';
import { isReached, newTime, remember, sizeOf, unanswered } from './case-steps.ts';

const LONGEST_SNOOZE_MS = 366 * 86_400_000;

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

export function afterAct(state: CaseState, act: CaseAct, now: Instant): CaseState {
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
      if (state.repair.at !== 'none')
        return remember(state, now, signed(`Repair with “${act.act}” not begun: another is under way`));
      return remember(
        { ...state, repair: { at: 'wanted', act: act.act, by: { actor, reason } } },
        now,
        signed(`Repair of its orders with “${act.act}” asked for`),
      );
    }
  }
}

/** What slept long enough is open again, with a new time to answer, and its owner hears so. */
export function awake(state: CaseState): CaseState {
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

/** Acts on all its orders that can end the problem, the likeliest first. */
export function repairsOf({ code, orders }: Pick<CaseState, 'code' | 'orders'>): readonly BulkAct[] {
  if (orders.length === 0) return [];
  return problemKind(code).press.flatMap((repair) => BULK_ACTS.filter((act) => act === repair));
}

function refuseRepair(state: CaseState, act: BulkAct): string | null {
  if (state.orders.length === 0) return 'There are no orders in it that could be repaired.';
  if (state.repair.at !== 'none') return 'A repair is under way already.';
  const possible = repairsOf(state);
  if (possible.includes(act)) return null;
  return `“${act}” does not end this problem. Possible for all its orders: ${possible.join(', ') || 'nothing'}.`;
}
