import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import type { SparkLayer } from '../../../connectors/sparklayer/sparklayer.ts';
import type { NewVariant } from '../../../domain/catalogue/storefront-product.ts';
import { startSparkLayer, type SparkLayerStandIn } from '../../../sandbox/sparklayer/stand-in.ts';
import { startScriptedStorefront } from './scripted-storefront.ts';
import { aCall, connect } from './support.ts';

const CALL_MS = 2_000;
const LIST = 'GET /api/v1/products';
const GET_ONE = 'GET /api/v1/products/{id}';
let storefront: SparkLayerStandIn;
let sparklayer: SparkLayer;
beforeAll(async () => {
  storefront = await startSparkLayer();
  const { url, siteId, clientId, clientSecret } = storefront;
  sparklayer = connect(url, { siteId, clientId, clientSecret, timeouts: { requestMs: CALL_MS } });
  const made = await sparklayer.catalogue.createProduct(CREW, aCall());
  if (made.kind !== 'created') throw new Error(made.kind);
  for (const [index, size] of ['S', 'M'].entries())
    expect(await sparklayer.catalogue.createVariant(made.stored.id, aVariant(size, index + 1), aCall())).toMatchObject({
      kind: 'created',
    });
});
afterEach(() => {
  storefront.faults.clear();
});
afterAll(async () => {
  expect(storefront.contractViolations()).toEqual([]);
  await sparklayer.close();
  await storefront.close();
});

const CREW = { externalId: '01:AC-1001', title: 'Merino Crew', slug: 'merino-crew' };

function aVariant(size: string, position: number): NewVariant {
  return {
    externalId: `01-AC-1001-BLK-A-${size}`,
    sku: `AC-1001-BLK-${size}`,
    position,
    status: 'live',
    imageUrl: null,
    options: [
      { group: 'Colour', value: 'Black' },
      { group: 'Size', value: size },
    ],
  };
}

async function list(pageSize: number) {
  const sizes: number[] = [];
  const onPage = (read: number) => void sizes.push(read);
  return { ...(await sparklayer.catalogue.listProducts({ pageSize, onPage }, aCall())), sizes };
}

test('a product and its variants are found as they were sent', async () => {
  const { products } = await list(100);
  expect(products.find(({ externalId }) => externalId === CREW.externalId)).toMatchObject({
    slug: CREW.slug,
    variants: [aVariant('S', 1), aVariant('M', 2)].map(({ externalId, sku, options, position }) => ({
      externalId,
      sku,
      options,
      position,
      imageUrl: null,
    })),
  });
});

test('what exists already is read and gone on with, whether the answer is 409 or 400', async () => {
  const { catalogue } = sparklayer;
  expect(await catalogue.createProduct(CREW, aCall())).toMatchObject({ kind: 'existing' });
  const route = 'POST /api/v1/products/{id}/variants';
  storefront.faults.add({ kind: 'status', status: 400, code: 'resource-already-exists', route });
  expect(await catalogue.createVariant(CREW.externalId, aVariant('M', 2), aCall())).toMatchObject({
    kind: 'existing',
    stored: { sku: 'AC-1001-BLK-M', position: 2 },
  });
});

test('a slug or SKU of something else is taken, and everything else that is refused is refused, with its reason', async () => {
  const { catalogue } = sparklayer;
  const other = { ...CREW, externalId: '02:AC-1001' };
  expect(await catalogue.createProduct(other, aCall())).toMatchObject({
    kind: 'taken',
    says: expect.stringContaining('resource-already-exists on slug'),
  });
  const sameSku = { ...aVariant('M', 9), externalId: '02-AC-1001-BLK-A-M' };
  expect(await catalogue.createVariant(CREW.externalId, sameSku, aCall())).toMatchObject({ kind: 'taken' });
  expect(await catalogue.createVariant('pp_gone', aVariant('L', 3), aCall())).toMatchObject({ kind: 'refused' });
  expect(await catalogue.patchVariant('pv_gone', { status: 'discontinued' }, aCall())).toMatchObject({
    kind: 'refused',
    says: expect.stringContaining('404'),
  });
  storefront.faults.add({ kind: 'status', status: 403, body: 'empty', route: 'PATCH /api/v1/products/{id}' });
  expect(await catalogue.patchProduct(CREW.externalId, { title: 'X' }, aCall())).toMatchObject({ kind: 'refused' });
});

test('what passes by itself is no refusal', async () => {
  const { catalogue } = sparklayer;
  const patch = () => catalogue.patchProduct(CREW.externalId, { title: 'X' }, aCall());
  for (const [status, body] of [
    [503, 'empty'],
    [404, 'html'],
  ] as const) {
    storefront.faults.add({ kind: 'status', status, body, route: 'PATCH /api/v1/products/{id}' });
    await expect(patch()).rejects.toMatchObject({ fate: 'wait' });
  }
});

