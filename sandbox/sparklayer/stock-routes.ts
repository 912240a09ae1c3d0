import { randomUUID } from 'node:crypto';
import { alreadyExists, badRequest, codes, noContent, notFound, ok, Refusal } from './answers.ts';
import type { Handler } from './api-request.ts';
import type { Site } from './site.ts';
import { isObject, type Open, type StockEdit, type StockLevel, type StockLocationRecord } from './wire.ts';

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
    refuseTooMany(site, rows(body).length);
    const levels = rows(body).map((row, index) => ({ sku: String(row['sku']), level: stockLevel(site, row, index) }));
    refuseRepeatedPairs(levels);
    refuseUnwanted(site, levels);
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

/** As somebody in the Dashboard does it; what is not named stays as it was. */
export function editStock(site: Site, sku: string, externalId: string, edit: StockEdit): StockLevel {
  const location = findLocation(site, externalId);
  if (!location) throw new Error(`There is no stock location ${externalId}.`);
  const perLocation = site.stock.get(sku) ?? new Map<string, StockLevel>();
  const before = perLocation.get(location.id);
  const level = {
    stock_location_id: location.id,
    stock_location_external_id: location.external_id,
    stock_level: edit.stock_level ?? before?.stock_level ?? 0,
    restock_date: edit.restock_date === undefined ? (before?.restock_date ?? null) : edit.restock_date,
    min_stock_level: edit.min_stock_level === undefined ? (before?.min_stock_level ?? null) : edit.min_stock_level,
  };
  site.stock.set(sku, perLocation.set(location.id, level));
  return level;
}

function refuseTooMany({ settings: { largestStockBatch } }: Site, count: number): void {
  if (largestStockBatch !== null && count > largestStockBatch)
    throw new Refusal({ status: 413, detail: `More than ${largestStockBatch} rows.` });
}

function refuseUnwanted({ refusedStock }: Site, levels: readonly { sku: string }[]): void {
  const index = levels.findIndex(({ sku }) => refusedStock.has(sku));
  if (index < 0) return;
  const isNamed = refusedStock.get(levels[index]?.sku ?? '') === 'named';
  throw badRequest('A row is not acceptable.', isNamed ? `${index}.sku` : undefined);
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
