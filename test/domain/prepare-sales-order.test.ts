import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { multiply, subtract, sum, toCents } from '../../domain/money.ts';
import {
  divisionOf,
  plusDays,
  prepareSalesOrder,
  type PreparationFacts,
  type SkuMatch,
} from '../../domain/prepare-sales-order.ts';
import { isProblemCode, problemKind, type ProblemCode } from '../../domain/problems.ts';
import type { PreparedSalesOrder } from '../../domain/sales-order.ts';
import type { OrderRules } from '../../domain/site-rules.ts';
import {
  aCustomer,
  aLine,
  anAddress,
  aPackage,
  aPurchase,
  aStore,
  PURCHASE_REFERENCE,
  skusOf,
  theFacts,
  theRules,
  theSku,
  type PurchaseBuilder,
} from '../support/builders.ts';

function prepared(builder: PurchaseBuilder, rules = theRules(), facts: Partial<PreparationFacts> = {}) {
  const preparation = prepareSalesOrder(theFacts(builder.build(), facts), rules);
  if (preparation.kind !== 'prepared') throw new Error(preparation.problems.map(({ says }) => says).join(' '));
  const { salesOrder: order, reviews, total } = preparation;
  return { order, total, reviews: reviews.map(({ code }) => code) };
}

function codesOf(builder: PurchaseBuilder, rules = theRules(), facts: Partial<PreparationFacts> = {}) {
  const preparation = prepareSalesOrder(theFacts(builder.build(), facts), rules);
  return preparation.kind === 'impossible' ? preparation.problems.map(({ code }) => code) : [];
}

test('a purchase on account becomes this sales order, field by field', () => {
  const purchase = aPurchase()
    .with({ sku: 'AC-1001-BLK-M', quantity: 10, net: '100.00', tax: '8.00' })
    .with({ sku: 'AC-2002-RED-L', quantity: 3, net: '100.00', tax: '8.00' })
    .shippedBy('Express', { net: '12.00', tax: '0.96' })
    .fromLocation('loc-east')
    .deliverOn('2026-03-01');
  const { order, reviews, total } = prepared(purchase, theRules(), { stores: [aStore({ distributionCentre: 'DC1' })] });
  expect(reviews).toEqual([]);
  expect(total).toBe('228.96');
  expect(order).toEqual({
    reference: PURCHASE_REFERENCE,
    division: '01',
    warehouse: 'NJ',
    customer: 'NORTHW',
    store: '0042',
    distributionCentre: 'DC1',
    department: '',
    salesperson: '',
    season: '',
    orderType: 'REG',
    purchaseOrder: 'PO-7781',
    orderDate: '2026-01-20',
    startDate: '2026-03-01',
    endDate: '2026-03-31',
    terms: '',
    shipVia: 'UPS2',
    shipTerms: 'PP',
    currency: 'USD',
    holdCode: '',
    discount: '0.02',
    discountCode: 'RND',
    freight: '12.00',
    tax: '16.96',
    notes: 'SparkLayer SL-1042',
    siteFields: {},
    billTo: {
      name: 'Northwind Outfitters',
      line1: '1 Ledger Lane',
      line2: '',
      city: 'Portland',
      state: 'OR',
      postalCode: '97201',
      country: 'US',
      contact: 'Ada Buyer',
      email: 'ada@northwind.example',
    },
    shipTo: {
      name: 'Northwind Outfitters',
      line1: '12 Main Street',
      line2: '',
      city: 'Portland',
      state: 'OR',
      postalCode: '97201',
      country: 'US',
      contact: 'Ada Buyer',
      email: '',
    },
    lines: [
      {
        sequence: 1,
        item: 'AC-1001-BLK-M',
        sku: theSku({ style: 'AC-1001-BLK-M' }),
        quantity: 10,
        price: '10.00',
        warehouse: 'NJ',
        listPrice: null,
        discountPercent: null,
        startDate: null,
        endDate: null,
        notes: '',
      },
      {
        sequence: 2,
        item: 'AC-2002-RED-L',
        sku: theSku({ style: 'AC-2002-RED-L' }),
        quantity: 3,
        price: '33.34',
        warehouse: 'NJ',
        listPrice: null,
        discountPercent: null,
        startDate: null,
        endDate: null,
        notes: '',
      },
    ],
    highestLine: 2,
    asked: { location: 'loc-east', deliveryDate: '2026-03-01', paymentMethod: 'on_account' },
  } satisfies PreparedSalesOrder);
});

