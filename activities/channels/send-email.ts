import { createHash } from 'node:crypto';

import { createTransport } from 'nodemailer';

import type { EmailChannel } from '../../domain/alerts/alert-rules.ts';
import type { AlertMessage } from '../../domain/alerts/write-alert.ts';
import { ChannelError } from './channel-error.ts';

export interface SendEmail {
  readonly to: string;
  readonly message: Pick<AlertMessage, 'thread' | 'place' | 'urgency' | 'subject' | 'text' | 'html'>;
  readonly attachments?: readonly { readonly filename: string; readonly content: Buffer }[];
  /** The same when the same message is sent again, so that a mail server can tell. */
  readonly key: string;
}

/**
 * Sends one mail, once: repeating is for others. All mails of one cause are one thread, whose id is made of the case's.
 * Resolves when the server has taken it; throws `ChannelError`.
 */
export async function sendEmail(
  channel: EmailChannel,
  { to, message, key, attachments = [] }: SendEmail,
): Promise<void> {
  const { name, host, port, security, user, password, from, timeoutMs } = channel;
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'startTls',
    ignoreTLS: security === 'none',
    ...(user === '' ? {} : { auth: { user, pass: password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    // What is attached or quoted comes from no file and no address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = from.slice(from.lastIndexOf('@') + 1).replaceAll(/[^\w.-]/g, '') || 'instep';
  const idOf = (text: string) => `<${createHash('sha256').update(text).digest('hex').slice(0, 32)}@${domain}>`;
  const root = idOf(message.thread);
  const isFirst = message.place === 'first';
  try {
    await within(
      timeoutMs,
      transport.sendMail({
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
      }),
    );
  } catch (error) {
    throw new ChannelError(name, `the mail server ${host}:${port} ${whyOf(error)}`, { cause: error });
  } finally {
    transport.close();
  }
}

/** The library's times count from the last sign of life; a server that drips must not hold a message for ever. */
async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('is too slow')), milliseconds);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const answer =
    'responseCode' in error && typeof error.responseCode === 'number' ? ` and answered ${error.responseCode}` : '';
  if (code === 'EAUTH') return `refused the credentials${answer}`;
  if (answer !== '') return `refused the mail${answer}`;
  return code === '' ? error.message : `does not answer (${error.message})`;
}
