import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createStockStore } from '../../../connectors/bluecherry/stock-store.ts';
import type { KeptPart } from '../../../domain/stock/merge-part.ts';
import type { StockRow } from '../../../domain/stock/stock-row.ts';
import { aLog } from './support.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stock-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function aStore(origin = 'https://erp/INSTEP/TEST', log = aLog()) {
  return createStockStore({ folder, origin, log });
}

const ROW: StockRow = {
  sku: { division: '01', style: '00123', color: 'BLK', label: 'A', dimension: '', size: 'M', upc: '012345678905' },
  sizeBucket: null,
  warehouse: 'W01',
  buckets: {
    onHand: 120,
    picked: 10,
    open: 30,
    reserved: 0,
    openToSell: -5,
    openToSellWithWork: 330,
    workInProcess: 200,
    onPurchaseOrder: 0,
    inTransit: 50,
  },
};
const PART: KeptPart = {
  division: '01',
  warehouse: 'W01',
  snapshot: '881',
  asOf: '2025-11-23T11:00:00.000Z',
  rows: [ROW, { ...ROW, sizeBucket: 3, sku: { ...ROW.sku, size: 'L', upc: '' } }],
  absent: [{ row: { ...ROW, sku: { ...ROW.sku, size: 'S' } }, snapshot: '880', asOf: '2025-11-23T10:45:00.000Z' }],
};

test('a part comes back as it was kept, for the next process too, and only for its own ERP', async () => {
  const store = aStore();
  expect(await store.part(PART)).toBeNull();
  await store.keep(PART);
  expect(await store.part(PART)).toBe(PART);
  expect(await store.part({ division: '01', warehouse: 'W02' })).toBeNull();
  expect(await aStore().part(PART)).toEqual(PART);
  expect(await aStore('https://erp/INSTEP/LIVE').part(PART)).toBeNull();
});

test('any rows come back as they were kept', async () => {
  const text = fc.string({ maxLength: 4, unit: 'grapheme' });
  const code = fc.oneof(text, fc.constantFrom('', '01', 'A+B', '..', '/'));
  const count = fc.integer({ min: -100_000, max: 100_000 });
  const row = fc.record({
    sku: fc.record({ division: code, style: code, color: code, label: code, dimension: code, size: code, upc: code }),
    sizeBucket: fc.option(fc.integer({ min: 1, max: 24 })),
    warehouse: code,
    buckets: fc.record({
      onHand: count,
      picked: count,
      open: count,
      reserved: count,
      openToSell: count,
      openToSellWithWork: count,
      workInProcess: count,
      onPurchaseOrder: count,
      inTransit: count,
    }),
  });
  const part = fc.record({
    division: code,
    warehouse: code,
    snapshot: text,
    asOf: text,
    rows: fc.array(row, { maxLength: 5 }),
    absent: fc.array(fc.record({ row, snapshot: text, asOf: text }), { maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(part, async (kept) => {
      await aStore().keep(kept);
      expect(await aStore().part(kept)).toEqual(kept);
    }),
    { numRuns: 50 },
  );
});

test.each([
  ['cut off', (file: string) => file.slice(0, 100)],
  ['short of a column', (file: string) => file.replace('[120,120]', '[120]')],
  ['holding no number', (file: string) => file.replace('[120,120]', '[120,"120"]')],
])('a file that is %s counts as none, and says so', async (_how, spoilt) => {
  await aStore().keep(PART);
  const [name = ''] = await readdir(folder);
  const whole = await readFile(join(folder, name), 'utf8');
  expect(spoilt(whole)).not.toBe(whole);
  await writeFile(join(folder, name), spoilt(whole));
  const log = aLog();
  expect(await aStore(undefined, log).part(PART)).toBeNull();
  expect(log.lines).toMatchObject([{ level: 'warn' }]);
});

test('what was sent is known with its time, and counts as read back when the storefront first shows it', async () => {
  const store = aStore();
  const write = { sku: 'AC-1001-BLK-M', location: 'warehouse-1', units: 7, restockDate: '2026-03-01', floor: -9 };
  const shown = { ...write, locationId: 'id-1' };
  await store.noteSent([write, { ...write, location: 'warehouse-2', restockDate: null, floor: null }], 'at 1');
  await store.noteShown([{ ...shown, units: 8 }], 'at 2');
  expect(await store.sent(write.sku, 'warehouse-1')).toEqual({ ...write, sentAt: 'at 1', readBackAt: null });
  await store.noteShown([shown], 'at 3');
  await store.noteShown([shown], 'at 4');
  await store.flush();
  const next = aStore();
  expect(await next.sent(write.sku, 'warehouse-1')).toEqual({ ...write, sentAt: 'at 1', readBackAt: 'at 3' });
  expect(await next.sent(write.sku, 'warehouse-2')).toMatchObject({ restockDate: null, floor: null, readBackAt: null });
  expect(await next.sent('OTHER', 'warehouse-1')).toBeNull();
  await next.noteSent([{ ...write, units: 6 }], 'at 5');
  expect(await next.sent(write.sku, 'warehouse-1')).toMatchObject({ units: 6, sentAt: 'at 5', readBackAt: null });
});

test('nothing new is nothing written', async () => {
  const store = aStore();
  await store.noteSent([], 'at 1');
  await store.flush();
  expect(await readdir(folder)).toEqual([]);
});
