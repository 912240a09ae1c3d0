import { setCurrentDetails } from '@temporalio/workflow';

import type { MonthEndReport, ReportMonthEnd, ReportMonthEndActivities } from '../activities/report-month-end.ts';
import { showMonthEnd } from '../domain/reports/month-end/show-month-end.ts';
import { feedSteps } from './feed-steps.ts';
import { bluecherryQueue } from './task-queues.ts';

/** The first pack reads all orders, invoices and credit memos of the ERP, at the ERP's pace. */
const LONGEST_SECONDS = 3_600;

export interface MonthEndInput extends ReportMonthEnd {
  readonly site: string;
}

/** The pack of one month: what was open, what moved, what is open; every total signed. */
export async function reportMonthEnd({ site, month }: MonthEndInput): Promise<MonthEndReport> {
  const steps = feedSteps<ReportMonthEndActivities>(bluecherryQueue(site), LONGEST_SECONDS / 2);
  const report = await steps.reportMonthEnd.executeWithOptions(
    { summary: `Roll the storefront’s and the ERP’s orders through ${month}, and sign the totals` },
    [{ month }],
  );
  setCurrentDetails(showMonthEnd(report));
  return report;
}
