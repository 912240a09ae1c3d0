import { setCurrentDetails } from '@temporalio/workflow';

import type { ProofActivities } from '../activities/prove-completeness.ts';
import type { ExceptionsInShort, ReportExceptionsActivities } from '../activities/report-exceptions.ts';
import { BULK_HEARTBEAT, feedSteps, type FeedInput } from './feed-steps.ts';
import { mailReport } from './mail-report.ts';
import { bluecherryQueue } from './task-queues.ts';

/** The first report reads all orders, invoices and credit memos of the ERP, at the ERP's pace. */
const FIRST_RUN_SECONDS = 3_600;
/** Of the time between two reports a mail is tried for so much: who never had it gets the next one, which says it all anew. */
const MAILING_SHARE = 0.8;
const LEAST_MAILING_SECONDS = 60;

/** The day's exception report: proven anew, both sides compared line by line, written, mailed. */
export async function reportExceptions({ site, intervalSeconds }: FeedInput): Promise<ExceptionsInShort> {
  const steps = feedSteps<ProofActivities & ReportExceptionsActivities>(
    bluecherryQueue(site),
    intervalSeconds,
    FIRST_RUN_SECONDS,
    BULK_HEARTBEAT,
  );
  const { report: proof } = await steps.proveCompleteness.executeWithOptions(
    { summary: 'Prove that every purchase is accounted for: the report’s headline' },
    [],
  );
  const { unaccounted, purchases } = proof;
  const report = await steps.reportExceptions.executeWithOptions(
    { summary: 'Compare every open order line by line, and write the report' },
    [{ proof: { unaccounted, purchases } }],
  );
  const { headline, stats, files, recipients } = report;
  const figures = Object.entries(stats).map(([name, value]) => `| ${name} | ${value} |`);
  const places = files.map((file) => `* ${file}`);
  const head = [`**${headline}**`, '', '| figure | value |', '| --- | ---: |', ...figures, '', ...places, ''];
  const withinSeconds = Math.max(Math.floor(MAILING_SHARE * intervalSeconds), LEAST_MAILING_SECONDS);
  await mailReport({ site, report: 'exceptions', headline, files, recipients, withinSeconds }, (mailed) =>
    setCurrentDetails([...head, mailed].join('\n')),
  );
  return report;
}
