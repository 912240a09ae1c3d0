import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { createExplainStockActivities } from '../../activities/explain-stock.ts';
import { entryText, shortFingerprint } from '../../activities/own-entry.ts';
import { openStockMemory } from '../../activities/stock-memory.ts';
import { createSyncInventoryActivities } from '../../activities/sync-inventory.ts';
import type { Site } from '../../config/site.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import { createSparkLayer } from '../../connectors/sparklayer/sparklayer.ts';
import { newOrder } from '../../domain/order-lifecycle.ts';
import type { OrderState } from '../../domain/order-state.ts';
import type { FeedReport, GuardOverride } from '../../domain/findings.ts';
import { purchaseFingerprint } from '../../domain/purchase-fingerprint.ts';
import { renderExplanation } from '../../domain/stock/explain-stock.ts';
import { startBlueCherry, type BlueCherryStandIn } from '../../sandbox/bluecherry/stand-in.ts';
import { startSparkLayer, type SparkLayerStandIn } from '../../sandbox/sparklayer/stand-in.ts';
import { asActivity, startSteps } from '../support/steps.ts';
import { testSite } from '../support/test-site.ts';

const ERP_STOCK = 'GET /api/inventory';
const WRITE = 'POST /api/v1/batch-update-stock';
const MINUTE_MS = 60_000;
const CREW = { division: '01', style: 'AC-1001', color: 'BLK', label: 'A', dimension: '', size: 'M' };
const CREW_SKU = 'AC-1001-BLK-M';
/** SKUs for sale at two locations. */
const PAIRS = 110;

let erp: BlueCherryStandIn;
let storefront: SparkLayerStandIn;
let folder: string;
let now = Date.parse('2026-03-09T15:00:00Z');
const clock = () => new Date(now);
const open: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  now = Date.parse('2026-03-09T15:00:00Z');
  folder = await mkdtemp(join(tmpdir(), 'instep-stock-'));
  [erp, storefront] = await Promise.all([
    startBlueCherry({ clock, countsWorkAsStock: true }),
    startSparkLayer({ clock }),
  ]);
});

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  expect([...erp.contractViolations(), ...storefront.contractViolations(), ...erp.checkInvariants()]).toEqual([]);
  await Promise.all([erp.close(), storefront.close(), rm(folder, { recursive: true, force: true })]);
});

/** A worker that was just started. */
function start(change: (site: Site) => Site = (site) => site, unaccepted: readonly string[] = []) {
  const plain = testSite('stock', { storefront, erp });
  const from = (warehouse: string) => ['01', '02'].map((division) => ({ division, warehouse }));
  const site = change({
    ...plain,
    stock: {
      ...plain.stock,
      writes: 'on',
      feeds: [
        { location: 'warehouse-1', from: from('W01') },
        { location: 'warehouse-2', from: from('W02') },
      ],
      buffers: { ...plain.stock.buffers, locations: {}, styleGroups: [], skus: {} },
    },
  });
  const log = pino({ level: 'silent' });
  const settings = { ...site.storefront, stockRowsPerCall: site.stock.rowsPerCall };
  const sparklayer = createSparkLayer(settings, { clock, log });
  const bluecherry = createBlueCherry(
    { ...site.erp, cacheDir: join(folder, 'cache'), inventory: { pageSize: 20, restarts: 2 } },
    { clock, log },
  );
  open.push(sparklayer, bluecherry);
  const orders = {
    unacceptedOrders: async function* () {
      yield* unaccepted;
    },
    stateOf: () => Promise.resolve(null),
  };
  const memory = openStockMemory(join(folder, 'stock.json'));
  const dependencies = { site, sparklayer, bluecherry, orders, memory, clock, log };
  const feed = createSyncInventoryActivities(dependencies);
  const explaining = createExplainStockActivities(dependencies);
  return {
    run: (override: GuardOverride | null = null): Promise<FeedReport> =>
      asActivity(() => feed.bringStockInStep({ override })),
    explain: (sku: string, location: string | null = null) =>
      asActivity(() => explaining.explainStock({ sku, location })),
    feed,
    bluecherry,
  };
}

