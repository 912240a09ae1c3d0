/** Only live variants are sold. */
export const LIVE = 'live';
/** How a variant leaves the shop; it is never deleted. */
export const DISCONTINUED = 'discontinued';

export interface VariantOption {
  readonly group: string;
  readonly value: string;
}

/** A product as the storefront holds it, as far as it concerns us. */
export interface StorefrontProduct {
  readonly id: string;
  readonly externalId: string | null;
  readonly title: string;
  readonly slug: string;
  readonly variants: readonly StorefrontVariant[];
}

export interface StorefrontVariant {
  readonly id: string;
  readonly externalId: string | null;
  readonly sku: string | null;
  readonly position: number | null;
  readonly status: string | null;
  readonly imageUrl: string | null;
  readonly options: readonly VariantOption[];
}

/** What is sent of a product; members that are absent stay as they are. */
export interface ProductPatch {
  readonly externalId?: string;
  readonly title?: string;
  readonly slug?: string;
}

export interface NewProduct {
  readonly externalId: string;
  readonly title: string;
  readonly slug: string;
}

/** What is sent of a variant; members that are absent stay as they are, a list replaces the stored one. */
export interface VariantPatch {
  readonly externalId?: string;
  readonly sku?: string;
  readonly position?: number;
  readonly status?: string;
  readonly imageUrl?: string;
  readonly options?: readonly VariantOption[];
}

export interface NewVariant {
  readonly externalId: string;
  readonly sku: string;
  readonly position: number;
  readonly status: typeof LIVE;
  /** null = none is sent. */
  readonly imageUrl: string | null;
  readonly options: readonly VariantOption[];
}
