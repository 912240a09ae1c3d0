import * as z from 'zod';

import { packageSchema } from './packages.ts';
import { address, datesSchema, identifiersSchema, money, text, textOfAny } from './purchase.ts';

const named = z.looseObject({ name: z.string(), value: textOfAny });

/** A full purchase as far as it is read; everything else goes back as it came. Enumerations are open. */
export const purchaseSchema = z.looseObject({
  type: z.string().min(1),
  purchase_identifiers: identifiersSchema,
  customer_identifiers: z.looseObject({ sparklayer: text }).nullish(),
  dates: datesSchema,
  revision_date: text,
  payment_method: text,
  customer_reference: text,
  currency_code: text,
  total_paid: money.nullish(),
  tax_lines: z.array(z.looseObject({ amount: money })).nullish(),
  billing_address: address.nullish(),
  packages: z.array(packageSchema),
  accounting_files: z.array(z.unknown()).nullish(),
  custom_fields: z.array(named).nullish(),
  metadata: z.array(named).nullish(),
});

export type WirePurchase = z.output<typeof purchaseSchema>;
export type WireAddress = z.output<typeof address>;
