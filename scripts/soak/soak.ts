import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLog } from '../../workers/log.ts';
import { installRuntime } from '../../workers/runtime.ts';
import { applySearchAttributes } from '../../workers/search-attributes.ts';
import { connectTemporal } from '../../workers/temporal-connection.ts';
import { bundleWorkflows } from '../../workers/workflow-bundle.ts';
import { CommandError, EXIT, print, printJson, say, startPrivateServer } from '../program.ts';
import type { Family } from './deed.ts';
import { FAMILIES } from './deeds.ts';
import { runSoak } from './run-soak.ts';
import { isExplained, renderSoak } from './soak-report.ts';

export interface SoakCommand {
  readonly steps: number;
  readonly seed: number;
  readonly orders: number;
  readonly kills: number;
  readonly restEvery: number;
  /** Families of deeds; null = all. */
  readonly only: readonly string[] | null;
  readonly log: string;
  readonly json: boolean;
}

/** Soaks a site on a Temporal server of its own; answers whether everything is explained. */
export async function soak({
  steps,
  seed,
  orders,
  kills,
  restEvery,
  only,
  log: logFile,
  json,
}: SoakCommand): Promise<boolean> {
  const families = only?.map(familyOf) ?? FAMILIES;
  installRuntime({ log: createLog('fatal'), metrics: null });
  const folder = await mkdtemp(join(tmpdir(), 'instep-soak-'));
  const server = await startPrivateServer(folder);
  const temporal = await connectTemporal({ kind: 'local', address: server.address });
  try {
    await applySearchAttributes(temporal.connection, temporal.namespace);
    const bundle = join(folder, 'workflows.js');
    const { code } = await bundleWorkflows();
    await writeFile(bundle, code);
    const ground = { client: temporal.client, address: server.address, bundle, folder };
    const { report, log } = await runSoak(ground, { seed, steps, orders, kills, families, restEvery, say });
    const isFine = isExplained(report);
    if (!isFine) {
      await writeFile(logFile, [...log, '', JSON.stringify(report.unexplained, null, 2), ''].join('\n'));
      say(`The deeds, and all that is known of what is unexplained: ${logFile}`);
    }
    if (json) printJson(report);
    else print(renderSoak(report));
    return isFine;
  } finally {
    await temporal.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function familyOf(text: string): Family {
  const family = FAMILIES.find((known) => known === text.trim());
  if (!family) throw new CommandError(`“${text}” is none of ${FAMILIES.join(', ')}.`, EXIT.usage);
  return family;
}
