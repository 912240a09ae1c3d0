import { proxyActivities } from '@temporalio/workflow';

import type { GuardOverride } from '../domain/findings.ts';

/** Short: while a dead worker's run is not noticed, no next run starts. A run too many does no harm. */
const HEARTBEAT = '3s';
const LEAST_SECONDS = 30;
/**
 * Of feeds that compare tens of thousands of rows in one go: on a machine that has little time for them this takes seconds,
 * in which no sign of life leaves, and a step that is begun again each time would never end.
 */
export const BULK_HEARTBEAT = '8s';

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
  heartbeat: typeof HEARTBEAT | typeof BULK_HEARTBEAT = HEARTBEAT,
) {
  return proxyActivities<Activities>({
    taskQueue,
    startToCloseTimeout: '15 minutes',
    heartbeatTimeout: heartbeat,
    scheduleToCloseTimeout: `${Math.max(2 * intervalSeconds, leastSeconds)}s`,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s' },
  });
}
