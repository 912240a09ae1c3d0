import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse, stringify } from 'yaml';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startBlueCherry, type BlueCherryStandIn } from '../../sandbox/bluecherry/stand-in.ts';
import { startSparkLayer, type SparkLayerStandIn } from '../../sandbox/sparklayer/stand-in.ts';
import { runCli } from '../support/cli.ts';
import { writeSiteFile } from '../support/site-file.ts';

/** Nothing of what is tried here needs a server. */
const NOBODY = '127.0.0.1:1';
const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];

let folder: string;
let file: string;
let erp: BlueCherryStandIn;
let storefront: SparkLayerStandIn;
let secrets: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instep-audit-'));
  erp = await startBlueCherry({});
  storefront = await startSparkLayer({});
  storefront.addStockLocation({ name: 'Pop-up store', external_id: 'pop-up' });
  storefront.checkout({ lines: LINES, location: 'pop-up' });
  ({ file, secrets } = await writeSiteFile(folder, 'shop', { storefront, erp }));
});
afterAll(async () => {
  await Promise.all([erp.close(), storefront.close()]);
  await rm(folder, { recursive: true });
});

test('check-site finds the gaps of locations and codes by the rules of the audit', async () => {
  const check = await runCli(NOBODY, 'check-site', file, '--json').ended;
  expect(check.code).toBe(1);
  const found: { findings: { about: string }[] } = JSON.parse(check.out);
  expect(found.findings.map(({ about }) => about)).toEqual(['LOCATION_NOT_MAPPED pop-up', 'WAREHOUSE_UNKNOWN W04']);
});

test('audit tells what each gap would have cost, ends with 1, and writes page and data', async () => {
  const out = join(folder, 'out');
  const audit = await runCli(NOBODY, 'audit', '--site', file, '--out', out).ended;
  expect(audit.code).toBe(1);
  expect(audit.out).toMatch(/LOCATION_NOT_MAPPED \(warehouse\) · 1 order, 240\.00 GBP/);
  expect(audit.out).toContain('WAREHOUSE_UNKNOWN (integration) · no order');
  const written: { gaps: { code: string }[] } = JSON.parse(await readFile(join(out, 'audit.json'), 'utf8'));
  expect(written.gaps.map(({ code }) => code)).toContain('CUSTOMER_WITHOUT_ERP_CODE');
  expect(await readFile(join(out, 'audit.html'), 'utf8')).toContain('Audit of shop');
});

test('preview shows what a mapped location would have changed, and changes nothing', async () => {
  const changed = join(folder, 'changed.yaml');
  const site: { locations: { table: unknown[] } } = parse(await readFile(file, 'utf8'));
  site.locations.table.push({ location: 'pop-up', warehouses: { '01': 'W02', '02': 'W02' } });
  await writeFile(changed, stringify(site));
  const posts = () => erp.calls('POST /api/salesOrder').length;
  const { code, out } = await runCli(NOBODY, 'preview', '--site-file', changed, '--site', file).ended;
  expect(code).toBe(0);
  expect(out).toMatch(/1 of the last 1 would have come out differently/);
  expect(out).toContain('W02');
  expect(posts()).toBe(0);
  const same = await runCli(NOBODY, 'preview', '--site-file', file, '--site', file, '--json').ended;
  expect(JSON.parse(same.out)).toMatchObject({ orders: [] });
});

test('the manual is written from the site file alone, where its secrets are not', async () => {
  const elsewhere = join(folder, 'elsewhere.yaml');
  await writeFile(elsewhere, (await readFile(file, 'utf8')).replaceAll(`file:${folder}`, 'file:/nowhere'));
  const { code, out } = await runCli(NOBODY, 'handover', '--site', elsewhere, '--out', folder).ended;
  expect(code).toBe(0);
  const page = await readFile(out.trim(), 'utf8');
  expect(page).toContain('Handover manual of elsewhere');
  for (const secret of secrets) expect(page).not.toContain(secret);
});
