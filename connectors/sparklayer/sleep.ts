import { setTimeout as pause } from 'node:timers/promises';

/** Waits; throws the signal's own reason when it is cancelled, as every other wait here does. */
export async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await pause(milliseconds, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
