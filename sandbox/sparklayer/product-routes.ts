import { randomUUID } from 'node:crypto';
import { alreadyExists, notFound, ok } from './answers.ts';
import { pageOf, type ApiRequest, type Handler } from './api-request.ts';
import type { Site } from './site.ts';
import { isObject, type Open, type ProductRecord, type VariantRecord } from './wire.ts';

/** Core API products: kept simple, for no part of the middleware writes them on a connected site. */
export const productHandlers: Readonly<Record<string, Handler>> = {
  listProducts: ({ site, query }) => {
    const byId = [...site.products.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
    return ok(pageOf(byId, query).map((product) => withVariants(site, product)));
  },
  createProduct: ({ site, body }) => {
    const sent = fields(body);
    const product = { ...sent, id: `pp_${randomUUID()}`, title: String(sent['title']), slug: String(sent['slug']) };
    return ok(withVariants(site, storedProduct(site, product)));
  },
  getProduct: (request) => ok(withVariants(request.site, product(request))),
  updateProduct: (request) => {
    const changed = { ...product(request), ...fields(request.body) };
    return ok(withVariants(request.site, storedProduct(request.site, changed)));
  },
  createVariant: (request) => {
    const sent = fields(request.body);
    const { id: product_id } = product(request);
    const created = { ...sent, product_id, id: `pv_${randomUUID()}`, sku: String(sent['sku']) };
    return ok(withStock(request.site, storedVariant(request.site, created)));
  },
  getVariant: (request) => ok(withStock(request.site, variant(request))),
  updateVariant: (request) => {
    const changed = { ...variant(request), ...fields(request.body) };
    return ok(withStock(request.site, storedVariant(request.site, changed)));
  },
};

function storedProduct(site: Site, product: ProductRecord): ProductRecord {
  const others = [...site.products.values()].filter(({ id }) => id !== product.id);
  if (others.some(({ slug }) => slug === product.slug)) throw alreadyExists(409, 'slug');
  if (product.external_id && others.some(({ external_id }) => external_id === product.external_id)) {
    throw alreadyExists(409, 'external_id');
  }
  site.products.set(product.id, product);
  return product;
}

function storedVariant(site: Site, variant: VariantRecord): VariantRecord {
  const others = [...site.variants.values()].filter(({ id }) => id !== variant.id);
  if (others.some(({ sku }) => sku === variant.sku)) throw alreadyExists(409, 'sku');
  if (variant.external_id && others.some(({ external_id }) => external_id === variant.external_id)) {
    throw alreadyExists(409, 'external_id');
  }
  site.variants.set(variant.id, variant);
  return variant;
}

function withVariants(site: Site, product: ProductRecord): Open {
  const own = [...site.variants.values()].filter(({ product_id }) => product_id === product.id);
  return { ...product, variants: own.map((variant) => withStock(site, variant)) };
}

function withStock(site: Site, variant: VariantRecord): Open {
  return { ...variant, stock: [...(site.stock.get(variant.sku)?.values() ?? [])] };
}

function product({ site, params }: ApiRequest): ProductRecord {
  const id = params['id'] ?? '';
  const found = site.products.get(id) ?? [...site.products.values()].find(({ external_id }) => external_id === id);
  if (!found) throw notFound('product');
  return found;
}

function variant({ site, params }: ApiRequest): VariantRecord {
  const id = params['id'] ?? '';
  const found = site.variants.get(id) ?? [...site.variants.values()].find(({ external_id }) => external_id === id);
  if (!found) throw notFound('variant');
  return found;
}

function fields(body: unknown): Open {
  return isObject(body) ? body : {};
}
