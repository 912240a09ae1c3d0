import { randomUUID } from 'node:crypto';

import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';

import { Governor } from '../../connectors/bluecherry/governor.ts';
import { pollErpDocuments } from '../../workflows/index.ts';
import { bluecherryQueue, ordersQueue } from '../../workflows/task-queues.ts';

let connection: Connection;
let native: NativeConnection;
let client: Client;
let site: string;
let workers: readonly Worker[];
let running: Promise<unknown>;
let result: object;

beforeAll(async () => {
  const { address, namespace } = inject('temporal');
  connection = await Connection.connect({ address });
  native = await NativeConnection.connect({ address });
  client = new Client({ connection, namespace });
});
afterAll(async () => {
  await native.close();
  await connection.close();
});

beforeEach(async () => {
  const { namespace, bundle } = inject('temporal');
  site = `b${randomUUID().slice(0, 8)}`;
  workers = await Promise.all([
    Worker.create({
      connection: native,
      namespace,
      taskQueue: ordersQueue(site),
      workflowBundle: { codePath: bundle },
    }),
    Worker.create({
      connection: native,
      namespace,
      taskQueue: bluecherryQueue(site),
      activities: { tellErpChanges: () => Promise.resolve(result) },
    }),
  ]);
  running = Promise.all(workers.map((worker) => worker.run()));
});
afterEach(async () => {
  for (const worker of workers) worker.shutdown();
  await running;
});

async function pageOfARun(): Promise<string> {
  const handle = await client.workflow.start(pollErpDocuments, {
    workflowId: `poll-erp-documents:${site}`,
    taskQueue: ordersQueue(site),
    args: [{ site, intervalSeconds: 30, override: null }],
  });
  expect(await handle.result()).toEqual(result);
  const metadata = await handle.query<{ currentDetails?: string }>('__temporal_workflow_metadata');
  return metadata.currentDetails ?? '';
}

test('a run’s page shows what was read, and by priority how many calls waited and how long', async () => {
  const governor = new Governor({ limits: null });
  const waits = governor.takeWaits();
  const order = { queued: 7, calls: 41, meanMs: 120, longestMs: 900, delayed: 2, longestQueue: 11 };
  result = { cursor: null, stats: { importRows: 3 }, waits: { ...waits, order } };
  const page = await pageOfARun();
  expect(page).toContain('| importRows | 3 |');
  for (const row of ['order: waiting now | 7', 'order: waited longer than a call takes | 2', 'stock: waiting now | 0'])
    expect(page).toContain(`| ${row} |`);
});

test('a run of before waits were told shows its figures all the same', async () => {
  result = { cursor: null, stats: { importRows: 3 } };
  expect(await pageOfARun()).toContain('| importRows | 3 |');
});
