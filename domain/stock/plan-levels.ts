import type { Finding } from '../findings.ts';
import type { Availability } from './available-to-sell.ts';
import { availabilityAt, type StockIndex } from './index-stock.ts';
import { standingFindings, takeNotices } from './notice-stock.ts';
import { preOrderOffer, type PreOrderOffer } from './pre-order.ts';
import type { StockItem } from './stock-item.ts';
import type { LevelWrite, StorefrontLevel } from './stock-row.ts';

/** What the storefront has at this moment. */
export interface StorefrontStock {
  /** `external_id` of every stock location it knows. */
  readonly locations: readonly string[];
  readonly levels: Iterable<StorefrontLevel>;
}

/** Pairs of SKU and location; every pair is in exactly one figure beside `compared`. */
export interface LevelCounts {
  readonly compared: number;
  readonly equal: number;
  /** Written although the storefront had no level. */
  readonly added: number;
  readonly raised: number;
  readonly lowered: number;
  /** Same units, another restock date or floor. */
  readonly redated: number;
  /** More was computed than the storefront has, from figures that are too old to raise it. */
  readonly heldBack: number;
  /** Nothing is known; the storefront keeps what it has. */
  readonly unknown: number;
}

export interface LevelPlan {
  /** Only the differences, in the order of the items; every pair once. */
  readonly writes: readonly LevelWrite[];
  readonly counts: LevelCounts;
  readonly findings: readonly Finding[];
}

/**
 * What has to be written so that the storefront shows what may be promised now: absolute values, differences only.
 * `items` are the SKUs that the storefront sells. Old figures lower, never raise; what is not known is left as it is; a
 * location that the storefront does not have is named and skipped, because one such row fails its whole call (A33).
 */
export function planLevels(stock: StockIndex, items: Iterable<StockItem>, storefront: StorefrontStock): LevelPlan {
  const held = levelsByLocation(storefront.levels, stock);
  const locations = [...stock.feeds.keys()].filter((location) => storefront.locations.includes(location));
  const notices = takeNotices();
  const counts = { compared: 0, equal: 0, added: 0, raised: 0, lowered: 0, redated: 0, heldBack: 0, unknown: 0 };
  const writes: LevelWrite[] = [];
  const sold = new Set<string>();
  for (const item of items) {
    sold.add(item.sku);
    for (const location of locations) {
      const level = held.get(location)?.get(item.sku) ?? null;
      // Not served from there, and nothing to take back.
      if (level === null && !stock.feeds.get(location)?.has(item.codes.division)) continue;
      const availability = availabilityAt(stock, item, location);
      if (level === null && availability.barred) continue;
      const offer = offerAt(stock, item, availability);
      const { outcome, write } = compareLevel({ availability, offer, level, sku: item.sku, location });
      counts.compared += 1;
      counts[outcome] += 1;
      if (write) writes.push(write);
      notices.notice(item.sku, availability, level);
    }
  }
  const unmatched = [...held.values()].flatMap((levels) => [...levels.keys()].filter((sku) => !sold.has(sku)));
  const missing = [...stock.feeds.keys()].filter((location) => !locations.includes(location));
  return { writes, counts, findings: [...notices.findings(), ...standingFindings(stock, { missing, unmatched })] };
}

/** Cuts writes into calls. */
export function* chunked<Row>(rows: readonly Row[], size: number): Generator<readonly Row[]> {
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size);
}

interface Comparison {
  readonly availability: Availability;
  /** null = date and floor are the storefront's own. */
  readonly offer: PreOrderOffer | null;
  /** null = it has none. */
  readonly level: StorefrontLevel | null;
  readonly sku: string;
  readonly location: string;
}

type Outcome = Exclude<keyof LevelCounts, 'compared'>;

function compareLevel({ availability, offer, level, sku, location }: Comparison): {
  readonly outcome: Outcome;
  readonly write: LevelWrite | null;
} {
  const { published, certainty } = availability;
  if (certainty === 'unknown') return { outcome: 'unknown', write: null };
  const mayRaise = certainty === 'current';
  // Old figures do not open a level either: where there is none, any is a raise.
  if (level === null && !mayRaise) return { outcome: 'heldBack', write: null };
  const units = level === null || mayRaise ? published : Math.min(published, level.units);
  const { restockDate, floor } = promise(offer, level, certainty);
  if (level === null) return { outcome: 'added', write: { sku, location, units, restockDate, floor } };
  const isSameOffer = restockDate === level.restockDate && floor === level.floor;
  if (units === level.units && isSameOffer) return { outcome: published > units ? 'heldBack' : 'equal', write: null };
  return { outcome: outcomeOf(units - level.units), write: { sku, location, units, restockDate, floor } };
}

function outcomeOf(difference: number): Outcome {
  if (difference === 0) return 'redated';
  return difference > 0 ? 'raised' : 'lowered';
}

/** Without pre-order the storefront's own date and floor are sent again, because what is left out is cleared (A33). */
function promise(
  offer: PreOrderOffer | null,
  level: StorefrontLevel | null,
  certainty: Availability['certainty'],
): PreOrderOffer {
  if (!offer) return { restockDate: level?.restockDate ?? null, floor: level?.floor ?? null };
  // Old figures may take an offer back, not make one.
  if (level && certainty === 'old' && (offer.floor ?? 0) <= (level.floor ?? 0))
    return { restockDate: level.restockDate, floor: level.floor };
  return offer;
}

function offerAt(stock: StockIndex, item: StockItem, availability: Availability): PreOrderOffer | null {
  const { preOrder } = stock.rules;
  if (!preOrder) return null;
  const incomingTo = (warehouse: string) => stock.incomingTo(item, warehouse);
  return preOrderOffer(availability, { incomingTo, rules: preOrder, today: stock.today });
}

/** Only of locations that we feed: others, and those without an `external_id`, are not ours. */
function levelsByLocation(
  levels: Iterable<StorefrontLevel>,
  stock: StockIndex,
): ReadonlyMap<string, ReadonlyMap<string, StorefrontLevel>> {
  const held = new Map<string, Map<string, StorefrontLevel>>();
  for (const location of stock.feeds.keys()) held.set(location, new Map());
  for (const level of levels) if (level.location !== null) held.get(level.location)?.set(level.sku, level);
  return held;
}