test('the same facts give the same order', () => {
  expect(prepared(aPurchase()).order).toEqual(prepared(aPurchase()).order);
});

describe('a purchase parks', () => {
  const several: SkuMatch = { kind: 'several', skus: [theSku(), theSku({ division: '02' })] };
  const skus = (...pairs: readonly (readonly [string, SkuMatch])[]) => ({ skus: new Map(pairs) });
  const one = (change = {}): SkuMatch => ({ kind: 'one', sku: theSku(change) });
  const both = aPurchase().with({ sku: 'A' }).with({ sku: 'B' });
  const cases: readonly (readonly [ProblemCode, string, PurchaseBuilder, OrderRules?, Partial<PreparationFacts>?])[] = [
    ['CUSTOMER_NOT_LINKED', 'whose buyer has no ERP code', aPurchase(), theRules(), { customerCode: null }],
    ['CUSTOMER_NOT_LINKED', 'whose buyer’s ERP code is empty', aPurchase(), theRules(), { customerCode: '' }],
    ['CUSTOMER_UNKNOWN', 'whose customer the ERP has not', aPurchase(), theRules(), { customer: null }],
    [
      'CUSTOMER_INACTIVE',
      'whose customer is not active',
      aPurchase(),
      theRules(),
      { customer: aCustomer({ active: false }) },
    ],
    [
      'CURRENCY_MISMATCH',
      'whose customer is kept in another currency',
      aPurchase(),
      theRules(),
      { customer: aCustomer({ currency: 'EUR' }) },
    ],
    ['CURRENCY_UNKNOWN', 'without currency', aPurchase().changed({ currency: null })],
    ['CURRENCY_UNKNOWN', 'in a currency nobody knows', aPurchase().changed({ currency: 'ZZZ' })],
    ['SKU_MISSING', 'with a line without SKU', aPurchase().with({ sku: null })],
    [
      'SKU_UNKNOWN',
      'with a SKU that was not found',
      aPurchase().with({ sku: 'A' }),
      theRules(),
      skus(['A', { kind: 'none' }]),
    ],
    ['SKU_UNKNOWN', 'with a SKU nobody looked for', aPurchase().with({ sku: 'A' }), theRules(), skus()],
    [
      'SKU_UNKNOWN',
      'with a SKU whose label is not for sale',
      aPurchase().with({ sku: 'A' }),
      theRules(),
      skus(['A', one({ label: 'SAMPLE' })]),
    ],
    ['SKU_AMBIGUOUS', 'with a SKU of several items', both, theRules(), skus(['A', several], ['B', one()])],
    ['DIVISIONS_MIXED', 'of two divisions', both, theRules(), skus(['A', one()], ['B', one({ division: '02' })])],
    ['QUANTITY_INVALID', 'with a quantity of zero', aPurchase().with({ quantity: 0 })],
    ['PACKAGE_UNSUPPORTED', 'of which a part was shipped', aPurchase().also(aPackage({ type: 'shipment' }))],
    ['TOTALS_WRONG', 'that does not add up', aPurchase().with({ net: '10.00', tax: '1.00', gross: '10.00' })],
    ['TAX_WRONG', 'whose tax is not that of its lines', aPurchase().saysTax('9.99')],
    [
      'ROUNDING_NOT_POSSIBLE',
      'whose price is no whole cents, without rounding code',
      aPurchase().with({ quantity: 3, net: '10.00' }),
      theRules({ money: { discountCode: '', roundingCode: '' } }),
    ],
    ['PAYMENT_NOT_CONFIRMED', 'to be paid up front that is not', aPurchase().payUpFront('99.99')],
    ['PAYMENT_METHOD_UNKNOWN', 'paid in a way nobody knows', aPurchase().payBy('barter')],
    [
      'TERMS_UNKNOWN',
      'whose terms the ERP has not',
      aPurchase().payUpFront('100.00'),
      theRules(),
      { terms: [{ terms: 'N30', name: '', active: true }] },
    ],
    [
      'TERMS_UNKNOWN',
      'whose terms are not active',
      aPurchase().payUpFront('100.00'),
      theRules(),
      { terms: [{ terms: 'PPD', name: '', active: false }] },
    ],
    ['SHIP_TO_MISSING', 'without ship-to', aPurchase().shipTo(null)],
    [
      'SHIP_TO_SEVERAL',
      'to two places',
      aPurchase().also(aPackage({ lines: [aLine({ sku: 'B' })], shipTo: anAddress({ city: 'Salem' }) })),
    ],
    [
      'STORE_UNKNOWN',
      'to no known store where one is required',
      aPurchase(),
      theRules({ shipTo: { rule: 'knownStoreRequired' } }),
    ],
    ['PO_TOO_LONG', 'whose PO is too long', aPurchase().po('P'.repeat(31))],
    ['VALUE_TOO_LONG', 'whose street would be cut', aPurchase().shipTo(anAddress({ line1: 'x'.repeat(41) }))],
    [
      'VALUE_TOO_LONG',
      'whose bill-to would be cut',
      aPurchase().changed({ billTo: anAddress({ line1: 'x'.repeat(41) }) }),
    ],
    [
      'VALUE_TOO_LONG',
      'whose style would be cut',
      aPurchase().with({ sku: 'A' }),
      theRules(),
      skus(['A', one({ style: 'S'.repeat(21) })]),
    ],
    [
      'VALUE_TOO_LONG',
      'whose number would be cut',
      aPurchase().numbered('N'.repeat(9)),
      theRules({ visibleNumberField: 'udford3c', lengths: { udford3c: 8 } }),
    ],
    [
      'DIVISION_MISMATCH',
      'whose location has no warehouse for the division',
      divisionTwo().fromLocation('loc-west'),
      theRules(),
      two(),
    ],
    ['DIVISION_MISMATCH', 'whose division has no default warehouse', divisionTwo(), theRules(), two()],
    [
      'WAREHOUSE_UNKNOWN',
      'whose warehouse the ERP has not',
      aPurchase(),
      theRules(),
      { warehouses: [{ warehouse: 'CA', name: '', type: 'W' }] },
    ],
    [
      'WAREHOUSE_UNKNOWN',
      'whose warehouse keeps no stock',
      aPurchase(),
      theRules(),
      { warehouses: [{ warehouse: 'NJ', name: '', type: 'R' }] },
    ],
  ];

  for (const [code, words, builder, rules, facts] of cases)
    test(`as ${code}: ${words}`, () => {
      expect(codesOf(builder, rules, facts)).toContain(code);
    });

  test('as NO_LINES: without a line', () => {
    const purchase = { ...aPurchase().build(), packages: [aPackage({ lines: [] })] };
    const preparation = prepareSalesOrder(theFacts(purchase), theRules());
    expect(preparation.kind === 'impossible' && preparation.problems.map(({ code }) => code)).toEqual(['NO_LINES']);
  });

  test('with every reason at once, each named once', () => {
    const codes = codesOf(
      aPurchase().with({ sku: 'A' }).with({ sku: 'A' }).with({ sku: null, quantity: 0 }).shipTo(null).payBy('barter'),
      theRules(),
      { skus: new Map(), customerCode: null },
    );
    expect(codes.toSorted()).toEqual([
      'CUSTOMER_NOT_LINKED',
      'PAYMENT_METHOD_UNKNOWN',
      'QUANTITY_INVALID',
      'SHIP_TO_MISSING',
      'SKU_MISSING',
      'SKU_UNKNOWN',
    ]);
  });

  test('never without a reason, not even when the ERP’s item has no division', () => {
    const purchase = aPurchase().with({ sku: 'A' });
    const codes = codesOf(purchase, theRules(), { customer: null, skus: new Map([['A', one({ division: '' })]]) });
    expect(codes.length).toBeGreaterThan(0);
  });

  function divisionTwo() {
    return aPurchase().with({ sku: 'A' });
  }

  function two(): Partial<PreparationFacts> {
    return { skus: new Map([['A', one({ division: '02' })]]), customer: aCustomer({ division: '02' }) };
  }
});

