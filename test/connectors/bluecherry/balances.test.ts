import { afterEach, beforeEach, expect, test } from 'vitest';

import type { BlueCherry } from '../../../connectors/bluecherry/bluecherry.ts';
import { headed, startScriptedErp, type ScriptedErp } from './scripted-erp.ts';
import { aCall, connect } from './support.ts';

let erp: ScriptedErp;
let bluecherry: BlueCherry;
let pages: readonly (readonly object[])[];

beforeEach(async () => {
  erp = await startScriptedErp(({ query }) => headed(...(pages[Number(query['_pgno']) - 1] ?? [])));
  bluecherry = connect(erp.url);
});
afterEach(async () => {
  await bluecherry.close();
  await erp.close();
});

const listed = () => bluecherry.balances.listAccounts(aCall({ priority: 'catalogue' }));
const list = async () => (await listed()).accounts;

function aCustomer(pkey: number, customer: string, change: object = {}) {
  return {
    pkey,
    customer: `${customer}    `,
    division: '01 ',
    cust_name: 'Acme  ',
    active_ok: 'Y',
    terms: 'n30',
    price_code: 'b ',
    curr_code: 'gbp',
    credit_limit: '5000.00',
    ar_balance: 120.5,
    open_order_amt: null,
    last_mod: '2025-11-20 10:00:00',
    ...change,
  };
}

test('customers come with their figures as exact texts, their codes folded, and what is not shown as such', async () => {
  const credit = {
    rows: [{ division: '02', credit_limit: 10, ar_balance: '', open_order_amt: '3.10', curr_code: '' }],
  };
  pages = [[aCustomer(1, 'acme01', { customercredit: credit }), aCustomer(2, 'bare', { active_ok: null })]];
  const figures = { limit: '5000.00', owed: '120.5', openOrders: null, currency: 'GBP' };
  const acme = {
    customer: 'ACME01',
    division: '01',
    name: 'Acme',
    active: true,
    terms: 'N30',
    priceLevel: 'B',
    currency: 'GBP',
    header: figures,
    byDivision: [{ division: '02', limit: '10', owed: null, openOrders: '3.10', currency: 'GBP' }],
  };
  expect(await list()).toEqual([acme, { ...acme, customer: 'BARE', active: false, byDivision: null }]);
});

test('the whole list is read each time, page by page with the credit rows, each customer once', async () => {
  pages = [
    [aCustomer(1, 'A'), aCustomer(2, 'B')],
    [aCustomer(2, 'B', { ar_balance: 7 }), aCustomer(3, 'C')],
  ];
  await list();
  const accounts = await list();
  expect(accounts.map(({ customer, header }) => [customer, header.owed])).toEqual([
    ['A', '120.5'],
    ['B', '7'],
    ['C', '120.5'],
  ]);
  expect(erp.received.map(({ rawQuery }) => rawQuery)).toEqual(
    [1, 2, 3, 1, 2, 3].map((page) => `_include=all&_pgno=${page}&_pgsize=100`),
  );
});

test('one customer is asked for by its code alone, and comes in all its divisions', async () => {
  pages = [[aCustomer(1, 'acme01'), aCustomer(2, 'ACME01', { division: '02', active_ok: 'N' })]];
  const found = await bluecherry.balances.findAccounts(' Acme01 ', aCall({ priority: 'catalogue' }));
  expect(found.map(({ customer, division, active }) => [customer, division, active])).toEqual([
    ['ACME01', '01', true],
    ['ACME01', '02', false],
  ]);
  expect(erp.received[0]?.query).toMatchObject({ $filter: "customer eq 'Acme01'", _include: 'all' });
});

test('rows without their keys are left out and counted', async () => {
  pages = [[aCustomer(1, ''), aCustomer(2, 'B')]];
  expect((await list()).map(({ customer }) => customer)).toEqual(['B']);
  expect(bluecherry.usage().skippedRows).toBe(1);
});

test('a figure that is none stops no other customer: whose it is is told', async () => {
  pages = [
    [
      aCustomer(1, 'A', { ar_balance: 'lots' }),
      aCustomer(2, 'a', { division: '02' }),
      aCustomer(3, 'B'),
      aCustomer(4, '', { customer: { code: 'C' } }),
    ],
  ];
  const { accounts, unreadable } = await listed();
  expect(accounts.map(({ customer, division }) => [customer, division])).toEqual([
    ['A', '02'],
    ['B', '01'],
  ]);
  expect(unreadable).toEqual(['A', 'row 4']);
  expect(bluecherry.usage().skippedRows).toBe(2);
});

test('figures that are none in every row, or in what was asked for alone, stop the reading, naming the place', async () => {
  pages = [[aCustomer(1, 'A', { ar_balance: 'lots' }), aCustomer(2, 'B', { ar_balance: 'lots' })]];
  const drift = { code: 'SCHEMA_DRIFT', message: expect.stringContaining('ar_balance') };
  await expect(list()).rejects.toMatchObject(drift);
  pages = [[aCustomer(1, 'A', { ar_balance: 'lots' })]];
  const alone = bluecherry.balances.findAccounts('A', aCall({ priority: 'catalogue' }));
  await expect(alone).rejects.toMatchObject(drift);
});
