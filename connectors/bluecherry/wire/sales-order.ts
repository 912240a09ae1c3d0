import { z } from 'zod';

import { amount, code, date, flag, freeText, integer, stamp } from './values.ts';

const quantity = integer.refine((value) => value !== null, 'a quantity is missing');

/** Observed on picks, assumed here. */
const addressRow = z.object({
  addr_type: code,
  name: freeText,
  addr1: freeText,
  addr2: freeText,
  city: freeText,
  state: code,
  zipcode: code,
  country: code,
  contact: freeText,
  email: freeText,
});

const detailRow = z.object({
  line_seq: quantity,
  division: code,
  style: code,
  color_code: code,
  lbl_code: code,
  dimension: code,
  size_desc: code,
  upc: code,
  location: code,
  /** May be absent, as on a line without charge. */
  price: amount,
  list_price: amount,
  disc_pct: amount,
  start_date: date,
  end_date: date,
  qty_ord: quantity,
  qty_open: quantity,
  qty_alloc: integer,
  qty_pick: quantity,
  qty_inv: quantity,
  qty_canc_c: quantity,
  qty_canc_h: quantity,
  notes: freeText,
  /** The latest invoice of the line. */
  inv_num: code,
});

/** Resource and most names assumed; open, because the site names further fields. */
export const salesOrderRow = z.looseObject({
  pkey: code,
  ord_num: code,
  ord_status: code,
  credit_status: code,
  hold_code: code,
  hold_reason: freeText,
  division: code,
  location: code,
  customer: code,
  store: code,
  center_code: code,
  department: code,
  ord_type: code,
  ord_date: date,
  start_date: date,
  end_date: date,
  terms: code,
  shipper: code,
  ship_terms: code,
  salesper1: code,
  season: code,
  curr_code: code,
  sub_total: amount,
  disc_amt: amount,
  disc_code: code,
  frgt_amt: amount,
  tax_amt: amount,
  tax_fixed_ok: flag,
  total_amt: amount,
  notes: freeText,
  last_mod: stamp,
  salesorderaddress: z.object({ rows: z.array(addressRow) }).optional(),
  salesorderdetail: z.object({ rows: z.array(detailRow) }).optional(),
});

/** Whatever else of a header cannot be read. */
export const salesOrderGlanceRow = z.object({ sub_total: amount.catch(null) });

export type SalesOrderRow = z.output<typeof salesOrderRow>;
export type AddressRow = z.output<typeof addressRow>;
export type DetailRow = z.output<typeof detailRow>;

export const SALES_ORDER_KEYS = ['pkey', 'ord_num', 'ord_status', 'last_mod'] as const;

/** User-defined fields: a number and the letter of their type (c text, d date, i whole number). */
export const USER_FIELD = /^udford\d+[cdi]$/;
