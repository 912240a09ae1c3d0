import { afterEach, describe, expect, test } from 'vitest';

import type { PostOutcome } from '../../../domain/sales-order.ts';
import { startScriptedErp, type Reply, type Script, type ScriptedErp } from './scripted-erp.ts';
import { aCall, aLogRow, aPreparedOrder, connect, NOON } from './support.ts';

let erp: ScriptedErp | undefined;

afterEach(async () => {
  await erp?.close();
  erp = undefined;
});

async function against(script: Script, settings: Parameters<typeof connect>[1] = {}, clock: () => Date = () => NOON) {
  const server = await startScriptedErp(script);
  erp = server;
  return { server, bluecherry: connect(server.url, settings, clock) };
}

const HTML = '<html></html>';
const STAGED: Reply = { body: { version: '1.0', pkey: '55012 ', count: 1 } };

/** Takes in whatever comes, one transaction after the other. */
const taking: Script = ({ body }, number) => ({
  body: { version: '1.0', pkey: 55_000 + number, count: Array.isArray(body) ? body.length : 0 },
});

const errors = (...items: unknown[]) => ({ errors: items });
const coded = (errorCode: string) => ({ errorCode, errorMessage: 'x' });

function watching() {
  const told: string[] = [];
  return {
    told,
    before: async () => void told.push('before'),
    after: async ({ kind }: PostOutcome) => void told.push(kind),
  };
}

