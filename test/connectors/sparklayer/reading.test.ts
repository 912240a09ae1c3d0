import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { purchaseFingerprint } from '../../../domain/purchase-fingerprint.ts';
import type { Purchase } from '../../../domain/purchase.ts';
import { startScriptedStorefront, type ScriptedStorefront } from './scripted-storefront.ts';
import { aCall, aWireLine, aWirePackage, aWirePurchase, connect, gbp, KEY, UUID } from './support.ts';

let storefront: ScriptedStorefront;
let sparklayer: ReturnType<typeof connect>;

beforeEach(async () => {
  storefront = await startScriptedStorefront(() => ({ body: aWirePurchase() }));
  sparklayer = connect(storefront.url);
});
afterEach(async () => {
  await sparklayer.close();
  await storefront.close();
});

async function read(change: Readonly<Record<string, unknown>> = {}): Promise<Purchase> {
  storefront.answers(() => ({ body: aWirePurchase(change) }));
  const purchase = await sparklayer.getPurchase(KEY, aCall());
  if (!purchase) throw new Error('gone');
  return purchase;
}
const withLine = (change: Readonly<Record<string, unknown>>) => ({
  packages: [aWirePackage({ line_items: [aWireLine(change)] })],
});
const lineOf = (purchase: Purchase) => purchase.packages[0]?.lines[0];

test('a purchase is read in our words', async () => {
  expect(await read()).toEqual({
    key: KEY,
    identifiers: { sparklayer: UUID, platform: null, internal: null, visible: 'B2B01123' },
    type: 'order',
    placedAt: '2026-01-05T09:00:00.000+00:00',
    updatedAt: '2026-01-05T09:00:04.120+00:00',
    buyer: '4217ba4f-7618-4e3b-b1af-9055639b18d1',
    paymentMethod: 'on_account',
    customerReference: 'PO-7781',
    currency: 'GBP',
    totalPaid: '0.00',
    taxTotal: '42',
    taxCurrency: 'GBP',
    billTo: {
      name: 'John Spark',
      company: 'Example Stores',
      line1: '1 Head Office Road',
      line2: null,
      city: 'Hull',
      region: null,
      postalCode: 'HU1 1AA',
      country: 'GB',
      phone: null,
    },
    packages: [
      {
        type: 'incoming',
        lines: [
          {
            sku: 'AC-1001-BLK-M',
            title: 'Merino Crew, Black / M',
            quantity: 10,
            total: { net: '200.00', tax: '40.00', gross: '240.00', discountNet: '0.00', currency: 'GBP' },
            attributes: [],
          },
        ],
        files: [],
        shippingMethod: 'Standard shipping',
        shippingCharge: { net: '10.00', tax: '2.00', gross: '12.00', discountNet: null, currency: 'GBP' },
        shipTo: {
          name: null,
          company: 'Example Stores',
          line1: '7 Philosophy Way',
          line2: null,
          city: 'Willerby',
          region: null,
          postalCode: 'HU10 6AA',
          country: 'GB',
          phone: null,
        },
      },
    ],
    customFields: [{ name: 'Delivery date', value: '2026-01-20' }],
    metadata: [{ name: 'fulfilment_location', value: 'warehouse-1' }],
  });
});

