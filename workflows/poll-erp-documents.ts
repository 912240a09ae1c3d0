import { workflowInfo } from '@temporalio/workflow';

import type { ErpFeedActivities, ErpFeedResult } from '../activities/erp-feed-activities.ts';
import { feedSteps, type FeedInput } from './feed-steps.ts';
import { showReport } from './show-report.ts';
import { bluecherryQueue } from './task-queues.ts';

/** After an outage a pass may need hundreds of calls, at the ERP's pace of tens a minute. */
const CATCHING_UP_SECONDS = 600;

/** One pass over the ERP's import log and changed sales orders. Its result is the cursor the next run goes on from. */
export async function pollErpDocuments({ site, intervalSeconds }: FeedInput): Promise<ErpFeedResult> {
  const { tellErpChanges } = feedSteps<ErpFeedActivities>(bluecherryQueue(site), intervalSeconds, CATCHING_UP_SECONDS);
  const result = await tellErpChanges.executeWithOptions(
    { summary: 'Read the import log and changed sales orders and tell the orders concerned' },
    [{ last: workflowInfo().lastResult }],
  );
  showReport({ stats: { ...result.stats, ...waitsInWords(result) }, findings: [] });
  return result;
}

/** How calls to the ERP waited, by priority; nothing in runs of before it was told. */
function waitsInWords({ waits }: Partial<ErpFeedResult>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(waits ?? {}).flatMap(([priority, figures]) =>
      Object.entries(figures).map(([name, value]) => [`${priority}: ${WORDS[name] ?? name}`, value]),
    ),
  );
}

const WORDS: Readonly<Record<string, string>> = {
  queued: 'waiting now',
  calls: 'calls since the run before',
  meanMs: 'mean wait, ms',
  longestMs: 'longest wait, ms',
  delayed: 'waited longer than a call takes',
  longestQueue: 'most that waited at once',
};
