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
  /** In the order in which they are tried; none = nothing that the route names reaches them. */
  readonly channels: readonly ChannelTo[];
  /** Where the route reaches them for good by nothing: what else does, then the integration team. None = nobody is left. */
  readonly otherwise: readonly ChannelTo[];
  /** The site file wants this in the log only. */
  readonly logOnly: boolean;
  readonly when: { readonly is: 'now' } | { readonly is: 'digest' | 'afterQuietHours'; readonly at: Instant };
}

/**
 * Which way news goes to a recipient, and when. An address of the chain hears at once, by e-mail, else where the owner
 * hears. What is urgent breaks quiet hours, and is in no digest. News of a channel or an address that takes nothing never
 * goes that way.
 */
export function routeAlert(
  rules: AlertRules,
  addresses: Addresses,
  to: Recipient,
  { case: about }: AlertNews,
  { quietUntil, nextDigest }: RecipientClock,
): AlertWay {
  const owner = to.kind === 'owner' ? to.owner : about.owner;
  const route = rules.routes[owner][about.severity];
  const email = to.kind === 'address' ? to.email : addresses[to.owner].email;
  const isOpen = ({ channel, address }: ChannelTo) => !isAbout(about, channel.name, address);
  const wanted = to.kind === 'owner' ? route.channels : [...rules.channels.filter(isMail), ...route.channels];
  const channels = once(reaching(wanted, email).filter(isOpen)).slice(0, MOST_CHANNELS);
  const logOnly = wanted.length === 0;
  const all = once([...reaching(rules.channels, email), ...reaching(rules.channels, addresses.integration.email)]);
  const others = logOnly ? [] : all.filter((way) => isOpen(way) && !channels.some((each) => isSame(each, way)));
  return { channels, otherwise: others.slice(0, MOST_CHANNELS - channels.length), logOnly, when: timeFor() };

  function timeFor(): AlertWay['when'] {
    if (about.severity === 'urgent' || to.kind === 'address') return { is: 'now' };
    if (route.when === 'digest') return { is: 'digest', at: nextDigest };
    return quietUntil === null ? { is: 'now' } : { is: 'afterQuietHours', at: quietUntil };
  }
}

/** E-mail reaches nobody without an address. */
export function reaching(channels: readonly AlertChannel[], email: string | null): readonly ChannelTo[] {
  return channels.flatMap((channel): readonly ChannelTo[] => {
    if (channel.kind !== 'email') return [{ channel, address: '' }];
    return email === null ? [] : [{ channel, address: email }];
  });
}

/** Whether a case is about this way itself. */
function isAbout({ code, key }: AlertNews['case'], channel: string, address: string): boolean {
  if (code === 'ALERT_CHANNEL_DEAD') return key === channel;
  return code === 'ALERT_ADDRESS_REFUSED' && key === (address || channel);
}

function isMail({ kind }: AlertChannel): boolean {
  return kind === 'email';
}

function isSame(one: ChannelTo, other: ChannelTo): boolean {
  return one.channel.name === other.channel.name && one.address === other.address;
}

function once(ways: readonly ChannelTo[]): readonly ChannelTo[] {
  return ways.filter((way, index) => ways.findIndex((each) => isSame(each, way)) === index);
}
