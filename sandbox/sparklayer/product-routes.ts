import { randomUUID } from 'node:crypto';
import { notFound, ok } from './answers.ts';
import { pageOf, type ApiRequest, type Handler } from './api-request.ts';
import type { Site } from './site.ts';
import { isObject, type Open, type ProductRecord, type VariantRecord } from './wire.ts';

/** Core API products of a custom site. Variants are created one by one; a PATCH leaves what it does not name. */
export const productHandlers: Readonly<Record<string, Handler>> = {
  listProducts: ({ site, query }) =>
    ok(pageOf(site.catalogue.products(), query).map((product) => withVariants(site, product))),
  createProduct: ({ site, body }) => {
    const sent = fields(body);
    const product = {
      ...sent,
      ...stamps(site),
      id: `pp_${randomUUID()}`,
      title: String(sent['title']),
      slug: String(sent['slug']),
    };
    return ok(withVariants(site, site.catalogue.putProduct(product)));
  },
  getProduct: (request) => ok(withVariants(request.site, product(request))),
  updateProduct: (request) =>
    ok(withVariants(request.site, changeProduct(request.site, product(request), request.body))),
  createVariant: (request) => {
    const { site, body } = request;
    const sent = fields(body);
    const { id: product_id } = product(request);
    const created = { ...sent, ...stamps(site), product_id, id: `pv_${randomUUID()}`, sku: String(sent['sku']) };
    return ok(withStock(site, site.catalogue.putVariant(created)));
  },
  getVariant: (request) => ok(withStock(request.site, variant(request))),
  updateVariant: (request) => ok(withStock(request.site, changeVariant(request.site, variant(request), request.body))),
};

/** A change by anybody: through the API, or by hand in the dashboard. */
export function changeProduct(site: Site, stored: ProductRecord, patch: unknown): ProductRecord {
  return site.catalogue.putProduct({ ...stored, ...fields(patch), updated_at: now(site) });
}

export function changeVariant(site: Site, stored: VariantRecord, patch: unknown): VariantRecord {
  return site.catalogue.putVariant({ ...stored, ...fields(patch), updated_at: now(site) });
}

export function addProduct(site: Site, title: string, skus: readonly string[]): ProductRecord {
  const slug = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const product = site.catalogue.putProduct({ ...stamps(site), id: `pp_${randomUUID()}`, title, slug });
  for (const sku of skus)
    site.catalogue.putVariant({
      ...stamps(site),
      product_id: product.id,
      id: `pv_${randomUUID()}`,
      sku,
      status: 'live',
    });
  return product;
}

export function withVariants(site: Site, product: ProductRecord): ProductRecord & { variants: VariantRecord[] } {
  const own = site.catalogue.variantsOf(product.id).map((variant) => withStock(site, variant));
  return { ...product, variants: own };
}

function withStock(site: Site, variant: VariantRecord): VariantRecord {
  return { ...variant, stock: [...(site.stock.get(variant.sku)?.values() ?? [])] };
}

function product({ site, params }: ApiRequest): ProductRecord {
  const found = site.catalogue.product(params['id'] ?? '');
  if (!found) throw notFound('product');
  return found;
}

function variant({ site, params }: ApiRequest): VariantRecord {
  const found = site.catalogue.variant(params['id'] ?? '');
  if (!found) throw notFound('variant');
  return found;
}

function stamps(site: Site) {
  return { created_at: now(site), updated_at: now(site) };
}

function now(site: Site): string {
  return site.clock.now().toISOString();
}

function fields(body: unknown): Open {
  return isObject(body) ? body : {};
}
