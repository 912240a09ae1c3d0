import { describe, expect, test } from 'vitest';

import { createPriceFinder } from '../../../domain/pricing/find-price.ts';
import type { PriceRow, UnreadablePrice } from '../../../domain/pricing/price-row.ts';
import type { StorefrontManagedList } from '../../../domain/pricing/price-rules.ts';
import { toRecentOrder } from '../../../domain/pricing/recent-order.ts';
import {
  findUnreached,
  unreachedFinding,
  withTouchedOrders,
  type SettledPrices,
} from '../../../domain/pricing/report-unreached.ts';
import { aPackage, aLine, aPurchase } from '../../support/builders.ts';
import { anItem, anUnreadablePrice, aPrice, SOURCE } from './price-rows.ts';

const rule: StorefrontManagedList = {
  managedBy: 'storefront',
  list: 'promo',
  source: SOURCE,
  since: '2026-01-01T00:00:00.000Z',
};

/** One SKU at 20.00 in the list. */
function follow(
  rows: readonly PriceRow[],
  settled: SettledPrices | null,
  today = '2026-03-10',
  storefront = '20',
  unreadable: readonly UnreadablePrice[] = [],
) {
  return findUnreached({
    rule,
    skus: new Map([['BLK-M', anItem()]]),
    bucketOf: () => 2,
    findPrice: createPriceFinder({ rows, unreadable }, SOURCE, today),
    findPriceThen: createPriceFinder({ rows, unreadable: [] }, SOURCE, '2026-01-01'),
    sinceDay: '2026-01-01',
    held: new Map([
      ['BLK-M', [{ quantity: 1, price: storefront }]],
      ['PEOPLES-OWN', [{ quantity: 1, price: '1' }]],
    ]),
    settled,
  });
}

const said = { sku: 'BLK-M', erp: '24', storefront: '20' };
const settledAt = (price: string | null): SettledPrices => new Map([['BLK-M', { kind: 'settled', price }]]);
const UNSETTLED: SettledPrices = new Map([['BLK-M', { kind: 'unsettled' }]]);

test('while a price of its style cannot be read a SKU is not told of, and what was settled stays so', () => {
  const doubt = [anUnreadablePrice()];
  expect(follow([aPrice()], settledAt('22'), undefined, undefined, doubt)).toEqual({
    unreached: [],
    settled: settledAt('22'),
    invalid: [],
    sizeUnknown: [],
  });
  expect(follow([aPrice()], null, undefined, undefined, doubt)).toMatchObject({ unreached: [], settled: new Map() });
});

describe('without memory', () => {
  test('a difference from before is settled and not told', () => {
    expect(follow([aPrice()], null)).toMatchObject({ unreached: [], settled: settledAt('24') });
  });

  test.each<readonly [string, readonly PriceRow[]]>([
    ['was changed', [aPrice({ changedAt: '2026-02-01T00:00:00.000Z' })]],
    ['began', [aPrice({ from: '2026-02-01' })]],
    [
      'came back when another ended',
      [aPrice(), aPrice({ key: '2', price: '20.00', until: '2026-02-01', from: '2025-07-01' })],
    ],
  ])('a price that %s since is told, and stays told', (_, rows) => {
    const first = follow(rows, null);
    expect(first.unreached).toEqual([said]);
    expect(first.settled).toEqual(UNSETTLED);
    expect(follow(rows, first.settled).unreached).toEqual([said]);
  });
});

describe('with memory', () => {
  test.each<readonly [string, readonly PriceRow[], object]>([
    ['changed', [aPrice()], said],
    ['deleted', [], { ...said, erp: null }],
  ])('a price that was %s is told until the list follows', (_, rows, told) => {
    const first = follow(rows, settledAt('20'));
    expect(first.unreached).toEqual([told]);
    expect(first.settled).toEqual(settledAt('20'));
    expect(follow(rows, first.settled).unreached).toEqual([told]);
  });

  test('a list that followed has settled the price', () => {
    expect(follow([aPrice()], UNSETTLED, '2026-03-10', '24.00')).toMatchObject({
      unreached: [],
      settled: settledAt('24'),
    });
  });

  test('a price that went back to what was settled is no change', () => {
    expect(follow([aPrice({ changedAt: '2026-03-01T00:00:00.000Z' })], settledAt('24.00')).unreached).toEqual([]);
  });

  test('a SKU that people put into the list since has the price they gave it', () => {
    expect(follow([aPrice({ changedAt: '2026-03-01T00:00:00.000Z' })], new Map())).toMatchObject({
      unreached: [],
      settled: settledAt('24'),
    });
  });

  test('a price that no buyer may see settles nothing', () => {
    expect(follow([aPrice({ price: '0' })], settledAt('20'))).toMatchObject({
      unreached: [],
      settled: settledAt('20'),
      invalid: [{ sku: 'BLK-M', price: '0' }],
    });
  });
});

describe('orders that a price would have touched', () => {
  const sold = aPurchase()
    .numbered('B2B1')
    .with({ sku: 'BLK-M', quantity: 3, net: '60.00' })
    .with({ sku: 'BLK-L', quantity: 9, net: '180.00' })
    .build();
  const discounted = aPurchase()
    .numbered('B2B2')
    .with({ sku: 'BLK-M', quantity: 2, net: '30.00', discount: '10.00' })
    .also(aPackage({ type: 'shipment', lines: [aLine({ sku: 'BLK-M', quantity: 1, net: '20.00' })] }))
    .also(aPackage({ type: 'cancellation', lines: [aLine({ sku: 'BLK-M', quantity: 50, net: '1000.00' })] }))
    .build();
  const byAnotherList = aPurchase().with({ sku: 'BLK-M', quantity: 7, net: '133.00' }).build();
  const inPounds = aPurchase().with({ sku: 'BLK-M', quantity: 7, net: '140.00' }).changed({ currency: 'GBP' }).build();
  const orders = [sold, discounted, byAnotherList, inPounds].map(toRecentOrder);

  test('are those sold at the list’s price before discount, in its currency', () => {
    expect(withTouchedOrders([said], rule, orders)).toEqual([
      { ...said, list: 'promo', currency: 'USD', count: 2, orders: ['B2B1', 'B2B2'], difference: '24.00' },
    ]);
  });

  test('are told with both prices, and with what was not looked into', () => {
    const effects = withTouchedOrders([said, { sku: 'BLK-L', erp: null, storefront: '20' }], rule, orders);
    expect(unreachedFinding(rule, effects, { days: 30, unread: 4 })).toEqual({
      code: 'PRICE_NOT_REACHED',
      key: 'promo',
      says: expect.stringContaining('4 orders of these 30 days were not looked into.'),
      count: 2,
      concerns: [
        'BLK-M: ERP 24.00 USD, storefront 20.00 USD; orders in 30 days: 2 (B2B1, B2B2), difference 24.00 USD',
        'BLK-L: ERP none, storefront 20.00 USD; orders in 30 days: 1 (B2B1), difference none',
      ],
      value: '24.00',
      money: [{ currency: 'USD', amount: '24.00' }],
    });
  });

  test('none, and nothing is told where everything reached its list', () => {
    expect(unreachedFinding(rule, [], { days: 30, unread: 4 })).toBeNull();
  });
});
