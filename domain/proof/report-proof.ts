import { findingOf, present, type FeedReport, type Finding } from '../findings.ts';
import type { Amount } from '../money.ts';
import { purchaseKeyText, type PurchaseSummary } from '../purchase.ts';
import { STANDINGS, type Exclusion, type Standing } from './classify-purchase.ts';
import type { DocumentsOfPurchase, Duplicate, ErpDocument } from './match-documents.ts';
import { tieOut, type ClassFigures, type DayFigures, type ProvenPurchase } from './tie-out.ts';

/** A purchase that is not simply in the ERP as it should be. */
export interface NotedPurchase {
  readonly kind: Standing['kind'];
  /** As people call it. */
  readonly number: string;
  readonly placedAt: string | null;
  readonly total: Amount | null;
  readonly currency: string | null;
  /** Age, code, rule or differences. */
  readonly says: string;
}

/** What one proof found. Stays small: what is as it should be is only counted. */
export interface ProofReport extends FeedReport {
  /** ISO instant. */
  readonly at: string;
  /** ISO instant from which on purchases were looked at. */
  readonly from: string;
  readonly unaccounted: number;
  readonly purchases: number;
  readonly totals: readonly ClassFigures[];
  /** Days on which not all is in the ERP and equal, newest first. */
  readonly days: readonly DayFigures[];
  readonly noted: readonly NotedPurchase[];
  /** Days and currencies whose classes do not add up to the storefront's list. */
  readonly gaps: readonly string[];
}

/** What was read and judged, before it is told. */
export interface Proof {
  readonly at: string;
  readonly from: string;
  /** Whose days these are: the ERP's. */
  readonly zone: string;
  readonly listed: readonly PurchaseSummary[];
  readonly proven: readonly ProvenPurchase[];
  readonly duplicates: readonly (Duplicate & Pick<DocumentsOfPurchase, 'key'>)[];
  readonly orphans: readonly ErpDocument[];
  /** Sales orders of the ERP that carry a reference of ours. */
  readonly erpOrders: number;
  /** Rows of the storefront's list that cannot be read, by place. */
  readonly unreadable: readonly string[];
  /** Listed purchases whose time of change is still to come. */
  readonly datedAhead: readonly PurchaseSummary[];
  /** Purchases of live ERP orders that no list shows, and that cannot be read by themselves; as their keys. */
  readonly unread: readonly string[];
}

const MOST_DAYS = 100;
const MOST_NOTED = 100;
/** What a person wants to see first. */
const URGENCY = ['unaccounted', 'inErpDiffers', 'parked', 'inFlight', 'excluded', 'inErpEqual'] as const;

/** The proof as its run answers it. */
export function reportProof(proof: Proof): ProofReport {
  const { at, from, zone, listed, proven, duplicates, orphans, erpOrders } = proof;
  const { days, totals, gaps } = tieOut(proven, listed, zone);
  const oldestFirst = proven.toSorted((left, right) => instantOf(left.facts.summary) - instantOf(right.facts.summary));
  const of = (kind: Standing['kind']) => oldestFirst.filter(({ standing }) => standing.kind === kind);
  const told = new Set(days.filter(({ kind }) => kind !== 'inErpEqual').map(({ day }) => day));
  return {
    at,
    from,
    unaccounted: of('unaccounted').length,
    purchases: listed.length,
    stats: {
      purchases: listed.length,
      ...Object.fromEntries(STANDINGS.map((kind) => [kind, of(kind).length])),
      erpOrders,
      duplicates: duplicates.length,
      withoutPurchase: orphans.length,
    },
    totals,
    days: days.filter(({ day }) => told.has(day)).slice(0, MOST_DAYS),
    noted: URGENCY.flatMap((kind) => (kind === 'inErpEqual' ? [] : of(kind)))
      .slice(0, MOST_NOTED)
      .map(note),
    gaps,
    findings: findingsOf(proof, of('unaccounted'), gaps),
  };
}

/** What every first line says of a proof. */
export type ProvenFigures = Pick<ProofReport, 'unaccounted' | 'purchases'>;

/** The one figure that counts, for every first line; null = no proof is known. */
export function headlineOf(proof: ProvenFigures | null): string {
  return proof ? `${proof.unaccounted} unaccounted of ${proof.purchases}` : 'No proof is known';
}

