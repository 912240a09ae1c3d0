import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { expect, test } from 'vitest';

import { misfits } from '../../../sandbox/bluecherry/contract.ts';
import { anErp, anOrder, codesOf } from './client.ts';

const POST = 'POST /api/salesOrder';
const GET = 'GET /api/salesOrder';

test('an answer lost after the commit leaves the order in the ERP', async () => {
  const { erp, post } = await anErp();
  erp.faults.add({ route: POST, kind: 'answerLostAfterCommit' });
  await expect(post('salesOrder', [anOrder()])).rejects.toThrow('fetch failed');
  erp.runJob('order_import');
  expect(erp.liveSalesOrders('SL-100045')).toHaveLength(1);
  expect(erp.calls(POST)).toMatchObject([{ status: 0 }]);
});

test('what is lost before the commit never arrives', async () => {
  const { erp, post } = await anErp();
  erp.faults.add({ route: POST, kind: 'timeoutBeforeCommit' });
  await expect(post('salesOrder', [anOrder()])).rejects.toThrow('fetch failed');
  expect(erp.importLog()).toEqual([]);
});

test('a late arrival comes when its caller has long given up, behind what was posted meanwhile', async () => {
  const { erp, post } = await anErp();
  erp.faults.add({ route: POST, kind: 'lateArrival', afterMs: 600_000 });
  await expect(post('salesOrder', [anOrder({ ext_ref: 'LATE' })])).rejects.toThrow('fetch failed');
  await post('salesOrder', [anOrder({ ext_ref: 'NEXT' })]);
  erp.advanceClock(599_999);
  expect(erp.importLog().map(({ extRef }) => extRef)).toEqual(['NEXT']);
  erp.advanceClock(1);
  expect(erp.importLog().map(({ extRef }) => extRef)).toEqual(['NEXT', 'LATE']);
  erp.advanceClock(600_000);
  expect(erp.importLog()).toHaveLength(2);
});

test('a log row may be missing although the order is there', async () => {
  const { erp, imports, rows, find } = await anErp();
  erp.faults.add({ route: POST, kind: 'logRowMissing' });
  await imports(anOrder());
  expect(await rows('/api/importLog')).toEqual([]);
  expect((await find('salesOrder', "altpo eq 'SL-100045'")).data.header).toHaveLength(1);
  expect(erp.importLog()).toMatchObject([{ hidden: true }]);
  await imports(anOrder());
  expect(await rows('/api/importLog')).toHaveLength(1);
});

test('a value may be cut to a length without a word', async () => {
  const { erp, imports } = await anErp();
  erp.faults.add({ route: POST, kind: 'valueCut', field: 'udford1c', length: 4 });
  const log = await imports(anOrder());
  expect(codesOf(log)).toEqual(['S']);
  expect(erp.salesOrders()).toMatchObject([{ udford1c: 'SL-1', altpo: 'SL-100045' }]);
});

test('an import may refuse with a code that says try again: nothing was created', async () => {
  const { erp, imports } = await anErp();
  erp.faults.add({ kind: 'importRefused', code: 'DEADLOCK' });
  expect(codesOf(await imports(anOrder()))).toEqual(['E DEADLOCK']);
  expect(codesOf(await imports(anOrder()))).toEqual(['S']);
  expect(erp.salesOrders()).toHaveLength(1);
});

test.each([
  [{ kind: 'status', status: 500 }, 500, /unavailable/],
  [{ kind: 'status', status: 502, body: 'html' }, 502, /^<html>/],
  [{ kind: 'status', status: 503, body: 'empty' }, 503, /^$/],
  [{ kind: 'html200' }, 200, /^<html>/],
  [{ kind: 'empty200' }, 200, /^$/],
  [{ kind: 'recordLocked' }, 200, /REC_LOCKED/],
  [{ kind: 'jobRunning' }, 200, /JOB_RUNNING/],
  [{ kind: 'bothKeysWrong' }, 401, /invalid subscription key/],
  [{ kind: 'quota', replenishedIn: '2.01:23:45' }, 403, /replenished in 2\.01:23:45\./],
] as const)('%o answers in place of the ERP, once', async (fault, status, text) => {
  const { erp, call } = await anErp();
  erp.faults.add({ ...fault, route: GET });
  expect((await call('GET', '/api/pick')).status).toBe(200);
  const answer = await call('GET', '/api/salesOrder');
  expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(text)]);
  expect(await call('GET', '/api/salesOrder')).toMatchObject({ status: 200, text: expect.stringMatching(/version/) });
});

