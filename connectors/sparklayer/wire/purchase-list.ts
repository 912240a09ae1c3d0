import * as z from 'zod';

import { datesSchema, identifiersSchema, money, text } from './purchase.ts';
import { wireTime } from './time.ts';

export const LIST_ROUTE = 'GET /api/v1/purchases';

/**
 * Which purchases, and which page of them. Assumed (A6): one type per call, bounds are inclusive, `last_updated` is
 * `dates.updated_at`, oldest first, 100 rows unless `limit` is given and at most 500.
 */
export interface PurchaseQuery {
  readonly type: string;
  /** ISO instants, inclusive. */
  readonly updatedSince: string | null;
  readonly placedSince: string | null;
  readonly limit: number;
  readonly offset: number;
}

/** Bracketed keys and the `+` of an offset leave percent-encoded; a bare `+` would arrive as a blank. */
export function listPath({ type, updatedSince, placedSince, limit, offset }: PurchaseQuery): string {
  const query = new URLSearchParams({ type, limit: String(limit), offset: String(offset) });
  if (updatedSince !== null) query.set('dates[last_updated][gte]', wireTime(updatedSince));
  if (placedSince !== null) query.set('dates[placed][gte]', wireTime(placedSince));
  return `/api/v1/purchases?${query.toString()}`;
}

export const rowsSchema = z.array(z.unknown());

/** A row; which members it has is assumed (A9). */
export const summarySchema = z.looseObject({
  type: z.string().min(1),
  // One that names nothing cannot be taken in; that it was born in the ERP only our own number tells.
  purchase_identifiers: identifiersSchema.refine(namesAny),
  dates: datesSchema,
  customer_reference: text,
  currency_code: text,
  // For the proof of completeness only: a total that cannot be read must not keep an order out.
  calculated_total: money.nullish().catch(null),
});

export type WireSummary = z.output<typeof summarySchema>;

function namesAny({ sparklayer, platform, internal, visible }: z.output<typeof identifiersSchema>): boolean {
  return [sparklayer, platform, internal, visible].some((each) => each?.trim());
}