describe('a purchase that is written another way', () => {
  const money = (number: string, currency = 'GBP') => ({
    ...withLine({ line_total: { total_net: gbp(number, currency), total_tax: gbp('40.00', currency) } }),
  });
  const print = async (change: Readonly<Record<string, unknown>>) => purchaseFingerprint(await read(change), 'instep');

  test('has the same content: decimals', async () => {
    expect(await print(money('15.9'))).toBe(await print(money('15.900')));
    expect(await print(money('15.9'))).not.toBe(await print(money('15.91')));
  });

  test('has the same content: case of the currency', async () => {
    const lower = { currency_code: 'gbp', tax_lines: [{ amount: gbp('42.00', 'gbp') }], ...money('200.00', 'gbp') };
    expect(await print(lower)).toBe(await print(money('200.00')));
    expect(await read(lower)).toMatchObject({
      currency: 'GBP',
      packages: [{ lines: [{ total: { currency: 'GBP' } }] }],
    });
  });

  test('has the same content: order of members', async () => {
    const turned = Object.fromEntries(Object.entries(aWirePurchase()).toReversed());
    storefront.answers(() => ({ body: turned }));
    const purchase = await sparklayer.getPurchase(KEY, aCall());
    expect(purchase && purchaseFingerprint(purchase, 'instep')).toBe(await print({}));
  });

  test('keeps its times as instants, in any offset', async () => {
    const { updatedAt, placedAt } = await read({
      dates: { updated_at: '2026-01-05T11:00:04.120+02:00', placed_at: '2026-01-05T04:00:00-05:00' },
    });
    expect([updatedAt, placedAt].map((time) => Date.parse(time ?? ''))).toEqual([
      Date.parse('2026-01-05T09:00:04.120Z'),
      Date.parse('2026-01-05T09:00:00Z'),
    ]);
  });
});

describe('what is missing stays missing, for the domain to judge', () => {
  test.each([
    'customer_reference',
    'payment_method',
    'currency_code',
    'total_paid',
    'billing_address',
    'customer_identifiers',
  ])('%s, whether it is absent or null', async (member) => {
    const { [member]: _, ...without } = aWirePurchase();
    storefront.answers(() => ({ body: without }));
    const absent = await sparklayer.getPurchase(KEY, aCall());
    expect(await read({ [member]: null })).toEqual(absent);
  });

  test.each([
    ['absent', undefined],
    ['null', null],
  ])('lists that are %s', async (_, list) => {
    expect(await read({ metadata: list, custom_fields: list, tax_lines: list, accounting_files: list })).toMatchObject({
      metadata: [],
      customFields: [],
      taxTotal: null,
    });
  });

  test('the tax total of an order that names no tax, which is not the same as tax of nothing', async () => {
    expect((await read({ tax_lines: [] })).taxTotal).toBeNull();
    expect((await read({ tax_lines: [{ title: 'VAT', amount: gbp('0.00') }] })).taxTotal).toBe('0');
  });

  test('tax lines are added up exactly', async () => {
    const tax_lines = ['0.1', '0.2', '9007199254740993.01'].map((number) => ({ title: 'VAT', amount: gbp(number) }));
    expect((await read({ tax_lines })).taxTotal).toBe('9007199254740993.31');
  });

  test.each([
    ['a line without identifiers', { identifiers: null }, { sku: null }],
    ['a line without a SKU', { identifiers: {} }, { sku: null }],
    ['a line with a blank SKU', { identifiers: { sku: '  ' } }, { sku: null }],
    ['a line without a total', { line_total: null }, { total: null }],
    ['a line whose total has no net', { line_total: { total_gross: gbp('1') } }, { total: null }],
    ['a line without names', { name_parent: null, name_child: undefined }, { title: '' }],
    [
      'a line with the total’s net only',
      { line_total: { total_net: gbp('1') } },
      { total: { net: '1', tax: null, gross: null } },
    ],
    ['a line of no pieces', { quantity: 0 }, { quantity: 0 }],
    [
      'an attribute without a value',
      { custom_attributes: [{ key: 'Mug Text' }] },
      { attributes: [{ key: 'Mug Text', value: null }] },
    ],
    [
      'an attribute of another kind',
      { custom_attributes: [{ key: 'Mug', value: 5 }] },
      { attributes: [{ key: 'Mug', value: '5' }] },
    ],
  ])('%s', async (_, change, line) => {
    expect(lineOf(await read(withLine(change)))).toMatchObject(line);
  });

  test('a package without shipping, address or lines', async () => {
    const parcel = { type: 'incoming', line_items: [], shipping_method: null, shipping_address: null };
    expect((await read({ packages: [parcel] })).packages).toEqual([
      { type: 'incoming', lines: [], files: [], shippingMethod: null, shippingCharge: null, shipTo: null },
    ]);
    expect((await read({ packages: [] })).packages).toEqual([]);
  });

  test('blank texts of an address', async () => {
    const billing_address = {
      first_name: ' ',
      last_name: 'Spark ',
      company: '',
      address_line1: ' 1 Road ',
      address_line2: '',
      city: 'Hull',
      region_code: ' ',
      postal_code: '',
      country_code: 'gb',
      phone: '',
    };
    expect((await read({ billing_address })).billTo).toEqual({
      name: 'Spark',
      company: null,
      line1: '1 Road',
      line2: null,
      city: 'Hull',
      region: null,
      postalCode: null,
      country: 'GB',
      phone: null,
    });
  });

  test('what was paid in another currency is not what was paid', async () => {
    expect((await read({ total_paid: gbp('252.00', 'EUR') })).totalPaid).toBeNull();
    expect((await read({ total_paid: gbp('252.00', 'gbp') })).totalPaid).toBe('252.00');
  });
});