describe('what an answer to a post means', () => {
  test.each<[says: string, reply: Reply, outcome: object]>([
    ['a key', STAGED, { kind: 'staged', transaction: '55012', row: 1 }],
    ['202 and a key', { ...STAGED, status: 202 }, { kind: 'staged' }],
    ['a key and a message', { body: { pkey: 1, message: 'taken with remarks' } }, { kind: 'staged' }],
    ['a key and errors', { body: { pkey: 1, errors: [coded('INV_SKU')] } }, { kind: 'unknown' }],
    ['a key and another count', { body: { pkey: 1, count: 3 } }, { kind: 'unknown' }],
    ['a key with HTTP 500', { status: 500, body: { pkey: 1 } }, { kind: 'unknown' }],
    ['no key', { body: { version: '1.0' } }, { kind: 'unknown' }],
    ['nothing', { body: '' }, { kind: 'unknown' }],
    ['HTML with 200', { body: HTML }, { kind: 'unknown' }],
    ['HTML with 503', { status: 503, body: HTML }, { kind: 'unknown' }],
    ['500 with a code', { status: 500, body: errors(coded('INV_SKU')) }, { kind: 'unknown' }],
    ['504', { status: 504 }, { kind: 'unknown' }],
    ['a connection that ends', { instead: 'drop' }, { kind: 'unknown' }],
    ['no answer in time', { instead: 'silence' }, { kind: 'unknown', why: 'no answer in time' }],
    ['TIMEOUT with 200', { body: errors(coded('TIMEOUT')) }, { kind: 'unknown' }],
    ['TIMEOUT with 400', { status: 400, body: errors(coded('REC_LOCKED'), coded('TIMEOUT')) }, { kind: 'unknown' }],
    ['JOB_RUNNING with 200', { body: errors(coded('JOB_RUNNING')) }, { kind: 'notTaken', code: 'JOB_RUNNING' }],
    [
      'REC_LOCKED with 400',
      { status: 400, body: errors(coded('REC_LOCKED')) },
      { kind: 'notTaken', code: 'REC_LOCKED' },
    ],
    ['DEADLOCK', { body: errors(coded('DEADLOCK')) }, { kind: 'notTaken', code: 'DEADLOCK' }],
    [
      'a known text',
      { body: { message: [{ message: 'Order import is running, try again later' }] } },
      { kind: 'notTaken' },
    ],
    [
      'every final error',
      { status: 400, body: errors(coded('REQ_MISSING'), { ...coded('INV_SKU'), line_seq: '2' }) },
      { kind: 'refused', faults: [{ code: 'REQ_MISSING' }, { code: 'INV_SKU', line: 2 }] },
    ],
    [
      'shape 2',
      { body: errors({ message: 'No' }) },
      { kind: 'refused', faults: [{ code: 'ERP_REFUSED', text: 'No' }] },
    ],
    ['shape 3', { body: { message: [{ message: 'No' }] } }, { kind: 'refused', faults: [{ text: 'No' }] }],
    ['shape 4', { status: 400, body: { message: 'No' } }, { kind: 'refused', faults: [{ text: 'No' }] }],
    [
      '401',
      { status: 401, body: { statusCode: 401, message: 'no' } },
      { kind: 'notTaken', code: 'CREDENTIALS_REFUSED' },
    ],
    ['403', { status: 403, body: { statusCode: 403, message: 'no' } }, { kind: 'notTaken', code: 'FORBIDDEN' }],
    [
      'a used-up quota',
      {
        status: 403,
        body: { statusCode: 403, message: 'Out of call volume quota. Quota will be replenished in 00:00:09.' },
      },
      { kind: 'notTaken', code: 'QUOTA_EXHAUSTED', retryAfterMs: 9_000 },
    ],
    [
      '404',
      { status: 404, body: { statusCode: 404, message: 'Resource not found' } },
      { kind: 'notTaken', code: 'WRONG_ADDRESS' },
    ],
    [
      '429',
      { status: 429, body: { statusCode: 429, message: 'Rate limit is exceeded. Try again in 4 seconds.' } },
      { kind: 'notTaken', code: 'RATE_LIMITED', retryAfterMs: 4_000 },
    ],
    [
      '429 with nothing',
      { status: 429, headers: { 'retry-after': '4' } },
      { kind: 'notTaken', code: 'RATE_LIMITED', retryAfterMs: 4_000 },
    ],
    ['429 with HTML', { status: 429, body: HTML }, { kind: 'notTaken', code: 'RATE_LIMITED' }],
    ['429 with a code', { status: 429, body: errors(coded('BUSY')) }, { kind: 'notTaken', code: 'RATE_LIMITED' }],
    ['401 with nothing', { status: 401 }, { kind: 'notTaken', code: 'CREDENTIALS_REFUSED' }],
    ['401 with HTML', { status: 401, body: HTML }, { kind: 'notTaken', code: 'CREDENTIALS_REFUSED' }],
    ['403 with HTML', { status: 403, body: HTML }, { kind: 'unknown' }],
    ['404 with a code', { status: 404, body: errors(coded('INV_ORDER')) }, { kind: 'refused' }],
    ['403 with a code', { status: 403, body: errors(coded('PERIOD_CLOSED')) }, { kind: 'refused' }],
    ['403 with JOB_RUNNING', { status: 403, body: errors(coded('JOB_RUNNING')) }, { kind: 'notTaken' }],
  ])('%s', async (_, reply, expected) => {
    const { bluecherry } = await against(() => reply);
    const watch = watching();
    const outcome = await bluecherry.postSalesOrder(aPreparedOrder(), '000000123', aCall(), watch);
    expect(outcome).toMatchObject(expected);
    expect(watch.told).toEqual(['before', outcome.kind]);
    await bluecherry.close();
  });

  test('nobody at the address: certainly not sent', async () => {
    const bluecherry = connect('http://127.0.0.1:1/INSTEP/TEST');
    expect(await bluecherry.postSalesOrder(aPreparedOrder(), '000000123', aCall())).toMatchObject({
      kind: 'notTaken',
      code: 'NO_ANSWER',
    });
  });

  test('a handshake that fails: certainly not sent', async () => {
    const { server } = await against(taking);
    const bluecherry = connect(server.url.replace('http:', 'https:'));
    expect(await bluecherry.postSalesOrder(aPreparedOrder(), '000000123', aCall())).toMatchObject({
      kind: 'notTaken',
      code: 'NO_ANSWER',
    });
  });

  test('every post has a connection of its own: an old one may just have been closed', async () => {
    const { server, bluecherry } = await against(taking);
    await bluecherry.postSalesOrder(aPreparedOrder(), '000000123', aCall());
    await bluecherry.postSalesOrder(aPreparedOrder(), '000000124', aCall());
    expect(server.received.map(({ headers }) => headers.connection)).toEqual(['close', 'close']);
  });

  test('a refused key is followed by the other, with the same array', async () => {
    const { server, bluecherry } = await against(({ key }) =>
      key === 'key-1' ? { status: 401, body: { statusCode: 401, message: 'no' } } : STAGED,
    );
    const watch = watching();
    expect(await bluecherry.postSalesOrder(aPreparedOrder(), '000000123', aCall(), watch)).toMatchObject({
      kind: 'staged',
    });
    expect(server.received[0]?.body).toEqual(server.received[1]?.body);
    expect(watch.told).toEqual(['before', 'staged']);
  });
});

