import { z } from 'zod';

import { amount, code, flag, freeText } from './values.ts';

/** Assumed; docs/contracts/bluecherry.openapi.yaml, CustomerCreditRow. One row per division where credit is kept so. */
const creditRow = z.object({
  division: code,
  credit_limit: amount,
  ar_balance: amount,
  open_order_amt: amount,
  curr_code: code,
});

/** Assumed; docs/contracts/bluecherry.openapi.yaml, CustomerHeader: with what the storefront shows of terms and credit. */
export const accountRow = z.object({
  pkey: code,
  customer: code,
  division: code,
  cust_name: freeText,
  active_ok: flag,
  terms: code,
  price_code: code,
  curr_code: code,
  credit_limit: amount,
  ar_balance: amount,
  open_order_amt: amount,
  /** Missing = it was not shown; empty = credit is not kept per division. */
  customercredit: z.object({ rows: z.array(creditRow) }).optional(),
});

export type AccountRow = z.output<typeof accountRow>;

/** `last_mod` is none of them: balances move without it. */
export const ACCOUNT_KEYS = ['pkey', 'customer'] as const;
