import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { PriceWrite } from '../../../domain/pricing/storefront-prices.ts';
import { startScriptedStorefront, type Received, type Reply, type ScriptedStorefront } from './scripted-storefront.ts';
import { aCall, connect } from './support.ts';

let storefront: ScriptedStorefront;
let open: ReturnType<typeof connect>[] = [];

beforeEach(async () => {
  storefront = await startScriptedStorefront(() => ({ status: 204 }));
});
afterEach(async () => {
  await Promise.all(open.map((sparklayer) => sparklayer.close()));
  open = [];
  await storefront.close();
});

function prices(change: Parameters<typeof connect>[1] = {}) {
  const sparklayer = connect(storefront.url, change);
  open.push(sparklayer);
  return sparklayer.prices;
}

const rows = (count: number): readonly PriceWrite[] =>
  Array.from({ length: count }, (_, index) => ({ sku: `SKU-${index}`, breaks: [{ quantity: 1, price: '20.5' }] }));

function skusIn({ body }: Received): readonly string[] {
  return (Array.isArray(body) ? body : []).map(({ sku }: { readonly sku: string }) => sku);
}

const sent = () => storefront.calls('PATCH').map(skusIn);

/** A storefront that refuses some SKUs, and tells it as `shape` says. */
function refusing(skus: readonly string[], shape: (lines: readonly number[]) => Reply) {
  storefront.answers((request) => {
    const lines = skusIn(request).flatMap((sku, index) => (skus.includes(sku) ? [index + 1] : []));
    return lines.length > 0 ? shape(lines) : { status: 204 };
  });
}

describe('price lists', () => {
  test('are read page by page until the last, and an empty site has none', async () => {
    const list = (slug: string) => ({ slug, name: slug, currency_code: 'gbp', source: 'custom', new: 1 });
    storefront.answers(({ query }) => ({
      body: { data: [list(`list-${query['page']}`)], pagination: { current_page: query['page'], total_pages: 2 } },
    }));
    expect(await prices().listPriceLists(aCall())).toEqual([
      { slug: 'list-1', name: 'list-1', currency: 'GBP', source: 'custom' },
      { slug: 'list-2', name: 'list-2', currency: 'GBP', source: 'custom' },
    ]);
    expect(storefront.calls().map(({ url }) => url)).toEqual([
      '/api/v2/price-lists?page=1&page_size=250',
      '/api/v2/price-lists?page=2&page_size=250',
    ]);
    storefront.answers(() => ({ body: { data: [], pagination: { current_page: 1, total_pages: 0 } } }));
    expect(await prices().listPriceLists(aCall())).toEqual([]);
  });

  const wanted = { slug: 'wholesale', name: 'Wholesale', currency: 'USD' };
  const theirs = { slug: 'wholesale', name: 'Old', currency_code: 'eur', source: 'custom' };

  test('are opened as ours', async () => {
    storefront.answers(({ body }) => ({ status: 201, body }));
    expect(await prices().createPriceList(wanted, aCall())).toEqual({
      ...wanted,
      currency: 'USD',
      source: 'integration',
    });
    expect(storefront.calls()[0]).toMatchObject({
      method: 'POST',
      url: '/api/v1/price-lists',
      body: { slug: 'wholesale', name: 'Wholesale', currency_code: 'usd', source: 'integration' },
    });
  });

  test.each([
    [400, { errors: [{ code: 'resource-already-exists', property: 'slug' }] }],
    [400, ''],
    [409, ''],
  ])('whose slug is taken (%i) are answered as they are', async (status, body) => {
    storefront.answers(({ method }) => (method === 'POST' ? { status, body } : { body: theirs }));
    const list = await prices().createPriceList(wanted, aCall());
    expect(list).toEqual({ slug: 'wholesale', name: 'Old', currency: 'EUR', source: 'custom' });
  });

  test('that are refused for another reason are an error', async () => {
    storefront.answers(({ method }) => ({ status: method === 'POST' ? 400 : 404, body: { title: 'No', status: 400 } }));
    await expect(prices().createPriceList(wanted, aCall())).rejects.toMatchObject({ code: 'REFUSED', status: 400 });
  });
});

