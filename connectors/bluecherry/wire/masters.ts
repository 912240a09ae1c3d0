import { z } from 'zod';

import { code, flag, flagOrAbsent, freeText, stamp } from './values.ts';

/** Observed. Three levels: style · style and colour (`styledetail.rows`) · SKU (`stylecolorsizes["rows-i"]`). */
export const styleRow = z.object({
  pkey: code,
  style: code,
  style_name: freeText,
  style_desc: freeText,
  group_code1: code,
  group_code2: code,
  group_code3: code,
  group_code4: code,
  group_code5: code,
  group_code6: code,
  group_code7: code,
  group_code8: code,
  /** May be missing from this answer: then the style counts as active. */
  active_ok: flagOrAbsent,
  last_mod: stamp,
  styledetail: z
    .object({
      rows: z.array(
        z.object({
          division: code,
          season: code,
          catg_dest1: code,
          catg_dest2: code,
          stylecolorsizes: z
            .object({
              'rows-i': z.array(
                z.object({ upc: code, color_code: code, size_desc: code, dimension: code, lbl_code: code }),
              ),
            })
            .optional(),
        }),
      ),
    })
    .optional(),
});

export const locationRow = z.object({ location: code, loc_name: freeText, loc_type: code });

export const shipperRow = z.object({ shipper: code, ship_name: freeText });

export const termsRow = z.object({ terms: code, terms_desc: freeText, active_ok: flagOrAbsent });

export const divisionRow = z.object({ division: code, div_name: freeText, active_ok: flagOrAbsent });

/** Assumed; key (`division`, `customer`), or `customer` alone where the division is blank. */
export const customerRow = z.object({
  pkey: code,
  customer: code,
  division: code,
  cust_name: freeText,
  active_ok: flag,
  terms: code,
  curr_code: code,
  shipper: code,
  location: code,
  credit_hold_ok: flag,
  factor: code,
  last_mod: stamp,
});

export const storeRow = z.object({
  pkey: code,
  customer: code,
  store: code,
  store_name: freeText,
  addr1: freeText,
  city: freeText,
  state: code,
  zipcode: code,
  country: code,
  center_code: code,
  /** Missing = active: the ERP refuses an inactive store anyway. */
  active_ok: flagOrAbsent,
  last_mod: stamp,
});

export type StyleRow = z.output<typeof styleRow>;
export type CustomerRow = z.output<typeof customerRow>;
export type StoreRow = z.output<typeof storeRow>;
