import { randomUUID } from 'node:crypto';
import { alreadyExists, badRequest, codes, noContent, notFound, ok } from './answers.ts';
import type { Handler } from './api-request.ts';
import type { Site } from './site.ts';
import { isObject, type Open, type StockLevel, type StockLocationRecord } from './wire.ts';

export const stockHandlers: Readonly<Record<string, Handler>> = {
  getStockLocations: ({ site }) =>
    ok([...site.locations.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1))),

  getStockLocation: ({ site, params }) => {
    const found = findLocation(site, params['StockLocationID'] ?? '');
    if (!found) throw notFound('stock location');
    return ok(found);
  },

  createStockLocation: ({ site, body }) => {
    const [sent] = rows([body]);
    return ok(addStockLocation(site, { name: String(sent?.['name']), external_id: String(sent?.['external_id']) }));
  },

  updateBatchStock: ({ site, body }) => {
    const levels = rows(body).map((row, index) => ({ sku: String(row['sku']), level: stockLevel(site, row, index) }));
    refuseRepeatedPairs(levels);
    for (const { sku, level } of levels) {
      const perLocation = site.stock.get(sku) ?? new Map<string, StockLevel>();
      site.stock.set(sku, perLocation.set(level.stock_location_id, level));
    }
    return noContent;
  },

  getBatchStock: ({ site, body }) =>
    ok(skus(body).map((sku) => ({ sku, stock_levels: [...(site.stock.get(sku)?.values() ?? [])] }))),

  deleteBatchStock: ({ site, body }) => {
    for (const sku of skus(body)) site.stock.delete(sku);
    return noContent;
  },
};

export function addStockLocation(
  site: Site,
  { name, external_id, id = randomUUID() }: { name: string; external_id: string; id?: string },
): StockLocationRecord {
  if (findLocation(site, external_id)) throw alreadyExists(409, 'external_id');
  const location: StockLocationRecord = { id, name, external_id };
  site.locations.set(id, location);
  return location;
}

/** One row overwrites its pair as a whole: what is left out, or null, is cleared. */
function stockLevel(site: Site, row: Open, index: number): StockLevel {
  const member = 'stock_location_id' in row ? 'stock_location_id' : 'stock_location_external_id';
  const named = String(row[member]);
  const location =
    member === 'stock_location_id'
      ? site.locations.get(named)
      : [...site.locations.values()].find(({ external_id }) => external_id === named);
  if (!location) throw badRequest('No such stock location.', `${index}.${member}`, codes.notFound);
  return {
    stock_location_id: location.id,
    stock_location_external_id: location.external_id,
    stock_level: Number(row['stock_level']),
    restock_date: typeof row['restock_date'] === 'string' ? row['restock_date'] : null,
    min_stock_level: typeof row['min_stock_level'] === 'number' ? row['min_stock_level'] : null,
  };
}

function refuseRepeatedPairs(levels: readonly { sku: string; level: StockLevel }[]): void {
  const seen = new Map<string, number>();
  levels.forEach(({ sku, level }, index) => {
    const pair = JSON.stringify([sku, level.stock_location_id]);
    const first = seen.get(pair);
    if (first !== undefined) throw badRequest(`Duplicate of row ${first}.`, String(index), codes.duplicateStock);
    seen.set(pair, index);
  });
}

function findLocation(site: Site, id: string): StockLocationRecord | undefined {
  return site.locations.get(id) ?? [...site.locations.values()].find(({ external_id }) => external_id === id);
}

/** Duplicate SKUs in a call give one entry. */
function skus(body: unknown): string[] {
  const sent = isObject(body) && Array.isArray(body['skus']) ? body['skus'] : [];
  return [...new Set(sent.map(String))];
}

function rows(body: unknown): Open[] {
  return Array.isArray(body) ? body.filter(isObject) : [];
}
