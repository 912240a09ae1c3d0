import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { freePort } from '../../workers/temporal-server.ts';
import type { proveCompleteness } from '../../workflows/index.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { startInstep, type Instep } from '../support/instep.ts';

let instep: Instep;
let address: string;
beforeAll(async () => {
  instep = await startInstep({ workers: 0 });
  address = `127.0.0.1:${await freePort()}`;
  await instep.startWorker({ INSTEP_TEST_METRICS: address });
});
afterAll(() => instep.stop());

test('the headline of the proof is a gauge, and so is when it was proven', async () => {
  const placedAt = new Date(Date.now() - 3_600_000).toISOString();
  instep.checksOut({ lines: [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }], placedAt });
  const before = Math.floor(Date.now() / 1_000);
  await proves();
  expect(await gauges()).toMatchObject({ instep_unaccounted_purchases: 1, instep_proven_purchases: 1 });
  // It was started by that proof.
  await proves();
  const after = await gauges();
  expect(after).toMatchObject({ instep_unaccounted_purchases: 0, instep_proven_purchases: 1 });
  expect(after['instep_last_proof']).toBeGreaterThanOrEqual(before);
});

async function proves(): Promise<void> {
  await instep.client.workflow.execute<typeof proveCompleteness>('proveCompleteness', {
    workflowId: `prove-completeness:${instep.name}:${randomUUID()}`,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, intervalSeconds: 60, override: null }],
    workflowExecutionTimeout: '60s',
  });
}

/** What Prometheus would read of this site, by name. */
async function gauges(): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(`http://${address}/metrics`)).text();
  const ours = text.split('\n').filter((line) => line.startsWith('instep_') && line.includes(`site="${instep.name}"`));
  return Object.fromEntries(ours.map((line) => [line.slice(0, line.indexOf('{')), Number(line.split(' ').at(-1))]));
}