describe('an order goes in on hold, with a review,', () => {
  test('when its location is unknown: at the default warehouse', () => {
    const { order, reviews } = prepared(aPurchase().fromLocation('loc-new'));
    expect(reviews).toEqual(['LOCATION_NOT_MAPPED']);
    expect(order).toMatchObject({ warehouse: 'NJ', holdCode: 'LOC' });
    expect(order.lines.every(({ warehouse }) => warehouse === 'NJ')).toBe(true);
  });

  test.each(['next week', '2026-02-30', '01/03/2026', '2026-3-1'])('when its delivery date is “%s”', (date) => {
    const { order, reviews } = prepared(aPurchase().deliverOn(date));
    expect(reviews).toEqual(['DELIVERY_DATE_UNREADABLE']);
    expect(order).toMatchObject({ startDate: '2026-01-20', endDate: '2026-02-19', holdCode: 'LOC' });
    expect(order.notes).toBe(`SparkLayer SL-1042; Delivery date as given: ${date}`);
  });

  test('when its PO is too long and the site puts the reference in its place', () => {
    const rules = theRules({ purchaseOrder: { field: 'po_num', maxLength: 12, tooLong: 'useReference' } });
    const { order, reviews } = prepared(aPurchase().po('PO-1234567890'), rules);
    expect(reviews).toEqual(['PO_TOO_LONG']);
    expect(order).toMatchObject({ purchaseOrder: 'SL-1042', holdCode: 'LOC' });
    expect(order.notes).toContain('PO PO-1234567890');
  });

  test('for each of the reasons', () => {
    const { reviews } = prepared(aPurchase().fromLocation('loc-new').deliverOn('soon'));
    expect(reviews).toEqual(['LOCATION_NOT_MAPPED', 'DELIVERY_DATE_UNREADABLE']);
  });

  test('else under the hold code of its payment method', () => {
    const { payment } = theRules();
    const methods = payment.methods.map((method) => ({ ...method, holdCode: 'PAY' }));
    const rules = theRules({ payment: { ...payment, methods } });
    expect(prepared(aPurchase(), rules).order.holdCode).toBe('PAY');
    expect(prepared(aPurchase().fromLocation('loc-new'), rules).order.holdCode).toBe('LOC');
  });
});

