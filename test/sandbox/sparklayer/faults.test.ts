import { expect, test } from 'vitest';
import {
  anOpenSite,
  errorCodes,
  object,
  oneLine,
  pathOf,
  rows,
  writable,
  type Reply,
  type TestSite,
} from './client.ts';

const list = '/api/v1/purchases';

test('a status fault answers in SparkLayer’s place, as often as it was told and in any form', async () => {
  const { sparklayer, rawCall } = await anOpenSite();
  const bodies = ['problem', 'problemAsJson', 'empty', 'html', 'truncated'] as const;
  for (const body of bodies) sparklayer.faults.add({ kind: 'status', status: 503, body });
  const replies: Reply[] = [];
  for (const _ of bodies) replies.push(await rawCall('GET', list));
  expect(replies.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
  expect(replies.map(({ headers }) => headers.get('content-type'))).toEqual([
    'application/problem+json',
    'application/json',
    null,
    'text/html',
    'application/problem+json',
  ]);
  expect(replies[2]?.text).toBe('');
  expect(() => JSON.parse(replies[4]?.text ?? '')).toThrow(SyntaxError);
  expect((await rawCall('GET', list)).status).toBe(200);
});

test('a 429 tells how long to wait in seconds, as an HTTP date, or not at all', async () => {
  const { sparklayer, rawCall } = await anOpenSite();
  sparklayer.faults.add({ kind: 'status', status: 429, retryAfter: 7 });
  sparklayer.faults.add({ kind: 'status', status: 429, retryAfter: { httpDateIn: 5 } });
  sparklayer.faults.add({ kind: 'status', status: 429 });
  const replies: Reply[] = [];
  for (let time = 0; time < 3; time += 1) replies.push(await rawCall('GET', list));
  expect(replies.map(({ headers }) => headers.get('retry-after'))).toEqual([
    '7',
    'Mon, 02 Feb 2026 10:00:05 GMT',
    null,
  ]);
  // The same clock as in the date to wait for.
  expect(replies[1]?.headers.get('date')).toBe('Mon, 02 Feb 2026 10:00:00 GMT');
});

test('a fault reaches its route only, begins after some calls, and can be taken away', async () => {
  const { sparklayer, rawCall } = await anOpenSite();
  const take = sparklayer.faults.add({
    kind: 'status',
    status: 500,
    route: 'GET /api/v1/purchases',
    after: 1,
    times: 5,
  });
  const statuses = [];
  for (const path of [list, '/api/v1/customers', `${list}/visible/x`, list])
    statuses.push((await rawCall('GET', path)).status);
  expect(statuses).toEqual([200, 200, 404, 500]);
  take();
  expect((await rawCall('GET', list)).status).toBe(200);
});

test('a fault by chance strikes the same calls in every run', async () => {
  const run = async () => {
    const { sparklayer, rawCall } = await anOpenSite();
    sparklayer.faults.add({ kind: 'status', status: 500, probability: 0.5 });
    const statuses = [];
    for (let time = 0; time < 12; time += 1) statuses.push((await rawCall('GET', list)).status);
    return statuses;
  };
  const [one, other] = [await run(), await run()];
  expect(one).toEqual(other);
  expect(new Set(one)).toEqual(new Set([200, 500]));
});

test('an answer lost after the commit leaves the write stored', async () => {
  const { sparklayer, call, rawCall } = await anOpenSite();
  const { path, body } = await readForWrite({ sparklayer, call, rawCall });
  sparklayer.faults.add({ kind: 'answerLostAfterCommit', route: 'PUT /api/v1/purchases' });
  await expect(rawCall('PUT', path, { body: { ...body, customer_reference: 'stored' } })).rejects.toThrow(
    'fetch failed',
  );
  expect((await call('GET', path)).body).toMatchObject({ customer_reference: 'stored' });
  expect(sparklayer.calls('PUT /api/v1/purchases')).toMatchObject([{ faults: ['answerLostAfterCommit'] }]);
});

test('a cut connection and a hang store nothing', async () => {
  const { sparklayer, call, rawCall } = await anOpenSite();
  const { path } = await readForWrite({ sparklayer, call, rawCall });
  sparklayer.faults.add({ kind: 'connectionCut' });
  await expect(rawCall('DELETE', path)).rejects.toThrow('fetch failed');
  sparklayer.faults.add({ kind: 'hang', ms: 20 });
  await expect(rawCall('DELETE', path)).rejects.toThrow('fetch failed');
  expect(sparklayer.purchases()).toHaveLength(1);
});

test('a foreign write between GET and PUT is a conflict, and its amendment stays', async () => {
  const site = await anOpenSite();
  const { path, body } = await readForWrite(site);
  site.sparklayer.faults.add({ kind: 'foreignWriteBeforePut', merge: { customer_reference: 'PO-NEW' } });
  expect(errorCodes(await site.call('PUT', path, { body }))).toEqual(['purchase-revision-outdated']);
  const fresh = writable((await site.call('GET', path)).body);
  expect((await site.call('PUT', path, { body: fresh })).body).toMatchObject({ customer_reference: 'PO-NEW' });
});

test('an identifier conflict can be ordered', async () => {
  const site = await anOpenSite();
  const { path, body } = await readForWrite(site);
  site.sparklayer.faults.add({ kind: 'identifierConflict' });
  expect(errorCodes(await site.call('PUT', path, { body }))).toEqual(['purchase-identifier-conflict']);
});

test('a token that dies early stays dead, an unauthorized call is refused once', async () => {
  const { sparklayer, call, renewToken } = await anOpenSite();
  sparklayer.faults.add({ kind: 'unauthorized' });
  expect([(await call('GET', list)).status, (await call('GET', list)).status]).toEqual([401, 200]);
  sparklayer.faults.add({ kind: 'tokenDiesEarly' });
  expect([(await call('GET', list)).status, (await call('GET', list)).status]).toEqual([401, 401]);
  await renewToken();
  expect((await call('GET', list)).status).toBe(200);
});

test('a gateway page may come with status 200', async () => {
  const { sparklayer, rawCall } = await anOpenSite();
  sparklayer.faults.add({ kind: 'html200' });
  const reply = await rawCall('GET', list);
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html']);
});

test('rows that move while one pages leave one out, and a second pass finds it', async () => {
  const site = await anOpenSite();
  for (const visible of ['A', 'B', 'C', 'D']) site.sparklayer.checkout({ visible, lines: oneLine });
  site.sparklayer.faults.add({ kind: 'rowsMoveWhilePaging', rows: 2 });
  const pass = async () => [...(await page(site, 0, 2)), ...(await page(site, 2, 2))];
  expect(await pass()).toEqual(['A', 'B', 'A', 'B']);
  expect(await pass()).toEqual(['C', 'D', 'A', 'B']);
});

test('a row may come on two pages', async () => {
  const site = await anOpenSite();
  for (const visible of ['A', 'B', 'C']) site.sparklayer.checkout({ visible, lines: oneLine });
  site.sparklayer.faults.add({ kind: 'repeatRow' });
  expect([await page(site, 0, 2), await page(site, 2, 2)]).toEqual([
    ['A', 'B'],
    ['B', 'C'],
  ]);
});

test('members may be missing or null', async () => {
  const site = await anOpenSite();
  const path = pathOf(site.sparklayer.checkout({ lines: oneLine }));
  site.sparklayer.faults.add({ kind: 'missingFields', fields: ['customer_reference', 'shipping_address'] });
  expect(JSON.stringify((await site.call('GET', path)).body)).not.toMatch(/"(customer_reference|shipping_address)"/);
  site.sparklayer.faults.add({ kind: 'missingFields', fields: ['metadata'], as: 'null' });
  expect((await site.rawCall('GET', path)).body).toMatchObject({ metadata: null });
  const fields = ['custom_fields', 'metadata'];
  site.sparklayer.faults.add({ kind: 'missingFields', fields, where: 'empty lists' });
  const { body } = await site.rawCall('GET', path);
  expect(body).toMatchObject({ metadata: [{}] });
  expect(body).not.toHaveProperty('custom_fields');
});

test('success may come with another status', async () => {
  const { sparklayer, call } = await anOpenSite();
  const path = `${pathOf(sparklayer.checkout({ lines: oneLine }))}/transactions`;
  const body = { platform_id: 'R1', total: { number: '1', currency: 'GBP' }, apply_to_balance: false };
  sparklayer.faults.add({ kind: 'successStatus', status: 204, route: 'PUT /api/v1/purchases/{id}/transactions' });
  expect((await call('PUT', path, { body })).status).toBe(204);
  sparklayer.faults.add({ kind: 'successStatus', status: 201 });
  const location = { name: 'North', external_id: 'north' };
  expect(await call('POST', '/api/v1/stock-locations', { body: location })).toMatchObject({
    status: 201,
    body: location,
  });
});

async function readForWrite({ sparklayer, call }: Pick<TestSite, 'sparklayer' | 'call' | 'rawCall'>) {
  const path = pathOf(sparklayer.checkout({ lines: oneLine }));
  return { path, body: writable((await call('GET', path)).body) };
}

async function page({ call }: TestSite, offset: number, limit: number): Promise<unknown[]> {
  const reply = await call('GET', list, { query: { offset: String(offset), limit: String(limit) } });
  return rows(reply.body).map((row) => object(row['purchase_identifiers'])['visible']);
}
