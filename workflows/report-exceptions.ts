import { proxyActivities, setCurrentDetails } from '@temporalio/workflow';

import type { MailExceptionsActivities } from '../activities/mail-exceptions.ts';
import type { ProofActivities } from '../activities/prove-completeness.ts';
import type { ExceptionsInShort, ReportExceptionsActivities } from '../activities/report-exceptions.ts';
import { BULK_HEARTBEAT, feedSteps, type FeedInput } from './feed-steps.ts';
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
  const { mailExceptions } = proxyActivities<MailExceptionsActivities>({
    taskQueue: bluecherryQueue(site),
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: BULK_HEARTBEAT,
    scheduleToCloseTimeout: `${Math.max(Math.floor(MAILING_SHARE * intervalSeconds), LEAST_MAILING_SECONDS)}s`,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  });
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
  const reached: string[] = [];
  show();
  const mails = recipients.addresses.map(async (to) => {
    await mailExceptions.executeWithOptions({ summary: `Mail the report to ${to}` }, [{ to, headline, files }]);
    reached.push(to);
    show();
  });
  const failed = (await Promise.allSettled(mails)).find((mail) => mail.status === 'rejected');
  if (failed) throw failed.reason;
  return report;

  function show(): void {
    const figures = Object.entries(stats).map(([name, value]) => `| ${name} | ${value} |`);
    const places = files.map((file) => `* ${file}`);
    const open = recipients.addresses.filter((address) => !reached.includes(address));
    const mail = [
      recipients.says,
      reached.length > 0 ? `Mailed to ${reached.join(', ')}.` : '',
      open.length > 0 ? `Being mailed to ${open.join(', ')}.` : '',
    ].filter(Boolean);
    setCurrentDetails(
      [`**${headline}**`, '', '| figure | value |', '| --- | ---: |', ...figures, '', ...places, '', ...mail].join(
        '\n',
      ),
    );
  }
}
