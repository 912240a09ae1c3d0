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
  /** Orders that are on their way to the ERP, of those that came in before an ISO instant. */
  unconfirmed(before: string): AsyncIterable<UnconfirmedOrder>;
  /** When the watch's schedule was made or changed last; null = there is none. */
  watchDeclaredAt(): Promise<string | null>;
  /** null = none. */
  lastCompleted(workflowType: string): Promise<CompletedRun | null>;
}
