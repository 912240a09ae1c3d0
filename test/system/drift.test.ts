import { randomUUID } from 'node:crypto';

import { TypedSearchAttributes } from '@temporalio/common';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { Site } from '../../config/site.ts';
import type { FeedReport } from '../../domain/findings.ts';
import type { checkDrift, syncInventory, syncPrices } from '../../workflows/index.ts';
import { attributes } from '../../workflows/search-attributes.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { startInstep, type Instep } from '../support/instep.ts';

const SKU = 'AC-1001-BLK-M';
const LIST = 'erp-wholesale-usd';
const FEED = { location: 'warehouse-1', from: [{ division: '01', warehouse: 'W01' }] };

let instep: Instep;
beforeAll(async () => {
  const site = (made: Site): Site => ({
    ...made,
    stock: { ...made.stock, writes: 'on', feeds: [FEED] },
    pricing: {
      ...made.pricing,
      mode: 'write',
      lists: [
        {
          managedBy: 'erp',
          list: LIST,
          name: '',
          source: { currency: 'USD', level: 'B', baseLevel: 'A', customer: '' },
        },
      ],
    },
  });
  instep = await startInstep({ site });
});
afterAll(() => instep.stop());

async function runs(type: 'syncInventory' | 'syncPrices' | 'checkDrift'): Promise<FeedReport> {
  const workflowId = `${type}:${instep.name}:${randomUUID()}`;
  const report = await instep.client.workflow.execute<typeof syncInventory | typeof syncPrices | typeof checkDrift>(
    type,
    {
      workflowId,
      taskQueue: ordersQueue(instep.name),
      args: [{ site: instep.name, intervalSeconds: 60, override: null }],
      workflowExecutionTimeout: '60s',
      typedSearchAttributes: new TypedSearchAttributes([{ key: attributes.Site, value: instep.name }]),
    },
  );
  // A search shows a run a moment after it is over.
  const query = `WorkflowId = '${workflowId}' AND ExecutionStatus = 'Completed'`;
  await vi.waitFor(async () => expect((await instep.client.workflow.count(query)).count).toBe(1), 10_000);
  return report;
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

test('a write that the storefront refuses is named as refused for as long as the feed’s last run says so', async () => {
  instep.storefront.refuseStock(SKU, 'named');
  instep.storefront.setStock(SKU, FEED.location, { stock_level: 6666 });
  await runs('syncInventory');
  const found = await checks();
  expect(found.get('STOCK_DRIFT refusedWrite')).toEqual([
    expect.stringMatching(new RegExp(`^${SKU} at warehouse-1: 6666 instead of \\d+$`)),
  ]);
  expect(found.has('STOCK_DRIFT editedByHand')).toBe(false);
  instep.storefront.refuseStock(SKU, null);
  await runs('syncInventory');
  expect((await checks()).has('STOCK_DRIFT refusedWrite')).toBe(false);
});

test('a price edited by hand is told from one that the ERP changed since the feed ran', async () => {
  await runs('syncPrices');
  expect([...(await checks()).keys()].filter((key) => key.startsWith('PRICE_DRIFT'))).toEqual([]);
  instep.storefront.setPrices(LIST, SKU, [{ quantity: 1, price: 9.99 }]);
  expect((await checks()).get('PRICE_DRIFT editedByHand')).toEqual([`${SKU} at ${LIST}: 9.99 instead of 24`]);

  await runs('syncPrices');
  instep.erp.setPrice({ level: 'B', currency: 'USD', division: '01', style: 'AC-1001', price: '21.00' });
  const moved = await checks();
  expect(moved.has('PRICE_DRIFT editedByHand')).toBe(false);
  expect(moved.get('PRICE_DRIFT lateFeed')).toContain(`${SKU} at ${LIST}: 24 instead of 21`);
  await runs('syncPrices');
  expect([...(await checks()).keys()].filter((key) => key.startsWith('PRICE_DRIFT'))).toEqual([]);
});
