import { describe, expect, test } from 'vitest';

import { changedAt, isoDate, isStamp } from '../../../connectors/bluecherry/wire/values.ts';

describe('a date', () => {
  test.each([
    ['11/25/2025', '2025-11-25'],
    ['2024-02-29', '2024-02-29'],
    ['2025-11-25T00:00:00', '2025-11-25'],
    ['2025-02-29', null],
    ['02/30/2025', null],
    ['00/00/0000', null],
    ['25/11/2025', null],
    ['2025-11-25 09:00', null],
  ])('%s is %s', (says, date) => expect(isoDate(says)).toBe(date));
});

describe('a time of change', () => {
  test.each([
    ['2025-11-25T09:00:00', '2025-11-25 09:00:00'],
    // Where a clock skips an hour nobody knows it here: a zone is another's business.
    ['2025-03-09 02:30:00', '2025-03-09 02:30:00'],
    ['2025-11-25 09:00', ''],
    ['2025-11-25 09:60:00', ''],
    ['2025-11-31 09:00:00', ''],
    ['0000-00-00 00:00:00', ''],
    ['2025-12-31 23:59:60', ''],
    ['', ''],
  ])('%s is read as “%s”', (says, stamp) => {
    expect(changedAt({ last_mod: says })).toBe(stamp);
    expect(isStamp(says.replace('T', ' '))).toBe(stamp !== '');
  });
});
