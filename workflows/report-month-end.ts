import { setCurrentDetails } from '@temporalio/workflow';

import type { MonthEndReport, ReportMonthEndActivities } from '../activities/report-month-end.ts';
import { firstLineOfMonth, showMonthEnd } from '../domain/reports/month-end/show-month-end.ts';
import type { Month } from '../domain/reports/month-end/roll-order.ts';
import { feedSteps } from './feed-steps.ts';
import { mailReport } from './mail-report.ts';
import { reportFindings } from './report-findings.ts';
import { bluecherryQueue } from './task-queues.ts';

/** The first pack reads all orders, invoices and credit memos of the ERP, at the ERP's pace. */
const LONGEST_SECONDS = 3_600;
/** Finance waits for it on the first working day; a mail that does not leave within two days is fetched. */
const MAILING_SECONDS = 2 * 86_400;

export interface MonthEndInput {
  readonly site: string;
  /** Left out by the schedule = the month before, of which finance then has a mail. */
  readonly month?: Month;
}

/** The pack of one month: what was open, what moved, what is open; every total signed. What is unexplained is a case. */
export async function reportMonthEnd({ site, month }: MonthEndInput): Promise<MonthEndReport> {
  const steps = feedSteps<ReportMonthEndActivities>(bluecherryQueue(site), LONGEST_SECONDS / 2);
  const report = await steps.reportMonthEnd.executeWithOptions(
    {
      summary: `Roll the storefront’s and the ERP’s orders through ${month ?? 'the month before'}, and sign the totals`,
    },
    [{ month: month ?? null }],
  );
  // Each month is a case of its own: that the next one ties out explains nothing of it.
  await reportFindings({ site, source: `report-month-end ${report.month}`, findings: report.findings });
  const shown = showMonthEnd(report);
  setCurrentDetails(shown);
  if (month === undefined)
    await mailReport(
      {
        site,
        report: 'month-end',
        headline: firstLineOfMonth(report),
        files: report.files,
        recipients: report.recipients,
        withinSeconds: MAILING_SECONDS,
      },
      (mailed) => setCurrentDetails(`${shown}\n\n${mailed}`),
    );
  return report;
}