test('a change names only what changes, and the rest stays', async () => {
  const { catalogue } = sparklayer;
  storefront.editVariant('AC-1001-BLK-M', { settings: [{ customer_group: 'base', pack_size: 6 }] });
  const [before] = storefront.products();
  expect(await catalogue.patchVariant('01-AC-1001-BLK-A-M', { status: 'discontinued' }, aCall())).toEqual({
    kind: 'done',
  });
  expect(await catalogue.patchProduct(CREW.externalId, { title: 'Crew' }, aCall())).toEqual({ kind: 'done' });
  expect(storefront.calls('PATCH /api/v1/variants/{id}').at(-1)?.body).toEqual({ status: 'discontinued' });
  const [now] = storefront.products();
  expect(now).toMatchObject({ slug: before?.slug, title: 'Crew' });
  expect(now?.variants.find(({ sku }) => sku === 'AC-1001-BLK-M')).toMatchObject({
    status: 'discontinued',
    settings: [{ customer_group: 'base', pack_size: 6 }],
    position: 2,
  });
});

test('all products are read page by page, each once, until a page is short', async () => {
  for (const name of ['One', 'Two', 'Three']) storefront.addProduct(name, [`${name}-1`]);
  const { products, sizes } = await list(2);
  expect(products.map(({ externalId }) => externalId).filter(Boolean)).toEqual([CREW.externalId]);
  expect(new Set(products.map(({ id }) => id)).size).toBe(4);
  expect(sizes).toEqual([2, 4, 4]);
  expect((await list(3)).sizes).toEqual([3, 4]);
});

test('a product whose empty list of variants is left out, or null, has none, and loses no other', async () => {
  storefront.addProduct('Soon', []);
  const asked = storefront.calls(GET_ONE).length;
  const asSent = (await list(2)).products;
  for (const as of ['left out', 'null'] as const) {
    storefront.faults.clear();
    storefront.faults.add({
      kind: 'missingFields',
      fields: ['variants'],
      where: 'empty lists',
      as,
      route: LIST,
      times: 9,
    });
    expect(await list(2)).toMatchObject({ products: asSent, unreadable: [] });
  }
  expect(asSent.find(({ title }) => title === 'Soon')).toMatchObject({ variants: [] });
  expect(storefront.calls(GET_ONE)).toHaveLength(asked);
});

test('one unreadable row does not lose the others: it is told by place, path and what it sells', async () => {
  const broken = { ...aRow('pp_2', [{ id: 'pv_2', sku: 'B' }, { sku: 'C' }, { id: 'pv_4', sku: 5 }]) };
  const reading = await readScripted([aRow('pp_1', [{ id: 'pv_1', sku: 'A' }]), broken], null);
  expect(reading).toMatchObject({
    products: [{ id: 'pp_1', variants: [{ sku: 'A' }] }],
    unreadable: [{ place: 'row 1: variants.1.id', skus: ['B', 'C'] }],
  });
});

describe('a list that shows no variants at all', () => {
  const rows = [{ ...aRow('pp_1'), variants: undefined }];

  test('is believed when the products themselves show none', async () => {
    expect(await readScripted(rows, rows[0])).toMatchObject({ products: [{ id: 'pp_1', variants: [] }] });
    expect(await readScripted(rows, 'gone')).toMatchObject({ products: [{ id: 'pp_1', variants: [] }] });
  });

  test('cannot be trusted when a product by itself shows some', async () => {
    const hidden = aRow('pp_1', [{ id: 'pv_1', sku: 'A' }]);
    await expect(readScripted(rows, hidden)).rejects.toMatchObject({ code: 'SCHEMA_DRIFT', fate: 'gate' });
  });
});

test.each([
  ['the same full page for ever', [aRow('pp_1'), aRow('pp_2'), aRow('pp_3')]],
  ['a full page of which nothing can be read', [{}, {}, {}]],
])('%s is a list that cannot be trusted', async (_, page) => {
  await expect(readScripted(page, null)).rejects.toMatchObject({ code: 'SCHEMA_DRIFT', fate: 'gate' });
});

/** Of a storefront that answers these rows on every page of three, and this product when it is asked for one. */
async function readScripted(rows: readonly unknown[], product: unknown) {
  const scripted = await startScriptedStorefront(({ path }) => {
    if (path === '/api/v1/products') return { body: rows };
    return product === 'gone' ? { status: 404, body: {} } : { body: product };
  });
  const client = connect(scripted.url);
  try {
    return await client.catalogue.listProducts({ pageSize: 3, onPage: () => undefined }, aCall());
  } finally {
    await client.close();
    await scripted.close();
  }
}

function aRow(id: string, variants: readonly unknown[] = []) {
  return { id, title: id, slug: id, variants };
}
