import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { sum, toCents } from '../../../../domain/money.ts';
import type { Difference } from '../../../../domain/compare-sales-order.ts';
import { newOrder } from '../../../../domain/order-lifecycle.ts';
import { closeMonth, type MonthEndFacts } from '../../../../domain/reports/month-end/close-month.ts';
import { evidenceOf, NO_EVIDENCE, type Evidence } from '../../../../domain/reports/month-end/evidence.ts';
import { explainDifference, type Cause } from '../../../../domain/reports/month-end/explain-difference.ts';
import { findingsOfMonth } from '../../../../domain/reports/month-end/judge-month.ts';
import { addParts, NOTHING, totalOf, type Parts } from '../../../../domain/reports/money-parts.ts';
import { LEDGER_COLUMNS } from '../../../../domain/reports/month-end/month-end-pack.ts';
import { creditsTable, totalsTable } from '../../../../domain/reports/month-end/month-end-tables.ts';
import { renderMonthEnd } from '../../../../domain/reports/month-end/render-month-end.ts';
import { rollOrder, type OrderFacts } from '../../../../domain/reports/month-end/roll-order.ts';
import { digestOf, signTotal } from '../../../../domain/reports/month-end/sign-lines.ts';

const MONTH = '2026-10';
const TOLERATED = '0.02';

const parts = (goods: string, freight = '0.00', tax = '0.00'): Parts => ({ goods, freight, tax });

/** Ten units for 100.00 with freight and tax, placed in the month and in the ERP as it is in the storefront. */
function anOrder(change: Partial<OrderFacts> = {}): OrderFacts {
  return {
    key: 'a',
    number: 'SL-1',
    currency: 'USD',
    placedOn: '2026-10-05',
    changedOn: '2026-10-05',
    storefront: { placed: parts('100.00', '10.00', '8.00'), cancelled: NOTHING, units: 10 },
    erp: { orderNumbers: ['700001'], live: parts('100.00', '10.00', '8.00'), units: 10, uncertain: '0' },
    evidence: NO_EVIDENCE,
    invoices: [],
    carried: null,
    ...change,
  };
}

function erpHolds(live: Parts, units = 10, uncertain = '0') {
  return { orderNumbers: ['700001'], live, units, uncertain };
}

function theFacts(orders: readonly OrderFacts[], change: Partial<MonthEndFacts> = {}): MonthEndFacts {
  return {
    site: 'northwind',
    month: MONTH,
    revision: 1,
    isOver: true,
    proof: { unaccounted: 0, purchases: 1 },
    zone: 'America/New_York',
    at: '2026-11-02T12:00:00Z',
    tolerated: TOLERATED,
    before: null,
    orders,
    invoices: orders.flatMap(({ key, number, currency, invoices }) =>
      invoices
        .filter(({ date }) => date.startsWith(MONTH))
        .map((invoice) => ({
          ...invoice,
          currency,
          orderCurrency: currency,
          key,
          order: number,
          orderNumber: '700001',
          shown: null,
          lines: 1,
        })),
    ),
    credits: [],
    notRead: [],
    ...change,
  };
}

function causesOf(order: OrderFacts, hasPackBefore = false): readonly (readonly [Cause, string])[] {
  return explainDifference(rollOrder(order, MONTH, hasPackBefore), TOLERATED).map(({ cause, total }) => [cause, total]);
}

test('an order placed, invoiced in part and open for the rest closes with what is left, tax and freight apart', () => {
  const invoice = { number: '900', date: '2026-10-20', parts: parts('40.00', '10.00', '3.20') };
  const later = { number: '901', date: '2026-11-01', parts: parts('60.00', '0.00', '4.80') };
  const rolled = rollOrder(anOrder({ invoices: [invoice, later] }), MONTH, false);
  expect(rolled.placed).toEqual(parts('100.00', '10.00', '8.00'));
  expect(rolled.invoiced).toEqual(parts('-40.00', '-10.00', '-3.20'));
  expect(rolled.closing).toEqual(parts('60.00', '0.00', '4.80'));
  expect(rolled.difference).toEqual(NOTHING);
});

