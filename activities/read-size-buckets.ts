import type { Site } from '../config/site.ts';
import type { BlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import { learnSizeBuckets, type BucketOf } from '../domain/pricing/learn-size-buckets.ts';

/**
 * Which size of its range a SKU is, from the stock that was read last: the catalogue does not show it. Costs no call;
 * where the feed of stock is off, or has not read yet, no size is known.
 */
export async function readSizeBuckets(
  { stock }: Pick<Site, 'stock'>,
  { inventory }: Pick<BlueCherry, 'inventory'>,
): Promise<BucketOf> {
  const parts = await Promise.all(
    stock.feeds.flatMap(({ from }) => from).map((warehouse) => inventory.store.part(warehouse)),
  );
  return learnSizeBuckets(parts.flatMap((part) => (part ? [...part.rows, ...part.absent.map(({ row }) => row)] : [])));
}
