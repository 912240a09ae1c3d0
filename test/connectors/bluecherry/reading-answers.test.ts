import { afterEach, expect, test } from 'vitest';

import { BlueCherryError } from '../../../connectors/bluecherry/bluecherry.ts';
import { headed, startScriptedErp, type Reply, type ScriptedErp } from './scripted-erp.ts';
import { aCall, anErpOrder, connect } from './support.ts';

let erp: ScriptedErp | undefined;

afterEach(async () => {
  await erp?.close();
  erp = undefined;
});

const HTML = '<html><head><title>Login</title></head></html>';
const BAD_KEY = { statusCode: 401, message: 'Access denied due to invalid subscription key.' };

async function read(...replies: Reply[]) {
  const server = await startScriptedErp((_, number) => replies[Math.min(number, replies.length) - 1] ?? {});
  erp = server;
  const bluecherry = connect(server.url);
  const error = await bluecherry.getSalesOrder('104512', aCall()).then(
    () => null,
    (reason: unknown) => reason,
  );
  await bluecherry.close();
  return error;
}

const errors = (...items: unknown[]) => ({ errors: items });

test.each<[says: string, reply: Reply, code: string, fate: string]>([
  ['a connection that ends', { instead: 'drop' }, 'NO_ANSWER', 'wait'],
  ['no answer in time', { instead: 'silence' }, 'NO_ANSWER', 'wait'],
  ['an empty body', { body: '' }, 'UNREADABLE_ANSWER', 'wait'],
  ['HTML with 200', { body: HTML }, 'UNREADABLE_ANSWER', 'wait'],
  ['a JSON list', { body: [] }, 'UNREADABLE_ANSWER', 'wait'],
  ['JSON without data', { body: { version: '1' } }, 'UNREADABLE_ANSWER', 'wait'],
  ['a redirect to a login page', { status: 302, headers: { location: '/login' } }, 'UNREADABLE_ANSWER', 'wait'],
  ['500 with JSON', { status: 500, body: { message: 'x' } }, 'ERP_UNAVAILABLE', 'wait'],
  ['502 with HTML', { status: 502, body: HTML }, 'ERP_UNAVAILABLE', 'wait'],
  ['503 with nothing', { status: 503 }, 'ERP_UNAVAILABLE', 'wait'],
  ['shape 1, 200', { body: errors({ errorCode: 'REC_LOCKED', errorMessage: 'x' }) }, 'REC_LOCKED', 'wait'],
  ['shape 1, 400', { status: 400, body: errors({ errorCode: 'TIMEOUT', errorMessage: 'x' }) }, 'TIMEOUT', 'wait'],
  ['shape 1, final', { body: errors({ errorCode: 'INV_DIVISION', errorMessage: 'x' }) }, 'INV_DIVISION', 'park'],
  ['a filter it refuses', { body: errors({ errorCode: 'INV_FILTER', errorMessage: 'x' }) }, 'INV_FILTER', 'gate'],
  ['shape 2', { body: errors({ message: 'Invalid column name in filter' }) }, 'INV_FILTER', 'gate'],
  [
    'shape 3, known',
    { body: { message: [{ message: 'Order import is running, try again later' }] } },
    'JOB_RUNNING',
    'wait',
  ],
  ['shape 4, known', { body: { message: 'Record is locked by another user.' } }, 'REC_LOCKED', 'wait'],
  ['shape 4, unknown', { status: 400, body: { message: 'Out of paper' } }, 'ERP_REFUSED', 'park'],
  [
    'the second of two errors is the grave one',
    { body: errors({ errorCode: 'REC_LOCKED', errorMessage: 'x' }, { errorCode: 'INV_ORDER', errorMessage: 'y' }) },
    'INV_ORDER',
    'park',
  ],
  [
    'an error beside data',
    { body: { version: '1', data: { header: [] }, message: 'Out of paper' } },
    'ERP_REFUSED',
    'park',
  ],
  ['an error that is no list', { body: { data: [], errors: 'Out of paper' } }, 'ERP_REFUSED', 'park'],
  ['403', { status: 403, body: { statusCode: 403, message: 'Forbidden' } }, 'FORBIDDEN', 'gate'],
  ['404', { status: 404, body: { statusCode: 404, message: 'Resource not found' } }, 'WRONG_ADDRESS', 'gate'],
  ['403 with a code', { status: 403, body: errors({ errorCode: 'INV_DIVISION' }) }, 'INV_DIVISION', 'park'],
  ['404 with a code', { status: 404, body: errors({ errorCode: 'INV_ORDER', message: 'x' }) }, 'INV_ORDER', 'park'],
  ['404 with a list of texts', { status: 404, body: { message: [{ message: 'No' }] } }, 'ERP_REFUSED', 'park'],
  ['404 with HTML', { status: 404, body: HTML }, 'UNREADABLE_ANSWER', 'wait'],
  ['408 with nothing', { status: 408 }, 'ERP_UNAVAILABLE', 'wait'],
  ['401 with nothing', { status: 401 }, 'CREDENTIALS_REFUSED', 'gate'],
  ['401 with HTML', { status: 401, body: HTML }, 'CREDENTIALS_REFUSED', 'gate'],
  ['429 with nothing', { status: 429 }, 'RATE_LIMITED', 'wait'],
  ['the gateway behind a 200', { body: { statusCode: 404, message: 'Resource not found' } }, 'WRONG_ADDRESS', 'gate'],
  ['data of another shape', { body: { version: '1', data: [] } }, 'SCHEMA_DRIFT', 'gate'],
  ['a value of another shape', headed(anErpOrder({ tax_amt: { amount: 1 } })), 'SCHEMA_DRIFT', 'gate'],
])('a read that meets %s', async (_, reply, code, fate) => {
  const error = await read(reply);
  expect(error).toBeInstanceOf(BlueCherryError);
  expect(error).toMatchObject({ code, fate, route: 'GET /api/salesOrder' });
});

