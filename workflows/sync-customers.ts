import { workflowInfo } from '@temporalio/workflow';

import type { CustomersReport, SyncCustomersActivities } from '../activities/sync-customers.ts';
import { feedSteps, type FeedInput } from './feed-steps.ts';
import { reportFindings } from './report-findings.ts';
import { showReport } from './show-report.ts';
import { bluecherryQueue } from './task-queues.ts';

/** A thousand customers of the ERP are ten calls, and a first run writes to every customer of the storefront. */
const FIRST_RUN_SECONDS = 900;

/** One pass over all customers. Its result tells the next run what was known, and how long the ERP's list was. */
export async function syncCustomers({ site, intervalSeconds, override }: FeedInput): Promise<CustomersReport> {
  const { bringCustomersInStep } = feedSteps<SyncCustomersActivities>(
    bluecherryQueue(site),
    intervalSeconds,
    FIRST_RUN_SECONDS,
  );
  const report = await bringCustomersInStep.executeWithOptions(
    { summary: 'Compare terms, credit, status and price lists of all customers and send what differs' },
    [{ last: workflowInfo().lastResult, override }],
  );
  showReport(report);
  await reportFindings({ site, source: 'sync-customers', findings: report.findings });
  return report;
}
