import { BlueCherryError } from './blue-cherry-error.ts';

/** What one who waits for another's work brings: he may go, and he has a deadline. */
export interface Patience {
  readonly signal: AbortSignal;
  /** Epoch ms. */
  readonly deadline: number;
}

interface Work {
  readonly done: Promise<void>;
  endedAt: number | null;
}

/** Work that several ask for is done once; who asks again soon after its end is content with that. */
export class Shared {
  readonly #lastsMs: number;
  readonly #work = new Map<string, Work>();

  constructor(lastsMs = 0) {
    this.#lastsMs = lastsMs;
  }

  run(name: string, start: () => Promise<void>, patience: Patience): Promise<void> {
    this.#forget();
    const under = this.#work.get(name);
    if (under) return waitFor(under.done, patience);
    const work: Work = { done: start(), endedAt: null };
    this.#work.set(name, work);
    void this.#note(name, work);
    return waitFor(work.done, patience);
  }

  async #note(name: string, work: Work): Promise<void> {
    try {
      await work.done;
      work.endedAt = performance.now();
      if (this.#lastsMs === 0) this.#work.delete(name);
    } catch {
      // Whoever waits for it is told; the next one tries again.
      this.#work.delete(name);
    }
  }

  #forget(): void {
    const now = performance.now();
    for (const [name, { endedAt }] of this.#work)
      if (endedAt !== null && now - endedAt >= this.#lastsMs) this.#work.delete(name);
  }
}

/** A value that is read anew when it has become old. While the ERP is silent the old one is better than none. */
export class Remembered<Value> {
  readonly #lastsMs: number;
  readonly #shared = new Shared();
  #known: { readonly value: Value; readonly readAt: number } | null = null;

  constructor(lastsMs: number) {
    this.#lastsMs = lastsMs;
  }

  async get(read: () => Promise<Value>, patience: Patience): Promise<Value> {
    const known = this.#known;
    if (known && performance.now() - known.readAt < this.#lastsMs) return known.value;
    const reading = this.#shared.run(
      'value',
      async () => {
        this.#known = { value: await read(), readAt: performance.now() };
      },
      patience,
    );
    try {
      await reading;
    } catch (error) {
      if (known && !patience.signal.aborted) return known.value;
      throw error;
    }
    return this.#known?.value ?? (await read());
  }
}

/** Waits, or goes when the signal says so. Never rejects. */
export function shortly(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** The work goes on without one who goes. */
async function waitFor(work: Promise<void>, { signal, deadline }: Patience): Promise<void> {
  signal.throwIfAborted();
  const gone = Promise.withResolvers<never>();
  const leave = () => gone.reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  const timer = setTimeout(
    () =>
      gone.reject(
        new BlueCherryError({
          code: 'NO_TIME_LEFT',
          fate: 'wait',
          route: 'reference data',
          says: 'still being read from the ERP',
          retryAfterMs: 5_000,
        }),
      ),
    Math.min(Math.max(0, deadline - Date.now()), 2 ** 31 - 1),
  );
  try {
    await Promise.race([work, gone.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
}
