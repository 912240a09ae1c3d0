import { join } from 'node:path';

import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';

import type { Site } from '../../config/site.ts';
import { installRuntime } from '../../workers/runtime.ts';
import { runSite } from '../../workers/run-site.ts';

export interface WorkerHere {
  readonly site: Site;
  readonly address: string;
  readonly namespace: string;
  readonly bundle: string;
  readonly folder: string;
}

const log = pino({ level: 'fatal' }, pino.destination(2));
let isInstalled = false;

/** A worker of the product in the test's own process: it starts sooner than a process, and cannot be killed. */
export async function startWorkerHere({ site, address, namespace, bundle, folder }: WorkerHere) {
  if (!isInstalled) installRuntime({ log, metrics: null });
  isInstalled = true;
  const native = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  const running = await runSite({
    site,
    connection: native,
    client: new Client({ connection, namespace }),
    namespace,
    workflowBundle: { codePath: bundle },
    dataFolder: join(folder, 'data'),
    clock: () => new Date(),
    log,
  });
  return {
    async stop(): Promise<void> {
      await running.stop();
      await native.close();
      await connection.close();
    },
  };
}