const unitsOf = (sku = CREW_SKU, location = 'warehouse-1') => storefront.stock(sku)[location]?.stock_level;
const codes = ({ findings }: FeedReport) =>
  findings.map(({ code }) => code).filter((code) => code !== 'STOCK_OVERSTATED');
const reads = () => erp.calls(ERP_STOCK).length;
const writes = () => storefront.calls(WRITE).length;

test('what the ERP makes is not sold, runs at once send once, and a hand edit is put right; each figure explains itself', async () => {
  const { run, explain } = start();
  const [first, second] = await Promise.all([run(), run()]);
  expect(first.stats).toMatchObject({ fullReads: 4, compared: PAIRS, added: PAIRS, written: PAIRS });
  expect(first.findings).toContainEqual(expect.objectContaining({ code: 'STOCK_OVERSTATED', key: '01 W01' }));
  expect(second.stats).toMatchObject({ fullReads: 0, equal: PAIRS, written: 0 });
  expect(writes()).toBe(1);
  // 250 more are on work orders, and this installation calls them open to sell.
  expect(unitsOf()).toBe(5_000);

  storefront.setStock(CREW_SKU, 'warehouse-1', { stock_level: 9_999 });
  const before = reads();
  expect((await run()).stats).toMatchObject({ lowered: 1, written: 1 });
  // Nothing new: one look.
  expect(reads()).toBe(before + 1);
  expect(unitsOf()).toBe(5_000);

  erp.adjustStock(CREW, 'W01', -4_990);
  now += 15 * MINUTE_MS;
  expect((await run()).stats).toMatchObject({ fullReads: 0, deltaReads: 1, written: 1 });
  expect(unitsOf()).toBe(10);
  const [told, ...others] = await explain(CREW_SKU, 'warehouse-1');
  expect(others).toEqual([]);
  expect(told && renderExplanation(told).join('\n')).toMatch(/open to sell 260[^]*work orders counted[^]*Sent 10 at/);
  expect(await explain('NO-SUCH-SKU')).toEqual([]);
  // A worker that was started anew goes on from its disk.
  expect((await start().run()).stats).toMatchObject({ fullReads: 0, deltaReads: 0, equal: PAIRS });
});

test('figures that are not fit to be taken may lower what is published and never raise it, until a person lets one run pass', async () => {
  const daily = (site: Site): Site => ({ ...site, stock: { ...site.stock, fullReadMinutes: 20 } });
  const { run } = start(daily);
  erp.faults.add({ kind: 'snapshotChanged', route: ERP_STOCK, after: 2, times: 1 });
  expect((await run()).stats).toMatchObject({ fullReads: 4, notTaken: 0 });

  now += 30 * MINUTE_MS;
  erp.faults.add({ kind: 'truncatedSnapshot', keep: 0.7, route: ERP_STOCK, times: 999 });
  storefront.setStock(CREW_SKU, 'warehouse-1', { stock_level: 9_999 });
  storefront.setStock(CREW_SKU, 'warehouse-2', { stock_level: 3 });
  const cut = await run();
  expect(cut.stats).toMatchObject({ notTaken: 4, lowered: 1, heldBack: 1, raised: 0 });
  expect([...new Set(codes(cut))]).toEqual(['STOCK_SHRUNKEN']);
  expect([unitsOf(), unitsOf(CREW_SKU, 'warehouse-2')]).toEqual([5_000, 3]);
  // It is told by every run, and not read again.
  const before = reads();
  expect(codes(await start(daily).run())).toEqual(codes(cut));
  expect(reads()).toBe(before + 1);
  const other = await run({ guard: 'STOCK_STALE', actor: 'ada', reason: 'no' });
  expect(codes(other)).toEqual(codes(cut));
  const passed = await run({ guard: 'STOCK_SHRUNKEN', actor: 'ada', reason: 'season’s end' });
  expect(passed.stats).toMatchObject({ overridden: 4, notTaken: 0 });
  expect(codes(passed)).not.toContain('STOCK_SHRUNKEN');

  erp.faults.clear();
  now += 30 * MINUTE_MS;
  erp.faults.add({ kind: 'snapshotChanged', route: ERP_STOCK, after: 1, times: 999 });
  expect([...new Set(codes(await run()))]).toContain('STOCK_UNSTABLE');
  erp.faults.clear();
  const whole = await run();
  expect(whole.stats).toMatchObject({ fullReads: 4, notTaken: 0, heldBack: 0 });
  expect(codes(whole)).toEqual([]);
  expect(unitsOf(CREW_SKU, 'warehouse-2')).toBe(800);
});

