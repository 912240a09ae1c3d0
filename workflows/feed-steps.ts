import { proxyActivities } from '@temporalio/workflow';

import type { GuardOverride } from '../domain/findings.ts';

/** Short: while a dead worker's run is not noticed, no next run starts. A run too many does no harm. */
const HEARTBEAT = '3s';
const LEAST_SECONDS = 30;

export interface FeedInput {
  readonly site: string;
  readonly intervalSeconds: number;
  /** A guard that a person lets pass in this one run; a scheduled run has none. */
  readonly override: GuardOverride | null;
}

/**
 * Steps of a feed end after two of its intervals: the run fails visibly and its cursor stays where it was. But a pass
 * that has much to read at the ERP's pace gets the time it needs: one that always ends early would never catch up.
 */
export function feedSteps<Activities extends object>(
  taskQueue: string,
  intervalSeconds: number,
  leastSeconds = LEAST_SECONDS,
) {
  return proxyActivities<Activities>({
    taskQueue,
    startToCloseTimeout: '15 minutes',
    heartbeatTimeout: HEARTBEAT,
    scheduleToCloseTimeout: `${Math.max(2 * intervalSeconds, leastSeconds)}s`,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s' },
  });
}
