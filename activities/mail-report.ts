import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import { Context } from '@temporalio/activity';

import type { Site } from '../config/site.ts';
import type { Owner } from '../domain/site-rules.ts';
import { withCalls } from './calls.ts';
import { sendEmail } from './channels/send-email.ts';

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

export type MailReportActivities = ReturnType<typeof createMailReportActivities>;
type MailingSite = Pick<Site, 'name' | 'alerts' | 'owners'>;

/** Brings a report to people by the first mail channel of the site. */
export function createMailReportActivities({ site }: { readonly site: MailingSite }) {
  return {
    /**
     * Page and workbook to one person, so that a repeat reaches nobody twice but whose mail broke off. Throws
     * `ChannelError` where the server does not take it; to be tried again.
     */
    async mailReport({ to, report, headline, files }: MailReport): Promise<void> {
      const channel = mailChannelOf(site);
      if (!channel) return;
      await withCalls(async () => {
        const attached = files.filter((file) => !file.endsWith('.json'));
        const attachments = await Promise.all(
          attached.map(async (file) => ({ filename: basename(file), content: await readFile(file) })),
        );
        await sendEmail(channel, {
          to,
          key: `${runOfThis()} ${to}`,
          attachments,
          message: mailOf(site.name, report, headline),
        });
      });
    },
  };
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
