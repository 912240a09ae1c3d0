import { expect, test } from 'vitest';

import { judgeLimits, measureLimits, type LimitsSeen } from '../../../domain/audit/judge-limits.ts';

const SEEN: LimitsSeen = {
  perMinute: 60,
  snapshotMinutes: 15,
  stockPageSize: 200,
  stockParts: [
    { name: '01 W01', rows: 40_000 },
    { name: '01 W02', rows: 100 },
  ],
  schedules: [
    { name: 'poll-erp-documents', everySeconds: 30, calls: 5 },
    { name: 'sync-customers', everySeconds: 3_600, calls: 12 },
    { name: 'sweep-purchases', everySeconds: 3_600, calls: 0 },
  ],
};

test('what the schedules ask each minute, and how long the largest warehouse takes', () => {
  expect(measureLimits(SEEN)).toEqual({ callsPerMinute: 10.2, largestPartMinutes: 3.4 });
  expect(judgeLimits(SEEN)).toEqual([]);
});

test('a full read that outlives a snapshot is a gap, for each warehouse that is too large', () => {
  const [gap, ...others] = judgeLimits({ ...SEEN, perMinute: 12, schedules: [] });
  expect(others).toEqual([]);
  expect(gap).toMatchObject({ code: 'LIMITS_TOO_LOW', key: 'stock', concerns: ['01 W01: 40000 rows, 16.8 minutes'] });
});

test('schedules that ask for more than is let through are a gap, the busiest first', () => {
  const gaps = judgeLimits({ ...SEEN, perMinute: 10, snapshotMinutes: 100 });
  expect(gaps).toHaveLength(1);
  expect(gaps[0]).toMatchObject({
    key: 'schedules',
    concerns: ['poll-erp-documents: 5 every 30 s', 'sync-customers: 12 every 60 min'],
  });
});

test('without a limit there is nothing to break', () => {
  const unlimited = { ...SEEN, perMinute: null, snapshotMinutes: 0.01 };
  expect(judgeLimits(unlimited)).toEqual([]);
  expect(measureLimits(unlimited).largestPartMinutes).toBeNull();
});
