import * as z from 'zod';

import type {
  NewProduct,
  NewVariant,
  ProductPatch,
  StorefrontProduct,
  StorefrontVariant,
  VariantPatch,
} from '../../../domain/catalogue/storefront-product.ts';

// Products of the Core API [L]. That variants are in the list, that they are created one by one, their paths and bodies,
// what a PATCH does to members and lists, and conflicts as 409 are assumed (A39).

export const PRODUCTS_PATH = '/api/v1/products';
export const LIST_PRODUCTS_ROUTE = `GET ${PRODUCTS_PATH}`;
export const CREATE_PRODUCT_ROUTE = `POST ${PRODUCTS_PATH}`;
export const GET_PRODUCT_ROUTE = `GET ${PRODUCTS_PATH}/{id}`;
export const PATCH_PRODUCT_ROUTE = `PATCH ${PRODUCTS_PATH}/{id}`;
export const CREATE_VARIANT_ROUTE = `POST ${PRODUCTS_PATH}/{id}/variants`;
export const GET_VARIANT_ROUTE = 'GET /api/v1/variants/{id}';
export const PATCH_VARIANT_ROUTE = 'PATCH /api/v1/variants/{id}';

/** `{id}` takes `pp_…` or the external id. */
export function productPath(id: string): string {
  return `${PRODUCTS_PATH}/${encodeURIComponent(id)}`;
}

export function variantsPath(productId: string): string {
  return `${productPath(productId)}/variants`;
}

/** `{id}` takes `pv_…` or the external id. */
export function variantPath(id: string): string {
  return `/api/v1/variants/${encodeURIComponent(id)}`;
}

const text = z.string().nullish();

export const variantSchema = z.looseObject({
  id: z.string().min(1),
  external_id: text,
  sku: text,
  position: z.number().nullish(),
  status: text,
  cart_image_url: text,
  options: z.array(z.looseObject({ group: z.string(), value: z.string() })).nullish(),
});

/** That a product names its variants is not required, and an empty list may be left out. */
export const productSchema = z.looseObject({
  id: z.string().min(1),
  external_id: text,
  title: text,
  slug: text,
  variants: z.array(variantSchema).nullish(),
});

/** What answers a write: that its variants are in it is not said. */
export const writtenProductSchema = productSchema.omit({ variants: true });

export function toProduct(wire: z.output<typeof productSchema>): StorefrontProduct {
  const { id, external_id, title, slug, variants } = wire;
  return {
    id,
    externalId: external_id || null,
    title: title ?? '',
    slug: slug ?? '',
    variants: (variants ?? []).map(toVariant),
  };
}

const rowOfSkus = z.looseObject({ variants: z.array(z.looseObject({ sku: text.catch(null) }).catch({ sku: null })) });

/** SKUs that stand on a row of which something else cannot be read. */
export function skusOf(row: unknown): readonly string[] {
  const read = rowOfSkus.safeParse(row);
  return read.success ? read.data.variants.flatMap(({ sku }) => sku || []) : [];
}

export function toVariant(variant: z.output<typeof variantSchema>): StorefrontVariant {
  const { id, external_id, sku, position, status, cart_image_url, options } = variant;
  return {
    id,
    externalId: external_id || null,
    sku: sku || null,
    position: position ?? null,
    status: status || null,
    imageUrl: cart_image_url || null,
    options: (options ?? []).map(({ group, value }) => ({ group, value })),
  };
}

export function productBody({ externalId, title, slug }: NewProduct | ProductPatch): string {
  return JSON.stringify({ external_id: externalId, title, slug });
}

/** An absent member does not get into the text, and stays as it is in the storefront. */
export function variantBody({
  externalId,
  sku,
  position,
  status,
  imageUrl,
  options,
}: NewVariant | VariantPatch): string {
  return JSON.stringify({
    external_id: externalId,
    sku,
    position,
    status,
    cart_image_url: imageUrl ?? undefined,
    options,
  });
}
