import type { SkuCodes } from '../sales-order.ts';

/** A SKU of a style, with what its colour row says of channels and season. */
export interface StyleSku extends SkuCodes {
  /** Season code such as SP26; '' = none. */
  readonly season: string;
  /** Channel destination codes of the colour (`catg_dest1`, `catg_dest2`); '' = none. */
  readonly channels: readonly [string, string];
}

/** A style with its SKUs, of all its divisions, as the ERP's catalogue lists it. */
export interface ErpStyle {
  readonly style: string;
  readonly name: string;
  readonly description: string;
  /** `group_code1` to `group_code8`; what they mean differs per brand. */
  readonly groups: readonly string[];
  readonly active: boolean;
  /** In the order in which the ERP lists them, which is the size range's within a colour. */
  readonly skus: readonly StyleSku[];
}
