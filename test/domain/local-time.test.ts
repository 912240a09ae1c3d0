import { expect, test } from 'vitest';

import { localTime } from '../../domain/local-time.ts';

test.each([
  ['Europe/London', '2026-01-20T14:00:00.000Z', '2026-01-20 14:00 GMT'],
  ['Europe/London', '2026-07-20T23:30:00.000Z', '2026-07-21 00:30 GMT+1'],
  ['America/New_York', '2026-07-20T02:05:00.000Z', '2026-07-19 22:05 GMT-4'],
  ['Asia/Kolkata', '2026-07-20T02:05:00.000Z', '2026-07-20 07:35 GMT+5:30'],
])('in %s an instant is what the clock on the wall says, and how far that is from UTC', (zone, instant, words) => {
  expect(localTime(instant, zone)).toBe(words);
});
