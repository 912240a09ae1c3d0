import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { createPriceFinder } from '../../../domain/pricing/find-price.ts';
import { learnSizeBuckets } from '../../../domain/pricing/learn-size-buckets.ts';
import type { PriceRow, UnreadablePrice } from '../../../domain/pricing/price-row.ts';
import type { PriceSource } from '../../../domain/pricing/price-rules.ts';
import { aCustomerPrice, anItem, anUnreadablePrice, aPrice, SOURCE } from './price-rows.ts';

const TODAY = '2026-03-10';
const BUCKET_OF_M = 2;

function find(
  rows: readonly PriceRow[],
  source: PriceSource = SOURCE,
  day = TODAY,
  bucket: number | null = BUCKET_OF_M,
) {
  return createPriceFinder({ rows, unreadable: [] }, source, day)(anItem(), bucket);
}

const priceOf = (...args: Parameters<typeof find>) => find(...args).row?.price ?? null;

describe('the ERP’s price of an item', () => {
  const steps: readonly PriceRow[] = [
    aCustomerPrice({ key: '1', color: 'BLK', price: '21.00' }),
    aCustomerPrice({ key: '2', price: '22.00' }),
    aPrice({ key: '3', level: 'B', price: '23.00' }),
    aPrice({ key: '4', level: 'A', price: '24.00' }),
  ];

  test.each([
    ['customer and SKU', steps, '21.00'],
    ['customer and style', steps.slice(1), '22.00'],
    ['the price level', steps.slice(2), '23.00'],
    ['the base level', steps.slice(3), '24.00'],
    ['nothing', [], null],
  ])('is that of %s, whatever the order of the rows', (_, rows, price) => {
    expect(priceOf(rows)).toBe(price);
    expect(priceOf(rows.toReversed())).toBe(price);
  });

  test.each<readonly [string, readonly PriceRow[], string | null]>([
    ['is never one in another currency', [aCustomerPrice({ currency: 'GBP' })], null],
    ['is never one of another customer', [aCustomerPrice({ customer: 'OTHER' })], null],
    ['is never one of another level', [aPrice({ level: 'C' })], null],
    ['is never one of a row without level and customer', [aPrice({ level: '' })], null],
    ['is never one of another style', [aPrice({ style: '00124' })], null],
    ['is never one of another division', [aPrice({ division: '02' })], null],
    ['may be one for all divisions', [aPrice({ division: '' })], '24.00'],
    ['is never one of another colour', [aPrice({ color: 'RED' })], null],
    ['is never one of another label', [aPrice({ label: 'B' })], null],
    ['is never one of another dimension', [aPrice({ dimension: '32' })], null],
    ['may be one for all codes it has', [aPrice({ color: 'BLK', label: 'A' })], '24.00'],
    [
      'is of the narrower size range first, even if another began later',
      [
        aPrice({ key: '1', sizes: { from: 1, to: 4 }, from: '2026-03-01', price: '30.00' }),
        aPrice({ key: '2', sizes: { from: 2, to: 3 }, price: '31.00' }),
        aPrice({ key: '3', from: '2026-03-09', price: '32.00' }),
      ],
      '31.00',
    ],
    [
      'is of the later start within one range',
      [
        aPrice({ key: '1', from: '2026-03-01', price: '30.00' }),
        aPrice({ key: '2', from: '2026-03-09', price: '31.00' }),
        aPrice({ key: '3', price: '32.00' }),
      ],
      '31.00',
    ],
    [
      'is of more codes where range and start are the same',
      [aPrice({ key: '1', price: '30.00' }), aPrice({ key: '2', color: 'BLK', price: '31.00' })],
      '31.00',
    ],
    [
      'is of the later change, and then of the later key, where all else is the same',
      [
        aPrice({ key: '9', price: '30.00' }),
        aPrice({ key: '10', price: '31.00' }),
        aPrice({ key: '11', price: '32.00', changedAt: '2025-01-01T00:00:00.000Z' }),
      ],
      '31.00',
    ],
    ['holds for a size within its range only', [aPrice({ sizes: { from: 3, to: 4 } })], null],
    ['holds at both ends of its range', [aPrice({ sizes: { from: 2, to: 2 } })], '24.00'],
  ])('%s', (_, rows, price) => {
    expect(priceOf(rows)).toBe(price);
  });

  test('falls back to no base level where the site names none', () => {
    expect(priceOf(steps.slice(3), { ...SOURCE, baseLevel: '' })).toBeNull();
  });

  test.each([
    ['2026-03-09', '20.00'],
    ['2026-03-10', '30.00'],
    ['2026-03-12', '30.00'],
    ['2026-03-13', '20.00'],
  ])('on %s follows validity dates, both ends inclusive', (day, price) => {
    const rows = [
      aPrice({ key: '1', price: '20.00' }),
      aPrice({ key: '2', from: '2026-03-10', until: '2026-03-12', price: '30.00' }),
    ];
    expect(priceOf(rows, SOURCE, day)).toBe(price);
  });

  test('of a size that nobody knows is none for some sizes, and that is said where it could have mattered', () => {
    const sized = aCustomerPrice({ sizes: { from: 2, to: 3 }, price: '18.00' });
    expect(find([sized, aPrice()], SOURCE, TODAY, null)).toMatchObject({
      row: { price: '24.00' },
      isSizeUnknown: true,
    });
    // Of a colour, and of a lower step, it could not.
    const others = [{ ...sized, color: 'RED' }, aPrice({ level: 'A', sizes: { from: 2, to: 3 } }), aPrice()];
    expect(find(others, SOURCE, TODAY, null)).toMatchObject({ row: { price: '24.00' }, isSizeUnknown: false });
  });

  test('does not depend on the order of the rows', () => {
    const row = fc.record({
      key: fc.nat(50).map(String),
      level: fc.constantFrom('A', 'B', ''),
      customer: fc.constantFrom('', 'ACME01'),
      color: fc.constantFrom('', 'BLK', 'RED'),
      sizes: fc.constantFrom(null, { from: 1, to: 3 }, { from: 2, to: 2 }),
      from: fc.constantFrom(null, '2026-03-01', '2026-04-01'),
      until: fc.constantFrom(null, '2026-03-05', '2026-05-01'),
    });
    const rows = fc.uniqueArray(row, { selector: ({ key }) => key, maxLength: 8 });
    fc.assert(
      fc.property(rows, fc.infiniteStream(fc.nat(7)), (all, chance) => {
        const prices = all.map((change) => aPrice({ ...change, price: `${Number(change.key) + 1}.00` }));
        const shuffled = prices
          .map((price) => ({ price, at: chance.next().value }))
          .toSorted((left, right) => left.at - right.at)
          .map(({ price }) => price);
        expect(find(shuffled)).toEqual(find(prices));
      }),
      { numRuns: 100 },
    );
  });
});

