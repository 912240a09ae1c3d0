import { inspect } from 'node:util';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { startScriptedStorefront, type Reply, type ScriptedStorefront } from './scripted-storefront.ts';
import { aCall, aWirePurchase, aWireSummary, connect, EVERY_ORDER, KEY, SECRET, UUID } from './support.ts';

const GET_PURCHASE = 'GET /api/v1/purchases/{lookupBy}/{identifier}';
const PAGE = '<html><head><title>502</title></head><body>Bad Gateway</body></html>';
const PROBLEM = {
  title: 'Bad Request',
  status: 400,
  detail: 'Jane Doe is not welcome.',
  errors: [{ code: 'resource-id-invalid', message: 'jane@example.com', property: 'customer_identifiers.sparklayer' }],
};
const LINES = [{ line: 3, field: 'price', message: 'This value should be positive.' }];
const HALF = JSON.stringify(PROBLEM).slice(0, 40);

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

const read = (milliseconds?: number, signal?: AbortSignal) => sparklayer.getPurchase(KEY, aCall(milliseconds, signal));
async function failureOf(reply: Reply): Promise<unknown> {
  storefront.answers(() => reply);
  return read().then(
    () => null,
    (error: unknown) => error,
  );
}

const BODIES: readonly (readonly [string, Pick<Reply, 'body' | 'headers'>])[] = [
  ['a problem', { body: PROBLEM, headers: { 'content-type': 'application/problem+json' } }],
  ['a problem as application/json', { body: PROBLEM }],
  ['no body', {}],
  ['a bare array', { body: LINES }],
  ['half a body', { body: HALF, headers: { 'content-type': 'application/problem+json' } }],
  ['JSON that is no object', { body: 'null', headers: { 'content-type': 'application/json' } }],
  ['entries of a strange shape', { body: { ...PROBLEM, errors: [null, 7, { code: 5, property: null }] } }],
  ['errors that are no list', { body: { ...PROBLEM, errors: 'many' } }],
];

describe.each([
  [500, 'SERVER_ERROR', 'wait'],
  [502, 'SERVER_ERROR', 'wait'],
  [503, 'SERVER_ERROR', 'wait'],
  [504, 'SERVER_ERROR', 'wait'],
  [408, 'SERVER_ERROR', 'wait'],
  [429, 'RATE_LIMITED', 'wait'],
  [400, 'REFUSED', 'park'],
  [403, 'REFUSED', 'park'],
  [409, 'REFUSED', 'park'],
  [413, 'REFUSED', 'park'],
  [422, 'REFUSED', 'park'],
  [302, 'UNREADABLE_ANSWER', 'wait'],
] as const)('an answer %i', (status, code, fate) => {
  test.each([...BODIES, ['a page', { body: PAGE }] as const])(`with %s is ${code} and sent once`, async (_, reply) => {
    expect(await failureOf({ ...reply, status })).toMatchObject({
      name: 'SparkLayerError',
      code,
      fate,
      status,
      route: GET_PURCHASE,
    });
    expect(storefront.calls()).toHaveLength(1);
  });
});

test.each(BODIES)('a 404 with %s says that the purchase is gone', async (_, reply) => {
  storefront.answers(() => ({ ...reply, status: 404 }));
  expect(await read()).toBeNull();
  expect(await sparklayer.getCustomer('cu_1', aCall())).toBeNull();
});

test.each([
  ['a page', PAGE],
  ['the text of an ingress without a backend', 'default backend - 404'],
  ['the text of a router', '404 page not found\n'],
])('%s with 404 comes from something in between and withdraws nothing', async (_, body) => {
  expect(await failureOf({ status: 404, body })).toMatchObject({ code: 'UNREADABLE_ANSWER', fate: 'wait' });
  await expect(sparklayer.getCustomer('cu_1', aCall())).rejects.toMatchObject({ code: 'UNREADABLE_ANSWER' });
});

test('a list that is not there is refused, not empty', async () => {
  storefront.answers(() => ({ status: 404 }));
  await expect(sparklayer.listPurchases(EVERY_ORDER, aCall())).rejects.toMatchObject({ code: 'REFUSED', status: 404 });
});

test.each([
  ['a page', { body: PAGE }],
  ['half a body', { body: JSON.stringify(aWirePurchase()).slice(0, 200) }],
  ['no body', {}],
  ['204', { status: 204 }],
])('%s instead of a purchase passes by itself', async (_, reply) => {
  expect(await failureOf(reply)).toMatchObject({ code: 'UNREADABLE_ANSWER', fate: 'wait' });
});

