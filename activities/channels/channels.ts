import type { Logger } from 'pino';

import type { AlertChannel } from '../../domain/alerts/alert-rules.ts';
import type { ChannelTo } from '../../domain/alerts/route-alert.ts';
import type { AlertMessage } from '../../domain/alerts/write-alert.ts';
import type { TellCasesActivities } from '../tell-cases.ts';
import { ChannelError } from './channel-error.ts';
import { sendEmail } from './send-email.ts';
import { sendWebhook } from './send-webhook.ts';

/** A channel that stays dead tells its case again after so long, should another process have thought otherwise. */
const TELL_AGAIN_MS = 10 * 60_000;

export interface Delivery {
  /** The channel that took it; null = none did. */
  readonly by: string | null;
  /** Why the channels before it did not. */
  readonly failures: readonly string[];
}

export interface Channels {
  /** Tries one channel after the other until one takes the message. A channel that does not is a case of its own. */
  send(ways: readonly ChannelTo[], recipient: string, message: AlertMessage, key: string): Promise<Delivery>;
}

export interface ChannelsDependencies {
  readonly cases: Pick<TellCasesActivities, 'reportFindings'>;
  readonly clock: () => Date;
  readonly log: Logger;
}

type Known = { readonly is: 'alive' } | { readonly is: 'dead'; readonly toldAt: number };

export function createChannels({ cases, clock, log }: ChannelsDependencies): Channels {
  /** What the channels' cases were told last by this process. */
  const known = new Map<string, Known>();
  return {
    async send(ways, recipient, message, key) {
      const failures: string[] = [];
      for (const { channel, address } of ways) {
        try {
          await sendBy(channel, address);
        } catch (error) {
          if (!(error instanceof ChannelError)) throw error;
          failures.push(error.message);
          log.error({ channel: channel.name, to: recipient, thread: message.thread }, error.message);
          await isDead(channel.name, error.message);
          continue;
        }
        await isAlive(channel.name);
        return { by: channel.name, failures };
      }
      return { by: null, failures };

      async function sendBy(channel: AlertChannel, to: string): Promise<void> {
        if (channel.kind === 'email') await sendEmail(channel, { to, message, key: `${key} ${recipient}` });
        else await sendWebhook(channel, { message, key: `${key} ${recipient}`, now: clock() });
      }
    },
  };

  /** Before anything else is tried: when the case cannot be told, the whole step fails, and nothing has left yet. */
  async function isDead(channel: string, says: string): Promise<void> {
    const before = known.get(channel);
    const now = clock().getTime();
    if (before?.is === 'dead' && now - before.toldAt < TELL_AGAIN_MS) return;
    const finding = {
      code: 'ALERT_CHANNEL_DEAD',
      key: channel,
      says,
      count: 1,
      concerns: [channel],
      value: null,
    } as const;
    await cases.reportFindings({ source: sourceOf(channel), findings: [finding] });
    known.set(channel, { is: 'dead', toldAt: now });
  }

  /** The message has left: that its case could not be told must not send it again; the next message tells it. */
  async function isAlive(channel: string): Promise<void> {
    if (known.get(channel)?.is === 'alive') return;
    try {
      await cases.reportFindings({ source: sourceOf(channel), findings: [] });
      known.set(channel, { is: 'alive' });
    } catch (error) {
      log.error({ channel, error }, 'the case of a channel that works again could not be told so');
    }
  }
}

function sourceOf(channel: string): string {
  return `alert-channel:${channel}`;
}
