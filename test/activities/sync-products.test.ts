import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createSyncProductsActivities } from '../../activities/sync-products.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import type { CatalogueSettings } from '../../config/catalogue-section.ts';
import type { GuardOverride } from '../../domain/findings.ts';
import { asActivity, startSteps, type Steps } from '../support/steps.ts';

const RED_M = { division: '01', style: 'AC-1001', color: 'RED', label: 'A', dimension: '', size: 'M' };
const WRITES = ['POST /api/v1/products', 'PATCH /api/v1/products/{id}', 'PATCH /api/v1/variants/{id}'];
const CREATE_VARIANT = 'POST /api/v1/products/{id}/variants';

let steps: Steps;
beforeEach(async () => {
  steps = await startSteps();
});
afterEach(async () => {
  expect(steps.storefront.contractViolations()).toEqual([]);
  expect(steps.erp.contractViolations()).toEqual([]);
  await steps.stop();
});

/** The feed of one process. */
function aFeed(change: Partial<CatalogueSettings> = {}, bluecherry = steps.dependencies.bluecherry) {
  const { site, sparklayer, clock } = steps.dependencies;
  const catalogue = { ...site.catalogue, mode: 'write', ...change } as const;
  const feed = createSyncProductsActivities({ site: { ...site, catalogue }, sparklayer, bluecherry, clock });
  return (override: GuardOverride | null = null) => asActivity(() => feed.bringCatalogueInStep({ override }));
}

/** How many writes the storefront has got so far. */
function writes(): number {
  const counts = steps.storefront.callCounts();
  return [...WRITES, CREATE_VARIANT].reduce((sum, route) => sum + (counts[route] ?? 0), 0);
}

function variants() {
  return steps.storefront.products().flatMap((product) => product.variants);
}

function statusOf(wanted: string) {
  return variants().find(({ sku }) => sku === wanted)?.['status'];
}

test('a first load creates what is sold, and nothing is sent while nothing changes', async () => {
  const run = aFeed({ publish: { channels: ['B2B'], groups: [], minimumStock: 0 }, colours: { BLK: 'Black' } });
  const { stats, findings } = await run();
  expect(stats).toMatchObject({ productsCreated: 8, created: 55, updated: 0, discontinued: 0, refused: 0, left: 0 });
  expect(findings.map(({ code }) => code)).toEqual(['UPC_SHARED']);
  const products = steps.storefront.products();
  expect(products.map(({ external_id, title, slug }) => [external_id, title, slug])).toEqual([
    ['01:00123', 'Crew Tee', 'crew-tee'],
    ['01:AC-1001', 'Merino Crew', 'merino-crew'],
    ['01:AC-1002', 'Merino Crew', 'merino-crew-ac-1002'],
    ['01:PACK-6', 'PACK-6', 'pack-6'],
    ['01:SCARF-1', 'Brushed Scarf', 'brushed-scarf'],
    ['02:00123', 'Crew Tee', 'crew-tee-00123'],
    ['02:JN-500', 'Selvedge Jean', 'selvedge-jean'],
    ['02:MN-2001', 'Field Overshirt', 'field-overshirt'],
  ]);
  expect(products[1]?.variants[0]).toMatchObject({
    external_id: '01-AC-1001-BLK-A-S',
    sku: 'AC-1001-BLK-S',
    status: 'live',
    position: 1,
  });

  const sent = writes();
  expect((await run()).stats).toMatchObject({ created: 0, updated: 0, discontinued: 0, unchanged: 55, left: 0 });
  expect(writes()).toBe(sent);
});

