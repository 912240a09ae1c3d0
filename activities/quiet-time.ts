import { DateTime } from 'luxon';

import type { DigestTimes, QuietHours } from '../domain/alerts/alert-rules.ts';
import type { Instant } from '../domain/order-state.ts';

/** Quiet times that follow one another for longer never end. */
const MOST_STEPS = 30;
const MOST_DAYS = 2;

/** End of the quiet time that this instant is in; null = it is in none. Throws when it would never end. */
export function quietUntil(instant: Instant, quiet: QuietHours | null): Instant | null {
  if (quiet === null) return null;
  let time = inZone(instant, quiet.zone);
  for (let step = 0; step < MOST_STEPS; step++) {
    const end = endOfQuiet(time, quiet);
    if (end === null) return step === 0 ? null : time.toUTC().toISO();
    time = end;
  }
  throw new Error(`The quiet hours in ${quiet.zone} never end.`);
}

/** When the next digest leaves: at the next of its times, but not in quiet time. */
export function nextDigest(instant: Instant, { zone, at }: DigestTimes, quiet: QuietHours | null): Instant {
  const now = inZone(instant, zone);
  const times = Array.from({ length: MOST_DAYS }, (_, days) => at.map((time) => timeOn(now.plus({ days }), time)));
  const next = times
    .flat()
    .filter((time) => time > now)
    .toSorted((left, right) => left.toMillis() - right.toMillis())[0];
  if (next === undefined) throw new Error('No time of the day is set at which digests leave.');
  const leaves = next.toUTC().toISO();
  return quietUntil(leaves, quiet) ?? leaves;
}

function endOfQuiet(time: DateTime<true>, { from, to, days }: QuietHours): DateTime<true> | null {
  if (days.includes(time.weekday)) return time.startOf('day').plus({ days: 1 });
  if (from === to) return null;
  for (const day of [time.minus({ days: 1 }), time]) {
    const begin = timeOn(day, from);
    const end = timeOn(to > from ? day : day.plus({ days: 1 }), to);
    if (begin <= time && time < end) return end;
  }
  return null;
}

function timeOn(day: DateTime<true>, time: string): DateTime<true> {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return day.startOf('day').set({ hour, minute });
}

function inZone(instant: Instant, zone: string): DateTime<true> {
  const time = DateTime.fromISO(instant, { zone });
  if (!time.isValid) throw new Error(`“${instant}” in the zone “${zone}” is no time.`);
  return time;
}
