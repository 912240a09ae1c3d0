import { z } from 'zod';

import { amount, code, date, flag, integer, stamp } from './values.ts';

const billedRow = z.object({
  ord_num: code,
  line_seq: integer,
  division: code,
  style: code,
  color_code: code,
  lbl_code: code,
  dimension: code,
  size_desc: code,
  upc: code,
  size_qty: integer.refine((value) => value !== null, 'a quantity is missing'),
  price: amount,
  amount,
});

const total = amount.refine((value) => value !== null, 'the total is missing');

const textList = z
  .array(z.union([z.string(), z.number(), z.null()]))
  .nullish()
  .transform((texts) => (texts ?? []).map((each) => String(each ?? '').trim()).filter((each) => each !== ''));

/** Resource and all names assumed; docs/contracts/bluecherry.openapi.yaml, InvoiceHeader. */
export const invoiceRow = z.object({
  pkey: code,
  inv_num: code,
  inv_date: date,
  ord_num: code,
  curr_code: code,
  sub_total: amount,
  disc_amt: amount,
  frgt_amt: amount,
  tax_amt: amount,
  total_amt: amount,
  paid_amt: amount,
  status: code,
  shipper: code,
  track_no: textList,
  last_mod: stamp,
  invoicedetail: z.object({ rows: z.array(billedRow) }).optional(),
});

/** Resource and all names assumed; docs/contracts/bluecherry.openapi.yaml, CreditMemoHeader. */
export const creditMemoRow = z.object({
  pkey: code,
  cm_num: code,
  cm_date: date,
  inv_num: code,
  ord_num: code,
  curr_code: code,
  reason_code: code,
  restock_ok: flag,
  tax_amt: amount,
  frgt_amt: amount,
  total_amt: amount,
  last_mod: stamp,
  creditmemodetail: z.object({ rows: z.array(billedRow) }).optional(),
});

/** As it is shown to people: without a total it would be an invoice of nothing. */
export const wholeInvoiceRow = invoiceRow.extend({ total_amt: total });
export const wholeCreditMemoRow = creditMemoRow.extend({ total_amt: total });

/** Resource and names observed. Only what says to which order a pick belongs, and by which invoice it was billed. */
export const pickRow = z.looseObject({ pkey: code, pick_num: code, ord_num: code, inv_num: code, last_mod: stamp });

export type InvoiceRow = z.output<typeof invoiceRow>;
export type CreditMemoRow = z.output<typeof creditMemoRow>;
export type BilledRow = z.output<typeof billedRow>;

export const INVOICE_KEYS = ['pkey', 'inv_num', 'last_mod'] as const;
export const CREDIT_MEMO_KEYS = ['pkey', 'cm_num', 'last_mod'] as const;
export const PICK_KEYS = ['pkey', 'pick_num'] as const;

/** [A] The letter of an invoice that was voided; letters are ours. */
export const VOID_INVOICE = 'V';
