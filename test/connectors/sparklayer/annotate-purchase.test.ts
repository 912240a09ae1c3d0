import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { PurchaseNote } from '../../../domain/purchase.ts';
import { asJson, OnePurchase } from './one-purchase.ts';
import type { ScriptedStorefront } from './scripted-storefront.ts';
import { aCall, aNote, aWireLine, aWirePackage, aWirePurchase, connect, ENTRY, KEY, UUID } from './support.ts';

const NOTE = aNote();

let shop: OnePurchase;
let storefront: ScriptedStorefront;
let sparklayer: ReturnType<typeof connect>;

beforeEach(async () => {
  shop = new OnePurchase();
  storefront = await shop.start();
  sparklayer = connect(storefront.url);
});
afterEach(async () => {
  await sparklayer.close();
  await storefront.close();
});

const annotate = (note: PurchaseNote | null = NOTE) => sparklayer.annotatePurchase(KEY, () => note, aCall());
const puts = () => storefront.calls('PUT');
const entry = (value: string) => ({ name: 'instep', value });

describe('what goes out', () => {
  test('is the purchase as read with our two members changed and nothing calculated', async () => {
    const outcome = await annotate();
    const {
      calculated_shipping_address,
      calculated_total,
      calculated_total_usd,
      calculated_fulfilment_status,
      ...rest
    } = aWirePurchase();
    expect([
      calculated_shipping_address,
      calculated_total,
      calculated_total_usd,
      calculated_fulfilment_status,
    ]).toHaveLength(4);
    const { calculated_submitted_at: _, ...dates } = asJson(rest['dates']);
    expect(puts()[0]?.body).toEqual({
      ...rest,
      dates,
      purchase_identifiers: { sparklayer: UUID, platform: null, internal: '104512', visible: 'B2B01123' },
      metadata: [{ name: 'fulfilment_location', value: 'warehouse-1' }, entry(ENTRY)],
    });
    expect(outcome).toMatchObject({
      kind: 'written',
      purchase: { updatedAt: shop.updatedAt(), identifiers: { internal: '104512' } },
    });
  });

  test('goes out right after the read, with the revision that was read', async () => {
    await annotate();
    expect(storefront.calls().map(({ method }) => method)).toEqual(['GET', 'PUT']);
    expect(puts()[0]).toMatchObject({
      path: `/api/v1/purchases/sparklayer/${UUID}`,
      headers: { 'content-type': 'application/json' },
      body: { revision_date: '2026-01-05T09:00:04.120+00:00' },
    });
  });

  test('carries members we do not know back at any depth, unknown packages and enum values too', async () => {
    const strange = { deep: [{ deeper: { yes: true, none: null, empty: [], text: '' } }], 'odd name': 1.5 };
    shop.stored = asJson(
      aWirePurchase({
        strange,
        payment_method: 'barter',
        dates: { updated_at: '2026-01-05T09:00:04.120+00:00', strange },
        purchase_identifiers: { sparklayer: UUID, strange },
        packages: [
          aWirePackage({ strange, line_items: [aWireLine({ strange, identifiers: { sku: null, ean: '4' } })] }),
          { type: 'teleport', line_items: [], strange },
        ],
        metadata: [{ name: 'a', value: 'b', strange }],
      }),
    );
    const before = shop.stored;
    await annotate({ ...NOTE, internal: null });
    const { calculated_shipping_address: _a, calculated_total: _b, ...rest } = before;
    const { calculated_total_usd: _c, calculated_fulfilment_status: _d, ...kept } = rest;
    expect(puts()[0]?.body).toEqual({ ...kept, metadata: [{ name: 'a', value: 'b', strange }, entry(ENTRY)] });
  });

  test('keeps numbers as they were written, beyond what a float can hold', async () => {
    const text = JSON.stringify(aWirePurchase({ big: 'BIG', list: ['LONG'] }))
      .replace('"BIG"', '12345678901234567890')
      .replace('"LONG"', '0.10000000000000000001');
    storefront.answers(({ method }) =>
      method === 'GET' ? { body: text, headers: { 'content-type': 'application/json' } } : { body: text },
    );
    await annotate();
    expect(puts()[0]?.text).toContain('"big":12345678901234567890');
    expect(puts()[0]?.text).toContain('"list":[0.10000000000000000001]');
  });

  test('never holds a calculated member, however deep', async () => {
    shop.stored = asJson(
      aWirePurchase({
        packages: [aWirePackage({ calculated_weight: 3, line_items: [aWireLine({ calculated_x: { y: 1 } })] })],
        unknown: [[{ calculated_z: 1, kept: 2 }]],
      }),
    );
    await annotate();
    expect(puts()[0]?.text).not.toContain('calculated_');
    expect(puts()[0]?.body).toMatchObject({ unknown: [[{ kept: 2 }]] });
  });

  test.each([
    ['absent', undefined],
    ['null', null],
    ['empty', []],
  ])('always holds the two required lists when they were %s', async (_, list) => {
    shop.stored = asJson(aWirePurchase({ accounting_files: list, custom_fields: list }));
    await annotate();
    expect(puts()[0]?.body).toMatchObject({ accounting_files: [], custom_fields: [] });
  });

  test('replaces exactly our entry in its place, and keeps its other members and all other entries in order', async () => {
    const others = [
      { name: 'Instep', value: 'x' },
      { name: 'instep ', value: 'y' },
      { name: 'last', value: null },
    ];
    shop.stored = asJson(
      aWirePurchase({ metadata: [others[0], { name: 'instep', value: 'old', since: 1 }, others[1], others[2]] }),
    );
    await annotate();
    expect(puts()[0]?.body).toMatchObject({
      metadata: [others[0], { name: 'instep', value: ENTRY, since: 1 }, others[1], others[2]],
    });
  });

  test.each([
    ['absent', undefined],
    ['null', null],
  ])('makes the list of entries when it was %s', async (_, metadata) => {
    shop.stored = asJson(aWirePurchase({ metadata }));
    await annotate();
    expect(puts()[0]?.body).toMatchObject({ metadata: [entry(ENTRY)] });
  });

  test('leaves the number alone when the note has none', async () => {
    shop.stored = asJson(aWirePurchase({ purchase_identifiers: { sparklayer: UUID, internal: 'SO-9' } }));
    await annotate({ ...NOTE, internal: null });
    expect(puts()[0]?.body).toMatchObject({ purchase_identifiers: { sparklayer: UUID, internal: 'SO-9' } });
  });

  test.each([
    ['confirm', 'order_unconfirmed', 'order'],
    ['leave', 'order_unconfirmed', 'order_unconfirmed'],
    ['confirm', 'order', 'order'],
  ] as const)(
    'told to %s, of the type %s, makes it %s, and the entry is told so',
    async (confirmation, before, after) => {
      shop.stored = asJson(aWirePurchase({ type: before }));
      await annotate({ ...NOTE, confirmation, entry: ({ type }) => type });
      expect(puts()[0]?.body).toMatchObject({
        type: after,
        metadata: [{ name: 'fulfilment_location' }, entry(after)],
      });
      expect(await annotate({ ...NOTE, confirmation, entry: ({ type }) => type })).toMatchObject({ kind: 'unchanged' });
    },
  );

  test('is addressed by the kind of the key, encoded, or by the SparkLayer id where there is one', async () => {
    shop.stored = asJson(aWirePurchase({ purchase_identifiers: { visible: '#10 7/8+é' } }));
    await sparklayer.annotatePurchase({ kind: 'visible', value: '#10 7/8+é' }, () => NOTE, aCall());
    const path = '/api/v1/purchases/visible/%2310%207%2F8%2B%C3%A9';
    expect(storefront.calls().map(({ url }) => url)).toEqual([path, path]);
    shop.stored = asJson(aWirePurchase());
    await sparklayer.annotatePurchase({ kind: 'platform', value: '77' }, () => NOTE, aCall());
    expect(
      storefront
        .calls()
        .slice(2)
        .map(({ path }) => path),
    ).toEqual(['/api/v1/purchases/platform/77', `/api/v1/purchases/sparklayer/${UUID}`]);
  });
});

