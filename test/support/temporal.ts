import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';

import { bundleWorkflows } from '../../workers/workflow-bundle.ts';
import { freePort, resolveTemporal, startDevServer } from '../../workers/temporal-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    temporal: { address: string; bundle: string; namespace: string };
  }
}

/** One real server for the whole run, with time that tests can skip, and the workflows bundled once. */
export async function setup(project: TestProject) {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const folder = await mkdtemp(join(tmpdir(), 'instep-tests-'));
  const [server, bundle] = await Promise.all([startServer(join(folder, 'temporal.db')), bundleWorkflows()]);
  const path = join(folder, 'workflows.js');
  await writeFile(path, bundle.code);
  project.provide('temporal', { address: server.address, bundle: path, namespace: 'default' });
  return async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
}

async function startServer(dataFile: string) {
  const resolved = await resolveTemporal({
    env: { ...process.env, TEMPORAL_ADDRESS: undefined },
    say: () => undefined,
  });
  if (resolved.kind !== 'binary') throw new Error('tests need a server of their own');
  return startDevServer({
    binary: resolved.path,
    dataFile,
    port: await freePort(),
    uiPort: null,
    mode: 'timeSkipping',
  });
}
