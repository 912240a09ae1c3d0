import * as z from 'zod';

export const reportsSection = z
  .strictObject({
    folder: z.string().trim().default(''),
    keepDays: z.number().int().positive().default(400),
  })
  .prefault({});

/** Where reports are kept, and for how long. An empty folder = beside the site's other data. */
export type ReportSettings = z.output<typeof reportsSection>;
