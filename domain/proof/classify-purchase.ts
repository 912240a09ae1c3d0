import { absolute, isGreater, isZero, subtract, sum, toCents, type Amount } from '../money.ts';
import type { PurchaseSummary } from '../purchase.ts';
import { findDuplicates, isLiveDocument, type ErpDocument } from './match-documents.ts';

/** A running order as searching for it shows it. */
export interface OrderGlance {
  /** The purchase's key as text. */
  readonly key: string;
  readonly stage: string;
  /** Problem code, or `none`. */
  readonly attention: string;
}

/**
 * What the purchase itself says, where its row of the list does not tell enough. `notRead` = it was not needed;
 * `unreadable` = it cannot be read or not be understood: then its row stands.
 */
export type PurchaseWord = 'notRead' | 'order' | 'closed' | 'cancelled' | 'gone' | 'unreadable';

/** Everything known of one purchase of the window. */
export interface PurchaseFacts {
  readonly summary: PurchaseSummary;
  /** Of the ERP, live and cancelled. */
  readonly documents: readonly ErpDocument[];
  /** null = no order is running. */
  readonly glance: OrderGlance | null;
  readonly word: PurchaseWord;
}

export interface ProofRules {
  /** ISO instants. */
  readonly now: string;
  readonly goLive: string;
  /** What is younger is on its way. */
  readonly graceSeconds: number;
  /** Differences of so much are no differences. */
  readonly tolerated: Amount;
}

/** Why a purchase need not be in the ERP. */
export type Exclusion = 'bornInErp' | 'beforeGoLive' | 'closedByUs' | 'cancelledByTheBuyer' | 'withdrawn';

export interface NamedDifference {
  readonly what: 'total' | 'currency' | 'cancelledInErp' | 'twiceInErp' | 'notShownByErp';
  readonly says: string;
}

/** Where a purchase stands: exactly one of these. */
export type Standing =
  | { readonly kind: 'inErpEqual' }
  | { readonly kind: 'inErpDiffers'; readonly differences: readonly NamedDifference[] }
  | { readonly kind: 'inFlight'; readonly ageSeconds: number }
  | { readonly kind: 'parked'; readonly code: string }
  | { readonly kind: 'excluded'; readonly rule: Exclusion }
  | { readonly kind: 'unaccounted'; readonly ageSeconds: number };

export const STANDINGS = ['inErpEqual', 'inErpDiffers', 'inFlight', 'parked', 'excluded', 'unaccounted'] as const;

/** Stages in which something of the order is still to be sent, or waits for the ERP's import. */
export const ON_ITS_WAY: readonly string[] = ['received', 'prepared', 'submitted'];

/** Stages in which the ERP has the order; a cancelled one it may have forgotten. */
const IN_THE_ERP: readonly string[] = ['accepted', 'released', 'picked', 'shipped', 'invoiced'];

/**
 * Puts a purchase into exactly one class. What runs is judged by how it runs, what is over by what the ERP has, whatever
 * Temporal still remembers of it (decision 39).
 */
export function classifyPurchase(facts: PurchaseFacts, rules: ProofRules): Standing {
  const { summary, documents, glance, word } = facts;
  const ageSeconds = secondsSince(summary.placedAt ?? summary.updatedAt, rules);
  if (summary.key === null) return { kind: 'excluded', rule: 'bornInErp' };
  if (summary.placedAt !== null && Date.parse(summary.placedAt) < Date.parse(rules.goLive))
    return { kind: 'excluded', rule: 'beforeGoLive' };
  if (word === 'closed') return { kind: 'excluded', rule: 'closedByUs' };
  if (glance?.stage === 'parked') return { kind: 'parked', code: glance.attention };
  if (glance && documents.length === 0 && IN_THE_ERP.includes(glance.stage) && ageSeconds >= rules.graceSeconds)
    return { kind: 'inErpDiffers', differences: [notShownByErp(glance)] };
  if (glance && (documents.length === 0 || ON_ITS_WAY.includes(glance.stage))) return { kind: 'inFlight', ageSeconds };
  if (documents.length > 0) return standingInErp(facts, rules, ageSeconds);
  if (ageSeconds < rules.graceSeconds) return { kind: 'inFlight', ageSeconds };
  if (word === 'gone') return { kind: 'excluded', rule: 'withdrawn' };
  if (word === 'cancelled') return { kind: 'excluded', rule: 'cancelledByTheBuyer' };
  return { kind: 'unaccounted', ageSeconds };
}

