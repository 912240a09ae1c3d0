import type { SkuCodes } from '../sales-order.ts';

/** Position of a SKU in its size range, 1 to 24; null = not known. */
export type BucketOf = (sku: SkuCodes) => number | null;

/**
 * Positions in the size range, which the catalogue does not show, from rows that do (inventory). A size range belongs to
 * style and dimension, so one colour tells for all; where rows contradict each other nobody knows.
 */
export function learnSizeBuckets(
  rows: Iterable<{ readonly sku: SkuCodes; readonly sizeBucket: number | null }>,
): BucketOf {
  const buckets = new Map<string, number | null>();
  for (const { sku, sizeBucket } of rows) {
    if (sizeBucket === null) continue;
    const key = keyOf(sku);
    const known = buckets.get(key);
    buckets.set(key, known === undefined || known === sizeBucket ? sizeBucket : null);
  }
  return (sku) => buckets.get(keyOf(sku)) ?? null;
}

function keyOf({ division, style, dimension, size }: SkuCodes): string {
  return [division, style, dimension, size].join('\n');
}
