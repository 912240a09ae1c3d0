import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { PurchaseTransaction } from '../../../domain/purchase.ts';
import { startSparkLayer, type SparkLayerStandIn } from '../../../sandbox/sparklayer/stand-in.ts';
import { CREW } from './progress-support.ts';
import { startScriptedStorefront, type Reply, type ScriptedStorefront } from './scripted-storefront.ts';
import { aCall, connect, KEY, UUID } from './support.ts';

function aPayment(change: Partial<PurchaseTransaction> = {}): PurchaseTransaction {
  return {
    id: 'ERP-PAY-INV-1',
    total: '96.5',
    currency: 'GBP',
    countsTowardsBalance: false,
    about: { invoice: 'INV-1' },
    ...change,
  };
}

describe('a transaction', () => {
  let storefront: ScriptedStorefront;
  let sparklayer: ReturnType<typeof connect>;

  beforeEach(async () => {
    storefront = await startScriptedStorefront(() => ({ status: 204 }));
    sparklayer = connect(storefront.url);
  });
  afterEach(async () => {
    await sparklayer.close();
    await storefront.close();
  });

  const put = (milliseconds = 20_000, key = KEY) => sparklayer.putTransaction(key, aPayment(), aCall(milliseconds));
  const answers = (reply: Reply) => storefront.answers(() => reply);

  test('goes out as one object, money in two decimals', async () => {
    await put();
    expect(storefront.calls()).toHaveLength(1);
    expect(storefront.calls()[0]).toMatchObject({
      method: 'PUT',
      path: `/api/v1/purchases/sparklayer/${UUID}/transactions`,
      body: {
        platform_id: 'ERP-PAY-INV-1',
        total: { number: '96.50', currency: 'GBP' },
        apply_to_balance: false,
        full_transaction: { invoice: 'INV-1' },
      },
    });
  });

  test('of a purchase without SparkLayer id is put under the id it has, encoded', async () => {
    await put(20_000, { kind: 'visible', value: '#10 7/8' });
    expect(storefront.calls()[0]?.path).toBe('/api/v1/purchases/visible/%2310%207%2F8/transactions');
  });

  test.each<[string, Reply]>([
    ['200 with the stored one', { body: { platform_id: 'ERP-PAY-INV-1', total: { number: '96.50' }, odd: true } }],
    ['200 without a body', { status: 200 }],
    ['201', { status: 201, body: { platform_id: 'ERP-PAY-INV-1' } }],
    ['204', { status: 204 }],
  ])('is stored when the answer is %s', async (_, reply) => {
    answers(reply);
    expect(await put()).toBe('stored');
    expect(storefront.calls()).toHaveLength(1);
  });

  test('of a purchase that is gone is null', async () => {
    answers({ status: 404, body: { title: 'Not found', status: 404 } });
    expect(await put()).toBeNull();
  });

  test.each<[string, Reply, string, string]>([
    ['400', { status: 400, body: { title: 'Bad', errors: [{ property: 'total.currency' }] } }, 'REFUSED', 'park'],
    ['422 without a body', { status: 422 }, 'REFUSED', 'park'],
    ['401', { status: 401 }, 'CREDENTIALS_REFUSED', 'gate'],
    ['429', { status: 429, headers: { 'retry-after': '7' } }, 'RATE_LIMITED', 'wait'],
    ['503 page', { status: 503, body: '<html></html>' }, 'SERVER_ERROR', 'wait'],
    ['302', { status: 302 }, 'UNREADABLE_ANSWER', 'wait'],
    ['404 page of a gateway', { status: 404, body: '<html></html>' }, 'UNREADABLE_ANSWER', 'wait'],
    ['page with 200', { body: '<html></html>' }, 'UNREADABLE_ANSWER', 'wait'],
    ['half a body', { body: '{"platform_id":"ERP' }, 'UNREADABLE_ANSWER', 'wait'],
    ['cut connection', { instead: 'drop' }, 'CONNECTION_LOST', 'wait'],
  ])('that is answered with a %s is not stored, and the error says who acts', async (_, reply, code, fate) => {
    answers(reply);
    await expect(put()).rejects.toMatchObject({
      name: 'SparkLayerError',
      code,
      fate,
      route: 'PUT /api/v1/purchases/{lookupBy}/{identifier}/transactions',
    });
  });

  test('after a 429 waits as long as it says, and then goes out once', async () => {
    storefront.answers((_, number) =>
      number === 1 ? { status: 429, headers: { 'retry-after': '1' } } : { status: 204 },
    );
    await expect(put()).rejects.toMatchObject({ retryAfterMs: 1_000 });
    await expect(put(1_200)).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    expect(await put()).toBe('stored');
    const [first, second, ...more] = storefront.calls().map(({ at }) => at);
    expect(more).toEqual([]);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(990);
  });

  test('names no money and no buyer in its error', async () => {
    answers({ status: 400, body: { title: 'secret 96.50', detail: 'secret', errors: [{ message: 'secret' }] } });
    const error: unknown = await put().catch((reason: unknown) => reason);
    expect(String(error)).toContain('HTTP 400');
    expect(String(error)).not.toMatch(/secret|96\.5|INV-1/);
  });
});

