import { setCurrentDetails } from '@temporalio/workflow';

import type { ProofActivities } from '../activities/prove-completeness.ts';
import type { ExceptionsInShort, ReportExceptionsActivities } from '../activities/report-exceptions.ts';
import { feedSteps, type FeedInput } from './feed-steps.ts';
import { bluecherryQueue } from './task-queues.ts';

/** The first report reads all orders, invoices and credit memos of the ERP, at the ERP's pace. */
const FIRST_RUN_SECONDS = 3_600;

/** The day's exception report: proven anew, both sides compared line by line, written, mailed. */
export async function reportExceptions({ site, intervalSeconds }: FeedInput): Promise<ExceptionsInShort> {
  const steps = feedSteps<ProofActivities & ReportExceptionsActivities>(
    bluecherryQueue(site),
    intervalSeconds,
    FIRST_RUN_SECONDS,
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
  const { headline, stats, files } = report;
  show('It is being mailed.');
  const { addresses, says } = await steps.mailExceptions.executeWithOptions(
    { summary: 'Mail the report to the owners' },
    [{ headline, files }],
  );
  show([addresses.length > 0 ? `Mailed to ${addresses.join(', ')}.` : '', says].filter(Boolean).join(' '));
  return report;

  function show(mail: string): void {
    const figures = Object.entries(stats).map(([name, value]) => `| ${name} | ${value} |`);
    const places = files.map((file) => `* ${file}`);
    setCurrentDetails(
      [`**${headline}**`, '', '| figure | value |', '| --- | ---: |', ...figures, '', ...places, '', mail].join('\n'),
    );
  }
}
