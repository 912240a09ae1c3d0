import { z } from 'zod';

import { DRIFT_CAUSES, type Drift } from '../domain/drift/drift.ts';
import { readKept } from './kept-file.ts';

const drift = z.object({
  version: z.literal(2),
  at: z.string(),
  rows: z.array(
    z.object({
      what: z.enum(['stock', 'price']),
      sku: z.string(),
      place: z.string(),
      fromQuantity: z.number().nullable(),
      should: z.string().nullable(),
      is: z.string().nullable(),
      cause: z.enum(DRIFT_CAUSES),
      money: z.string().nullable(),
      since: z.string(),
    }),
  ),
});

/** What the last check of stock and prices found, all of it; null = there was none. */
export async function readDrift(file: string): Promise<Drift | null> {
  return drift.safeParse(await readKept(file)).data ?? null;
}
