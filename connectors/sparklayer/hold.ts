import type { CallOptions } from './http.ts';
import { holdBackoffMs } from './settings.ts';
import { sleep } from './sleep.ts';
import { SparkLayerError } from './spark-layer-error.ts';

/** After a 429 all calls of the site wait, not only the one that was refused. */
export interface Hold {
  isOn(): boolean;
  /** Waits until calls may leave; throws when that is too late for this one. */
  over(route: string, call: CallOptions): Promise<void>;
  /** Holds the site for the time that a 429 names, else for a back-off. Answers that time. */
  start(retryAfterMs: number | undefined): number;
  /** A call went through: the next back-off begins small again. */
  reset(): void;
}

export function createHold(requestMs: number): Hold {
  // Of this process's own clock, which nobody turns.
  let until = 0;
  let inARow = 0;
  const left = () => until - performance.now();
  return {
    isOn: () => left() > 0,
    async over(route, { signal, deadline }) {
      for (let wait = left(); wait > 0; wait = left()) {
        if (Date.now() + wait + requestMs > deadline)
          throw new SparkLayerError({
            code: 'RATE_LIMITED',
            fate: 'wait',
            route,
            says: 'not sent, SparkLayer asks to wait',
            status: 429,
            retryAfterMs: Math.ceil(wait),
          });
        await sleep(wait, signal);
      }
    },
    start(retryAfterMs) {
      const wait = retryAfterMs ?? holdBackoffMs(inARow);
      inARow++;
      until = Math.max(until, performance.now() + wait);
      return wait;
    },
    reset() {
      inARow = 0;
    },
  };
}
