import type { SweepActivities } from '../activities/sweep-purchases.ts';
import type { FeedReport } from '../domain/findings.ts';
import { feedSteps, type FeedInput } from './feed-steps.ts';
import { reportFindings } from './report-findings.ts';
import { showReport } from './show-report.ts';
import { sparklayerQueue } from './task-queues.ts';

/** Reads the purchase of every open order: what is gone, or no longer an order, was withdrawn (decision 15). */
export async function sweepPurchases({ site, intervalSeconds, override }: FeedInput): Promise<FeedReport> {
  const { sweepOpenPurchases } = feedSteps<SweepActivities>(sparklayerQueue(site), intervalSeconds);
  const report = await sweepOpenPurchases.executeWithOptions({ summary: 'Read the purchases of all open orders' }, [
    { override },
  ]);
  showReport(report);
  await reportFindings({ site, source: 'sweep-purchases', findings: report.findings });
  return report;
}