test.each([
  ['is cut', { instead: 'drop' }, 'CONNECTION_LOST'],
  ['brings no answer in time', { instead: 'silence' }, 'TIMEOUT'],
] as const)('a call that %s passes by itself, and is not repeated here', async (_, reply, code) => {
  expect(await failureOf(reply)).toMatchObject({ code, fate: 'wait', status: null });
  expect(storefront.calls()).toHaveLength(1);
});

test('a storefront that is not there passes by itself', async () => {
  const nobody = connect('http://127.0.0.1:9');
  await expect(nobody.getPurchase(KEY, aCall())).rejects.toMatchObject({ code: 'CONNECTION_LOST', fate: 'wait' });
  await nobody.close();
});

test('the codes and places of a problem are kept, also those of lines', async () => {
  expect(await failureOf({ status: 400, body: PROBLEM })).toMatchObject({
    problems: [{ code: 'resource-id-invalid', property: 'customer_identifiers.sparklayer', line: null }],
    message: `${GET_PURCHASE}: HTTP 400 (resource-id-invalid on customer_identifiers.sparklayer)`,
  });
  expect(await failureOf({ status: 400, body: LINES })).toMatchObject({
    problems: [{ code: '', property: 'price', line: 3 }],
  });
});

test('no error shows a secret, a token, an identifier or what a person wrote', async () => {
  const drift = aWirePurchase({ billing_address: { first_name: 'Jane Doe', address_line1: 7 } });
  const errors = [
    await failureOf({ status: 400, body: PROBLEM }),
    await failureOf({ status: 500, body: PAGE }),
    await failureOf({ body: drift }),
    await failureOf({ instead: 'drop' }),
    await failureOf({ instead: 'silence' }),
  ];
  for (const error of errors) {
    expect(error).toBeInstanceOf(Error);
    // Everything a logger could print.
    const shown = inspect(error, { depth: 10, showHidden: true });
    for (const secret of [SECRET, 'token-1', UUID, 'Jane', 'jane@']) expect(shown).not.toContain(secret);
  }
  const errorsWithNames = [{ code: 'Jane Doe, 7 Philosophy Way', property: 'jane@example.com' }];
  expect(String(await failureOf({ status: 400, body: { ...PROBLEM, errors: errorsWithNames } }))).not.toMatch(/jane/i);
});

test('a 5xx that names a time hands it on', async () => {
  const error = await failureOf({ status: 503, headers: { 'retry-after': '7' } });
  expect(error).toMatchObject({ retryAfterMs: 7_000 });
});

test('a call whose caller is cancelled ends at once, with the reason given', async () => {
  storefront.answers(() => ({ instead: 'silence' }));
  const cancelling = new AbortController();
  const reason = new Error('the activity was cancelled');
  setTimeout(() => cancelling.abort(reason), 30);
  await expect(read(20_000, cancelling.signal)).rejects.toBe(reason);
  await expect(read(20_000, cancelling.signal)).rejects.toBe(reason);
  expect(storefront.calls()).toHaveLength(1);
});

test('nothing is sent when less than the time-out is left, also after waiting for a turn', async () => {
  await read();
  const before = storefront.calls().length;
  await expect(read(400)).rejects.toMatchObject({ code: 'NO_TIME_LEFT', fate: 'wait' });
  expect(storefront.calls()).toHaveLength(before);
  const narrow = connect(storefront.url, { concurrency: 1 });
  storefront.answers(() => new Promise((resolve) => setTimeout(resolve, 200, { body: aWirePurchase() })));
  const first = narrow.getPurchase(KEY, aCall());
  const second = narrow.getPurchase(KEY, aCall(550));
  await expect(second).rejects.toMatchObject({ code: 'NO_TIME_LEFT' });
  await first;
  await narrow.close();
});

test('a site keeps to its concurrency and its gap between calls', async () => {
  let [running, most] = [0, 0];
  storefront.answers(async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 60));
    running--;
    return { body: [aWireSummary()] };
  });
  const paced = connect(storefront.url, { concurrency: 2, minGapMs: 20 });
  await Promise.all([1, 2, 3, 4, 5, 6].map(() => paced.listPurchases(EVERY_ORDER, aCall())));
  expect(most).toBe(2);
  await paced.close();
  const spaced = connect(storefront.url, { concurrency: 8, minGapMs: 40 });
  const before = storefront.calls().length;
  await Promise.all([1, 2, 3, 4].map(() => spaced.listPurchases(EVERY_ORDER, aCall())));
  const times = storefront
    .calls()
    .slice(before)
    .map(({ at }) => at);
  expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBeGreaterThan(80);
  await spaced.close();
});
