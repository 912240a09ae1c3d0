import type { CalendarSpecDescription, ScheduleSpecDescription } from '@temporalio/client';

import type { FeedTiming } from '../config/schedules-section.ts';

const MINUTES_OF_A_DAY = 24 * 60;
const MINUTES_OF_AN_HOUR = 60;

/** When a feed runs, as Temporal gives it back: in the zone of the site's working day, so that clock changes move nothing. */
export function scheduleSpec({ when, between, jitterSeconds }: FeedTiming, zone: string): ScheduleSpecDescription {
  const common = { timezone: zone, jitter: jitterSeconds * 1000 };
  if (when.kind === 'at') return { ...common, calendars: calendarsOf(when.times.map(minuteOf), when.dayOfMonth) };
  if (between === null) return { ...common, intervals: [{ every: Math.round(when.seconds * 1000), offset: 0 }] };
  return { ...common, calendars: calendarsOf(minutesWithin(when.seconds / 60, between), null) };
}

/** Minutes of the day, counted from midnight, at which a cadence falls into a window; the window may span midnight. */
function minutesWithin(every: number, { from, to }: { readonly from: string; readonly to: string }): readonly number[] {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  const all = Array.from({ length: Math.floor(MINUTES_OF_A_DAY / every) }, (_, index) => index * every);
  return all.filter((minute) => (start <= end ? minute >= start && minute < end : minute >= start || minute < end));
}

/** Hours that share their minutes go together: a calendar is a product of both. Of every day, or of one of each month. */
function calendarsOf(minutes: readonly number[], dayOfMonth: number | null): CalendarSpecDescription[] {
  const byHour = Map.groupBy(minutes, (minute) => Math.floor(minute / MINUTES_OF_AN_HOUR));
  const alike = Map.groupBy(byHour, ([, all]) => all.map((minute) => minute % MINUTES_OF_AN_HOUR).join(' '));
  return [...alike].map(([text, hours]) => ({
    second: [only(0)],
    minute: text.split(' ').map(Number).map(only),
    hour: hours.map(([hour]) => only(hour)),
    dayOfMonth: [dayOfMonth === null ? { start: 1, end: 31, step: 1 } : only(dayOfMonth)],
    month: [{ start: 'JANUARY', end: 'DECEMBER', step: 1 }],
    year: [],
    dayOfWeek: [{ start: 'SUNDAY', end: 'SATURDAY', step: 1 }],
  }));
}

function only(value: number) {
  return { start: value, end: value, step: 1 };
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * MINUTES_OF_AN_HOUR + minutes;
}
