import type { Logger } from 'pino';

import type { Site } from '../../config/site.ts';
import type { ChannelTo } from '../../domain/alerts/route-alert.ts';
import { writeWorksAgain, type AlertMessage } from '../../domain/alerts/write-alert.ts';
import type { ProblemCode } from '../../domain/problems.ts';
import { OWNERS } from '../../domain/site-rules.ts';
import type { TellCasesActivities } from '../tell-cases.ts';
import type { ChannelAnswer } from './channel-answer.ts';
import { sendEmail } from './send-email.ts';
import { sendWebhook } from './send-webhook.ts';
import { signIn } from './smtp.ts';

/** A trouble that lasts tells its case again after so long, should another process have thought otherwise. */
const TELL_AGAIN_MS = 10 * 60_000;
/** Of a mail that is put off, or whose answer does not come, nobody is to mend anything; unless it goes on for so long. */
const DOUBT_MS = 10 * 60_000;
/** A dead channel is tried so often; one that refuses us, where each try is a mail or a post that it has to turn down. */
const TRY_DEAD_MS = 5 * 60_000;
const TRY_REFUSED_MS = 6 * 3_600_000;
const CHANNEL = 'alert-channel:';
const ADDRESS = 'alert-address:';

export type Delivery = {
  /** Why the ways before it did not, or why none did. */
  readonly failures: readonly string[];
} & (
  | { readonly is: 'taken'; readonly by: ChannelTo }
  /** Whoever has it does not say so; nobody else took it. Not to be sent again. */
  | { readonly is: 'unanswered' }
  /** For good, by all of them. To be told another way. */
  | { readonly is: 'refused' }
  /** One of them may take it later. */
  | { readonly is: 'failed' }
);

export interface Channels {
  /** Tries one way after the other until one takes the message. One that does not is a case of its own. */
  send(ways: readonly ChannelTo[], what: Sending): Promise<Delivery>;
  /**
   * Tries, now and then, the ways that have an open case, so that it ends also where no message goes that way meanwhile.
   * What the site no longer has loses its case. Never throws.
   */
  tryDead(signal: AbortSignal): Promise<void>;
}

export interface Sending {
  readonly recipient: string;
  readonly message: AlertMessage;
  /** The same when the same message is sent again. */
  readonly key: string;
  /** Calls it off; then `send` throws its reason. */
  readonly signal: AbortSignal;
}

