import { planCase } from '../../../activities/plan-case.ts';
import type { CaseRules, WorkingCalendar } from '../../../domain/cases/case-rules.ts';
import type {
  CaseAction,
  CaseAct,
  CaseEvent,
  CaseMember,
  CaseRemains,
  CaseState,
} from '../../../domain/cases/case-state.ts';
import { refuseCaseAct } from '../../../domain/cases/case-acts.ts';
import { decide, evolve, newCase } from '../../../domain/cases/case-lifecycle.ts';
import type { BulkProgress } from '../../../domain/act-on-orders.ts';

const office: WorkingCalendar = {
  zone: 'Europe/London',
  workdays: [1, 2, 3, 4, 5],
  from: '09:00',
  to: '17:00',
  holidays: [],
};
const up = [
  { afterMinutes: 60, to: [{ kind: 'owner', owner: 'integration' }] },
  { afterMinutes: 60, to: [{ kind: 'address', email: 'head@example.com' }] },
] as const;

export const RULES: CaseRules = {
  calendars: { ecommerce: office, finance: office, warehouse: office, integration: office },
  answerWithin: { urgent: 30, high: 120, normal: 240, low: 480 },
  mendWithin: { urgent: 60, high: 240, normal: 480, low: 960 },
  escalation: { ecommerce: up, finance: up, warehouse: up, integration: [] },
  severities: { LOCATION_NOT_MAPPED: 'high' },
  pace: {
    gatherMs: 10_000,
    settleMs: 60_000,
    growMs: 3_600_000,
    repair: { ordersPerMinute: 60, patienceMs: 600_000 },
  },
};

/** A Tuesday morning. */
export const MORNING = '2026-01-20T10:00:00.000Z';
export const CAUSE = { site: 'north', code: 'LOCATION_NOT_MAPPED', key: 'pop-up' } as const;
export const BY = { actor: 'kim@here', reason: 'I know why' } as const;

export const anOrder = (number: number, value: string | null = '10.00'): CaseMember => ({
  id: `order:north:${number}`,
  label: `B2B${number}`,
  value,
  since: MORNING,
});
export const added = (
  number: number,
  value: string | null = '10.00',
  says = 'The storefront location “pop-up” is not mapped.',
): CaseEvent => ({
  is: 'added',
  says,
  member: anOrder(number, value),
});
export const withdrawn = (...numbers: readonly number[]): CaseEvent => ({
  is: 'withdrawn',
  members: numbers.map((number) => `order:north:${number}`),
});

export interface Told {
  readonly at: string;
  readonly why: string;
  readonly level: number;
  readonly to: readonly string[];
  readonly count: number;
}

/** A case as its interpreter runs it, on a clock of its own. */
export class CaseWorld {
  state: CaseState;
  now: string;
  readonly told: Told[] = [];
  /** What was asked of bulks, each with its orders. */
  readonly repairs: (readonly string[])[] = [];
  isClosed = false;
  /** Whose address no server takes. */
  readonly refused = new Set<string>();
  /** Whether messages can leave. */
  channel: 'open' | 'dead' = 'open';
  /** What sending a message leaves to be said. */
  remarks: readonly string[] = [];
  readonly #before: CaseRemains | null;

  readonly #rules: CaseRules;

  constructor(before: CaseRemains | null = null, now = MORNING, rules = RULES) {
    this.#rules = rules;
    this.now = now;
    this.#before = before;
    this.state = newCase(CAUSE, now);
  }

  when(...events: readonly CaseEvent[]): this {
    for (const event of events) this.state = evolve(this.state, event, this.now);
    return this.settle();
  }

  /** A person's act, as far as it is possible; answers why it is not. */
  asks(act: CaseAct): string | null {
    const refusal = refuseCaseAct(this.state, act, this.now);
    if (refusal === null) this.when(act);
    return refusal;
  }

  /** Lets time pass, with everything that falls due meanwhile. */
  passes(minutes: number): this {
    const until = Date.parse(this.now) + minutes * 60_000;
    for (let turns = 0; ; turns++) {
      if (turns > 2_000) throw new Error('it spins');
      const action = this.next();
      if (this.isClosed || action.do !== 'wait' || action.until === null || Date.parse(action.until) > until) break;
      this.now = new Date(Math.max(Date.parse(action.until), Date.parse(this.now))).toISOString();
      this.state = evolve(this.state, { is: 'timePassed' }, action.until);
      this.settle();
    }
    this.now = new Date(until).toISOString();
    return this;
  }

  next(): CaseAction {
    return decide(this.state);
  }

  /** Does everything that needs no time. */
  settle(): this {
    for (let turns = 0; !this.isClosed; turns++) {
      if (turns > 20) throw new Error('it spins');
      const action = decide(this.state);
      if (action.do === 'wait') break;
      if (action.do === 'finish') this.isClosed = true;
      else this.state = evolve(this.state, this.#perform(action), this.now);
    }
    return this;
  }

  #perform(action: Exclude<CaseAction, { do: 'wait' | 'finish' }>): CaseEvent {
    switch (action.do) {
      case 'recall':
        return { is: 'recalled', before: this.#before };
      case 'plan':
        return { is: 'planned', plan: planCase(this.#rules, action) };
      case 'alert': {
        const { why, level, to } = action;
        const names = to.map((each) => (each.kind === 'owner' ? each.owner : each.email));
        if (this.channel === 'dead' || names.every((name) => this.refused.has(name)))
          return { is: 'alertFailed', why, level, error: 'the server does not answer' };
        this.told.push({ at: this.now, why, level, to: names, count: this.state.orders.length });
        return { is: 'alerted', why, level, to, remarks: this.remarks };
      }
      case 'repair':
        this.repairs.push(action.orders);
        return { is: 'repairBegun', bulk: `bulk:${this.repairs.length}` };
    }
  }
}

export function bulkOutcome(change: Partial<BulkProgress> = {}): BulkProgress {
  return {
    site: 'north',
    act: 'remap',
    actor: 'kim@here',
    reason: 'mapped now',
    status: 'completed',
    total: 3,
    untouched: 0,
    waiting: [],
    counts: { done: 3, refused: 0, stillParked: 0, notAtRest: 0, gone: 0 },
    failures: [],
    ...change,
  };
}
