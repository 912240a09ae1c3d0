import { createHash } from 'node:crypto';

import MailComposer from 'nodemailer/lib/mail-composer';

import type { EmailChannel } from '../../domain/alerts/alert-rules.ts';
import type { AlertMessage } from '../../domain/alerts/write-alert.ts';
import type { ChannelAnswer } from './channel-answer.ts';
import { handOver } from './smtp.ts';

export interface SendEmail {
  readonly to: string;
  readonly message: Pick<AlertMessage, 'thread' | 'place' | 'urgency' | 'subject' | 'text' | 'html'>;
  readonly attachments: readonly { readonly filename: string; readonly content: Buffer }[];
  /** The same when the same message is sent again, so that a mail program can fold the copies. */
  readonly key: string;
  /** How long a mail of so many bytes may take, in milliseconds, its answer included. */
  readonly patienceMs: (bytes: number) => number;
  /** Calls it off: then a mail that the server has not got is not sent, and this throws its reason. */
  readonly signal: AbortSignal;
}

/** Sends one mail, once: repeating is for others. All mails of one cause are one thread, whose id is made of the case's. */
export async function sendEmail(channel: EmailChannel, mail: SendEmail): Promise<ChannelAnswer> {
  const raw = await compose(channel, mail);
  const time = AbortSignal.timeout(mail.patienceMs(raw.length));
  const answer = await handOver(channel, { to: mail.to, raw }, AbortSignal.any([mail.signal, time]));
  if (answer.is === 'dead') mail.signal.throwIfAborted();
  return answer;
}

function compose({ from }: EmailChannel, { to, message, key, attachments }: SendEmail): Promise<Buffer> {
  const domain = from.slice(from.lastIndexOf('@') + 1).replaceAll(/[^\w.-]/g, '') || 'instep';
  const idOf = (text: string) => `<${createHash('sha256').update(text).digest('hex').slice(0, 32)}@${domain}>`;
  const root = idOf(message.thread);
  const isFirst = message.place === 'first';
  const composer = new MailComposer({
    from,
    to,
    subject: message.subject,
    text: message.text,
    html: message.html,
    attachments: [...attachments],
    messageId: isFirst ? root : idOf(`${message.thread} ${key}`),
    ...(isFirst ? {} : { inReplyTo: root, references: root }),
    ...(message.urgency === 'urgent' ? { priority: 'high' as const } : {}),
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Instep-Thread': message.thread },
    // What is attached or quoted comes from no file and no address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}
