import PQueue from 'p-queue';

import { BlueCherryError } from './blue-cherry-error.ts';
import { Rate } from './rate.ts';

export type Priority = 'order' | 'status' | 'stock' | 'catalogue';

/** The one that goes before all the others; of nobody, the last. */
export function highestPriority(priorities: readonly Priority[]): Priority {
  return priorities.reduce((high, each) => (PRIORITIES[each] > PRIORITIES[high] ? each : high), 'catalogue');
}

/** How calls of one priority fared. */
export interface Waits {
  /** Waiting now. */
  readonly queued: number;
  /** Calls that had their turn since they were last counted anew. */
  readonly calls: number;
  /** Milliseconds between asking for a turn and having it. */
  readonly meanMs: number;
  readonly longestMs: number;
  /** Of these calls, those that waited longer than one call to the ERP takes. */
  readonly delayed: number;
  /** The most that waited at one time. */
  readonly longestQueue: number;
}

/** What a call tells of itself while it waits its turn. */
export interface Turn {
  readonly priority: Priority;
  readonly route: string;
  /** Ends the waiting; what has started is the task's own affair. null = nobody ends it. */
  readonly signal: AbortSignal | null;
  /** Latest epoch ms at which the call may still start; null = any time. */
  readonly startBy: number | null;
}

/** How a call ended, as far as pace is concerned. */
export type Pace =
  | { readonly kind: 'well' }
  /** 429 or 503; `holdMs` when the ERP said how long. */
  | { readonly kind: 'tooMuch'; readonly holdMs: number | null; readonly isFailure: boolean }
  /** 5xx, time-out, connection lost. */
  | { readonly kind: 'failed' }
  /** Says nothing about the ERP's health, e.g. the caller went away. */
  | { readonly kind: 'neither' }
  /** Nothing was sent after all: the turn is given back. */
  | { readonly kind: 'unused' };

export interface GovernorOptions {
  readonly limits: {
    readonly concurrent: number;
    readonly burstPerSecond: number;
    readonly perMinute: number | null;
  } | null;
  /** Milliseconds of a clock that only goes forward; timers are real ones. */
  readonly monotonic?: () => number;
  /** Told when the circuit opens or closes. */
  readonly onCircuit?: (state: 'open' | 'closed') => void;
}

const PRIORITIES: Readonly<Record<Priority, number>> = { order: 3, status: 2, stock: 1, catalogue: 0 };
/** The others leave room for these: a long reading must not use up what an order needs that comes in the middle of it. */
const URGENT: readonly Priority[] = ['order', 'status'];
const ALL_PRIORITIES: readonly Priority[] = ['order', 'status', 'stock', 'catalogue'];

interface Tally {
  queued: number;
  calls: number;
  waitedMs: number;
  longestMs: number;
  delayed: number;
  longestQueue: number;
}

const NOTHING_YET = { calls: 0, waitedMs: 0, longestMs: 0, delayed: 0, longestQueue: 0 };
const NOBODY: Readonly<Tally> = { queued: 0, ...NOTHING_YET };
/** Share of the newest call in what a call is known to take. */
const NEWEST_SHARE = 0.1;
/** A turn that comes sooner was not waited for. */
const WAITED_MS = 100;
const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 30_000;
/** A 429 that names no time. */
const UNNAMED_HOLD_MS = 2_000;
/** No limit means as many as a process can well keep open. */
const UNLIMITED = 32;

/**
 * The one gate before the ERP: every call passes it, orders first. It keeps concurrency and rate, slows down when the
 * ERP says so, holds everything while it is told to wait, and after five failures in a row lets a single call through
 * to see whether the ERP is back.
 */
export class Governor {
  readonly #queue: PQueue;
  readonly #concurrent: number;
  readonly #rate: Rate;
  readonly #monotonic: () => number;
  readonly #onCircuit: (state: 'open' | 'closed') => void;
  #heldUntil = 0;
  #failures = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #isProbing = false;
  #isClosed = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #tallies = new Map<Priority, Tally>(ALL_PRIORITIES.map((priority) => [priority, { ...NOBODY }]));
  /** Milliseconds that a call takes, the latest ones most of all; null = none has ended yet. */
  #callMs: number | null = null;

  constructor({ limits, monotonic, onCircuit }: GovernorOptions) {
    this.#concurrent = limits?.concurrent ?? UNLIMITED;
    this.#queue = new PQueue({ concurrency: this.#concurrent, autoStart: false });
    this.#rate = new Rate(limits);
    this.#monotonic = monotonic ?? (() => performance.now());
    this.#onCircuit = onCircuit ?? (() => undefined);
  }

