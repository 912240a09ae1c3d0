import type * as z from 'zod';

import type {
  NewProduct,
  NewVariant,
  ProductPatch,
  StorefrontProduct,
  StorefrontVariant,
  VariantPatch,
} from '../../domain/catalogue/storefront-product.ts';
import { isGone, isGood, pathOf, readAnswer, toError } from './answers.ts';
import type { Caller } from './caller.ts';
import type { CallOptions, HttpAnswer, HttpCall } from './http.ts';
import type { Log } from './log.ts';
import { schemaDrift } from './spark-layer-error.ts';
import { CODES } from './wire/errors.ts';
import { isLastPage, offsetPath } from './wire/paging.ts';
import * as wire from './wire/products.ts';
import { rowsSchema } from './wire/purchase-list.ts';

export interface ProductList {
  readonly products: readonly StorefrontProduct[];
  /** Rows that could not be read: one of them must not lose the others. */
  readonly unreadable: readonly UnreadableProduct[];
}

export interface UnreadableProduct {
  /** Place and path, never data. */
  readonly place: string;
  /** Those that can be read on it all the same. */
  readonly skus: readonly string[];
}

/** Products and variants of a custom site. Every method throws `SparkLayerError`, or the signal's reason when cancelled. */
export interface Catalogue {
  /** All of them with their variants, page by page, each once; `onPage` is told how many there are so far. */
  listProducts(
    reading: { readonly pageSize: number; readonly onPage: (read: number) => void },
    call: CallOptions,
  ): Promise<ProductList>;
  createProduct(product: NewProduct, call: CallOptions): Promise<Creation<{ readonly id: string }>>;
  /** By its id or external id. */
  patchProduct(id: string, patch: ProductPatch, call: CallOptions): Promise<Change>;
  createVariant(productId: string, variant: NewVariant, call: CallOptions): Promise<Creation<StorefrontVariant>>;
  patchVariant(id: string, patch: VariantPatch, call: CallOptions): Promise<Change>;
}

/** A definite refusal is an answer: it must not be sent again unchanged. */
export interface Refused {
  readonly kind: 'refused';
  /** Codes and places; never data. */
  readonly says: string;
}

export type Change = { readonly kind: 'done' } | Refused;

export type Creation<Stored> =
  | { readonly kind: 'created' | 'existing'; readonly stored: Stored }
  /** Its slug or SKU belongs to something with another external id. */
  | { readonly kind: 'taken'; readonly says: string }
  | Refused;

export interface CatalogueOf {
  readonly caller: Caller;
  readonly clock: () => Date;
  readonly log: Log;
}

