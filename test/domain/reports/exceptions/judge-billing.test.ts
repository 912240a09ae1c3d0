import { expect, test } from 'vitest';

import { judgeBilling, type BilledOrder } from '../../../../domain/reports/exceptions/judge-billing.ts';
import type { ErpCreditMemo } from '../../../../domain/sales-order.ts';
import { anInvoice, aSalesOrder, asShownByErp } from '../../../support/builders.ts';

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