test('while the ERP is silent or its job stands still the buffer grows, and a refused key fails the run', async () => {
  const { run } = start();
  await run();
  now += 3 * 60 * MINUTE_MS;
  const end = erp.faults.add({ kind: 'status', status: 503, route: ERP_STOCK, times: 99 });
  const silent = await run();
  expect(codes(silent)).toEqual(['STOCK_INCOMPLETE']);
  expect(silent.stats).toMatchObject({ oldestMinutes: 180, raised: 0 });
  const held = unitsOf() ?? 0;
  expect(held).toBeLessThan(5_000);
  expect(held).toBeGreaterThan(4_500);
  end();
  erp.stallJob('ats_snapshot');
  now += 5 * 60 * MINUTE_MS;
  const stale = await run();
  expect([...new Set(codes(stale))]).toEqual(['STOCK_STALE']);
  expect(unitsOf()).toBeLessThan(held);
  const between = reads();
  const night = start((site) => ({ ...site, erp: { ...site.erp, freezeWindow: { from: '18:00', to: '20:00' } } }));
  expect((await night.run()).stats).toMatchObject({ isInBatchWindow: 1, fullReads: 0 });
  expect(reads()).toBe(between);
  erp.resumeJob('ats_snapshot');
  const fresh = await run();
  expect(fresh.stats).toMatchObject({ oldestMinutes: 0, lowered: 0 });
  expect(unitsOf()).toBe(5_000);
  erp.revokeKeys('both');
  storefront.setStock(CREW_SKU, 'warehouse-1', { stock_level: 6_000 });
  await expect(run()).rejects.toMatchObject({ type: 'CREDENTIALS_REFUSED', nonRetryable: true });
  // What is known is published all the same.
  expect(unitsOf()).toBe(5_000);
});

test('one snapshot that is dated ahead is refused, whoever lets it pass, and the next one brings what moved meanwhile', async () => {
  const { run } = start();
  await run();
  // Its job wrote another zone than the ERP’s; rows and log are right.
  now += 20 * MINUTE_MS;
  erp.adjustStock(CREW, 'W01', -1_000);
  erp.advanceClock(5 * 60 * MINUTE_MS);
  erp.runJob('ats_snapshot');
  erp.advanceClock(-5 * 60 * MINUTE_MS);
  expect([...new Set(codes(await run()))]).toEqual(['STOCK_STALE']);
  const passed = await run({ guard: 'STOCK_STALE', actor: 'ada', reason: 'clocks' });
  expect(passed.stats).toMatchObject({ notTaken: 4, overridden: 0 });
  expect(unitsOf()).toBe(5_000);

  now += 20 * MINUTE_MS;
  erp.adjustStock(CREW, 'W01', -3_990);
  const next = await run();
  expect(next.stats).toMatchObject({ notTaken: 0, deltaReads: 1 });
  expect(codes(next)).toEqual([]);
  expect(unitsOf()).toBe(10);
});

