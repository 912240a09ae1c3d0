import { findingOf, type FeedReport, type Finding } from '../findings.ts';
import type { ProblemCode } from '../problems.ts';
import type { Audit } from './audit-site.ts';
import { EFFECTS, worthInWords } from './audit-words.ts';
import type { WeighedGap } from './weigh-gaps.ts';

/** What a feed reports itself whenever it runs: then a case is its own, and closes with its next run, not with the next audit. */
const REPORTED_BY: Readonly<Record<AuditedFeed, readonly ProblemCode[]>> = {
  products: ['VARIANT_WITHOUT_ERP_SKU', 'SKU_AMBIGUOUS', 'UPC_SHARED', 'SKU_WITHOUT_UPC', 'SIZE_OUT_OF_RANGE'],
  customers: [
    'CUSTOMER_WITHOUT_ERP_CODE',
    'CUSTOMER_NOT_IN_ERP',
    'CUSTOMER_INACTIVE_IN_ERP',
    'CUSTOMER_CURRENCY_DIFFERS',
    'PAYMENT_ACCOUNT_INCOMPLETE',
    'TERMS_NOT_MAPPED',
    'PRICE_LEVEL_NOT_MAPPED',
  ],
  prices: ['PRICE_LIST_MISSING'],
  stock: ['STOCK_LOCATION_UNKNOWN'],
};

/** Feeds that look at the same as the audit does. */
export type AuditedFeed = 'products' | 'customers' | 'prices' | 'stock';

/** The cases that an audit opens: every gap, but for those that a running feed tells of itself. */
export function findingsOf({ gaps, days }: Audit, running: readonly AuditedFeed[]): readonly Finding[] {
  const elsewhere = new Set(running.flatMap((feed) => REPORTED_BY[feed]));
  return gaps
    .filter(({ code }) => !elsewhere.has(code))
    .flatMap((gap) => {
      const { code, key, concerns, count } = gap;
      const says = `${gap.says} ${costOf(gap, days)}`;
      const finding = findingOf(code, concerns, { key, says, money: gap.cost.money });
      return finding ? [{ ...finding, count }] : [];
    });
}

/** Figures of an audit and its findings, as every feed reports. */
export function reportAudit(audit: Audit, running: readonly AuditedFeed[]): FeedReport {
  const { sold, unread, stopped, gaps, limits, compared } = audit;
  return {
    stats: {
      gaps: gaps.length,
      orders: sold.orders,
      ordersUnread: unread,
      ordersStopped: stopped.orders,
      callsPerMinute: limits.callsPerMinute,
      ...compared,
    },
    findings: findingsOf(audit, running),
  };
}

function costOf({ cost, effect }: WeighedGap, days: number): string {
  if (cost.orders === 0) return `No order of the last ${days} days was concerned.`;
  return `Of the last ${days} days ${worthInWords(cost)}: they ${EFFECTS[effect]}.`;
}
