import type { Addresses } from '../alerts/route-alert.ts';
import type { AlertRules } from '../alerts/alert-rules.ts';
import type { CaseRules } from '../cases/case-rules.ts';
import type { Severity } from '../cases/severity-of.ts';
import { problemKind } from '../problems.ts';
import type { ProvenFigures } from '../proof/report-proof.ts';
import type { AuditedOrder } from './audited-order.ts';
import type { Gap } from './gap.ts';
import { judgeLimits, measureLimits, type LimitsFound, type LimitsSeen } from './judge-limits.ts';
import { judgeOwners } from './judge-owners.ts';
import { weighGaps, worthOf, type OrdersWorth, type WeighedGap } from './weigh-gaps.ts';

/** What an audit found: every gap of a site, with what it would have cost. */
export interface Audit {
  readonly site: string;
  readonly siteVersion: string;
  /** ISO instant. */
  readonly at: string;
  /** The newest proof; null = none is known. */
  readonly proof: ProvenFigures | null;
  /** Days of orders that were looked at. */
  readonly days: number;
  /** All orders of these days. */
  readonly sold: OrdersWorth;
  /** Orders of these days beyond the bound, or that could not be understood. */
  readonly unread: number;
  /** Orders that would have waited for a person or gone in on hold, each once however many gaps it met. */
  readonly stopped: OrdersWorth;
  /** The dearest first. */
  readonly gaps: readonly WeighedGap[];
  readonly limits: LimitsFound;
  /** What could not be looked at, and why. */
  readonly notLookedAt: readonly string[];
  /** How much was compared, for people to judge by. */
  readonly compared: Readonly<Record<string, number>>;
}

export interface AuditFacts {
  readonly site: string;
  readonly siteVersion: string;
  readonly at: string;
  readonly proof: ProvenFigures | null;
  readonly days: number;
  readonly orders: readonly AuditedOrder[];
  readonly unread: number;
  /** Of locations, codes, customers, SKUs, methods and price lists. */
  readonly gaps: readonly Gap[];
  readonly limits: LimitsSeen;
  readonly alerts: AlertRules;
  readonly owners: Addresses;
  readonly escalation: CaseRules['escalation'];
  readonly severities: Readonly<Record<string, Severity>>;
  readonly notLookedAt: readonly string[];
  readonly compared: Readonly<Record<string, number>>;
}

/** Puts together what was compared. Teams without an address are told what of the rest nobody would have heard of. */
export function auditSite(facts: AuditFacts): Audit {
  const {
    site,
    siteVersion,
    at,
    proof,
    days,
    orders,
    unread,
    alerts,
    owners,
    escalation,
    severities,
    notLookedAt,
    compared,
  } = facts;
  const found = [...facts.gaps, ...judgeLimits(facts.limits)];
  const unheard = judgeOwners({ alerts, addresses: owners, escalation }, (owner) => {
    const own = found.filter(({ code }) => problemKind(code).owner === owner);
    return (order) => own.some(({ touches }) => touches(order));
  });
  const stopping = found.filter(({ effect }) => effect === 'parks' || effect === 'held');
  return {
    site,
    siteVersion,
    at,
    proof,
    days,
    sold: worthOf(orders),
    unread,
    stopped: worthOf(orders.filter((order) => stopping.some(({ touches }) => touches(order)))),
    gaps: weighGaps([...found, ...unheard], orders, severities),
    limits: measureLimits(facts.limits),
    notLookedAt,
    compared,
  };
}
