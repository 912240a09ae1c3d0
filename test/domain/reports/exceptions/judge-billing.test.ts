import { describe, expect, test } from 'vitest';

import { judgeBilling, type BilledOrder } from '../../../../domain/reports/exceptions/judge-billing.ts';
import type { ErpCreditMemo } from '../../../../domain/sales-order.ts';
import { aCreditMemo, anInvoice, aSalesOrder, asShownByErp } from '../../../support/builders.ts';

const shown = asShownByErp(aSalesOrder({ freight: '5.00' }));
const { orderNumber } = shown;
const order: BilledOrder = {
  orderNumber,
  number: 'B2B10042',
  key: 'key',
  currency: 'USD',
  value: '105.00',
  isComplete: true,
  shownInvoices: null,
};
const billed = (freight: string) => [anInvoice(shown, { 1: 10 }, { freight })];
const judge = (freight: string, credits: readonly ErpCreditMemo[]) =>
  judgeBilling([order], billed(freight), credits, 2).map(({ document, money }) => ({ document, money }));

describe('an order that is billed with freight twice', () => {
  const differs = [{ document: `invoices of ${orderNumber}`, money: '5.00' }];

  test.each<readonly [string, Partial<ErpCreditMemo>]>([
    ['that names the order', { orderNumber }],
    ['that names only its invoice', { orderNumber: '', invoiceNumber: '700001' }],
    ['in no currency', { orderNumber, currency: '' }],
  ])('is none to look at once a memo %s credits the difference', (_, change) => {
    expect(judge('10.00', [])).toEqual(differs);
    expect(judge('10.00', [aCreditMemo({ total: '5.00', ...change })])).toEqual([]);
  });

  test.each<readonly [string, Partial<ErpCreditMemo>]>([
    ['credits another amount', { total: '4.00' }],
    ['is of another order', { orderNumber: '499999' }],
    ['is in another currency', { currency: 'CAD' }],
    ['is of goods that came back', { restocked: true }],
  ])('is one still where the memo %s', (_, change) => {
    expect(judge('10.00', [aCreditMemo({ orderNumber, total: '5.00', ...change })])).toEqual(differs);
  });
});

test('an order that is billed too little is one whatever is credited', () => {
  expect(judge('0.00', [aCreditMemo({ orderNumber, total: '5.00' })])).toEqual([
    { document: `invoices of ${orderNumber}`, money: '-5.00' },
  ]);
});
const ORDER = asShownByErp(aSalesOrder({ currency: 'USD' }));
const OURS: BilledOrder = {
  orderNumber: ORDER.orderNumber,
  number: 'SL-1042',
  key: 'a',
  currency: 'USD',
  value: '100.00',
  isComplete: false,
  shownInvoices: ['700001'],
};

test('an invoice in another currency than its order is a row with both, and all its money', () => {
  const invoice = anInvoice(ORDER, { 1: 1 }, { currency: 'CAD' });
  expect(judgeBilling([OURS], [invoice], [], 0)).toMatchObject([
    {
      order: OURS,
      document: 'invoice 700001',
      says: 'it is in another currency than its order',
      expected: 'USD',
      found: 'CAD',
      money: Number(invoice.total).toFixed(2),
      currency: 'CAD',
    },
  ]);
});

test.each(['USD', ''])('an invoice whose currency is “%s” is in that of its order', (currency) => {
  expect(judgeBilling([OURS], [anInvoice(ORDER, { 1: 1 }, { currency })], [], 0)).toEqual([]);
});

test('a credit memo that names no currency is in that of its order', () => {
  const memo: ErpCreditMemo = {
    number: '800001',
    orderNumber: ORDER.orderNumber,
    invoiceNumber: 'GONE',
    date: '2026-02-03',
    currency: '',
    reason: 'RTRN',
    restocked: false,
    tax: '0',
    freight: '0',
    total: '12.34',
    lines: null,
    changedAt: '2026-02-03T15:00:00.000Z',
  };
  expect(judgeBilling([OURS], [], [memo], 0)).toMatchObject([{ document: 'credit memo 800001', currency: 'USD' }]);
});
