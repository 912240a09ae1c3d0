import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pino } from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { runPreview } from '../../activities/preview-site.ts';
import { openStockMemory } from '../../activities/stock-memory.ts';
import { createSyncInventoryActivities } from '../../activities/sync-inventory.ts';
import type { Site } from '../../config/site.ts';
import type { Preview } from '../../domain/preview/preview.ts';
import { showPreview } from '../../domain/preview/show-preview.ts';
import { asActivity, startSteps, type Steps } from '../support/steps.ts';

const SKU = 'AC-1001-BLK-M';
const LINES = [{ sku: SKU, quantity: 2, unitPrice: '20.00', taxRate: 0 }];

let steps: Steps;
let folder: string;
const memory = () => openStockMemory(join(folder, 'stock.json'));
const log = pino({ level: 'silent' });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instep-preview-'));
  steps = await startSteps();
  await steps.accepted({ lines: LINES, location: 'warehouse-1' });
  steps.storefront.checkout({ lines: LINES, location: 'warehouse-1' });
  steps.storefront.checkout({ lines: LINES, location: 'warehouse-2' });
  steps.storefront.checkout({ lines: LINES, location: 'pop-up' });
  steps.storefront.checkout({ lines: LINES, location: 'warehouse-2', paymentMethod: 'invoice' });
  const orders = { unacceptedOrders: async function* () {}, stateOf: () => Promise.resolve(null) };
  const stock = createSyncInventoryActivities({
    ...steps.dependencies,
    orders,
    memory: memory(),
    log,
  });
  await asActivity(() => stock.bringStockInStep({ override: null }));
});
afterAll(async () => {
  await steps.stop();
  await rm(folder, { recursive: true, force: true });
});

function previews(change: (site: Site) => Site, most = 200): Promise<Preview> {
  const { site, sparklayer, bluecherry, clock } = steps.dependencies;
  const call = { signal: new AbortController().signal, deadline: Date.now() + 20_000 };
  const changed = change(structuredClone(site));
  return runPreview({ site, changed, sparklayer, bluecherry, memory: memory(), clock, log }, most, call);
}

const withRules = (rules: Partial<Site['rules']>) => (site: Site) => ({ ...site, rules: { ...site.rules, ...rules } });

function counted({ orders }: Preview) {
  return Object.fromEntries(orders.map(({ cause, orders: count, money }) => [cause, [count, money]]));
}

test('the same file changes nothing, and a preview writes nothing', async () => {
  const writes = () =>
    [...steps.erp.calls(), ...steps.storefront.calls()].filter(({ method }) => !['GET', 'HEAD'].includes(method))
      .length;
  const purchases = steps.storefront.purchases();
  const before = writes();
  const preview = await previews((site) => site);
  expect(preview).toMatchObject({ looked: { orders: 5 }, differing: { orders: 0, money: [] }, orders: [] });
  expect(preview.stock.compared).toBeGreaterThan(0);
  expect(preview.stock.differing).toBe(0);
  expect(writes()).toBe(before);
  expect(steps.storefront.purchases()).toEqual(purchases);
});

test('a changed mapping is told by its cause, with the orders and the money that it concerns', async () => {
  const { locations } = steps.site.rules;
  const table = locations.table.map((row) =>
    row.location === 'warehouse-1' ? { ...row, warehouses: { ...row.warehouses, '01': 'W02' } } : row,
  );
  const known = { location: 'pop-up', warehouses: { '01': 'W01' } };
  const preview = await previews(withRules({ locations: { ...locations, table: [...table, known] } }));
  expect(counted(preview)).toEqual({
    'warehouse: W01 → W02': [2, [{ currency: 'GBP', amount: '80.00' }]],
    'hold code: LOC → none': [1, [{ currency: 'GBP', amount: '40.00' }]],
    'held for review: LOCATION_NOT_MAPPED → none': [1, [{ currency: 'GBP', amount: '40.00' }]],
  });
  expect(preview.differing).toEqual({ orders: 3, money: [{ currency: 'GBP', amount: '120.00' }] });
  expect(showPreview(preview)).toContain('3 of the last 5 would have come out differently, 120.00 GBP');
  expect(showPreview(preview)).toMatch(/2 orders {2}warehouse: W01 → W02 +80\.00 GBP/);
});

test('orders that would park are told with the code, and only the latest are looked at', async () => {
  const { payment } = steps.site.rules;
  const methods = payment.methods.filter(({ method }) => method !== 'invoice');
  const change = withRules({ payment: { ...payment, methods } });
  expect(counted(await previews(change))).toEqual({
    'outcome: goes in → parked PAYMENT_METHOD_UNKNOWN': [1, [{ currency: 'GBP', amount: '40.00' }]],
  });
  expect((await previews(change, 1)).looked.orders).toBe(1);
});

test('stock figures are told as units before and after, by the warehouses or the buffer that make the difference', async () => {
  const preview = await previews((site) => ({
    ...site,
    stock: {
      ...site.stock,
      feeds: site.stock.feeds.map((feed) =>
        feed.location === 'warehouse-2' ? { ...feed, from: [{ division: '01', warehouse: 'W01' }] } : feed,
      ),
      buffers: { ...site.stock.buffers, skus: { [SKU]: { in: 'units', units: 3 } } },
    },
  }));
  const at = (location: string) =>
    preview.stock.groups
      .flatMap(({ changes }) => changes)
      .find((each) => each.sku === SKU && each.location === location);
  const unchanged = (await previews((site) => site)).stock;
  expect(unchanged.groups).toEqual([]);
  const first = at('warehouse-1');
  expect(first).toMatchObject({ cause: 'safety buffer' });
  expect((first?.before ?? 0) - (first?.after ?? 0)).toBe(3);
  expect(at('warehouse-2')?.cause).toMatch(/^warehouses: .*W02.* → .*W01/);
});

test('a warehouse that was never read cannot be told, and says so', async () => {
  const preview = await previews((site) => ({
    ...site,
    stock: {
      ...site.stock,
      feeds: site.stock.feeds.map((feed) =>
        feed.location === 'warehouse-1' ? { ...feed, from: [{ division: '01', warehouse: 'W09' }] } : feed,
      ),
    },
  }));
  const [group] = preview.stock.groups.filter(({ cause }) => cause.includes('never read'));
  expect(group?.changes.every(({ after }) => after === null)).toBe(true);
});
