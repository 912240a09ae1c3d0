import * as z from 'zod';

import { LONGEST_WAIT_MS } from '../settings.ts';

const WITH_OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)$/i;

/** ISO 8601 with any offset (A47). Without one it would mean another instant on every machine. */
export const instant = z.string().refine((text) => WITH_OFFSET.test(text) && !Number.isNaN(Date.parse(text)), {
  error: 'no time with an offset',
});

/** Absent, null, blank, or a time. */
export const instantOrNothing = z
  .union([z.literal(''), instant])
  .nullish()
  .transform((text) => text || null);

/** Times go out with `+00:00` and milliseconds (A47). */
export function wireTime(time: string): string {
  return new Date(time).toISOString().replace('Z', '+00:00');
}

/**
 * `Retry-After` in both its forms (A5: that both occur), as milliseconds, and never longer than we wait before we look again;
 * undefined when it names no time that is still to come. A date is measured by the server's own clock, where it shows one.
 */
export function retryAfterMs(
  { retryAfter, date }: { readonly retryAfter: string | null; readonly date: string | null },
  now: Date,
): number | undefined {
  const text = retryAfter?.trim() ?? '';
  const isSeconds = /^\d+(\.\d+)?$/.test(text);
  const ms = isSeconds ? Math.ceil(Number(text) * 1000) : httpDate(text) - (httpDate(date ?? '') || now.getTime());
  return ms > 0 ? Math.min(ms, LONGEST_WAIT_MS) : undefined;
}

/** Epoch milliseconds; not a number when the text is no date. */
function httpDate(text: string): number {
  return /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
}
