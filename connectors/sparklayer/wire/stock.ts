import * as z from 'zod';

import type { LevelWrite } from '../../../domain/stock/stock-row.ts';

export const LOCATIONS_PATH = '/api/v1/stock-locations';
export const LOCATIONS_ROUTE = `GET ${LOCATIONS_PATH}`;
export const CREATE_LOCATION_ROUTE = `POST ${LOCATIONS_PATH}`;
export const FETCH_PATH = '/api/v1/batch-fetch-stock';
export const FETCH_ROUTE = `POST ${FETCH_PATH}`;
export const WRITE_PATH = '/api/v1/batch-update-stock';
export const WRITE_ROUTE = `POST ${WRITE_PATH}`;

export const stockLocationSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  external_id: z.string().nullish(),
});

/** One array, not paged. A purchase names a location by its `external_id`. */
export const stockLocationsSchema = z.array(stockLocationSchema);

/** Created with 200 or 201 (A34), maybe without a body. */
export function createLocationBody({ name, externalId }: { readonly name: string; readonly externalId: string }) {
  return JSON.stringify({ name, external_id: externalId });
}

export function fetchBody(skus: readonly string[]): string {
  return JSON.stringify({ skus });
}

/**
 * One entry per SKU, with a level for each location that has one; none = never set. That a SKU without levels answers so,
 * and the external id of the location, are assumed (A32).
 */
export const skuStocksSchema = z.array(
  z.looseObject({
    sku: z.string(),
    stock_levels: z.array(
      z.looseObject({
        stock_location_id: z.string(),
        stock_location_external_id: z.string().nullish(),
        stock_level: z.number(),
        restock_date: z.string().nullish(),
        min_stock_level: z.number().nullish(),
      }),
    ),
  }),
);

export type SkuStock = z.output<typeof skuStocksSchema>[number];

/** Absolute; all three values, because one that is left out is cleared, and the call is all or nothing (A33). */
export function writeBody(rows: readonly LevelWrite[]): string {
  return JSON.stringify(
    rows.map(({ sku, location, units, restockDate, floor }) => ({
      sku,
      [LOCATION_MEMBER]: location,
      stock_level: units,
      restock_date: restockDate,
      min_stock_level: floor,
    })),
  );
}

/** Addressed by external id: that works for the ids of older locations too (contract, section 17). */
export const LOCATION_MEMBER = 'stock_location_external_id';
/** A batch with faulty rows; what else is refused concerns the call. */
export const ROWS_REFUSED: ReadonlySet<number> = new Set([400, 422]);
/** A batch with too many rows (A5). */
export const TOO_LARGE = 413;
