import { z } from 'zod';

import type { ProvenFigures } from '../domain/proof/report-proof.ts';
import type { SitePulse } from './site-pulse.ts';

const figures = z.object({ unaccounted: z.number(), purchases: z.number() });

/** What the newest proof found, for the first line of a report that proves nothing itself; null = none is known. */
export async function lastProof(pulse: Pick<SitePulse, 'lastCompleted'>): Promise<ProvenFigures | null> {
  const run = await pulse.lastCompleted('proveCompleteness');
  return figures.safeParse(run?.result).data ?? null;
}
