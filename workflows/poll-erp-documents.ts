import { workflowInfo } from '@temporalio/workflow';

import type { ErpFeedActivities, ErpFeedResult } from '../activities/erp-feed-activities.ts';
import { feedSteps, type FeedInput } from './feed-steps.ts';
import { bluecherryQueue } from './task-queues.ts';

/** One pass over the ERP's import log and changed sales orders. Its result is the cursor the next run goes on from. */
export async function pollErpDocuments({ site, intervalSeconds }: FeedInput): Promise<ErpFeedResult> {
  const { tellErpChanges } = feedSteps<ErpFeedActivities>(bluecherryQueue(site), intervalSeconds);
  return tellErpChanges.executeWithOptions(
    { summary: 'Read the import log and changed sales orders and tell the orders concerned' },
    [{ last: workflowInfo().lastResult }],
  );
}
