import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { Governor, type Pace, type Priority } from '../../../connectors/bluecherry/governor.ts';
import { Rate } from '../../../connectors/bluecherry/rate.ts';

const WELL: Pace = { kind: 'well' };
const FAILED: Pace = { kind: 'failed' };

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'], now: 1_000_000 });
});

afterEach(() => {
  vi.useRealTimers();
});

const turn = (priority: Priority = 'order', more: { signal?: AbortSignal; startBy?: number } = {}) => ({
  priority,
  route: 'GET /api/x',
  signal: more.signal ?? null,
  startBy: more.startBy ?? null,
});

function taking(ms: number, pace: Pace = WELL) {
  return async () => {
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
    return { result: ms, pace };
  };
}

type Task = ReturnType<typeof taking>;

function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => null,
    (error: unknown) => error,
  );
}

const limits = (change: { concurrent?: number; burstPerSecond?: number; perMinute?: number | null } = {}) => ({
  concurrent: 2,
  burstPerSecond: 5,
  perMinute: null,
  ...change,
});

describe('rate', () => {
  test('never above the limits, in no second and no minute, and nine tenths of them usable under backlog', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 5, max: 300 }),
        fc.integer({ min: 1, max: 10 }),
        fc.integer({ min: 0, max: 200_000 }),
        (perMinute, burstPerSecond, restMs) => {
          fc.pre(burstPerSecond * 60 >= perMinute);
          const rate = new Rate({ perMinute, burstPerSecond });
          const starts: number[] = [];
          let now = restMs;
          while (now < restMs + 600_000) {
            const wait = rate.waitAt(now);
            if (wait > 0) {
              now += wait;
            } else {
              rate.start(now);
              starts.push(now);
            }
          }
          const mostIn = (window: number) =>
            Math.max(...starts.map((from) => starts.filter((at) => at >= from && at < from + window).length));
          expect(mostIn(60_000)).toBeLessThanOrEqual(perMinute);
          expect(mostIn(1_000)).toBeLessThanOrEqual(burstPerSecond);
          expect(starts.length).toBeGreaterThanOrEqual(perMinute * 10 * 0.9);
        },
      ),
      { numRuns: 30 },
    );
  });

  test('halves when it is too much and comes back gently', () => {
    const rate = new Rate({ perMinute: 60, burstPerSecond: 5 });
    rate.slowDown(0);
    expect(rate.perMinute).toBe(30);
    rate.slowDown(0);
    expect(rate.perMinute).toBe(15);
    rate.speedUp(0);
    expect(rate.perMinute).toBeCloseTo(16.2);
    for (let call = 0; call < 100; call++) rate.speedUp(0);
    expect(rate.perMinute).toBe(60);
  });

  test('a call that was not sent after all gives its place back', () => {
    const rate = new Rate({ perMinute: 60, burstPerSecond: 1 });
    rate.start(0);
    expect(rate.waitAt(0)).toBeGreaterThan(0);
    rate.giveBack(0);
    expect(rate.waitAt(0)).toBe(0);
  });
});

