import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { monthBefore, openMonthEndPacks } from '../../activities/month-end-packs.ts';
import { NO_EVIDENCE } from '../../domain/reports/month-end/evidence.ts';
import { closeMonth, type MonthEndFacts } from '../../domain/reports/month-end/close-month.ts';
import { digestOf } from '../../domain/reports/month-end/sign-lines.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'instep-packs-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function packOf(change: Partial<Pick<MonthEndFacts, 'month' | 'revision' | 'isOver' | 'credits'>>) {
  return closeMonth({
    site: 'north',
    month: '2026-09',
    revision: 1,
    isOver: true,
    proof: null,
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
        evidence: NO_EVIDENCE,
        invoices: [],
        carried: null,
      },
    ],
    invoices: [],
    credits: [],
    notRead: [],
    ...change,
  });
}

const september = packOf({});

test('a month finds what the one before closed with, and a month without one before finds nothing', async () => {
  const packs = openMonthEndPacks(folder);
  expect(await packs.before('2026-10')).toBeNull();
  await packs.keep(september);
  expect(await packs.before('2026-10')).toEqual({
    month: '2026-09',
    revision: 1,
    sha256: september.sha256,
    at: '2026-10-01T09:00:00Z',
    closing: september.carried,
    credits: [],
    strays: [],
  });
  expect(await packs.before('2026-11')).toBeNull();
});

const credit = (number: string, amount: string, key: string | null = 'a') => ({
  number,
  date: '2026-09-30',
  isBackdated: false,
  currency: 'GBP',
  key,
  order: 'B2B1',
  orderNumber: '700001',
  invoice: '',
  reason: 'RTRN',
  parts: { goods: amount, freight: '0.00', tax: '0.00' },
});

test('a month knows what the packs of all earlier months have of each credit memo, by their newest revisions', async () => {
  const packs = openMonthEndPacks(folder);
  await packs.keep(packOf({ month: '2026-07', credits: [credit('1', '10.00')] }));
  await packs.keep(packOf({ month: '2026-09', credits: [credit('2', '99.00')] }));
  await packs.keep(
    packOf({ month: '2026-09', revision: 2, credits: [credit('1', '5.00'), credit('3', '7.00', null)] }),
  );
  await packs.keep(packOf({ month: '2026-09', revision: 3, isOver: false, credits: [credit('4', '1.00')] }));
  await packs.keep(packOf({ month: '2026-10', isOver: false, credits: [credit('5', '1.00')] }));
  const known = await packs.before('2026-10');
  expect(known?.credits.map(({ number, parts }) => [number, parts.goods])).toEqual([
    ['1', '10.00'],
    ['1', '5.00'],
  ]);
  expect(known?.strays.map(({ number, parts }) => [number, parts.goods])).toEqual([['3', '7.00']]);
});

test('a pack of a version that knew no back-dated credit memos is read all the same', async () => {
  const packs = openMonthEndPacks(folder);
  const path = await packs.keep(packOf({ credits: [credit('1', '10.00')] }));
  const { sha256: _, ...pack } = JSON.parse(await readFile(path, 'utf8'));
  for (const memo of pack.credits) delete memo.isBackdated;
  for (const ledger of pack.ledgers) delete ledger.creditedBackdated;
  await writeFile(path, JSON.stringify({ ...pack, sha256: digestOf(pack) }));
  expect((await packs.before('2026-10'))?.credits.map(({ number }) => number)).toEqual(['1']);
});

test.each([
  ['a changed amount', (text: string) => text.replaceAll('"100.00"', '"90.00"')],
  ['half a file', (text: string) => text.slice(0, text.length / 2)],
])('%s in a kept pack stops the next month', async (_, change) => {
  const packs = openMonthEndPacks(folder);
  const path = await packs.keep(september);
  await writeFile(path, change(await readFile(path, 'utf8')));
  await expect(packs.before('2026-10')).rejects.toMatchObject({ type: 'PACK_CHANGED', nonRetryable: true });
});

test('a pack that is made anew is a revision of its own: the next month opens with it, and nothing signed is written over', async () => {
  const packs = openMonthEndPacks(folder);
  expect(await packs.nextRevision('2026-09')).toBe(1);
  const first = await packs.keep(september);
  const text = await readFile(first, 'utf8');
  await expect(packs.keep(september)).rejects.toThrow('EEXIST');
  expect(await packs.nextRevision('2026-09')).toBe(2);
  const second = packOf({ revision: 2 });
  await packs.keep(second);
  expect(await readFile(first, 'utf8')).toBe(text);
  expect(await packs.before('2026-10')).toMatchObject({ revision: 2, sha256: second.sha256 });
});

test('a month is closed with the pack of a later one, and says what becomes of what is mended now', async () => {
  const packs = openMonthEndPacks(folder);
  await packs.keep(september);
  await packs.keep(packOf({ month: '2026-11' }));
  await expect(packs.nextRevision('2026-09')).rejects.toMatchObject({
    type: 'MONTH_CLOSED',
    nonRetryable: true,
    message: expect.stringContaining('The pack of 2026-11 is kept, and 2026-09 is closed with it'),
  });
  expect(await packs.nextRevision('2026-11')).toBe(2);
});

test('a look at a month that still runs closes no other, and no month opens with it', async () => {
  const packs = openMonthEndPacks(folder);
  await packs.keep(september);
  await packs.keep(packOf({ revision: 2, isOver: false }));
  await packs.keep(packOf({ month: '2026-10', isOver: false }));
  expect(await packs.nextRevision('2026-09')).toBe(3);
  expect(await packs.before('2026-10')).toMatchObject({ revision: 1 });
  expect(await packs.before('2026-11')).toBeNull();
});

test('the month before January is December', () => {
  expect(monthBefore('2026-01')).toBe('2025-12');
  expect(monthBefore('2026-10')).toBe('2026-09');
});
