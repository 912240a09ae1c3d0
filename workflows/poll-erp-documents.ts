import { workflowInfo } from '@temporalio/workflow';

import type { ErpFeedActivities, ErpFeedResult } from '../activities/erp-feed-activities.ts';
import { feedSteps, type FeedInput } from './feed-steps.ts';
import { bluecherryQueue } from './task-queues.ts';

/** After an outage a pass may need hundreds of calls, at the ERP's pace of tens a minute. */
const CATCHING_UP_SECONDS = 600;

/** One pass over the ERP's import log and changed sales orders. Its result is the cursor the next run goes on from. */
export async function pollErpDocuments({ site, intervalSeconds }: FeedInput): Promise<ErpFeedResult> {
  const { tellErpChanges } = feedSteps<ErpFeedActivities>(bluecherryQueue(site), intervalSeconds, CATCHING_UP_SECONDS);
  return tellErpChanges.executeWithOptions(
    { summary: 'Read the import log and changed sales orders and tell the orders concerned' },
    [{ last: workflowInfo().lastResult }],
  );
}
