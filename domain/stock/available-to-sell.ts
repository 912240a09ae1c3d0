import { measureStock, overstatedBy } from './measure-stock.ts';
import { bufferFor, type SafetyBuffer } from './safety-buffer.ts';
import type { StockItem } from './stock-item.ts';
import type { StockBuckets } from './stock-row.ts';
import type { CountedWarehouse, StockRules } from './stock-rules.ts';

/** What is known of one SKU in one counted warehouse. */
export type WarehouseFigures = KnownFigures | (CountedWarehouse & { readonly kind: 'neverThere' | 'unread' });

/**
 * row: the last good figures · absent: a later complete snapshot has no such row, so these are the last it had ·
 * neverThere: no reading ever had the SKU there · unread: there are no good figures of this warehouse at all.
 */
export interface KnownFigures extends CountedWarehouse {
  readonly kind: 'row' | 'absent';
  readonly buckets: StockBuckets;
  /** The ERP's snapshot that had them, and when it was taken. */
  readonly snapshot: string;
  readonly asOf: string;
  readonly ageMinutes: number;
  /** Old: past the guard, absent since, or a newer reading was refused or failed. Old figures may lower, never raise. */
  readonly standing: 'current' | 'old';
}

export interface WarehouseAvailability {
  readonly figures: WarehouseFigures;
  /** What counts, by the lowest measure; negative = oversold; 0 without figures. */
  readonly units: number;
  /** That measure; '' without figures. */
  readonly lowest: string;
  /** Units of the ERP's open-to-sell that its ledger does not have: work orders counted as stock. */
  readonly overstatedBy: number;
}

/** Goods that are not made, or not here: shown, never counted. */
export interface IgnoredGoods {
  readonly workInProcess: number;
  readonly onPurchaseOrder: number;
  readonly inTransit: number;
}

/** What may be promised of a SKU at a storefront location now, and everything that made it. */
export interface Availability {
  /** max(0, physical − unseen − buffer), whole units; 0 for what is not sold. */
  readonly published: number;
  readonly physical: number;
  /** Units of orders that the figures cannot know (decision 32). */
  readonly unseen: number;
  readonly buffer: SafetyBuffer;
  readonly perWarehouse: readonly WarehouseAvailability[];
  readonly ignored: IgnoredGoods;
  /** Why the SKU is not sold at all; null = it is. */
  readonly barred: 'inactive' | 'excludedLabel' | null;
  /**
   * current: may raise and lower · old: may only lower, also where it is unknown whether the SKU is sold · unknown: nothing
   * can be said, the storefront keeps what it has.
   */
  readonly certainty: 'current' | 'old' | 'unknown';
}

export interface StockOfSku {
  readonly item: StockItem;
  /** `external_id` of the storefront's stock location. */
  readonly location: string;
  /** Of every warehouse that feeds the location with the item's division; none = it is not served from there. */
  readonly figures: readonly WarehouseFigures[];
  readonly unseen: number;
}

/**
 * Units of a SKU that a buyer may be promised today at one location. Only goods count that lie in a counted warehouse
 * and are promised to nobody; work orders, purchase orders and transit never do.
 */
export function availableToSell({ item, location, figures, unseen }: StockOfSku, rules: StockRules): Availability {
  const perWarehouse = figures.map((known) => inWarehouse(known, rules));
  const physical = perWarehouse.reduce(
    (sum, { units }) => sum + (rules.negatives === 'clampEach' ? Math.max(0, units) : units),
    0,
  );
  const { sku, groups } = item;
  const buffer = bufferFor({ sku, groups, location, physical, ageMinutes: oldest(figures) }, rules.buffers);
  const barred = barredBy(item, rules);
  return {
    published: barred ? 0 : Math.max(0, physical - unseen - buffer.units),
    physical,
    unseen,
    buffer,
    perWarehouse,
    ignored: ignoredOf(figures),
    barred,
    certainty: barred ? 'current' : certaintyOf(item, figures, rules),
  };
}

/** Whether figures are there to count with. */
export function isKnown(figures: WarehouseFigures): figures is KnownFigures {
  return figures.kind === 'row' || figures.kind === 'absent';
}

function inWarehouse(figures: WarehouseFigures, { measures }: StockRules): WarehouseAvailability {
  if (!isKnown(figures)) return { figures, units: 0, lowest: '', overstatedBy: 0 };
  const { units, lowest } = measureStock(figures.buckets, measures);
  return { figures, units, lowest, overstatedBy: overstatedBy(figures.buckets) };
}

function oldest(figures: readonly WarehouseFigures[]): number {
  return figures.reduce((age, known) => (isKnown(known) ? Math.max(age, known.ageMinutes) : age), 0);
}

function ignoredOf(figures: readonly WarehouseFigures[]): IgnoredGoods {
  const ignored = { workInProcess: 0, onPurchaseOrder: 0, inTransit: 0 };
  for (const known of figures) {
    if (!isKnown(known)) continue;
    ignored.workInProcess += known.buckets.workInProcess;
    ignored.onPurchaseOrder += known.buckets.onPurchaseOrder;
    ignored.inTransit += known.buckets.inTransit;
  }
  return ignored;
}

function barredBy({ inErp, codes }: StockItem, { excludedLabels }: StockRules): Availability['barred'] {
  if (excludedLabels.includes(codes.label)) return 'excludedLabel';
  return inErp === 'inactive' ? 'inactive' : null;
}

/**
 * A SKU that a warehouse never had adds nothing there, and takes nothing away. One that no warehouse of the location ever
 * had is unknown: absence is zero only where the site says so. What may be inactive in the ERP is not raised.
 */
function certaintyOf(
  { inErp }: StockItem,
  figures: readonly WarehouseFigures[],
  { absentMeansZero }: StockRules,
): Availability['certainty'] {
  if (figures.some(({ kind }) => kind === 'unread')) return 'unknown';
  const known = figures.filter(isKnown);
  if (figures.length > 0 && known.length === 0 && !absentMeansZero) return 'unknown';
  return inErp === 'unknown' || known.some(({ standing }) => standing === 'old') ? 'old' : 'current';
}