describe('turns', () => {
  test('orders go before status, stock and catalogue, however long those have waited', async () => {
    const governor = new Governor({ limits: limits({ concurrent: 1 }) });
    const done: string[] = [];
    const run = (priority: Priority) => governor.run(turn(priority), taking(10)).then(() => done.push(priority));
    const all = Promise.all([run('status'), run('catalogue'), run('stock'), run('status'), run('order'), run('order')]);
    await vi.advanceTimersByTimeAsync(5_000);
    await all;
    expect(done).toEqual(['status', 'order', 'order', 'status', 'stock', 'catalogue']);
  });

  test('no more run at once than may', async () => {
    const governor = new Governor({ limits: limits({ concurrent: 2, burstPerSecond: 50 }) });
    const all = Promise.all(Array.from({ length: 7 }, () => governor.run(turn(), taking(100))));
    expect(governor.running).toBe(2);
    expect(governor.queued).toBe(5);
    await vi.advanceTimersByTimeAsync(1_000);
    await all;
    expect(governor.running).toBe(0);
  });

  test('an order that comes while the rate is used up is the next to go', async () => {
    const governor = new Governor({ limits: limits({ concurrent: 5, burstPerSecond: 1 }) });
    const done: string[] = [];
    const run = (name: string, priority: Priority) =>
      governor.run(turn(priority), taking(0)).then(() => done.push(name));
    const all = Promise.all([run('a', 'catalogue'), run('b', 'catalogue'), run('c', 'catalogue')]);
    await vi.advanceTimersByTimeAsync(500);
    const order = run('order', 'order');
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all([all, order]);
    expect(done).toEqual(['a', 'order', 'b', 'c']);
  });

  test('waiting ends with the signal’s reason', async () => {
    const governor = new Governor({ limits: limits({ concurrent: 1 }) });
    const first = governor.run(turn(), taking(100));
    const abort = new AbortController();
    const reason = new Error('cancelled');
    const second = failureOf(governor.run(turn('order', { signal: abort.signal }), taking(0)));
    abort.abort(reason);
    expect(await second).toBe(reason);
    await vi.advanceTimersByTimeAsync(200);
    await first;
  });

  test('what has started is not ended by the signal', async () => {
    const governor = new Governor({ limits: limits() });
    const abort = new AbortController();
    const running = governor.run(turn('order', { signal: abort.signal }), taking(100));
    abort.abort(new Error('cancelled'));
    await vi.advanceTimersByTimeAsync(200);
    await expect(running).resolves.toBe(100);
  });

  test('waiting ends when the turn cannot come in time', async () => {
    const governor = new Governor({ limits: limits({ concurrent: 1 }) });
    const first = governor.run(turn(), taking(1_000));
    const started = vi.fn<Task>(taking(0));
    const late = failureOf(governor.run(turn('order', { startBy: Date.now() + 500 }), started));
    await vi.advanceTimersByTimeAsync(600);
    expect(await late).toMatchObject({ code: 'NO_TIME_LEFT', fate: 'wait' });
    await vi.advanceTimersByTimeAsync(1_000);
    await first;
    expect(started).not.toHaveBeenCalled();
  });

  test('a closed governor starts nothing and tells those who wait', async () => {
    const governor = new Governor({ limits: limits({ concurrent: 1 }) });
    const first = governor.run(turn(), taking(100));
    const second = failureOf(governor.run(turn(), taking(0)));
    const closing = governor.close();
    await vi.advanceTimersByTimeAsync(200);
    await Promise.all([first, closing]);
    expect(await second).toMatchObject({ code: 'NO_TIME_LEFT' });
    await expect(governor.run(turn(), taking(0))).rejects.toMatchObject({ code: 'NO_TIME_LEFT' });
  });
});

describe('when the ERP suffers', () => {
  test('Retry-After holds everything, and who cannot wait that long is told so at once', async () => {
    const governor = new Governor({ limits: limits({ perMinute: 60 }) });
    await governor.run(turn(), taking(0, { kind: 'tooMuch', holdMs: 12_000, isFailure: false }));
    expect(governor.heldForMs).toBe(12_000);
    expect(governor.permittedPerMinute).toBe(30);
    await expect(governor.run(turn('order', { startBy: Date.now() + 5_000 }), taking(0))).rejects.toMatchObject({
      code: 'NO_TIME_LEFT',
      retryAfterMs: 12_000,
    });
    const started = vi.fn<Task>(taking(0));
    const patient = governor.run(turn(), started);
    await vi.advanceTimersByTimeAsync(11_900);
    expect(started).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    await patient;
  });

  test('five failures in a row open the circuit; one call finds out whether the ERP is back', async () => {
    const told: string[] = [];
    const governor = new Governor({ limits: limits({ burstPerSecond: 50 }), onCircuit: (state) => told.push(state) });
    for (let call = 0; call < 4; call++) await governor.run(turn(), taking(0, FAILED));
    expect(governor.isCircuitOpen).toBe(false);
    await governor.run(turn(), taking(0, FAILED));
    expect(told).toEqual(['open']);

    const probe = vi.fn<Task>(taking(50, FAILED));
    const others = vi.fn<Task>(taking(0));
    const first = governor.run(turn('order'), probe);
    const second = governor.run(turn('status'), others);
    await vi.advanceTimersByTimeAsync(4_900);
    expect(probe).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(200);
    await first;
    expect(others).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(9_000);
    expect(others).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1_500);
    await second;
    expect(told).toEqual(['open', 'closed']);
    expect(governor.isCircuitOpen).toBe(false);
  });

  test('a success in between starts the count anew', async () => {
    const governor = new Governor({ limits: null });
    for (let call = 0; call < 12; call++) await governor.run(turn(), taking(0, call % 4 === 3 ? WELL : FAILED));
    expect(governor.isCircuitOpen).toBe(false);
    expect(governor.permittedPerMinute).toBeNull();
  });
});