export function createCatalogue({ caller, clock, log }: CatalogueOf): Catalogue {
  return {
    async listProducts({ pageSize, onPage }, call) {
      const products = new Map<string, StorefrontProduct>();
      const silent = new Set<string>();
      const unreadable: UnreadableProduct[] = [];
      for (let page = { limit: pageSize, offset: 0 }; ; page = { ...page, offset: page.offset + pageSize }) {
        const answer = await caller.call(get(offsetPath(wire.PRODUCTS_PATH, page), wire.LIST_PRODUCTS_ROUTE), call);
        const rows = readAnswer(wire.LIST_PRODUCTS_ROUTE, rowsSchema, answer, clock());
        const before = products.size;
        for (const [index, row] of rows.entries()) {
          const { success, data, error } = wire.productSchema.safeParse(row);
          if (!success) {
            unreadable.push({ place: `row ${page.offset + index}: ${pathOf(error)}`, skus: wire.skusOf(row) });
            continue;
          }
          products.set(data.id, wire.toProduct(data));
          if (!data.variants) silent.add(data.id);
        }
        onPage(products.size);
        if (isLastPage(rows, page)) break;
        // A full page without anything new is the same page again, for ever; or nothing of it can be read.
        if (products.size === before) throw schemaDrift(wire.LIST_PRODUCTS_ROUTE, 'offset');
      }
      if (unreadable.length > 0)
        log.warn({ unreadable: unreadable.map(({ place }) => place) }, 'rows of the product list cannot be read');
      // A list that shows variants leaves them out of a product that has none.
      if (![...products.values()].some(({ variants }) => variants.length > 0)) await checkThatNone(silent, call);
      return { products: [...products.values()], unreadable };
    },

    async createProduct(product, call) {
      return create(
        { method: 'POST', path: wire.PRODUCTS_PATH, route: wire.CREATE_PRODUCT_ROUTE, body: wire.productBody(product) },
        get(wire.productPath(product.externalId), wire.GET_PRODUCT_ROUTE),
        wire.writtenProductSchema,
        call,
      );
    },

    patchProduct: (id, patch, call) =>
      change(
        {
          method: 'PATCH',
          path: wire.productPath(id),
          route: wire.PATCH_PRODUCT_ROUTE,
          body: wire.productBody(patch),
        },
        call,
      ),

    async createVariant(productId, variant, call) {
      const creation = await create(
        {
          method: 'POST',
          path: wire.variantsPath(productId),
          route: wire.CREATE_VARIANT_ROUTE,
          body: wire.variantBody(variant),
        },
        get(wire.variantPath(variant.externalId), wire.GET_VARIANT_ROUTE),
        wire.variantSchema,
        call,
      );
      return 'stored' in creation ? { ...creation, stored: wire.toVariant(creation.stored) } : creation;
    },

    patchVariant: (id, patch, call) =>
      change(
        {
          method: 'PATCH',
          path: wire.variantPath(id),
          route: wire.PATCH_VARIANT_ROUTE,
          body: wire.variantBody(patch),
        },
        call,
      ),
  };

  /**
   * A list that shows no variants at all may not be the list that we know (A39); taken at its word it would have
   * everything created again. So each product is asked itself.
   */
  async function checkThatNone(ids: Iterable<string>, call: CallOptions): Promise<void> {
    for (const id of ids) {
      const answer = await caller.call(get(wire.productPath(id), wire.GET_PRODUCT_ROUTE), call);
      if (isGone(wire.GET_PRODUCT_ROUTE, answer)) continue;
      const { variants } = readAnswer(wire.GET_PRODUCT_ROUTE, wire.productSchema, answer, clock());
      if (variants?.length) throw schemaDrift(wire.LIST_PRODUCTS_ROUTE, 'variants');
    }
  }

  /** What exists already is read by our external id and taken as created. */
  async function create<Schema extends z.ZodType>(
    creating: HttpCall,
    reading: HttpCall,
    schema: Schema,
    call: CallOptions,
  ): Promise<Creation<z.output<Schema>>> {
    const answer = await caller.call(creating, call);
    if (isGood(answer)) {
      return { kind: 'created', stored: readAnswer(creating.route, schema, answer, clock()) };
    }
    const refused = refusalOf(creating.route, answer);
    if (!saysItExists(creating.route, answer)) return refused;
    const existing = await caller.call(reading, call);
    if (isGone(reading.route, existing)) return { kind: 'taken', says: refused.says };
    return { kind: 'existing', stored: readAnswer(reading.route, schema, existing, clock()) };
  }

  async function change(http: HttpCall, call: CallOptions): Promise<Change> {
    const answer = await caller.call(http, call);
    return isGood(answer) ? { kind: 'done' } : refusalOf(http.route, answer);
  }

  /** Throws what passes by itself. */
  function refusalOf(route: string, answer: HttpAnswer): Refused {
    isGone(route, answer);
    const error = toError(route, answer, clock());
    if (error.fate !== 'park') throw error;
    return { kind: 'refused', says: error.message };
  }

  /** 409, or 400 with the code: both mean the same (contract, section 3). */
  function saysItExists(route: string, answer: HttpAnswer): boolean {
    if (answer.status === 409) return true;
    return toError(route, answer, clock()).problems.some(({ code }) => code === CODES.exists);
  }
}

function get(path: string, route: string): HttpCall {
  return { method: 'GET', path, route, body: null };
}