test.each([
  [1, 200, 'ErrorErrorsMessage'],
  [2, 400, 'ErrorErrorsPlain'],
  [3, 200, 'ErrorMessageArray'],
  [4, 400, 'ErrorMessageString'],
] as const)('error shape %i comes with status %i and fits %s', async (shape, status, schema) => {
  const { erp, call } = await anErp();
  erp.faults.add({ kind: 'errorShape', shape, status, code: 'TIMEOUT' });
  const answer = await call('POST', '/api/salesOrder', { body: '[]' });
  expect(answer.status).toBe(status);
  expect(misfits(schema, JSON.parse(answer.text))).toEqual([]);
});

test.each([
  ['30', /^30$/],
  [{ httpDateIn: 30 }, /GMT$/],
  [null, /^none$/],
] as const)('a 429 may say when to come back: %o', async (retryAfter, header) => {
  const { erp, call } = await anErp();
  erp.faults.add({ kind: 'status', status: 429, retryAfter });
  const answer = (await call('GET', '/api/pick')).headers.get('retry-after') ?? 'none';
  expect(answer).toMatch(header);
});

test('a wrong first key leaves the second good', async () => {
  const { erp, call } = await anErp();
  erp.faults.add({ kind: 'keyWrong', times: 2 });
  expect((await call('GET', '/api/pick')).status).toBe(401);
  const second = { headers: { 'Ocp-Apim-Subscription-Key': erp.keys[1] } };
  expect((await call('GET', '/api/pick', second)).status).toBe(200);
  expect((await call('GET', '/api/pick')).status).toBe(401);
});

test('pages may repeat or shift, filters be ignored, children missing, numbers be texts', async () => {
  const { erp, imports, rows, find } = await anErp();
  await imports(...Array.from({ length: 5 }, (_, index) => anOrder({ altpo: `R${index}` })));
  const page = async (number: number) =>
    (await rows(`/api/salesOrder?_pgsize=2&_include=all&_pgno=${number}`)).map(({ ord_num }) => ord_num);
  const first = await page(1);
  erp.faults.add({ route: GET, kind: 'repeatedPage' });
  expect(await page(2)).toEqual(first);
  erp.faults.add({ route: GET, kind: 'pageShift' });
  expect(await page(2)).toEqual(['104002', '104003']);
  expect(await page(3)).toEqual(['104005']);
  erp.faults.add({ route: GET, kind: 'filterIgnored' });
  expect((await find('salesOrder', "altpo eq 'R1'")).data.header).toHaveLength(5);
  erp.faults.add({ route: GET, kind: 'childrenMissing' });
  expect((await find('salesOrder', "altpo eq 'R1'", '&_include=all')).data.header[0]).not.toHaveProperty(
    'salesorderdetail',
  );
  erp.faults.add({ route: GET, kind: 'numbersAsStrings' });
  const asText = await find('salesOrder', "altpo eq 'R1'", '&_include=all');
  expect(asText.data.header[0].salesorderdetail.rows[0]).toMatchObject({ qty_ord: '6', line_seq: '1' });
  expect(misfits('SalesOrderList', asText)).toEqual([]);
});

test('a letter may be unknown and a stamp lie in the future', async () => {
  const { erp, imports, rows } = await anErp();
  const [row] = await imports(anOrder());
  erp.faults.add({ route: GET, kind: 'unknownStatus', letter: 'Q' });
  expect(await rows('/api/salesOrder')).toMatchObject([{ ord_status: 'Q' }]);
  erp.faults.add({ route: GET, kind: 'futureStamp', aheadMs: 48 * 3_600_000 });
  expect(await rows('/api/salesOrder')).toMatchObject([{ ord_status: 'O', last_mod: '2025-11-25 10:30:00' }]);
  erp.setStatusLetter(row!.ordNum, 'Q');
  erp.runJob('credit_check');
  expect(await rows('/api/salesOrder')).toMatchObject([{ ord_status: 'Q', credit_status: 'A' }]);
  erp.setStatusLetter(row!.ordNum, null);
  expect(await rows('/api/salesOrder')).toMatchObject([{ ord_status: 'R' }]);
});

