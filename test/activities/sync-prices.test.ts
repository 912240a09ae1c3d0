import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { openPriceMemory } from '../../activities/price-memory.ts';
import { openShownPrices } from '../../activities/shown-prices.ts';
import { createSyncPricesActivities, type PricesReport } from '../../activities/sync-prices.ts';
import type { Site } from '../../config/site.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import { createSparkLayer } from '../../connectors/sparklayer/sparklayer.ts';
import type { GuardOverride } from '../../domain/findings.ts';
import type { ErpManagedList, PriceRules, StorefrontManagedList } from '../../domain/pricing/price-rules.ts';
import { startBlueCherry, type BlueCherryStandIn } from '../../sandbox/bluecherry/stand-in.ts';
import { startSparkLayer, type SparkLayerStandIn } from '../../sandbox/sparklayer/stand-in.ts';
import { asActivity } from '../support/steps.ts';
import { testSite } from '../support/test-site.ts';

const PATCH = 'PATCH /api/v1/price-lists/{id}/pricing';
const DAY_MS = 86_400_000;
/** SKUs for sale, and those of one style among them. */
const ALL = 55;
const OF_ONE_STYLE = 12;

const USD = { currency: 'USD', level: 'B', baseLevel: 'A', customer: '' };
const WHOLESALE: ErpManagedList = { managedBy: 'erp', list: 'erp-wholesale-usd', source: USD, name: '' };
const PROMO: StorefrontManagedList = {
  managedBy: 'storefront',
  list: 'promo',
  source: USD,
  since: '2026-03-01T00:00:00.000Z',
};
const STYLE_PRICE = { level: 'B', currency: 'USD', division: '01', style: 'AC-1001' };

let erp: BlueCherryStandIn;
let storefront: SparkLayerStandIn;
let folder: string;
let now: number;
const clock = () => new Date(now);
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  // Morning in the ERP's zone.
  now = Date.parse('2026-03-09T15:00:00Z');
  folder = await mkdtemp(join(tmpdir(), 'instep-prices-'));
  [erp, storefront] = await Promise.all([startBlueCherry({ clock }), startSparkLayer({ clock })]);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  expect([...erp.contractViolations(), ...storefront.contractViolations()]).toEqual([]);
  await Promise.all([erp.close(), storefront.close(), rm(folder, { recursive: true, force: true })]);
});

/** A worker that was just started. */
function start(pricing: Partial<PriceRules> = {}, change: (site: Site) => Site = (site) => site) {
  const plain = testSite('prices', { storefront, erp });
  const site = change({
    ...plain,
    storefront: { ...plain.storefront, priceRounds: 3 },
    pricing: { mode: 'write', lists: [WHOLESALE], shrinkPercent: 20, ordersRead: 50, ...pricing },
  });
  const log = pino({ level: 'silent' });
  const sparklayer = createSparkLayer(site.storefront, { clock, log });
  const bluecherry = createBlueCherry({ ...site.erp, cacheDir: join(folder, 'cache') }, { clock, log });
  open.push(sparklayer, bluecherry);
  const memory = openPriceMemory(join(folder, 'prices'));
  const shown = openShownPrices(join(folder, 'shown-prices'));
  const activities = createSyncPricesActivities({ site, sparklayer, bluecherry, memory, shown, clock, log });
  const run = (override: GuardOverride | null = null): Promise<PricesReport> =>
    asActivity(() => activities.syncPrices({ override }));
  return { run, bluecherry, shown };
}

const priceOf = (sku: string, list = 'erp-wholesale-usd') => storefront.prices(list)[sku];
const codes = ({ findings }: PricesReport) => findings.map(({ code }) => code);
const writes = () => storefront.calls(PATCH).length;

