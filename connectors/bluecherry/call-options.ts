import type { Priority } from './governor.ts';

/** What every call carries. */
export interface CallOptions {
  /** Ends the waiting and, for reads, the call itself; what a write has sent is never withdrawn. */
  readonly signal: AbortSignal;
  /** Epoch ms; a call is not sent when less than the HTTP time-out is left. */
  readonly deadline: number;
  readonly priority: Priority;
}
