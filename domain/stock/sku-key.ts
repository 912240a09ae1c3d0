import type { SkuCodes } from '../sales-order.ts';

/** One text for the six codes of an item; the UPC says nothing more. */
export function skuKey(sku: SkuCodes): string {
  return `${sku.division}\n${itemKey(sku)}`;
}

/** The same without the division, where the ERP does not say it. */
export function itemKey({ style, color, label, dimension, size }: Omit<SkuCodes, 'division'>): string {
  return `${style}\n${color}\n${label}\n${dimension}\n${size}`;
}
