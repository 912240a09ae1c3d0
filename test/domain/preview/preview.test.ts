import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { sum, toCents } from '../../../domain/money.ts';
import { causeOf, compareOutcomes, type Outcome } from '../../../domain/preview/compare-outcomes.ts';
import { previewSite, type PreviewedOrder } from '../../../domain/preview/preview.ts';
import type { PreparedSalesOrder } from '../../../domain/sales-order.ts';
import { aPreparedOrder } from '../../support/prepared-order.ts';

function goesIn(...orders: readonly Partial<PreparedSalesOrder>[]): Outcome {
  const salesOrders = orders.map((change) => aPreparedOrder(change));
  return { kind: 'prepared', salesOrders, reviews: [], total: '100.00' };
}

const parks = (code: 'SKU_UNKNOWN' | 'TERMS_UNKNOWN'): Outcome => ({
  kind: 'impossible',
  problems: [{ code, says: `It is ${code}.` }],
  total: '100.00',
});

const causes = (before: Outcome, after: Outcome) => compareOutcomes(before, after).map(causeOf);

test.each<readonly [string, Outcome, Outcome, readonly string[]]>([
  ['nothing', goesIn({}), goesIn({}), []],
  [
    'codes, with both values',
    goesIn({ warehouse: 'W01', terms: 'N30', holdCode: '' }),
    goesIn({ warehouse: 'W02', terms: '', holdCode: 'LOC' }),
    ['warehouse: W01 → W02', 'terms: N30 → none', 'hold code: none → LOC'],
  ],
  [
    'what each order has of its own, by name alone',
    goesIn({ tax: '1.00', siteFields: { udford3c: 'a' } }),
    goesIn({ tax: '2.00', siteFields: { udford3c: 'b' } }),
    ['tax', 'field udford3c'],
  ],
  [
    'a split by division',
    goesIn({ division: '01' }),
    goesIn({ division: '01' }, { division: '02' }),
    ['divisions: 01 → 01 + 02'],
  ],
  ['one that parks now', goesIn({}), parks('SKU_UNKNOWN'), ['outcome: goes in → parked SKU_UNKNOWN']],
  [
    'another reason to park',
    parks('SKU_UNKNOWN'),
    parks('TERMS_UNKNOWN'),
    ['outcome: parked SKU_UNKNOWN → parked TERMS_UNKNOWN'],
  ],
  [
    'one that is no longer taken in',
    parks('SKU_UNKNOWN'),
    { kind: 'notTaken', why: 'type quote' },
    ['outcome: parked SKU_UNKNOWN → not taken in: type quote'],
  ],
])('a comparison tells %s', (_, before, after, expected) => {
  expect(causes(before, after)).toEqual(expected);
});

test('the same cause in two documents of a purchase is one', () => {
  const both = (warehouse: string) => goesIn({ division: '01', warehouse }, { division: '02', warehouse });
  expect(causes(both('W01'), both('W02'))).toEqual(['warehouse: W01 → W02']);
});

const order = fc
  .record({ warehouse: fc.constantFrom('W01', 'W02'), terms: fc.constantFrom('', 'N30'), cents: fc.nat(100_000) })
  .map(({ warehouse, terms, cents }): PreviewedOrder => ({
    key: `${warehouse} ${terms} ${cents}`,
    number: `B2B${cents}`,
    currency: cents % 2 === 0 ? 'GBP' : 'USD',
    total: (cents / 100).toFixed(2),
    before: goesIn({ warehouse: 'W01', terms: 'N30' }),
    after: goesIn({ warehouse, terms }),
  }));

test('whatever the orders: each that differs is counted once in all, and once in every cause it has', () => {
  fc.assert(
    fc.property(fc.array(order, { maxLength: 15 }), (orders) => {
      const about = { site: 'north', before: 'a', after: 'b', notLookedAt: [] };
      const preview = previewSite({ ...about, orders, stock: { compared: 0, changes: [] } });
      const differing = orders.filter((each) => causes(each.before, each.after).length > 0);
      expect(preview.differing.orders).toBe(differing.length);
      for (const { currency, amount } of preview.differing.money)
        expect(amount).toBe(
          toCents(sum(differing.filter((each) => each.currency === currency).map((each) => each.total))),
        );
      for (const group of preview.orders)
        expect(group.orders).toBe(
          orders.filter((each) => causes(each.before, each.after).includes(group.cause)).length,
        );
      const counts = preview.orders.map((group) => group.orders);
      expect(counts).toEqual(counts.toSorted((left, right) => right - left));
    }),
  );
});
