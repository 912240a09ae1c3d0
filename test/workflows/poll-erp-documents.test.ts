import { randomUUID } from 'node:crypto';

import { Worker } from '@temporalio/worker';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { Governor } from '../../connectors/bluecherry/governor.ts';
import { pollErpDocuments } from '../../workflows/index.ts';
import { bluecherryQueue, ordersQueue } from '../../workflows/task-queues.ts';
import { temporalClients } from '../support/temporal-clients.ts';

const temporal = temporalClients();
let site: string;
let workers: readonly Worker[];
let running: Promise<unknown>;
let result: object;

beforeEach(async () => {
  site = `b${randomUUID().slice(0, 8)}`;
  workers = await Promise.all([
    Worker.create({
      ...temporal.forWorkflows,
      taskQueue: ordersQueue(site),
    }),
    Worker.create({
      ...temporal.forActivities,
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
  const handle = await temporal.client.workflow.start(pollErpDocuments, {
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
