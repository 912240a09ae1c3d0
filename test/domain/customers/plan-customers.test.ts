import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type {
  CustomerRules,
  ErpAccount,
  OwnedPart,
  StorefrontAccount,
} from '../../../domain/customers/customer-rules.ts';
import {
  accountsOf,
  customersByCode,
  mayComeOfLostRow,
  planCustomer,
} from '../../../domain/customers/plan-customers.ts';
import { aCustomer, anAccount, patched, theRules } from './world.ts';

function plan(
  accounts: readonly ErpAccount[],
  customer: StorefrontAccount = aCustomer(),
  change: Partial<CustomerRules> = {},
) {
  const rules = theRules(change);
  return planCustomer(rules, accountsOf(customersByCode(rules, accounts), customer), customer);
}

const causes = (made: ReturnType<typeof plan>) => made.troubles.map(({ code, key }) => `${code} ${key}`.trim());
const figures = (limit: string | null, owed: string | null, currency = 'GBP') => ({
  limit,
  owed,
  openOrders: '1',
  currency,
});

test('a customer that is in step needs nothing, however the amounts and codes are written', () => {
  const made = plan([anAccount()], aCustomer({ erpCode: ' acme01 ' }));
  expect(made).toMatchObject({ changes: [], troubles: [], link: 'linked', isLeftInactive: false });
});

test('a balance that moved goes out with limit, currency and terms beside it', () => {
  expect(plan([anAccount({ header: figures('5000', '99.999') })]).changes).toEqual([
    {
      part: 'account',
      account: { creditLimit: '5000.00', balance: '100.00', currency: 'GBP', terms: { kind: 'days', days: 30 } },
    },
  ]);
});

test('open orders count as owed only where the site says so', () => {
  const credit = { from: 'header', divisions: [], openOrders: 'included' } as const;
  expect(plan([anAccount()], aCustomer(), { credit }).changes).toMatchObject([{ account: { balance: '420.50' } }]);
});

describe('credit that is kept per division', () => {
  const rows = [
    { division: '01', ...figures('1000', '10') },
    { division: '02', ...figures('500', '-5') },
  ];
  const accounts = [anAccount({ byDivision: rows.slice(0, 1) }), anAccount({ division: '02', byDivision: rows })];
  const credit = (from: 'sum' | 'first', divisions = ['01', '02']) => ({
    credit: { from, divisions, openOrders: 'excluded' } as const,
  });

  test('counts together', () => {
    expect(plan(accounts, aCustomer(), credit('sum')).changes).toMatchObject([
      { account: { creditLimit: '1500.00', balance: '5.00' } },
    ]);
  });

  test('or for the first of the divisions', () => {
    expect(plan(accounts, aCustomer(), credit('first', ['02', '01'])).changes).toMatchObject([
      { account: { creditLimit: '500.00', balance: '-5.00' } },
    ]);
  });

  test('a division without a row of its own has the figures of its header', () => {
    const made = plan(
      [anAccount({ byDivision: [] }), anAccount({ division: '02', byDivision: rows.slice(1) })],
      aCustomer(),
      credit('sum'),
    );
    expect(made.changes).toMatchObject([{ account: { creditLimit: '5500.00', balance: '115.50' } }]);
  });

  test('rows that were not shown are not the same as none', () => {
    const made = plan([anAccount({ byDivision: null })], aCustomer(), credit('first'));
    expect([made.changes, causes(made)]).toEqual([[], ['PAYMENT_ACCOUNT_INCOMPLETE erp']]);
  });

  test('in several currencies is told and not added up', () => {
    const dollars = [{ division: '02', ...figures('500', '0', 'USD') }];
    const made = plan([anAccount(), anAccount({ division: '02', byDivision: dollars })], aCustomer(), credit('sum'));
    expect([made.changes, causes(made)]).toEqual([[], ['CUSTOMER_CURRENCY_DIFFERS divisions']]);
  });
});

test.each([
  ['terms that are not mapped', anAccount({ terms: 'N45' }), 'TERMS_NOT_MAPPED N45'],
  ['no terms', anAccount({ terms: '' }), 'TERMS_NOT_MAPPED (none)'],
  ['a limit the ERP does not show', anAccount({ header: figures(null, '1') }), 'PAYMENT_ACCOUNT_INCOMPLETE erp'],
  ['a balance the ERP does not show', anAccount({ header: figures('1', null) }), 'PAYMENT_ACCOUNT_INCOMPLETE erp'],
  ['another currency', anAccount({ header: figures('1', '2', 'USD') }), 'CUSTOMER_CURRENCY_DIFFERS USD GBP'],
])('%s: the account is left alone, and it is told', (_, account, cause) => {
  const made = plan([account]);
  expect([made.changes, causes(made)]).toEqual([[], [cause]]);
});

