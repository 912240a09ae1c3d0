import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { chanceOfNone, expectedBetween, rhythmOf } from '../../../domain/watch/expect-rhythm.ts';
import { judgeIntake, type IntakeFacts } from '../../../domain/watch/judge-intake.ts';

const HOUR_MS = 3_600_000;
const NOW = '2026-03-30T12:00:00.000Z';
const RULES = { quietChance: 0.001 };

const hoursAgo = (hours: number) => new Date(Date.parse(NOW) - hours * HOUR_MS).toISOString();
/** One purchase every so many hours for two weeks, until some hours ago. */
const facts = (every: number, silentHours: number): IntakeFacts => ({
  probe: { kind: 'answered' },
  placed: Array.from({ length: Math.floor((336 - silentHours) / every) }, (_, index) =>
    hoursAgo(silentHours + index * every),
  ),
  weeks: 2,
  now: NOW,
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

const stamps = fc.array(fc.integer({ min: 1, max: 336 }).map(hoursAgo), { maxLength: 60 });
const hours = fc.integer({ min: 0, max: 400 });

test('the longer the silence, the less likely it is by itself', () => {
  fc.assert(
    fc.property(stamps, hours, hours, (placed, one, more) => {
      const rhythm = rhythmOf(placed, 2, NOW);
      const shorter = chanceOfNone(expectedBetween(rhythm, hoursAgo(one), NOW));
      expect(chanceOfNone(expectedBetween(rhythm, hoursAgo(one + more), NOW))).toBeLessThanOrEqual(shorter + 1e-12);
    }),
  );
});

test('the rhythm of whole weeks expects as many purchases as these weeks brought', () => {
  fc.assert(
    fc.property(stamps, (placed) => {
      expect(expectedBetween(rhythmOf(placed, 2, NOW), hoursAgo(336), NOW)).toBeCloseTo(placed.length, 6);
    }),
  );
});
