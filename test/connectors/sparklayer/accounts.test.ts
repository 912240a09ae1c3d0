import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { SparkLayer } from '../../../connectors/sparklayer/sparklayer.ts';
import type { CustomerChange } from '../../../domain/customers/customer-rules.ts';
import { startScriptedStorefront, type Reply, type ScriptedStorefront } from './scripted-storefront.ts';
import { aCall, connect } from './support.ts';

let storefront: ScriptedStorefront;
let sparklayer: SparkLayer;

beforeEach(async () => {
  storefront = await startScriptedStorefront(() => ({ body: [] }));
  sparklayer = connect(storefront.url);
});
afterEach(async () => {
  await sparklayer.close();
  await storefront.close();
});

const aRow = (id: string, change: object = {}) => ({ id, email: `${id}@example.com`, a_new_member: 1, ...change });
const answerPages = (...pages: readonly (readonly unknown[])[]) =>
  storefront.answers(({ query }) => ({ body: pages[Number(query['offset']) / 2] ?? [] }));

describe('the list of customers', () => {
  test('is read page by page until a short one, each customer once', async () => {
    answerPages([aRow('cu_1'), aRow('cu_2')], [aRow('cu_2'), aRow('cu_3')], [aRow('cu_4')]);
    const { accounts, unreadable } = await sparklayer.accounts.listAccounts(2, aCall());
    expect(accounts.map(({ id }) => id)).toEqual(['cu_1', 'cu_2', 'cu_3', 'cu_4']);
    expect(unreadable).toEqual([]);
    expect(storefront.calls().map(({ url }) => url)).toEqual(
      [0, 2, 4].map((offset) => `/api/v1/customers?limit=2&offset=${offset}`),
    );
  });

  test('loses no others for one that cannot be read', async () => {
    answerPages([aRow('cu_1', { payment_on_account: { credit_limit: 'lots' } }), aRow('cu_2')]);
    const { accounts, unreadable } = await sparklayer.accounts.listAccounts(2, aCall());
    expect(accounts.map(({ id }) => id)).toEqual(['cu_2']);
    expect(unreadable).toEqual(['row 0: payment_on_account.credit_limit']);
  });

  test('that shows the same page for every offset is not read for ever', async () => {
    storefront.answers(() => ({ body: [aRow('cu_1'), aRow('cu_2')] }));
    await expect(sparklayer.accounts.listAccounts(2, aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
    expect(storefront.calls()).toHaveLength(2);
  });
});

test('what the ERP may own of a customer is read in our words, and nothing of its login', async () => {
  const account = { credit_limit: 25000, balance: 4310.55, currency_code: 'gbp', net_terms: '30_days', more: true };
  storefront.answers(() => ({
    body: aRow('cu_1', {
      accounting_id: ' CUST-0042 ',
      company_name: '',
      status: 'pending',
      currency_code: 'gbp',
      price_lists: ['a'],
      payment_on_account: account,
      addresses: [{ address_line1: ' 1 Road', country_code: 'gb', external_id: '' }],
    }),
  }));
  expect(await sparklayer.accounts.getAccount('cu_1', aCall())).toEqual({
    id: 'cu_1',
    erpCode: 'CUST-0042',
    company: null,
    status: 'pending',
    currency: 'GBP',
    priceLists: ['a'],
    account: { creditLimit: '25000', balance: '4310.55', currency: 'GBP', terms: { kind: 'days', days: 30 } },
    addresses: [{ externalId: null, line1: '1 Road', postalCode: null, country: 'GB' }],
  });
});

describe('a change of a customer', () => {
  const CHANGES: readonly CustomerChange[] = [
    {
      part: 'account',
      account: { creditLimit: '5000.00', balance: '-0.10', currency: 'GBP', terms: { kind: 'days', days: 60 } },
    },
    { part: 'status', status: 'inactive' },
    { part: 'priceLists', lists: ['b', 'vip'] },
    { part: 'companyName', name: 'Acme' },
  ];
  const patch = () => sparklayer.accounts.patchAccount('cu_1', CHANGES, aCall());

  test('carries the members that change, the account whole and in JSON numbers', async () => {
    storefront.answers(() => ({ body: aRow('cu_1') }));
    expect(await patch()).toEqual({ kind: 'stored' });
    expect(storefront.calls('PATCH').map(({ path, body }) => [path, body])).toEqual([
      [
        '/api/v1/customers/cu_1',
        {
          payment_on_account: { credit_limit: 5000, balance: -0.1, currency_code: 'gbp', net_terms: '60_days' },
          status: 'inactive',
          price_lists: ['b', 'vip'],
          company_name: 'Acme',
        },
      ],
    ]);
  });

  test('gives terms that are no days back as they came', async () => {
    storefront.answers(() => ({ body: aRow('cu_1') }));
    const account = {
      creditLimit: '1',
      balance: '2',
      currency: 'GBP',
      terms: { kind: 'other', literal: 'eom' },
    } as const;
    await sparklayer.accounts.patchAccount('cu_1', [{ part: 'account', account }], aCall());
    expect(storefront.calls('PATCH')[0]?.body).toMatchObject({ payment_on_account: { net_terms: 'eom' } });
  });

  test.each([
    [{ status: 404 }, { kind: 'gone' }],
    [{ status: 409 }, { kind: 'refused', why: 'HTTP 409' }],
    [
      { status: 400, body: { errors: [{ code: 'resource-id-not-found', property: 'price_lists' }] } },
      { kind: 'refused', why: 'HTTP 400 (resource-id-not-found on price_lists)' },
    ],
  ] satisfies readonly (readonly [Reply, object])[])('answered by %j is %j', async (reply, outcome) => {
    storefront.answers(() => reply);
    expect(await patch()).toEqual(outcome);
  });

  test.each([
    [{ status: 503 }, 'SERVER_ERROR'],
    [{ status: 429, headers: { 'retry-after': '0' } }, 'RATE_LIMITED'],
    [{ instead: 'drop' }, 'CONNECTION_LOST'],
  ] satisfies readonly (readonly [Reply, string])[])('answered by %j passes by itself', async (reply, code) => {
    storefront.answers(() => reply);
    await expect(patch()).rejects.toMatchObject({ code, fate: 'wait' });
  });
});