test('a slow or hanging call waits for the clock, not for the wall', async () => {
  const { erp, call } = await anErp();
  erp.faults.add({ kind: 'slow', ms: 60_000 });
  const slow = call('GET', '/api/pick');
  await expect.poll(() => erp.calls()).toHaveLength(1);
  erp.advanceClock(60_000);
  expect((await slow).status).toBe(200);
  erp.faults.add({ kind: 'hang', ms: 60_000 });
  const hanging = call('GET', '/api/pick').catch(() => 'dropped');
  await expect.poll(() => erp.calls()).toHaveLength(2);
  erp.advanceClock(60_000);
  expect(await hanging).toBe('dropped');
});

test('a fault lets calls pass first, strikes so often, by chance, and is taken back', async () => {
  const { erp, call } = await anErp();
  const statuses = async (times: number) => {
    const seen: number[] = [];
    for (let time = 0; time < times; time++) seen.push((await call('GET', '/api/pick')).status);
    return seen;
  };
  erp.faults.add({ kind: 'status', status: 500, after: 1, times: 2 });
  expect(await statuses(4)).toEqual([200, 500, 500, 200]);
  const takeBack = erp.faults.add({ kind: 'status', status: 503, times: 9 });
  expect(await statuses(1)).toEqual([503]);
  takeBack();
  expect(await statuses(1)).toEqual([200]);
  erp.faults.add({ kind: 'status', status: 504, probability: 0.5 });
  expect(new Set(await statuses(40))).toEqual(new Set([200, 504]));
  erp.faults.clear();
  expect(await statuses(1)).toEqual([200]);
});

test('/sim is closed unless asked for, and then does what the program can do', async () => {
  const closed = await anErp();
  expect((await fetch(new URL('/sim/clock', closed.erp.url))).status).toBe(404);
  const { erp, post } = await anErp({ sim: true });
  const sim = async (method: string, path: string, body?: unknown) => {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(new URL(`/sim/${path}`, erp.url), { method, ...init });
    return response.json();
  };
  await sim('POST', 'faults', { kind: 'importRefused', code: 'DEADLOCK' });
  await sim('DELETE', 'faults');
  await post('salesOrder', [anOrder()]);
  await sim('POST', 'jobs/order_import/stall');
  await sim('POST', 'tick');
  expect(await sim('GET', 'importLog?reference=SL-100045')).toMatchObject([{ status: 'P' }]);
  await sim('POST', 'jobs/order_import/resume');
  await sim('POST', 'jobs/order_import/run');
  expect(await sim('GET', 'liveSalesOrders?reference=SL-100045')).toMatchObject([{ ordNum: '104001', status: 'O' }]);
  expect(await sim('POST', 'orders/104001/hold', { code: 'CS' })).toMatchObject({ status: 'H' });
  expect(await sim('POST', 'clock', { set: '2026-01-05T12:00:00Z', advanceMs: 1_000 })).toEqual({
    now: '2026-01-05T12:00:01.000Z',
  });
  expect(await sim('GET', 'calls')).toMatchObject([{ route: POST, references: ['SL-100045'] }]);
  expect(await sim('GET', 'invariants')).toEqual({ broken: [], violations: [], limitsUsed: null });
  expect(await sim('POST', 'orders/7/release')).toEqual({ wrong: 'There is no order 7.' });
  expect(await sim('GET', 'nothing')).toHaveProperty('wrong');
});

test('runs as a process of its own and prints its address as one line', async () => {
  const script = new URL('../../../sandbox/bluecherry/serve.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, '--key-1', 'a', '--key-2', 'b', '--import-every-ms', '0']);
  try {
    const [line] = await once(child.stdout, 'data');
    const { url, keys } = JSON.parse(String(line));
    expect(keys).toEqual(['a', 'b']);
    expect((await fetch(`${url}/api/pick`, { headers: { 'Ocp-Apim-Subscription-Key': 'b' } })).status).toBe(200);
  } finally {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  }
});