describe('while a long inventory is read', () => {
  test.for([
    ['two at a time', { concurrent: 2, burstPerSecond: 5, perMinute: null }],
    ['sixty a minute', { concurrent: 2, burstPerSecond: 5, perMinute: 60 }],
  ] as const)('an order waits for no more than one call of it: %s', async ([, given]) => {
    const governor = new Governor({ limits: given });
    const CALL_MS = 800;
    const reading = new AbortController();
    const read = async (pages: number): Promise<void> => {
      for (let page = 0; page < pages && !reading.signal.aborted; page++)
        await governor.run(turn('stock'), taking(CALL_MS));
    };
    const stock = Promise.all([read(1_000), read(1_000), read(1_000)]);
    await vi.advanceTimersByTimeAsync(30_000);
    const waits: number[] = [];
    for (let order = 0; order < 20; order++) {
      const askedAt = performance.now();
      const sent = governor.run(turn('order'), async () => {
        waits.push(performance.now() - askedAt);
        return { result: null, pace: WELL };
      });
      await vi.advanceTimersByTimeAsync(3_000 + 137 * order);
      await sent;
    }
    expect(waits).toHaveLength(20);
    const betweenCallsMs = given.perMinute === null ? 0 : 60_000 / given.perMinute;
    expect(Math.max(...waits)).toBeLessThanOrEqual(Math.max(CALL_MS, betweenCallsMs) + 5);
    reading.abort();
    await vi.advanceTimersByTimeAsync(20_000);
    await stock;
  });
});

describe('what people see of the waiting', () => {
  test('is how many wait, how many had their turn, and how long that took, by priority, since it was last asked', async () => {
    const governor = new Governor({ limits: limits({ concurrent: 1 }) });
    const all = ['order', 'order', 'stock'].map((priority) =>
      governor.run(turn(priority === 'stock' ? 'stock' : 'order'), taking(400)),
    );
    await vi.advanceTimersByTimeAsync(500);
    expect(governor.waits).toMatchObject({ order: { queued: 0, calls: 2 }, stock: { queued: 1, calls: 0 } });
    await vi.advanceTimersByTimeAsync(5_000);
    await Promise.all(all);
    expect(governor.takeWaits()).toMatchObject({
      order: { queued: 0, calls: 2, meanMs: 200, longestMs: 400, longestQueue: 1 },
      stock: { queued: 0, calls: 1, longestMs: 800, longestQueue: 1 },
      catalogue: { calls: 0, meanMs: 0, longestQueue: 0 },
    });
    expect(governor.takeWaits().order).toEqual({
      queued: 0,
      calls: 0,
      meanMs: 0,
      longestMs: 0,
      delayed: 0,
      longestQueue: 0,
    });
  });

  test('is how many of the calls waited longer than one call takes', async () => {
    const governor = new Governor({ limits: limits({ concurrent: 1 }) });
    await vi.advanceTimersByTimeAsync(10_000);
    const all = Promise.all(['a', 'b', 'c'].map(() => governor.run(turn(), taking(400))));
    await vi.advanceTimersByTimeAsync(5_000);
    await all;
    // The first waited for nobody, the second for one call, the third for two.
    expect(governor.takeWaits().order).toMatchObject({ calls: 3, delayed: 1, longestQueue: 2 });
  });

  test('begins anew with those who wait still', async () => {
    const governor = new Governor({ limits: limits({ concurrent: 1 }) });
    const all = Promise.all(['a', 'b', 'c'].map(() => governor.run(turn('status'), taking(400))));
    await vi.advanceTimersByTimeAsync(1);
    expect(governor.takeWaits().status).toMatchObject({ queued: 2, calls: 1 });
    expect(governor.waits.status).toMatchObject({ queued: 2, calls: 0, longestQueue: 2 });
    await vi.advanceTimersByTimeAsync(5_000);
    await all;
  });

  test('forgets who went away', async () => {
    const governor = new Governor({ limits: limits({ concurrent: 1 }) });
    const gone = new AbortController();
    const first = governor.run(turn(), taking(400));
    const second = failureOf(governor.run(turn('status', { signal: gone.signal }), taking(10)));
    expect(governor.waits.status.queued).toBe(1);
    gone.abort(new Error('gone'));
    expect(await second).toMatchObject({ message: 'gone' });
    expect(governor.waits.status).toMatchObject({ queued: 0, calls: 0 });
    await vi.advanceTimersByTimeAsync(1_000);
    await first;
  });

  test('a turn that is only waited for takes no place from the calls', async () => {
    const governor = new Governor({ limits: limits({ concurrent: 1, burstPerSecond: 1 }) });
    let came = 0;
    for (let times = 0; times < 5; times++) void governor.comes('order').then(() => came++);
    await vi.advanceTimersByTimeAsync(10);
    expect(came).toBe(5);
    expect(governor.waits.order).toMatchObject({ queued: 0, calls: 0 });
    const called = governor.run(turn(), taking(0));
    await vi.advanceTimersByTimeAsync(1);
    await called;
  });
});
