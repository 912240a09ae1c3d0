import type { CaseGlance } from '../cases/case-glance.ts';
import type { AlertReason } from '../cases/case-state.ts';
import type { Severity } from '../cases/severity-of.ts';
import type { Instant } from '../order-state.ts';
import type { Owner } from '../site-rules.ts';

/** What somebody is told of one case. */
export interface AlertNews {
  /** The case as it stands now. */
  readonly case: CaseGlance;
  readonly why: AlertReason;
  /** 0 = its owner; else the step of the chain. */
  readonly level: number;
}

/** News that is kept until then. */
export interface HeldNews extends AlertNews {
  readonly sendAt: Instant;
}

interface Named {
  /** As the site file calls it. */
  readonly name: string;
  /** One attempt takes no longer. */
  readonly timeoutMs: number;
}

export interface EmailChannel extends Named {
  readonly kind: 'email';
  readonly host: string;
  readonly port: number;
  /** tls = from the first byte · startTls = required before anything is said · none = in clear text. */
  readonly security: 'tls' | 'startTls' | 'none';
  /** Empty = the server asks for none. */
  readonly user: string;
  readonly password: string;
  readonly from: string;
}

/** An incoming webhook of Slack or of Teams. Its address is the secret. */
export interface ChatChannel extends Named {
  readonly kind: 'slack' | 'teams';
  readonly url: string;
}

/** Any receiver of JSON, which can tell by the signature that it comes from us. */
export interface WebhookChannel extends Named {
  readonly kind: 'webhook';
  readonly url: string;
  readonly secret: string;
}

export type AlertChannel = EmailChannel | ChatChannel | WebhookChannel;

/** Which way the news of an owner and a severity goes. */
export interface AlertRoute {
  /** In the order in which they are tried; none = the log only. */
  readonly channels: readonly AlertChannel[];
  readonly when: 'atOnce' | 'digest';
}

/** When a team is not to be disturbed. */
export interface QuietHours {
  /** IANA zone. */
  readonly zone: string;
  /** Times of the day, `20:00`; `to` before `from` = over midnight; both the same = none. */
  readonly from: string;
  readonly to: string;
  /** Days that are quiet from midnight to midnight: 1 = Monday … 7 = Sunday. */
  readonly days: readonly number[];
}

/** Times of the day at which digests leave. */
export interface DigestTimes {
  /** IANA zone. */
  readonly zone: string;
  /** Never empty. */
  readonly at: readonly string[];
}

/** How people of a site hear of cases. From the site file. */
export interface AlertRules {
  /** All channels, in the order of the file; none = the log only. */
  readonly channels: readonly AlertChannel[];
  readonly routes: Readonly<Record<Owner, Readonly<Record<Severity, AlertRoute>>>>;
  /** null = never quiet. */
  readonly quietHours: Readonly<Record<Owner, QuietHours | null>>;
  readonly digests: Readonly<Record<Owner, DigestTimes>>;
  /** Address of Temporal's UI, without a slash at its end; empty = messages have no links. */
  readonly temporalUi: string;
}
