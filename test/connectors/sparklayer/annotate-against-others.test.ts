import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { PurchaseNote } from '../../../domain/purchase.ts';
import { asJson, conflict, OnePurchase, OUTDATED } from './one-purchase.ts';
import type { Received, Reply, ScriptedStorefront } from './scripted-storefront.ts';
import { aCall, aNote, aWirePurchase, connect, gbp, KEY, UUID } from './support.ts';

const NOTE = aNote();
const TAKEN = conflict('purchase-identifier-conflict', 'purchase_identifiers.internal');

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

const annotate = (note: PurchaseNote = NOTE) => sparklayer.annotatePurchase(KEY, () => note, aCall());
const puts = () => storefront.calls('PUT');

describe('when others write too', () => {
  test('their change between GET and PUT is read and kept, and the change sees it', async () => {
    shop.onPut = [(_, store) => (shop.foreignWrite({ customer_reference: 'PO-NEW' }), store())];
    const seen: (string | null)[] = [];
    const outcome = await sparklayer.annotatePurchase(
      KEY,
      ({ customerReference }) => {
        seen.push(customerReference);
        return NOTE;
      },
      aCall(),
    );
    expect(outcome).toMatchObject({ kind: 'written', purchase: { customerReference: 'PO-NEW' } });
    expect(seen).toEqual(['PO-7781', 'PO-NEW']);
    expect(shop.stored).toMatchObject({ customer_reference: 'PO-NEW', purchase_identifiers: { internal: '104512' } });
  });

  test.each([
    [undefined, 5],
    [2, 2],
  ])('with putRounds %s it is applied anew %i times, and then passed to the retries', async (putRounds, rounds) => {
    sparklayer = connect(storefront.url, putRounds === undefined ? {} : { putRounds });
    shop.onPut = Array.from(
      { length: 9 },
      () => (_request: Received, store: () => Reply) => (shop.foreignWrite({}), store()),
    );
    await expect(annotate()).rejects.toMatchObject({ code: 'REVISION_OUTDATED', fate: 'wait', status: 409 });
    expect(puts()).toHaveLength(rounds);
  });

  test('an outdated revision is recognised without a code', async () => {
    shop.onPut = [() => (shop.foreignWrite({}), { status: 409 })];
    expect((await annotate()).kind).toBe('written');
    expect(puts()).toHaveLength(2);
  });

  test.each([
    ['409 for a taken identifier', { status: 409, body: TAKEN }, 1],
    [
      '409 that names an identifier under another code',
      { status: 409, body: conflict('taken', 'purchase_identifiers.internal') },
      1,
    ],
    ['409 without a body although nobody wrote', { status: 409 }, 1],
    ['403', { status: 403 }, 1],
    [
      '403 with a problem',
      { status: 403, body: conflict('resource-id-invalid', 'purchase_identifiers.sparklayer') },
      1,
    ],
  ])('%s is for people', async (_, reply, sent) => {
    shop.onPut = [() => reply, () => reply];
    expect(await annotate()).toMatchObject({ kind: 'conflict', why: expect.stringMatching(/^PUT .* HTTP 40[39]/) });
    expect(puts()).toHaveLength(sent);
  });

  test('a purchase deleted between the rounds is gone, and is not revived', async () => {
    shop.onPut = [
      () => {
        shop.stored = null;
        return { status: 409, body: OUTDATED };
      },
    ];
    expect(await annotate()).toEqual({ kind: 'gone' });
    expect(puts()).toHaveLength(1);
  });

  test('a PUT that answers 404 means gone only if the purchase is', async () => {
    shop.onPut = [() => ({ status: 404 })];
    await expect(annotate()).rejects.toMatchObject({ code: 'REFUSED', status: 404 });
    shop.onPut = [() => ((shop.stored = null), { status: 404 })];
    expect(await annotate()).toEqual({ kind: 'gone' });
    expect(puts()).toHaveLength(2);
  });

  test('any other refusal is final', async () => {
    shop.onPut = [() => ({ status: 422, body: conflict('cart-validation-errors', 'packages') })];
    await expect(annotate()).rejects.toMatchObject({ code: 'REFUSED', fate: 'park', status: 422 });
    expect(puts()).toHaveLength(1);
  });
});