test('what changes in the ERP follows, and what people made of it in the storefront stays', async () => {
  const { erp, storefront } = steps;
  const run = aFeed({ publish: { channels: ['B2B'], groups: [], minimumStock: 0 } });
  await run();
  storefront.editProduct('01:AC-1001', { title: 'Our best crew' });
  storefront.editVariant('AC-1001-BLK-S', { settings: [{ customer_group: 'base', pack_size: 6 }], position: 77 });
  const sent = writes();
  erp.editStyle('AC-1001', { name: 'Merino Crew II' });
  erp.editStyle('SCARF-1', { channels: ['RTL', ''] });
  erp.setSkuLive(RED_M, false);
  erp.addSku({ ...RED_M, color: 'TAN', upc: '' });
  const { stats } = await run();
  // TAN is new; of AC-1001 the black S moves back, and what stands behind the red M moves up.
  expect(stats).toMatchObject({ created: 1, discontinued: 3, productsUpdated: 0, refused: 0, left: 0 });
  expect(writes() - sent).toBe(4 + Number(stats['updated']));
  expect(statusOf('AC-1001-RED-M')).toBe('discontinued');
  expect(statusOf('SCARF-1-GRY-OS')).toBe('discontinued');
  expect(statusOf('AC-1001-TAN-M')).toBe('live');
  const crew = storefront.products().find(({ external_id }) => external_id === '01:AC-1001');
  expect(crew?.title).toBe('Our best crew');
  expect(crew?.variants.find(({ sku }) => sku === 'AC-1001-BLK-S')).toMatchObject({
    settings: [{ customer_group: 'base', pack_size: 6 }],
    position: 1,
  });

  erp.setSkuLive(RED_M, true);
  await run();
  expect(statusOf('AC-1001-RED-M')).toBe('live');
  const all = writes();
  await run();
  expect(writes()).toBe(all);
});

describe('a load that is broken off', () => {
  test('is gone on with: only what is missing is sent, also when two go on at once', async () => {
    const { storefront } = steps;
    storefront.faults.add({ kind: 'answerLostAfterCommit', route: CREATE_VARIANT, after: 4 });
    storefront.faults.add({ kind: 'status', status: 503, body: 'empty', route: CREATE_VARIANT, after: 20, times: 99 });
    const first = await aFeed({ writesAtOnce: 1 })();
    expect(first.stats).toMatchObject({ created: 19, failed: 10 });
    expect(first.findings.map(({ code }) => code)).toContain('STEP_OVERDUE');
    storefront.faults.clear();
    const before = variants().length;
    const [one, other] = await Promise.all([aFeed()(), aFeed()()]);
    expect(variants()).toHaveLength(55);
    expect(Number(one.stats['created']) + Number(other.stats['created'])).toBe(55 - before);
    expect([one, other]).toMatchObject([{ stats: { refused: 0, left: 0 } }, { stats: { refused: 0, left: 0 } }]);
    const sent = writes();
    await aFeed()();
    expect(writes()).toBe(sent);
  });
});

test('a product of which no variant was written yet gets them, also where its empty list is left out', async () => {
  const { storefront } = steps;
  storefront.faults.add({ kind: 'status', status: 503, body: 'empty', route: CREATE_VARIANT, times: 10 });
  expect((await aFeed({ writesAtOnce: 1 })()).stats).toMatchObject({ productsCreated: 2, created: 0, failed: 10 });
  storefront.faults.add({ kind: 'missingFields', fields: ['variants'], where: 'empty lists', times: 99 });
  storefront.addProduct('Soon', []);
  expect((await aFeed()()).stats).toMatchObject({ created: 55, discontinued: 0, refused: 0, left: 0 });
  const sent = writes();
  const { stats, findings } = await aFeed()();
  expect(stats).toMatchObject({ created: 0, discontinued: 0, unchanged: 55 });
  expect(findings.map(({ code }) => code)).toEqual(['UPC_SHARED']);
  expect(writes()).toBe(sent);
});

test('while a product cannot be read nothing is created, and all that is there is kept up', async () => {
  const { storefront, erp } = steps;
  const run = aFeed();
  await run();
  storefront.editVariant('AC-1002-BLK-S', { options: [{ group: 'Size', value: 32 }] });
  storefront.editVariant('AC-1001-BLK-S', { position: 77 });
  erp.addSku({ ...RED_M, color: 'TAN', upc: '' });
  const { stats, findings } = await run();
  expect(findings).toContainEqual(expect.objectContaining({ code: 'SCHEMA_DRIFT', key: 'products', count: 1 }));
  expect(stats).toMatchObject({ productsCreated: 0, created: 0, discontinued: 0, refused: 0, left: 0 });
  expect(variants().find(({ sku }) => sku === 'AC-1001-BLK-S')).toMatchObject({ position: 1 });
  expect(statusOf('AC-1001-TAN-M')).toBeUndefined();
});