test('an order that is not in the ERP yet is open with what the storefront has of it', () => {
  const rolled = rollOrder(anOrder({ erp: null }), MONTH, false);
  expect(rolled.closing).toEqual(parts('100.00', '10.00', '8.00'));
  expect(rolled.difference).toEqual(NOTHING);
});

test('without a pack of the month before, what nobody touched opens as it closes, and what moved is computed backwards', () => {
  const untouched = anOrder({ placedOn: '2026-08-01', changedOn: '2026-08-02', erp: erpHolds(parts('100.03')) });
  expect(rollOrder(untouched, MONTH, false)).toMatchObject({ opening: parts('100.03'), difference: NOTHING });
  const before = { number: '900', date: '2026-09-30', parts: parts('40.00', '10.00', '3.20') };
  const moved = anOrder({
    placedOn: '2026-08-01',
    invoices: [before, { ...before, number: '901', date: '2026-10-01' }],
  });
  expect(rollOrder(moved, MONTH, false).opening).toEqual(parts('60.00', '0.00', '4.80'));
});

test.each<readonly [string, OrderFacts, readonly (readonly [Cause, string])[]]>([
  ['cents within the tolerance', anOrder({ erp: erpHolds(parts('100.00', '10.00', '7.98')) }), [['rounding', '-0.02']]],
  ['another price', anOrder({ erp: erpHolds(parts('90.00', '10.00', '8.00')) }), [['prices', '-10.00']]],
  ['more units', anOrder({ erp: erpHolds(parts('120.00', '10.00', '8.00'), 12) }), [['units', '20.00']]],
  [
    'freight and tax of a clerk, each by itself',
    anOrder({ erp: erpHolds(parts('100.00', '15.00', '9.00')) }),
    [
      ['freight', '5.00'],
      ['tax', '1.00'],
    ],
  ],
  [
    'tax that cannot be told since a part was cancelled',
    anOrder({ erp: erpHolds(parts('100.00', '10.00', '8.40'), 10, '0.50') }),
    [['taxOfCancelled', '0.40']],
  ],
  ['an order that the ERP cancelled', anOrder({ erp: erpHolds(NOTHING, 0) }), [['cancelledInErp', '-118.00']]],
  ['an order of no purchase', anOrder({ storefront: null, placedOn: null }), [['noPurchase', '118.00']]],
  [
    'an invoice of an earlier month for an order of this one',
    anOrder({ invoices: [{ number: '900', date: '2026-09-30', parts: parts('40.00') }] }),
    [['backdated', '-40.00']],
  ],
])('the difference of %s has its cause', (_, order, causes) => {
  expect(causesOf(order)).toEqual(causes);
});

/** What is on record of an order, apart from which nothing is. */
function onRecord(change: Partial<Evidence>): Evidence {
  return { ...NO_EVIDENCE, ...change };
}