test('amounts in several currencies are read as that: it is for people', async () => {
  const several = withLine({ line_total: { total_net: gbp('1'), total_tax: gbp('1', 'EUR') } });
  const tax_lines = [{ amount: gbp('40.00', 'gbp') }, { amount: gbp('2.00', 'EUR') }];
  expect(await read({ ...several, tax_lines })).toMatchObject({
    currency: 'GBP',
    taxCurrency: null,
    packages: [{ lines: [{ total: { currency: null } }] }],
  });
  expect(await read({ tax_lines: tax_lines.slice(1) })).toMatchObject({ currency: 'GBP', taxCurrency: 'EUR' });
  expect(await read({ tax_lines: [] })).toMatchObject({ taxTotal: null, taxCurrency: null });
});

describe('what is new is read', () => {
  test('unknown types of purchase, package and payment', async () => {
    const purchase = await read({
      type: 'subscription',
      payment_method: 'barter',
      packages: [aWirePackage({ type: 'teleport' })],
    });
    expect(purchase).toMatchObject({ type: 'subscription', paymentMethod: 'barter', packages: [{ type: 'teleport' }] });
  });

  test('a buyer in the older form, and no SparkLayer id', async () => {
    const purchase = await read({
      customer_identifiers: { sparklayer: 'cu_123' },
      purchase_identifiers: { platform: '99', sparklayer: '' },
    });
    expect(purchase).toMatchObject({ buyer: 'cu_123', identifiers: { sparklayer: null, platform: '99' }, key: KEY });
  });

  test('entries whose value is no text', async () => {
    const { metadata } = await read({
      metadata: [{ name: 'a', value: 5 }, { name: 'b', value: { c: true } }, { name: 'd' }],
    });
    expect(metadata).toEqual([
      { name: 'a', value: '5' },
      { name: 'b', value: '{"c":true}' },
      { name: 'd', value: null },
    ]);
  });

  test('members we do not know, anywhere', async () => {
    const plain = await read();
    const strange = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(strange)
        : typeof value === 'object' && value !== null
          ? {
              ...Object.fromEntries(Object.entries(value).map(([name, member]) => [name, strange(member)])),
              not_known: [1],
            }
          : value;
    storefront.answers(() => ({ body: strange(aWirePurchase()) }));
    expect(await sparklayer.getPurchase(KEY, aCall())).toEqual(plain);
  });
});

