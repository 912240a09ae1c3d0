import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { monthBefore, openMonthEndPacks, PACK_FILE } from '../../activities/month-end-packs.ts';
import { closeMonth } from '../../domain/reports/month-end/close-month.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instep-packs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const september = closeMonth({
  site: 'north',
  month: '2026-09',
  zone: 'Europe/London',
  at: '2026-10-01T09:00:00Z',
  tolerated: '0.02',
  before: null,
  orders: [
    {
      key: 'a',
      number: 'B2B1',
      currency: 'GBP',
      placedOn: '2026-09-10',
      changedOn: '2026-09-10',
      storefront: {
        placed: { goods: '100.00', freight: '0.00', tax: '20.00' },
        cancelled: { goods: '0.00', freight: '0.00', tax: '0.00' },
        units: 1,
      },
      erp: null,
      invoices: [],
      carried: null,
    },
  ],
  invoices: [],
  credits: [],
  notRead: [],
});

test('a month finds what the one before closed with, and a month without one before finds nothing', async () => {
  const packs = openMonthEndPacks(folder);
  expect(await packs.before('2026-10')).toBeNull();
  await packs.keep(september);
  expect(await packs.before('2026-10')).toEqual({
    month: '2026-09',
    sha256: september.sha256,
    closing: september.carried,
  });
  expect(await packs.before('2026-11')).toBeNull();
});

test.each([
  ['a changed amount', (text: string) => text.replaceAll('"100.00"', '"90.00"')],
  ['half a file', (text: string) => text.slice(0, text.length / 2)],
])('%s in a kept pack stops the next month', async (_, change) => {
  const packs = openMonthEndPacks(folder);
  const path = join(await packs.keep(september), PACK_FILE);
  await writeFile(path, change(await readFile(path, 'utf8')));
  await expect(packs.before('2026-10')).rejects.toMatchObject({ type: 'PACK_CHANGED', nonRetryable: true });
});

test('the month before January is December', () => {
  expect(monthBefore('2026-01')).toBe('2025-12');
  expect(monthBefore('2026-10')).toBe('2026-09');
});
