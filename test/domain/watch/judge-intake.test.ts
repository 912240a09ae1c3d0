import * as fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';

import { wallClockOf } from '../../../activities/wall-clock.ts';
import { chanceOfNone, expectedBetween, rhythmOf } from '../../../domain/watch/expect-rhythm.ts';
import { judgeIntake, type IntakeFacts } from '../../../domain/watch/judge-intake.ts';

const HOUR_MS = 3_600_000;
const NOW = '2026-03-30T12:00:00.000Z';
const RULES = { quietChance: 0.001 };

const hoursAgo = (hours: number) => new Date(Date.parse(NOW) - hours * HOUR_MS).toISOString();
const wallHoursAgo = (hours: number) => Date.parse(hoursAgo(hours));
/** One purchase every so many hours for two weeks, until some hours ago. */
const facts = (every: number, silentHours: number): IntakeFacts => ({
  probe: { kind: 'answered' },
  placed: Array.from({ length: Math.floor((336 - silentHours) / every) }, (_, index) =>
    hoursAgo(silentHours + index * every),
  ),
  weeks: 2,
  now: NOW,
  wallClock: Date.parse,
});

test('a busy storefront is quiet after hours, a slow one is not after the same hours', () => {
  expect(judgeIntake(facts(1, 24), RULES)).toMatchObject([{ code: 'STOREFRONT_QUIET', concerns: [hoursAgo(24)] }]);
  expect(judgeIntake(facts(24, 24), RULES)).toEqual([]);
});

test('a storefront that does not answer is broken, however quiet it was', () => {
  const probe = { kind: 'failed', code: 'CREDENTIALS_REFUSED', says: 'no' } as const;
  expect(judgeIntake({ ...facts(1, 24), probe }, RULES)).toMatchObject([
    { code: 'INTAKE_BROKEN', concerns: ['CREDENTIALS_REFUSED'] },
  ]);
});

test('of less than a whole week, and without any purchase, nothing is said', () => {
  expect(judgeIntake({ ...facts(1, 24), weeks: 0 }, RULES)).toEqual([]);
  expect(judgeIntake({ ...facts(1, 24), placed: [] }, RULES)).toEqual([]);
});

/** A shop in New York: twelve purchases an hour from nine to five, Monday to Friday, of four weeks until a day. */
function officeHours(before: DateTime<true>): readonly string[] {
  const days = Array.from({ length: 28 }, (_, index) => before.startOf('day').minus({ days: index + 1 }));
  return days
    .filter(({ weekday }) => weekday <= 5)
    .flatMap((day) => Array.from({ length: 96 }, (_, index) => day.set({ hour: 9 }).plus({ minutes: index * 5 })))
    .map((time) => time.toUTC().toISO());
}

test.each(['2026-11-02', '2026-03-09'])(
  'on Monday %s, after the clocks were moved, the shop is quiet by its own',
  (day) => {
    const at = (time: string) => DateTime.fromISO(`${day}T${time}`, { zone: 'America/New_York' });
    const monday = at('00:00');
    if (!monday.isValid) throw new Error(`${day} is no day`);
    const placed = officeHours(monday);
    const judge = (time: string) =>
      judgeIntake(
        {
          probe: { kind: 'answered' },
          placed,
          weeks: 4,
          now: at(time).toUTC().toISO() ?? '',
          wallClock: wallClockOf('America/New_York'),
        },
        RULES,
      );
    expect(judge('08:59')).toEqual([]);
    expect(judge('10:30')).toMatchObject([{ code: 'STOREFRONT_QUIET' }]);
  },
);

const stamps = fc.array(fc.integer({ min: 1, max: 336 }).map(hoursAgo), { maxLength: 60 });
const hours = fc.integer({ min: 0, max: 400 });

test('the longer the silence, the less likely it is by itself', () => {
  fc.assert(
    fc.property(stamps, hours, hours, (placed, one, more) => {
      const rhythm = rhythmOf(placed.map(Date.parse), 2, Date.parse(NOW));
      const shorter = chanceOfNone(expectedBetween(rhythm, wallHoursAgo(one), wallHoursAgo(0)));
      expect(chanceOfNone(expectedBetween(rhythm, wallHoursAgo(one + more), wallHoursAgo(0)))).toBeLessThanOrEqual(
        shorter + 1e-12,
      );
    }),
  );
});

test('the rhythm of whole weeks expects as many purchases as these weeks brought', () => {
  fc.assert(
    fc.property(stamps, (placed) => {
      expect(
        expectedBetween(rhythmOf(placed.map(Date.parse), 2, Date.parse(NOW)), wallHoursAgo(336), wallHoursAgo(0)),
      ).toBeCloseTo(placed.length, 6);
    }),
  );
});