describe('the PO number', () => {
  const rules = (maxLength: number, field = 'po_num') =>
    theRules({ purchaseOrder: { field, maxLength, tooLong: 'park' } });

  test.each([
    ['is the buyer’s, trimmed', aPurchase().po(' PO-9 '), 30, 'PO-9'],
    ['may be as long as the field', aPurchase().po('P'.repeat(12)), 12, 'P'.repeat(12)],
    ['is the reference where the buyer gave none', aPurchase().po(null), 30, PURCHASE_REFERENCE],
    ['is the visible number where the reference is too long', aPurchase().po('  '), 12, 'SL-1042'],
    ['is the cut reference where nothing fits', aPurchase().po(null).numbered(null), 5, PURCHASE_REFERENCE.slice(0, 5)],
  ])('%s', (_, builder, maxLength, value) => {
    expect(prepared(builder, rules(maxLength)).order.purchaseOrder).toBe(value);
  });

  test('also goes to the field the site names', () => {
    expect(prepared(aPurchase(), rules(30, 'udford4c')).order.siteFields).toEqual({ udford4c: 'PO-7781' });
  });
});

describe('dates', () => {
  test.each([
    ['without a wish', aPurchase(), '2026-01-20', '2026-01-20', '2026-02-19'],
    ['with a wish that has passed', aPurchase().deliverOn('2026-01-01'), '2026-01-20', '2026-01-20', '2026-02-19'],
    ['with a wish for today', aPurchase().deliverOn('2026-01-20'), '2026-01-20', '2026-01-20', '2026-02-19'],
    ['with a later wish', aPurchase().deliverOn('2026-12-15'), '2026-01-20', '2026-12-15', '2027-01-14'],
    ['prepared late, start today and not when placed', aPurchase(), '2026-05-31', '2026-05-31', '2026-06-30'],
  ])('%s', (_, builder, today, startDate, endDate) => {
    expect(prepared(builder, theRules(), { today }).order).toMatchObject({
      orderDate: '2026-01-20',
      startDate,
      endDate,
    });
  });

  test.each([
    ['2026-01-20', 30, '2026-02-19'],
    ['2028-02-28', 1, '2028-02-29'],
    ['2026-03-07', 2, '2026-03-09'],
    ['2026-12-31', 0, '2026-12-31'],
  ])('%s and %i days are %s', (date, days, result) => {
    expect(plusDays(date, days)).toBe(result);
  });
});

