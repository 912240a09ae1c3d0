import * as z from 'zod';

/** Customer v1. `accounting_id` is the ERP's customer code (A41); the path takes `cu_…`, external id or UUID (A29). */
export const customerSchema = z.looseObject({
  id: z.string(),
  email: z.string().nullish(),
  company_name: z.string().nullish(),
  accounting_id: z.string().nullish(),
  status: z.string().nullish(),
});

export const stockLocationSchema = z.looseObject({
  id: z.string(),
  name: z.string(),
  external_id: z.string().nullish(),
});
