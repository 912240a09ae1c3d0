import { z } from 'zod';

import { code, date, integer } from './values.ts';

/** Observed, but for `stage_num`: it was seen as a filter only. Lines show no division. */
export const productionRow = z.object({
  pkey: code,
  prod_num: code,
  due_date: date,
  productionorderdetailbystage: z.object({
    rows: z.array(
      z.object({
        style: code,
        color_code: code,
        lbl_code: code,
        dimension: code,
        size_desc: code,
        upc: code,
        prod_qty: integer,
        location: code,
      }),
    ),
  }),
});

export const PRODUCTION_KEYS = ['pkey', 'prod_num'];
export const STAGE_FIELD = 'stage_num';

export type ProductionRow = z.output<typeof productionRow>;