test('an error of a read names the place, never the data or a key', async () => {
  const error = await read(headed(anErpOrder({ tax_amt: 'much too much' })));
  expect(error).toMatchObject({ code: 'SCHEMA_DRIFT' });
  expect(String(error)).toContain('tax_amt');
  expect(JSON.stringify(error) + String(error)).not.toMatch(/much too much|key-1/);
});

test.each<[says: string, reply: Reply, ms: number | undefined]>([
  ['seconds in the header', { headers: { 'retry-after': '12' } }, 12_000],
  [
    'a date in the header',
    { headers: { date: 'Tue, 25 Nov 2025 17:00:00 GMT', 'retry-after': 'Tue, 25 Nov 2025 17:00:07 GMT' } },
    7_000,
  ],
  [
    'seconds in the text',
    { body: { statusCode: 429, message: 'Rate limit is exceeded. Try again in 3 seconds.' } },
    3_000,
  ],
  ['nothing', {}, undefined],
])('429 with %s', async (_, reply, ms) => {
  const body = { statusCode: 429, message: 'Rate limit is exceeded.' };
  const error = await read({ status: 429, body, ...reply });
  expect(error).toMatchObject({ code: 'RATE_LIMITED', fate: 'wait' });
  expect(error instanceof BlueCherryError && error.retryAfterMs).toBe(ms);
});

test.each<[says: string, headers: Readonly<Record<string, string>>]>([
  ['no seconds at all', { 'retry-after': '0' }],
  ['a date that has passed', { date: 'Tue, 25 Nov 2025 17:00:00 GMT', 'retry-after': 'Tue, 25 Nov 2025 17:00:00 GMT' }],
])('429 with %s holds the calls like one that names no time', async (_, headers) => {
  const server = await startScriptedErp(() => ({ status: 429, headers, body: { statusCode: 429, message: 'x' } }));
  erp = server;
  const bluecherry = connect(server.url);
  await expect(bluecherry.probe(aCall())).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  const soon = aCall({ deadline: Date.now() + 1_000 });
  await expect(bluecherry.probe(soon)).rejects.toMatchObject({ code: 'NO_TIME_LEFT' });
  expect(server.received).toHaveLength(1);
  await bluecherry.close();
});

