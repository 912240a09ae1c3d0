import * as z from 'zod';

export const LOCATIONS_PATH = '/api/v1/stock-locations';
export const LOCATIONS_ROUTE = `GET ${LOCATIONS_PATH}`;

/** One array, not paged. A purchase names a location by its `external_id`. */
export const stockLocationsSchema = z.array(
  z.looseObject({ id: z.string(), name: z.string(), external_id: z.string().nullish() }),
);
