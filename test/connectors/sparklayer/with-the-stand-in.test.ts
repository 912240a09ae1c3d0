import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createSparkLayer, type SparkLayer } from '../../../connectors/sparklayer/sparklayer.ts';
import type { PurchaseKey } from '../../../domain/purchase.ts';
import { startSparkLayer, type SparkLayerStandIn } from '../../../sandbox/sparklayer/stand-in.ts';
import { aNote, ENTRY } from './support.ts';

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }];
const GET = 'GET /api/v1/purchases/{id}';
const PUT = 'PUT /api/v1/purchases/{id}';
const TOKEN = 'POST /api/auth/token';
const note = aNote();

let storefront: SparkLayerStandIn;
let sparklayer: SparkLayer;
let key: PurchaseKey;

beforeEach(async () => {
  storefront = await startSparkLayer();
  sparklayer = client();
  key = { kind: 'sparklayer', value: String(storefront.checkout({ lines: LINES }).purchase_identifiers.sparklayer) };
});
afterEach(async () => {
  expect(storefront.contractViolations()).toEqual([]);
  expect(storefront.lostFields()).toEqual([]);
  await sparklayer.close();
  await storefront.close();
});

function client(secret = storefront.clientSecret): SparkLayer {
  const { url, siteId, clientId } = storefront;
  const settings = {
    baseUrl: url,
    siteId,
    clientId,
    clientSecret: secret,
    userAgent: 'Instep test',
    timeouts: { requestMs: 1_000 },
    concurrency: 4,
    minGapMs: 0,
  };
  const silent = { info: () => undefined, warn: () => undefined };
  return createSparkLayer(settings, { clock: () => new Date(), log: silent });
}

const call = (milliseconds = 20_000) => ({ signal: new AbortController().signal, deadline: Date.now() + milliseconds });
const everyPurchase = {
  type: 'order',
  updatedSince: null,
  placedSince: '2020-01-01T00:00:00.000Z',
  limit: 500,
  offset: 0,
};

describe('a token', () => {
  test('is fetched once for calls that come together', async () => {
    await Promise.all([1, 2, 3, 4, 5].map(() => sparklayer.getPurchase(key, call())));
    expect(storefront.calls(TOKEN)).toHaveLength(1);
  });

  test('that dies under way is renewed once, and every call succeeds', async () => {
    await sparklayer.getPurchase(key, call());
    storefront.expireTokens();
    const purchases = await Promise.all([1, 2, 3, 4, 5].map(() => sparklayer.getPurchase(key, call())));
    expect(purchases.every((purchase) => purchase !== null)).toBe(true);
    expect(storefront.calls(TOKEN)).toHaveLength(2);
  });

  test('that is refused stops the site without asking again and again', async () => {
    const wrong = client('not the secret');
    for (let round = 0; round < 3; round++)
      await expect(wrong.getPurchase(key, call())).rejects.toMatchObject({ code: 'CREDENTIALS_REFUSED', fate: 'gate' });
    expect(storefront.calls(TOKEN)).toHaveLength(1);
    await wrong.close();
  });
});

describe('reading', () => {
  test('gives a purchase in our words', async () => {
    const purchase = await sparklayer.getPurchase(key, call());
    expect(purchase).toMatchObject({
      key,
      type: 'order',
      currency: 'GBP',
      paymentMethod: 'on_account',
      taxTotal: '40',
      packages: [
        {
          type: 'incoming',
          lines: [{ sku: 'AC-1001-BLK-M', quantity: 10, total: { net: '200.00', tax: '40.00', gross: '240.00' } }],
        },
      ],
    });
  });

  test('says null for one that is gone', async () => {
    storefront.remove(key.value);
    expect(await sparklayer.getPurchase(key, call())).toBeNull();
  });

  test('lists what changed since an instant, that instant included', async () => {
    const { rows } = await sparklayer.listPurchases(everyPurchase, call());
    const since = rows[0]?.updatedAt ?? '';
    expect(
      (await sparklayer.listPurchases({ ...everyPurchase, updatedSince: since, placedSince: null }, call())).rows,
    ).toHaveLength(1);
  });

  test.each([
    ['a 500 without a body', { kind: 'status', status: 500, body: 'empty' }, 'wait'],
    ['a 503 page', { kind: 'status', status: 503, body: 'html' }, 'wait'],
    ['half a body', { kind: 'status', status: 200, body: 'truncated' }, 'wait'],
    ['HTML with 200', { kind: 'html200' }, 'wait'],
    ['a cut connection', { kind: 'connectionCut' }, 'wait'],
    ['an answer that never comes', { kind: 'hang', ms: 60_000 }, 'wait'],
    ['a 429 in seconds', { kind: 'status', status: 429, retryAfter: 2 }, 'wait'],
    ['a 429 with a date', { kind: 'status', status: 429, retryAfter: { httpDateIn: 2 } }, 'wait'],
    ['a 429 that names no time', { kind: 'status', status: 429 }, 'wait'],
    ['a 400 without a body', { kind: 'status', status: 400, body: 'empty' }, 'park'],
    ['a 422 problem', { kind: 'status', status: 422, body: 'problemAsJson' }, 'park'],
  ] as const)('gives %s its fate', async (_, fault, fate) => {
    storefront.faults.add({ route: GET, ...fault });
    await expect(sparklayer.getPurchase(key, call())).rejects.toMatchObject({ name: 'SparkLayerError', fate });
  });

  test('waits for the time a 429 names before the next call, and says so when there is none left', async () => {
    storefront.faults.add({ route: GET, kind: 'status', status: 429, retryAfter: 30 });
    await expect(sparklayer.getPurchase(key, call())).rejects.toMatchObject({ retryAfterMs: 30_000 });
    await expect(sparklayer.getPurchase(key, call(5_000))).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(storefront.calls(GET)).toHaveLength(1);
  });

  test('waits by the storefront’s clock where it runs an hour ahead', async () => {
    storefront.advanceClock(3_600_000);
    storefront.faults.add({ route: GET, kind: 'status', status: 429, retryAfter: { httpDateIn: 30 } });
    await expect(sparklayer.getPurchase(key, call())).rejects.toMatchObject({ retryAfterMs: 30_000 });
  });

  test('sends nothing when less than its time-out is left', async () => {
    await expect(sparklayer.getPurchase(key, call(500))).rejects.toMatchObject({ code: 'NO_TIME_LEFT' });
  });
});

