import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';

import { createAuditSiteActivities, runAudit } from '../../activities/audit-site.ts';
import type { Site } from '../../config/site.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import { createSparkLayer } from '../../connectors/sparklayer/sparklayer.ts';
import { startBlueCherry } from '../../sandbox/bluecherry/stand-in.ts';
import { customers } from '../../sandbox/sparklayer/seed.ts';
import { startSparkLayer } from '../../sandbox/sparklayer/stand-in.ts';
import { asActivity } from '../support/steps.ts';
import { testSite } from '../support/test-site.ts';

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];

const CANNOT_BE_READ = '1 customers of the ERP of which a row cannot be read.';

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function aWorld(change: (site: Site) => Site = (site) => site) {
  const erp = await startBlueCherry({});
  const storefront = await startSparkLayer({});
  const site = change(testSite('audited', { storefront, erp }));
  const log = pino({ level: 'silent' });
  const clock = () => new Date();
  const sparklayer = createSparkLayer(site.storefront, { clock, log });
  const bluecherry = createBlueCherry(site.erp, { clock, log });
  closing.push(
    () => erp.close(),
    () => storefront.close(),
    () => sparklayer.close(),
    () => bluecherry.close(),
  );
  const call = { signal: new AbortController().signal, deadline: Date.now() + 20_000 };
  const proof = () => Promise.resolve({ unaccounted: 0, purchases: 7 });
  const tools = { site, sparklayer, bluecherry, schedules: [], proof, clock };
  return { erp, storefront, tools, audit: () => runAudit(tools, call) };
}

/** Feeds only what the ERP has, everybody can be reached, and SKUs are made of codes. */
function aCleanSite(site: Site): Site {
  const hook = { kind: 'webhook', name: 'hook', timeoutMs: 1_000, url: 'http://127.0.0.1:9', secret: 's' } as const;
  const route = { channels: [hook], when: 'atOnce' } as const;
  const routes = { urgent: route, high: route, normal: route, low: route };
  return {
    ...site,
    rules: { ...site.rules, sku: { by: 'pattern', pattern: '{style}-{color}-{size}' } },
    stock: {
      ...site.stock,
      feeds: site.stock.feeds.map((feed) => ({
        ...feed,
        from: feed.from.filter(({ warehouse }) => warehouse !== 'W04'),
      })),
    },
    alerts: {
      ...site.alerts,
      channels: [hook],
      routes: { ecommerce: routes, finance: routes, warehouse: routes, integration: routes },
    },
  };
}

test('a clean site says so, and its page too', async () => {
  const { storefront, tools } = await aWorld(aCleanSite);
  for (const { uuid } of [customers.withoutAccount, customers.inactive])
    storefront.setCustomer(uuid, { status: 'inactive' });
  storefront.checkout({ lines: LINES });
  const folder = await mkdtemp(join(tmpdir(), 'instep-audit-'));
  closing.push(() => rm(folder, { recursive: true }));
  const activities = createAuditSiteActivities({ ...tools, reportsFolder: folder });
  const report = await asActivity(() => activities.auditSite());
  expect(report.findings).toEqual([]);
  expect(report.stats).toMatchObject({ gaps: 0, orders: 1, ordersStopped: 0, ordersUnread: 0 });
  expect(report.files.map((file) => file.slice(folder.length).replace(/\d{4}-\d\d-\d\d/, 'DAY'))).toEqual([
    '/DAY/audit.html',
    '/DAY/audit.json',
  ]);
  const page = await readFile(report.files[0] ?? '', 'utf8');
  expect(page).toContain('0 unaccounted of 7; nothing is missing');
  expect(report.headline).toBe('0 unaccounted of 7; nothing is missing');
  expect(page).toContain('Items that are only in the ERP: the storefront shows no products.');
});

test('an order that was shipped long ago counts with all that it was worth', async () => {
  const { storefront, audit } = await aWorld();
  const open = storefront.checkout({ lines: LINES, location: 'pop-up' });
  const { cost } = gapAt(await audit(), 'pop-up');
  storefront.amend(String(open.purchase_identifiers.sparklayer), (purchase) => {
    for (const parcel of purchase.packages) parcel.type = 'shipment';
  });
  expect(gapAt(await audit(), 'pop-up').cost).toEqual(cost);
  expect(cost).toEqual({ orders: 1, money: [{ currency: 'GBP', amount: '240.00' }] });
});

test('orders beyond the bound are named as not looked at, the latest are weighed', async () => {
  const { storefront, audit } = await aWorld((site) => ({ ...site, audit: { ...site.audit, ordersRead: 2 } }));
  for (let nth = 0; nth < 3; nth++)
    storefront.checkout({
      lines: LINES,
      visible: `B2B-${nth}`,
      location: 'pop-up',
      placedAt: new Date(Date.now() - nth * 3_600_000).toISOString(),
    });
  const found = await audit();
  expect(found).toMatchObject({ unread: 1, sold: { orders: 2 } });
  expect(gapAt(found, 'pop-up').examples).toEqual(['B2B-0', 'B2B-1']);
  expect(found.notLookedAt.join('\n')).toContain('1 orders: more than audit.ordersRead');
});

test('a customer of which the ERP’s row cannot be read is named as not looked at, and not judged by its other rows', async () => {
  const { erp, audit } = await aWorld();
  erp.setCustomer('02', 'CUST-0042', { active: false });
  const concerned = async () => {
    const { gaps, notLookedAt } = await audit();
    const names = gaps.filter(({ code }) => code.startsWith('CUSTOMER_')).flatMap(({ concerns }) => concerns);
    return { isJudged: names.some((name) => name.includes('CUST-0042')), notLookedAt };
  };
  expect(await concerned()).toMatchObject({
    isJudged: true,
    notLookedAt: expect.not.arrayContaining([CANNOT_BE_READ]),
  });
  // The first row of the list is its other division's.
  erp.faults.add({ kind: 'oddRow', change: { credit_limit: 'none' }, route: 'GET /api/customer' });
  expect(await concerned()).toMatchObject({ isJudged: false, notLookedAt: expect.arrayContaining([CANNOT_BE_READ]) });
});

test('an audit writes nothing into either system, and asks the ERP for its masters only', async () => {
  const { erp, storefront, audit } = await aWorld();
  storefront.checkout({ lines: LINES });
  await audit();
  expect(storefront.calls().filter(({ method }) => !['GET', 'POST'].includes(method))).toEqual([]);
  expect(storefront.calls().filter(({ method, route }) => method === 'POST' && !route.includes('token'))).toEqual([]);
  const asked = new Set(erp.calls().map(({ route }) => route));
  expect([...asked].toSorted()).toEqual([
    'GET /api/Location',
    'GET /api/Shipper',
    'GET /api/customer',
    'GET /api/division',
    'GET /api/style',
    'GET /api/terms',
  ]);
});

function gapAt(audit: Awaited<ReturnType<typeof runAudit>>, location: string) {
  const gap = audit.gaps.find(({ code, key }) => code === 'LOCATION_NOT_MAPPED' && key === location);
  if (!gap) throw new Error(`no gap at ${location}`);
  return gap;
}
