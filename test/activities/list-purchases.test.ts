import { expect, test } from 'vitest';

import { byPurchaseKey, listPurchases, type ListPurchasesOf } from '../../activities/list-purchases.ts';
import type { PurchaseSummary } from '../../domain/purchase.ts';

const CALL = { signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY };
const row = (value: string): PurchaseSummary => ({
  key: { kind: 'sparklayer', value },
  identifiers: { sparklayer: value, platform: null, internal: null, visible: null },
  type: 'order',
  placedAt: '2026-01-20T10:00:00Z',
  updatedAt: '2026-01-20T10:00:00Z',
  customerReference: null,
  currency: 'GBP',
  total: '10.00',
});

/** A list that changes while it is read: after the first page its first row leaves it, and all others move up. */
function aMovingList(rows: readonly PurchaseSummary[]): ListPurchasesOf['sparklayer'] {
  let left = rows;
  return {
    async listPurchases({ limit, offset }) {
      const page = left.slice(offset, offset + limit);
      if (offset === 0) left = left.slice(1);
      return { rows: page, unreadable: [] };
    },
  };
}

test.each([2, 8, 40])('a row that moves all behind it up hides none, at %i rows a page', async (pageSize) => {
  const names = Array.from({ length: 90 }, (_, index) => `p${index}`);
  const site = { intake: { types: ['order'], pageSize } };
  const { rows } = await listPurchases(
    { site, sparklayer: aMovingList(names.map(row)) },
    { placedSince: '2026-01-01T00:00:00Z' },
    CALL,
  );
  expect(new Set(byPurchaseKey(rows).keys())).toEqual(new Set(names));
});
