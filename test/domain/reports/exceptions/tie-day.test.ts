import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { addFigures, tieDays, type TiedPurchase } from '../../../../domain/reports/exceptions/tie-day.ts';

const amount = fc.integer({ min: 0, max: 1e7 }).map((cents) => (cents / 100).toFixed(2));
const figures = fc.record({ goods: amount, freight: amount, tax: amount, units: fc.nat(500) });
const summary = fc.record({
  placedAt: fc.constantFrom(null, '2026-11-24T23:59:59.999Z', '2026-11-25T00:00:00.000Z'),
  currency: fc.constantFrom(null, 'USD', 'GBP'),
});
const tied = fc.record({ summary, storefront: figures, erp: figures }) satisfies fc.Arbitrary<TiedPurchase>;

test('the days of a currency add up to all of it, and every purchase that is listed counts once', () => {
  fc.assert(
    fc.property(fc.array(tied), fc.array(summary), (sent, others) => {
      const days = tieDays([...others, ...sent.map((each) => each.summary)], sent, 'America/New_York');
      const all = days.filter(({ day }) => day === null);
      expect(all.reduce((count, { purchases }) => count + purchases, 0)).toBe(others.length + sent.length);
      for (const { currency, purchases, inErp, storefront, erp } of all) {
        const own = days.filter((each) => each.day !== null && each.currency === currency);
        const count = (of: 'purchases' | 'inErp') => own.reduce((total, each) => total + each[of], 0);
        expect([count('purchases'), count('inErp')]).toEqual([purchases, inErp]);
        expect(addFigures(own.map((each) => each.storefront))).toEqual(storefront);
        expect(addFigures(own.map((each) => each.erp))).toEqual(erp);
      }
    }),
  );
});

test('a purchase has the day of the ERP’s calendar, in summer and in winter', () => {
  const placed = (placedAt: string) => ({ placedAt, currency: 'USD' });
  const listed = ['2026-11-25T04:59:59Z', '2026-11-25T05:00:00Z', '2026-07-01T03:59:59+00:00'].map(placed);
  const days = tieDays(listed, [], 'America/New_York').flatMap(({ day }) => day ?? []);
  expect(days).toEqual(['2026-11-25', '2026-11-24', '2026-06-30']);
});
