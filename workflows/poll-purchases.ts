import { workflowInfo } from '@temporalio/workflow';

import type { IntakeActivities, IntakeResult } from '../activities/intake-activities.ts';
import { feedSteps, type FeedInput } from './feed-steps.ts';
import { sparklayerQueue } from './task-queues.ts';

/** One pass over the storefront's changed purchases. Its result is the cursor the next run goes on from. */
export async function pollPurchases({ site, intervalSeconds }: FeedInput): Promise<IntakeResult> {
  const { takeInPurchases } = feedSteps<IntakeActivities>(sparklayerQueue(site), intervalSeconds);
  return takeInPurchases.executeWithOptions({ summary: 'Read changed purchases and start or tell their orders' }, [
    { last: workflowInfo().lastResult },
  ]);
}
