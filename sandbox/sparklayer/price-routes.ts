import { alreadyExists, codes, noContent, notFound, ok, Refusal, type Answer } from './answers.ts';
import type { ApiRequest, Handler } from './api-request.ts';
import type { Site } from './site.ts';
import { isObject, type Open, type PriceBreak, type PriceListRecord } from './wire.ts';

export const priceHandlers: Readonly<Record<string, Handler>> = {
  listPriceLists: ({ site, query }) => {
    const wanted = [...site.priceLists.values()].filter(({ source }) => (query.get('source') ?? source) === source);
    const bySlug = wanted.toSorted((one, other) => (one.slug < other.slug ? -1 : 1));
    const page = Number(query.get('page') ?? 1);
    const size = Number(query.get('page_size') ?? 50);
    const total_pages = Math.max(1, Math.ceil(bySlug.length / size));
    const data = bySlug.slice((page - 1) * size, page * size);
    return ok({ data, pagination: { current_page: page, total_pages, page_size: size, total: bySlug.length } });
  },
  createPriceList: ({ site, body }) => ok(addPriceList(site, fields(body))),
  getPriceList: (request) => ok(priceList(request)),
  updatePriceList: (request) => {
    const changed = { ...priceList(request), ...fields(request.body) };
    request.site.priceLists.set(changed.slug, changed);
    return ok(changed);
  },
  getPriceListPricing: (request) => {
    const prices = request.site.prices.get(priceList(request).slug) ?? new Map<string, PriceBreak[]>();
    return ok([...prices].flatMap(([sku, breaks]) => breaks.map((step) => ({ sku, ...step }))));
  },
  updatePriceListPricing: (request) => {
    const { slug } = priceList(request);
    return replacePrices(
      request,
      entries(request.body).map((row) => ({ slug, row })),
    );
  },
  updateMultiplePriceListPricing: (request) => {
    const rows = entries(request.body).map((row) => ({ slug: String(row['price_list_slug']), row }));
    rows.forEach(({ slug }, index) => {
      if (request.site.priceLists.has(slug)) return;
      const property = `${index}.price_list_slug`;
      throw new Refusal({ status: 404, detail: 'No such price list.', code: codes.notFound, property });
    });
    return replacePrices(request, rows);
  },
  getPricingBySku: ({ site, params }) => {
    const found = [...site.prices].flatMap(([price_list_slug, prices]) => {
      const pricing = prices.get(params['sku'] ?? '');
      return pricing ? [{ price_list_slug, pricing }] : [];
    });
    if (found.length === 0) throw notFound('price');
    return ok(found);
  },
};

export function addPriceList(site: Site, sent: Open): PriceListRecord {
  const slug = String(sent['slug']);
  if (site.priceLists.has(slug)) throw alreadyExists(400, 'slug');
  const list: PriceListRecord = {
    rules: [],
    tax_inclusive_display: false,
    ...sent,
    slug,
    name: String(sent['name']),
    currency_code: String(sent['currency_code']),
    source: typeof sent['source'] === 'string' ? sent['source'] : 'integration',
  };
  site.priceLists.set(slug, list);
  return list;
}

interface PricedRow {
  readonly slug: string;
  readonly row: Open;
}

/** All breaks of each SKU sent are replaced, an empty list removes the SKU; all or nothing. One call per list at once. */
function replacePrices({ site, whenDone }: ApiRequest, rows: readonly PricedRow[]): Answer {
  const slugs = new Set(rows.map(({ slug }) => slug));
  if ([...slugs].some((slug) => site.lockedPriceLists.has(slug))) {
    throw new Refusal({ status: 409, detail: 'Another update of the price list is running.' });
  }
  const faulty = faultyLines(rows, site.refusedPrices);
  if (faulty.length > 0) return { status: 400, json: faulty, contentType: 'application/json' };
  for (const slug of slugs) site.lockedPriceLists.add(slug);
  whenDone(() => slugs.forEach((slug) => site.lockedPriceLists.delete(slug)));
  for (const { slug, row } of rows) setPrices(site, slug, String(row['sku']), priceBreaks(row));
  return noContent;
}

/** All breaks of a SKU are replaced; none takes it off the list. */
export function setPrices(site: Site, slug: string, sku: string, breaks: readonly PriceBreak[]): void {
  const prices = site.prices.get(slug) ?? new Map<string, PriceBreak[]>();
  site.prices.set(slug, prices);
  if (breaks.length === 0) prices.delete(sku);
  else prices.set(sku, [...breaks]);
}

/** `line` is the 1-based place in the array sent. */
function faultyLines(rows: readonly PricedRow[], refused: ReadonlySet<string>): object[] {
  const seen = new Set<string>();
  return rows.flatMap(({ slug, row }, index) => {
    const line = index + 1;
    const key = JSON.stringify([slug, row['sku']]);
    const quantities = priceBreaks(row).map(({ quantity }) => quantity);
    const repeated = seen.has(key);
    seen.add(key);
    if (repeated) return [{ line, field: 'sku', message: 'This SKU was sent before.' }];
    if (refused.has(String(row['sku']))) return [{ line, field: 'price', message: 'This value is not allowed.' }];
    if (new Set(quantities).size === quantities.length) return [];
    return [{ line, field: 'pricing', message: 'Two breaks have the same quantity.' }];
  });
}

function priceBreaks(row: Open): PriceBreak[] {
  return entries(row['pricing']).map((step) => ({
    ...step,
    quantity: Number(step['quantity']),
    price: Number(step['price']),
  }));
}

function priceList({ site, params }: ApiRequest): PriceListRecord {
  const found = site.priceLists.get(params['slug'] ?? '');
  if (!found) throw notFound('price list');
  return found;
}

function entries(body: unknown): Open[] {
  return Array.isArray(body) ? body.filter(isObject) : [];
}

function fields(body: unknown): Open {
  return isObject(body) ? body : {};
}
