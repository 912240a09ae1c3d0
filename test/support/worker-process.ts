// A worker of the product in a process of its own, so that tests can kill it. Prints one line when it polls.
import { readFile } from 'node:fs/promises';

import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { pino } from 'pino';

import type { Site } from '../../config/site.ts';
import { installRuntime } from '../../workers/runtime.ts';
import { runSite } from '../../workers/run-site.ts';

interface WorkerProcess {
  readonly address: string;
  readonly namespace: string;
  readonly bundle: string;
  readonly siteFile: string;
  readonly folder: string;
}

const given: WorkerProcess = JSON.parse(process.env['INSTEP_TEST'] ?? '{}');
const site: Site = JSON.parse(await readFile(given.siteFile, 'utf8'));
const log = pino({ level: process.env['INSTEP_TEST_LOG'] ?? 'fatal' }, pino.destination(2));
installRuntime({ log, metrics: process.env['INSTEP_TEST_METRICS'] ?? null });
const offset = Number(process.env['INSTEP_TEST_CLOCK_OFFSET'] ?? 0);
const connection = await NativeConnection.connect({ address: given.address });
const client = new Client({
  connection: await Connection.connect({ address: given.address }),
  namespace: given.namespace,
});
const running = await runSite({
  site,
  connection,
  client,
  namespace: given.namespace,
  workflowBundle: { codePath: given.bundle },
  dataFolder: given.folder,
  clock: () => new Date(Date.now() + offset),
  log,
});
process.once('SIGTERM', () => void running.stop());
process.stdout.write('ready\n');
await running.ended;
await connection.close();
await client.connection.close();
await Runtime.instance().shutdown();