test.each([
  ['01:23:45', 5_025_000],
  ['2.01:23:45', 177_825_000],
])('a used-up quota (%s) closes every call until it is replenished', async (time, ms) => {
  const message = `Out of call volume quota. Quota will be replenished in ${time}.`;
  const server = await startScriptedErp(() => ({ status: 403, body: { statusCode: 403, message } }));
  erp = server;
  const bluecherry = connect(server.url);
  await expect(bluecherry.getSalesOrder('1', aCall())).rejects.toMatchObject({
    code: 'QUOTA_EXHAUSTED',
    fate: 'gate',
    retryAfterMs: ms,
  });
  await expect(bluecherry.probe(aCall())).rejects.toMatchObject({ code: 'QUOTA_EXHAUSTED' });
  expect(server.received).toHaveLength(1);
  await bluecherry.close();
});

test.each([
  ['in words', BAD_KEY],
  ['with an empty body', ''],
  ['with a page', HTML],
])('a key refused %s is followed by the other one, which then stays', async (_how, body) => {
  const server = await startScriptedErp(({ key }) => (key === 'key-2' ? headed() : { status: 401, body }));
  erp = server;
  const bluecherry = connect(server.url);
  expect(await bluecherry.getSalesOrder('1', aCall())).toBeNull();
  expect(await bluecherry.getSalesOrder('1', aCall())).toBeNull();
  expect(server.received.map(({ key }) => key)).toEqual(['key-1', 'key-2', 'key-2']);
  await bluecherry.close();
});

test('two refused keys close the connection here, and one call in a while finds out that they are good again', async () => {
  let isGood = false;
  const server = await startScriptedErp(() => (isGood ? headed() : { status: 401, body: BAD_KEY }));
  erp = server;
  const bluecherry = connect(server.url, { credentialProbeMs: 60 });
  const refused = { code: 'CREDENTIALS_REFUSED', fate: 'gate' };
  await expect(bluecherry.getSalesOrder('1', aCall())).rejects.toMatchObject(refused);
  await expect(bluecherry.getSalesOrder('1', aCall())).rejects.toMatchObject(refused);
  expect(server.received).toHaveLength(2);
  isGood = true;
  await expect.poll(() => bluecherry.getSalesOrder('1', aCall()).catch(() => 'refused'), { interval: 20 }).toBeNull();
  await bluecherry.close();
});

test('the probe wants a version and nothing else', async () => {
  const server = await startScriptedErp((_, number) => ({
    body: { ...(number === 1 ? { version: 7 } : {}), data: {} },
  }));
  erp = server;
  const bluecherry = connect(server.url);
  await bluecherry.probe(aCall());
  await expect(bluecherry.probe(aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
  expect(server.received[0]).toMatchObject({ method: 'GET', resource: 'pick', rawQuery: '_pgsize=1' });
  await bluecherry.close();
});

test('nobody at the address is a matter of waiting', async () => {
  const bluecherry = connect('http://127.0.0.1:1/INSTEP/TEST');
  await expect(bluecherry.probe(aCall())).rejects.toMatchObject({ code: 'NO_ANSWER', fate: 'wait' });
  await bluecherry.close();
});

test('an aborted read ends with the reason it was aborted for', async () => {
  const server = await startScriptedErp(() => ({ instead: 'silence' }));
  erp = server;
  const bluecherry = connect(server.url, { timeouts: { requestMs: 5_000, writeMs: 500 } });
  const abort = new AbortController();
  const reason = new Error('cancelled');
  const reading = bluecherry.probe(aCall({ signal: abort.signal }));
  await expect.poll(() => server.received.length).toBe(1);
  abort.abort(reason);
  await expect(reading).rejects.toBe(reason);
  await bluecherry.close();
});

test('a read is not sent when less than its time-out is left', async () => {
  const server = await startScriptedErp(() => headed());
  erp = server;
  const bluecherry = connect(server.url);
  await expect(bluecherry.getSalesOrder('1', aCall({ deadline: Date.now() + 400 }))).rejects.toMatchObject({
    code: 'NO_TIME_LEFT',
    fate: 'wait',
  });
  expect(server.received).toHaveLength(0);
  await bluecherry.close();
});

test('empty signs of an error are none', async () => {
  expect(await read({ body: { version: '1', data: { header: [] }, errors: [], message: '' } })).toBeNull();
});
