import type { Owner } from '../site-rules.ts';
import type { Severity } from './severity-of.ts';

/** Working hours of a team. A shift that ends before it begins goes on until the next day, and belongs to its first. */
export interface WorkingCalendar {
  /** IANA zone. */
  readonly zone: string;
  /** 1 = Monday … 7 = Sunday. */
  readonly workdays: readonly number[];
  /** Times of the day, `09:00`; `24:00` = midnight at the end. */
  readonly from: string;
  readonly to: string;
  /** Dates without work, `2026-12-25`, in the calendar's zone. */
  readonly holidays: readonly string[];
}

/** Who is told of a case: a team, at its own addresses, or one e-mail address. */
export type Recipient =
  | { readonly kind: 'owner'; readonly owner: Owner }
  | { readonly kind: 'address'; readonly email: string };

/** A step up the chain. */
export interface EscalationRule {
  /** Working minutes of the owner since the step before; of the first, since the case was due. */
  readonly afterMinutes: number;
  readonly to: readonly Recipient[];
}

/** How a site treats its cases. From the site file. */
export interface CaseRules {
  readonly calendars: Readonly<Record<Owner, WorkingCalendar>>;
  /** Working minutes until somebody must have acknowledged a case. */
  readonly answerWithin: Readonly<Record<Severity, number>>;
  /** Working minutes from then on until it should be mended. */
  readonly mendWithin: Readonly<Record<Severity, number>>;
  readonly escalation: Readonly<Record<Owner, readonly EscalationRule[]>>;
  /** Problem code → severity, where the site has it otherwise than the catalogue. */
  readonly severities: Readonly<Record<string, Severity>>;
  readonly pace: CasePace;
}

/** How fast a case reacts, in milliseconds. */
export interface CasePace {
  /** Gathered for so long before anybody is told: a hundred orders of one cause are one message. */
  readonly gatherMs: number;
  /** Empty for so long before it closes, so that it does not flap. */
  readonly settleMs: number;
  /** A case that has doubled is told again, but no sooner than this after the last message. */
  readonly growMs: number;
  readonly repair: { readonly ordersPerMinute: number; readonly patienceMs: number };
}
