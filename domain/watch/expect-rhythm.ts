const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;

/** Purchases to be expected in each hour of the week, counted from Thursday 0:00 UTC, where the epoch began. */
export type Rhythm = readonly number[];

/**
 * How many purchases the hours of a week brought on average. Whole weeks only; of less than one week nothing is known.
 * Stamps and `now` are ISO instants.
 */
export function rhythmOf(placed: readonly string[], weeks: number, now: string): Rhythm {
  const counts = Array.from({ length: WEEK_HOURS }, () => 0);
  const until = Date.parse(now);
  const from = until - weeks * WEEK_HOURS * HOUR_MS;
  for (const at of placed) {
    const time = Date.parse(at);
    if (time < from || time >= until) continue;
    const hour = hourOfWeek(time);
    counts[hour] = (counts[hour] ?? 0) + 1;
  }
  return counts.map((count) => (weeks > 0 ? count / weeks : 0));
}

/** Purchases that a time should have brought. */
export function expectedBetween(rhythm: Rhythm, from: string, until: string): number {
  const end = Date.parse(until);
  let sum = 0;
  for (let time = Date.parse(from); time < end;) {
    const next = Math.min((Math.floor(time / HOUR_MS) + 1) * HOUR_MS, end);
    sum += ((rhythm[hourOfWeek(time)] ?? 0) * (next - time)) / HOUR_MS;
    time = next;
  }
  return sum;
}

/** How likely it is that nothing came, where so many were to be expected (purchases come by themselves: Poisson). */
export function chanceOfNone(expected: number): number {
  return Math.exp(-expected);
}

function hourOfWeek(time: number): number {
  return Math.floor(time / HOUR_MS) % WEEK_HOURS;
}
