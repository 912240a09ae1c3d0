import { canonicalAmount, isGreater, isWholeCents, sameAmount, type Amount } from '../money.ts';
import type { SkuCodes } from '../sales-order.ts';
import type { PriceFinder } from './find-price.ts';
import type { BucketOf } from './learn-size-buckets.ts';
import type { PriceTroubles } from './price-findings.ts';
import type { HeldPrices, PriceBreak, PriceWrite } from './storefront-prices.ts';

export interface PricesWanted {
  /** Storefront SKU → the ERP's item (`nameSkus`). */
  readonly skus: ReadonlyMap<string, SkuCodes>;
  readonly findPrice: PriceFinder;
  readonly bucketOf: BucketOf;
  /** Styles of the ERP that could never be read. */
  readonly unknownStyles: readonly string[];
  readonly held: HeldPrices;
}

export interface PricePlan extends PriceTroubles {
  /** Every SKU once; removals last. */
  readonly writes: readonly PriceWrite[];
  /** SKUs that the list should hold. */
  readonly priced: number;
  /** SKUs that would leave the list. */
  readonly removed: readonly string[];
}

/**
 * What makes a price list show the ERP's prices of the day: one break from quantity 1 for each SKU, for BlueCherry has no
 * quantity breaks. Only what differs is written. A SKU whose size nobody knows keeps the price that it has, where a
 * price for some sizes may hold for it; a new one gets the price that holds for all sizes. For a price that no buyer may
 * see nothing is written either, nor where the row that may hold cannot be read: another price would be charged. While a
 * style is unknown no SKU leaves the list because no item is called so: it may be one of that style's.
 */
export function planPrices({ skus, findPrice, bucketOf, unknownStyles, held }: PricesWanted): PricePlan {
  const writes: PriceWrite[] = [];
  const stays = new Set<string>();
  const invalid: { sku: string; price: Amount | null }[] = [];
  const sizeUnknown: string[] = [];
  let priced = 0;
  for (const [sku, codes] of skus) {
    const { row, isSizeUnknown, isUnreadable } = findPrice(codes, bucketOf(codes));
    if (isUnreadable) {
      stays.add(sku);
      continue;
    }
    if (isSizeUnknown) sizeUnknown.push(sku);
    if (isSizeUnknown && held.has(sku)) {
      stays.add(sku);
      continue;
    }
    if (row === null) continue;
    stays.add(sku);
    if (!isForBuyers(row.price)) {
      invalid.push({ sku, price: row.price });
      continue;
    }
    priced++;
    const breaks = [{ quantity: 1, price: canonicalAmount(row.price) }];
    if (!areSameBreaks(held.get(sku) ?? [], breaks)) writes.push({ sku, breaks });
  }
  const isKnown = (sku: string) => unknownStyles.length === 0 || skus.has(sku);
  const removed = [...held.keys()].filter((sku) => !stays.has(sku) && isKnown(sku));
  return {
    writes: [...writes, ...removed.map((sku) => ({ sku, breaks: [] }))],
    priced,
    removed,
    invalid,
    sizeUnknown,
  };
}

/** Whether a list would lose more of its SKUs than it may: then something is wrong with the figures, not with the list. */
export function isShrunken({ removed }: PricePlan, held: HeldPrices, shrinkPercent: number): boolean {
  return removed.length * 100 > held.size * shrinkPercent;
}

/** Above zero and whole cents: anything else is a mistake, and would be charged. */
export function isForBuyers(price: Amount | null): price is Amount {
  return price !== null && isGreater(price, '0') && isWholeCents(price);
}

/** Quantity by quantity; `9.9` and `9.90` are one price. */
export function areSameBreaks(left: readonly PriceBreak[], right: readonly PriceBreak[]): boolean {
  return (
    left.length === right.length &&
    left.every(({ quantity, price }, index) => {
      const other = right[index];
      return other !== undefined && other.quantity === quantity && sameAmount(other.price, price);
    })
  );
}
