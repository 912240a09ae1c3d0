import { proxyActivities } from '@temporalio/workflow';

/** Short: while a dead worker's run is not noticed, no next run starts. A run too many does no harm. */
const HEARTBEAT = '3s';

export interface FeedInput {
  readonly site: string;
  readonly intervalSeconds: number;
}

/** Steps of a feed end after two of its intervals: the run fails visibly and its cursor stays where it was. */
export function feedSteps<Activities extends object>(taskQueue: string, intervalSeconds: number) {
  return proxyActivities<Activities>({
    taskQueue,
    startToCloseTimeout: '10 minutes',
    heartbeatTimeout: HEARTBEAT,
    scheduleToCloseTimeout: `${Math.max(2 * intervalSeconds, 30)}s`,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s' },
  });
}
