import { expect, test } from 'vitest';

import { isMadeGood } from '../../domain/credited-difference.ts';
import type { ErpCreditMemo } from '../../domain/sales-order.ts';
import { aCreditMemo, anInvoice, aSalesOrder, asShownByErp } from '../support/builders.ts';

const invoice = anInvoice(asShownByErp(aSalesOrder()), { 1: 10 });
const invoices = [invoice];
const twoUnits = (invoice.lines ?? []).map((line) => ({ ...line, quantity: 2 }));
const memo = (number: string, total: string, change: Partial<ErpCreditMemo> = {}) =>
  aCreditMemo({ number, total, ...change });

test.each<readonly [string, readonly ErpCreditMemo[], boolean]>([
  ['one memo of the amount', [memo('1', '5.00')], true],
  ['a memo without a word about its lines', [memo('1', '5.00', { lines: null })], true],
  ['two memos together', [memo('1', '2.00'), memo('2', '3.00')], true],
  ['one memo beside another for another reason', [memo('1', '9.00'), memo('2', '5.00')], true],
  [
    'two memos before another for another reason',
    [memo('999', '2.00'), memo('1000', '3.00'), memo('1001', '4.00')],
    true,
  ],
  ['a memo with units that names the invoice', [memo('1', '5.00', { invoiceNumber: '700001', lines: twoUnits })], true],
  ['no memo', [], false],
  ['a cent less', [memo('1', '4.99')], false],
  ['a cent more', [memo('1', '5.01')], false],
  ['one memo counted twice', [memo('1', '2.50')], false],
  ['goods that came back', [memo('1', '5.00', { restocked: true })], false],
  ['units of no invoice', [memo('1', '5.00', { lines: twoUnits })], false],
  ['an invoice that is not the order’s', [memo('1', '5.00', { invoiceNumber: '700009' })], false],
])('what is billed too much by 5.00, and %s', (_, memos, expected) => {
  expect(isMadeGood('5.00', memos, { invoices, slack: '0' })).toBe(expected);
});

test('within the slack it is made good, and what is no more than the slack need not be', () => {
  expect(isMadeGood('4.98', [memo('1', '5.00')], { invoices, slack: '0.02' })).toBe(true);
  expect(isMadeGood('4.97', [memo('1', '5.00')], { invoices, slack: '0.02' })).toBe(false);
  expect(isMadeGood('0.02', [memo('1', '0.02')], { invoices, slack: '0.02' })).toBe(false);
});

test('no memo makes good what is billed too little', () => {
  expect(isMadeGood('-5.00', [memo('1', '5.00'), memo('2', '-5.00')], { invoices, slack: '0' })).toBe(false);
});