describe('money', () => {
  test('of an order paid up front: its terms, its type, and the payment in the field of the site', () => {
    expect(prepared(aPurchase().payUpFront('100.00').noting('payment', 'pi_1')).order).toMatchObject({
      orderType: 'WEB',
      terms: 'PPD',
      siteFields: { udford2c: 'pi_1' },
    });
  });

  test('of a part-cancelled purchase: only what is still live, and its tax', () => {
    const gone = aPackage({
      type: 'cancellation',
      lines: [aLine({ sku: 'C', quantity: 1, net: '7.00', tax: '0.56' })],
    });
    const { order, total } = prepared(aPurchase().with({ net: '10.00', quantity: 1, tax: '0.80' }).also(gone));
    expect(order.lines).toHaveLength(1);
    expect({ tax: order.tax, total }).toEqual({ tax: '0.80', total: '10.80' });
  });

  test('to the ERP adds up to what the buyer owes, to the cent', () => {
    const cents = (max: number) => fc.integer({ min: 0, max }).map((value) => (value / 100).toFixed(2));
    const line = fc.record({
      sku: fc.constantFrom('A', 'B', 'C', 'D'),
      quantity: fc.integer({ min: 1, max: 500 }),
      net: cents(1_000_000),
      tax: cents(90_000),
      discount: cents(9_000),
    });
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 8 }),
        fc.option(cents(20_000)),
        fc.constantFrom('', 'DISC'),
        (lines, freight, discountCode) => {
          const bought = lines.reduce((builder, each) => builder.with(each), aPurchase());
          const builder = freight === null ? bought : bought.shippedBy('Ground', { net: freight, tax: '0.10' });
          const rules = theRules({ money: { discountCode, roundingCode: 'RND' } });
          const { order, total } = prepared(builder, rules);
          const goods = sum(order.lines.map(({ price, quantity }) => multiply(price, quantity)));
          expect(toCents(sum([subtract(goods, order.discount), order.freight, order.tax]))).toBe(total);
          expect(order.lines.map(({ sequence }) => sequence)).toEqual(order.lines.map((_, index) => index + 1));
        },
      ),
      { seed: 6, numRuns: 100 },
    );
  });
});

test('a visible number goes to the site’s field, and then not to the notes', () => {
  const { order } = prepared(aPurchase(), theRules({ visibleNumberField: 'udford3c' }));
  expect(order).toMatchObject({ siteFields: { udford3c: 'SL-1042' }, notes: '' });
});

