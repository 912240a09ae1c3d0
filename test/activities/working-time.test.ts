import * as fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';

import { addWorkingMinutes, isWorkingTime, shiftsBetween } from '../../activities/working-time.ts';
import type { WorkingCalendar } from '../../domain/cases/case-rules.ts';

const office: WorkingCalendar = {
  zone: 'America/New_York',
  workdays: [1, 2, 3, 4, 5],
  from: '09:00',
  to: '17:00',
  holidays: ['2026-12-25'],
};
const nights: WorkingCalendar = { ...office, zone: 'Europe/London', from: '22:00', to: '06:00', workdays: [5, 6] };
const always: WorkingCalendar = {
  ...office,
  workdays: [1, 2, 3, 4, 5, 6, 7],
  from: '00:00',
  to: '24:00',
  holidays: [],
};

const local = (time: string, { zone }: WorkingCalendar) => DateTime.fromISO(time, { zone }).toUTC().toISO() ?? '';

describe('working minutes', () => {
  test.each([
    ['within a day', '2026-01-20T10:00', 90, '2026-01-20T11:30'],
    ['to the very end of a day', '2026-01-20T16:00', 60, '2026-01-20T17:00'],
    ['over the evening into the next day', '2026-01-20T16:00', 90, '2026-01-21T09:30'],
    ['from before the doors open', '2026-01-20T03:00', 60, '2026-01-20T10:00'],
    ['over a weekend', '2026-01-23T16:30', 60, '2026-01-26T09:30'],
    ['from within a weekend', '2026-01-24T12:00', 30, '2026-01-26T09:30'],
    ['over a holiday and the weekend behind it', '2026-12-24T16:30', 60, '2026-12-28T09:30'],
    ['over the night in which the clocks go forward', '2026-03-06T16:30', 60, '2026-03-09T09:30'],
    ['of a week', '2026-01-20T12:00', 2400, '2026-01-27T12:00'],
  ])('pass %s', (_, from, minutes, until) => {
    expect(addWorkingMinutes(local(from, office), minutes, office)).toBe(local(until, office));
  });

  test.each([
    // From Saturday 22:00 until Sunday 06:00: seven hours when the clocks go forward, nine when they go back.
    ['go forward', '2026-03-28T22:00', 7 * 60, '2026-03-29T06:00'],
    ['go back', '2026-10-24T22:00', 9 * 60, '2026-10-25T06:00'],
  ])('of a night in which the clocks %s are as many as it has', (_, from, minutes, until) => {
    expect(addWorkingMinutes(local(from, nights), minutes, nights)).toBe(local(until, nights));
    expect(addWorkingMinutes(local(from, nights), minutes + 1, nights)).not.toBe(local(until, nights));
  });

  test('a night shift belongs to the day on which it begins', () => {
    expect(isWorkingTime(local('2026-01-25T05:00', nights), nights)).toBe(true);
    expect(isWorkingTime(local('2026-01-25T23:00', nights), nights)).toBe(false);
    expect(addWorkingMinutes(local('2026-01-25T05:30', nights), 60, nights)).toBe(local('2026-01-30T22:30', nights));
  });

  test('a shift that would begin in the hour that the clocks leave out begins after it', () => {
    const early = { ...always, zone: 'Europe/London', from: '01:30', to: '03:00', workdays: [7] };
    expect(isWorkingTime('2026-03-29T01:15:00.000Z', early)).toBe(false);
    expect(addWorkingMinutes('2026-03-28T12:00:00.000Z', 30, early)).toBe('2026-03-29T02:00:00.000Z');
  });

  test('round the clock they are minutes like all others', () => {
    expect(addWorkingMinutes('2026-03-08T05:00:00.000Z', 3_000, always)).toBe('2026-03-10T07:00:00.000Z');
  });

  test('a calendar without work says so instead of looking for ever', () => {
    expect(() => addWorkingMinutes('2026-01-20T00:00:00.000Z', 1, { ...office, workdays: [] })).toThrow(
      /no working time/,
    );
    expect(() => addWorkingMinutes('soon', 1, office)).toThrow(/is no time/);
  });

  test('end within working hours, and one after the other where they end together', () => {
    const instants = fc
      .date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2027-12-31T00:00:00Z'), noInvalidDate: true })
      .map((date) => date.toISOString());
    const calendars = fc.constantFrom(office, nights, always, { ...office, zone: 'Australia/Lord_Howe', to: '09:30' });
    fc.assert(
      fc.property(
        instants,
        fc.integer({ min: 1, max: 900 }),
        fc.integer({ min: 1, max: 900 }),
        calendars,
        (from, first, second, calendar) => {
          const middle = addWorkingMinutes(from, first, calendar);
          expect(isWorkingTime(middle, calendar)).toBe(true);
          expect(Date.parse(middle)).toBeGreaterThan(Date.parse(from));
          expect(addWorkingMinutes(middle, second, calendar)).toBe(addWorkingMinutes(from, first + second, calendar));
        },
      ),
      { numRuns: 100, seed: 7 },
    );
  });
});

test('the shifts between two instants are those that are under way or begin then, by the clock on the wall', () => {
  const nightly = { ...always, from: '23:00', to: '06:00' };
  const shifts = shiftsBetween(local('2026-03-07T02:00', nightly), local('2026-03-08T23:30', nightly), nightly);
  expect(shifts).toEqual(
    [
      ['2026-03-06T23:00', '2026-03-07T06:00'],
      ['2026-03-07T23:00', '2026-03-08T06:00'],
      ['2026-03-08T23:00', '2026-03-09T06:00'],
    ].map(([from = '', to = '']) => ({
      from: Date.parse(local(from, nightly)),
      to: Date.parse(local(to, nightly)),
    })),
  );
  expect(shiftsBetween(local('2026-03-07T06:00', nightly), local('2026-03-07T23:00', nightly), nightly)).toEqual([]);
});
