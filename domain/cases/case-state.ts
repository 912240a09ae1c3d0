import type { BulkAct, BulkProgress } from '../act-on-orders.ts';
import type { Amount } from '../money.ts';
import type { Money } from '../money-per-currency.ts';
import type { Act, Instant } from '../order-state.ts';
import type { ProblemCode } from '../problems.ts';
import type { Owner } from '../site-rules.ts';
import type { CasePace, Recipient } from './case-rules.ts';
import type { Severity } from './severity-of.ts';

/** What makes troubles one case: site, code, and what they are about. */
export interface CaseCause {
  readonly site: string;
  readonly code: ProblemCode;
  /** What it is about, as people call it: a location, a customer, a SKU, an order; '' = the site. */
  readonly key: string;
}

/** An order of a case. */
export interface CaseMember {
  /** The id of the order's workflow. */
  readonly id: string;
  /** As people call it. */
  readonly label: string;
  /** null = not known. */
  readonly value: Amount | null;
  /** ISO 4217; '' = not known. Earlier versions told none. */
  readonly currency?: string;
  readonly since: Instant;
}

/** What one feed or check reported of the cause, when it last ran. */
export interface SourceFinding {
  readonly source: string;
  readonly says: string;
  readonly count: number;
  readonly concerns: readonly string[];
  /** Whatever the currencies: to sort by. null = it cannot be told. */
  readonly value: Amount | null;
  /** The same in each currency, where that is known. */
  readonly money?: readonly Money[];
  readonly since: Instant;
}

export interface Escalation {
  readonly at: Instant;
  /** 1 = the first step above the owner. */
  readonly level: number;
  readonly to: readonly Recipient[];
}

/** Who answers for a case, or mends it, until when, and who hears of it when that passes. Made of the site file. */
export interface CasePlan {
  readonly owner: Owner;
  /** How far the owner's clock is ahead of UTC when it is due, in minutes; plans of earlier versions do not say. */
  readonly offsetMinutes?: number;
  readonly severity: Severity;
  readonly dueAt: Instant;
  readonly reminders: readonly Instant[];
  readonly escalations: readonly Escalation[];
  readonly pace: CasePace;
}

/** Stages a person sees and searches for. resolved = a person said so; something of it is still left. */
export type CaseStage = 'open' | 'acknowledged' | 'snoozed' | 'resolved';

/** Why somebody is told of a case. */
export type AlertReason = Announcement | 'grew' | 'reminder' | 'escalated' | 'closed';

/** The first that an owner hears of a case: of this opening, since it is theirs, or since it slept. */
export type Announcement = 'opened' | 'reopened' | 'comesAndGoes' | 'assigned' | 'awake';

/** A message that did not leave, and how often it was tried in vain. */
export interface FailedAlert {
  readonly why: AlertReason;
  readonly level: number;
  readonly times: number;
}

export interface CaseEntry {
  readonly at: Instant;
  readonly what: string;
}

export type CaseRepair =
  | { readonly at: 'none' }
  | { readonly at: 'wanted'; readonly act: BulkAct; readonly by: Act }
  | { readonly at: 'underWay'; readonly act: BulkAct; readonly by: Act; readonly bulk: string };

/** What is kept of a case when it has closed, for when the same cause comes back. */
export interface CaseRemains {
  readonly timesOpened: number;
  /** When it was opened of late. Earlier versions kept neither this nor the answer. */
  readonly openings?: readonly Instant[];
  readonly closedAt: Instant;
  readonly answer?: CaseAnswer;
  readonly history: readonly CaseEntry[];
}

/** What a person had said of a case when it closed. */
export type CaseAnswer =
  | { readonly is: 'none' }
  | { readonly is: 'acknowledged'; readonly by: string }
  | { readonly is: 'snoozed'; readonly until: Instant };

