import { expect, test } from 'vitest';

import { asked } from '../../workers/asked.ts';
import { CAME_EARLY } from '../../workflows/own-task.ts';

/** Fails so many times; then it answers how often it was asked. */
function failing(message: string, times: number): () => Promise<number> {
  let asks = 0;
  return () => (++asks <= times ? Promise.reject(new Error(message)) : Promise.resolve(asks));
}

test('a query that came before its task is asked again, any other failure is told at once', async () => {
  expect(await asked(failing(`${CAME_EARLY}; it is to be asked again.`, 2))).toBe(3);
  const other = failing('Workflow did not register a handler for state', 1);
  await expect(asked(other)).rejects.toThrow('did not register');
  expect(await other()).toBe(2);
});
