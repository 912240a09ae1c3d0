import type { AuditReport, AuditSiteActivities } from '../activities/audit-site.ts';
import { feedSteps, type FeedInput } from './feed-steps.ts';
import { reportFindings } from './report-findings.ts';
import { showReport } from './show-report.ts';
import { bluecherryQueue } from './task-queues.ts';

/** Thousands of orders are read one by one, and all of the ERP's customers at its pace. */
const FIRST_RUN_SECONDS = 3_600;

/** One audit: each gap is a case until a later audit no longer finds it. */
export async function auditSite({ site, intervalSeconds }: FeedInput): Promise<AuditReport> {
  const steps = feedSteps<AuditSiteActivities>(bluecherryQueue(site), intervalSeconds, FIRST_RUN_SECONDS);
  const report = await steps.auditSite.executeWithOptions(
    { summary: 'Compare what both systems and the site file have, and weigh each gap by the orders of the last weeks' },
    [],
  );
  showReport(report, report.headline);
  await reportFindings({ site, source: 'audit-site', findings: report.findings });
  return report;
}