/** Whether the ERP no longer has an order that it accepted: deleted there, lost with a restore, or without our reference. */
export function isGoneFromErp(standing: Standing): boolean {
  return standing.kind === 'inErpDiffers' && standing.differences.some(({ what }) => what === 'notShownByErp');
}

/** Whether the purchase itself must be read before this is said: by its row alone nobody sees that it was closed. */
export function mustBeRead({ glance, word }: PurchaseFacts, standing: Standing): boolean {
  if (word !== 'notRead') return false;
  if (standing.kind === 'unaccounted') return true;
  return standing.kind === 'inErpDiffers' && glance === null;
}

function standingInErp(facts: PurchaseFacts, rules: ProofRules, ageSeconds: number): Standing {
  const differences = differencesOf(facts, rules);
  if (differences.length === 0) return { kind: 'inErpEqual' };
  // A change that is being carried over is no difference yet.
  const isYoung = secondsSince(facts.summary.updatedAt, rules) < rules.graceSeconds;
  const isTwice = differences.some(({ what }) => what === 'twiceInErp');
  if (isYoung && facts.glance !== null && !isTwice) return { kind: 'inFlight', ageSeconds };
  return { kind: 'inErpDiffers', differences };
}

function notShownByErp({ stage }: OrderGlance): NamedDifference {
  return { what: 'notShownByErp', says: `${stage}, but the ERP shows no order of it` };
}

function differencesOf({ summary, documents }: PurchaseFacts, { tolerated }: ProofRules): readonly NamedDifference[] {
  const differences: NamedDifference[] = [];
  const live = documents.filter(isLiveDocument);
  const numbers = (orders: readonly ErpDocument[]) => orders.map(({ orderNumber }) => orderNumber).join(', ');
  if (summary.key !== null)
    for (const { orderNumbers } of findDuplicates({ key: summary.key, documents }))
      differences.push({ what: 'twiceInErp', says: `twice in the ERP: ${orderNumbers.join(', ')}` });
  const others = live.filter(({ currency }) => summary.currency !== null && currency !== summary.currency);
  if (others.length > 0) {
    const shown = [...new Set(others.map(({ currency }) => currency || 'none'))].join(', ');
    differences.push({
      what: 'currency',
      says: `currency ${shown} instead of ${summary.currency} (${numbers(others)})`,
    });
  }
  const erp = valueOf(documents);
  // Without a total of its own there is nothing to compare with.
  const within = sum([tolerated, ...live.map(({ uncertain }) => uncertain)]);
  if (summary.total === null || !isGreater(absolute(subtract(erp, summary.total)), within)) return differences;
  if (live.length === 0)
    return [...differences, { what: 'cancelledInErp', says: `cancelled in the ERP (${numbers(documents)})` }];
  const more = toCents(subtract(erp, summary.total));
  const says = `total ${toCents(erp)} instead of ${toCents(summary.total)} (${isGreater(more, '0') ? '+' : ''}${more})`;
  return [...differences, { what: 'total', says }];
}

/** Worth of what the ERP has of a purchase. */
export function valueOf(documents: readonly ErpDocument[]): Amount {
  const value = sum(documents.filter(isLiveDocument).map((document) => document.value));
  return isZero(value) ? '0' : value;
}

function secondsSince(instant: string, { now }: ProofRules): number {
  return Math.max(0, Math.round((Date.parse(now) - Date.parse(instant)) / 1000));
}