describe('a customer that does not buy on account', () => {
  test('loses the credit it has in the storefront, and nothing else of its account', () => {
    expect(plan([anAccount({ terms: 'COD' })]).changes).toMatchObject([
      { account: { creditLimit: '0.00', balance: '120.50', terms: { kind: 'days', days: 30 } } },
    ]);
  });

  test('needs no account', () => {
    expect(plan([anAccount({ terms: 'COD' })], aCustomer({ account: null }))).toMatchObject({
      changes: [],
      troubles: [],
    });
  });
});

describe('where the ERP owns only half of an account', () => {
  const odd = {
    creditLimit: '10.005',
    balance: '7',
    currency: 'GBP',
    terms: { kind: 'other', literal: 'eom' },
  } as const;
  const owning = (...owns: OwnedPart[]) => ({ owns });

  test('the other half goes back as it was read', () => {
    expect(plan([anAccount()], aCustomer({ account: odd }), owning('terms')).changes).toEqual([
      { part: 'account', account: { ...odd, terms: { kind: 'days', days: 30 } } },
    ]);
    expect(plan([anAccount()], aCustomer({ account: odd }), owning('credit')).changes).toMatchObject([
      { account: { creditLimit: '5000.00', terms: odd.terms } },
    ]);
  });

  test('an account that is not there cannot be half written', () => {
    for (const part of ['terms', 'credit'] as const) {
      const made = plan([anAccount()], aCustomer({ account: null }), owning(part));
      expect([made.changes, causes(made)]).toEqual([[], ['PAYMENT_ACCOUNT_INCOMPLETE storefront']]);
    }
  });
});

describe('whether a customer may log in', () => {
  const inactive = anAccount({ active: false });
  test.each([
    ['active', inactive, 'never', ['inactive'], 1],
    ['pending', inactive, 'never', [], 1],
    ['inactive', inactive, 'never', [], 0],
    [null, inactive, 'never', [], 1],
    ['inactive', anAccount(), 'never', [], 0],
    ['inactive', anAccount(), 'whenActiveInErp', ['active'], 0],
    ['pending', anAccount(), 'whenActiveInErp', [], 0],
    ['on_holiday', anAccount(), 'whenActiveInErp', [], 0],
  ] as const)('%s in the storefront', (status, account, reactivate, written, troubles) => {
    const made = plan([account], aCustomer({ status }), { reactivate });
    expect(made.changes.flatMap((change) => (change.part === 'status' ? [change.status] : []))).toEqual(written);
    expect(made.troubles).toHaveLength(troubles);
    expect(made.isLeftInactive).toBe(account.active && status === 'inactive' && reactivate === 'never');
  });

  test('one that is active in any of the site’s divisions may, and that one leads', () => {
    const made = plan([inactive, anAccount({ division: '02', terms: 'N60' })]);
    expect(made.changes).toMatchObject([{ part: 'account', account: { terms: { days: 60 } } }]);
    expect(causes(made)).toEqual(['CUSTOMER_INACTIVE_IN_ERP 01']);
  });
});

describe('price lists', () => {
  test('that no row of the map names stay, the others follow the level', () => {
    const customer = aCustomer({ priceLists: ['vip', 'erp-b-gbp', 'summer'] });
    expect(plan([anAccount({ priceLevel: 'c' })], customer).changes).toEqual([
      { part: 'priceLists', lists: ['vip', 'summer', 'erp-c-gbp', 'outlet'] },
    ]);
  });

  test('in another order are the same', () => {
    const customer = aCustomer({ priceLists: ['outlet', 'vip', 'erp-c-gbp'] });
    expect(plan([anAccount({ priceLevel: 'C' })], customer).changes).toEqual([]);
  });

  test('of a level without a row stay as they are, and it is told', () => {
    const made = plan([anAccount({ priceLevel: 'D' })], aCustomer({ priceLists: [] }));
    expect([made.changes, causes(made)]).toEqual([[], ['PRICE_LEVEL_NOT_MAPPED D GBP']]);
  });
});

test('an ERP customer without a name takes none away', () => {
  expect(plan([anAccount({ name: ' ' })]).changes).toEqual([]);
});

describe('a customer of the storefront', () => {
  test.each([
    ['without an ERP code', aCustomer({ erpCode: null }), 'noCode', ['CUSTOMER_WITHOUT_ERP_CODE']],
    ['with an unknown one', aCustomer({ erpCode: 'NOBODY' }), 'unknown', ['CUSTOMER_NOT_IN_ERP']],
    ['without a code and closed', aCustomer({ erpCode: null, status: 'inactive' }), 'noCode', []],
  ] as const)('%s is left alone', (_, customer, link, codes) => {
    const made = plan([anAccount()], customer);
    expect(made).toMatchObject({ changes: [], link });
    expect(made.troubles.map(({ code }) => code)).toEqual(codes);
  });

  test('is unknown where the ERP has it in other divisions only', () => {
    expect(plan([anAccount({ division: '03' })]).link).toBe('unknown');
    expect(plan([anAccount({ division: '' })]).link).toBe('linked');
  });

  test('gets the same as another one with its code', () => {
    const [one, other] = ['cu_1', 'cu_2'].map((id) =>
      plan([anAccount({ header: figures('1', '1') })], aCustomer({ id })),
    );
    expect(one?.changes).toEqual(other?.changes);
    expect([...(one?.troubles ?? []), ...(other?.troubles ?? [])]).toEqual([]);
  });
});

