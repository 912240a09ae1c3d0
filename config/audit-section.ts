import * as z from 'zod';

/** More would be read for hours, and what was sold longer ago is no measure any more. */
const MOST_DAYS = 90;

export const auditSection = z
  .strictObject({
    days: z.number().int().positive().max(MOST_DAYS).default(30),
    ordersRead: z.number().int().nonnegative().default(5_000),
    snapshotMinutes: z.number().positive().default(15),
  })
  .prefault({});

/** What the audit weighs gaps by. */
export type AuditSettings = z.output<typeof auditSection>;