describe('a body of another shape is a drift that names the place', () => {
  test.each([
    ['type', { type: null }],
    ['purchase_identifiers', { purchase_identifiers: null }],
    ['dates.updated_at', { dates: {} }],
    ['dates.updated_at', { dates: { updated_at: '5 January 2026' } }],
    ['dates.updated_at', { dates: { updated_at: '2026-01-05T09:00:04' } }],
    ['dates.updated_at', { dates: { updated_at: '2026-13-05T09:00:04Z' } }],
    ['dates.placed_at', { dates: { updated_at: '2026-01-05T09:00:04Z', placed_at: 'soon' } }],
    ['packages', { packages: { 0: aWirePackage() } }],
    ['packages.0.line_items', { packages: [{ type: 'incoming' }] }],
    ['packages.0.line_items.0.quantity', withLine({ quantity: '10' })],
    ['packages.0.line_items.0.line_total.total_net.number', withLine({ line_total: { total_net: gbp('1,5') } })],
    [
      'packages.0.line_items.0.line_total.total_net.number',
      withLine({ line_total: { total_net: { number: 1.5, currency: 'GBP' } } }),
    ],
  ])('%s', async (path, change) => {
    const error: unknown = await read(change).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'SCHEMA_DRIFT', fate: 'gate' });
    expect(String(error)).toMatch(new RegExp(`at ${path.replaceAll('.', '\\.')}$`));
  });

  test.each([
    ['a list', []],
    ['a text', '"order"'],
    ['null', 'null'],
    ['a problem with 200', { title: 'Bad', status: 400 }],
  ])('%s instead of a purchase', async (_, body) => {
    storefront.answers(() => ({ body, headers: { 'content-type': 'application/json' } }));
    await expect(sparklayer.getPurchase(KEY, aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT', fate: 'gate' });
  });
});

test('whatever JSON comes, reading ends with a purchase or with an error of ours', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(aWirePurchase())),
      fc.jsonValue({ maxDepth: 3 }),
      async (member, value) => {
        const outcome: unknown = await read({ [member]: value }).catch((thrown: unknown) => thrown);
        const isOurs = outcome instanceof Error ? outcome.name === 'SparkLayerError' : true;
        expect(isOurs).toBe(true);
      },
    ),
    { numRuns: 150 },
  );
});

describe('customers and locations', () => {
  test('a customer is read in our words, and its id is encoded', async () => {
    storefront.answers(() => ({
      body: {
        id: 'cu_123',
        email: 'buyer@example.com',
        company_name: 'Example Stores',
        accounting_id: ' CUST-0042 ',
        status: 'dormant',
        group: 'base',
      },
    }));
    expect(await sparklayer.getCustomer('a/b c@d', aCall())).toEqual({
      id: 'cu_123',
      company: 'Example Stores',
      email: 'buyer@example.com',
      accountingId: 'CUST-0042',
      status: 'dormant',
    });
    expect(storefront.calls()[0]?.url).toBe('/api/v1/customers/a%2Fb%20c%40d');
  });

  test('a customer who is not linked to the ERP has no code there', async () => {
    storefront.answers(() => ({ body: { id: 'cu_1', accounting_id: ' ' } }));
    expect(await sparklayer.getCustomer('cu_1', aCall())).toMatchObject({ accountingId: null, company: null });
  });

  test('a customer who is gone is null', async () => {
    storefront.answers(() => ({ status: 404 }));
    expect(await sparklayer.getCustomer('cu_1', aCall())).toBeNull();
  });

  test('locations are read with what purchases name them by', async () => {
    storefront.answers(() => ({
      body: [
        { id: 'sl_1', name: 'Main', external_id: 'warehouse-1', more: 1 },
        { id: '2', name: 'Other' },
        { id: '3', name: 'Third', external_id: '' },
      ],
    }));
    expect(await sparklayer.listStockLocations(aCall())).toEqual([
      { id: 'sl_1', name: 'Main', externalId: 'warehouse-1' },
      { id: '2', name: 'Other', externalId: null },
      { id: '3', name: 'Third', externalId: null },
    ]);
  });

  test('a probe takes a token and reads once', async () => {
    storefront.answers(() => ({ body: [] }));
    await sparklayer.probe(aCall());
    expect([storefront.tokenCalls().length, storefront.calls().length]).toEqual([1, 1]);
  });
});