test('one refused row and an unknown location cost nobody else; where Instep may not write it says what it would', async () => {
  const elsewhere = { location: 'pop-up', from: [{ division: '01', warehouse: 'W03' }] };
  const only = start((site) => ({
    ...site,
    stock: { ...site.stock, writes: 'off', feeds: [...site.stock.feeds, elsewhere] },
  }));
  expect((await only.run()).stats).toMatchObject({ differing: PAIRS, written: 0 });
  expect(writes()).toBe(0);
  storefront.refuseStock(CREW_SKU, 'named');
  const { run } = start((site) => ({ ...site, stock: { ...site.stock, feeds: [...site.stock.feeds, elsewhere] } }));
  const report = await run();
  expect(report.stats).toMatchObject({ written: PAIRS - 2, refused: 2 });
  expect(report.findings).toContainEqual(expect.objectContaining({ code: 'STOCK_LOCATION_UNKNOWN', key: 'pop-up' }));
  expect(report.findings).toContainEqual(expect.objectContaining({ code: 'STOCK_WRITE_REFUSED', count: 2 }));
  storefront.refuseStock(CREW_SKU, null);
  expect((await run()).stats).toMatchObject({ written: 2, refused: 0 });
});

test('of what the storefront lists the ERP’s items are kept, what it took off is sold out, and what is not its own is left', async () => {
  storefront.addProduct('Crew', [CREW_SKU, 'NOT-OURS']);
  storefront.setStock('NOT-OURS', 'warehouse-1', { stock_level: 5 });
  const { run, bluecherry } = start();
  const first = await run();
  expect(first.stats).toMatchObject({ skus: 2, items: 1, written: 2 });
  expect(first.findings).toContainEqual(expect.objectContaining({ code: 'STOCK_UNMATCHED', concerns: ['NOT-OURS'] }));
  erp.setSkuLive(CREW, false);
  now += MINUTE_MS;
  await bluecherry.reference.refresh({
    signal: new AbortController().signal,
    deadline: Date.now() + 10_000,
    priority: 'catalogue',
  });
  expect((await run()).stats).toMatchObject({ items: 1, lowered: 2 });
  expect([unitsOf(), unitsOf('NOT-OURS')]).toEqual([0, 5]);
});

test('items of a style that could not be read since the cache is new are not sold out: their stock falls, and does not rise', async () => {
  storefront.addProduct('Scarf and shirt', ['SCARF-1-GRY-OS', CREW_SKU]);
  await start().run();
  await rm(join(folder, 'cache', 'styles.json'));
  erp.faults.add({ kind: 'oddRow', change: { last_mod: '2025-11-20 10:00' }, route: 'GET /api/style' });
  const { run, bluecherry, explain } = start();
  storefront.setStock(CREW_SKU, 'warehouse-1', { stock_level: 9_999 });
  storefront.setStock(CREW_SKU, 'warehouse-2', { stock_level: 3 });
  const report = await run();
  expect(bluecherry.reference.unknownStyles()).toEqual(['AC-1001']);
  expect(report.findings).toContainEqual(
    expect.objectContaining({ code: 'SCHEMA_DRIFT', key: 'styles', concerns: ['AC-1001'] }),
  );
  expect([unitsOf(), unitsOf(CREW_SKU, 'warehouse-2')]).toEqual([5_000, 3]);
  expect(report.stats).toMatchObject({ lowered: 1, heldBack: 1, written: 1 });
  expect((await explain(CREW_SKU, 'warehouse-1')).flatMap(renderExplanation)[0]).toContain('its style cannot be read');
});

test('a product without variants, or one that cannot be read, stops the stock of nothing', async () => {
  storefront.addProduct('Soon', []);
  storefront.addProduct('Crew', [CREW_SKU]);
  storefront.addProduct('Strange crew', ['AC-1001-BLK-L', 'AC-1001-BLK-S']);
  storefront.faults.add({ kind: 'missingFields', fields: ['variants'], where: 'empty lists', times: 99 });
  const { run } = start();
  expect(codes(await run())).toEqual([]);
  storefront.editVariant('AC-1001-BLK-L', { options: [{ group: 'Size', value: 12 }] });
  for (const sku of [CREW_SKU, 'AC-1001-BLK-L', 'AC-1001-BLK-S'])
    storefront.setStock(sku, 'warehouse-1', { stock_level: 9_999 });
  const strange = await run();
  expect(strange.stats).toMatchObject({ skus: 3, lowered: 3, written: 3 });
  expect(strange.findings).toContainEqual(
    expect.objectContaining({ code: 'SCHEMA_DRIFT', key: 'products', concerns: [expect.stringMatching(/^row \d: /)] }),
  );
});

