import type { SyncInventoryActivities } from '../activities/sync-inventory.ts';
import type { FeedReport } from '../domain/findings.ts';
import { BULK_HEARTBEAT, feedSteps, type FeedInput } from './feed-steps.ts';
import { reportFindings } from './report-findings.ts';
import { showReport } from './show-report.ts';
import { bluecherryQueue } from './task-queues.ts';

/** A full read of large warehouses takes its time at the ERP's pace; each attempt goes on where the one before ended. */
const FULL_READ_SECONDS = 3_600;

/** One run over the stock of all warehouses that feed the storefront. Hands nothing on: every run computes all figures again. */
export async function syncInventory({ site, intervalSeconds, override }: FeedInput): Promise<FeedReport> {
  const steps = feedSteps<SyncInventoryActivities>(
    bluecherryQueue(site),
    intervalSeconds,
    FULL_READ_SECONDS,
    BULK_HEARTBEAT,
  );
  const report = await steps.bringStockInStep.executeWithOptions(
    { summary: 'Compare the storefront’s stock with what can be sold of the ERP’s, and send what differs' },
    [{ override }],
  );
  showReport(report);
  await reportFindings({ site, source: 'sync-inventory', findings: report.findings });
  return report;
}
