import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { multiply, subtract, sum, toCents } from '../../domain/money.ts';
import { isWhollyCancelled, liveLines, priceLines, type LiveLine } from '../../domain/purchase-lines.ts';
import { aLine, aPackage, aPurchase, aTotal, type LineOf } from '../support/builders.ts';

const EVEN = { discountCode: '', roundingCode: '' } as const;
const ROUNDED = { discountCode: '', roundingCode: 'RND' } as const;
const SHOWN = { discountCode: 'DISC', roundingCode: 'RND' } as const;

const liveLine = (line: Partial<LiveLine>): LiveLine => ({
  sku: 'A',
  title: 'A',
  quantity: 1,
  net: '10.00',
  tax: '0',
  discount: '0',
  ...line,
});

describe('what of a purchase is still to be sent', () => {
  test('are the lines of its incoming packages, with their tax, freight and total', () => {
    const purchase = aPurchase()
      .with({ sku: ' A ', quantity: 2, net: '20.00', tax: '1.60' })
      .with({ sku: 'B', quantity: 1, net: '5.50', tax: '0.44', discount: '0.50' })
      .shippedBy('Ground', { net: '4.00', tax: '0.32' })
      .also(aPackage({ type: 'cancellation', lines: [aLine({ sku: 'C', quantity: 1, net: '7.00', tax: '0.56' })] }))
      .build();
    const { live, problems } = liveLines(purchase);
    expect(problems).toEqual([]);
    expect(live.lines.map(({ sku, quantity, net, discount }) => [sku, quantity, net, discount])).toEqual([
      ['A', 2, '20.00', '0'],
      ['B', 1, '5.50', '0.50'],
    ]);
    expect(live).toMatchObject({ freight: '4.00', tax: '2.36', total: '31.86' });
  });

  test('is nothing when everything in it is cancelled', () => {
    const [parcel] = aPurchase().build().packages;
    const cancelled = aPackage({ ...parcel, type: 'cancellation' });
    expect(isWhollyCancelled(aPurchase().changed({ packages: [] }).build())).toBe(false);
    expect(isWhollyCancelled({ ...aPurchase().build(), packages: [cancelled, cancelled] })).toBe(true);
    expect(isWhollyCancelled({ ...aPurchase().build(), packages: [] })).toBe(false);
  });

  test('takes the tax from gross and net where the line names none', () => {
    const purchase = aPurchase().with({ net: '10.00', tax: null, gross: '10.80' }).build();
    expect(liveLines(purchase).live.tax).toBe('0.80');
  });

  test('asks for no tax of the order where the purchase names none', () => {
    const purchase = { ...aPurchase().with({ tax: '3.00' }).build(), taxTotal: null };
    expect(liveLines(purchase).problems).toEqual([]);
  });
});

describe('a purchase that does not add up is named, not repaired', () => {
  const withLine = (line: LineOf) => aPurchase().with(line).build();
  const withTotal = (change: object) => {
    const line = aLine();
    const parcel = aPackage({ lines: [{ ...line, total: { ...aTotal(), ...change } }] });
    return { ...aPurchase().build(), packages: [parcel] };
  };
  test.each([
    ['SKU_MISSING', 'a line has no SKU', withLine({ sku: null })],
    ['SKU_MISSING', 'a SKU is blank', withLine({ sku: '  ' })],
    ['QUANTITY_INVALID', 'a quantity is zero', withLine({ quantity: 0 })],
    ['QUANTITY_INVALID', 'a quantity is negative', withLine({ quantity: -1 })],
    ['QUANTITY_INVALID', 'a quantity is a fraction', withLine({ quantity: 1.5 })],
    ['QUANTITY_INVALID', 'a quantity is no number', withLine({ quantity: Number.NaN })],
    ['NO_LINES', 'it has no package', { ...aPurchase().build(), packages: [], taxTotal: null }],
    ['NO_LINES', 'its package is empty', { ...aPurchase().build(), packages: [aPackage({ lines: [] })] }],
    [
      'PACKAGE_UNSUPPORTED',
      'part was shipped elsewhere',
      aPurchase()
        .also(aPackage({ type: 'shipment' }))
        .build(),
    ],
    [
      'PACKAGE_UNSUPPORTED',
      'a package is of a new type',
      aPurchase()
        .also(aPackage({ type: 'preorder' }))
        .build(),
    ],
    ['TOTALS_WRONG', 'a line has no total', { ...aPurchase().build(), packages: [noTotal()] }],
    ['TOTALS_WRONG', 'an amount is negative', withTotal({ net: '-1.00', gross: '-1.00' })],
    ['TOTALS_WRONG', 'a net has parts of a cent', withTotal({ net: '1.005', gross: '1.005' })],
    ['TOTALS_WRONG', 'net and tax are not gross', withTotal({ net: '10.00', tax: '1.00', gross: '11.01' })],
    ['TOTALS_WRONG', 'the gross is below the net', withTotal({ net: '10.00', tax: null, gross: '9.00' })],
    ['TOTALS_WRONG', 'a discount is negative', withTotal({ discountNet: '-5.00' })],
    ['TOTALS_WRONG', 'a line is in another currency', withTotal({ currency: 'EUR' })],
    ['TOTALS_WRONG', 'a line is in several currencies', withTotal({ currency: null })],
    [
      'TOTALS_WRONG',
      'the shipping charge is negative',
      aPurchase().shippedBy('Ground', { net: '-1.00', gross: '-1.00' }).build(),
    ],
    ['TAX_WRONG', 'the order’s tax is in another currency', { ...aPurchase().build(), taxCurrency: 'EUR' }],
    ['TAX_WRONG', 'the order’s tax is in several currencies', { ...aPurchase().build(), taxCurrency: null }],
    ['TAX_WRONG', 'the order’s tax is a cent off', aPurchase().with({ tax: '1.00' }).saysTax('1.01').build()],
  ])('%s: %s', (code, _, purchase) => {
    const unsaid = code === 'TAX_WRONG' ? purchase : { ...purchase, taxTotal: null };
    expect(liveLines(unsaid).problems.map((problem) => problem.code)).toContain(code);
  });

  test('every fault is named at once', () => {
    const purchase = aPurchase()
      .with({ sku: null, quantity: 0 })
      .with({ sku: 'B', net: '-1.00' })
      .also(aPackage({ type: 'return' }))
      .build();
    expect(new Set(liveLines(purchase).problems.map(({ code }) => code))).toEqual(
      new Set(['SKU_MISSING', 'QUANTITY_INVALID', 'TOTALS_WRONG', 'PACKAGE_UNSUPPORTED']),
    );
  });

  function noTotal() {
    return aPackage({ lines: [{ ...aLine(), total: null }] });
  }
});