test('a run that is killed half way is finished by the next one, which reads and sends only what is missing', async () => {
  const small = (site: Site): Site => ({
    ...site,
    storefront: { ...site.storefront, concurrency: 2 },
    stock: { ...site.stock, rowsPerCall: 20 },
  });
  storefront.faults.add({ kind: 'hang', ms: 60_000, route: WRITE, after: 2, times: 1 });
  const { feed } = start(small);
  const environment = new MockActivityEnvironment({ startToCloseTimeoutMs: 60_000 });
  const running = environment.run(() => feed.bringStockInStep({ override: null }));
  await expect.poll(() => writes(), { timeout: 5_000, interval: 5 }).toBe(3);
  environment.cancel();
  await expect(running).rejects.toThrow('CANCELLED');
  expect((await start(small).run()).stats).toMatchObject({ fullReads: 0, equal: 40, written: PAIRS - 40 });
});

test('orders that the figures cannot know are held back: parked, staged, imported later, raised; and each only as long', async () => {
  const { steps, dependencies, site, states, unaccepted, run, units } = await stockBeside();

  await run();
  expect(units()).toBe(5_000);
  steps.erp.stallJob('ats_snapshot');
  // One that nobody has sent yet, one that is refused for what else it holds, one that a person ended, one of before.
  const parked = String(steps.storefront.checkout(buys(7)).purchase_identifiers.sparklayer);
  unaccepted.push(parked);
  const strange = { lines: [...buys(2).lines, { sku: 'NO-SUCH-SKU', quantity: 1, unitPrice: '5.00' }] };
  steps.storefront.checkout(strange);
  const ended = steps.storefront.checkout(buys(100));
  const closed = JSON.stringify({ state: '', orders: [], content: '', closed: { actor: 'ada', reason: 'by hand' } });
  steps.storefront.amend(String(ended.purchase_identifiers.sparklayer), (purchase) => {
    purchase.metadata = [...(purchase.metadata ?? []), { name: site.ownEntry.name, value: closed }];
  });
  steps.storefront.checkout({ ...buys(100), placedAt: '2019-06-01T00:00:00Z' });
  const all = await run();
  expect(all.stats).toMatchObject({ unseenOrders: 2, unseenUnits: 9, written: 1 });
  expect(units()).toBe(4_991);

  const taken = await steps.accepted(buys(5));
  expect((await run()).stats).toMatchObject({ unseenOrders: 3, unseenUnits: 14 });
  expect(units()).toBe(4_986);
  steps.erp.resumeJob('ats_snapshot');
  steps.erp.advanceClock(2_000);
  // Now the ERP's own figures know it.
  steps.erp.runJob('ats_snapshot');
  expect((await run()).stats).toMatchObject({ unseenOrders: 2, unseenUnits: 9 });
  expect(units()).toBe(4_986);

  const [facts] = taken.documents;
  const at = new Date().toISOString();
  const fresh = newOrder({ site: site.name, key: taken.key, reference: taken.reference }, at);
  states.set(taken.key, { ...fresh, sent: facts?.sent ?? null, agreed: facts?.agreed ?? null });
  steps.storefront.setQuantity(taken.key, CREW_SKU, 8);
  expect((await run()).stats).toMatchObject({ unseenOrders: 3, unseenUnits: 12 });
  expect(units()).toBe(4_983);
  const explaining = createExplainStockActivities(dependencies);
  const [told] = await asActivity(() => explaining.explainStock({ sku: CREW_SKU, location: null }));
  expect(told?.unseenOrders.map(({ units, why }) => `${units} ${why}`).toSorted()).toEqual([
    '2 notInErp',
    '3 increase',
    '7 notInErp',
  ]);
  // Without the import log the safe way is taken: what moved since the figures counts in full.
  steps.erp.faults.add({ kind: 'status', status: 503, route: 'GET /api/importLog', times: 9 });
  expect((await run()).stats['unseenUnits']).toBe(17);
  steps.erp.faults.clear();
  steps.storefront.cancel(parked);
  expect((await run()).stats['unseenUnits']).toBe(5);
  expect(units()).toBe(4_990);
});

