import { BlueCherryError } from './blue-cherry-error.ts';
import type { CallOptions } from './call-options.ts';
import { highestPriority, type Priority } from './governor.ts';

export interface Asked<Question> {
  readonly question: Question;
  readonly call: CallOptions;
}

interface Waiting<Question, Answer> extends Asked<Question> {
  settle(answer: Answer): void;
  fail(error: unknown): void;
}

export interface SharedRunOptions<Question, Answer> {
  /** For messages: what is read. */
  readonly route: string;
  /**
   * Ends when a call could be made; who asks until then is answered by the run that begins now. Says whether calls are
   * scarce, so that it is worth while to wait for others.
   */
  readonly turn: (priority: Priority) => Promise<'free' | 'scarce'>;
  /** What is saved by each call that a run for them takes. */
  readonly gain: (questions: readonly Question[]) => number;
  /** One run for all of them. When it throws, all of them fail with it. */
  readonly answer: (asked: readonly Asked<Question>[], call: CallOptions) => Promise<(question: Question) => Answer>;
}

/**
 * Work that is done for all who wait for it when it begins, and for nobody who came later: what it finds is as of a moment
 * after each question. One run at a time; the next begins only if somebody waits. Who goes away is not waited for.
 */
export class SharedRun<Question, Answer> {
  readonly #options: SharedRunOptions<Question, Answer>;
  readonly #waiting = new Set<Waiting<Question, Answer>>();
  #isRunning = false;

  constructor(options: SharedRunOptions<Question, Answer>) {
    this.#options = options;
  }

  /** Rejects with the signal's reason, with `NO_TIME_LEFT` at the deadline, or with what the run threw. */
  ask(question: Question, call: CallOptions): Promise<Answer> {
    const { signal, deadline } = call;
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const over = () => {
        this.#waiting.delete(one);
        clearTimeout(timer);
        signal.removeEventListener('abort', leave);
      };
      const one: Waiting<Question, Answer> = {
        question,
        call,
        settle(answer) {
          over();
          resolve(answer);
        },
        fail(error) {
          over();
          reject(error);
        },
      };
      const leave = () => one.fail(signal.reason);
      const timer = setTimeout(() => one.fail(this.#tooLate()), Math.min(Math.max(0, deadline - Date.now()), LONGEST));
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.add(one);
      void this.#run();
    });
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    while (this.#waiting.size > 0) await this.#serve();
    this.#isRunning = false;
  }

  /**
   * Where some came while a turn was waited for, others will come soon: with them the same calls answer more. Where calls
   * are not scarce, somebody is alone, or one has little time left, nobody waits.
   */
  async #gather(): Promise<void> {
    const since = performance.now();
    for (;;) {
      const turn = await this.#options.turn(highestPriority([...this.#waiting].map(({ call }) => call.priority)));
      const gain = this.#options.gain([...this.#waiting].map(({ question }) => question));
      const isLong = performance.now() - since >= GATHER_MS;
      const isPressing = [...this.#waiting].some(({ call }) => call.deadline - Date.now() < PRESSING_MS);
      if (turn === 'free' || isPressing || isLong || gain >= ENOUGH_GAIN || this.#waiting.size < A_STREAM) return;
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS));
    }
  }

  async #serve(): Promise<void> {
    let served: readonly Waiting<Question, Answer>[] = [];
    try {
      await this.#gather();
      served = [...this.#waiting];
      this.#waiting.clear();
      if (served.length === 0) return;
      const answer = await this.#options.answer(served, callFor(served));
      for (const each of served) each.settle(answer(each.question));
    } catch (error) {
      // Where no turn came, all who wait are in the same boat.
      for (const each of served.length > 0 ? served : [...this.#waiting]) each.fail(error);
    }
  }

  #tooLate(): BlueCherryError {
    const { route } = this.#options;
    return new BlueCherryError({ code: 'NO_TIME_LEFT', fate: 'wait', route, says: 'still being read from the ERP' });
  }
}

const LONGEST = 2 ** 31 - 1;
/** So long who came first waits for others. */
const GATHER_MS = 20_000;
/** With less time left than this nobody waits for others. */
const PRESSING_MS = 60_000;
const BETWEEN_MS = 500;
const A_STREAM = 3;
const ENOUGH_GAIN = 16;

/** Goes on until the last of them has gone, or has no time left. */
function callFor(served: readonly Asked<unknown>[]): CallOptions {
  const allGone = new AbortController();
  let left = served.length;
  const leave = () => {
    left -= 1;
    if (left === 0) allGone.abort(served[0]?.call.signal.reason);
  };
  for (const { call } of served)
    if (call.signal.aborted) leave();
    else call.signal.addEventListener('abort', leave, { once: true });
  return {
    signal: allGone.signal,
    deadline: Math.max(...served.map(({ call }) => call.deadline)),
    priority: highestPriority(served.map(({ call }) => call.priority)),
  };
}
