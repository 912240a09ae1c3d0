import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createPriceFinder } from '../../../domain/pricing/find-price.ts';
import { judgePriceList } from '../../../domain/pricing/judge-price-list.ts';
import { isShrunken, planPrices, type PricePlan } from '../../../domain/pricing/plan-prices.ts';
import type { PriceRow, UnreadablePrice } from '../../../domain/pricing/price-row.ts';
import type { ErpManagedList } from '../../../domain/pricing/price-rules.ts';
import type { HeldPrices, PriceBreak, StorefrontPriceList } from '../../../domain/pricing/storefront-prices.ts';
import { aCustomerPrice, anItem, anUnreadablePrice, aPrice, SOURCE } from './price-rows.ts';

const SIZES = ['S', 'M', 'L', 'XL'];
const skus = new Map(SIZES.map((size) => [`BLK-${size}`, anItem({ size })]));

function plan(
  rows: readonly PriceRow[],
  held: HeldPrices,
  bucketOf = (size: string): number | null => SIZES.indexOf(size) + 1,
  unknownStyles: readonly string[] = [],
  unreadable: readonly UnreadablePrice[] = [],
) {
  const findPrice = createPriceFinder({ rows, unreadable }, SOURCE, '2026-03-10');
  return planPrices({ skus, findPrice, bucketOf: ({ size }) => bucketOf(size), unknownStyles, held });
}

/** What a list holds once a plan was written. */
function after({ writes }: PricePlan, held: HeldPrices): HeldPrices {
  const next = new Map(held);
  for (const { sku, breaks } of writes)
    if (breaks.length === 0) next.delete(sku);
    else next.set(sku, breaks);
  return next;
}

const one = (price: string): readonly PriceBreak[] => [{ quantity: 1, price }];

test('only what differs is written, every SKU once and whole, and what the ERP has no price for leaves the list', () => {
  const held: HeldPrices = new Map([
    ['BLK-S', one('24.0')],
    ['BLK-M', one('25')],
    ['BLK-L', [...one('24'), { quantity: 12, price: '20' }]],
    ['GONE', one('10')],
  ]);
  const made = plan([aPrice()], held);
  expect(made.writes).toEqual([
    { sku: 'BLK-M', breaks: one('24') },
    { sku: 'BLK-L', breaks: one('24') },
    { sku: 'BLK-XL', breaks: one('24') },
    { sku: 'GONE', breaks: [] },
  ]);
  expect(made).toMatchObject({ priced: 4, removed: ['GONE'], invalid: [], sizeUnknown: [] });
});

test('while a price of their style cannot be read SKUs keep what the list shows, and new ones get none', () => {
  const held: HeldPrices = new Map([
    ['BLK-S', one('21')],
    ['GONE', one('10')],
  ]);
  for (const rows of [[aPrice()], [aPrice({ price: null })], []])
    expect(plan(rows, held, undefined, [], [anUnreadablePrice()])).toMatchObject({
      writes: [{ sku: 'GONE', breaks: [] }],
      removed: ['GONE'],
      priced: 0,
      invalid: [],
    });
});

test('while a style is unknown no SKU leaves the list because no item is called so; one without a price does', () => {
  const held: HeldPrices = new Map([
    ['BLK-S', one('24')],
    ['THEIRS', one('10')],
  ]);
  expect(plan([], held, undefined, ['AC-9'])).toMatchObject({
    writes: [{ sku: 'BLK-S', breaks: [] }],
    removed: ['BLK-S'],
  });
});

test.each([['0'], ['0.00'], ['-1.00'], ['9.155'], [null]])('a price of %s is told and changes nothing', (price) => {
  const held: HeldPrices = new Map([['BLK-S', one('24')]]);
  const made = plan([aPrice({ price })], held);
  expect(made.writes).toEqual([]);
  expect(made.invalid).toHaveLength(SIZES.length);
  expect(made.invalid[0]).toEqual({ sku: 'BLK-S', price });
});

test('a price with more digits that are nothing is good', () => {
  expect(plan([aPrice({ price: '9.1500' })], new Map()).writes[0]).toEqual({ sku: 'BLK-S', breaks: one('9.15') });
});

test('a SKU whose size nobody knows keeps the price that it has; a new one gets the price of all sizes', () => {
  const rows = [aPrice(), aCustomerPrice({ sizes: { from: 1, to: 2 }, price: '20.00' })];
  const held: HeldPrices = new Map([['BLK-S', one('20')]]);
  const made = plan(rows, held, (size) => (size === 'S' || size === 'M' ? null : 3));
  expect(made.sizeUnknown).toEqual(['BLK-S', 'BLK-M']);
  expect(after(made, held)).toEqual(new Map(SIZES.map((size) => [`BLK-${size}`, one(size === 'S' ? '20' : '24')])));
});

test('writing twice sends nothing the second time, whatever the list held', () => {
  const price = fc.integer({ min: -2, max: 9_999 }).map((cents) => String(cents / 100));
  const row = fc
    .record({
      key: fc.nat(99).map(String),
      price: fc.oneof(price, fc.constant(null), fc.constant('1.234')),
      level: fc.constantFrom('A', 'B'),
      customer: fc.constantFrom('', 'ACME01'),
      sizes: fc.constantFrom(null, { from: 1, to: 2 }, { from: 3, to: 3 }),
    })
    .map((change) => aPrice(change));
  const breaks = fc.array(fc.record({ quantity: fc.integer({ min: 1, max: 3 }), price }), {
    minLength: 1,
    maxLength: 2,
  });
  const held = fc
    .array(fc.tuple(fc.constantFrom(...skus.keys(), 'GONE'), breaks))
    .map((entries): HeldPrices => new Map(entries));
  const bucket = fc.constantFrom(null, 1, 2, 3);
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), held, bucket, (rows, before, anyBucket) => {
      const first = plan(rows, before, () => anyBucket);
      expect(new Set(first.writes.map(({ sku }) => sku)).size).toBe(first.writes.length);
      const second = plan(rows, after(first, before), () => anyBucket);
      expect(second.writes).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('a list may lose its share of SKUs and no more', () => {
  const held: HeldPrices = new Map([...skus.keys(), 'GONE'].map((sku) => [sku, one('1')]));
  expect(isShrunken(plan([aPrice()], held), held, 20)).toBe(false);
  expect(isShrunken(plan([aPrice()], held), held, 19)).toBe(true);
  expect(isShrunken(plan([], held), held, 100)).toBe(false);
  expect(isShrunken(plan([], new Map()), new Map(), 0)).toBe(false);
});

test.each<readonly [string, Partial<StorefrontPriceList> | null, Partial<ErpManagedList>, object]>([
  ['that is ours is ready', {}, {}, { kind: 'ready' }],
  ['that is missing and has a name is opened', null, { name: 'Wholesale' }, { kind: 'open' }],
  ['that is missing and has none is missing', null, {}, { kind: 'missing' }],
  ['that people made is not ours', { source: 'custom' }, {}, { kind: 'foreign', source: 'custom' }],
  ['of a source that is not told is not ours', { source: '' }, {}, { kind: 'foreign', source: '' }],
  ['in another currency is left alone', { currency: 'GBP' }, {}, { kind: 'otherCurrency', currency: 'GBP' }],
])('a list %s', (_, list, rule, verdict) => {
  const known = list && { slug: 'wholesale', name: 'Wholesale', currency: 'USD', source: 'integration', ...list };
  const wanted: ErpManagedList = { managedBy: 'erp', list: 'wholesale', source: SOURCE, name: '', ...rule };
  expect(judgePriceList(wanted, known)).toEqual(verdict);
});
