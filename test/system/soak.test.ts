import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';

import { FAMILIES } from '../../scripts/soak/deeds.ts';
import { runSoak, type Soaked } from '../../scripts/soak/run-soak.ts';
import { isExplained, renderSoak } from '../../scripts/soak/soak-report.ts';
import type { SoakGround } from '../../scripts/soak/soak-site.ts';

const SHORT = { seed: 23, steps: 160, orders: 60, kills: 2, restEvery: 160, families: FAMILIES, say: () => undefined };

let connection: Connection;
let ground: SoakGround;
beforeAll(async () => {
  const { address, bundle, namespace } = inject('temporal');
  connection = await Connection.connect({ address });
  const folder = await mkdtemp(join(tmpdir(), 'instep-soak-'));
  ground = { client: new Client({ connection, namespace }), address, bundle, folder };
});
afterAll(async () => {
  await connection.close();
  await rm(ground.folder, { recursive: true, force: true });
});

test('whatever buyers, faults and power cuts do, every order is the same on both sides or says why not', async () => {
  const { report, log } = await runSoak(ground, SHORT);
  expect(isExplained(report) ? '' : explained({ report, log })).toBe('');
  // It was a soak, and not a walk.
  expect(report.orders).toBeGreaterThan(50);
  expect(report.amendments).toBeGreaterThan(20);
  expect(report.faults).toBeGreaterThan(3);
  expect(report.kills).toBeGreaterThan(0);
  const { equal, named, ended, neverAnOrder } = report.classes;
  const people = Object.values({ ...named, ...ended }).reduce((sum, count) => sum + count, 0);
  expect(equal + people + neverAnOrder).toBe(report.orders);
  expect(equal).toBeGreaterThan(10);
}, 150_000);

function explained({ report, log }: Soaked): string {
  return [renderSoak(report), ...log].join('\n');
}
