import { expect, test } from 'vitest';

import { misfits } from '../../../sandbox/bluecherry/contract.ts';
import { anErp, anOrder } from './client.ts';

const header = (key: string) => ({ headers: { 'Ocp-Apim-Subscription-Key': key } });

test('two keys are good, another is not, and none is told apart', async () => {
  const { erp, call } = await anErp({ keys: ['first', 'second'] });
  expect((await call('GET', '/api/pick', header('first'))).status).toBe(200);
  expect((await call('GET', '/api/pick', header('second'))).status).toBe(200);
  const bad = await call('GET', '/api/pick', header('third'));
  expect(bad.status).toBe(401);
  expect(JSON.parse(bad.text).message).toMatch(/invalid subscription key/);
  const none = await call('GET', '/api/pick', { headers: {} });
  expect(JSON.parse(none.text).message).toMatch(/missing subscription key/);
  expect(misfits('GatewayError', JSON.parse(none.text))).toEqual([]);
  expect(erp.calls().map(({ key }) => key)).toEqual(['primary', 'secondary', 'unknown', 'unknown']);
});

test('a revoked key is an invalid one until the keys are restored', async () => {
  const { erp, call } = await anErp();
  erp.revokeKeys('primary');
  expect((await call('GET', '/api/pick')).status).toBe(401);
  expect((await call('GET', '/api/pick', header(erp.keys[1]))).status).toBe(200);
  erp.revokeKeys('both');
  expect((await call('GET', '/api/pick', header(erp.keys[1]))).status).toBe(401);
  erp.restoreKeys();
  expect((await call('GET', '/api/pick')).status).toBe(200);
});

test.each([
  ['GET', '/api/nothing'],
  ['GET', '/api/salesOrderCancel'],
  ['POST', '/api/style'],
  ['PUT', '/api/salesOrder'],
  ['GET', '/api/style/7'],
  ['GET', '/api/'],
])('%s %s is no resource of the gateway', async (method, path) => {
  const { call } = await anErp();
  const answer = await call(method, path, method === 'GET' ? {} : { body: '[]' });
  expect([answer.status, JSON.parse(answer.text)]).toEqual([404, { statusCode: 404, message: 'Resource not found' }]);
});

test('another area or environment is not found', async () => {
  const { erp } = await anErp({ area: 'BRAND', environment: 'LIVE' });
  expect(erp.url).toMatch(/\/BRAND\/LIVE$/);
  const elsewhere = erp.url.replace('/LIVE', '/TEST');
  const answer = await fetch(`${elsewhere}/api/pick`, header(erp.keys[0]));
  expect(answer.status).toBe(404);
});

test('above the limits the gateway says when to come back, and calls it refused do not count', async () => {
  const { erp, call } = await anErp({ limits: { concurrent: 2, burstPerSecond: 2, perMinute: 3 } });
  const statuses = async (times: number) => {
    const seen = [];
    for (let time = 0; time < times; time++) seen.push((await call('GET', '/api/pick')).status);
    return seen;
  };
  expect(await statuses(3)).toEqual([200, 200, 429]);
  erp.advanceClock(1_000);
  expect(await statuses(1)).toEqual([200]);
  const refused = await call('GET', '/api/pick');
  expect(refused.headers.get('retry-after')).toBe('59');
  expect(JSON.parse(refused.text)).toEqual({
    statusCode: 429,
    message: 'Rate limit is exceeded. Try again in 59 seconds.',
  });
  erp.advanceClock(59_000);
  expect(await statuses(1)).toEqual([200]);
  expect(erp.limitsUsed()).toEqual({ concurrent: 0.5, burstPerSecond: 1, perMinute: 1 });
});

test('calls are on record with what they carried', async () => {
  const { erp, post, get } = await anErp();
  await post('salesOrder', [anOrder({ ext_ref: 'A', isa_num: '000000801' }), anOrder({ ext_ref: 'B' })]);
  await get('/api/pick?_pgsize=1');
  expect(erp.calls('post /api/salesorder')).toMatchObject([
    { route: 'POST /api/salesOrder', method: 'POST', status: 200, references: ['A', 'B'], key: 'primary' },
  ]);
  expect(erp.calls()[0]?.controlNumbers[0]).toBe('000000801');
  expect(erp.calls()[1]).toMatchObject({ query: '?_pgsize=1', at: erp.now() });
  expect(erp.callCounts()).toEqual({ 'POST /api/salesOrder': 1, 'GET /api/pick': 1 });
});
