import { sum, toCents, type Amount } from '../money.ts';
import { causeOf, compareOutcomes, type Outcome } from './compare-outcomes.ts';
import type { StockChange, StockComparison } from './compare-stock.ts';

/** A recent purchase, and what becomes of it under both site files. */
export interface PreviewedOrder {
  readonly key: string;
  /** As people know it. */
  readonly number: string;
  readonly currency: string;
  readonly total: Amount;
  readonly before: Outcome;
  readonly after: Outcome;
}

export interface Worth {
  readonly orders: number;
  readonly money: readonly { readonly currency: string; readonly amount: Amount }[];
}

/** Orders that come out differently for one cause. */
export interface OrderGroup extends Worth {
  readonly cause: string;
  /** All of them, as people know them. */
  readonly numbers: readonly string[];
}

/** Figures that come out differently for one cause. */
export interface StockGroup {
  readonly cause: string;
  readonly figures: number;
  /** Units published more, and less, in all. */
  readonly more: number;
  readonly less: number;
  readonly changes: readonly StockChange[];
}

export interface Preview {
  readonly version: 1;
  readonly site: string;
  /** Versions of both files. */
  readonly before: string;
  readonly after: string;
  readonly looked: Worth;
  readonly differing: Worth;
  /** The most orders first; an order that differs in several things is in several groups. */
  readonly orders: readonly OrderGroup[];
  readonly stock: { readonly compared: number; readonly differing: number; readonly groups: readonly StockGroup[] };
  readonly notLookedAt: readonly string[];
}

export interface PreviewFacts extends Pick<Preview, 'site' | 'before' | 'after' | 'notLookedAt'> {
  readonly orders: readonly PreviewedOrder[];
  readonly stock: StockComparison;
}

/** What a changed site file would have done, grouped by cause. */
export function previewSite({ orders, stock, ...about }: PreviewFacts): Preview {
  const changed = orders
    .map((order) => ({ order, causes: compareOutcomes(order.before, order.after).map(causeOf) }))
    .filter(({ causes }) => causes.length > 0);
  const byCause = Map.groupBy(
    changed.flatMap(({ order, causes }) => causes.map((cause) => ({ order, cause }))),
    ({ cause }) => cause,
  );
  const groups = [...byCause].map(([cause, of]) => {
    const own = of.map(({ order }) => order);
    return { cause, ...worthOf(own), numbers: own.map(({ number }) => number) };
  });
  return {
    version: 1,
    ...about,
    looked: worthOf(orders),
    differing: worthOf(changed.map(({ order }) => order)),
    orders: groups.toSorted((left, right) => right.orders - left.orders || compareTexts(left.cause, right.cause)),
    stock: { compared: stock.compared, differing: stock.changes.length, groups: stockGroups(stock.changes) },
  };
}

function stockGroups(changes: readonly StockChange[]): readonly StockGroup[] {
  const byCause = Map.groupBy(changes, ({ location, cause }) => `${location}: ${cause}`);
  const groups = [...byCause].map(([cause, of]): StockGroup => {
    const steps = of.map(({ before, after }) => (after ?? 0) - (before ?? 0));
    return {
      cause,
      figures: of.length,
      more: steps.reduce((units, step) => units + Math.max(0, step), 0),
      less: steps.reduce((units, step) => units - Math.min(0, step), 0),
      changes: of,
    };
  });
  return groups.toSorted((left, right) => right.figures - left.figures || compareTexts(left.cause, right.cause));
}

function worthOf(orders: readonly PreviewedOrder[]): Worth {
  const byCurrency = Map.groupBy(orders, ({ currency }) => currency);
  const money = [...byCurrency].map(([currency, of]) => ({
    currency,
    amount: toCents(sum(of.map(({ total }) => total))),
  }));
  return { orders: orders.length, money: money.toSorted((left, right) => compareTexts(left.currency, right.currency)) };
}

function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