test('an order that the import log does not show is held back until the figures are surely later, and not for a late touch', async () => {
  const soon = (site: Site): Site => ({ ...site, intake: { ...site.intake, overlapMinutes: 1 } });
  const { steps, site, states, run, units } = await stockBeside({ site: soon });
  await run();
  steps.erp.stallJob('ats_snapshot');
  steps.erp.faults.add({ kind: 'logRowMissing', route: 'POST /api/salesOrder', times: 1 });
  const { key, reference } = await steps.accepted(buys(5));
  expect((await run()).stats['unseenUnits']).toBe(5);
  expect(units()).toBe(4_995);
  steps.erp.resumeJob('ats_snapshot');
  steps.erp.advanceClock(2 * MINUTE_MS);
  steps.erp.runJob('ats_snapshot');
  expect((await run()).stats['unseenUnits']).toBe(0);
  expect(units()).toBe(4_995);

  // Its progress is written there after these figures: only the order can say that it was imported before them.
  steps.erp.stallJob('ats_snapshot');
  steps.storefront.advanceClock(5 * MINUTE_MS);
  steps.storefront.amend(key, (purchase) => {
    purchase.metadata = (purchase.metadata ?? []).map((each) =>
      each.name === site.ownEntry.name
        ? { ...each, value: JSON.stringify({ ...JSON.parse(String(each.value)), state: 'Being picked' }) }
        : each,
    );
  });
  expect((await run()).stats['unseenUnits']).toBe(5);
  const fresh = newOrder({ site: site.name, key, reference }, steps.erp.now().toISOString());
  const ago = (minutes: number) => new Date(steps.erp.now().getTime() - minutes * MINUTE_MS).toISOString();
  const known: OrderState = {
    ...fresh,
    step: { at: 'settled', orderNumber: '104512' },
    facts: { ...fresh.facts, orderNumber: '104512' },
    followedAt: ago(0),
    inErpBy: ago(60),
  };
  states.set(key, known);
  expect((await run()).stats['unseenUnits']).toBe(0);
  // What was changed by us since, or may be about to be.
  states.set(key, { ...known, inErpBy: ago(0) });
  expect((await run()).stats['unseenUnits']).toBe(5);
  states.set(key, { ...known, step: { at: 'toFollow', orderNumber: '104512' } });
  expect((await run()).stats['unseenUnits']).toBe(5);
  // An earlier version did not keep that.
  const { inErpBy: _kept, ...earlier } = known;
  states.set(key, { ...earlier, followedAt: ago(60) });
  expect((await run()).stats['unseenUnits']).toBe(0);
});

test('an order that was accepted and is not noted on its purchase yet is held back as well', async () => {
  const { steps, site, states, run, units } = await stockBeside();
  await run();
  steps.erp.stallJob('ats_snapshot');
  const { key, reference, order } = await steps.prepared(buys(7));
  const fresh = newOrder({ site: site.name, key, reference }, new Date().toISOString());
  const accepted: OrderState = {
    ...fresh,
    step: { at: 'settled', orderNumber: '104512' },
    facts: { ...fresh.facts, orderNumber: '104512' },
    agreed: order,
  };
  states.set(key, accepted);
  expect((await run()).stats['unseenUnits']).toBe(7);
  states.set(key, { ...accepted, inErpBy: new Date().toISOString() });
  expect((await run()).stats['unseenUnits']).toBe(7);
  expect(units()).toBe(4_993);
  states.set(key, { ...accepted, inErpBy: new Date(Date.now() - 60 * MINUTE_MS).toISOString() });
  expect((await run()).stats['unseenUnits']).toBe(0);
});

