import { expect, test } from 'vitest';

import type { FeedPulse } from '../../../domain/watch/feed-pulse.ts';
import { judgeFeeds } from '../../../domain/watch/judge-feeds.ts';
import { judgeWatch } from '../../../domain/watch/judge-watch.ts';

const NOW = '2026-03-30T12:00:00.000Z';
const ago = (seconds: number) => new Date(Date.parse(NOW) - seconds * 1000).toISOString();

const HEALTHY: FeedPulse = {
  feed: 'poll-purchases',
  schedule: 'asDeclared',
  note: '',
  everySeconds: 60,
  jitterSeconds: 2,
  since: ago(86_400),
  started: [ago(70), ago(10)],
  next: ago(-50),
  running: null,
  last: { ended: 'well', at: ago(5), why: '' },
};

const judged = (change: Partial<FeedPulse>, expected: ReadonlyMap<string, string> = new Map()) =>
  judgeFeeds([{ ...HEALTHY, ...change }], expected, NOW);

test('a feed that runs as declared, and one that the site does not run, give no alarm', () => {
  expect(judged({})).toEqual([]);
  expect(judged({ schedule: 'off', started: [], last: null, since: ago(864_000) })).toEqual([]);
});

test.each([
  ['missing', 'SCHEDULE_MISSING'],
  ['altered', 'SCHEDULE_ALTERED'],
  ['undeclared', 'SCHEDULE_ALTERED'],
  ['paused', 'SCHEDULE_PAUSED'],
] as const)('a schedule that is %s is told as %s, and nothing else of it', (schedule, code) => {
  const last = { ended: 'badly', at: ago(5_000), why: 'refused' } as const;
  expect(judged({ schedule, last, started: [] })).toMatchObject([{ code, key: 'poll-purchases' }]);
});

test('a failed run is told with its reason until a run ends well', () => {
  const [finding] = judged({ last: { ended: 'badly', at: ago(5), why: 'the client id is refused' } });
  expect(finding).toMatchObject({ code: 'FEED_FAILED', says: expect.stringContaining('the client id is refused') });
});

test('a run is late by its cadence, its jitter and half a minute, and not a second before', () => {
  const lastRun = (seconds: number) => ({ started: [ago(seconds)], last: null });
  expect(judged(lastRun(60 + 2 + 30))).toEqual([]);
  expect(judged(lastRun(60 + 2 + 31))).toMatchObject([{ code: 'FEED_LATE' }]);
});

test('a run under way takes the place of those it outlasts, for an hour', () => {
  const underWay = (seconds: number) => ({ started: [ago(seconds)], running: { since: ago(seconds) }, last: null });
  expect(judged(underWay(3_600))).toEqual([]);
  expect(judged(underWay(3_601))).toMatchObject([{ code: 'FEED_LATE', says: expect.stringContaining('under way') }]);
});

test('outside of its window a feed is not due; what was expected at the last look and did not run is late', () => {
  const windowed = { everySeconds: null, started: [ago(40_000)], last: null };
  expect(judged(windowed)).toEqual([]);
  expect(judged(windowed, new Map([['poll-purchases', ago(33)]]))).toMatchObject([{ code: 'FEED_LATE' }]);
  expect(judged({ ...windowed, started: [ago(20)] }, new Map([['poll-purchases', ago(33)]]))).toEqual([]);
});

test('a watch that stopped looking is late after three looks, ten minutes at least; also when its runs are forgotten', () => {
  const judge = (seconds: number, everySeconds: number | null) =>
    judgeWatch({ ranAt: ago(seconds), declaredAt: null, everySeconds, now: NOW });
  expect(judge(600, 60)).toEqual([]);
  expect(judge(601, 60)).toMatchObject([{ code: 'FEED_LATE', key: 'watch-site' }]);
  expect(judge(2_700, 900)).toEqual([]);
  expect(judge(2_701, 900)).toHaveLength(1);
  expect(judge(3 * 86_400, null)).toEqual([]);
  const forgotten = (seconds: number | null) =>
    judgeWatch({ ranAt: null, declaredAt: seconds === null ? null : ago(seconds), everySeconds: 60, now: NOW });
  expect([forgotten(null), forgotten(600)]).toEqual([[], []]);
  expect(forgotten(601)).toMatchObject([{ says: expect.stringContaining('or longer') }]);
});
