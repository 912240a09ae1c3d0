import { describe, expect, test } from 'vitest';

import { compareWithSent } from '../../domain/compare-sales-order.ts';
import type { ErpSalesOrder, ErpSalesOrderLine, PreparedSalesOrder } from '../../domain/sales-order.ts';
import { aSalesOrder, asShownByErp, PURCHASE_REFERENCE, theSku } from '../support/builders.ts';

const sent = aSalesOrder({ tax: '8.00', freight: '5.00', terms: 'N30' });
const shown = asShownByErp(sent);
const [line] = shown.lines ?? [];

const saysOf = (order: ErpSalesOrder) =>
  compareWithSent(sent, order)
    .map(({ says }) => says)
    .join(' ');
const withLine = (change: Partial<ErpSalesOrderLine>): ErpSalesOrder => ({
  ...shown,
  lines: line ? [{ ...line, ...change }] : [],
});

describe('an order is as it was sent', () => {
  const same: readonly (readonly [string, ErpSalesOrder, PreparedSalesOrder?])[] = [
    ['when nothing differs', shown],
    ['when amounts are written shorter', { ...shown, tax: '8', freight: '5.0000' }],
    ['when codes come back padded or in upper case', { ...shown, customer: 'northw  ', warehouse: ' nj' }],
    ['when its references come back in lower case', { ...shown, altPo: `${PURCHASE_REFERENCE.toLowerCase()}  ` }],
    ['when the ERP applied the customer’s own terms', { ...shown, terms: 'N60' }, { ...sent, terms: '' }],
    ['when some of it is picked or cancelled', withLine({ open: 2, picked: 3, cancelledByCustomer: 5 })],
    ['when the ERP holds it', { ...shown, holdCode: 'CR', status: 'credit_hold' }],
  ];
  for (const [words, order, was] of same)
    test(`also ${words}`, () => {
      expect(compareWithSent(was ?? sent, order)).toEqual([]);
    });
});

describe('an order differs', () => {
  test.each<readonly [string, ErpSalesOrder, string]>([
    ['in tax', { ...shown, tax: '8.01' }, 'tax 8.01 instead of 8.00 (0.01)'],
    ['in freight', { ...shown, freight: '0' }, 'freight 0.00 instead of 5.00 (-5.00)'],
    ['in discount', { ...shown, discount: '1' }, 'discount 1.00 instead of 0.00 (1.00)'],
    ['in division', { ...shown, division: '02' }, 'division “02” instead of “01”'],
    ['in warehouse', { ...shown, warehouse: 'CA' }, 'warehouse “CA” instead of “NJ”'],
    ['in customer', { ...shown, customer: 'OTHER' }, 'customer “OTHER” instead of “NORTHW”'],
    ['in terms', { ...shown, terms: 'COD' }, 'terms “COD” instead of “N30”'],
    ['in PO', { ...shown, purchaseOrder: 'PO-77' }, 'PO “PO-77” instead of “PO-7781”'],
    ['in quantity', withLine({ ordered: 9 }), 'line 1 quantity 9 instead of 10'],
    ['in price', withLine({ price: '10.01' }), 'line 1 price 10.01 instead of 10.00 (0.01)'],
    ['in the warehouse of a line', withLine({ warehouse: 'CA' }), 'line 1 warehouse “CA” instead of “NJ”'],
    ['in the item of a line', withLine({ sku: theSku({ color: 'RED' }) }), 'line 1'],
    ['by a missing line', { ...shown, lines: [] }, 'line 1 is missing (100.00)'],
    [
      'by a further line',
      { ...shown, lines: line ? [line, { ...line, sequence: 2, ordered: 3 }] : [] },
      '1 further lines (30.00)',
    ],
  ])('%s', (_, order, says) => {
    const found = compareWithSent(sent, order);
    expect(found.map(({ code }) => code)).toEqual(['ERP_DIFFERS']);
    expect(saysOf(order)).toContain(says);
  });

  test('in everything at once, in one problem', () => {
    const order = { ...withLine({ ordered: 1, price: '1' }), tax: '0', customer: 'X' };
    expect(compareWithSent(sent, order)).toHaveLength(1);
  });
});

describe('a reference that the ERP changed is a matter of its own', () => {
  test.each([
    ['cut in altpo', { altPo: PURCHASE_REFERENCE.slice(0, 20) }],
    ['cut in the reference field', { referenceField: PURCHASE_REFERENCE.slice(0, 20) }],
    ['lost', { altPo: '', referenceField: '' }],
    ['of another document', { altPo: `${PURCHASE_REFERENCE}-2` }],
  ])('%s', (_, change) => {
    expect(compareWithSent(sent, { ...shown, ...change }).map(({ code }) => code)).toEqual(['REFERENCE_CUT']);
  });

  test('and comes before what else differs', () => {
    const codes = compareWithSent(sent, { ...shown, altPo: '', tax: '0' }).map(({ code }) => code);
    expect(codes).toEqual(['REFERENCE_CUT', 'ERP_DIFFERS']);
  });
});