test('an unknown shipping method gets the ship-via of all others', () => {
  expect(prepared(aPurchase().shippedBy('Drone')).order.shipVia).toBe('UPSG');
});

test.each([
  [[], null],
  [['01'], '01'],
  [['01', '01'], '01'],
  [['01', '02'], null],
])('the division of SKUs in %j is %s', (divisions, division) => {
  const skus = divisions.map((each, index) => [`S${index}`, { kind: 'one', sku: theSku({ division: each }) }] as const);
  expect(divisionOf(new Map<string, SkuMatch>(skus))).toBe(division);
});

test('whatever is wrong, there is an order or a reason that parks; reviews only ever hold', () => {
  const match = fc.constantFrom<SkuMatch>(
    { kind: 'one', sku: theSku() },
    { kind: 'one', sku: theSku({ division: '02' }) },
    { kind: 'one', sku: theSku({ label: 'SAMPLE' }) },
    { kind: 'several', skus: [theSku(), theSku({ size: 'L' })] },
    { kind: 'none' },
  );
  const world = fc.record({
    skus: fc.array(match, { minLength: 1, maxLength: 3 }),
    quantity: fc.constantFrom(1, 3, 0, -2, 1.5),
    customer: fc.constantFrom(aCustomer(), aCustomer({ active: false }), aCustomer({ currency: 'EUR' }), null),
    customerCode: fc.constantFrom('NORTHW', null),
    payment: fc.constantFrom('on_account', 'card', 'barter', null),
    location: fc.constantFrom('', 'loc-east', 'loc-west', 'loc-new'),
    delivery: fc.constantFrom('', '2026-04-01', 'soon'),
    shipTo: fc.constantFrom(anAddress(), anAddress({ country: '' }), null),
    po: fc.constantFrom('PO-1', null, 'P'.repeat(40)),
    tooLong: fc.constantFrom<'park' | 'useReference'>('park', 'useReference'),
    currency: fc.constantFrom('USD', 'usd?', null),
    warehouses: fc.constantFrom([{ warehouse: 'NJ', name: '', type: 'W' }], []),
  });
  fc.assert(
    fc.property(world, (w) => {
      const bought = w.skus.reduce(
        (builder, _, index) => builder.with({ sku: `S${index}`, quantity: w.quantity }),
        aPurchase(),
      );
      const purchase = bought
        .payBy(w.payment)
        .po(w.po)
        .noting('location', w.location)
        .deliverOn(w.delivery)
        .shipTo(w.shipTo)
        .changed({ currency: w.currency })
        .build();
      const skus = new Map(w.skus.map((each, index) => [`S${index}`, each]));
      const rules = theRules({ purchaseOrder: { field: 'po_num', maxLength: 30, tooLong: w.tooLong } });
      const { customer, customerCode, warehouses } = w;
      const preparation = prepareSalesOrder(theFacts(purchase, { skus, customer, customerCode, warehouses }), rules);
      const problems = preparation.kind === 'impossible' ? preparation.problems : [];
      const reviews = preparation.kind === 'prepared' ? preparation.reviews : [];
      const order = preparation.kind === 'prepared' ? preparation.salesOrder : null;
      expect(order === null).toBe(problems.length > 0);
      expect(problems.every(({ code }) => isProblemCode(code) && problemKind(code).fate === 'park')).toBe(true);
      expect((order?.holdCode ?? '') !== '').toBe(reviews.length > 0);
      expect(order?.lines).not.toEqual([]);
    }),
    { seed: 7, numRuns: 400 },
  );
});

test('SKUs are matched however many packages hold them', () => {
  const builder = aPurchase()
    .with({ sku: 'A' })
    .also(aPackage({ lines: [aLine({ sku: 'B' })] }));
  const { order } = prepared(builder, theRules(), { skus: skusOf(builder.build()) });
  expect(order.lines.map(({ sku }) => sku.style)).toEqual(['A', 'B']);
});
