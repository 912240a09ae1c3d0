import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Site } from '../../config/site.ts';
import { renderExplanation } from '../../domain/stock/explain-stock.ts';
import type { explainStock, syncInventory } from '../../workflows/index.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { startInstep, type Instep } from '../support/instep.ts';

const SKU = 'AC-1001-BLK-M';
const WRITE = 'POST /api/v1/batch-update-stock';
const SOME = { location: 'warehouse-1', from: [{ division: '01', warehouse: 'W01' }] };

let instep: Instep;
beforeAll(async () => {
  const site = (made: Site): Site => ({ ...made, stock: { ...made.stock, writes: 'on', feeds: [SOME] } });
  instep = await startInstep({ site, workers: 1 });
});
afterAll(() => instep.stop());

function startsRun(name: string) {
  return instep.client.workflow.start<typeof syncInventory>('syncInventory', {
    workflowId: `sync-inventory:${instep.name}:${name}`,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, intervalSeconds: 60, override: null }],
  });
}

test('a parked order is held back, and a run whose worker is killed while it writes comes to its end on the next worker', async () => {
  const parked = instep.checksOut({
    lines: [
      { sku: SKU, quantity: 7, unitPrice: '20.00' },
      { sku: 'NO-SUCH-SKU', quantity: 1, unitPrice: '5.00' },
    ],
  });
  await instep.pollsPurchases();
  await instep.untilAt(parked, 'parked');
  const before = instep.storefront.calls(WRITE).length;
  instep.storefront.faults.add({ kind: 'hang', ms: 60_000, route: WRITE, times: 1 });
  const run = await startsRun('killed');
  await instep.untilTrue(() => instep.storefront.calls(WRITE).length > before, 'a write');
  await instep.killWorkers();
  await instep.startWorker();
  const report = await run.result();
  expect(report.stats).toMatchObject({ fullReads: 0, unseenOrders: 1, unseenUnits: 7, refused: 0 });
  expect(instep.storefront.stock(SKU)['warehouse-1']?.stock_level).toBe(4_993);
  const again = await (await startsRun('again')).result();
  expect(again.stats).toMatchObject({ written: 0 });

  const [told] = await instep.client.workflow.execute<typeof explainStock>('explainStock', {
    workflowId: `explain-stock:${instep.name}`,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, sku: SKU, location: 'warehouse-1' }],
  });
  expect(told && renderExplanation(told).join('\n')).toMatch(/7, not in the ERP yet[^]*Published: 4993[^]*Sent 4993/);
});
