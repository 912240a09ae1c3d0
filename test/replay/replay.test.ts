import { readdirSync, readFileSync } from 'node:fs';

import { Worker } from '@temporalio/worker';
import { expect, inject, test } from 'vitest';

const FOLDER = new URL('./histories/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name.endsWith('.json'));

// Recorded from orders of a released version: INSTEP_RECORD=1 npx vitest run test/replay/record.test.ts. A difference means that orders under way
// would break on deploy: tell the rules apart by `patched`, or find out what changed.
test.each(files)('the order recorded in %s still runs the way it did', async (file) => {
  const history: unknown = JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8'));
  const replayed = Worker.runReplayHistories({ workflowBundle: { codePath: inject('temporal').bundle } }, [
    { workflowId: file.replace(/\.json$/, ''), history },
  ]);
  for await (const { error } of replayed) expect(error).toBeUndefined();
});

test('histories are there to be replayed', () => {
  expect(files.length).toBeGreaterThanOrEqual(4);
});
