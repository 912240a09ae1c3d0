import { describe, expect, test } from 'vitest';

import { compareOrders, cutReference, describeDifference, moneyOf } from '../../domain/compare-sales-order.ts';
import { agreeOn } from '../../domain/restate-order.ts';
import type { ErpSalesOrder, ErpSalesOrderLine, PreparedSalesOrder } from '../../domain/sales-order.ts';
import type { ErpEditRules } from '../../domain/site-rules.ts';
import { aSalesOrder, asShownByErp, PURCHASE_REFERENCE, theSku } from '../support/builders.ts';

const agreed = aSalesOrder({ tax: '8.00', freight: '5.00', terms: 'N30' });
const shown = asShownByErp(agreed);
const [line] = shown.lines ?? [];
const STRICT: ErpEditRules = { toleratedAmount: '0.00', toleratedFields: [], toleratedCauses: [] };

const compare = (order: ErpSalesOrder, was: PreparedSalesOrder = agreed, rules = STRICT) =>
  compareOrders(was, order, rules, 'later');
const withLines = (...changes: readonly Partial<ErpSalesOrderLine>[]): ErpSalesOrder => ({
  ...shown,
  lines: changes.flatMap((change, index) => (line ? [{ ...line, sequence: index + 1, ...change }] : [])),
});

const same: readonly (readonly [string, ErpSalesOrder, PreparedSalesOrder?])[] = [
  ['when nothing differs', shown],
  ['when amounts are written shorter', { ...shown, tax: '8', freight: '5.0000' }],
  ['when codes come back padded or in upper case', { ...shown, customer: 'northw  ', warehouse: ' nj' }],
  ['when the ERP applied the customer’s own terms', { ...shown, terms: 'N60' }, { ...agreed, terms: '' }],
  ['when some of it is picked', withLines({ open: 7, picked: 3 })],
  ['when the ERP holds it', { ...shown, holdCode: 'CR', status: 'credit_hold' }],
  ['when a cancelled line is no part of what was agreed', withLines({}, { ordered: 4, cancelledByCustomer: 4 })],
  [
    'when a line of which nothing is left is not shown any more',
    shown,
    { ...agreed, lines: [...agreed.lines, ...agreed.lines.map((each) => ({ ...each, sequence: 2, quantity: 0 }))] },
  ],
];

describe('an order is as it was agreed', () => {
  test.each<{ words: string; order: ErpSalesOrder; was?: PreparedSalesOrder }>(
    same.map(([words, order, was]) => ({ words, order, ...(was ? { was } : {}) })),
  )('$words', ({ order, was }) => {
    expect(compare(order, was)).toEqual([]);
  });

  test('when it left terms and ship-via to the ERP, and those stay', () => {
    const sent = aSalesOrder({ terms: '', shipVia: '' });
    const there = { ...asShownByErp(sent), terms: 'N60', shipVia: 'FDX' };
    const both = agreeOn(sent, there);
    expect(both).toMatchObject({ terms: 'N60', shipVia: 'FDX' });
    expect(compare({ ...there, terms: 'COD' }, both)).toMatchObject([{ field: 'terms', agreed: 'N60', shown: 'COD' }]);
  });
});