export interface ChannelsDependencies {
  readonly site: Pick<Site, 'name' | 'alerts' | 'owners' | 'cases'>;
  readonly cases: Pick<TellCasesActivities, 'reportFindings'>;
  /** All sources that have an open case, of those whose names begin so. */
  readonly openSources: (prefixes: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly clock: () => Date;
  readonly log: Logger;
}

/** What this process knows of a source, times in epoch milliseconds. */
type Known =
  | { readonly is: 'fine'; readonly since: number }
  | { readonly is: 'doubtful'; readonly since: number }
  | { readonly is: 'told'; readonly toldAt: number; readonly triedAt: number };

export function createChannels({ site, cases, openSources, clock, log }: ChannelsDependencies): Channels {
  const known = new Map<string, Known>();
  return {
    async send(ways, what) {
      const failures: string[] = [];
      const answers = new Set<ChannelAnswer['is']>();
      for (const way of ways) {
        const answer = await sendBy(way, what);
        answers.add(answer.is);
        try {
          await learn(way, answer);
        } catch (error) {
          // Before anything else is tried: nothing has left yet, and the whole step fails. Else it must not be repeated.
          if (!answers.has('unanswered')) throw error;
          log.error({ channel: way.channel.name, error }, 'the case of a channel could not be told');
        }
        if (answer.is === 'taken') return { is: 'taken', by: way, failures };
        log.error({ channel: way.channel.name, to: what.recipient, thread: what.message.thread }, answer.says);
        failures.push(answer.says);
      }
      if (answers.has('unanswered')) return { is: 'unanswered', failures };
      return { is: answers.has('dead') || answers.has('putOff') ? 'failed' : 'refused', failures };
    },

    async tryDead(signal) {
      try {
        const open = await openSources([CHANNEL, ADDRESS]);
        await Promise.all([...open].map((source) => tryAgain(source, signal)));
      } catch (error) {
        log.error({ error }, 'the channels that have a case could not be tried');
      }
    },
  };

  function sendBy({ channel, address }: ChannelTo, { recipient, message, key: step, signal }: Sending) {
    const key = `${step} ${recipient}`;
    if (channel.kind !== 'email') return sendWebhook(channel, { message, key, now: clock(), signal });
    const patienceMs = () => channel.timeoutMs;
    return sendEmail(channel, { to: address, message, attachments: [], key, patienceMs, signal });
  }

  async function learn(way: ChannelTo, answer: ChannelAnswer): Promise<void> {
    const { name } = way.channel;
    const channel = `${CHANNEL}${name}`;
    if (answer.is === 'dead') return isTrouble(channel, 'ALERT_CHANNEL_DEAD', name, answer.says);
    await isFine(channel);
    const address = addressSource(way);
    if (answer.is === 'taken') return isFine(address);
    if (answer.is !== 'refused' && isDoubtful(address)) return;
    const says = way.address === '' ? answer.says : `${way.address}: ${answer.says}`;
    await isTrouble(address, 'ALERT_ADDRESS_REFUSED', way.address || name, says);
  }

  /** Whether a trouble that may pass by itself has not gone on for long. */
  function isDoubtful(source: string): boolean {
    const before = known.get(source);
    if (before?.is === 'told') return false;
    const now = clock().getTime();
    if (before?.is === 'doubtful') return now - before.since < DOUBT_MS;
    known.set(source, { is: 'doubtful', since: now });
    return true;
  }

  async function isTrouble(source: string, code: ProblemCode, key: string, says: string): Promise<void> {
    const before = known.get(source);
    const now = clock().getTime();
    if (before?.is === 'told' && now - before.toldAt < TELL_AGAIN_MS) {
      known.set(source, { ...before, triedAt: now });
      return;
    }
    const finding = { code, key, says, count: 1, concerns: [key], value: null };
    await cases.reportFindings({ source, findings: [finding] });
    known.set(source, { is: 'told', toldAt: now, triedAt: now });
  }

  /** The message has left: that a case could not be told must not send it again; the next message tells it. */
  async function isFine(source: string): Promise<void> {
    if (known.get(source)?.is === 'fine') return;
    try {
      await cases.reportFindings({ source, findings: [] });
      known.set(source, { is: 'fine', since: clock().getTime() });
    } catch (error) {
      log.error({ source, error }, 'the case of a channel that works again could not be told so');
    }
  }

  async function tryAgain(source: string, signal: AbortSignal): Promise<void> {
    const before = known.get(source);
    const now = clock().getTime();
    const every = source.startsWith(CHANNEL) ? TRY_DEAD_MS : TRY_REFUSED_MS;
    if (before?.is === 'told' && now - before.triedAt < every) return;
    // What its case was told may not show yet.
    if (before?.is === 'fine' && now - before.since < TRY_DEAD_MS) return;
    // Another process may have told the case.
    known.set(source, { is: 'told', toldAt: before?.is === 'told' ? before.toldAt : now, triedAt: now });
    const way = wayOf(source);
    if (way === null) return isFine(source);
    const { channel, address } = way;
    if (channel.kind === 'email' && address === '') {
      const answer = await signIn(channel, AbortSignal.any([signal, AbortSignal.timeout(channel.timeoutMs)]));
      if (signal.aborted) return;
      return answer.is === 'dead' ? learn(way, answer) : isFine(source);
    }
    const message = writeWorksAgain(site.name, source, channel.name);
    await learn(way, await sendBy(way, { recipient: address, message, key: `again:${now}`, signal }));
  }

  /** What a source is about; null = the site has it no more. */
  function wayOf(source: string): ChannelTo | null {
    const [, name = '', address = ''] = source.split(':');
    const channel = site.alerts.channels.find((each) => each.name === name);
    if (channel === undefined) return null;
    return address === '' || isInUse(address) ? { channel, address } : null;
  }

  function isInUse(address: string): boolean {
    const chain = OWNERS.flatMap((owner) => site.cases.escalation[owner].flatMap(({ to }) => to));
    return (
      OWNERS.some((owner) => site.owners[owner].email === address) ||
      chain.some((to) => to.kind === 'address' && to.email === address)
    );
  }
}

function addressSource({ channel, address }: ChannelTo): string {
  return `${ADDRESS}${channel.name}${address === '' ? '' : `:${address}`}`;
}