describe('nothing goes out', () => {
  test('when the purchase says so already', async () => {
    await annotate();
    expect(await annotate()).toMatchObject({ kind: 'unchanged', purchase: { updatedAt: shop.updatedAt() } });
    expect(puts()).toHaveLength(1);
  });

  test('when the change does not want to be made', async () => {
    expect(await annotate(null)).toMatchObject({ kind: 'left', purchase: { type: 'order' } });
    expect(puts()).toEqual([]);
  });

  test('to a purchase that is gone', async () => {
    shop.stored = null;
    expect(await annotate()).toEqual({ kind: 'gone' });
    expect(puts()).toEqual([]);
  });

  test.each([
    ['a type we do not know', 'subscription'],
    ['a cart', 'cart'],
    ['a quote', 'quote'],
    ['an approval', 'awaiting_approval'],
  ])('to a purchase that is %s, which is not even asked about', async (_, type) => {
    shop.stored = asJson(aWirePurchase({ type }));
    const outcome = await sparklayer.annotatePurchase(
      KEY,
      () => {
        throw new Error('asked');
      },
      aCall(),
    );
    expect(outcome).toMatchObject({ kind: 'left', purchase: { type } });
    expect(puts()).toEqual([]);
  });

  test('when the change itself throws', async () => {
    const bug = new TypeError('a bug');
    const change = () => {
      throw bug;
    };
    await expect(sparklayer.annotatePurchase(KEY, change, aCall())).rejects.toBe(bug);
    expect(puts()).toEqual([]);
  });
});