describe('annotating a purchase', () => {
  test('writes the number and our entry, keeps everything else, and knows its own write', async () => {
    const outcome = await sparklayer.annotatePurchase(key, () => note, call());
    expect(outcome.kind).toBe('written');
    const stored = storefront.purchase(key.value);
    expect(stored?.purchase_identifiers.internal).toBe('104512');
    expect(stored?.metadata).toContainEqual(expect.objectContaining({ name: 'instep', value: ENTRY }));
    expect(sparklayer.isOwnWrite(key, String(stored?.dates.updated_at))).toBe(true);
    storefront.touch(key.value);
    expect(sparklayer.isOwnWrite(key, String(storefront.purchase(key.value)?.dates.updated_at))).toBe(false);
  });

  test('sends nothing when it already says so', async () => {
    await sparklayer.annotatePurchase(key, () => note, call());
    expect((await sparklayer.annotatePurchase(key, () => note, call())).kind).toBe('unchanged');
    expect(storefront.calls(PUT)).toHaveLength(1);
  });

  test('reads again when somebody wrote in between, and keeps their change', async () => {
    storefront.faults.add({ kind: 'foreignWriteBeforePut', merge: { customer_reference: 'PO-CHANGED' } });
    expect((await sparklayer.annotatePurchase(key, () => note, call())).kind).toBe('written');
    expect(storefront.purchase(key.value)).toMatchObject({
      customer_reference: 'PO-CHANGED',
      purchase_identifiers: { internal: '104512' },
    });
  });

  test('after a lost answer looks first and writes once', async () => {
    storefront.faults.add({ route: PUT, kind: 'answerLostAfterCommit' });
    expect((await sparklayer.annotatePurchase(key, () => note, call())).kind).toBe('written');
    expect(storefront.calls(PUT)).toHaveLength(1);
  });

  test('stops at an identifier that belongs to another purchase', async () => {
    storefront.faults.add({ route: PUT, kind: 'identifierConflict' });
    expect(await sparklayer.annotatePurchase(key, () => note, call())).toMatchObject({ kind: 'conflict' });
    expect(storefront.calls(PUT)).toHaveLength(1);
  });

  test('never revives a purchase that is gone', async () => {
    storefront.remove(key.value);
    expect(await sparklayer.annotatePurchase(key, () => note, call())).toEqual({ kind: 'gone' });
    expect(storefront.calls(PUT)).toEqual([]);
  });
});

describe('what the stand-in makes hard', () => {
  test('members left out or null are read, and the note is written all the same', async () => {
    storefront.faults.add({ route: GET, kind: 'missingFields', as: 'null' });
    expect(await sparklayer.getPurchase(key, call())).toMatchObject({ billTo: null, metadata: [] });
    storefront.faults.add({ route: GET, kind: 'missingFields' });
    expect(await sparklayer.getPurchase(key, call())).toMatchObject({ customerReference: null, customFields: [] });
  });

  test('a purchase of an unknown type is left alone', async () => {
    storefront.setType(key.value, 'subscription');
    expect((await sparklayer.annotatePurchase(key, () => note, call())).kind).toBe('left');
    expect(storefront.calls(PUT)).toEqual([]);
  });

  test.each([201, 204] as const)('a write that answers %i is written once', async (status) => {
    storefront.faults.add({ route: PUT, kind: 'successStatus', status });
    expect((await sparklayer.annotatePurchase(key, () => note, call())).kind).toBe('written');
    expect(storefront.calls(PUT)).toHaveLength(1);
    expect(sparklayer.isOwnWrite(key, String(storefront.purchase(key.value)?.dates.updated_at))).toBe(true);
  });

  test('an order placed through SparkLayer is written under its SparkLayer id, however it was found', async () => {
    const visible = String(storefront.purchase(key.value)?.purchase_identifiers.visible);
    const outcome = await sparklayer.annotatePurchase({ kind: 'visible', value: visible }, () => note, call());
    expect(outcome).toMatchObject({ kind: 'written', purchase: { key: { kind: 'visible', value: visible } } });
  });

  test('an unconfirmed order is listed under its own type only', async () => {
    storefront.setType(key.value, 'order_unconfirmed');
    const list = (type: string) => sparklayer.listPurchases({ ...everyPurchase, placedSince: null, type }, call());
    expect((await list('order')).rows).toEqual([]);
    expect((await list('order_unconfirmed')).rows).toMatchObject([{ key, type: 'order_unconfirmed' }]);
  });

  test('the buyer of a purchase is found with the code the ERP knows', async () => {
    const purchase = await sparklayer.getPurchase(key, call());
    expect(await sparklayer.getCustomer(purchase?.buyer ?? '', call())).toMatchObject({ accountingId: 'CUST-0042' });
    expect(await sparklayer.getCustomer('cu_nobody', call())).toBeNull();
    expect((await sparklayer.listStockLocations(call())).map(({ externalId }) => externalId)).toContain('warehouse-1');
  });
});
