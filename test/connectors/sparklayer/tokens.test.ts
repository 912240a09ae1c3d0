import { setTimeout as pause } from 'node:timers/promises';

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { aToken, startScriptedStorefront, type ScriptedStorefront } from './scripted-storefront.ts';
import { aCall, aClock, aNote, aWirePurchase, connect, KEY, SECRET } from './support.ts';

let storefront: ScriptedStorefront;
let clock: ReturnType<typeof aClock>;
let sparklayer: ReturnType<typeof connect>;

beforeEach(async () => {
  storefront = await startScriptedStorefront(() => ({ body: aWirePurchase() }));
  clock = aClock();
  sparklayer = connect(storefront.url, {}, clock);
});
afterEach(async () => {
  await sparklayer.close();
  await storefront.close();
});

const read = (milliseconds?: number, signal?: AbortSignal) => sparklayer.getPurchase(KEY, aCall(milliseconds, signal));
const readTogether = (count: number) => Promise.all(Array.from({ length: count }, () => read()));
const refused = { code: 'CREDENTIALS_REFUSED', fate: 'gate', status: 401 };

test('the token call is JSON with the Site-Id, and every call carries token, site and user agent', async () => {
  await read();
  expect(storefront.tokenCalls()[0]).toMatchObject({
    method: 'POST',
    headers: { 'content-type': 'application/json', 'site-id': 'test-site', 'user-agent': 'Instep test' },
    body: { grant_type: 'client_credentials', client_id: 'the-client-id', client_secret: SECRET },
  });
  expect(storefront.tokenCalls()[0]?.headers).not.toHaveProperty('authorization');
  expect(storefront.calls()[0]?.headers).toMatchObject({
    authorization: 'Bearer token-1',
    'site-id': 'test-site',
    'user-agent': 'Instep test',
  });
});

test('calls that come together wait for one token', async () => {
  await readTogether(20);
  expect(storefront.tokenCalls()).toHaveLength(1);
});

test('a token is renewed at 55 of its 60 minutes, once', async () => {
  await read();
  clock.advance(55 * 60 - 1);
  await readTogether(3);
  expect(storefront.tokenCalls()).toHaveLength(1);
  clock.advance(2);
  await readTogether(3);
  expect(storefront.tokenCalls()).toHaveLength(2);
  expect(storefront.calls().at(-1)?.token).toBe('token-2');
});

test('a site may have its tokens renewed earlier', async () => {
  sparklayer = connect(storefront.url, { tokenRenewAfterSeconds: 60 }, clock);
  await read();
  clock.advance(61);
  await read();
  expect(storefront.tokenCalls()).toHaveLength(2);
});

test('a token that lives shorter than the margin is not renewed at every call', async () => {
  storefront.answersTokenCalls((_, number) => aToken(`token-${number}`, 120));
  await read();
  clock.advance(59);
  await read();
  expect(storefront.tokenCalls()).toHaveLength(1);
  clock.advance(2);
  await read();
  expect(storefront.tokenCalls()).toHaveLength(2);
});

test('a token that still lives carries on while its renewal meets a passing trouble', async () => {
  await read();
  storefront.answersTokenCalls(() => ({ status: 503 }));
  clock.advance(56 * 60);
  await read();
  await read();
  expect(storefront.tokenCalls()).toHaveLength(2);
  clock.advance(31);
  await read();
  expect(storefront.tokenCalls()).toHaveLength(3);
  clock.advance(4 * 60);
  await expect(read()).rejects.toMatchObject({ code: 'SERVER_ERROR', fate: 'wait' });
});

test('a token that dies under many calls is renewed once, and each call repeated once', async () => {
  await read();
  storefront.answers(async ({ token }) => {
    await pause(20);
    return token === 'token-1' ? { status: 401 } : { body: aWirePurchase() };
  });
  const purchases = await readTogether(8);
  expect(purchases.every((purchase) => purchase !== null)).toBe(true);
  expect(storefront.tokenCalls()).toHaveLength(2);
  expect(storefront.calls().filter(({ token }) => token === 'token-1')).toHaveLength(1 + 8);
  expect(storefront.calls().filter(({ token }) => token === 'token-2')).toHaveLength(8);
});

test('a 401 that comes late does not throw away the newer token', async () => {
  await read();
  let late = 0;
  storefront.answers(async ({ token }) => {
    if (token !== 'token-1') return { body: aWirePurchase() };
    await pause(late++ * 100);
    return { status: 401 };
  });
  await readTogether(3);
  expect(storefront.tokenCalls()).toHaveLength(2);
});

test('a write whose token died goes out again, with the same body', async () => {
  storefront.answers(({ method, token }) =>
    method === 'PUT' && token === 'token-1' ? { status: 401 } : { body: aWirePurchase() },
  );
  const note = aNote();
  expect((await sparklayer.annotatePurchase(KEY, () => note, aCall())).kind).toBe('written');
  const [first, second] = storefront.calls('PUT');
  expect(second?.text).toBe(first?.text);
  expect(storefront.calls('PUT')).toHaveLength(2);
});

