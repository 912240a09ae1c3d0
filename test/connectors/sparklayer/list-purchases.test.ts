import { afterEach, beforeEach, expect, test } from 'vitest';

import { startScriptedStorefront, type ScriptedStorefront } from './scripted-storefront.ts';
import { aCall, aWireSummary, connect, EVERY_ORDER, gbp, KEY, UUID } from './support.ts';

let storefront: ScriptedStorefront;
let sparklayer: ReturnType<typeof connect>;

beforeEach(async () => {
  storefront = await startScriptedStorefront(() => ({ body: [] }));
  sparklayer = connect(storefront.url);
});
afterEach(async () => {
  await sparklayer.close();
  await storefront.close();
});

async function list(...rows: unknown[]) {
  storefront.answers(() => ({ body: rows }));
  return sparklayer.listPurchases(EVERY_ORDER, aCall());
}

test('the window goes out with encoded brackets, milliseconds and an encoded plus', async () => {
  await sparklayer.listPurchases(
    {
      type: 'order_unconfirmed',
      updatedSince: '2026-01-05T11:00:04.12+02:00',
      placedSince: '2026-01-01T00:00:00Z',
      limit: 500,
      offset: 1000,
    },
    aCall(),
  );
  const [request] = storefront.calls();
  expect(request?.url).toBe(
    '/api/v1/purchases?type=order_unconfirmed&limit=500&offset=1000' +
      '&dates%5Blast_updated%5D%5Bgte%5D=2026-01-05T09%3A00%3A04.120%2B00%3A00' +
      '&dates%5Bplaced%5D%5Bgte%5D=2026-01-01T00%3A00%3A00.000%2B00%3A00',
  );
  expect(request?.query['dates[last_updated][gte]']).toBe('2026-01-05T09:00:04.120+00:00');
});

test('bounds that are not wanted are not sent', async () => {
  await sparklayer.listPurchases(EVERY_ORDER, aCall());
  expect(storefront.calls()[0]?.url).toBe('/api/v1/purchases?type=order&limit=500&offset=0');
});

test('a row is read in our words', async () => {
  expect(await list(aWireSummary())).toEqual({
    rows: [
      {
        key: KEY,
        identifiers: { sparklayer: UUID, platform: null, internal: null, visible: 'B2B01123' },
        type: 'order',
        placedAt: '2026-01-05T09:00:00.000+00:00',
        updatedAt: '2026-01-05T09:00:04.120+00:00',
        customerReference: 'PO-7781',
        currency: 'GBP',
        total: '252.00',
      },
    ],
    unreadable: [],
  });
});

test.each([
  ['platform', { platform: '99', visible: 'V' }, { kind: 'platform', value: '99' }],
  ['visible', { sparklayer: '', visible: '#V/1' }, { kind: 'visible', value: '#V/1' }],
  ['nothing but our own number: born in the ERP', { internal: 'SO-1' }, null],
])('a row known by %s', async (_, purchase_identifiers, key) => {
  expect((await list(aWireSummary({ purchase_identifiers }))).rows).toMatchObject([{ key }]);
});

test.each([
  ['nothing at all', {}],
  ['blanks', { sparklayer: '', platform: ' ', internal: ' ', visible: '' }],
  ['nulls', { sparklayer: null, platform: null, internal: null, visible: null }],
])('a row known by %s is nobody’s to take in, and cannot be read', async (_, purchase_identifiers) => {
  expect(await list(aWireSummary({ purchase_identifiers }))).toEqual({
    rows: [],
    unreadable: [{ index: 0, path: 'purchase_identifiers' }],
  });
});

test('one unreadable row does not lose the others: it is told by place and path', async () => {
  const secret = 'Jane Doe';
  const page = await list(
    aWireSummary(),
    null,
    aWireSummary({ dates: { updated_at: secret } }),
    aWireSummary({ type: undefined }),
    aWireSummary({ dates: { updated_at: '2026-01-05T09:00:04Z', placed_at: secret } }),
    [secret],
    aWireSummary({ customer_reference: 'PO-LAST' }),
  );
  expect(page.rows.map(({ customerReference }) => customerReference)).toEqual(['PO-7781', 'PO-LAST']);
  expect(page.unreadable).toEqual([
    { index: 1, path: 'its top' },
    { index: 2, path: 'dates.updated_at' },
    { index: 3, path: 'type' },
    { index: 4, path: 'dates.placed_at' },
    { index: 5, path: 'its top' },
  ]);
  expect(sparklayer.lines).toEqual([expect.objectContaining({ level: 'warn' })]);
  expect(JSON.stringify(sparklayer.lines)).not.toContain(secret);
});

test.each([
  ['no total', undefined, null],
  ['null', null, null],
  ['a total of another shape', 252, null],
  ['a decimal', gbp('15.900'), '15.900'],
])('a row with %s is read', async (_, calculated_total, total) => {
  expect((await list(aWireSummary({ calculated_total }))).rows).toMatchObject([{ total }]);
});

test('members and values we do not know do no harm', async () => {
  const { rows } = await list(aWireSummary({ type: 'subscription', currency_code: 'eur', more: { of: 'this' } }));
  expect(rows).toMatchObject([{ type: 'subscription', currency: 'EUR' }]);
});

test.each([
  ['an object', {}],
  ['an envelope', { data: [] }],
])('%s instead of the list is a drift', async (_, body) => {
  storefront.answers(() => ({ body }));
  await expect(sparklayer.listPurchases(EVERY_ORDER, aCall())).rejects.toMatchObject({
    code: 'SCHEMA_DRIFT',
    fate: 'gate',
    message: expect.stringMatching(/at its top$/),
  });
});
