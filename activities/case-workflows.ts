import type { CaseCause, CaseMember, CaseRemains, SourceFinding } from '../domain/cases/case-state.ts';

/** How orders, feeds and checks reach the cases of their site. The worker brings the real thing, on Temporal. */
export interface CaseWorkflows {
  /** Puts an order into its case, which is opened where it is not. The same twice is once. */
  add(cause: CaseCause, says: string, member: CaseMember): Promise<void>;
  /** Takes an order out of a case; one that is closed has nothing of it. */
  withdraw(caseId: string, memberId: string): Promise<void>;
  /** What a source says now of a cause, in place of what it said before. */
  report(cause: CaseCause, finding: Omit<SourceFinding, 'since'>): Promise<void>;
  /** A source says nothing of this case any more. */
  retract(caseId: string, source: string): Promise<void>;
  /** Open cases to which this source has reported, by their ids. Shows a little later what was told. */
  openFrom(source: string): AsyncIterable<string>;
  /** Sources that have an open case, of those whose names begin so. Shows a little later what was told. */
  openSources(prefixes: readonly string[]): Promise<ReadonlySet<string>>;
  /** What is kept of the case's last closed run; null = it was never closed. */
  remainsOf(caseId: string): Promise<CaseRemains | null>;
}
