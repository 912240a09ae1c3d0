import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import {
  freePort,
  resolveTemporal,
  startDevServer,
  type DevServer,
  type DevServerOptions,
} from '../../workers/temporal-server.ts';
import { startInstep, type Instep } from '../support/instep.ts';

let folder: string;
let options: DevServerOptions;
let server: DevServer;
let instep: Instep;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instep-restart-'));
  const resolved = await resolveTemporal({
    env: { ...process.env, TEMPORAL_ADDRESS: undefined },
    say: () => undefined,
  });
  if (resolved.kind !== 'binary') throw new Error('a binary is needed');
  options = {
    binary: resolved.path,
    dataFile: join(folder, 'temporal.db'),
    port: await freePort(),
    uiPort: null,
    mode: 'normal',
  };
  server = await startDevServer(options);
  instep = await startInstep({ address: server.address });
});
afterAll(async () => {
  await instep.stop();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test('orders under way go on when the Temporal server is killed and comes back, each of them once', async () => {
  const lines = [{ sku: 'AC-1001-BLK-M', quantity: 2, unitPrice: '20.00' }];
  instep.erp.faults.add({ route: 'POST /api/salesOrder', kind: 'slow', ms: 1_000, times: 1 });
  const keys = Array.from({ length: 6 }, () => instep.checksOut({ lines }));
  await instep.pollsPurchases();
  await instep.untilTrue(() => instep.erp.calls('POST /api/salesOrder').length > 0, 'a post under way');
  await server.kill();
  server = await startDevServer(options);
  for (const key of keys)
    await instep.until(
      key,
      ({ step }) => step.at === 'awaiting' || (step.at === 'unknown' && step.watermark !== null),
      'sent, or looked for up to what the ERP has taken in by now',
    );
  // Whether a post under way has arrived may stay unknown, until one that was taken in later is an order.
  keys.push(await instep.accepted({ lines }));
  for (const key of keys) {
    await instep.importsUntil(key, ({ step }) => step.at === 'settled', 'the order settled in the ERP');
    expect(instep.liveOrders(key)).toHaveLength(1);
  }
}, 90_000);