test('of a style that could not be read since the cache is new nothing is taken off sale as gone, and it is named', async () => {
  const { erp, site } = steps;
  const { clock } = steps.dependencies;
  const publish = { channels: ['B2B'], groups: [], minimumStock: 0 };
  await aFeed({ publish })();
  erp.editStyle('SCARF-1', { channels: ['RTL', ''] });
  erp.faults.add({ kind: 'oddRow', change: { last_mod: '2025-11-20 10:00' }, route: 'GET /api/style' });
  const afresh = createBlueCherry(site.erp, { clock, log: pino({ level: 'silent' }) });
  const checked = await aFeed({ mode: 'check', publish }, afresh)();
  const { stats, findings } = await aFeed({ publish }, afresh)();
  const [unread, ...others] = findings.filter(({ code }) => code === 'SCHEMA_DRIFT');
  expect(others).toEqual([]);
  expect(unread).toMatchObject({ key: 'styles', count: 1, says: expect.stringContaining('Nothing is taken off sale') });
  expect(checked.findings).toContainEqual(unread);
  const [style = ''] = unread?.concerns ?? [];
  const theirs = variants().filter(({ sku }) => sku?.startsWith(style));
  expect(theirs.length).toBeGreaterThan(0);
  expect(theirs.map(({ status }) => status)).toEqual(theirs.map(() => 'live'));
  // What the ERP shows, and the site does not sell, goes all the same.
  expect(checked.stats).toMatchObject({ left: stats['discontinued'] });
  expect(stats).toMatchObject({ discontinued: 2, heldBack: theirs.length });
  expect(statusOf('SCARF-1-GRY-OS')).toBe('discontinued');

  erp.editStyle(style, { name: 'Mended' });
  expect((await aFeed({ publish }, afresh)()).findings.map(({ code }) => code)).not.toContain('SCHEMA_DRIFT');
  await afresh.close();
});

test('a refused variant is listed with its reason, is not sent again unchanged, and keeps no other back', async () => {
  const { storefront } = steps;
  const run = aFeed();
  storefront.faults.add({ kind: 'status', status: 400, code: 'too-strange', route: CREATE_VARIANT, after: 3 });
  const first = await run();
  expect(first.stats).toMatchObject({ created: 54, refused: 1, left: 0 });
  expect(first.findings.find(({ code }) => code === 'PRODUCT_WRITE_REFUSED')).toMatchObject({
    count: 1,
    concerns: [expect.stringMatching(/^\S+: .*too-strange/)],
  });
  const sent = writes();
  expect((await run()).stats).toMatchObject({ created: 0, refused: 1 });
  expect(writes()).toBe(sent);
});

test('a catalogue that suddenly lacks styles takes nothing off sale until a person says so', async () => {
  const { erp } = steps;
  const run = aFeed();
  await run();
  for (const style of ['AC-1001', '00123', 'JN-500']) erp.setStyleActive(style, false);
  const sent = writes();
  const guarded = await run();
  expect(guarded.findings.find(({ code }) => code === 'CATALOGUE_SHRUNKEN')).toMatchObject({ count: 36 });
  expect(guarded.stats).toMatchObject({ discontinued: 0, heldBack: 36 });
  expect(writes()).toBe(sent);
  const passed = await run({ guard: 'CATALOGUE_SHRUNKEN', actor: 'ada', reason: 'end of season' });
  expect(passed.stats).toMatchObject({ discontinued: 36, heldBack: 0 });
});

test('a storefront that is another’s is never written: off reads nothing, check lists what does not fit', async () => {
  const { storefront } = steps;
  storefront.addProduct('Gift card', ['GIFT-50']);
  const calls = storefront.calls().length;
  expect(await aFeed({ mode: 'off' })()).toEqual({ stats: {}, findings: [] });
  expect(storefront.calls()).toHaveLength(calls);
  const { stats, findings } = await aFeed({ mode: 'check' })();
  expect(findings).toContainEqual(
    expect.objectContaining({ code: 'VARIANT_WITHOUT_ERP_SKU', concerns: ['GIFT-50'], count: 1 }),
  );
  expect(stats).toMatchObject({ created: 0, left: 63 });
  expect(writes()).toBe(0);
});