test.each<readonly [string, OrderFacts, readonly (readonly [Cause, string])[]]>([
  [
    'a freight that a person took over from the ERP',
    anOrder({ erp: erpHolds(parts('100.00', '15.00', '8.00')), evidence: onRecord({ agreed: parts('0', '5.00') }) }),
    [['agreed', '5.00']],
  ],
  [
    'a freight that a clerk raised again after it was taken over',
    anOrder({ erp: erpHolds(parts('100.00', '18.00', '8.00')), evidence: onRecord({ agreed: parts('0', '5.00') }) }),
    [
      ['agreed', '5.00'],
      ['freight', '3.00'],
    ],
  ],
  [
    'a price that the site file lets pass, and not another one to the other side',
    anOrder({ erp: erpHolds(parts('90.00', '10.00', '8.00')), evidence: onRecord({ tolerated: parts('10.00') }) }),
    [['prices', '-10.00']],
  ],
  [
    'a price that the site file lets pass',
    anOrder({ erp: erpHolds(parts('90.00', '10.00', '8.00')), evidence: onRecord({ tolerated: parts('-10.00') }) }),
    [['tolerated', '-10.00']],
  ],
  [
    'two units that the ERP cancelled, with their share of the tax',
    anOrder({
      erp: erpHolds(parts('80.00', '10.00', '6.40'), 8, '0.20'),
      evidence: onRecord({ cancelled: parts('-20.00') }),
    }),
    [['cancelledInErp', '-21.60']],
  ],
  [
    'a change of the buyer that is being carried over',
    anOrder({ erp: erpHolds(parts('80.00', '10.00', '6.40'), 8), evidence: onRecord({ isUnderWay: true }) }),
    [['underWay', '-21.60']],
  ],
])('of %s only what is on record is explained', (_, order, causes) => {
  expect(causesOf(order)).toEqual(causes);
});

test('what an earlier pack told of takes its evidence first, and is mended when it is gone', () => {
  const gapOf = (freight: string) => ({
    ...anOrder({ placedOn: '2026-09-03' }),
    erp: erpHolds(parts('100.00', freight, '8.00')),
  });
  const carried = rollOrder(gapOf('15.00'), '2026-09', false).toCarry;
  const agreed = onRecord({ agreed: parts('0', '5.00') });
  expect(causesOf({ ...gapOf('15.00'), carried, evidence: agreed }, true)).toEqual([]);
  expect(causesOf({ ...gapOf('18.00'), carried, evidence: agreed }, true)).toEqual([['freight', '3.00']]);
  expect(causesOf({ ...gapOf('10.00'), carried }, true)).toEqual([['mended', '-5.00']]);
  expect(causesOf({ ...gapOf('8.00'), carried }, true)).toEqual([
    ['mended', '-5.00'],
    ['freight', '-2.00'],
  ]);
});

test('ten thousand that a clerk adds is a difference of finance, and the month does not tie', () => {
  const pack = closeMonth(theFacts([anOrder({ erp: erpHolds(parts('10100.00', '10.00', '8.00')) })]));
  expect(pack.differences).toMatchObject([
    { cause: 'prices', isExplained: false, owner: 'finance', total: '10000.00' },
  ]);
  expect(findingsOfMonth(pack)).toMatchObject([{ code: 'MONTH_NOT_TIED', concerns: ['SL-1'], value: '10000.00' }]);
});

test('an order’s own record is evidence by field: taken over, let pass, cancelled in the ERP, on its way', () => {
  const of = (field: Difference['field'], money: string, change: Partial<Difference> = {}): Difference => ({
    field,
    line: null,
    agreed: '',
    shown: '',
    money,
    cause: 'clerk',
    tolerated: false,
    ...change,
  });
  const state = newOrder({ site: 's', key: 'k', reference: 'r' }, '2026-10-05T00:00:00.000Z');
  const settled = { ...state, step: { at: 'settled', orderNumber: '700001' } } as const;
  const differences = [
    of('price', '-7.00'),
    of('quantity', '-60.00', { cause: 'houseCancel' }),
    of('tax', '0.50', { tolerated: true }),
  ];
  const found = evidenceOf({
    ...settled,
    takenOver: [of('freight', '5.00'), of('discount', '-3.00')],
    differences: [{ orderNumber: '700001', differences }],
  });
  expect(found).toEqual({
    agreed: parts('-3.00', '5.00'),
    tolerated: parts('0.00', '0.00', '0.50'),
    cancelled: parts('-60.00'),
    isUnderWay: false,
  });
  expect(evidenceOf({ ...settled, revise: { kind: 'now' } }).isUnderWay).toBe(true);
  // Somebody else changed it too: the buyer's change alone does not explain what differs.
  const both = { ...settled, revise: { kind: 'now' }, differences: [{ orderNumber: '700001', differences }] } as const;
  expect(evidenceOf(both).isUnderWay).toBe(false);
  expect(evidenceOf(null)).toEqual(NO_EVIDENCE);
});

