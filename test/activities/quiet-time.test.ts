import { describe, expect, test } from 'vitest';

import { nextDigest, quietUntil } from '../../activities/quiet-time.ts';

describe('quiet time', () => {
  const london = { zone: 'Europe/London', from: '20:00', to: '07:00', days: [6, 7] };
  test.each([
    ['a working hour is none', '2026-01-20T10:00:00.000Z', null],
    ['an evening lasts until the morning', '2026-01-20T22:00:00.000Z', '2026-01-21T07:00:00.000Z'],
    ['after midnight it goes on', '2026-01-21T03:00:00.000Z', '2026-01-21T07:00:00.000Z'],
    ['its end is not part of it', '2026-01-21T07:00:00.000Z', null],
    [
      'a Friday evening lasts over the weekend into Monday morning',
      '2026-01-23T21:00:00.000Z',
      '2026-01-26T07:00:00.000Z',
    ],
    ['by the clock on the wall when summer time begins', '2026-03-28T12:00:00.000Z', '2026-03-30T06:00:00.000Z'],
  ])('%s', (_, at, end) => {
    expect(quietUntil(at, london)).toBe(end);
  });

  test('a digest leaves at its next time, not now, and never in quiet time', () => {
    const times = { zone: 'Europe/London', at: ['16:00', '09:00'] };
    expect(nextDigest('2026-01-20T09:00:00.000Z', times, london)).toBe('2026-01-20T16:00:00.000Z');
    expect(nextDigest('2026-01-20T16:00:00.000Z', times, null)).toBe('2026-01-21T09:00:00.000Z');
    expect(nextDigest('2026-01-23T17:00:00.000Z', times, london)).toBe('2026-01-26T07:00:00.000Z');
  });
});
