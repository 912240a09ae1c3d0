import { CancelledFailure, Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

/** No step waits longer than this for its next attempt: while a connection is on hold an attempt costs no call. */
const LONGEST_DELAY_MS = 60_000;
/** So many attempts fit at least into the time after which a step says that it hangs. */
const LEAST_ATTEMPTS = 4;

/** What both connectors' errors tell of themselves: what it is, who acts, when to try again. */
export interface VendorError extends Error {
  readonly code: string;
  readonly fate: 'wait' | 'gate' | 'park';
  readonly retryAfterMs?: number | undefined;
}

export function isVendorError(error: unknown): error is VendorError {
  return (
    error instanceof Error &&
    'code' in error &&
    'fate' in error &&
    typeof error.code === 'string' &&
    ['wait', 'gate', 'park'].includes(String(error.fate))
  );
}

/**
 * Gives an error its fate in Temporal: waits and gates are tried again (the cause passes, or people end it), what is
 * final fails the step. Everything else is a bug and stays as loud as it is.
 */
export function toStepFailure(error: unknown): unknown {
  if (!isVendorError(error)) return error;
  const isFinal = error.fate === 'park';
  return failureOf(error, isFinal);
}

/** In a feed a gate fails the run at once, visibly; the next run tries again by itself. */
export function toFeedFailure(error: unknown): unknown {
  return isVendorError(error) ? failureOf(error, error.fate !== 'wait') : error;
}

/** Wraps the steps of an activity so that vendors' errors leave it with their fate. */
export async function translating<Result>(
  translate: (error: unknown) => unknown,
  step: () => Promise<Result>,
): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof CancelledFailure) throw error;
    throw translate(error);
  }
}

function failureOf(error: VendorError, nonRetryable: boolean): ApplicationFailure {
  const { code, message, retryAfterMs } = error;
  return ApplicationFailure.create({
    type: code,
    message,
    nonRetryable,
    ...(retryAfterMs !== undefined && retryAfterMs > 0
      ? { nextRetryDelay: Math.min(retryAfterMs, longestDelay(Context.current().info)) }
      : {}),
  });
}

/**
 * A delay that does not fit into the step's own time ends the step at once, and its workflow would begin it anew at once:
 * an order that spins until the quota is filled again.
 */
function longestDelay({ scheduleToCloseTimeoutMs }: { readonly scheduleToCloseTimeoutMs: number }): number {
  const limit = scheduleToCloseTimeoutMs > 0 ? scheduleToCloseTimeoutMs / LEAST_ATTEMPTS : LONGEST_DELAY_MS;
  return Math.max(Math.min(limit, LONGEST_DELAY_MS), 1);
}
