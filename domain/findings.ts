import type { Amount } from './money.ts';
import type { ProblemCode } from './problems.ts';

/** How many concerned things a finding names; the count tells the rest. */
export const MOST_NAMED = 200;

/** One cause that a feed or a check met, with everything it concerns. One cause with many SKUs is one finding. */
export interface Finding {
  readonly code: ProblemCode;
  /** What makes it one cause beside its code: the price list, the location, the snapshot's part; '' = the site. */
  readonly key: string;
  readonly says: string;
  readonly count: number;
  /** The first ones: SKUs, customers, orders, as people call them. */
  readonly concerns: readonly string[];
  /** Money at risk; null = it cannot be told. */
  readonly value: Amount | null;
}

/** What a run of a feed answers: its figures, and what it met. Stays small, however much it moved. */
export interface FeedReport {
  readonly stats: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
}

/** A person lets one guard pass for one run. */
export interface GuardOverride {
  /** Code of the problem that the guard would raise. */
  readonly guard: ProblemCode;
  readonly actor: string;
  readonly reason: string;
}

/** A finding about things; null when there are none. */
export function findingOf(
  code: ProblemCode,
  concerns: readonly string[],
  { key = '', says, value = null }: { readonly key?: string; readonly says: string; readonly value?: Amount | null },
): Finding | null {
  if (concerns.length === 0) return null;
  return { code, key, says, count: concerns.length, concerns: concerns.slice(0, MOST_NAMED), value };
}

/** Those that there are. */
export function present(findings: readonly (Finding | null)[]): readonly Finding[] {
  return findings.filter((finding) => finding !== null);
}