function findingsOf(
  { proven, duplicates, orphans, unreadable, datedAhead, unread }: Proof,
  unaccounted: readonly ProvenPurchase[],
  gaps: readonly string[],
): readonly Finding[] {
  const missing = findingOf(
    'UNACCOUNTED',
    unaccounted.map(({ facts }) => numberOf(facts.summary)),
    {
      says: 'The storefront has these purchases, the ERP has no order of them and none was on its way. They are started now.',
      money: unaccounted.map(({ facts: { summary } }) => ({
        currency: summary.currency ?? '',
        amount: summary.total ?? '0',
      })),
    },
  );
  const without = findingOf(
    'ERP_ORDER_WITHOUT_PURCHASE',
    orphans.map(({ orderNumber }) => orderNumber),
    {
      says: 'These live orders of the ERP carry a reference of ours, and the storefront has no such purchase.',
      money: orphans.map(({ currency, value: amount }) => ({ currency, amount })),
    },
  );
  const ofListed = proven
    .filter(({ facts }) => facts.word === 'unreadable')
    .map(({ facts }) => numberOf(facts.summary));
  const drift = findingOf('SCHEMA_DRIFT', [...unreadable, ...ofListed, ...unread], {
    key: 'purchases',
    says: 'Purchases cannot be read. Rows of the storefront’s list are not proven; of the others the proof knows what the list and the ERP say.',
  });
  const ahead = findingOf('SCHEMA_DRIFT', datedAhead.map(numberOf), {
    key: 'purchase times',
    says: 'The storefront dates the last change of these purchases in the future. They are taken in; the intake’s mark goes by the others.',
  });
  // Equal is what is in the ERP and in one currency; what it is worth nobody has compared.
  const withoutTotal = proven.filter(
    ({ facts, standing }) => standing.kind === 'inErpEqual' && facts.summary.total === null,
  );
  const uncompared = findingOf(
    'SCHEMA_DRIFT',
    withoutTotal.map(({ facts }) => numberOf(facts.summary)),
    {
      key: 'purchase totals',
      says: 'The storefront’s list shows no total for these purchases. The ERP has them; whether at their value is not proven.',
    },
  );
  const untied = findingOf('PROOF_NOT_TIED', gaps, {
    says: 'On these days and in these currencies the classes of the proof do not add up to the storefront’s own list.',
  });
  return [
    ...present([missing, without, drift, ahead, uncompared, untied]),
    ...duplicates.map(({ key, reference, orderNumbers }): Finding => ({
      code: 'DUPLICATE_IN_ERP',
      key: purchaseKeyText(key),
      says: `${orderNumbers.length} live orders of the ERP carry the reference ${reference}: ${orderNumbers.join(', ')}.`,
      count: orderNumbers.length,
      concerns: orderNumbers,
      value: null,
    })),
  ];
}

function note({ facts: { summary }, standing }: ProvenPurchase): NotedPurchase {
  const { placedAt, total, currency } = summary;
  return { kind: standing.kind, number: numberOf(summary), placedAt, total, currency, says: wordsOf(standing) };
}

function numberOf({ identifiers, key }: PurchaseSummary): string {
  return identifiers.visible ?? (key ? purchaseKeyText(key) : (identifiers.internal ?? ''));
}

const EXCLUSIONS: Readonly<Record<Exclusion, string>> = {
  bornInErp: 'known by an ERP number only: it was born in the ERP',
  beforeGoLive: 'placed before the go-live',
  closedByUs: 'closed, and noted so on the purchase',
  cancelledByTheBuyer: 'cancelled in the storefront before it was sent',
  withdrawn: 'withdrawn, or no order any more',
};

function wordsOf(standing: Standing): string {
  switch (standing.kind) {
    case 'inErpEqual':
      return '';
    case 'inErpDiffers':
      return standing.differences.map(({ says }) => says).join('; ');
    case 'inFlight':
      return `on its way, placed ${ageOf(standing.ageSeconds)} ago`;
    case 'parked':
      return `waits for a person: ${standing.code}`;
    case 'excluded':
      return EXCLUSIONS[standing.rule];
    case 'unaccounted':
      return `nowhere, placed ${ageOf(standing.ageSeconds)} ago`;
  }
}

function instantOf({ placedAt, updatedAt }: PurchaseSummary): number {
  return Date.parse(placedAt ?? updatedAt);
}

function ageOf(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
