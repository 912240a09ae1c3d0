import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { startInstep, type Instep } from '../support/instep.ts';

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];

let instep: Instep;
beforeAll(async () => {
  instep = await startInstep({ workers: 1 });
});
afterAll(() => instep.stop());

const runOf = async (key: string) =>
  (await instep.client.workflow.getHandle(instep.handle(key).workflowId).describe()).runId;

test('new workflow code gives idle orders fresh histories; one that was never sent is sent as if for the first time', async () => {
  const settled = await instep.accepted({ lines: LINES });
  const parked = instep.checksOut({ lines: LINES, customer: 'a0000000-0000-4000-8000-000000000099' });
  await instep.pollsPurchases();
  await instep.untilAt(parked, 'parked');
  const before = [await runOf(settled), await runOf(parked)];

  // The same code once more: nothing to tell.
  await restarts();
  expect([await runOf(settled), await runOf(parked)]).toEqual(before);

  await restarts({ afterDeploy: 'yes' });
  await vi.waitFor(async () => {
    const after = [await runOf(settled), await runOf(parked)];
    expect(after.filter((run) => before.includes(run))).toEqual([]);
  }, 10_000);
  expect((await instep.state(settled)).step.at).toBe('settled');
  await instep.repair(parked, { kind: 'replaceCustomer', customer: 'CUST-0042' });
  await instep.untilAt(parked, 'awaiting');
  await instep.imports();
  await instep.untilAt(parked, 'settled');
  expect(instep.liveOrders(parked)).toHaveLength(1);
});

/** A deploy is told by the code that the worker before has noted. */
async function restarts({ afterDeploy = 'no' }: { afterDeploy?: 'yes' | 'no' } = {}): Promise<void> {
  await instep.killWorkers();
  if (afterDeploy === 'yes') await rm(join(instep.dataFolder, instep.name, 'workflow-code.json'));
  await instep.startWorker();
}
