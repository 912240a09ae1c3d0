import type { BulkAct } from '../act-on-orders.ts';
import { toCents, type Amount } from '../money.ts';
import type { Instant } from '../order-state.ts';
import { problemKind, type ProblemCode } from '../problems.ts';
import type { Owner } from '../site-rules.ts';
import { caseId } from './case-id.ts';
import { repairsOf, sizeOf } from './case-lifecycle.ts';
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
  /** Money at risk in cents, as far as it is known. */
  readonly valueAtRisk: Amount;
  readonly openedAt: Instant;
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
    openedAt,
    timesOpened,
    dueAt,
    acknowledgedBy,
    snoozedUntil: stage === 'snoozed' ? snoozedUntil : null,
    mend,
    repairs: repairsOf(state),
  };
}

/** An order as people call it. */
export function nameOf({ id, label }: CaseState['orders'][number]): string {
  return label || id;
}
