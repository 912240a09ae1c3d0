import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startBlueCherry, type BlueCherryStandIn } from '../../sandbox/bluecherry/stand-in.ts';
import { startSparkLayer, type SparkLayerStandIn } from '../../sandbox/sparklayer/stand-in.ts';
import { demoSiteText } from '../../scripts/demo/demo-site.ts';
import { runCli } from '../support/cli.ts';

/** Nothing of what is tried here needs a server. */
const NOBODY = '127.0.0.1:1';
const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];

let folder: string;
let file: string;
let erp: BlueCherryStandIn;
let storefront: SparkLayerStandIn;
const secrets: string[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instep-audit-'));
  erp = await startBlueCherry({});
  storefront = await startSparkLayer({});
  storefront.addStockLocation({ name: 'Pop-up store', external_id: 'pop-up' });
  storefront.checkout({ lines: LINES, location: 'pop-up' });
  const { text, variables } = demoSiteText({ storefront, erp }, {});
  for (const [name, secret] of Object.entries(variables)) {
    secrets.push(secret);
    await writeFile(join(folder, name), secret);
  }
  file = join(folder, 'shop.yaml');
  await writeFile(
    file,
    text.replaceAll(/env:(\w+)/g, (_whole, name: string) => `file:${join(folder, name)}`),
  );
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

test('the manual is written from the site file alone, where its secrets are not', async () => {
  const elsewhere = join(folder, 'elsewhere.yaml');
  await writeFile(elsewhere, (await readFile(file, 'utf8')).replaceAll(`file:${folder}`, 'file:/nowhere'));
  const { code, out } = await runCli(NOBODY, 'handover', '--site', elsewhere, '--out', folder).ended;
  expect(code).toBe(0);
  const page = await readFile(out.trim(), 'utf8');
  expect(page).toContain('Handover manual of elsewhere');
  for (const secret of secrets) expect(page).not.toContain(secret);
});
