import type { Amount } from '../money.ts';

/** From this quantity on, this price per unit. */
export interface PriceBreak {
  readonly quantity: number;
  readonly price: Amount;
}

/** What a price list holds: all breaks of each SKU, smallest quantity first. */
export type HeldPrices = ReadonlyMap<string, readonly PriceBreak[]>;

/** All breaks of a SKU together, because what is left out is gone; none = the SKU leaves the list. */
export interface PriceWrite {
  readonly sku: string;
  readonly breaks: readonly PriceBreak[];
}

export interface StorefrontPriceList {
  readonly slug: string;
  readonly name: string;
  /** ISO 4217, upper case. */
  readonly currency: string;
  /** `integration`, `custom`, `platform`, or a literal we do not know; '' = the storefront does not say. */
  readonly source: string;
}