test('what one division of an order still wants is held back after the other division was shipped', async () => {
  const { steps, site, run, units } = await stockBeside({ divisions: ['02', '01'] });
  await run();
  // Half an hour ago its first document was shipped; its second was refused, and waits for people.
  steps.storefront.advanceClock(-30 * MINUTE_MS);
  const lines = [...buys(7).lines, { sku: 'MN-2001-OLV-M', quantity: 3, unitPrice: '35.00' }];
  const placed = steps.storefront.checkout({ lines }).purchase_identifiers.sparklayer;
  const key = { kind: 'sparklayer', value: String(placed) } as const;
  const shipped = steps.storefront.amend(key.value, (purchase) => {
    const [parcel] = purchase.packages;
    if (!parcel) throw new Error('no package');
    const of = (sku: string) => parcel.line_items.filter(({ identifiers }) => identifiers.sku === sku);
    purchase.packages = [
      { ...parcel, line_items: of(CREW_SKU) },
      { ...parcel, id: randomUUID(), type: 'shipment', line_items: of('MN-2001-OLV-M'), shipping_method: null },
    ];
    purchase.purchase_identifiers.internal = '500001';
  });
  const call = { signal: new AbortController().signal, deadline: Date.now() + 10_000 };
  const purchase = await steps.dependencies.sparklayer.getPurchase(key, call);
  if (!purchase) throw new Error('no purchase');
  const content = shortFingerprint(purchaseFingerprint(purchase, site.ownEntry.name));
  const note = { purchase: key.value, state: 'Shipped', orders: ['500001', ''], content, before: '', closed: null };
  steps.storefront.amend(key.value, (stored) => {
    stored.metadata = [...(shipped.metadata ?? []), { name: site.ownEntry.name, value: entryText(note) }];
  });
  steps.erp.advanceClock(2_000);
  steps.erp.runJob('ats_snapshot');
  expect((await run()).stats['unseenUnits']).toBe(7);
  expect(units()).toBe(4_993);
});

test('a purchase that the storefront refuses to show stops the stock of nothing, and is named', async () => {
  const { steps, run, units } = await stockBeside();
  await run();
  const refused = String(steps.storefront.checkout(buys(7)).purchase_identifiers.sparklayer);
  steps.storefront.checkout(buys(3));
  const route = `GET /api/v1/purchases/sparklayer/${refused}`;
  steps.storefront.faults.add({ kind: 'status', status: 403, route });
  const { findings } = await run();
  expect(findings).toMatchObject([{ code: 'SCHEMA_DRIFT', concerns: [refused] }]);
  expect(units()).toBe(4_997);
});

const buys = (quantity: number, sku = CREW_SKU) => ({ lines: [{ sku, quantity, unitPrice: '20.00' }] });

/** The feed of stock beside orders: one location, nothing held back for safety, and orders as the test says. */
async function stockBeside({
  site: change,
  divisions,
}: { readonly site?: (site: Site) => Site; readonly divisions?: readonly string[] } = {}) {
  const steps = await startSteps(change ? { site: change } : {});
  open.push({ close: () => steps.stop() });
  const { site: plain, sparklayer, bluecherry, clock: real } = steps.dependencies;
  const from = [{ division: '01', warehouse: 'W01' }];
  const site: Site = {
    ...plain,
    rules: { ...plain.rules, divisions: divisions ?? plain.rules.divisions },
    stock: { ...plain.stock, writes: 'on', feeds: [{ location: 'warehouse-1', from }], buffers: BARE },
  };
  const states = new Map<string, OrderState>();
  const unaccepted: string[] = [];
  const orders = {
    unacceptedOrders: async function* () {
      yield* unaccepted;
    },
    stateOf: (key: string) => Promise.resolve(states.get(key) ?? null),
  };
  const memory = openStockMemory(join(folder, 'stock.json'));
  const dependencies = { site, sparklayer, bluecherry, orders, memory, clock: real, log: pino({ level: 'silent' }) };
  const feed = createSyncInventoryActivities(dependencies);
  return {
    steps,
    dependencies,
    site,
    states,
    unaccepted,
    run: () => asActivity(() => feed.bringStockInStep({ override: null })),
    units: () => steps.storefront.stock(CREW_SKU)['warehouse-1']?.stock_level,
  };
}

const BARE = { site: { in: 'units', units: 0 }, locations: {}, styleGroups: [], skus: {}, widening: [] } as const;
