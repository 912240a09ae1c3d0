import type { DriftActivities } from '../activities/check-drift.ts';
import type { FeedReport } from '../domain/findings.ts';
import { feedSteps, type FeedInput } from './feed-steps.ts';
import { reportFindings } from './report-findings.ts';
import { showReport } from './show-report.ts';
import { bluecherryQueue } from './task-queues.ts';

/** Every level and price is read back, and the ERP's prices are read for the first time. */
const LEAST_SECONDS = 3_600;

/** One comparison of what is published with what should be there now; the feeds set right what they can. */
export async function checkDrift({ site, intervalSeconds }: FeedInput): Promise<FeedReport> {
  const steps = feedSteps<DriftActivities>(bluecherryQueue(site), intervalSeconds, LEAST_SECONDS);
  const report = await steps.checkDrift.executeWithOptions(
    { summary: 'Read back published stock and prices, and find the cause of every difference' },
    [],
  );
  showReport(report);
  await reportFindings({ site, source: 'check-drift', findings: report.findings });
  return report;
}
