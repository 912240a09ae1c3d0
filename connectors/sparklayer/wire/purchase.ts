import * as z from 'zod';

import { instant, instantOrNothing } from './time.ts';

export const text = z.string().nullish();

/** A value that is a text by its documentation; what else may come is shown as its JSON, and goes back as it came. */
export const textOfAny = z
  .unknown()
  .transform((value) =>
    value === null || value === undefined || typeof value === 'string' ? value : JSON.stringify(value),
  )
  .optional();

/** Money inside purchases: a decimal string and a currency, whose letter case differs. */
export const money = z.looseObject({ number: z.string().regex(/^-?\d+(\.\d+)?$/), currency: z.string().min(1) });

/** Totals of the whole quantity, after discount (A16). */
export const lineTotal = z.looseObject({
  total_net: money.nullish(),
  total_tax: money.nullish(),
  total_gross: money.nullish(),
  discount_net: money.nullish(),
});

/** Members beyond line 1, city and country are assumed (A18). */
export const address = z.looseObject({
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

export const identifiersSchema = z.looseObject({ sparklayer: text, platform: text, internal: text, visible: text });

export const datesSchema = z.looseObject({ updated_at: instant, placed_at: instantOrNothing });

export type WireMoney = z.output<typeof money>;
export type WireLineTotal = z.output<typeof lineTotal>;
