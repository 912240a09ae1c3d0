import { Readable } from 'node:stream';

import SmtpConnection from 'nodemailer/lib/smtp-connection';

import type { EmailChannel } from '../../domain/alerts/alert-rules.ts';
import type { ChannelAnswer } from './channel-answer.ts';

export interface Letter {
  readonly to: string;
  /** Head and body as they go over the wire. */
  readonly raw: Buffer;
}

/** Small, so that little of a message is under way when it counts as handed over. */
const PIECE_BYTES = 16_384;
const MOST_QUOTED = 200;
/** Answers to one command that mean the whole session: closing down, a command out of turn, credentials first. */
const OF_SESSION = [421, 503, 530, 535, 538];

/**
 * Hands a letter to the mail server, once. When the signal ends it the socket is destroyed, so that a letter that is not
 * whole by then is never taken.
 */
export async function handOver(
  channel: EmailChannel,
  { to, raw }: Letter,
  signal: AbortSignal,
): Promise<ChannelAnswer> {
  let isWhole = false;
  // Read only once the server has asked for it.
  const body = Readable.from(pieces(raw), { objectMode: false });
  body.once('end', () => {
    isWhole = true;
  });
  const answer = await inSession(channel, signal, async (connection) => {
    const sent = Promise.withResolvers<void>();
    connection.send({ from: channel.from, to }, body, settle(sent));
    await sent.promise;
  });
  if (answer.is !== 'dead' || !isWhole) return answer;
  return { is: 'unanswered', says: `${answer.says}, after it had the whole mail: it may have taken it` };
}

/** Whether the server answers and lets us in. Sends nothing. */
export function signIn(channel: EmailChannel, signal: AbortSignal): Promise<ChannelAnswer> {
  return inSession(channel, signal, async () => {});
}

async function inSession(
  channel: EmailChannel,
  signal: AbortSignal,
  work: (connection: SmtpConnection) => Promise<void>,
): Promise<ChannelAnswer> {
  const { name, host, port, security, user, password, timeoutMs } = channel;
  const connection = new SmtpConnection({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'startTls',
    ignoreTLS: security === 'none',
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    // What is not through to the server by then must not arrive any more.
    socketCloseTimeout: 0,
  });
  const broken = Promise.withResolvers<never>();
  const giveUp = () => broken.reject(new Error('is too slow'));
  connection.on('error', broken.reject);
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  try {
    await Promise.race([broken.promise, session()]);
    return { is: 'taken' };
  } catch (error) {
    const { is, why } = judge(error);
    return { is, says: `${name}: the mail server ${host}:${port} ${why}` };
  } finally {
    signal.removeEventListener('abort', giveUp);
    connection.close();
  }

  async function session(): Promise<void> {
    const connected = Promise.withResolvers<void>();
    connection.connect(settle(connected));
    await connected.promise;
    if (user !== '' && connection.allowsAuth) {
      const signedIn = Promise.withResolvers<void>();
      connection.login({ credentials: { user, pass: password } }, settle(signedIn));
      await signedIn.promise;
    }
    await work(connection);
  }
}

/** RFC 5321: 4yz = try again later, 5yz = never again. */
function judge(error: unknown): { readonly is: 'refused' | 'putOff' | 'dead'; readonly why: string } {
  if (!(error instanceof Error)) return { is: 'dead', why: 'failed' };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const answered = 'responseCode' in error && typeof error.responseCode === 'number' ? error.responseCode : null;
  const response = 'response' in error && typeof error.response === 'string' ? quoted(error.response) : '';
  if (code === 'EAUTH') return { is: 'dead', why: `refused the credentials (${response})` };
  const isOfMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (isOfMail && answered === null) return { is: 'refused', why: `cannot be given the mail (${error.message})` };
  if (isOfMail && answered !== null && !OF_SESSION.includes(answered))
    return answered >= 500
      ? { is: 'refused', why: `refused the mail (${response})` }
      : { is: 'putOff', why: `puts the mail off (${response})` };
  if (response !== '') return { is: 'dead', why: `turned us away (${response})` };
  return { is: 'dead', why: code === '' ? error.message : `does not answer (${error.message})` };
}

function quoted(response: string): string {
  return response.replaceAll(/\s+/g, ' ').trim().slice(0, MOST_QUOTED);
}

function settle({ resolve, reject }: PromiseWithResolvers<void>): (error?: Error | null) => void {
  return (error) => (error ? reject(error) : resolve());
}

function* pieces(raw: Buffer): Generator<Buffer> {
  for (let at = 0; at < raw.length; at += PIECE_BYTES) yield raw.subarray(at, at + PIECE_BYTES);
}
