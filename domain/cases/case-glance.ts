import type { BulkAct } from '../act-on-orders.ts';
import { toCents, type Amount } from '../money.ts';
import { moneyInWords, type Money } from '../money-per-currency.ts';
import type { Instant } from '../order-state.ts';
import { problemKind, type ProblemCode } from '../problems.ts';
import type { Owner } from '../site-rules.ts';
import { caseId } from './case-id.ts';
import { moneyOfCase } from './case-money.ts';
import { repairsOf } from './case-acts.ts';
import { sizeOf } from './case-steps.ts';
import type { CaseStage, CaseState } from './case-state.ts';
import type { Severity } from './severity-of.ts';

/** So many of what is concerned are named at a glance; the case itself names more. */
const NAMED = 10;

/** A case at a glance: everything a message about it, or a line of a list, needs. Small, however large the case is. */
export interface CaseGlance {
  /** The id of its workflow. */
  readonly id: string;
  readonly site: string;
  readonly code: ProblemCode;
  /** What it is about; '' = the site. */
  readonly key: string;
  /** What happened, in a sentence. */
  readonly says: string;
  readonly owner: Owner;
  readonly severity: Severity;
  readonly stage: CaseStage;
  /** How many orders, SKUs, … are concerned; 0 = nothing is left in it. */
  readonly count: number;
  readonly orders: number;
  /** The first ones, as people call them. */
  readonly named: readonly string[];
  /** Money at risk, as far as it is known, whatever the currencies: to sort by. */
  readonly valueAtRisk: Amount;
  /** The same in each currency, in cents; news kept by an earlier version has none. */
  readonly moneyAtRisk?: readonly Money[];
  readonly openedAt: Instant;
  /** How far the clock of its owner is ahead of UTC; news kept by an earlier version does not say. */
  readonly offsetMinutes?: number;
  /** 1 = for the first time. */
  readonly timesOpened: number;
  /** When somebody must have acknowledged it, or whoever did must have mended it; null = that is not known yet. */
  readonly dueAt: Instant | null;
  /** Empty = nobody. */
  readonly acknowledgedBy: string;
  readonly snoozedUntil: Instant | null;
  /** What ends it. */
  readonly mend: string;
  /** What can be pressed for all its orders at once; empty = nothing. */
  readonly repairs: readonly BulkAct[];
}

export function glanceOf(state: CaseState): CaseGlance {
  const { site, code, key, says, owner, severity, stage, orders, findings } = state;
  const { openedAt, timesOpened, dueAt, acknowledgedBy, snoozedUntil } = state;
  const { count, value } = sizeOf(state);
  const { mend } = problemKind(code);
  const named = [...orders.slice(0, NAMED).map(nameOf), ...findings.flatMap(({ concerns }) => concerns)];
  return {
    id: caseId(state),
    site,
    code,
    key,
    says: says || mend,
    owner,
    severity,
    stage,
    count,
    orders: orders.length,
    named: named.slice(0, NAMED),
    valueAtRisk: toCents(value),
    moneyAtRisk: moneyOfCase(state),
    openedAt,
    offsetMinutes: state.plan?.offsetMinutes ?? 0,
    timesOpened,
    dueAt,
    acknowledgedBy,
    snoozedUntil: stage === 'snoozed' ? snoozedUntil : null,
    mend,
    repairs: repairsOf(state),
  };
}

/** The money at risk for people, `1000.00 CAD + 250.00 USD`; '' = none is known. */
export function costInWords({ valueAtRisk, moneyAtRisk }: Pick<CaseGlance, 'valueAtRisk' | 'moneyAtRisk'>): string {
  return moneyInWords(moneyAtRisk ?? [{ currency: '', amount: valueAtRisk }]);
}

/** An order as people call it. */
export function nameOf({ id, label }: CaseState['orders'][number]): string {
  return label || id;
}
