import type { WatchActivities, WatchReport } from '../activities/watch-site.ts';
import { feedSteps, type FeedInput } from './feed-steps.ts';
import { reportFindings } from './report-findings.ts';
import { showReport } from './show-report.ts';
import { bluecherryQueue } from './task-queues.ts';

/** One look over the site: each check tells the cases for itself. */
export async function watchSite({ site, intervalSeconds }: FeedInput): Promise<WatchReport> {
  const steps = feedSteps<WatchActivities>(bluecherryQueue(site), intervalSeconds);
  const report = await steps.watchSite.executeWithOptions(
    { summary: 'Look at feeds, schedules, new purchases, orders on their way, and goods for open orders' },
    [],
  );
  showReport(report);
  for (const { source, findings } of report.checks) await reportFindings({ site, source, findings });
  return report;
}
