import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime } from '@temporalio/worker';
import type { TestProject } from 'vitest/node';

import { attributes } from '../../workflows/search-attributes.ts';

declare module 'vitest' {
  interface ProvidedContext {
    temporal: { address: string; bundle: string; namespace: string };
  }
}

export async function setup(project: TestProject) {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const folder = await mkdtemp(join(tmpdir(), 'instep-tests-'));
  const [env, bundle] = await Promise.all([
    TestWorkflowEnvironment.createLocal({
      server: {
        executable: { type: 'existing-path', path: join(homedir(), '.cache/instep/temporal-1.9.1/bin/temporal') },
        searchAttributes: Object.values(attributes),
        extraArgs: [
          '--dynamic-config-value',
          'matching.numTaskqueueReadPartitions=1',
          '--dynamic-config-value',
          'matching.numTaskqueueWritePartitions=1',
          '--dynamic-config-value',
          'history.transferProcessorMaxPollRPS=500',
          '--dynamic-config-value',
          'frontend.WorkflowTimeSkippingEnabled=true',
          '--dynamic-config-value',
          'history.timerProcessorMaxTimeShift="5ms"',
          '--log-level',
          'error',
        ],
      },
    }),
    bundleWorkflowCode({ workflowsPath: new URL('../../workflows/index.ts', import.meta.url).pathname }),
  ]);
  const path = join(folder, 'workflows.js');
  await writeFile(path, bundle.code);
  project.provide('temporal', { address: env.address ?? '', bundle: path, namespace: env.namespace ?? 'default' });
  return async () => {
    await env.teardown();
    await rm(folder, { recursive: true, force: true });
  };
}