describe('a list of the ERP', () => {
  test('shows the ERP’s prices after one run, and the next one sends nothing; runs at once send once', async () => {
    const { run } = start();
    const [first, second] = await Promise.all([run(), run()]);
    expect(first.stats).toMatchObject({ skus: ALL, lists: 1, priced: ALL, differing: ALL, written: ALL, removals: 0 });
    expect(second.stats).toMatchObject({ priced: ALL, differing: 0, written: 0 });
    expect(priceOf('AC-1001-BLK-M')).toEqual([{ quantity: 1, price: 24 }]);
    expect(writes()).toBe(1);
    storefront.setPrices('erp-wholesale-usd', 'AC-1001-BLK-M', [{ quantity: 1, price: 9.99 }]);
    storefront.setPrices('erp-wholesale-usd', 'SOLD-ELSEWHERE', [{ quantity: 1, price: 5 }]);
    expect((await run()).stats).toMatchObject({ differing: 2, written: 2, removals: 1 });
    expect(priceOf('AC-1001-BLK-M')).toEqual([{ quantity: 1, price: 24 }]);
    expect(priceOf('SOLD-ELSEWHERE')).toBeUndefined();
  });

  test('that is missing is opened, and a customer’s own price for some sizes goes first where the size is known', async () => {
    const acme = { ...WHOLESALE, list: 'erp-acme', name: 'Acme', source: { ...USD, customer: 'ACME01' } };
    const part = { division: '01', warehouse: 'W01' };
    const { run, bluecherry } = start({ lists: [acme] }, (site) => ({
      ...site,
      stock: { ...site.stock, feeds: [{ location: 'warehouse-1', from: [part] }] },
    }));
    const blind = await run();
    expect(storefront.priceLists()).toContainEqual(
      expect.objectContaining({ slug: 'erp-acme', name: 'Acme', currency_code: 'usd', source: 'integration' }),
    );
    // Of the style's eight SKUs, four are in that colour.
    expect(blind.findings).toMatchObject([{ code: 'PRICE_SIZE_UNKNOWN', key: 'erp-acme', count: 4 }]);
    const call = { signal: new AbortController().signal, deadline: Date.now() + 10_000, priority: 'stock' } as const;
    const reading = await bluecherry.inventory.readPart(part, call);
    if (reading.kind !== 'complete') throw new Error(reading.kind);
    await bluecherry.inventory.store.keep({ ...reading.part, absent: [] });
    expect((await run()).stats).toMatchObject({ written: 2 });
    expect(priceOf('01-00123-BLK-A-L', 'erp-acme')).toEqual([{ quantity: 1, price: 26.5 }]);
    expect(priceOf('01-00123-BLK-A-M', 'erp-acme')).toEqual([{ quantity: 1, price: 24 }]);
  });

  test('shows a price on the day it is due, by the ERP’s calendar, and no longer than it is valid', async () => {
    const { run } = start();
    await run();
    erp.setPrice({ ...STYLE_PRICE, price: '21.00', from: '2026-03-10', until: '2026-03-10' });
    expect((await run()).stats.written).toBe(0);
    // Already the tenth in London, still the ninth in New York.
    now = Date.parse('2026-03-10T03:30:00Z');
    expect((await run()).stats.written).toBe(0);
    now = Date.parse('2026-03-10T04:30:00Z');
    expect((await run()).stats).toMatchObject({ written: OF_ONE_STYLE, removals: 0 });
    expect(priceOf('AC-1001-BLK-M')).toEqual([{ quantity: 1, price: 21 }]);
    now += DAY_MS;
    expect((await run()).stats.written).toBe(OF_ONE_STYLE);
    expect(priceOf('AC-1001-BLK-M')).toEqual([{ quantity: 1, price: 24 }]);
  });

  test('gets all prices but those that are refused, through a storm of conflicts; later runs send only what is missing', async () => {
    const { run } = start();
    storefront.refusePrices(['AC-1001-BLK-M']);
    storefront.faults.add({ kind: 'status', status: 409, body: 'empty', route: PATCH, times: 2 });
    const report = await run();
    expect(report.stats).toMatchObject({ written: ALL - 1, refused: 1, postponed: 0 });
    expect(report.findings).toMatchObject([{ code: 'PRICE_REFUSED', count: 1, concerns: ['AC-1001-BLK-M (price)'] }]);
    const end = storefront.faults.add({ kind: 'status', status: 409, body: 'empty', route: PATCH, times: 100 });
    erp.setPrice({ ...STYLE_PRICE, price: '22.00' });
    const busy = await run();
    expect(busy.stats).toMatchObject({ written: 0, postponed: OF_ONE_STYLE });
    expect(codes(busy)).toEqual(['PRICE_LIST_BUSY']);
    end();
    storefront.refusePrices([]);
    const last = await run();
    expect(last).toMatchObject({ stats: { written: OF_ONE_STYLE, refused: 0 }, findings: [] });
  });

  test('is finished by the next run where one broke off, without sending anything twice', async () => {
    const { run } = start({}, (site) => ({ ...site, storefront: { ...site.storefront, priceRowsPerCall: 20 } }));
    storefront.faults.add({ kind: 'answerLostAfterCommit', route: PATCH, after: 1 });
    await expect(run()).rejects.toMatchObject({ type: 'CONNECTION_LOST', nonRetryable: false });
    expect(Object.keys(storefront.prices('erp-wholesale-usd'))).toHaveLength(40);
    expect((await start().run()).stats).toMatchObject({ priced: ALL, differing: ALL - 40, written: ALL - 40 });
  });

  test('is remembered as it was left: what was refused, postponed or not answered is not known', async () => {
    const { run, shown } = start();
    const unsure = async () => [...((await shown.recall(WHOLESALE.list))?.unsure ?? [])];
    expect(await shown.recall(WHOLESALE.list)).toBeNull();
    storefront.faults.add({ kind: 'answerLostAfterCommit', route: PATCH, times: 1 });
    await expect(run()).rejects.toMatchObject({ type: 'CONNECTION_LOST' });
    expect(await unsure()).toHaveLength(ALL);
    await run();
    expect(await unsure()).toEqual([]);

    erp.setPrice({ ...STYLE_PRICE, price: '22.00' });
    storefront.refusePrices(['AC-1001-BLK-M']);
    await run();
    expect(await unsure()).toEqual(['AC-1001-BLK-M']);
    expect((await shown.recall(WHOLESALE.list))?.held.get('AC-1001-BLK-L')).toEqual([{ quantity: 1, price: '22' }]);
    storefront.refusePrices([]);
    const end = storefront.faults.add({ kind: 'status', status: 409, body: 'empty', route: PATCH, times: 100 });
    erp.setPrice({ ...STYLE_PRICE, price: '23.00' });
    await run();
    expect(await unsure()).toHaveLength(OF_ONE_STYLE);
    end();
  });

  test('that would lose too many SKUs is not written, until a person lets one run pass', async () => {
    const { run } = start();
    await run();
    const before = writes();
    erp.setPrice({ ...STYLE_PRICE, style: 'MN-2001', division: '02', price: '33.00' });
    for (const level of ['A', 'B']) erp.removePrice({ ...STYLE_PRICE, level });
    // A deletion is seen by the daily reading of the whole.
    now += DAY_MS;
    const guarded = await run();
    expect(guarded.stats).toMatchObject({ guarded: 1, removals: OF_ONE_STYLE, written: 0 });
    expect(guarded.findings).toMatchObject([
      { code: 'PRICES_SHRUNKEN', key: 'erp-wholesale-usd', count: OF_ONE_STYLE },
    ]);
    const other = await run({ guard: 'CUSTOMERS_SHRUNKEN', actor: 'ada', reason: 'no' });
    expect(codes(other)).toEqual(['PRICES_SHRUNKEN']);
    expect(writes()).toBe(before);
    const passed = await run({ guard: 'PRICES_SHRUNKEN', actor: 'ada', reason: 'the style is over' });
    expect(passed).toMatchObject({ stats: { overridden: 1, guarded: 0, written: OF_ONE_STYLE + 8 }, findings: [] });
    expect(priceOf('AC-1001-BLK-M')).toBeUndefined();
  });

  test('keeps the prices of a style that could not be read since the cache is new, and names it', async () => {
    await start().run();
    await rm(join(folder, 'cache', 'styles.json'));
    erp.faults.add({ kind: 'oddRow', change: { last_mod: '2025-11-20 10:00' }, route: 'GET /api/style' });
    const report = await start({ shrinkPercent: 100 }).run();
    expect(report.stats).toMatchObject({ skus: ALL - OF_ONE_STYLE, removals: 0, written: 0 });
    expect(report.findings).toMatchObject([{ code: 'SCHEMA_DRIFT', key: 'styles', concerns: ['AC-1001'] }]);
    expect(priceOf('AC-1001-BLK-M')).toEqual([{ quantity: 1, price: 24 }]);
  });

  test('keeps what it shows of a style one of whose prices cannot be read, and names it, until it can', async () => {
    await start().run();
    erp.setPrice({ ...STYLE_PRICE, price: '23.50' });
    // A customer's price of another style became one that goes before it, and cannot be read.
    const change = { customer: '', price_code: 'B', style: 'AC-1001', color_code: 'BLK', price: '19,50' };
    const spoilt = { kind: 'oddRow', change, route: 'GET /api/priceList' } as const;
    const named = [
      { code: 'SCHEMA_DRIFT', key: 'prices', concerns: [expect.stringMatching(/^AC-1001, level B, USD,/)] },
    ];

    erp.faults.add(spoilt);
    const changed = await start().run();
    expect(changed).toMatchObject({ stats: { priced: ALL - OF_ONE_STYLE, differing: 0 }, findings: named });
    expect(priceOf('AC-1001-BLK-M')).toEqual([{ quantity: 1, price: 24 }]);

    // Nor does one that was never read leave its place to another.
    await rm(join(folder, 'cache', 'prices.json'));
    erp.faults.add(spoilt);
    const begun = await start().run();
    expect(begun).toMatchObject({ stats: { priced: ALL - OF_ONE_STYLE, differing: 0 }, findings: named });
    expect(priceOf('AC-1001-BLK-M')).toEqual([{ quantity: 1, price: 24 }]);

    now += DAY_MS;
    const mended = await start().run();
    expect(mended).toMatchObject({ stats: { priced: ALL, written: OF_ONE_STYLE }, findings: [] });
    expect(priceOf('AC-1001-BLK-M')).toEqual([{ quantity: 1, price: 23.5 }]);
  });

  test('is left alone where it is not ours, not there, in another currency, or only to be checked', async () => {
    storefront.addPriceList({ slug: 'theirs', name: 'Theirs', currency_code: 'usd', source: 'custom' });
    const lists = [
      { ...WHOLESALE, list: 'theirs' },
      { ...WHOLESALE, list: 'nowhere' },
      { ...WHOLESALE, list: 'erp-wholesale-gbp' },
    ];
    expect(codes(await start({ lists }).run())).toEqual([
      'PRICE_LIST_FOREIGN',
      'PRICE_LIST_MISSING',
      'PRICE_LIST_CURRENCY',
    ]);
    erp.setPrice({ ...STYLE_PRICE, price: '0.00' });
    const named = { ...WHOLESALE, list: 'nowhere', name: 'To be opened' };
    const checked = await start({ mode: 'check', lists: [WHOLESALE, named] }).run();
    expect(checked.stats).toMatchObject({ differing: 2 * (ALL - OF_ONE_STYLE), written: 0 });
    expect(checked.findings).toMatchObject([
      { code: 'PRICE_INVALID', key: 'erp-wholesale-usd', count: OF_ONE_STYLE },
      { code: 'PRICE_INVALID', key: 'nowhere' },
    ]);
    expect(writes()).toBe(0);
    expect(storefront.priceLists().map(({ slug }) => slug)).not.toContain('nowhere');
  });

  test('costs the ERP nothing where the site names none', async () => {
    expect((await start({ lists: [] }).run()).findings).toEqual([]);
    expect(erp.calls()).toEqual([]);
  });
});