describe('direct mode', () => {
  const answer = (...rows: unknown[]): Reply => ({ body: { version: '1.0', pkey: 55013, count: 1, data: rows } });
  const row = (change: Readonly<Record<string, unknown>>) =>
    aLogRow({ pkey: 55013, ext_ref: aPreparedOrder().reference, ...change });

  test.each<[string, Reply, object]>([
    [
      'created',
      answer(row({ status: 'S', ord_num: '9' })),
      { kind: 'decided', result: { kind: 'imported', orderNumber: '9' } },
    ],
    [
      'refused, with several faults',
      answer(row({ status: 'E', errorCode: 'INV_SKU' }), row({ status: 'E', errorCode: 'INV_SIZE' })),
      { kind: 'decided', result: { kind: 'refused', faults: [{ code: 'INV_SKU' }, { code: 'INV_SIZE' }] } },
    ],
    ['another order’s row', answer(row({ status: 'S', ord_num: '9', ext_ref: 'X' })), { kind: 'unknown' }],
    ['another control number', answer(row({ status: 'S', ord_num: '9', isa_num: '000000999' })), { kind: 'unknown' }],
    [
      'no row for it',
      answer(row({ status: 'S', ord_num: '9', row_seq: 2 })),
      { kind: 'staged', transaction: '55013', row: 1 },
    ],
    ['rows that cannot be read', answer({ row_seq: 'one' }), { kind: 'staged' }],
  ])('%s', async (_, reply, expected) => {
    const { bluecherry } = await against(() => reply, { writeMode: 'direct' });
    expect(await bluecherry.postSalesOrder(aPreparedOrder(), '000000123', aCall())).toMatchObject(expected);
  });
});

describe('before anything is sent', () => {
  test('an address of another environment takes no writes', async () => {
    const { server, bluecherry } = await against(taking, { environment: 'live' });
    expect(await bluecherry.postSalesOrder(aPreparedOrder(), '000000123', aCall())).toMatchObject({
      kind: 'notTaken',
      code: 'WRONG_ENVIRONMENT',
    });
    const cancel = { reasonCode: 'BUYR', by: 'customer', line: null } as const;
    expect(await bluecherry.cancelSalesOrder('1', cancel, aCall())).toMatchObject({ code: 'WRONG_ENVIRONMENT' });
    expect(server.received).toHaveLength(0);
  });

  test.each([
    ['2025-11-26T04:00:00Z', 7 * 3_600_000],
    ['2025-11-25T10:30:00Z', 1_800_000],
  ])('in the freeze window (%s) writes wait until it ends', async (now, retryAfterMs) => {
    const freezeWindow = { from: '23:00', to: '06:00' };
    const { server, bluecherry } = await against(taking, { freezeWindow }, () => new Date(now));
    expect(await bluecherry.postSalesOrder(aPreparedOrder(), '000000123', aCall())).toMatchObject({
      kind: 'notTaken',
      code: 'FREEZE_WINDOW',
      retryAfterMs,
    });
    expect(server.received).toHaveLength(0);
  });

  test('a value the ERP would cut is refused here', async () => {
    const { server, bluecherry } = await against(taking);
    const order = aPreparedOrder({ purchaseOrder: 'P'.repeat(23) });
    expect(await bluecherry.postSalesOrder(order, '000000123', aCall())).toMatchObject({
      kind: 'refused',
      faults: [{ code: 'FIELD_LEN' }],
    });
    expect(server.received).toHaveLength(0);
  });

  test('a post that cannot get its answer in time is not sent', async () => {
    const { server, bluecherry } = await against(taking);
    const call = aCall({ deadline: Date.now() + 400 });
    expect(await bluecherry.postSalesOrder(aPreparedOrder(), '000000123', call)).toMatchObject({
      kind: 'notTaken',
      code: 'NO_TIME_LEFT',
    });
    expect(server.received).toHaveLength(0);
  });
});

test('a cancel is an array of one, with its line or without', async () => {
  const { server, bluecherry } = await against(taking);
  await bluecherry.cancelSalesOrder('104512', { reasonCode: 'BUYR', by: 'customer', line: null }, aCall());
  const outcome = await bluecherry.cancelSalesOrder('104512', { reasonCode: 'OOS', by: 'house', line: 2 }, aCall());
  expect(outcome).toMatchObject({ kind: 'staged', row: 1 });
  expect(server.received.map(({ resource, body }) => [resource, body])).toEqual([
    ['salesOrderCancel', [{ ord_num: '104512', reason_code: 'BUYR', cancel_type: 'C' }]],
    ['salesOrderCancel', [{ ord_num: '104512', line_seq: 2, reason_code: 'OOS', cancel_type: 'H' }]],
  ]);
});