describe('a difference has its money and its likely cause', () => {
  test.each<readonly [string, ErpSalesOrder, object]>([
    ['tax', { ...shown, tax: '8.01' }, { field: 'tax', money: '0.01', cause: 'clerk' }],
    ['tax that is not fixed', { ...shown, tax: '9', taxFixed: false }, { money: '1', cause: 'taxRecomputed' }],
    ['freight', { ...shown, freight: '0' }, { field: 'freight', money: '-5' }],
    ['discount', { ...shown, discount: '1' }, { field: 'discount', money: '-1' }],
    ['division', { ...shown, division: '02' }, { field: 'division', agreed: '01', shown: '02' }],
    ['warehouse', { ...shown, warehouse: 'CA' }, { field: 'warehouse', line: null }],
    ['customer', { ...shown, customer: 'OTHER' }, { field: 'customer' }],
    ['terms', { ...shown, terms: 'COD' }, { field: 'terms' }],
    ['PO', { ...shown, purchaseOrder: 'PO-77' }, { field: 'purchaseOrder' }],
    ['ship-to', { ...shown, store: '0042' }, { field: 'shipTo', shown: 'store 0042' }],
    ['start date', { ...shown, startDate: '2026-03-01' }, { field: 'startDate' }],
    ['cancel date', { ...shown, endDate: '2026-03-01' }, { field: 'endDate' }],
    ['currency', { ...shown, currency: 'CAD' }, { field: 'currency', agreed: 'USD', shown: 'CAD' }],
    [
      'a quantity that a clerk lowered beside a house cancel',
      withLines({ ordered: 7, cancelledByHouse: 2 }),
      { field: 'quantity', shown: '5', cause: 'clerk' },
    ],
    ['a clerk’s quantity', withLines({ ordered: 9 }), { field: 'quantity', line: 1, money: '-10', cause: 'clerk' }],
    ['a house cancel', withLines({ cancelledByHouse: 4 }), { field: 'quantity', shown: '6', cause: 'houseCancel' }],
    ['a cancel for the customer', withLines({ cancelledByCustomer: 10 }), { shown: '0', cause: 'customerCancel' }],
    ['a price', withLines({ price: '10.01' }), { field: 'price', line: 1, money: '0.1', cause: 'clerk' }],
    ['the warehouse of a line', withLines({ warehouse: 'CA' }), { field: 'warehouse', line: 1 }],
    ['the item of a line', withLines({ sku: theSku({ color: 'RED' }) }), { field: 'item', line: 1 }],
    ['a missing line', { ...shown, lines: [] }, { field: 'line', line: 1, money: '-100' }],
    [
      'a further line',
      withLines({}, { ordered: 3, sku: theSku({ size: 'L' }) }),
      { field: 'line', line: 2, money: '30' },
    ],
  ])('%s', (_, order, expected) => {
    expect(compare(order)).toMatchObject([{ ...expected, tolerated: false }]);
  });

  test('a price that differs right after the import is the ERP’s own', () => {
    const found = compareOrders(agreed, withLines({ price: '9.00' }), STRICT, 'import');
    expect(found).toMatchObject([{ field: 'price', cause: 'repriced', money: '-10' }]);
  });

  test('a line that the ERP split for a later delivery is known by its sum', () => {
    const found = compare(withLines({ ordered: 6 }, { ordered: 4 }));
    expect(found.map(({ cause }) => cause)).toEqual(['backOrderSplit', 'backOrderSplit']);
    expect(moneyOf(found)).toBe('0.00');
  });

  test('several come to one sum, each in a person’s words', () => {
    const found = compare({ ...withLines({ ordered: 9 }), tax: '7.00' });
    expect(moneyOf(found)).toBe('-11.00');
    expect(found.map(describeDifference)).toEqual([
      'line 1 quantity 9 instead of 10 (-10.00), a clerk’s edit',
      'tax 7.00 instead of 8.00 (-1.00), a clerk’s edit',
    ]);
  });
});

describe('what a site tolerates is named all the same', () => {
  test.each<readonly [string, Partial<ErpEditRules>, ErpSalesOrder, boolean]>([
    ['a field', { toleratedFields: ['terms'] }, { ...shown, terms: 'COD' }, true],
    ['a cause', { toleratedCauses: ['houseCancel'] }, withLines({ cancelledByHouse: 4 }), true],
    ['header amounts up to the sum', { toleratedAmount: '0.05' }, { ...shown, tax: '8.05' }, true],
    ['not beyond it', { toleratedAmount: '0.05' }, { ...shown, tax: '8.03', freight: '5.03' }, false],
    ['nor a line’s money', { toleratedAmount: '50.00' }, withLines({ price: '10.01' }), false],
  ])('%s', (_, rules, order, tolerated) => {
    const found = compare(order, agreed, { ...STRICT, ...rules });
    expect(found.length).toBeGreaterThan(0);
    expect(found.every((difference) => difference.tolerated === tolerated)).toBe(true);
  });
});

describe('a reference that the ERP changed is a matter of its own', () => {
  test.each([
    ['cut in altpo', { altPo: PURCHASE_REFERENCE.slice(0, 20) }],
    ['cut in the reference field', { referenceField: PURCHASE_REFERENCE.slice(0, 20) }],
    ['lost', { altPo: '', referenceField: '' }],
    ['of another document', { altPo: `${PURCHASE_REFERENCE}.2` }],
  ])('%s', (_, change) => {
    expect(cutReference(PURCHASE_REFERENCE, { ...shown, ...change })?.code).toBe('REFERENCE_CUT');
  });

  test('and not one that comes back in lower case', () => {
    const order = { ...shown, altPo: `${PURCHASE_REFERENCE.toLowerCase()}  ` };
    expect(cutReference(PURCHASE_REFERENCE, order)).toBeNull();
  });
});