test('an invoice that differs is judged as an order is: what was let pass explains it once, the rest does not tie', () => {
  const order = anOrder({
    erp: erpHolds(parts('100.00', '15.00', '8.00')),
    evidence: onRecord({ agreed: parts('0', '5.00') }),
  });
  const about = {
    date: '2026-10-20',
    currency: 'USD',
    orderCurrency: 'USD',
    key: 'a',
    order: 'SL-1',
    orderNumber: '700001',
    lines: 1,
  };
  const shown = parts('50.00', '5.00', '4.00');
  const invoices = ['900', '901'].map((number) => ({
    ...about,
    number,
    parts: parts('50.00', '10.00', '4.00'),
    shown,
  }));
  const unseen = { ...about, key: 'b', order: 'SL-2', number: '902', parts: parts('40.00'), shown: null };
  const pack = closeMonth(theFacts([order, anOrder({ key: 'b' })], { invoices: [...invoices, unseen] }));
  expect(pack.invoices.map(({ number, standing }) => [number, standing])).toEqual([
    ['900', 'agreed'],
    ['901', 'differs'],
    ['902', 'notShown'],
  ]);
  const [finding] = findingsOfMonth({ ...pack, checks: [] });
  expect(finding).toMatchObject({ concerns: ['SL-1', 'SL-2'], value: '45.00' });
  expect(finding?.says).toContain('0 differences are unexplained, 2 invoices differ, 0 checks fail');
});

test('an invoice in another currency than its order does not tie, whatever its figures, and no total has it', () => {
  const billed = {
    number: '900',
    date: '2026-10-20',
    currency: 'CAD',
    orderCurrency: 'USD',
    key: 'a',
    order: 'SL-1',
    orderNumber: '700001',
    parts: parts('100.00', '10.00', '8.00'),
    shown: parts('100.00', '10.00', '8.00'),
    lines: 1,
  };
  const pack = closeMonth(theFacts([anOrder(), anOrder({ key: 'b', currency: 'CAD' })], { invoices: [billed] }));
  expect(pack.invoices).toMatchObject([{ standing: 'otherCurrency', difference: billed.parts }]);
  expect(
    pack.ledgers.map(({ currency, columns }) => [currency, columns.invoiced.total, columns.closing.total]),
  ).toEqual([
    ['CAD', '0.00', '118.00'],
    ['USD', '0.00', '118.00'],
  ]);
  expect(pack.checks.filter(({ holds }) => !holds)).toEqual([]);
  expect(findingsOfMonth(pack)).toMatchObject([{ code: 'MONTH_NOT_TIED', concerns: ['SL-1'], value: '118.00' }]);
});

test('a back-dated credit memo has a total of its own, in the pack, on its page and in short', () => {
  const memo = {
    number: '800',
    date: '2026-10-31',
    isBackdated: false,
    currency: 'USD',
    key: 'a',
    order: 'SL-1',
    orderNumber: '700001',
    invoice: '',
    reason: 'RTRN',
    parts: parts('40.00', '0.00', '3.20'),
  };
  const late = { ...memo, number: '801', date: '2026-09-30', isBackdated: true, parts: parts('17.00') };
  const stray = { ...late, number: '802', key: null };
  const pack = closeMonth(theFacts([anOrder()], { credits: [memo, late, stray] }));
  expect(pack.ledgers).toMatchObject([{ credited: { total: '-43.20' }, creditedBackdated: { total: '-17.00' } }]);
  expect(pack.checks).toContainEqual({
    says: 'USD: the credit memos one by one, back-dated ones too, come to what was credited.',
    holds: true,
  });
  expect(creditsTable(pack).rows.map(([number, , , , , backdated]) => [number, backdated])).toEqual([
    ['800', 'no'],
    ['801', 'yes'],
  ]);
  expect(totalsTable(pack).rows.map(([, name, sign]) => [name, sign])).toContainEqual(['credited, back-dated', '−']);
  const page = renderMonthEnd(pack, '2026-11-01');
  expect(page).toContain('Credited, back-dated');
  expect(page).toContain(pack.ledgers[0]?.creditedBackdated.sha256);
});

