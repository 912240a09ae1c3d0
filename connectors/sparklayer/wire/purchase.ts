import * as z from 'zod';

const text = z.string().nullish();
/** Money in purchases: a decimal string and a currency (documented, legacy). */
const money = z.looseObject({ number: z.string().regex(/^-?\d+(\.\d+)?$/), currency: z.string() });
const lineTotal = z.looseObject({
  total_net: money,
  total_tax: money.nullish(),
  total_gross: money.nullish(),
  discount_net: money.nullish(),
});
const address = z.looseObject({
  first_name: text,
  last_name: text,
  company: text,
  address_line1: text,
  address_line2: text,
  city: text,
  region_code: text,
  postal_code: text,
  country_code: text,
  phone: text,
});
const named = z.looseObject({ name: z.string(), value: text });

export const identifiersSchema = z.looseObject({ sparklayer: text, platform: text, internal: text, visible: text });

const datesSchema = z.looseObject({ updated_at: text, placed_at: text, created_at: text });

/** A row of the list; which members it has is assumed (A9). */
export const summarySchema = z.looseObject({
  type: z.string(),
  purchase_identifiers: identifiersSchema,
  dates: datesSchema.extend({ updated_at: z.string() }),
  customer_reference: text,
  currency_code: text,
  calculated_total: money.nullish().catch(null),
});

/** A full purchase as far as it is read; everything else goes back as it came. */
export const purchaseSchema = z.looseObject({
  type: z.string(),
  purchase_identifiers: identifiersSchema,
  customer_identifiers: z.looseObject({ sparklayer: text }).nullish(),
  dates: datesSchema.extend({ updated_at: z.string() }),
  revision_date: text,
  payment_method: text,
  customer_reference: text,
  currency_code: text,
  total_paid: money.nullish(),
  tax_lines: z.array(z.looseObject({ amount: money })).nullish(),
  billing_address: address.nullish(),
  packages: z.array(
    z.looseObject({
      type: z.string(),
      shipping_method: z.looseObject({ name: text, line_total: lineTotal.nullish() }).nullish(),
      shipping_address: address.nullish(),
      line_items: z.array(
        z.looseObject({
          identifiers: z.looseObject({ sku: text }).nullish(),
          name_parent: text,
          name_child: text,
          quantity: z.number(),
          line_total: lineTotal.nullish(),
          custom_attributes: z.array(z.looseObject({ key: z.string(), value: text })).nullish(),
        }),
      ),
    }),
  ),
  accounting_files: z.array(z.unknown()).nullish(),
  custom_fields: z.array(named).nullish(),
  metadata: z.array(named).nullish(),
});

export type WirePurchase = z.output<typeof purchaseSchema>;
export type WireSummary = z.output<typeof summarySchema>;
export type WireAddress = z.output<typeof address>;
export type WireLineTotal = z.output<typeof lineTotal>;

/** Types that may be written back; a purchase of another type is never PUT (contract, section 17). */
export const WRITABLE_TYPES: readonly string[] = ['cart', 'quote', 'awaiting_approval', 'order_unconfirmed', 'order'];

/** Names of query keys: literal brackets, percent-encoded on the wire. One type per call (A6). */
export const LIST_QUERY = {
  type: 'type',
  updatedSince: 'dates[last_updated][gte]',
  placedSince: 'dates[placed][gte]',
  limit: 'limit',
  offset: 'offset',
} as const;
