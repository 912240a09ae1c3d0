import { z } from 'zod';

import { amount, code, date, integer, stamp } from './values.ts';

/** Rows of another style, currency or key than they seem to be would be charged: without these a row is left out. */
export const PRICE_KEYS = ['curr_code', 'style'] as const;

/** Buckets of a size range. */
export const SIZE_BUCKETS = 24;

/** Resource and all names assumed; docs/contracts/bluecherry.openapi.yaml, PriceListRow. */
export const priceRow = z.object({
  pkey: code,
  /** Blank on the row of a customer. */
  price_code: code,
  /** Blank on the row of a level. */
  customer: code,
  curr_code: code,
  /** Blank = all, as color_code, lbl_code and dimension. */
  division: code,
  style: code,
  color_code: code,
  lbl_code: code,
  dimension: code,
  /** First and last bucket; blank, or 0, = all sizes. */
  size_from: integer,
  size_to: integer,
  price: amount,
  /** Both inclusive; blank = open. */
  start_date: date,
  end_date: date,
  last_mod: stamp,
});

export type WirePriceRow = z.output<typeof priceRow>;