test('a second 401 stops the site: later calls are refused here, and one in 30 s tries again', async () => {
  storefront.answers(() => ({ status: 401 }));
  await expect(read()).rejects.toMatchObject({ ...refused, retryAfterMs: 30_000 });
  expect(storefront.calls()).toHaveLength(2);
  clock.advance(10);
  await expect(read()).rejects.toMatchObject({ ...refused, retryAfterMs: 20_000 });
  expect(storefront.calls()).toHaveLength(2);
  clock.advance(21);
  const results = await Promise.allSettled([read(), read(), read(), read()]);
  expect(results.every(({ status }) => status === 'rejected')).toBe(true);
  // One probe: a call and its repetition.
  expect(storefront.calls()).toHaveLength(4);
});

test('a site that was stopped goes on by itself when the probe is accepted', async () => {
  storefront.answers(() => ({ status: 401 }));
  await expect(read()).rejects.toMatchObject(refused);
  storefront.answers(() => ({ body: aWirePurchase() }));
  await expect(read()).rejects.toMatchObject(refused);
  clock.advance(31);
  await read();
  await readTogether(5);
  expect(sparklayer.lines.map(({ message }) => message)).toEqual([
    'SparkLayer refuses the credentials of this site; its calls wait',
    'SparkLayer accepts the credentials of this site again',
  ]);
});

test('an answer to a call from before the refusal does not open the gate', async () => {
  const held = Promise.withResolvers<void>();
  await read();
  storefront.answers(async ({ path }) => {
    if (!path.includes('slow')) return { status: 401 };
    await held.promise;
    return { body: aWirePurchase() };
  });
  const slow = sparklayer.getPurchase({ kind: 'visible', value: 'slow' }, aCall());
  await vi.waitFor(() => expect(storefront.calls()).toHaveLength(2));
  await expect(read()).rejects.toMatchObject(refused);
  held.resolve();
  await slow;
  await expect(read()).rejects.toMatchObject(refused);
  expect(storefront.calls()).toHaveLength(4);
});

test.each([
  ['401 with a problem', { status: 401, body: { title: 'Unauthorized', status: 401 } }],
  ['401 without a body', { status: 401 }],
  ['400', { status: 400 }],
])('a token call refused with %s stops the site after one call, however many wait for it', async (_, reply) => {
  storefront.answersTokenCalls(() => reply);
  const results = await Promise.allSettled(Array.from({ length: 5 }, () => read()));
  for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: refused });
  await expect(read()).rejects.toMatchObject(refused);
  expect(storefront.tokenCalls()).toHaveLength(1);
  expect(storefront.calls()).toEqual([]);
  storefront.answersTokenCalls(() => aToken('good'));
  clock.advance(31);
  expect(await read()).not.toBeNull();
});

test.each([
  ['503', { status: 503 }, 'SERVER_ERROR', 'wait'],
  ['a page with 200', { body: '<html></html>' }, 'UNREADABLE_ANSWER', 'wait'],
  ['a cut connection', { instead: 'drop' }, 'CONNECTION_LOST', 'wait'],
  ['no answer', { instead: 'silence' }, 'TIMEOUT', 'wait'],
  ['another shape', { body: { token: 'x' } }, 'SCHEMA_DRIFT', 'gate'],
] as const)('a token call that meets %s has its own fate and is tried anew', async (_, reply, code, fate) => {
  storefront.answersTokenCalls((_request, number) => (number === 1 ? reply : aToken('good')));
  await expect(read()).rejects.toMatchObject({ code, fate, route: 'POST /api/auth/token' });
  expect(await read()).not.toBeNull();
});

test('a caller that gives up does not end the renewal others wait for, nor wait for it', async () => {
  storefront.answersTokenCalls(async () => {
    await pause(150);
    return aToken('good');
  });
  const impatient = new AbortController();
  const gaveUp = read(20_000, impatient.signal);
  const patient = read();
  setTimeout(() => impatient.abort(new Error('cancelled')), 30);
  const started = performance.now();
  await expect(gaveUp).rejects.toThrow('cancelled');
  expect(performance.now() - started).toBeLessThan(130);
  expect(await patient).not.toBeNull();
  expect(storefront.tokenCalls()).toHaveLength(1);
});

test('a renewal that fails after its only caller gave up harms nobody', async () => {
  storefront.answersTokenCalls(async () => {
    await pause(60);
    return { status: 500 };
  });
  const impatient = new AbortController();
  const gaveUp = read(20_000, impatient.signal);
  setTimeout(() => impatient.abort(new Error('cancelled')), 20);
  await expect(gaveUp).rejects.toThrow('cancelled');
  // An unhandled rejection would fail the run.
  await pause(100);
  expect(storefront.calls()).toEqual([]);
});