  get permittedPerMinute(): number | null {
    return this.#rate.perMinute;
  }

  get queued(): number {
    return this.#queue.size;
  }

  get running(): number {
    return this.#queue.pending;
  }

  /** Milliseconds for which nothing is let through at all. */
  get heldForMs(): number {
    return Math.max(0, Math.ceil(this.#heldUntil - this.#monotonic()));
  }

  get isCircuitOpen(): boolean {
    return this.#failures >= FAILURES_TO_OPEN;
  }

  /**
   * Runs a task when its turn has come. Rejects with the signal's reason, or with `NO_TIME_LEFT` when its turn cannot
   * come in time; then the task was not started.
   */
  run<Result>(turn: Turn, task: () => Promise<{ readonly result: Result; readonly pace: Pace }>): Promise<Result> {
    return this.#run(turn, task, 'call');
  }

  async #run<Result>(
    turn: Turn,
    task: () => Promise<{ readonly result: Result; readonly pace: Pace }>,
    as: TurnFor,
  ): Promise<Result> {
    const { signal, startBy, priority } = turn;
    signal?.throwIfAborted();
    if (this.#isClosed) throw noTimeLeft(turn, 0, 'the connector is closed');
    const leftMs = startBy === null ? null : startBy - Date.now();
    if (leftMs !== null && (leftMs <= 0 || leftMs < this.heldForMs)) throw noTimeLeft(turn, this.heldForMs);
    const waiting = new AbortController();
    const leave = () => waiting.abort(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    const tooLate = setTimer(leftMs, () => waiting.abort(noTimeLeft(turn, this.heldForMs)));
    const stopWaiting = () => {
      signal?.removeEventListener('abort', leave);
      clearTimeout(tooLate);
    };
    let hasStarted = false;
    const hadTurn = this.#waitsFor(priority);
    try {
      const added = this.#queue.add(
        () => {
          hasStarted = true;
          stopWaiting();
          hadTurn(as);
          return this.#perform(task);
        },
        { priority: PRIORITIES[priority], signal: waiting.signal },
      );
      this.#pump();
      return await added;
    } catch (error) {
      if (!hasStarted && this.#isClosed) throw noTimeLeft(turn, 0, 'the connector is closed');
      throw error;
    } finally {
      stopWaiting();
      hadTurn('given up');
      this.#pump();
    }
  }

  /**
   * Ends when a call of this priority could start; it takes no place. Scarce = the minute's calls are limited, and this one
   * had to wait.
   */
  async comes(priority: Priority): Promise<'free' | 'scarce'> {
    const turn = { priority, route: 'a turn', signal: null, startBy: null };
    const from = this.#monotonic();
    await this.#run(turn, () => Promise.resolve({ result: null, pace: { kind: 'unused' } }), 'nothing');
    const hasWaited = this.#monotonic() - from >= WAITED_MS;
    return hasWaited && this.permittedPerMinute !== null ? 'scarce' : 'free';
  }

  /** By priority; the counts begin anew, so that each reading tells of the time since the one before. */
  takeWaits(): Readonly<Record<Priority, Waits>> {
    const waits = this.waits;
    for (const tally of this.#tallies.values())
      Object.assign(tally, { ...NOTHING_YET, longestQueue: tally.queued } satisfies Partial<Tally>);
    return waits;
  }

  get waits(): Readonly<Record<Priority, Waits>> {
    const of = (priority: Priority): Waits => {
      const { queued, calls, waitedMs, longestMs, delayed, longestQueue } = this.#tallies.get(priority) ?? NOBODY;
      return {
        queued,
        calls,
        meanMs: calls === 0 ? 0 : Math.round(waitedMs / calls),
        longestMs: Math.round(longestMs),
        delayed,
        longestQueue,
      };
    };
    return { order: of('order'), status: of('status'), stock: of('stock'), catalogue: of('catalogue') };
  }

  /** Waits until the rate allows one more call of a task that already has its turn. */
  async anotherCall(): Promise<void> {
    for (;;) {
      const now = this.#monotonic();
      const waitMs = this.#rate.waitAt(now);
      if (waitMs <= 0) return this.#rate.start(now);
      await new Promise((resolve) => setTimeout(resolve, Math.ceil(waitMs)));
    }
  }

  /** Nothing is let through for this long. */
  hold(ms: number): void {
    this.#heldUntil = Math.max(this.#heldUntil, this.#monotonic() + ms);
    this.#pump();
  }

  /** Lets nothing more start; what waits is refused, what runs is waited for. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#queue.clear();
    await this.#queue.onPendingZero();
  }

  /** Counts one who waits, and how long, once it is known how that ended. */
  #waitsFor(priority: Priority): (end: TurnFor | 'given up') => void {
    const askedAt = this.#monotonic();
    const tally = this.#tallies.get(priority);
    let isOver = false;
    if (tally) {
      tally.queued += 1;
      tally.longestQueue = Math.max(tally.longestQueue, tally.queued);
    }
    return (end) => {
      if (!tally || isOver) return;
      isOver = true;
      tally.queued -= 1;
      if (end !== 'call') return;
      const waitedMs = this.#monotonic() - askedAt;
      tally.calls += 1;
      tally.waitedMs += waitedMs;
      tally.longestMs = Math.max(tally.longestMs, waitedMs);
      if (this.#callMs !== null && waitedMs > this.#callMs) tally.delayed += 1;
    };
  }

  async #perform<Result>(task: () => Promise<{ readonly result: Result; readonly pace: Pace }>): Promise<Result> {
    const startedAt = this.#begin();
    let pace: Pace = { kind: 'neither' };
    try {
      const done = await task();
      pace = done.pace;
      return done.result;
    } finally {
      this.#note(pace, startedAt);
    }
  }

  #begin(): number {
    const now = this.#monotonic();
    this.#rate.start(now);
    if (this.isCircuitOpen) this.#isProbing = true;
    // Before the queue takes the next one: it may have to wait.
    this.#pump();
    return now;
  }

  #note(pace: Pace, startedAt: number): void {
    const now = this.#monotonic();
    this.#isProbing = false;
    if (pace.kind !== 'unused') this.#callMs = newest(this.#callMs, now - startedAt);
    switch (pace.kind) {
      case 'well':
        if (this.isCircuitOpen) this.#onCircuit('closed');
        this.#failures = 0;
        this.#pauseMs = FIRST_PAUSE_MS;
        this.#rate.speedUp(now);
        break;
      case 'tooMuch':
        this.#rate.slowDown(now);
        if (pace.holdMs !== null || !pace.isFailure) this.hold(pace.holdMs ?? UNNAMED_HOLD_MS);
        if (pace.isFailure) this.#fail();
        break;
      case 'failed':
        this.#fail();
        break;
      case 'unused':
        this.#rate.giveBack(startedAt);
        break;
      case 'neither':
        break;
    }
    this.#pump();
  }

  #fail(): void {
    this.#failures += 1;
    if (!this.isCircuitOpen) return;
    if (this.#failures === FAILURES_TO_OPEN) this.#onCircuit('open');
    this.hold(this.#pauseMs);
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, this.#pauseMs * 2);
  }

  /** Opens or closes the queue, and comes back when the reason to wait is over. */
  #pump(): void {
    clearTimeout(this.#timer);
    if (this.#isClosed) return;
    const now = this.#monotonic();
    // The next one is of the highest priority that waits.
    const isUrgent = URGENT.some((priority) => (this.#tallies.get(priority)?.queued ?? 0) > 0);
    const waitMs = Math.max(this.#heldUntil - now, this.#rate.waitAt(now, isUrgent ? 'none' : 'forOrders'));
    if (waitMs > 0 || (this.#isProbing && this.isCircuitOpen)) {
      this.#queue.pause();
      // While a probe is under way its end pumps again.
      if (waitMs > 0 && this.#queue.size > 0) this.#timer = setTimeout(() => this.#pump(), Math.ceil(waitMs));
      return;
    }
    this.#queue.start();
  }
}

/** What a turn is taken for. */
type TurnFor = 'call' | 'nothing';

function newest(known: number | null, ms: number): number {
  return known === null ? ms : known + NEWEST_SHARE * (ms - known);
}

/** Waiting makes no sense any more: the call was not sent. */
function noTimeLeft({ route }: Turn, retryAfterMs: number, why = 'its turn does not come in time'): BlueCherryError {
  return new BlueCherryError({
    code: 'NO_TIME_LEFT',
    fate: 'wait',
    route,
    says: `not sent, ${why}`,
    ...(retryAfterMs > 0 ? { retryAfterMs } : {}),
  });
}

/** Longer than this `setTimeout` would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

function setTimer(ms: number | null, then: () => void): NodeJS.Timeout | undefined {
  return ms === null || ms > LONGEST_TIMER_MS ? undefined : setTimeout(then, ms);
}
