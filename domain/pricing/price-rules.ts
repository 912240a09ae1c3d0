/** Which of the ERP's prices a price list shows (contract of BlueCherry, section 10). */
export interface PriceSource {
  /** ISO 4217, upper case. */
  readonly currency: string;
  /** Price level, such as B. */
  readonly level: string;
  /** Level that a style without a price in `level` falls back to; '' = none. Assumed: A. */
  readonly baseLevel: string;
  /** ERP customer whose own prices go first; '' = none. */
  readonly customer: string;
}

/** Written by Instep from the ERP's prices; nothing else is in it. */
export interface ErpManagedList {
  readonly managedBy: 'erp';
  /** Slug of the list in the storefront. */
  readonly list: string;
  readonly source: PriceSource;
  /** What a list is called that Instep opens because it is missing; '' = it is not opened. */
  readonly name: string;
}

/** Written by people in the storefront, never by Instep; told what of the ERP's price changes did not reach it. */
export interface StorefrontManagedList {
  readonly managedBy: 'storefront';
  readonly list: string;
  readonly source: PriceSource;
  /** ISO instant; price changes before it are settled. */
  readonly since: string;
}

export type PriceListRule = ErpManagedList | StorefrontManagedList;

export interface PriceRules {
  /** `check`: compares and reports, writes nothing. */
  readonly mode: 'off' | 'check' | 'write';
  /** None while the feed is off. */
  readonly lists: readonly PriceListRule[];
  /** A list that would lose more than so many per cent of its SKUs is not written. */
  readonly shrinkPercent: number;
  /** Orders read at most to tell what a price change that did not reach a list would have touched. */
  readonly ordersRead: number;
}
