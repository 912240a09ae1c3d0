import { calendarOf } from '../calendar-of.ts';
import { sameAmount, sum, toCents, type Amount } from '../money.ts';
import type { PurchaseSummary } from '../purchase.ts';
import { STANDINGS, valueOf, type PurchaseFacts, type Standing } from './classify-purchase.ts';

/** A purchase with where it stands. */
export interface ProvenPurchase {
  readonly facts: PurchaseFacts;
  readonly standing: Standing;
}

/** Purchases of one class. */
export interface ClassFigures {
  readonly kind: Standing['kind'];
  readonly currency: string;
  readonly count: number;
  /** Worth by the storefront's totals; one that shows no total counts as nothing. */
  readonly value: Amount;
  /** Worth of what the ERP has of them. */
  readonly erpValue: Amount;
}

export interface DayFigures extends ClassFigures {
  /** ISO date on which they were placed, by the ERP's calendar; empty = the storefront does not say. */
  readonly day: string;
}

export interface TieOut {
  readonly days: readonly DayFigures[];
  readonly totals: readonly ClassFigures[];
  /** Days and currencies whose classes do not add up to the storefront's own list. Never any, or a rule has a hole. */
  readonly gaps: readonly string[];
}

/**
 * Counts and values per day, currency and class, checked against what the storefront's list adds up to. Days are those of
 * `zone`.
 */
export function tieOut(proven: readonly ProvenPurchase[], listed: readonly PurchaseSummary[], zone: string): TieOut {
  const dayOf = daysOf(zone);
  const placeOf = (summary: PurchaseSummary) => `${dayOf(summary)} ${currencyOf(summary)}`;
  const days = [...Map.groupBy(proven, ({ facts }) => placeOf(facts.summary))].flatMap(([, ofPlace]) => {
    const [first] = ofPlace;
    if (!first) return [];
    return figuresOf(ofPlace).map((figures): DayFigures => ({ day: dayOf(first.facts.summary), ...figures }));
  });
  const totals = [...Map.groupBy(proven, ({ facts }) => currencyOf(facts.summary))].flatMap(([, ofCurrency]) =>
    figuresOf(ofCurrency),
  );
  return {
    days: days.toSorted(newestFirst),
    totals: totals.toSorted(byCurrency),
    gaps: gapsOf(days, Map.groupBy(listed, placeOf)),
  };
}

/** The day on which a purchase was placed, by a zone's calendar; empty = the storefront does not say. */
export function daysOf(zone: string): (summary: Pick<PurchaseSummary, 'placedAt'>) => string {
  const dateOf = calendarOf(zone);
  return ({ placedAt }) => dateOf(placedAt) ?? '';
}

function figuresOf(proven: readonly ProvenPurchase[]): readonly ClassFigures[] {
  const byKind = Map.groupBy(proven, ({ standing }) => standing.kind);
  return STANDINGS.flatMap((kind) => {
    const of = byKind.get(kind);
    if (!of?.[0]) return [];
    return [
      {
        kind,
        currency: currencyOf(of[0].facts.summary),
        count: of.length,
        value: toCents(sum(of.map(({ facts }) => facts.summary.total ?? '0'))),
        erpValue: toCents(sum(of.map(({ facts }) => valueOf(facts.documents)))),
      },
    ];
  });
}

function gapsOf(days: readonly DayFigures[], own: ReadonlyMap<string, readonly PurchaseSummary[]>): readonly string[] {
  const proven = Map.groupBy(days, ({ day, currency }) => `${day} ${currency}`);
  return [...new Set([...own.keys(), ...proven.keys()])].filter((place) => {
    const [rows, classes] = [own.get(place) ?? [], proven.get(place) ?? []];
    const isCounted = rows.length === classes.reduce((count, each) => count + each.count, 0);
    const value = toCents(sum(rows.map(({ total }) => total ?? '0')));
    return !isCounted || !sameAmount(value, sum(classes.map((each) => each.value)));
  });
}

function currencyOf({ currency }: PurchaseSummary): string {
  return currency ?? '';
}

function newestFirst(left: DayFigures, right: DayFigures): number {
  return right.day.localeCompare(left.day) || byCurrency(left, right);
}

function byCurrency(left: ClassFigures, right: ClassFigures): number {
  return left.currency.localeCompare(right.currency) || STANDINGS.indexOf(left.kind) - STANDINGS.indexOf(right.kind);
}
