import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { createSyncCustomersActivities, type CustomersReport } from '../../activities/sync-customers.ts';
import type { BlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import type { CustomerSettings } from '../../config/customers-section.ts';
import { asActivity, startSteps, type Steps } from '../support/steps.ts';

/*
 * One world for the whole file, told as a story: each test goes on from where the one before left both systems.
 */
let steps: Steps;
let last: CustomersReport | null = null;
let patchesBefore = 0;
beforeAll(async () => {
  steps = await startSteps({ site: (site) => ({ ...site, customers: { ...site.customers, mode: 'write' } }) });
});
afterAll(() => steps.stop());
beforeEach(() => {
  steps.storefront.faults.clear();
  patchesBefore = patches().length;
});

const EXAMPLE = 'CUST-0042';
const patches = () => steps.storefront.calls('PATCH /api/v1/customers/{id}');
const sent = () =>
  patches()
    .slice(patchesBefore)
    .map(({ body }) => body);
const causes = ({ findings }: CustomersReport) => findings.map(({ code, key }) => `${code} ${key}`.trim()).toSorted();

async function run({
  rules = {},
  bluecherry = steps.dependencies.bluecherry,
  override = false,
}: {
  readonly rules?: Partial<CustomerSettings>;
  readonly bluecherry?: BlueCherry;
  readonly override?: boolean;
} = {}): Promise<CustomersReport> {
  const { site, sparklayer } = steps.dependencies;
  const feed = createSyncCustomersActivities({
    site: { ...site, customers: { ...site.customers, ...rules } },
    sparklayer,
    bluecherry,
  });
  const person = { guard: 'CUSTOMERS_SHRUNKEN', actor: 'ann', reason: 'a division was closed' } as const;
  const report = await asActivity(() => feed.bringCustomersInStep({ last, override: override ? person : null }));
  expect(steps.storefront.contractViolations()).toEqual([]);
  expect(steps.erp.contractViolations()).toEqual([]);
  return report;
}

test('a check tells everything and writes nothing', async () => {
  const report = await run({ rules: { mode: 'check' } });
  expect(report.stats).toMatchObject({ customers: 8, linked: 7, withoutErpCode: 1, inactiveInErp: 1, written: 0 });
  expect(report.stats['differing']).toBeGreaterThan(3);
  expect(causes(report)).toEqual(['CUSTOMER_INACTIVE_IN_ERP', 'CUSTOMER_WITHOUT_ERP_CODE']);
  expect(sent()).toEqual([]);
});

test('the first run brings all customers in step, a page of either system at a call, and the second sends nothing', async () => {
  const before = steps.storefront.customer(EXAMPLE);
  last = await run();
  expect(last.stats).toMatchObject({ written: last.stats['differing'], statusChanges: 1, failed: 0, left: 0 });
  expect(steps.storefront.customer('INAC01')?.status).toBe('inactive');
  expect(steps.storefront.customer(EXAMPLE)).toMatchObject({
    email: before?.email,
    role: before?.role,
    group: before?.group,
    addresses: before?.addresses,
    payment_on_account: { credit_limit: 25000, balance: 0, currency_code: 'gbp', net_terms: '30_days' },
  });
  const erpCalls = steps.erp.calls().length;
  patchesBefore = patches().length;
  last = await run();
  expect(sent()).toEqual([]);
  expect(last.stats).toMatchObject({
    differing: 0,
    written: 0,
    inactiveInErp: 0,
    withoutErpCode: 1,
    withoutErpCodeNew: 0,
  });
  // A page and its empty successor of the customers, and one look for changed stores.
  expect(steps.erp.calls().length - erpCalls).toBeLessThanOrEqual(4);
});

test('what moved in the ERP goes out, each difference and nothing else', async () => {
  steps.erp.setCustomer('01', EXAMPLE, { arBalance: '99.90' });
  steps.erp.setCustomer('01', 'PAST01', { terms: 'N60' });
  steps.erp.setCustomer('01', 'FACT01', { name: 'Factored Fashions plc' });
  last = await run();
  expect(sent()).toHaveLength(3);
  expect(sent()).toEqual(
    expect.arrayContaining([
      { payment_on_account: { credit_limit: 25000, balance: 99.9, currency_code: 'gbp', net_terms: '30_days' } },
      { payment_on_account: expect.objectContaining({ net_terms: '60_days' }) },
      { company_name: 'Factored Fashions plc' },
    ]),
  );
});

test('what people changed in the storefront is corrected where the ERP owns it, and left where it does not', async () => {
  steps.storefront.setCustomer(EXAMPLE, { email: 'new@example.com', role: 'limited-customer', price_lists: [] });
  steps.storefront.setCustomer('INAC01', { status: 'active' });
  last = await run();
  expect(last.stats).toMatchObject({ written: 2, inactiveInErp: 1, inactiveInErpNew: 1 });
  expect(steps.storefront.customer(EXAMPLE)).toMatchObject({
    email: 'new@example.com',
    role: 'limited-customer',
    price_lists: ['erp-wholesale-gbp'],
  });
  expect(steps.storefront.customer('INAC01')?.status).toBe('inactive');
});

test('a customer without a good code, and codes the site file does not know, are told on the day they appear', async () => {
  steps.storefront.addCustomer({ email: 'new@buyer.example', company_name: 'New Buyer' });
  steps.storefront.addCustomer({ email: 'lost@buyer.example', company_name: 'Lost', accounting_id: 'NOBODY' });
  steps.erp.setCustomer('01', EXAMPLE, { terms: 'X99', arBalance: '1.00' });
  steps.erp.setCustomer('01', 'OVER01', { priceLevel: 'D' });
  steps.storefront.setCustomer('CHAIN01', { addresses: [] });
  const report = await run();
  expect(report.stats).toMatchObject({
    withoutErpCode: 2,
    withoutErpCodeNew: 1,
    notInErp: 1,
    notInErpNew: 1,
    storesOnlyInErp: 12,
  });
  expect(causes(report)).toEqual([
    'CUSTOMER_NOT_IN_ERP',
    'CUSTOMER_WITHOUT_ERP_CODE',
    'PRICE_LEVEL_NOT_MAPPED D GBP',
    'STORES_ONLY_IN_ERP',
    'TERMS_NOT_MAPPED X99',
  ]);
  const unlinked = report.findings.find(({ code }) => code === 'CUSTOMER_WITHOUT_ERP_CODE');
  expect(unlinked?.concerns[0]).toContain('New Buyer');
  // Unmapped terms leave the account alone, its balance too.
  expect(sent()).toEqual([]);
  last = report;
  expect((await run()).stats).toMatchObject({ withoutErpCode: 2, withoutErpCodeNew: 0, notInErpNew: 0 });
});

test('a list that the ERP lost a good part of changes nothing, until a person lets one run pass', async () => {
  const { bluecherry } = steps.dependencies;
  const half: BlueCherry = {
    ...bluecherry,
    balances: {
      ...bluecherry.balances,
      listAccounts: async (call) => {
        const { accounts, unreadable } = await bluecherry.balances.listAccounts(call);
        return { accounts: accounts.filter(({ customer }) => customer < 'E'), unreadable };
      },
    },
  };
  steps.erp.setCustomer('01', 'ACME01', { arBalance: '3.00' });
  const stopped = await run({ bluecherry: half });
  expect(causes(stopped)).toEqual(['CUSTOMERS_SHRUNKEN']);
  expect(stopped.seen).toEqual(last?.seen);
  expect(stopped.known).toEqual(last?.known);
  expect(sent()).toEqual([]);
  const passed = await run({ bluecherry: half, override: true });
  expect(passed.stats).toMatchObject({ written: 1 });
  expect(passed.seen?.accounts).toBeLessThan(stopped.seen?.accounts ?? 0);
});

test('a part that the storefront refuses does not keep the others out, and is told with its reason', async () => {
  steps.erp.setCustomer('01', 'ACME01', { arBalance: '4.00', name: 'Acme Ltd' });
  const priceLists = [{ level: 'B', currency: 'USD', lists: ['no-such-list'] }];
  const report = await run({ rules: { priceLists } });
  expect(report.stats).toMatchObject({ refused: 1 });
  expect(report.findings.find(({ code }) => code === 'CUSTOMER_WRITE_REFUSED')).toMatchObject({
    concerns: ['ACME01 (Acme Outfitters)'],
    says: expect.stringContaining('resource-id-not-found on price_lists'),
  });
  expect(steps.storefront.customer('ACME01')).toMatchObject({
    company_name: 'Acme Ltd',
    payment_on_account: { balance: 4 },
    price_lists: ['erp-wholesale-usd'],
  });
});

test('what is lost on the way is told, and the next run sends what is missing', async () => {
  steps.erp.setCustomer('01', 'ACME01', { arBalance: '5.00' });
  steps.erp.setCustomer('01', 'CHAIN01', { arBalance: '6.00' });
  steps.storefront.faults.add({ kind: 'status', status: 503, route: 'PATCH /api/v1/customers/{id}' });
  const report = await run();
  expect(report.stats).toMatchObject({ written: 1, failed: 1 });
  expect(causes(report)).toContain('STEP_OVERDUE');
  patchesBefore = patches().length;
  expect((await run()).stats).toMatchObject({ written: 1, failed: 0 });
  expect(sent()).toHaveLength(1);
});

test('price lists that others gave the customer while the ERP was read are kept', async () => {
  const { bluecherry } = steps.dependencies;
  const slow: BlueCherry = {
    ...bluecherry,
    balances: {
      ...bluecherry.balances,
      listAccounts: async (call) => {
        const accounts = await bluecherry.balances.listAccounts(call);
        steps.storefront.setCustomer('ACME01', { price_lists: ['erp-wholesale-gbp'] });
        return accounts;
      },
    },
  };
  steps.storefront.setCustomer('ACME01', { price_lists: [] });
  await run({
    bluecherry: slow,
    rules: { priceLists: [{ level: 'B', currency: 'USD', lists: ['erp-wholesale-usd'] }] },
  });
  expect(steps.storefront.customer('ACME01')?.price_lists).toEqual(['erp-wholesale-gbp', 'erp-wholesale-usd']);
});

test('a customer of which the ERP’s row cannot be read is left alone and named, and stops no other', async () => {
  await run();
  steps.erp.setCustomer('01', EXAMPLE, { arBalance: '21.00', active: false });
  steps.erp.setCustomer('01', 'ACME01', { arBalance: '22.00' });
  const before = steps.storefront.customer(EXAMPLE);
  // The first row of the list.
  steps.erp.faults.add({ kind: 'oddRow', change: { credit_limit: 'none' }, route: 'GET /api/customer' });
  const report = await run();
  expect(report.stats).toMatchObject({ erpUnreadable: 1, written: 1, failed: 0 });
  const named = { code: 'SCHEMA_DRIFT', key: 'ERP customers', concerns: [EXAMPLE] };
  expect(report.findings).toContainEqual(expect.objectContaining(named));
  expect(steps.storefront.customer(EXAMPLE)).toEqual(before);
  expect(steps.storefront.customer('ACME01')).toMatchObject({ payment_on_account: { balance: 22 } });
  expect((await run()).stats).toMatchObject({ erpUnreadable: 0, written: 1 });
  steps.erp.setCustomer('01', EXAMPLE, { active: true });
});

describe('a row that the ERP’s list lost to a page border', () => {
  const lost: (of: string) => BlueCherry = (of) => {
    const { bluecherry } = steps.dependencies;
    return {
      ...bluecherry,
      balances: {
        ...bluecherry.balances,
        listAccounts: async (call) => {
          const { accounts, unreadable } = await bluecherry.balances.listAccounts(call);
          const shown = accounts.filter(({ customer, division }) => customer !== of || division !== '01');
          return { accounts: shown, unreadable };
        },
      },
    };
  };
  const asked = () => steps.erp.calls().filter(({ query }) => query.includes('customer'));

  test('closes nobody: the ERP is asked for that customer alone', async () => {
    steps.erp.setCustomer('02', 'ACME01', { active: false });
    await run();
    const before = asked().length;
    last = await run({ bluecherry: lost('ACME01') });
    expect(last.stats).toMatchObject({ differing: 1, written: 0, unchanged: 1 });
    expect(asked()).toHaveLength(before + 1);
    expect(steps.storefront.customer('ACME01')?.status).toBe('active');
  });

  test('gives nobody another division’s price level and terms, and what the ERP says alone is written', async () => {
    steps.erp.setCustomer('02', 'ACME01', { active: true, terms: 'N60', priceLevel: 'A' });
    steps.erp.setCustomer('01', 'ACME01', { name: 'Acme & Sons' });
    last = await run({ bluecherry: lost('ACME01') });
    expect(sent()).toEqual([{ company_name: 'Acme & Sons' }]);
  });

  test('costs no call where a balance moved and no more', async () => {
    steps.erp.setCustomer('02', 'ACME01', { terms: 'N30', priceLevel: 'B', name: 'Acme & Sons', arBalance: '8.00' });
    const before = asked().length;
    last = await run({ bluecherry: lost('ACME01') });
    expect(last.stats).toMatchObject({ differing: 1, accountChanges: 1, written: 1 });
    expect(asked()).toHaveLength(before);
  });
});

test('a feed that is off reads nothing', async () => {
  const calls = steps.erp.calls().length;
  expect(await run({ rules: { mode: 'off' } })).toMatchObject({ stats: {}, findings: [], known: last?.known });
  expect(steps.erp.calls()).toHaveLength(calls);
});
