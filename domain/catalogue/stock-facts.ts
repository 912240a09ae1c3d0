import { measureStock } from '../stock/measure-stock.ts';
import { skuKey } from '../stock/sku-key.ts';
import type { StockRow } from '../stock/stock-row.ts';
import type { StockMeasure } from '../stock/stock-rules.ts';
import type { StockFacts } from './erp-catalogue.ts';

/** What the last good figures of the counted warehouses tell of items: units over all of them, and places in size ranges. */
export function stockFacts(rows: Iterable<StockRow>, measures: readonly StockMeasure[]): StockFacts {
  const units = new Map<string, number>();
  const sizeBuckets = new Map<string, number>();
  for (const { sku, sizeBucket, buckets } of rows) {
    const key = skuKey(sku);
    units.set(key, (units.get(key) ?? 0) + measureStock(buckets, measures).units);
    if (sizeBucket !== null) sizeBuckets.set(key, sizeBucket);
  }
  return {
    units: (sku) => units.get(skuKey(sku)) ?? null,
    sizeBucket: (sku) => sizeBuckets.get(skuKey(sku)) ?? null,
  };
}
