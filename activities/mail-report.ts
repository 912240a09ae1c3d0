import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';

import type { Site } from '../config/site.ts';
import type { Owner } from '../domain/site-rules.ts';
import { withCalls } from './calls.ts';
import type { ChannelAnswer } from './channels/channel-answer.ts';
import { sendEmail } from './channels/send-email.ts';

/** A report's mail may take so many times as long as an alert, and a second more for each 50 KB. */
const ANSWER_TIMES = 8;
const LEAST_BYTES_PER_MS = 50;
/** Within the time that one attempt of the step has. */
const MOST_PATIENCE_MS = 270_000;

export interface MailReport {
  readonly to: string;
  /** Its name: all mails of one are one thread. */
  readonly report: string;
  readonly headline: string;
  /** Of the worker's own machine. */
  readonly files: readonly string[];
}

/** Whom the report is mailed to. */
export interface MailRecipients {
  readonly addresses: readonly string[];
  /** Why nobody is written to; empty = somebody is. */
  readonly says: string;
}

/** unanswered = the server has the whole mail and did not say whether it took it: to send it again may bring it twice. */
export type MailOutcome = 'mailed' | 'unanswered';

export type MailReportActivities = ReturnType<typeof createMailReportActivities>;
type MailingSite = Pick<Site, 'name' | 'alerts' | 'owners'>;

/** Brings a report to people by the first mail channel of the site. */
export function createMailReportActivities({ site }: { readonly site: MailingSite }) {
  return {
    /**
     * Page and workbook to one person, so that a repeat reaches nobody twice but whose mail broke off. Throws where the
     * server does not take it: retryable where it may later, else not.
     */
    async mailReport({ to, report, headline, files }: MailReport): Promise<MailOutcome> {
      const channel = mailChannelOf(site);
      if (!channel) throw ApplicationFailure.nonRetryable('The site has no mail channel any more.', 'MAIL_REFUSED');
      return withCalls(async ({ signal }) => {
        const attached = files.filter((file) => !file.endsWith('.json'));
        const attachments = await Promise.all(
          attached.map(async (file) => ({ filename: basename(file), content: await readFile(file) })),
        );
        const answer = await sendEmail(channel, {
          to,
          key: `${runOfThis()} ${to}`,
          attachments,
          message: mailOf(site.name, report, headline),
          patienceMs: (bytes) => patienceFor(bytes, channel.timeoutMs),
          signal,
        });
        return outcomeOf(answer, to);
      });
    },
  };
}

/** A server has a while to look through what is attached, and to take it at a slow line's pace. */
function patienceFor(bytes: number, timeoutMs: number): number {
  return Math.min(Math.ceil(ANSWER_TIMES * timeoutMs + bytes / LEAST_BYTES_PER_MS), MOST_PATIENCE_MS);
}

function outcomeOf(answer: ChannelAnswer, to: string): MailOutcome {
  switch (answer.is) {
    case 'taken':
      return 'mailed';
    case 'unanswered':
      return 'unanswered';
    case 'refused':
      throw ApplicationFailure.nonRetryable(`No mail to ${to}. ${answer.says}`, 'MAIL_REFUSED');
    case 'putOff':
    case 'dead':
      throw ApplicationFailure.retryable(`No mail to ${to} yet. ${answer.says}`, 'MAIL_UNDELIVERED');
  }
}

/** Those of the owners who have an address, each address once. */
export function mailRecipientsOf(site: MailingSite, owners: readonly Owner[]): MailRecipients {
  if (!mailChannelOf(site)) return { addresses: [], says: 'There is no mail channel: the files are kept.' };
  const addresses = [...new Set(owners.flatMap((owner) => site.owners[owner].email ?? []))];
  return { addresses, says: addresses.length === 0 ? `No address of ${owners.join(', ')}: the files are kept.` : '' };
}

function mailChannelOf({ alerts }: MailingSite) {
  return alerts.channels.find((channel) => channel.kind === 'email');
}

/** The same in every attempt, so that a mail server can tell a repeat. */
function runOfThis(): string {
  return Context.current().info.workflowExecution?.runId ?? '';
}

function mailOf(site: string, report: string, headline: string) {
  const text = `${headline}.\n\nThe report is attached, as a page and as a workbook.`;
  return {
    subject: `${site}: ${headline}`,
    text,
    html: `<p>${text.replace('\n\n', '</p><p>')}</p>`,
    thread: `${report} ${site}`,
    place: 'later',
    urgency: 'usual',
  } as const;
}
