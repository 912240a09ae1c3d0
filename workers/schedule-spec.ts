import type { ScheduleOptions } from '@temporalio/client';

import type { FeedTiming } from '../config/schedules-section.ts';

const MINUTES_OF_A_DAY = 24 * 60;
const MINUTES_OF_AN_HOUR = 60;

/** When a feed runs, as Temporal writes it: in the zone of the site's working day, so that clock changes move nothing. */
export function scheduleSpec({ when, between, jitterSeconds }: FeedTiming, zone: string): ScheduleOptions['spec'] {
  const common = { timezone: zone, jitter: `${jitterSeconds}s` } as const;
  if (when.kind === 'at') {
    const day = when.dayOfMonth === null ? {} : { dayOfMonth: when.dayOfMonth };
    return { ...common, calendars: calendarsOf(when.times.map(minuteOf)).map((times) => ({ ...times, ...day })) };
  }
  if (between === null) return { ...common, intervals: [{ every: `${when.seconds}s` }] };
  return { ...common, calendars: calendarsOf(minutesWithin(when.seconds / 60, between)) };
}

/** Minutes of the day, counted from midnight, at which a cadence falls into a window; the window may span midnight. */
function minutesWithin(every: number, { from, to }: { readonly from: string; readonly to: string }): readonly number[] {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  const all = Array.from({ length: Math.floor(MINUTES_OF_A_DAY / every) }, (_, index) => index * every);
  return all.filter((minute) => (start <= end ? minute >= start && minute < end : minute >= start || minute < end));
}

/** Hours that share their minutes go together: a calendar is a product of both. */
function calendarsOf(minutes: readonly number[]) {
  const byHour = Map.groupBy(minutes, (minute) => Math.floor(minute / MINUTES_OF_AN_HOUR));
  const alike = Map.groupBy(byHour, ([, all]) => all.map((minute) => minute % MINUTES_OF_AN_HOUR).join(' '));
  return [...alike].map(([text, hours]) => ({
    hour: hours.map(([hour]) => hour),
    minute: text.split(' ').map(Number),
  }));
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * MINUTES_OF_AN_HOUR + minutes;
}