const amount = fc.option(fc.integer({ min: -500_000, max: 9_000_000 }).map((mills) => String(mills / 1000)));
const currency = fc.constantFrom('GBP', 'USD', '');
const figuresOfAny = fc.record({ limit: amount, owed: amount, openOrders: amount, currency });
describe('changes may come of a row that the list of accounts did not show', () => {
  const rules = theRules();
  const may = (...accounts: readonly ErpAccount[]) => mayComeOfLostRow(rules, accounts, plan(accounts));
  const other = { division: '02', name: 'Other Ltd' };

  test.each([
    ['where a division of the site has no row', [anAccount({ ...other, active: false })], true],
    [
      'where the row that is there leads anyhow, but another decides about credit',
      [anAccount({ name: 'Other' })],
      true,
    ],
    [
      'not where every division has its row',
      [anAccount({ active: false }), anAccount({ ...other, active: false })],
      false,
    ],
    ['not where one row is kept for all divisions', [anAccount({ ...other, division: '' })], false],
    ['not where a balance moved and no more', [anAccount({ division: '02', header: figures('5000', '7') })], false],
    ['but where the limit is another one', [anAccount({ division: '02', header: figures('70', '7') })], true],
    ['not where nothing changes', [anAccount()], false],
  ])('%s', (_name, accounts, expected) => {
    expect(may(...accounts)).toBe(expected);
  });
});

const anyAccount = fc.record({
  customer: fc.constant('ACME01'),
  division: fc.constantFrom('01', '02', '03', ''),
  name: fc.constantFrom('Acme', 'Acme Outfitters', ''),
  active: fc.boolean(),
  terms: fc.constantFrom('N30', 'N60', 'COD', 'X', ''),
  priceLevel: fc.constantFrom('B', 'C', 'D', ''),
  currency,
  header: figuresOfAny,
  byDivision: fc.option(
    fc.array(fc.tuple(fc.constantFrom('01', '02'), figuresOfAny).map(([division, row]) => ({ division, ...row }))),
  ),
});
const anyCustomer = fc.record({
  id: fc.constant('cu_1'),
  erpCode: fc.constantFrom('ACME01', null),
  company: fc.constantFrom('Acme', null),
  status: fc.constantFrom('active', 'inactive', 'pending', 'other', null),
  currency: fc.constantFrom('GBP', null),
  priceLists: fc.array(fc.constantFrom('erp-b-gbp', 'erp-c-gbp', 'outlet', 'vip', 'summer')),
  account: fc.option(
    fc.record({
      creditLimit: fc.constantFrom('0', '100.10'),
      balance: fc.constantFrom('0', '7'),
      currency: fc.constantFrom('GBP', 'USD'),
      terms: fc.constantFrom({ kind: 'days', days: 30 } as const, { kind: 'other', literal: 'eom' } as const),
    }),
  ),
  addresses: fc.constant([]),
});
const anyRules = fc
  .record({
    owns: fc.subarray<OwnedPart>(['terms', 'credit', 'active', 'priceLists', 'companyName']),
    from: fc.constantFrom('header', 'sum', 'first'),
    openOrders: fc.constantFrom('excluded', 'included'),
    reactivate: fc.constantFrom('never', 'whenActiveInErp'),
  })
  .map(({ owns, reactivate, ...credit }) =>
    theRules({ owns, reactivate, credit: { ...credit, divisions: ['01', '02'] } }),
  );

test('what was written once is not written again, parts of others stay, and nothing that is not owned moves', () => {
  fc.assert(
    fc.property(anyRules, fc.array(anyAccount, { maxLength: 3 }), anyCustomer, (rules, accounts, customer) => {
      const ours = accountsOf(customersByCode(rules, accounts), customer);
      const { changes } = planCustomer(rules, ours, customer);
      const after = patched(customer, changes);
      expect(planCustomer(rules, ours, after).changes).toEqual([]);
      const others = (lists: readonly string[]) =>
        [...new Set(lists)].filter((slug) => ['vip', 'summer'].includes(slug));
      expect(others(after.priceLists)).toEqual(others(customer.priceLists));
      for (const { part } of changes)
        expect(part === 'account' ? ['terms', 'credit'] : [part === 'status' ? 'active' : part]).toSatisfy(
          (parts: readonly OwnedPart[]) => parts.some((each) => rules.owns.includes(each)),
        );
      const half = ({ account }: StorefrontAccount) => ({
        terms: rules.owns.includes('terms') ? null : account?.terms,
        balance: rules.owns.includes('credit') ? null : account?.balance,
      });
      // Without an account there is no half of one either.
      expect(half(after)).toEqual(half(customer));
    }),
    { numRuns: 100 },
  );
});
