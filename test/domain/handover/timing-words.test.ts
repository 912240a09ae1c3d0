import { expect, test } from 'vitest';

import { minutesInWords, timingInWords, type Timing } from '../../../domain/handover/timing-words.ts';

const every = (seconds: number, between: Timing['between'] = null): Timing => ({
  when: { kind: 'every', seconds },
  between,
});

test.each([
  [every(20), 'every 20 seconds, day and night'],
  [every(60), 'every minute, day and night'],
  [every(90), 'every 90 seconds, day and night'],
  [every(900), 'every 15 minutes, day and night'],
  [every(3_600), 'every hour, day and night'],
  [every(14_400), 'every 4 hours, day and night'],
  [every(86_400), 'every day, day and night'],
  [every(900, { from: '06:00', to: '22:00' }), 'every 15 minutes from 06:00 to 22:00 (US/Eastern)'],
  [every(1_800, { from: '23:00', to: '05:00' }), 'every 30 minutes from 23:00 to 05:00 of the next day (US/Eastern)'],
  [{ when: { kind: 'at', times: ['05:30'], dayOfMonth: null }, between: null }, 'every day at 05:30 (US/Eastern)'],
  [
    { when: { kind: 'at', times: ['05:30'], dayOfMonth: 1 }, between: null },
    'on day 1 of every month at 05:30 (US/Eastern)',
  ],
  [
    { when: { kind: 'at', times: ['02:00', '10:00', '18:00'], dayOfMonth: null }, between: null },
    'every day at 02:00, 10:00 and 18:00 (US/Eastern)',
  ],
] as const)('a timing in words: %j', (timing, words) => {
  expect(timingInWords(timing, 'US/Eastern')).toBe(words);
});

test('minutes in the largest unit that leaves no rest', () => {
  expect([1, 45, 60, 90, 240, 2_400].map(minutesInWords)).toEqual([
    '1 minute',
    '45 minutes',
    '1 hour',
    '90 minutes',
    '4 hours',
    '40 hours',
  ]);
});
