import { setTimeout as pause } from 'node:timers/promises';

import { CAME_EARLY } from '../workflows/own-task.ts';

const MOST_ROUNDS = 10;
const ROUND_MS = 100;

/** Asks a run something; what comes before the task that brings its news is asked again, for a second. */
export async function asked<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let round = 1; ; round++) {
    try {
      return await ask();
    } catch (error) {
      if (!isEarly(error) || round === MOST_ROUNDS) throw error;
    }
    await pause(ROUND_MS);
  }
}

function isEarly(error: unknown): boolean {
  return error instanceof Error && (error.message.includes(CAME_EARLY) || isEarly(error.cause));
}
