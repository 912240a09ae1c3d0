import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import type { Site } from '../../config/site.ts';
import type { FeedReport } from '../../domain/findings.ts';
import type { checkDrift, syncInventory } from '../../workflows/index.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { startInstep, type Instep } from '../support/instep.ts';

const SKU = 'AC-1001-BLK-M';
const FEED = { location: 'warehouse-1', from: [{ division: '01', warehouse: 'W01' }] };

let instep: Instep;
beforeAll(async () => {
  const site = (made: Site): Site => ({
    ...made,
    stock: { ...made.stock, writes: 'on', feeds: [FEED] },
  });
  instep = await startInstep({ site });
});
afterAll(() => instep.stop());

function runs(type: 'syncInventory' | 'checkDrift'): Promise<FeedReport> {
  return instep.client.workflow.execute<typeof syncInventory | typeof checkDrift>(type, {
    workflowId: `${type}:${instep.name}:${randomUUID()}`,
    taskQueue: ordersQueue(instep.name),
    args: [{ site: instep.name, intervalSeconds: 60, override: null }],
    workflowExecutionTimeout: '60s',
  });
}

async function checks(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { findings } = await runs('checkDrift');
  return new Map(findings.map(({ code, key, concerns }) => [`${code} ${key}`, concerns]));
}

test('what was edited by hand in the storefront is named as such with what should be there, and a run of the feed ends it', async () => {
  await runs('syncInventory');
  const before = await checks();
  expect([...before.keys()].filter((key) => key.includes('editedByHand'))).toEqual([]);
  instep.storefront.setStock(SKU, FEED.location, { stock_level: 7777 });
  const found = await checks();
  expect(found.get('STOCK_DRIFT editedByHand')).toEqual([
    expect.stringMatching(new RegExp(`^${SKU} at warehouse-1: 7777 instead of \\d+$`)),
  ]);
  await runs('syncInventory');
  expect([...(await checks()).keys()].filter((key) => key.includes('editedByHand'))).toEqual([]);
});
