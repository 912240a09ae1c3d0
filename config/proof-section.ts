import * as z from 'zod';

/** Longer ago than anybody still asks for a purchase; and every page of the window is read at every proof. */
const MOST_DAYS = 400;

export const proofSection = z
  .strictObject({ windowDays: z.number().int().positive().max(MOST_DAYS).default(60) })
  .prefault({});

/** What the proof of completeness looks at. */
export type ProofSettings = z.output<typeof proofSection>;
