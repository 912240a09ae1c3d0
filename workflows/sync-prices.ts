import type { PricesReport, SyncPricesActivities } from '../activities/sync-prices.ts';
import { BULK_HEARTBEAT, feedSteps, type FeedInput } from './feed-steps.ts';
import { reportFindings } from './report-findings.ts';
import { showReport } from './show-report.ts';
import { bluecherryQueue } from './task-queues.ts';

/** A first full reading of the ERP's prices takes minutes at its pace, and so do the first writes of large lists. */
const FIRST_LOAD_SECONDS = 1_800;

/** One comparison of all price lists with the ERP's prices of the day. Hands nothing on: every run computes from all prices. */
export async function syncPrices({ site, intervalSeconds, override }: FeedInput): Promise<PricesReport> {
  const steps = feedSteps<SyncPricesActivities>(
    bluecherryQueue(site),
    intervalSeconds,
    FIRST_LOAD_SECONDS,
    BULK_HEARTBEAT,
  );
  const report = await steps.syncPrices.executeWithOptions(
    { summary: 'Compare the price lists with the ERP’s prices of the day, and send what differs' },
    [{ override }],
  );
  showReport(report);
  await reportFindings({ site, source: 'sync-prices', findings: report.findings });
  return report;
}
