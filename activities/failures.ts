import { CancelledFailure } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

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
    ...(retryAfterMs !== undefined && retryAfterMs > 0 ? { nextRetryDelay: retryAfterMs } : {}),
  });
}
