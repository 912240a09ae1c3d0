// A worker in a process of its own, so that its CPU and memory can be measured apart. Told everything by the environment;
// says "ready" once it polls, its usage when it is asked, and its CPU time in milliseconds when it has stopped.
import { readFile } from 'node:fs/promises';

import { createLog } from '../../workers/log.ts';
import { runSite } from '../../workers/run-site.ts';
import { installRuntime } from '../../workers/runtime.ts';
import { connectTemporal } from '../../workers/temporal-connection.ts';
import { heapMb, residentMb } from './measuring.ts';
import { readTold } from './told.ts';

export interface WorkerUsage {
  readonly cpuMs: number;
  /** Of the machine's memory; the most since it was last asked, looked at every few milliseconds. */
  readonly peakMb: number;
  /** The same now, when all garbage is gone; and CPU time with what that took. */
  readonly rested: { readonly cpuMs: number; readonly residentMb: number; readonly inUseMb: number };
}

const LOOK_EVERY_MS = 10;

const { told, site } = readTold();
const log = createLog('fatal');
installRuntime({ log, metrics: null });
const temporal = await connectTemporal({ kind: 'local', address: told.address });
const running = await runSite({
  site,
  connection: temporal.native,
  client: temporal.client,
  namespace: temporal.namespace,
  workflowBundle: { code: await readFile(told.bundle, 'utf8') },
  dataFolder: told.folder,
  clock: () => new Date(),
  log,
});
process.once('SIGTERM', () => void running.stop());
// Whoever started it has gone: nobody else would stop it.
process.once('disconnect', () => process.exit());
let most = 0;
const looks = setInterval(() => (most = Math.max(most, residentMb())), LOOK_EVERY_MS);
process.on('message', () => {
  const used = { cpuMs: cpuMs(), peakMb: Math.max(most, residentMb()) };
  const inUseMb = heapMb();
  most = residentMb();
  process.send?.({ ...used, rested: { cpuMs: cpuMs(), residentMb: most, inUseMb } } satisfies WorkerUsage);
});
process.stdout.write('ready\n');
await running.ended;
await temporal.close();
clearInterval(looks);
process.stdout.write(`${cpuMs()}\n`);
process.disconnect?.();

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
