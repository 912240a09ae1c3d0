import { proxyActivities } from '@temporalio/workflow';

import type { MailRecipients, MailReportActivities } from '../activities/mail-report.ts';
import { BULK_HEARTBEAT } from './feed-steps.ts';
import { bluecherryQueue } from './task-queues.ts';

export interface MailedReport {
  readonly site: string;
  /** Its name: all mails of one are one thread. */
  readonly report: string;
  readonly headline: string;
  readonly files: readonly string[];
  readonly recipients: MailRecipients;
  /** For so long a server that does not take it is tried again. */
  readonly withinSeconds: number;
}

/**
 * Mails a report to each recipient, a step for each, so that nobody has it twice because another's box is closed. `show`
 * is told who has it, in words, at first and after each mail. A mail whose answer did not come is not repeated. Fails when
 * somebody's did not leave in time, or was refused.
 */
export async function mailReport(mailed: MailedReport, show: (words: string) => void): Promise<void> {
  const { site, report, headline, files, recipients, withinSeconds } = mailed;
  // Where the files are.
  const { mailReport: mail } = proxyActivities<MailReportActivities>({
    taskQueue: bluecherryQueue(site),
    startToCloseTimeout: '5 minutes',
    heartbeatTimeout: BULK_HEARTBEAT,
    scheduleToCloseTimeout: `${withinSeconds}s`,
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5 minutes' },
  });
  const reached: string[] = [];
  const unanswered: string[] = [];
  const tell = () => show(inWords(recipients, reached, unanswered));
  tell();
  const mails = recipients.addresses.map(async (to) => {
    const summary = `Mail the report to ${to}`;
    const outcome = await mail.executeWithOptions({ summary }, [{ to, report, headline, files }]);
    (outcome === 'unanswered' ? unanswered : reached).push(to);
    tell();
  });
  const failed = (await Promise.allSettled(mails)).find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}

function inWords(
  { addresses, says }: MailRecipients,
  reached: readonly string[],
  unanswered: readonly string[],
): string {
  const open = addresses.filter((address) => !reached.includes(address) && !unanswered.includes(address));
  return [
    says,
    reached.length > 0 ? `Mailed to ${reached.join(', ')}.` : '',
    unanswered.length > 0
      ? `Sent to ${unanswered.join(', ')}, and the mail server did not say that it took it. It is not sent again: ask whether it is there.`
      : '',
    open.length > 0 ? `Being mailed to ${open.join(', ')}.` : '',
  ]
    .filter(Boolean)
    .join('\n');
}