describe('transactions of the storefront stand-in', () => {
  let storefront: SparkLayerStandIn;
  let sparklayer: ReturnType<typeof connect>;
  let id: string;

  beforeEach(async () => {
    storefront = await startSparkLayer();
    const { url, siteId, clientId, clientSecret } = storefront;
    sparklayer = connect(url, { siteId, clientId, clientSecret, timeouts: { requestMs: 1_000 } });
    const order = storefront.checkout({ lines: [{ sku: CREW, quantity: 10, unitPrice: '20.00' }] });
    id = String(order.purchase_identifiers.sparklayer);
  });
  afterEach(async () => {
    const broken = [...storefront.contractViolations(), ...storefront.checkInvariants()];
    await sparklayer.close();
    await storefront.close();
    expect(broken).toEqual([]);
  });

  const put = (change: Partial<PurchaseTransaction> = {}) =>
    sparklayer.putTransaction({ kind: 'sparklayer', value: id }, aPayment(change), aCall());

  test('the same again changes nothing, another figure of the same id updates', async () => {
    await put();
    await put();
    await put({ total: '100.00' });
    expect(storefront.transactions(id)).toMatchObject([
      { platform_id: 'ERP-PAY-INV-1', total: { number: '100.00', currency: 'GBP' } },
    ]);
  });

  test('for information only leaves what is paid; one that counts is paid, and a refund is taken off', async () => {
    await put();
    expect(storefront.purchase(id)).toMatchObject({ total_paid: { number: '0.00' } });
    await put({ countsTowardsBalance: true });
    await put({ id: 'ERP-CM-1', total: '-6.5', countsTowardsBalance: true, about: { credit_memo: '1' } });
    expect(storefront.purchase(id)).toMatchObject({ total_paid: { number: '90.00' } });
  });

  test('in another currency than the purchase is refused, and stays so until somebody changes something', async () => {
    await expect(put({ currency: 'USD' })).rejects.toMatchObject({ code: 'REFUSED', fate: 'park', status: 400 });
    expect(storefront.transactions(id)).toEqual([]);
    expect(await put({ currency: 'gbp' })).toBe('stored');
  });

  test('an answer lost after it was stored leaves one transaction when it is put again', async () => {
    await put();
    storefront.faults.add({ route: 'PUT /api/v1/purchases/{id}/transactions', kind: 'answerLostAfterCommit' });
    await expect(put({ total: '97' })).rejects.toMatchObject({ fate: 'wait' });
    expect(await put({ total: '97' })).toBe('stored');
    expect(storefront.transactions(id)).toMatchObject([{ total: { number: '97.00' } }]);
  });

  test('of a purchase that was deleted is null, and revives nothing', async () => {
    storefront.remove(id);
    expect(await put()).toBeNull();
    expect(storefront.purchases()).toEqual([]);
  });
});