describe('when the answer is lost', () => {
  const LOST: readonly (readonly [string, Reply])[] = [
    ['is cut', { instead: 'drop' }],
    ['does not come', { instead: 'silence' }],
    ['is a 500', { status: 500 }],
    ['is a 504 page', { status: 504, body: '<html></html>' }],
    ['is a page with 200', { body: '<html></html>' }],
    ['is 204', { status: 204 }],
    ['is half a body', { body: '{"type":"or' }],
  ];

  test.each(LOST)('and %s after the write was stored, it is done: nothing is sent twice', async (_, reply) => {
    shop.onPut = [(_request, store) => (store(), reply)];
    expect(await annotate()).toMatchObject({ kind: 'written', purchase: { identifiers: { internal: '104512' } } });
    expect(puts()).toHaveLength(1);
    expect(sparklayer.isOwnWrite(KEY, shop.updatedAt())).toBe(true);
  });

  test.each(LOST)('and %s before anything was stored, it is applied again', async (_, reply) => {
    shop.onPut = [() => reply];
    expect((await annotate()).kind).toBe('written');
    expect(puts()).toHaveLength(2);
    expect(sparklayer.isOwnWrite(KEY, shop.updatedAt())).toBe(true);
  });

  test('and somebody wrote on top, it is done but that write is not taken for ours', async () => {
    shop.onPut = [(_, store) => (store(), shop.foreignWrite({ customer_reference: 'PO-NEW' }), { instead: 'drop' })];
    expect(await annotate()).toMatchObject({ kind: 'written', purchase: { customerReference: 'PO-NEW' } });
    expect(puts()).toHaveLength(1);
    expect(sparklayer.isOwnWrite(KEY, shop.updatedAt())).toBe(false);
  });

  test('and a payment came on top, it is not taken for ours either', async () => {
    shop.onPut = [(_, store) => (store(), shop.foreignWrite({ total_paid: gbp('252.00') }), { instead: 'drop' })];
    await annotate();
    expect(sparklayer.isOwnWrite(KEY, shop.updatedAt())).toBe(false);
  });

  test('and the first write lands late, its echo does not count as somebody else’s', async () => {
    let first: (() => Reply) | null = null;
    shop.onPut = [
      (_, store) => {
        first = store;
        return { instead: 'drop' };
      },
      (_, store) => {
        first?.();
        return store();
      },
    ];
    expect((await annotate()).kind).toBe('written');
    expect(puts()).toHaveLength(2);
    expect(sparklayer.isOwnWrite(KEY, shop.updatedAt())).toBe(true);
  });

  test('again and again, it looks once more after the last round, and passes the trouble on', async () => {
    shop.onPut = Array.from({ length: 9 }, () => () => ({ status: 503 }));
    await expect(annotate()).rejects.toMatchObject({ code: 'SERVER_ERROR', fate: 'wait', status: 503 });
    expect(puts()).toHaveLength(5);
    expect(storefront.calls('GET')).toHaveLength(6);
    const times = puts().map(({ at }) => at);
    expect((times[4] ?? 0) - (times[3] ?? 0)).toBeGreaterThan((times[1] ?? 0) - (times[0] ?? 0));
  });

  test('in the last round but stored, it is done', async () => {
    shop.onPut = Array.from({ length: 4 }, () => () => ({ status: 503 }));
    shop.onPut.push((_, store) => (store(), { instead: 'drop' }));
    expect((await annotate()).kind).toBe('written');
    expect(puts()).toHaveLength(5);
  });

  test('and there is no time to look, the trouble is passed on', async () => {
    shop.onPut = [() => ({ status: 503, headers: { 'retry-after': '60' } })];
    await expect(annotate()).rejects.toMatchObject({ code: 'SERVER_ERROR', retryAfterMs: 60_000 });
    expect(storefront.calls()).toHaveLength(2);
  });
});

describe('own writes', () => {
  test('are known by instant, however it is written, and only the last of each purchase', async () => {
    await annotate();
    const first = shop.updatedAt();
    expect(sparklayer.isOwnWrite(KEY, new Date(first).toISOString())).toBe(true);
    expect(sparklayer.isOwnWrite({ kind: 'visible', value: UUID }, first)).toBe(false);
    await annotate(aNote({ entry: () => 'next' }));
    expect(sparklayer.isOwnWrite(KEY, shop.updatedAt())).toBe(true);
    expect(sparklayer.isOwnWrite(KEY, first)).toBe(false);
    shop.foreignWrite({});
    expect(sparklayer.isOwnWrite(KEY, shop.updatedAt())).toBe(false);
  });

  test('are forgotten from the oldest on', async () => {
    sparklayer = connect(storefront.url, { ownWritesRemembered: 2 });
    const keys = ['a', 'b', 'c'].map((value) => ({ kind: 'visible', value }) as const);
    const times: string[] = [];
    for (const key of keys) {
      shop.stored = asJson(aWirePurchase({ purchase_identifiers: { visible: key.value } }));
      await sparklayer.annotatePurchase(key, () => NOTE, aCall());
      times.push(shop.updatedAt());
    }
    expect(keys.map((key, index) => sparklayer.isOwnWrite(key, times[index] ?? ''))).toEqual([false, true, true]);
  });
});
