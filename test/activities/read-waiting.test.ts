import { expect, test } from 'vitest';

import { readWaiting, type WaitingOf } from '../../activities/read-waiting.ts';
import type { PurchaseSummary } from '../../domain/purchase.ts';
import { testSite } from '../support/test-site.ts';

const CALL = { signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY };
const STOREFRONT = { url: 'http://127.0.0.1:1', siteId: 's', clientId: 'c', clientSecret: 'x' };
const SITE = {
  ...testSite('waits', { storefront: STOREFRONT, erp: { url: 'http://127.0.0.1:2/T/TEST', keys: ['a', 'b'] } }),
  goLive: '2026-01-01T00:00:00.000Z',
};

const row = (value: string, type: string, change: Partial<PurchaseSummary> = {}): PurchaseSummary => ({
  key: { kind: 'sparklayer', value },
  identifiers: { sparklayer: value, platform: null, internal: null, visible: value },
  type,
  placedAt: '2026-03-27T20:00:00+00:00',
  updatedAt: '2026-03-27T20:00:00+00:00',
  customerReference: null,
  currency: 'GBP',
  total: '10.00',
  ...change,
});

function aStorefront(rows: readonly PurchaseSummary[]) {
  const asked: Parameters<WaitingOf['sparklayer']['listPurchases']>[0][] = [];
  const sparklayer: WaitingOf['sparklayer'] = {
    async listPurchases(query) {
      asked.push(query);
      return { rows: rows.filter(({ type }) => type === query.type), unreadable: [] };
    },
  };
  return { sparklayer, asked };
}

test('what nobody confirms is due by the clock, what waits for an approval in working time of e-commerce', async () => {
  const { sparklayer, asked } = aStorefront([
    row('U', 'order_unconfirmed'),
    // It was not placed yet: it waits since it changed last, on a Friday afternoon in New York.
    row('A', 'awaiting_approval', { placedAt: null }),
  ]);
  const { purchases } = await readWaiting({ site: SITE, sparklayer }, CALL);
  expect(purchases.map(({ number, since, dueAt }) => [number, since, dueAt])).toEqual([
    ['U', '2026-03-27T20:00:00.000Z', '2026-03-27T21:00:00.000Z'],
    ['A', '2026-03-27T20:00:00.000Z', '2026-03-31T20:00:00.000Z'],
  ]);
  expect(asked.map(({ type, updatedSince }) => [type, updatedSince])).toEqual([
    ['order_unconfirmed', SITE.goLive],
    ['awaiting_approval', SITE.goLive],
  ]);
});

test('what the intake takes in, was born in the ERP, or was placed before the go-live is left alone', async () => {
  const { sparklayer, asked } = aStorefront([
    row('U', 'order_unconfirmed'),
    row('BORN', 'awaiting_approval', { key: null }),
    row('OLD', 'awaiting_approval', { placedAt: '2025-12-31T10:00:00Z' }),
  ]);
  const site = { ...SITE, intake: { ...SITE.intake, types: ['order_unconfirmed', 'order'] } };
  expect((await readWaiting({ site, sparklayer }, CALL)).purchases).toEqual([]);
  expect(asked.map(({ type }) => type)).toEqual(['awaiting_approval']);
});
