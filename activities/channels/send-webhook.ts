import { createHmac } from 'node:crypto';

import got, { RequestError, TimeoutError } from 'got';

import type { ChatChannel, WebhookChannel } from '../../domain/alerts/alert-rules.ts';
import type { AlertMessage } from '../../domain/alerts/write-alert.ts';
import type { ChannelAnswer } from './channel-answer.ts';
import { slackBody, teamsBody, webhookBody } from './webhook-bodies.ts';

export interface SendWebhook {
  readonly message: AlertMessage;
  /** The same when the same message is sent again. */
  readonly key: string;
  readonly now: Date;
  /** Calls it off; then this throws its reason. */
  readonly signal: AbortSignal;
}

/** Answers with which a receiver wants it later. */
const LATER = [408, 429];

/**
 * Posts one message, once: repeats nothing, follows nothing. What goes to a receiver of ours is signed. No answer names
 * the address, for that of a chat is its secret.
 */
export async function sendWebhook(
  channel: ChatChannel | WebhookChannel,
  { message, key, now, signal }: SendWebhook,
): Promise<ChannelAnswer> {
  const { name, url, timeoutMs } = channel;
  const body = JSON.stringify(bodyFor(channel.kind, message, key));
  try {
    const { statusCode } = await got.post(url, {
      body,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Instep',
        ...(channel.kind === 'webhook' ? signatureOf(body, channel.secret, now) : {}),
      },
      retry: { limit: 0 },
      timeout: { request: timeoutMs },
      throwHttpErrors: false,
      followRedirect: false,
      responseType: 'text',
      signal,
    });
    return judge(statusCode, name);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TimeoutError) return { is: 'dead', says: `${name}: no answer within ${timeoutMs} ms` };
    if (error instanceof RequestError) return { is: 'dead', says: `${name}: it does not answer (${error.code})` };
    throw error;
  }
}

function judge(status: number, name: string): ChannelAnswer {
  if (status >= 200 && status < 300) return { is: 'taken' };
  const says = `${name}: it answered ${status}`;
  if (LATER.includes(status)) return { is: 'putOff', says };
  return { is: status >= 400 && status < 500 ? 'refused' : 'dead', says };
}

/**
 * HMAC-SHA256 of `<timestamp>.<body>` in hex, the timestamp in seconds since 1970. A receiver reckons it anew, and turns
 * down what is older than some minutes.
 */
function signatureOf(body: string, secret: string, now: Date): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'instep-timestamp': timestamp, 'instep-signature': `v1=${signature}` };
}

function bodyFor(kind: 'slack' | 'teams' | 'webhook', message: AlertMessage, key: string): unknown {
  switch (kind) {
    case 'slack':
      return slackBody(message);
    case 'teams':
      return teamsBody(message);
    case 'webhook':
      return webhookBody(message, key);
  }
}