describe('the size of a SKU', () => {
  const rows = [
    { sku: anItem({ color: 'RED', size: 'L' }), sizeBucket: 3 },
    { sku: anItem({ size: 'S' }), sizeBucket: 1 },
    { sku: anItem({ size: 'S' }), sizeBucket: null },
    { sku: anItem({ size: 'XL' }), sizeBucket: 4 },
    { sku: anItem({ size: 'XL', color: 'RED' }), sizeBucket: 5 },
  ];
  const bucketOf = learnSizeBuckets(rows);

  test.each([
    ['is told by a row of another colour', anItem({ size: 'L' }), 3],
    ['is told by its own', anItem({ size: 'S' }), 1],
    ['is unknown where rows contradict each other', anItem({ size: 'XL' }), null],
    ['is not told by another style', anItem({ style: 'AC-1', size: 'S' }), null],
    ['is not told by another division', anItem({ division: '02', size: 'S' }), null],
    ['is not told by another dimension', anItem({ dimension: '32', size: 'S' }), null],
  ])('%s', (_, sku, bucket) => {
    expect(bucketOf(sku)).toBe(bucket);
  });
});

describe('a price that cannot be read', () => {
  test.each<readonly [string, Partial<UnreadablePrice>, boolean]>([
    ['of the level', {}, true],
    ['of the base level', { level: 'A' }, true],
    ['of the customer', { level: '', customer: 'ACME01' }, true],
    ['of nobody knows whom', { level: '' }, true],
    ['in nobody knows which currency', { currency: '' }, true],
    ['that ends today', { until: TODAY }, true],
    ['that begins today', { from: TODAY }, true],
    ['of another level', { level: 'C' }, false],
    ['of another customer', { level: '', customer: 'OTHER' }, false],
    ['in another currency', { currency: 'GBP' }, false],
    ['of another style', { style: '00124' }, false],
    ['that has ended', { until: '2026-03-09' }, false],
    ['that is yet to come', { from: '2026-03-11' }, false],
  ])('%s: %j may hold in the list: %s', (_, change, expected) => {
    const findPrice = createPriceFinder({ rows: [aPrice()], unreadable: [anUnreadablePrice(change)] }, SOURCE, TODAY);
    expect(findPrice(anItem(), BUCKET_OF_M)).toMatchObject({ row: { price: '24.00' }, isUnreadable: expected });
  });
});
