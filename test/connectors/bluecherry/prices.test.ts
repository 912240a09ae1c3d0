import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { startBlueCherry, type BlueCherryStandIn } from '../../../sandbox/bluecherry/stand-in.ts';
import { flat, startScriptedErp } from './scripted-erp.ts';
import { aCall, connect } from './support.ts';

let erp: BlueCherryStandIn;
let folder: string;
beforeAll(async () => {
  erp = await startBlueCherry();
  folder = await mkdtemp(join(tmpdir(), 'bluecherry-prices-'));
});
afterAll(async () => {
  await erp.close();
  await rm(folder, { recursive: true, force: true });
});

const priceCalls = () => erp.calls('GET /api/priceList').length;

/** What a process does that starts, reads and ends. */
async function read(clock: () => Date = erp.now) {
  const bluecherry = connect(erp.url, { keys: erp.keys, cacheDir: folder }, clock);
  try {
    return await bluecherry.prices.rows(aCall({ priority: 'catalogue' }));
  } finally {
    await bluecherry.close();
  }
}

test('all prices are read once; after that only what changed, also by another process; a deletion is seen within a day', async () => {
  const before = await read();
  expect(before.length).toBeGreaterThan(60);
  const whole = priceCalls();
  expect(await read()).toEqual(before);
  expect(priceCalls() - whole).toBe(2);
  expect(erp.calls('GET /api/priceList').slice(whole)).toSatisfy((calls: readonly { query: string }[]) =>
    calls.every(({ query }) => query.includes('last_mod')),
  );

  const price = { level: 'B', currency: 'USD', division: '01', style: 'AC-1001' };
  erp.setPrice({ ...price, price: '23.50', until: '2030-12-31' });
  erp.setPrice({
    customer: 'ACME01',
    currency: 'USD',
    division: '01',
    style: 'AC-1001',
    sizes: [2, 3],
    price: '19.00',
  });
  const changed = await read();
  expect(changed).toHaveLength(before.length + 1);
  expect(
    changed.filter(({ style, level, currency }) => style === 'AC-1001' && level === 'B' && currency === 'USD'),
  ).toMatchObject([{ price: '23.50', from: null, until: '2030-12-31', customer: '', sizes: null }]);
  expect(changed.at(-1)).toMatchObject({ level: '', customer: 'ACME01', sizes: { from: 2, to: 3 }, price: '19.00' });
  expect(Date.parse(changed.at(-1)?.changedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);

  erp.removePrice(price);
  expect(await read()).toHaveLength(changed.length);
  const tomorrow = () => new Date(erp.now().getTime() + 25 * 3_600_000);
  expect(await read(tomorrow)).toHaveLength(changed.length - 1);
  expect(erp.contractViolations()).toEqual([]);
});

test('a row is read in our words, however the ERP writes it', async () => {
  const row = {
    pkey: 9002,
    price_code: ' ',
    customer: 'acme01    ',
    curr_code: 'usd',
    division: '01 ',
    style: '00123',
    color_code: 'BLK  ',
    lbl_code: null,
    size_from: '5',
    size_to: null,
    price: '26.5000',
    start_date: '2025-10-01T00:00:00',
    end_date: '12/31/2025',
    last_mod: '2025-11-01 09:00:00',
  };
  const scripted = await startScriptedErp(({ query }) =>
    query['_pgno'] === '1'
      ? flat(
          row,
          { ...row, pkey: 9003, size_from: 0, size_to: 0, price: null, last_mod: null },
          { ...row, pkey: 9004, style: '' },
          { ...row, pkey: 9005, price: '26,50', end_date: 'soon' },
        )
      : flat(),
  );
  const bluecherry = connect(scripted.url);
  const expected = {
    key: '9002',
    level: '',
    customer: 'ACME01',
    currency: 'USD',
    division: '01',
    style: '00123',
    color: 'BLK',
    label: '',
    dimension: '',
    sizes: { from: 5, to: 24 },
    price: '26.5000',
    from: '2025-10-01',
    until: '2025-12-31',
    changedAt: '2025-11-01T13:00:00.000Z',
  };
  expect(await bluecherry.prices.rows(aCall())).toEqual([
    expected,
    { ...expected, key: '9003', sizes: null, price: null, changedAt: null },
  ]);
  const unreadable = { key: '9005', level: '', customer: 'ACME01', currency: 'USD', style: '00123' };
  expect(bluecherry.prices.unreadable()).toEqual([{ ...unreadable, from: '2025-10-01', until: null }]);
  await bluecherry.close();
  await scripted.close();
});

test('a price that was known and cannot be read as it is now is named, also after a restart, until it can', async () => {
  const row = {
    pkey: 7,
    price_code: 'B',
    curr_code: 'USD',
    style: 'AC-1',
    price: '9.00',
    last_mod: '2025-11-25 11:00:00',
  };
  let shown: Readonly<Record<string, unknown>> = row;
  const scripted = await startScriptedErp(({ query }) => (query['_pgno'] === '1' ? flat(shown) : flat()));
  const cacheDir = await mkdtemp(join(tmpdir(), 'bluecherry-prices-'));
  const start = () => connect(scripted.url, { cacheDir });
  const state = async ({ prices }: ReturnType<typeof start>) => ({
    prices: (await prices.rows(aCall())).map(({ price }) => price),
    unreadable: prices.unreadable().map(({ key }) => key),
  });
  const first = start();
  expect(await state(first)).toEqual({ prices: ['9.00'], unreadable: [] });
  shown = { ...row, price: '8,00', last_mod: '2025-11-25 11:30:00' };
  expect(await state(first)).toEqual({ prices: ['9.00'], unreadable: ['7'] });
  const again = start();
  expect(await state(again)).toEqual({ prices: ['9.00'], unreadable: ['7'] });
  shown = { ...row, last_mod: '2025-11-25 11:45:00' };
  expect(await state(again)).toEqual({ prices: ['9.00'], unreadable: [] });
  const last = start();
  expect(await state(last)).toEqual({ prices: ['9.00'], unreadable: [] });
  await Promise.all([first.close(), again.close(), last.close(), scripted.close()]);
  await rm(cacheDir, { recursive: true, force: true });
});
