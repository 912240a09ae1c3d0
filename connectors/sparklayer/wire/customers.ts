import * as z from 'zod';

import { text } from './purchase.ts';

export const CUSTOMER_ROUTE = 'GET /api/v1/customers/{id}';

/** `{id}` takes `cu_…`, the external id, or (assumed, A29) the UUID that purchases name. */
export function customerPath(id: string): string {
  return `/api/v1/customers/${encodeURIComponent(id)}`;
}

/** Customer v1. That `accounting_id` is the ERP's customer code is assumed (A41); literals of `status` beside `active` too (A42). */
export const customerSchema = z.looseObject({
  id: z.string(),
  email: text,
  company_name: text,
  accounting_id: text,
  status: text,
});

export type WireCustomer = z.output<typeof customerSchema>;
