import { DateTime } from 'luxon';

import type { WorkingCalendar } from '../domain/cases/case-rules.ts';
import type { Instant } from '../domain/order-state.ts';
import type { Period } from '../domain/watch/time-outside.ts';

const MINUTE_MS = 60_000;
/** A calendar without work for so long has none at all. */
const MOST_DAYS = 800;

/**
 * The instant at which so many working minutes have passed since `from`. What begins outside of working hours counts
 * from the next opening. Minutes are real ones: in a night shift over a clock change each hour counts as often as it is
 * worked. Answers the end of a shift rather than the beginning of the next. Throws when the calendar has no working time.
 */
export function addWorkingMinutes(from: Instant, minutes: number, calendar: WorkingCalendar): Instant {
  const start = Date.parse(from);
  let left = minutes * MINUTE_MS;
  for (const shift of shiftsFrom(from, calendar)) {
    const begin = Math.max(start, shift.from);
    const length = Math.max(0, shift.to - begin);
    if (length > 0 && left <= length) return new Date(begin + left).toISOString();
    left -= length;
  }
  throw new Error(`The calendar in ${calendar.zone} has no working time within ${MOST_DAYS} days of ${from}.`);
}

/** Whether somebody works at this instant; the end of a shift still counts. */
export function isWorkingTime(instant: Instant, calendar: WorkingCalendar): boolean {
  const time = Date.parse(instant);
  for (const shift of shiftsFrom(instant, calendar)) {
    if (shift.from > time) return false;
    if (time <= shift.to) return true;
  }
  return false;
}

/** The shifts of which some time lies between two instants, the first one first. */
export function shiftsBetween(from: Instant, until: Instant, calendar: WorkingCalendar): readonly Period[] {
  const [begin, end] = [Date.parse(from), Date.parse(until)];
  const shifts: Period[] = [];
  for (const shift of shiftsFrom(from, calendar)) {
    if (shift.from >= end) break;
    if (shift.to > begin) shifts.push(shift);
  }
  return shifts;
}

/** Shifts from the day before the instant on: a night shift of yesterday may still go on. */
function* shiftsFrom(instant: Instant, { zone, workdays, from, to, holidays }: WorkingCalendar): Generator<Period> {
  const first = DateTime.fromISO(instant, { zone }).startOf('day').minus({ days: 1 });
  if (!first.isValid) throw new Error(`“${instant}” in the zone “${zone}” is no time.`);
  const [opens, closes] = [minuteOf(from), minuteOf(to)];
  for (let days = 0; days < MOST_DAYS; days++) {
    const day = first.plus({ days });
    if (!workdays.includes(day.weekday) || holidays.includes(day.toISODate())) continue;
    const last = closes > opens ? day : day.plus({ days: 1 });
    yield { from: at(day, opens), to: at(last, closes) };
  }
}

/** A time of the day, by the clock on the wall: an hour that the clocks leave out moves on, one that comes twice is its first. */
function at(day: DateTime<true>, minute: number): number {
  const whole = day.plus({ days: Math.floor(minute / 1440) });
  return whole.set({ hour: Math.floor((minute % 1440) / 60), minute: minute % 60 }).toMillis();
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
