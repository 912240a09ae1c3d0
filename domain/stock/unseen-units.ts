import type { StockFeed } from './stock-rules.ts';

/**
 * Why the ERP's figures cannot know an order: it has no ERP order yet (wherever it stands, parked included) · it is staged
 * and not imported · it was imported after the figures were taken · it was raised by an amendment that is not in yet.
 */
export type UnseenReason = 'notInErp' | 'importPending' | 'importedLater' | 'increase';

export interface UnseenLine {
  /** The storefront's SKU. */
  readonly sku: string;
  /** Where the ERP will take it from; null = it cannot be told. */
  readonly warehouse: string | null;
  /** Of an amendment only the increase. */
  readonly units: number;
}

export interface UnseenOrder {
  /** The purchase's key. */
  readonly key: string;
  /** The number people know. */
  readonly number: string;
  readonly why: UnseenReason;
  readonly lines: readonly UnseenLine[];
}

/** What one order takes of a SKU at a location. */
export interface UnseenShare {
  readonly key: string;
  readonly number: string;
  readonly why: UnseenReason;
  readonly units: number;
}

/** Storefront SKU → location → the orders that take from it. */
export type UnseenUnits = ReadonlyMap<string, ReadonlyMap<string, readonly UnseenShare[]>>;

/**
 * Where open orders take goods that the ERP still shows as free (decision 32). A line counts at every location that its
 * warehouse feeds; one whose warehouse cannot be told counts at every location, which is the safe side.
 */
export function unseenUnits(orders: Iterable<UnseenOrder>, feeds: readonly StockFeed[]): UnseenUnits {
  const bySku = new Map<string, Map<string, UnseenShare[]>>();
  for (const { key, number, why, lines } of orders)
    for (const { sku, warehouse, units } of lines) {
      if (units <= 0) continue;
      for (const location of locationsOf(warehouse, feeds)) {
        const byLocation = bySku.get(sku) ?? new Map<string, UnseenShare[]>();
        bySku.set(sku, byLocation);
        const shares = byLocation.get(location) ?? [];
        byLocation.set(location, shares);
        shares.push({ key, number, why, units });
      }
    }
  return bySku;
}

/** The orders that take from a SKU at a location. */
export function unseenAt(unseen: UnseenUnits, sku: string, location: string): readonly UnseenShare[] {
  return unseen.get(sku)?.get(location) ?? NONE;
}

const NONE: readonly UnseenShare[] = [];

function locationsOf(warehouse: string | null, feeds: readonly StockFeed[]): readonly string[] {
  return feeds
    .filter(({ from }) => warehouse === null || from.some((counted) => counted.warehouse === warehouse))
    .map(({ location }) => location);
}
