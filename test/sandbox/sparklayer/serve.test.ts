import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

test('as its own process the stand-in prints one line with its address, serves, and ends on a signal', async () => {
  const at = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
  const child = spawn(at('node_modules/.bin/node'), [at('sandbox/sparklayer/serve.ts')], {
    env: { ...process.env, SPARKLAYER_SITE_ID: 'demo' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const line: unknown[] = await once(child.stdout, 'data');
  const { url, siteId } = JSON.parse(String(line[0]));
  expect(siteId).toBe('demo');
  expect(await (await fetch(`${url}/sim/purchases`)).json()).toEqual([]);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});
