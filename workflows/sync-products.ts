import type { SyncProductsActivities } from '../activities/sync-products.ts';
import { addReports, isToGoOn } from '../domain/catalogue/add-reports.ts';
import type { FeedReport } from '../domain/findings.ts';
import { BULK_HEARTBEAT, feedSteps, type FeedInput } from './feed-steps.ts';
import { reportFindings } from './report-findings.ts';
import { showReport } from './show-report.ts';
import { bluecherryQueue } from './task-queues.ts';

/** A first load creates variants one by one: tens of thousands of them take longer than one step may. */
const FIRST_LOAD_SECONDS = 1_800;

/** One that never comes to its end waits for the next run. */
const MOST_STEPS = 12;

/** One comparison of the ERP's catalogue with the storefront's, and what differs is sent. Hands nothing on. */
export async function syncProducts({ site, intervalSeconds, override }: FeedInput): Promise<FeedReport> {
  const { bringCatalogueInStep } = feedSteps<SyncProductsActivities>(
    bluecherryQueue(site),
    intervalSeconds,
    FIRST_LOAD_SECONDS,
    BULK_HEARTBEAT,
  );
  const step = () =>
    bringCatalogueInStep.executeWithOptions(
      { summary: 'Compare styles, colours and sizes with the storefront’s products, and send what differs' },
      [{ override }],
    );
  let last = await step();
  let report = last;
  for (let steps = 1; steps < MOST_STEPS && isToGoOn(last); steps++) {
    showReport(report);
    last = await step();
    report = addReports(report, last);
  }
  showReport(report);
  await reportFindings({ site, source: 'sync-products', findings: report.findings });
  return report;
}
