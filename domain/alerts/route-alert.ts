import type { Recipient } from '../cases/case-rules.ts';
import type { Instant } from '../order-state.ts';
import type { Owner } from '../site-rules.ts';
import type { AlertChannel, AlertNews, AlertRules } from './alert-rules.ts';

/** So many are tried within one attempt, so that it ends in time. */
export const MOST_CHANNELS = 5;

export type Addresses = Readonly<Record<Owner, { readonly email: string | null }>>;

/** A channel, and where on it. */
export interface ChannelTo {
  readonly channel: AlertChannel;
  /** An e-mail address; empty where the channel itself is the place. */
  readonly address: string;
}

/** How the clock of the recipient stands; reckoned by whoever has a calendar. */
export interface RecipientClock {
  /** End of the quiet hours that now are; null = they are not. */
  readonly quietUntil: Instant | null;
  /** When the next digest leaves; never in quiet hours. */
  readonly nextDigest: Instant;
}

export interface AlertWay {
  /** In the order in which they are tried; none = the log only. */
  readonly channels: readonly ChannelTo[];
  readonly when: { readonly is: 'now' } | { readonly is: 'digest' | 'afterQuietHours'; readonly at: Instant };
}

/**
 * Which way news goes to a recipient, and when. An address of the chain hears at once, by e-mail, else where the owner
 * hears. What is urgent breaks quiet hours, and is in no digest. News of a dead channel never goes by that channel.
 */
export function routeAlert(
  rules: AlertRules,
  addresses: Addresses,
  to: Recipient,
  { case: about }: AlertNews,
  { quietUntil, nextDigest }: RecipientClock,
): AlertWay {
  const route = rules.routes[to.kind === 'owner' ? to.owner : about.owner][about.severity];
  const wanted =
    to.kind === 'owner'
      ? route.channels
      : [...rules.channels.filter(({ kind }) => kind === 'email'), ...route.channels];
  const dead = deadChannelOf(about);
  const alive = [...new Set(wanted)].filter(({ name }) => name !== dead);
  const others = dead === null ? [] : rules.channels.filter(({ name }) => name !== dead);
  const email = to.kind === 'address' ? to.email : addresses[to.owner].email;
  const channels = reaching(alive, email);
  return {
    channels: (channels.length > 0 ? channels : reaching(others, email)).slice(0, MOST_CHANNELS),
    when: timeFor(),
  };

  function timeFor(): AlertWay['when'] {
    if (about.severity === 'urgent' || to.kind === 'address') return { is: 'now' };
    if (route.when === 'digest') return { is: 'digest', at: nextDigest };
    return quietUntil === null ? { is: 'now' } : { is: 'afterQuietHours', at: quietUntil };
  }
}

function deadChannelOf({ code, key }: AlertNews['case']): string | null {
  return code === 'ALERT_CHANNEL_DEAD' ? key : null;
}

/** E-mail reaches nobody without an address. */
export function reaching(channels: readonly AlertChannel[], email: string | null): readonly ChannelTo[] {
  return channels.flatMap((channel): readonly ChannelTo[] => {
    if (channel.kind !== 'email') return [{ channel, address: '' }];
    return email === null ? [] : [{ channel, address: email }];
  });
}
