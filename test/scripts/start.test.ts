import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startBlueCherry, type BlueCherryStandIn } from '../../sandbox/bluecherry/stand-in.ts';
import { startSparkLayer, type SparkLayerStandIn } from '../../sandbox/sparklayer/stand-in.ts';
import { freePort, resolveTemporal } from '../../workers/temporal-server.ts';
import { runCliWith, type CliRun } from '../support/cli.ts';
import { writeSiteFile } from '../support/site-file.ts';

let folder: string;
let file: string;
let erp: BlueCherryStandIn;
let storefront: SparkLayerStandIn;
let run: CliRun;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instep-start-'));
  erp = await startBlueCherry({});
  storefront = await startSparkLayer({});
  ({ file } = await writeSiteFile(folder, 'shop', { storefront, erp }));
});
afterAll(async () => {
  // The second ends it at once.
  run.interrupt();
  run.interrupt();
  await run.ended;
  await Promise.all([erp.close(), storefront.close()]);
  await rm(folder, { recursive: true });
});

test('an Instep whose own Temporal server is killed says so and ends, so that it is started again', async () => {
  const pidFile = join(folder, 'server.pid');
  run = runCliWith(
    {
      INSTEP_TEMPORAL_BINARY: await aBinaryThatTellsItsPid(pidFile),
      INSTEP_TEMPORAL_PORT: String(await freePort()),
      INSTEP_DATA_DIR: join(folder, 'data'),
    },
    'start',
    '--site',
    file,
  );
  await run.tells('Running shop.');
  process.kill(Number(await readFile(pidFile, 'utf8')), 'SIGKILL');
  const { code, err } = await run.ended;
  expect(code).toBe(3);
  expect(err).toMatch(/has ended unasked.*Start Instep again/);
}, 180_000);

async function aBinaryThatTellsItsPid(pidFile: string): Promise<string> {
  const resolved = await resolveTemporal({
    env: { ...process.env, TEMPORAL_ADDRESS: undefined },
    say: () => undefined,
  });
  if (resolved.kind !== 'binary') throw new Error('a binary is needed');
  const path = join(folder, 'temporal');
  await writeFile(path, `#!/bin/sh\n[ "$1" = server ] && echo $$ > '${pidFile}'\nexec '${resolved.path}' "$@"\n`);
  await chmod(path, 0o755);
  return path;
}
