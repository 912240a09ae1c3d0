import type { Availability } from '../stock/available-to-sell.ts';
import { availabilityAt, type StockIndex } from '../stock/index-stock.ts';
import { skuKey } from '../stock/sku-key.ts';
import type { StockItem } from '../stock/stock-item.ts';
import { partName } from '../stock/stock-words.ts';

/** The stock of one site file: what it sells, and what of it could be promised. */
export interface StockUnder {
  readonly index: StockIndex;
  readonly items: readonly StockItem[];
}

/** A figure that would be published differently. */
export interface StockChange {
  readonly sku: string;
  readonly location: string;
  /** Units; null = nothing is published there, or it cannot be told. */
  readonly before: number | null;
  readonly after: number | null;
  readonly cause: string;
}

export interface StockComparison {
  /** Pairs of SKU and location that either file publishes. */
  readonly compared: number;
  readonly changes: readonly StockChange[];
}

/** Every figure under both files, from the same kept stock. Each change has the first cause that tells the two apart. */
export function compareStock(before: StockUnder, after: StockUnder): StockComparison {
  const [old, next] = [before, after].map(({ items }) => new Map(items.map((item) => [item.sku, item])));
  const skus = [...new Set([before, after].flatMap(({ items }) => items.map(({ sku }) => sku)))].toSorted();
  const locations = [...new Set([before, after].flatMap(({ index }) => [...index.feeds.keys()]))].toSorted();
  const changes: StockChange[] = [];
  let compared = 0;
  for (const location of locations)
    for (const sku of skus) {
      const left = figureAt(before.index, old?.get(sku), location);
      const right = figureAt(after.index, next?.get(sku), location);
      if (left.units === null && right.units === null) continue;
      compared += 1;
      if (left.units === right.units) continue;
      changes.push({ sku, location, before: left.units, after: right.units, cause: causeOf(left, right) });
    }
  return { compared, changes };
}

interface Figure {
  readonly units: number | null;
  readonly item: StockItem | undefined;
  /** null = not served from there. */
  readonly availability: Availability | null;
}

function figureAt(index: StockIndex, item: StockItem | undefined, location: string): Figure {
  if (!item || !index.feeds.get(location)?.has(item.codes.division)) return { units: null, item, availability: null };
  const availability = availabilityAt(index, item, location);
  return { units: availability.certainty === 'unknown' ? null : availability.published, item, availability };
}

function causeOf(left: Figure, right: Figure): string {
  if (!left.item || !right.item) return right.item ? 'the SKU is found in the ERP' : 'the SKU is not found in the ERP';
  if (skuKey(left.item.codes) !== skuKey(right.item.codes)) return 'the SKU stands for another item of the ERP';
  const [from, to] = [left, right].map(({ availability }) => warehousesOf(availability));
  if (from !== to) return `warehouses: ${from} → ${to}`;
  const [one, other] = [left.availability, right.availability];
  if (one?.barred !== other?.barred) return `not sold: ${one?.barred ?? 'no'} → ${other?.barred ?? 'no'}`;
  if (one?.physical !== other?.physical) return 'how stock is measured';
  if (one?.unseen !== other?.unseen) return 'orders that the ERP’s figures cannot know';
  return 'safety buffer';
}

function warehousesOf(availability: Availability | null): string {
  const names = (availability?.perWarehouse ?? []).map(
    ({ figures }) => `${partName(figures)}${figures.kind === 'unread' ? ' (never read)' : ''}`,
  );
  return names.toSorted().join(' + ') || 'none';
}