test('an order that was closed before the last pack and is open again is listed as unexplained', () => {
  expect(causesOf(anOrder({ placedOn: '2026-07-01' }), true)).toEqual([['unexplained', '118.00']]);
});

test('what was different when the month before was closed is no difference of this month', () => {
  const order = anOrder({ placedOn: '2026-09-03', erp: erpHolds(parts('90.00', '10.00', '8.00')) });
  const { toCarry } = rollOrder(order, '2026-09', false);
  expect(causesOf({ ...order, carried: toCarry }, true)).toEqual([]);
});

const amount = fc.integer({ min: -200_000, max: 900_000 }).map((cents) => (cents / 100).toFixed(2));
const positive = fc.integer({ min: 0, max: 900_000 }).map((cents) => (cents / 100).toFixed(2));
const someParts = fc.record({ goods: amount, freight: amount, tax: amount });
const paidParts = fc.record({ goods: positive, freight: positive, tax: positive });
const date = fc.constantFrom('2026-08-14', '2026-09-30', '2026-10-01', '2026-10-31', '2026-11-01');
const storefront = fc.record({ placed: paidParts, cancelled: paidParts, units: fc.nat(20) });
const erp = fc.record({
  orderNumbers: fc.constant(['700001']),
  live: paidParts,
  units: fc.nat(20),
  uncertain: positive,
});
const carried = fc.record({
  open: someParts,
  placed: paidParts,
  cancelled: paidParts,
  gap: someParts,
  billed: paidParts,
});
const anyOrder: fc.Arbitrary<OrderFacts> = fc.record({
  key: fc.uuid(),
  number: fc.string({ maxLength: 4 }),
  currency: fc.constantFrom('USD', 'GBP', 'EUR'),
  placedOn: fc.option(date.filter((day) => day < '2026-11')),
  changedOn: fc.option(date),
  storefront: fc.option(storefront),
  erp: fc.option(erp),
  invoices: fc.array(fc.record({ number: fc.uuid(), date, parts: paidParts }), { maxLength: 4 }),
  evidence: fc.record({ agreed: someParts, tolerated: someParts, cancelled: someParts, isUnderWay: fc.boolean() }),
  carried: fc.option(carried),
});

test('whatever the orders: opening and all movements come to closing, explained and unexplained to the difference', () => {
  fc.assert(
    fc.property(fc.array(anyOrder, { maxLength: 12 }), fc.boolean(), (orders, hasBefore) => {
      const before = hasBefore ? { month: '2026-09', revision: 1, sha256: 'x', closing: [] } : null;
      const pack = closeMonth(theFacts(orders, { before }));
      for (const { columns, currency } of pack.ledgers) {
        const own = orders
          .filter((order) => order.currency === currency)
          .map((order) => rollOrder(order, MONTH, hasBefore));
        const movements = LEDGER_COLUMNS.filter((column) => column !== 'closing').map(
          (column) => columns[column].total,
        );
        expect(toCents(sum(movements))).toBe(columns.closing.total);
        expect(addParts([columns.explained, columns.unexplained])).toEqual(
          addParts(own.map(({ difference }) => difference)),
        );
        expect(columns.closing.total).toBe(toCents(sum(own.map(({ closing }) => totalOf(closing)))));
      }
      expect(pack.checks.filter(({ says, holds }) => !holds && !says.includes('closed with'))).toEqual([]);
    }),
  );
});

