/** How a feed's schedule stands, and how its runs went, as the server tells. */
export interface FeedPulse {
  readonly feed: string;
  /** Of the schedule on the server against its declaration; `off`: the site does not run it. */
  readonly schedule: 'asDeclared' | 'missing' | 'altered' | 'paused' | 'undeclared' | 'off';
  /** What the schedule says of itself: who paused it and why, where it is paused. */
  readonly note: string;
  /** A plain cadence, round the clock; null = a window, or times of the day. */
  readonly everySeconds: number | null;
  readonly jitterSeconds: number;
  /** ISO instant. When the schedule was made or changed last. */
  readonly since: string;
  /** ISO instants. When runs were due and were started, the latest last. */
  readonly started: readonly string[];
  /** ISO instant of the next run; null = there is none. */
  readonly next: string | null;
  /** The run under way. */
  readonly running: { readonly since: string } | null;
  /** The last run that is over; null = there was none. */
  readonly last: { readonly ended: 'well' | 'badly'; readonly at: string; readonly why: string } | null;
}
