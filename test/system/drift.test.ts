import { readFile } from 'node:fs/promises';

import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import type { Site } from '../../config/site.ts';
import type { FeedReport } from '../../domain/findings.ts';
import type { ExceptionReport } from '../../domain/reports/exceptions/exception-report.ts';
import { runFeedNow } from '../../scripts/run-feed.ts';
import { feedsOf } from '../../workers/schedules.ts';
import type { reportExceptions } from '../../workflows/index.ts';
import type { FeedInput } from '../../workflows/feed-steps.ts';
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

async function runs(name: 'sync-inventory' | 'sync-prices' | 'check-drift'): Promise<FeedReport> {
  const type = feedsOf(instep.site).find((feed) => feed.name === name)?.workflowType ?? '';
  const query = `Site = '${instep.name}' AND WorkflowType = '${type}' AND ExecutionStatus = 'Completed'`;
  const completed = async () => (await instep.client.workflow.count(query)).count;
  const before = await completed();
  const report = await runFeedNow<(input: FeedInput) => Promise<FeedReport>>(instep.client, instep.site, name);
  // A search, by which the check finds the last run, shows it a moment after it is over.
  await vi.waitFor(async () => expect(await completed()).toBe(before + 1), 10_000);
  return report;
}

async function checks(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { findings } = await runs('check-drift');
  return new Map(findings.map(({ code, key, concerns }) => [`${code} ${key}`, concerns]));
}

test('what was edited by hand in the storefront is named as such with what should be there, and a run of the feed ends it', async () => {
  await runs('sync-inventory');
  const before = await checks();
  expect([...before.keys()].filter((key) => key.includes('editedByHand'))).toEqual([]);
  instep.storefront.setStock(SKU, FEED.location, { stock_level: 7777 });
  const found = await checks();
  expect(found.get('STOCK_DRIFT editedByHand')).toEqual([
    expect.stringMatching(new RegExp(`^${SKU} at warehouse-1: 7777 instead of \\d+$`)),
  ]);
  await runs('sync-inventory');
  expect([...(await checks()).keys()].filter((key) => key.includes('editedByHand'))).toEqual([]);
});

test('a write that the storefront refuses is named as refused for as long as the feed’s last run says so', async () => {
  instep.storefront.refuseStock(SKU, 'named');
  instep.storefront.setStock(SKU, FEED.location, { stock_level: 6666 });
  await runs('sync-inventory');
  const found = await checks();
  expect(found.get('STOCK_DRIFT refusedWrite')).toEqual([
    expect.stringMatching(new RegExp(`^${SKU} at warehouse-1: 6666 instead of \\d+$`)),
  ]);
  expect(found.has('STOCK_DRIFT editedByHand')).toBe(false);
  instep.storefront.refuseStock(SKU, null);
  await runs('sync-inventory');
  expect((await checks()).has('STOCK_DRIFT refusedWrite')).toBe(false);
});

test('the exception report has a row for each difference, with both figures and what lies between them', async () => {
  await runs('sync-inventory');
  await runs('sync-prices');
  instep.storefront.setStock(SKU, FEED.location, { stock_level: 7777 });
  instep.storefront.setPrices(LIST, SKU, [
    { quantity: 1, price: 24 },
    { quantity: 50, price: 8 },
  ]);
  await runs('check-drift');
  const { files } = await runFeedNow<typeof reportExceptions>(instep.client, instep.site, 'report-exceptions');
  const report: ExceptionReport = JSON.parse(
    await readFile(files.find((file) => file.endsWith('.json')) ?? '', 'utf8'),
  );
  const rows = report.rows.filter(({ section, order }) => section === 'drift' && order === SKU);
  const [price, stock] = rows;
  expect(rows).toHaveLength(2);
  expect(price).toMatchObject({
    field: `price at ${LIST} from 50 units on`,
    storefront: '8',
    erp: '24',
    money: '16.00',
    currency: 'USD',
    owner: 'finance',
  });
  expect(stock).toMatchObject({ field: 'stock at warehouse-1', storefront: '7777', owner: 'ecommerce' });
  expect(stock?.units).toBe(Number(stock?.erp) - 7777);
  await runs('sync-inventory');
  await runs('sync-prices');
});

test('a price edited by hand is told from one that the ERP changed since the feed ran', async () => {
  await runs('sync-prices');
  expect([...(await checks()).keys()].filter((key) => key.startsWith('PRICE_DRIFT'))).toEqual([]);
  instep.storefront.setPrices(LIST, SKU, [{ quantity: 1, price: 9.99 }]);
  expect((await checks()).get('PRICE_DRIFT editedByHand')).toEqual([`${SKU} at ${LIST}: 9.99 instead of 24`]);

  await runs('sync-prices');
  instep.erp.setPrice({ level: 'B', currency: 'USD', division: '01', style: 'AC-1001', price: '21.00' });
  const moved = await checks();
  expect(moved.has('PRICE_DRIFT editedByHand')).toBe(false);
  expect(moved.get('PRICE_DRIFT lateFeed')).toContain(`${SKU} at ${LIST}: 24 instead of 21`);
  await runs('sync-prices');
  expect([...(await checks()).keys()].filter((key) => key.startsWith('PRICE_DRIFT'))).toEqual([]);
});