test('every total is the sum of its lines, its sign is its own, and its digest changes with any cent', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.uuid(), someParts), { minLength: 1, maxLength: 8 }), (given) => {
      const lines = given.map(([key, of]) => ({ key, ...of }));
      const signed = signTotal('placed', 'USD', lines);
      expect(signed.total).toBe(toCents(sum(lines.map(totalOf))));
      expect(signed.sign).toBe(Number(signed.total) === 0 ? '0' : Number(signed.total) < 0 ? '−' : '+');
      expect(signTotal('placed', 'USD', lines.toReversed()).sha256).toBe(signed.sha256);
      const [first] = lines;
      if (!first) return;
      const changed = lines.with(0, { ...first, tax: toCents(sum([first.tax, '0.01'])) });
      expect(signTotal('placed', 'USD', changed).sha256).not.toBe(signed.sha256);
    }),
  );
});

test('a month opens with what the one before closed with, and shows only what changed since', () => {
  const order = anOrder({ placedOn: '2026-09-20', changedOn: '2026-09-20' });
  const september = closeMonth(theFacts([order], { month: '2026-09', invoices: [] }));
  const before = { month: '2026-09', revision: 1, sha256: september.sha256, closing: september.carried };
  const amended = anOrder({
    placedOn: '2026-09-20',
    storefront: { placed: parts('150.00', '10.00', '12.00'), cancelled: parts('20.00', '0.00', '1.60'), units: 13 },
    erp: erpHolds(parts('130.00', '10.00', '10.40'), 13),
    invoices: [{ number: '900', date: '2026-10-09', parts: parts('30.00', '10.00', '2.40') }],
    carried: september.carried[0] ?? null,
  });
  const october = closeMonth(theFacts([amended], { before }));
  const [ledger] = october.ledgers;
  const totals = LEDGER_COLUMNS.map((column) => ledger?.columns[column].total);
  expect(totals).toEqual(['118.00', '0.00', '54.00', '-21.60', '-42.40', '0.00', '0.00', '108.00']);
  expect(october.checks.map(({ holds }) => holds)).toEqual([true, true, true, true]);
  expect(october.before?.sha256).toBe(september.sha256);
});

test('a pack whose opening is not the closing of the pack before says so', () => {
  const kept = {
    ...rollOrder(anOrder({ placedOn: '2026-09-01' }), '2026-09', false).toCarry,
    key: 'lost',
    number: 'SL-9',
    currency: 'USD',
  };
  const pack = closeMonth(
    theFacts([anOrder()], { before: { month: '2026-09', revision: 1, sha256: 'x', closing: [kept] } }),
  );
  expect(pack.checks.filter(({ holds }) => !holds).map(({ says }) => says)).toEqual([
    'USD: opening is what the pack of 2026-09 closed with.',
  ]);
});

test('the pack is signed as a whole, and its JSON gives the same digest again', () => {
  const { sha256, ...pack } = closeMonth(theFacts([anOrder()]));
  expect(digestOf(JSON.parse(JSON.stringify(pack)))).toBe(sha256);
  const [ledger] = pack.ledgers;
  expect(digestOf(ledger?.columns.placed.lines)).toBe(ledger?.columns.placed.sha256);
});

test('the month’s own orders go step by step from the storefront to what is open', () => {
  const pack = closeMonth(
    theFacts([
      anOrder({ invoices: [{ number: '900', date: '2026-10-20', parts: parts('40.00') }] }),
      anOrder({ key: 'b', erp: null }),
      anOrder({
        key: 'c',
        storefront: { placed: parts('100.00'), cancelled: parts('20.00'), units: 8 },
        erp: erpHolds(parts('81.00'), 8),
      }),
      anOrder({ key: 'd', placedOn: '2026-09-01' }),
    ]),
  );
  const step = Object.fromEntries((pack.ledgers[0]?.chain ?? []).map(({ step: name, total }) => [name, total]));
  expect(step).toEqual({
    placed: '336.00',
    cancelled: '-20.00',
    waiting: '-118.00',
    difference: '1.00',
    erp: '199.00',
    invoiced: '-40.00',
    open: '159.00',
  });
});
