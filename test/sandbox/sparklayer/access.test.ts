import { expect, test } from 'vitest';
import { handlers } from '../../../sandbox/sparklayer/api.ts';
import { operations } from '../../../sandbox/sparklayer/contract.ts';
import { anOpenSite } from './client.ts';

test('every operation of the contract is served', () => {
  expect(operations.filter(({ id }) => !(id in handlers)).map(({ id }) => id)).toEqual([]);
  expect(operations).toHaveLength(Object.keys(handlers).length);
});

test('a token opens the site until its life has run out', async () => {
  const { sparklayer, call, renewToken } = await anOpenSite({ tokenLifeSeconds: 60 });
  sparklayer.advanceClock(59_999);
  expect((await call('GET', '/api/v1/customer-groups')).status).toBe(200);
  sparklayer.advanceClock(1);
  expect((await call('GET', '/api/v1/customer-groups')).status).toBe(401);
  expect((await renewToken()).body).toMatchObject({ expires_in: 60, token_type: 'Bearer' });
  expect((await call('GET', '/api/v1/customer-groups')).status).toBe(200);
});

test('a token issued earlier stays valid beside a newer one', async () => {
  const { call, renewToken, sparklayer } = await anOpenSite();
  await renewToken();
  const [first] = sparklayer.calls('POST /api/auth/token');
  expect(first?.status).toBe(200);
  expect((await call('GET', '/api/v1/stock-locations')).status).toBe(200);
});

test('a call without a Site-Id, with another one, or without a token is a stranger', async () => {
  const { call } = await anOpenSite();
  const statuses = [
    await call('GET', '/api/v1/customers', { headers: { 'Site-Id': undefined } }),
    await call('GET', '/api/v1/customers', { headers: { 'Site-Id': 'another-site' } }),
    await call('GET', '/api/v1/customers', { headers: { Authorization: undefined } }),
    await call('GET', '/api/v1/customers', { headers: { Authorization: 'Bearer made-up' } }),
  ].map(({ status }) => status);
  expect(statuses).toEqual([401, 401, 401, 401]);
});

test('the token call takes JSON only, needs the Site-Id, and refuses a wrong secret', async () => {
  const { sparklayer, call } = await anOpenSite();
  const credentials = { grant_type: 'client_credentials', client_id: sparklayer.clientId, client_secret: 'wrong' };
  const form = new URLSearchParams(credentials).toString();
  const asForm = { body: form, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } };
  expect((await call('POST', '/api/auth/token', asForm)).status).toBe(400);
  expect((await call('POST', '/api/auth/token', { body: credentials })).status).toBe(401);
  const right = { ...credentials, client_secret: sparklayer.clientSecret };
  expect((await call('POST', '/api/auth/token', { body: right, headers: { 'Site-Id': undefined } })).status).toBe(401);
  expect((await call('POST', '/api/auth/token', { body: right })).status).toBe(200);
  expect(sparklayer.contractViolations()).toHaveLength(1);
});

test('tokens can be made to expire all at once, and new ones refused', async () => {
  const { sparklayer, call, renewToken } = await anOpenSite();
  sparklayer.expireTokens();
  expect((await call('GET', '/api/v1/customers')).status).toBe(401);
  sparklayer.refuseTokens(true);
  expect((await renewToken()).status).toBe(401);
  sparklayer.refuseTokens(false);
  expect((await renewToken()).status).toBe(200);
});

test('a call without a User-Agent is served and noted', async () => {
  const { sparklayer } = await anOpenSite();
  const { request } = await import('node:http');
  const { promise, resolve } = Promise.withResolvers<void>();
  const headers = { 'Site-Id': sparklayer.siteId };
  request(`${sparklayer.url}/api/v1/customers`, { headers }, (answer) => answer.resume().on('end', resolve)).end();
  await promise;
  expect(sparklayer.contractViolations()).toEqual(['GET /api/v1/customers: no User-Agent']);
});

test('a body off the contract is refused, named and noted', async () => {
  const { sparklayer, call } = await anOpenSite();
  const misspelt = { name: 'North', external_id: 'warehouse-9', nmae: 'North' };
  const reply = await call('POST', '/api/v1/stock-locations', { body: misspelt });
  expect(reply.status).toBe(400);
  expect(sparklayer.contractViolations()).toEqual([expect.stringContaining('nmae')]);
  expect((await call('POST', '/api/v1/stock-locations', { body: '{"name":' })).status).toBe(400);
});

test('calls are recorded by route and counted', async () => {
  const { sparklayer, call } = await anOpenSite();
  await call('GET', '/api/v1/purchases/visible/B2B%2F1');
  await call('GET', '/api/v1/purchases', { query: { limit: '5' } });
  expect(sparklayer.callCounts()).toEqual({
    'POST /api/auth/token': 1,
    'GET /api/v1/purchases/{id}': 1,
    'GET /api/v1/purchases': 1,
  });
  expect(sparklayer.calls('GET /api/v1/purchases')).toMatchObject([{ query: { limit: '5' }, status: 200 }]);
  expect(sparklayer.calls('GET /api/v1/purchases/{lookupBy}/{identifier}')).toMatchObject([{ status: 404 }]);
});