export interface CaseState extends CaseCause {
  /** What happened, in words for people: as it was told last. */
  readonly says: string;
  readonly stage: CaseStage;
  readonly owner: Owner;
  readonly severity: Severity;
  readonly orders: readonly CaseMember[];
  /** Of all orders, whatever the currencies; a value that is not known counts as nothing. */
  readonly ordersValue: Amount;
  readonly findings: readonly SourceFinding[];
  readonly openedAt: Instant;
  /** Which opening of this cause it is; 0 = not yet looked whether there was one before. */
  readonly timesOpened: number;
  /** When it was opened of late, this opening included. */
  readonly openings: readonly Instant[];
  /** When somebody must have acknowledged it, or whoever did must have mended it; null before the first plan. */
  readonly dueAt: Instant | null;
  readonly plan: CasePlan | null;
  /** From when the next plan counts. */
  readonly planFrom: Instant;
  /** Whether the next plan begins a new time to answer or to mend, or goes on telling that it is over. */
  readonly planFor: 'newTime' | 'telling';
  /** How much of this plan has been told. */
  readonly told: { readonly reminders: number; readonly escalations: number };
  /** Everybody who was told of it since it was opened; they hear of its end. */
  readonly heard: readonly Recipient[];
  /** How large it was when somebody last heard of that, by a message or by acknowledging it; null = nobody has. */
  readonly announced: { readonly at: Instant; readonly count: number; readonly value: Amount } | null;
  /** As what the next such message goes out. */
  readonly announceAs: Announcement;
  /** A message that could not be sent is tried again then; null = none. */
  readonly alertAgainAt: Instant | null;
  /** What could not be sent so far; each message once. */
  readonly failed: readonly FailedAlert[];
  readonly emptySince: Instant | null;
  /** Whether those who know of it have heard of its end; none = nobody knows of it. */
  readonly farewell: 'none' | 'toTell' | 'told';
  readonly snoozedUntil: Instant | null;
  readonly acknowledgedBy: string;
  readonly repair: CaseRepair;
  readonly history: readonly CaseEntry[];
  /** The latest time that was waited for; nothing is decided by the clock. */
  readonly reached: Instant;
}

export type CaseEvent =
  | { readonly is: 'added'; readonly says: string; readonly member: CaseMember }
  | { readonly is: 'withdrawn'; readonly members: readonly string[] }
  /** Replaces what this source said before; a count of 0 withdraws it. */
  | { readonly is: 'reported'; readonly finding: Omit<SourceFinding, 'since'> }
  | { readonly is: 'recalled'; readonly before: CaseRemains | null }
  | { readonly is: 'planned'; readonly plan: CasePlan }
  | {
      readonly is: 'alerted';
      readonly why: AlertReason;
      readonly level: number;
      readonly to: readonly Recipient[];
      /** Who could not be told, or not by their route, and why. */
      readonly remarks: readonly string[];
    }
  | { readonly is: 'alertFailed'; readonly why: AlertReason; readonly level: number; readonly error: string }
  | ({ readonly is: 'acknowledged' } & Act)
  | ({ readonly is: 'assigned'; readonly owner: Owner } & Act)
  | ({ readonly is: 'snoozed'; readonly until: Instant } & Act)
  | ({ readonly is: 'noted' } & Act)
  | ({ readonly is: 'resolved' } & Act)
  | ({ readonly is: 'repairWanted'; readonly act: BulkAct } & Act)
  | { readonly is: 'repairBegun'; readonly bulk: string }
  | { readonly is: 'repairEnded'; readonly outcome: BulkProgress }
  | { readonly is: 'repairFailed'; readonly why: string }
  | { readonly is: 'timePassed' };

/** What people ask of a case. */
export type CaseAct = Extract<
  CaseEvent,
  { is: 'acknowledged' | 'assigned' | 'snoozed' | 'noted' | 'resolved' | 'repairWanted' }
>;

/** The one next thing to do. */
export type CaseAction =
  | { readonly do: 'recall' }
  | {
      readonly do: 'plan';
      readonly code: ProblemCode;
      readonly owner: Owner;
      readonly from: Instant;
      readonly until: 'answered' | 'mended';
    }
  | {
      readonly do: 'alert';
      readonly why: AlertReason;
      /** 0 = the owner. */
      readonly level: number;
      readonly to: readonly Recipient[];
    }
  | { readonly do: 'repair'; readonly act: BulkAct; readonly by: Act; readonly orders: readonly string[] }
  | { readonly do: 'wait'; readonly until: Instant | null; readonly why: string }
  | { readonly do: 'finish' };