describe('what a list holds', () => {
  test('is read with all breaks of a SKU together, amounts exactly', async () => {
    storefront.answers(() => ({
      body: [
        { sku: 'A', quantity: 12, price: 18.25 },
        { sku: 'B/1', quantity: 1, price: '0.10' },
        { sku: 'A', quantity: 1, price: 1999.99, unit_of_measure: 'each' },
      ],
    }));
    expect(await prices().readPricing('a list', aCall())).toEqual(
      new Map([
        [
          'A',
          [
            { quantity: 1, price: '1999.99' },
            { quantity: 12, price: '18.25' },
          ],
        ],
        ['B/1', [{ quantity: 1, price: '0.1' }]],
      ]),
    );
    expect(storefront.calls()[0]?.url).toBe('/api/v1/price-lists/a%20list/pricing');
  });

  test('is nothing where there is no such list', async () => {
    storefront.answers(() => ({ status: 404 }));
    expect(await prices().readPricing('gone', aCall())).toBeNull();
  });

  test('that has another shape than agreed is a gate', async () => {
    storefront.answers(() => ({ body: [{ sku: 'A', quantity: 1 }] }));
    await expect(prices().readPricing('list', aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT', fate: 'gate' });
  });
});

describe('writing prices', () => {
  test('sends amounts as JSON numbers without noise, and a removal as no breaks', async () => {
    const writes = [
      {
        sku: 'A',
        breaks: [
          { quantity: 1, price: '0.1' },
          { quantity: 6, price: '1234567.89' },
        ],
      },
      { sku: 'B', breaks: [] },
    ];
    expect(await prices().writePricing('list', writes, aCall())).toEqual({ written: 2, refused: [], postponed: 0 });
    expect(storefront.calls()[0]?.text).toBe(
      '[{"sku":"A","pricing":[{"quantity":1,"price":0.1},{"quantity":6,"price":1234567.89}]},{"sku":"B","pricing":[]}]',
    );
  });

  test('goes in chunks, one call on a list at a time however many ask, while other lists go on', async () => {
    const busy = new Map<string, number>();
    let most = 0;
    storefront.answers(async ({ path }) => {
      busy.set(path, (busy.get(path) ?? 0) + 1);
      most = Math.max(most, busy.get(path) ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 10));
      busy.set(path, (busy.get(path) ?? 0) - 1);
      return { status: 204 };
    });
    const storefrontPrices = prices({ priceRowsPerCall: 2 });
    const written = await Promise.all([
      storefrontPrices.writePricing('one', rows(3), aCall()),
      storefrontPrices.writePricing('one', rows(3), aCall()),
      storefrontPrices.writePricing('two', rows(1), aCall()),
    ]);
    expect(written.map((each) => each.written)).toEqual([3, 3, 1]);
    expect(most).toBe(1);
    expect(
      sent()
        .map(({ length }) => length)
        .toSorted((left, right) => left - right),
    ).toEqual([1, 1, 1, 2, 2]);
  });

  test.each<readonly [string, (lines: readonly number[]) => Reply]>([
    [
      'a bare array',
      (lines) => ({ status: 400, body: lines.map((line) => ({ line, field: 'price', message: 'No.' })) }),
    ],
    [
      'a problem object',
      (lines) => ({
        status: 400,
        body: {
          title: 'No',
          status: 400,
          errors: lines.map((line) => ({ property: `${line - 1}.price`, message: 'No.' })),
        },
      }),
    ],
  ])('takes out the lines that %s names, and sends the rest again', async (_, shape) => {
    refusing(['SKU-1', 'SKU-4'], shape);
    const outcome = await prices().writePricing('list', rows(500), aCall());
    expect(outcome).toEqual({
      written: 498,
      refused: [
        { sku: 'SKU-1', why: 'price' },
        { sku: 'SKU-4', why: 'price' },
      ],
      postponed: 0,
    });
    expect(sent().map(({ length }) => length)).toEqual([500, 498]);
  });

  test.each<readonly [string, Reply]>([
    ['nothing', { status: 400 }],
    ['a page', { status: 400, body: '<html>Bad Request</html>' }],
    ['a line that was not sent', { status: 400, body: [{ line: 501, message: 'No.' }] }],
  ])('finds the faulty row by halves where the answer holds %s', async (_, reply) => {
    refusing(['SKU-77'], () => reply);
    const outcome = await prices().writePricing('list', rows(500), aCall());
    expect(outcome).toEqual({ written: 499, refused: [{ sku: 'SKU-77', why: expect.any(String) }], postponed: 0 });
    expect(sent().length).toBeLessThan(25);
  });

  test('gives up the search where everything is refused, and tells all of it', async () => {
    storefront.answers(() => ({ status: 400 }));
    const outcome = await prices().writePricing('list', rows(300), aCall());
    expect(outcome).toMatchObject({ written: 0, postponed: 0 });
    expect(outcome.refused.map(({ sku }) => sku).toSorted()).toEqual(
      rows(300)
        .map(({ sku }) => sku)
        .toSorted(),
    );
    expect(sent().length).toBeLessThan(90);
  });

  test('halves what is too large, and the chunks after it', async () => {
    storefront.answers((request) => ({ status: skusIn(request).length > 2 ? 413 : 204 }));
    const outcome = await prices({ priceRowsPerCall: 6 }).writePricing('list', rows(12), aCall());
    expect(outcome).toEqual({ written: 12, refused: [], postponed: 0 });
    expect(sent().map(({ length }) => length)).toEqual([6, 3, 2, 1, 2, 1, 2, 1, 2, 1]);
  });

  test('waits out somebody else’s call on the list', async () => {
    storefront.answers((_, number) => ({ status: number < 3 ? 409 : 204 }));
    expect(await prices().writePricing('list', rows(2), aCall())).toEqual({ written: 2, refused: [], postponed: 0 });
    const [first, second, third] = storefront.calls('PATCH');
    expect(second!.at - first!.at).toBeGreaterThan(90);
    expect(third!.at - second!.at).toBeGreaterThan(190);
  });

  test('postpones everything left where the list stays locked', async () => {
    storefront.answers((_, number) => ({ status: number === 1 ? 204 : 409 }));
    const outcome = await prices({ priceRowsPerCall: 2, priceRounds: 2 }).writePricing('list', rows(7), aCall());
    expect(outcome).toEqual({ written: 2, refused: [], postponed: 5 });
    expect(sent()).toHaveLength(3);
  });

  test('does not wait for a lock longer than its time allows', async () => {
    storefront.answers(() => ({ status: 409 }));
    const outcome = await prices().writePricing('list', rows(1), aCall(550));
    expect(outcome).toEqual({ written: 0, refused: [], postponed: 1 });
    expect(sent()).toHaveLength(1);
  });

  test.each([
    ['passes', 503, 'wait'],
    ['is of the whole list', 404, 'park'],
  ])('what %s is an error (%i)', async (_, status, fate) => {
    storefront.answers(() => ({ status, body: { title: 'No', status } }));
    await expect(prices().writePricing('list', rows(1), aCall())).rejects.toMatchObject({ status, fate });
  });
});
