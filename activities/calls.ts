import { Context } from '@temporalio/activity';

/** What every call to a vendor carries: it ends when the activity is cancelled, and is not sent when time is short. */
export interface Call {
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly deadline: number;
}

/** Left for telling the outcome after the last call: a tenth of the time, and never more than this. */
const MOST_MARGIN_MS = 3_000;
const MOST_BEATS_MS = 1_000;

/**
 * Runs a step with what its calls need, and lets Temporal know every second that it lives: also while it waits for the
 * governor, so that a dead worker is noticed within the heartbeat time-out.
 */
export async function withCalls<Result>(step: (call: Call) => Promise<Result>, details?: unknown): Promise<Result> {
  const context = Context.current();
  const { startToCloseTimeoutMs, heartbeatTimeoutMs } = context.info;
  const beat = () => context.heartbeat(details);
  beat();
  const beats = setInterval(beat, Math.min(MOST_BEATS_MS, (heartbeatTimeoutMs ?? 4 * MOST_BEATS_MS) / 4));
  try {
    return await step({
      signal: context.cancellationSignal,
      deadline: Date.now() + startToCloseTimeoutMs - Math.min(MOST_MARGIN_MS, startToCloseTimeoutMs / 10),
    });
  } finally {
    clearInterval(beats);
  }
}
