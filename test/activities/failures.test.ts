import { MockActivityEnvironment } from '@temporalio/testing';
import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';

import { toFeedFailure, toStepFailure, translating, type VendorError } from '../../activities/failures.ts';

class Refusal extends Error implements VendorError {
  readonly code = 'QUOTA_EXHAUSTED';
  readonly fate: VendorError['fate'];
  readonly retryAfterMs: number | undefined;

  constructor(fate: VendorError['fate'], retryAfterMs?: number) {
    super('out of call volume quota');
    this.fate = fate;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What Temporal gets of an error in a step that has so much time. */
async function failureOf(
  error: Refusal,
  scheduleToCloseTimeoutMs: number,
  translate: (error: unknown) => unknown = toStepFailure,
): Promise<ApplicationFailure> {
  const environment = new MockActivityEnvironment({ scheduleToCloseTimeoutMs });
  const step = async () => {
    throw error;
  };
  try {
    await environment.run(async () => translating(translate, step));
  } catch (failure) {
    if (failure instanceof ApplicationFailure) return failure;
    throw failure;
  }
  throw new Error('it did not fail');
}

test('a quota that is filled again in hours is waited for in attempts that fit into the step’s time', async () => {
  const hours = 5 * 3_600_000;
  // A delay beyond the step's own time would end it at once, and the order would begin it anew at once, for hours.
  expect((await failureOf(new Refusal('gate', hours), 1_800_000)).nextRetryDelay).toBe(60_000);
  expect((await failureOf(new Refusal('gate', hours), 6_000)).nextRetryDelay).toBe(1_500);
  expect((await failureOf(new Refusal('gate', hours), 0)).nextRetryDelay).toBe(60_000);
});

test('a short delay is kept, and none is none', async () => {
  expect((await failureOf(new Refusal('wait', 2_000), 1_800_000)).nextRetryDelay).toBe(2_000);
  expect((await failureOf(new Refusal('wait'), 1_800_000)).nextRetryDelay).toBeUndefined();
});

test('a gate is waited for in an order’s step, ends a feed’s run, and what is final ends both', async () => {
  expect((await failureOf(new Refusal('gate'), 60_000)).nonRetryable).toBe(false);
  expect((await failureOf(new Refusal('gate'), 60_000, toFeedFailure)).nonRetryable).toBe(true);
  expect((await failureOf(new Refusal('park'), 60_000)).nonRetryable).toBe(true);
});