describe('unit prices', () => {
  test('divide the net of a line', () => {
    expect(priceLines([liveLine({ quantity: 4, net: '10.00' })], EVEN)).toEqual({
      kind: 'priced',
      lines: [{ sku: 'A', quantity: 4, price: '2.50' }],
      discount: '0.00',
      discountCode: '',
    });
  });

  test('that do not divide are rounded up, and the cents too many go off under the rounding code', () => {
    expect(priceLines([liveLine({ quantity: 3, net: '100.00' })], ROUNDED)).toMatchObject({
      lines: [{ price: '33.34', quantity: 3 }],
      discount: '0.02',
      discountCode: 'RND',
    });
  });

  test('that do not divide are impossible without a rounding code', () => {
    const pricing = priceLines([liveLine({ sku: 'ODD', quantity: 3, net: '100.00' })], EVEN);
    expect(pricing).toMatchObject({ kind: 'impossible', problem: { code: 'ROUNDING_NOT_POSSIBLE' } });
    expect(pricing.kind === 'impossible' && pricing.problem.says).toContain('ODD');
  });

  test('are net where the site shows no discounts', () => {
    expect(priceLines([liveLine({ quantity: 2, net: '18.00', discount: '2.00' })], ROUNDED)).toMatchObject({
      lines: [{ price: '9.00' }],
      discount: '0.00',
    });
  });

  test('are before the discount where the site shows it under a code', () => {
    expect(priceLines([liveLine({ quantity: 2, net: '18.00', discount: '2.00' })], SHOWN)).toMatchObject({
      lines: [{ price: '10.00' }],
      discount: '2.00',
      discountCode: 'DISC',
    });
  });

  test('of the same SKU make one line where they are equal, two where they are not', () => {
    const lines = [
      liveLine({ quantity: 2, net: '20.00' }),
      liveLine({ sku: 'B', quantity: 1, net: '10.00' }),
      liveLine({ quantity: 3, net: '30.00' }),
      liveLine({ quantity: 1, net: '9.00' }),
    ];
    expect(priceLines(lines, EVEN)).toMatchObject({
      lines: [
        { sku: 'A', quantity: 5, price: '10.00' },
        { sku: 'B', quantity: 1, price: '10.00' },
        { sku: 'A', quantity: 1, price: '9.00' },
      ],
    });
  });

  test.each([
    ['net prices', ROUNDED],
    ['discounts shown', SHOWN],
  ])('times quantities, less the discount, are the net to the cent (%s)', (_, rules) => {
    const cents = (max: number) => fc.integer({ min: 0, max }).map((value) => (value / 100).toFixed(2));
    const lines = fc.array(
      fc.record({
        sku: fc.constantFrom('A', 'B', 'C'),
        title: fc.constant(''),
        quantity: fc.integer({ min: 1, max: 2000 }),
        net: cents(5_000_000),
        tax: fc.constant('0'),
        discount: cents(100_000),
      }),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(lines, (bought) => {
        const pricing = priceLines(bought, rules);
        if (pricing.kind !== 'priced') throw new Error('a rounding code makes every line possible');
        const charged = sum(pricing.lines.map(({ price, quantity }) => multiply(price, quantity)));
        expect(toCents(subtract(charged, pricing.discount))).toBe(toCents(sum(bought.map(({ net }) => net))));
        expect(pricing.lines.reduce((units, { quantity }) => units + quantity, 0)).toBe(
          bought.reduce((units, { quantity }) => units + quantity, 0),
        );
        expect(pricing.discountCode === '').toBe(Number(pricing.discount) === 0);
      }),
      { seed: 5, numRuns: 200 },
    );
  });
});
