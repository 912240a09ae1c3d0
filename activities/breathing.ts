import { setImmediate } from 'node:timers/promises';

/** Short beside the second between two signs of life. */
const SLICE_MS = 50;

/**
 * For work that computes for seconds and waits for nothing: awaited again and again it lets others have their turn, such
 * as the signs of life of a step and the calls of orders, whenever a slice of time is over.
 */
export function breathing(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < SLICE_MS) return;
    await setImmediate();
    since = performance.now();
  };
}
