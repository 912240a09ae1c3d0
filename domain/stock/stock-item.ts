import type { SkuCodes } from '../sales-order.ts';

/** A SKU that the storefront sells, as the ERP's catalogue knows it. */
export interface StockItem {
  /** The storefront's SKU. */
  readonly sku: string;
  readonly codes: SkuCodes;
  /** Group codes 1 to 8 of its style. */
  readonly groups: readonly string[];
  /** Of style and SKU; unknown: the style could never be read, and this is an item of its last figures. */
  readonly inErp: 'active' | 'inactive' | 'unknown';
}
