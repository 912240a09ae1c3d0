import * as z from 'zod';

/** What was bought longer ago is no measure any more, and every purchase of it is read once. */
const MOST_WEEKS = 12;
/** Two weeks of working days: also a team that works an hour a week gets there. */
const MOST_WORKING_MINUTES = 4_800;

export const watchSection = z
  .strictObject({
    rhythmWeeks: z.number().int().nonnegative().max(MOST_WEEKS).default(4),
    quietChance: z.number().positive().max(0.5).default(0.001),
    unconfirmedMinutes: z
      .strictObject({ late: z.number().positive().default(30), overdue: z.number().positive().default(120) })
      .prefault({}),
    unconfirmedPurchaseMinutes: z.number().positive().default(60),
    approvalWorkingMinutes: z.number().positive().max(MOST_WORKING_MINUTES).default(960),
  })
  .prefault({});

/** When the watch over a site gives an alarm. */
export type WatchSettings = z.output<typeof watchSection>;
