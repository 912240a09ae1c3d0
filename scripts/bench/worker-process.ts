// A worker in a process of its own, so that its CPU can be measured apart. Told everything by the environment; says
// "ready" once it polls, and its CPU time in milliseconds when it has stopped.
import { readFile } from 'node:fs/promises';

import { createLog } from '../../workers/log.ts';
import { runSite } from '../../workers/run-site.ts';
import { installRuntime } from '../../workers/runtime.ts';
import { connectTemporal } from '../../workers/temporal-connection.ts';
import { parseSite } from '../../config/load-site.ts';

interface Told {
  readonly address: string;
  readonly bundle: string;
  readonly siteName: string;
  readonly siteText: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly folder: string;
}

const told: Told = JSON.parse(process.env['INSTEP_BENCH'] ?? '{}');
const parsed = parseSite(told.siteText, told.siteName, { variables: told.variables, readFile: () => '' });
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
const log = createLog('fatal');
installRuntime({ log });
const temporal = await connectTemporal({ kind: 'local', address: told.address });
const running = await runSite({
  site: parsed.site,
  connection: temporal.native,
  client: temporal.client,
  namespace: temporal.namespace,
  workflowBundle: { code: await readFile(told.bundle, 'utf8') },
  dataFolder: told.folder,
  clock: () => new Date(),
  log,
});
process.once('SIGTERM', () => void running.stop());
process.stdout.write('ready\n');
await running.ended;
await temporal.close();
const { user, system } = process.cpuUsage();
process.stdout.write(`${(user + system) / 1000}\n`);
