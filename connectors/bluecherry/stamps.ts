import { DateTime } from 'luxon';

/** A time in the ERP's zone without offset, `YYYY-MM-DD HH:MM:SS`, as its `last_mod` shows it. Sorts as text. */
export type Stamp = string;

const FORMAT = 'yyyy-MM-dd HH:mm:ss';
const DAY_MS = 24 * 3_600_000;

/** The ERP's wall clock at an instant. */
export function stampAt(instant: Date, zone: string): Stamp {
  return DateTime.fromJSDate(instant, { zone }).toFormat(FORMAT);
}

/** ISO instant of a stamp. In the hour that occurs twice it is the later one: news are never dated too early. */
export function instantOf(stamp: Stamp, zone: string): string {
  const read = DateTime.fromFormat(stamp, FORMAT, { zone });
  const latest = read.getPossibleOffsets().reduce((late, one) => (one.toMillis() > late.toMillis() ? one : late), read);
  return latest.toUTC().toISO() ?? '';
}

/** ISO instant of a stamp, in the hour that occurs twice the earlier one: figures never look fresher than they are. */
export function earliestInstantOf(stamp: Stamp, zone: string): string {
  const read = DateTime.fromFormat(stamp, FORMAT, { zone });
  const first = read
    .getPossibleOffsets()
    .reduce((early, one) => (one.toMillis() < early.toMillis() ? one : early), read);
  return first.toUTC().toISO() ?? '';
}

/** Moves the wall clock back; offsets do not count. */
export function minusMinutes(stamp: Stamp, minutes: number): Stamp {
  return wall(stamp).minus({ minutes }).toFormat(FORMAT);
}

/** The wall clock so many minutes earlier, as they passed. */
export function elapsedBefore(stamp: Stamp, minutes: number, zone: string): Stamp {
  return DateTime.fromFormat(stamp, FORMAT, { zone }).minus({ minutes }).toFormat(FORMAT);
}

export function minusSeconds(stamp: Stamp, seconds: number): Stamp {
  return wall(stamp).minus({ seconds }).toFormat(FORMAT);
}

/** Of two wall clocks; negative where the first is later. */
export function secondsBetween(earlier: Stamp, later: Stamp): number {
  return (wall(later).toMillis() - wall(earlier).toMillis()) / 1000;
}

/** Whether summer time ends on the stamp's day: then `last_mod` runs backwards for an hour. */
export function clocksGoBackOn(stamp: Stamp, zone: string): boolean {
  const day = DateTime.fromFormat(stamp, FORMAT, { zone }).startOf('day');
  return day.plus({ days: 1 }).toMillis() - day.toMillis() > DAY_MS;
}

/** A day ahead of the ERP's wall clock: a stamp beyond it is broken. */
export function latestCredible(now: Stamp): Stamp {
  return wall(now).plus({ days: 1 }).toFormat(FORMAT);
}

/** Milliseconds until a daily window of wall-clock time ends; 0 = it is not open now. */
export function msUntilEndOf(
  { from, to }: { readonly from: string; readonly to: string },
  now: Date,
  zone: string,
): number {
  const local = DateTime.fromJSDate(now, { zone });
  const clock = local.toFormat('HH:mm');
  const isOpen = from <= to ? from <= clock && clock < to : from <= clock || clock < to;
  if (!isOpen) return 0;
  const [hour = 0, minute = 0] = to.split(':').map(Number);
  const today = local.set({ hour, minute, second: 0, millisecond: 0 });
  const end = today > local ? today : today.plus({ days: 1 });
  return end.toMillis() - local.toMillis();
}

function wall(stamp: Stamp): DateTime {
  const read = DateTime.fromFormat(stamp, FORMAT, { zone: 'utc' });
  // Else the next filter would ask for what changed after “Invalid DateTime”, and find nothing.
  if (!read.isValid) throw new RangeError(`“${stamp}” is not a time of the ERP’s clock (${FORMAT})`);
  return read;
}
