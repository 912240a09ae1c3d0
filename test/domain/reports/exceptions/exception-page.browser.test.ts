import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { reportExceptions, type ExceptionRow } from '../../../../domain/reports/exceptions/exception-report.ts';
import { renderExceptions } from '../../../../domain/reports/exceptions/render-exceptions.ts';
import { openBrowser } from '../../../support/browser.ts';

const FIELDS = [
  ['freight', '12.50', 'finance'],
  ['quantity AC-1001', '-340.00', 'ecommerce'],
  ['price AC-1002', '1025.00', 'finance'],
  ['warehouse AC-1003', '0.00', 'warehouse'],
] as const;

let browser: Browser;
let page: Page;
beforeAll(async () => {
  browser = await openBrowser();
  page = await browser.newPage();
  await page.setContent(renderExceptions(someReport(), '2026-11-26 06:45 (UTC)'));
}, 30_000);
afterAll(() => browser?.close());

function someReport() {
  const rows = FIELDS.map(([field, money, owner], index): ExceptionRow => ({
    section: 'differences',
    order: `ON-${1000 + index}`,
    erpOrders: [`${70_000 + index}`],
    field,
    storefront: 'a',
    erp: 'b',
    money,
    units: null,
    currency: 'USD',
    cause: 'a clerk’s edit',
    since: '2026-11-20T10:00:00.000Z',
    owner,
    mend: 'Decide which side is right.',
    link: null,
  }));
  const at = '2026-11-26T06:45:00.000Z';
  const proof = { unaccounted: 0, purchases: 4 };
  const nothing = { driftLeftOut: 0, days: [], notLookedAt: [] };
  return reportExceptions({ site: 'example', at, zone: 'UTC', proof, compared: 4, rows, ...nothing });
}

function shownMoneys(): Promise<readonly string[]> {
  return page.$$eval('#table-differences tbody tr', (rows) =>
    rows
      .filter((row) => row.getClientRects().length > 0)
      .map((row) => row.querySelector('td.money')?.firstChild?.textContent ?? ''),
  );
}

test('a click on Money sorts by it, the greatest first, another one the other way round', async () => {
  await page.click('#table-differences thead th.money button');
  expect(await shownMoneys()).toEqual(['1025.00', '12.50', '0.00', '-340.00']);
  await page.click('#table-differences thead th.money button');
  expect(await shownMoneys()).toEqual(['-340.00', '0.00', '12.50', '1025.00']);
});

test('choosing an owner leaves that owner’s rows', async () => {
  const columns = await page.$$eval('#table-differences thead th', (heads) => heads.map((head) => head.textContent));
  const owner = `#table-differences select[data-column="${columns.indexOf('Owner')}"]`;
  await page.select(owner, 'finance');
  expect((await shownMoneys()).toSorted()).toEqual(['1025.00', '12.50']);
  await page.select(owner, '');
  expect(await shownMoneys()).toHaveLength(FIELDS.length);
});

test('on a phone nothing reaches beyond the screen', async () => {
  await page.setViewport({ width: 390, height: 844 });
  const widths = await page.evaluate('[document.documentElement.scrollWidth, window.innerWidth]');
  expect(widths).toEqual([390, 390]);
  await page.setViewport({ width: 1280, height: 900 });
});
