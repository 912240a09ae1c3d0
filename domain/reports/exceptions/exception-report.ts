import { absolute, isGreater, sameAmount, sum, toCents, type Amount } from '../../money.ts';
import type { Owner } from '../../site-rules.ts';
import type { TiedDay } from './tie-day.ts';

export const SECTIONS = ['differences', 'billing', 'blocked', 'parked', 'inFlight', 'drift'] as const;
export type Section = (typeof SECTIONS)[number];

export const SECTION_TITLES: Readonly<Record<Section, string>> = {
  differences: 'Open orders that differ',
  billing: 'Unmatched invoices and credit memos',
  blocked: 'Orders still blocked in the ERP',
  parked: 'Orders that wait for a person',
  inFlight: 'Orders on their way',
  drift: 'Price and stock drift',
};

/** One thing in which the two systems do not agree, or which waits for somebody. */
export interface ExceptionRow {
  readonly section: Section;
  /** As people call the order; for drift, what drifted. */
  readonly order: string;
  readonly erpOrders: readonly string[];
  /** What differs, such as `line 2 price`. */
  readonly field: string;
  readonly storefront: string;
  readonly erp: string;
  /** By how much the ERP is worth more; of what is blocked, parked or unmatched, what is at stake. */
  readonly money: Amount;
  /** Of stock: how many units more there should be than are published; null = it is no matter of stock. */
  readonly units: number | null;
  readonly currency: string;
  readonly cause: string;
  /** ISO instant at which it was first seen; of what nobody has seen before, since when it can be so at most. */
  readonly since: string | null;
  readonly owner: Owner;
  readonly mend: string;
  /** Page of the order or case; null = it has none. */
  readonly link: string | null;
}

export interface ExceptionTotal {
  readonly section: Section;
  readonly currency: string;
  readonly owner: Owner;
  readonly count: number;
  readonly money: Amount;
}

export interface ExceptionFacts {
  readonly site: string;
  /** ISO instant. */
  readonly at: string;
  readonly zone: string;
  /** The newest proof. */
  readonly proof: { readonly unaccounted: number; readonly purchases: number };
  /** Open orders that were compared. */
  readonly compared: number;
  readonly rows: readonly ExceptionRow[];
  /** Rows of drift that are not among these: `drift.json` has them all. */
  readonly driftLeftOut: number;
  /** Both sides added up: by currency, then by day and currency. */
  readonly days: readonly TiedDay[];
  /** What could not be looked at, a sentence each. */
  readonly notLookedAt: readonly string[];
}

/** The report as it is kept; `version` changes whenever its shape does. */
export interface ExceptionReport extends ExceptionFacts {
  readonly version: 3;
  readonly totals: readonly ExceptionTotal[];
}

/** The day's report: the most money first, whichever its sign, then the most units; and what it comes to by section, currency and owner. */
export function reportExceptions(facts: ExceptionFacts): ExceptionReport {
  const rows = facts.rows.toSorted(byMoney);
  return { version: 3, ...facts, rows, totals: totalsOf(rows) };
}

export function rowsOf({ rows }: Pick<ExceptionReport, 'rows'>, section: Section): readonly ExceptionRow[] {
  return rows.filter((row) => row.section === section);
}

function totalsOf(rows: readonly ExceptionRow[]): readonly ExceptionTotal[] {
  const places = Map.groupBy(rows, ({ section, currency, owner }) => JSON.stringify([section, currency, owner]));
  return [...places.values()]
    .flatMap((of): readonly ExceptionTotal[] => {
      const [first] = of;
      if (!first) return [];
      const { section, currency, owner } = first;
      return [{ section, currency, owner, count: of.length, money: toCents(sum(of.map(({ money }) => money))) }];
    })
    .toSorted((left, right) => placeOf(left).localeCompare(placeOf(right)));
}

function placeOf({ section, currency, owner }: ExceptionTotal): string {
  return `${SECTIONS.indexOf(section)} ${currency} ${owner}`;
}

function byMoney(left: ExceptionRow, right: ExceptionRow): number {
  const [one, other] = [absolute(left.money), absolute(right.money)];
  const [fewer, more] = [Math.abs(left.units ?? 0), Math.abs(right.units ?? 0)];
  if (sameAmount(one, other))
    return more - fewer || left.order.localeCompare(right.order) || left.field.localeCompare(right.field);
  return isGreater(one, other) ? -1 : 1;
}
