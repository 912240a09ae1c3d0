import type { FeedPulse } from '../domain/watch/feed-pulse.ts';
import type { UnconfirmedOrder } from '../domain/watch/judge-unconfirmed.ts';

/** A feed's last completed run that Temporal still knows. */
export interface CompletedRun {
  /** ISO instant. */
  readonly startedAt: string;
  readonly result: unknown;
}

/** How a site's schedules, feeds and orders stand on the server. The worker brings the real thing. */
export interface SitePulse {
  feeds(): Promise<readonly FeedPulse[]>;
  /** Orders that came in before an ISO instant and are still on their way to the ERP. */
  unconfirmed(before: string): AsyncIterable<UnconfirmedOrder>;
  /** null = none. */
  lastCompleted(workflowType: string): Promise<CompletedRun | null>;
}
