import * as z from 'zod';

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

/** `Retry-After` in both its forms (A5: that both occur), as milliseconds from now; undefined when it says nothing. */
export function retryAfterMs(header: string | null, now: Date): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
