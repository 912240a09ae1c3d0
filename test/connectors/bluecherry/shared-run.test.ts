import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { CallOptions } from '../../../connectors/bluecherry/bluecherry.ts';
import { SharedRun } from '../../../connectors/bluecherry/shared-run.ts';
import { aCall } from './support.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'], now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Run {
  readonly questions: readonly string[];
  readonly call: CallOptions;
  readonly end: (answer: string) => void;
  readonly fail: (error: Error) => void;
}

/** Runs that the test ends itself; turns are `scarce` or `free` as it says. */
function startRuns({ turn = 'free', gain = 0 }: { turn?: 'free' | 'scarce'; gain?: number } = {}) {
  const runs: Run[] = [];
  const shared = new SharedRun<string, string>({
    route: 'GET /api/x',
    turn: () => Promise.resolve(turn),
    gain: () => gain,
    answer: (asked, call) =>
      new Promise((resolve, reject) => {
        const questions = asked.map(({ question }) => question);
        runs.push({ questions, call, end: (answer) => resolve((question) => `${answer} ${question}`), fail: reject });
      }),
  });
  return { runs, ask: (question: string, call = patient()) => shared.ask(question, call) };
}

const patient = () => aCall({ deadline: Date.now() + 300_000 });

const settle = () => vi.advanceTimersByTimeAsync(0);

test('all who wait when a run begins are answered by it, and who comes later by the next one', async () => {
  const { runs, ask } = startRuns();
  const early = Promise.all([ask('a'), ask('b')]);
  await settle();
  const late = ask('c');
  await settle();
  expect(runs.map(({ questions }) => questions)).toEqual([['a', 'b']]);
  runs[0]?.end('first');
  expect(await early).toEqual(['first a', 'first b']);
  await settle();
  expect(runs.map(({ questions }) => questions)).toEqual([['a', 'b'], ['c']]);
  runs[1]?.end('second');
  expect(await late).toBe('second c');
});

test('a run that fails fails those that it was for, and nobody else', async () => {
  const { runs, ask } = startRuns();
  const early = Promise.allSettled([ask('a'), ask('b')]);
  await settle();
  const late = ask('c');
  runs[0]?.fail(new Error('broken'));
  expect((await early).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await settle();
  runs[1]?.end('well');
  expect(await late).toBe('well c');
});

test('who goes away is not waited for; the run ends when all have gone', async () => {
  const { runs, ask } = startRuns();
  const [one, other] = [new AbortController(), new AbortController()];
  const ends = Promise.allSettled([ask('a', aCall({ signal: one.signal })), ask('b', aCall({ signal: other.signal }))]);
  await settle();
  one.abort(new Error('gone'));
  expect(runs[0]?.call.signal.aborted).toBe(false);
  other.abort(new Error('gone too'));
  expect(runs[0]?.call.signal.aborted).toBe(true);
  expect(await ends).toMatchObject([{ reason: { message: 'gone' } }, { reason: { message: 'gone too' } }]);
});

test('who has no time left is told so, and the run takes the time of the most patient and the highest priority', async () => {
  const { runs, ask } = startRuns();
  const soon = ask('a', aCall({ deadline: Date.now() + 1_000, priority: 'status' })).catch((error: unknown) => error);
  const later = ask('b', aCall({ deadline: Date.now() + 9_000, priority: 'order' }));
  await settle();
  expect(runs[0]?.call).toMatchObject({ deadline: Date.now() + 9_000, priority: 'order' });
  await vi.advanceTimersByTimeAsync(1_500);
  expect(await soon).toMatchObject({ code: 'NO_TIME_LEFT' });
  runs[0]?.end('well');
  expect(await later).toBe('well b');
});

test.for([
  ['calls are free', { turn: 'free', gain: 1 }, 3],
  ['enough wait', { turn: 'scarce', gain: 20 }, 3],
  ['one is nearly alone', { turn: 'scarce', gain: 1 }, 2],
] as const)('nobody waits for others where %s', async ([, options, count]) => {
  const { runs, ask } = startRuns(options);
  for (let asker = 0; asker < count; asker++) void ask(String(asker));
  await settle();
  expect(runs).toHaveLength(1);
});

test('nor where one has little time left', async () => {
  const { runs, ask } = startRuns({ turn: 'scarce', gain: 1 });
  for (const each of ['a', 'b']) void ask(each);
  const pressed = ask('c', aCall({ deadline: Date.now() + 30_000 }));
  await settle();
  runs[0]?.end('well');
  expect(await pressed).toBe('well c');
});

test('where calls are scarce the first of several waits for others, but not for long', async () => {
  const { runs, ask } = startRuns({ turn: 'scarce', gain: 1 });
  for (const each of ['a', 'b', 'c']) void ask(each);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(runs).toHaveLength(0);
  void ask('d');
  await vi.advanceTimersByTimeAsync(11_000);
  expect(runs.map(({ questions }) => questions)).toEqual([['a', 'b', 'c', 'd']]);
});