test('a list of the storefront is never written; a price of the ERP that did not reach it is told with its orders', async () => {
  storefront.addPriceList({ slug: 'promo', name: 'Promo', currency_code: 'usd', source: 'custom' });
  const inList = (price: number) => {
    for (const sku of ['AC-1001-BLK-M', 'MN-2001-BLK-M'])
      storefront.setPrices('promo', sku, [{ quantity: 1, price: sku.startsWith('AC') ? price : 30 }]);
  };
  inList(20);
  const buys = (quantity: number, unitPrice: string) => {
    now += 1_000;
    return storefront.checkout({
      customer: 'ACME01',
      currency: 'USD',
      lines: [{ sku: 'AC-1001-BLK-M', quantity, unitPrice, taxRate: 0 }],
    }).purchase_identifiers.visible;
  };
  now -= 40 * DAY_MS;
  buys(100, '20.00');
  now += 40 * DAY_MS;
  const first = buys(3, '20.00');
  buys(7, '24.00');
  const latest = buys(2, '20.00');

  // What differs from before is the storefront's own business.
  expect(await start({ lists: [PROMO] }).run()).toMatchObject({ stats: { unreached: 0, ordersRead: 0 }, findings: [] });

  erp.setPrice({ ...STYLE_PRICE, price: '22.50' });
  const { run } = start({ lists: [PROMO] });
  const report = await run();
  expect(report.stats).toMatchObject({ unreached: 1, ordersRead: 3, written: 0 });
  expect(report.findings).toMatchObject([{ code: 'PRICE_NOT_REACHED', key: 'promo', count: 1, value: '12.50' }]);
  expect(report.unreached).toEqual([
    {
      list: 'promo',
      currency: 'USD',
      sku: 'AC-1001-BLK-M',
      erp: '22.5',
      storefront: '20',
      count: 2,
      orders: [latest, first],
      difference: '12.50',
    },
  ]);
  const reads = storefront.calls('GET /api/v1/purchases/{id}').length;
  // It is told until the list follows, and orders that are known are not read again.
  expect((await run()).stats).toMatchObject({ unreached: 1, ordersRead: 3 });
  expect(storefront.calls('GET /api/v1/purchases/{id}')).toHaveLength(reads);
  expect((await start({ lists: [PROMO], ordersRead: 1 }).run()).findings[0]?.says).toContain('2 orders');
  // Nothing of it is lost with the memory; but a person may settle it as it is.
  await rm(join(folder, 'prices'), { recursive: true });
  expect((await run()).stats.unreached).toBe(1);
  const settled = { ...PROMO, since: clock().toISOString() };
  expect((await start({ lists: [settled] }).run()).findings).toEqual([]);
  inList(22.5);
  expect((await run()).findings).toEqual([]);
  erp.removePrice(STYLE_PRICE);
  now += DAY_MS;
  expect((await run()).unreached).toMatchObject([{ sku: 'AC-1001-BLK-M', erp: '30', storefront: '22.5' }]);
  expect(writes()).toBe(0);
});
