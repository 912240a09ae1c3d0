const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;

/** What the clock on the shop's wall shows: epoch milliseconds as if it were UTC. Buyers live by it, whatever UTC does. */
export type WallTime = number;

/** Purchases to be expected in each hour of the week, counted from Thursday 0:00, the weekday on which the epoch began. */
export type Rhythm = readonly number[];

/** How many purchases the hours of a week brought on average. Whole weeks only; of less than one week nothing is known. */
export function rhythmOf(placed: readonly WallTime[], weeks: number, now: WallTime): Rhythm {
  const counts = Array.from({ length: WEEK_HOURS }, () => 0);
  const from = now - weeks * WEEK_HOURS * HOUR_MS;
  for (const time of placed) {
    if (time < from || time >= now) continue;
    const hour = hourOfWeek(time);
    counts[hour] = (counts[hour] ?? 0) + 1;
  }
  return counts.map((count) => (weeks > 0 ? count / weeks : 0));
}

/** Purchases that a time should have brought. */
export function expectedBetween(rhythm: Rhythm, from: WallTime, until: WallTime): number {
  let sum = 0;
  for (let time = from; time < until;) {
    const next = Math.min((Math.floor(time / HOUR_MS) + 1) * HOUR_MS, until);
    sum += ((rhythm[hourOfWeek(time)] ?? 0) * (next - time)) / HOUR_MS;
    time = next;
  }
  return sum;
}

/** How likely it is that nothing came, where so many were to be expected (purchases come by themselves: Poisson). */
export function chanceOfNone(expected: number): number {
  return Math.exp(-expected);
}

function hourOfWeek(time: WallTime): number {
  return Math.floor(time / HOUR_MS) % WEEK_HOURS;
}
