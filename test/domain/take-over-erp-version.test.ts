import { describe, expect, test } from 'vitest';

import { compareOrders } from '../../domain/compare-sales-order.ts';
import type { PreparedSalesOrder } from '../../domain/sales-order.ts';
import { beyondPurchase, stillDifferent } from '../../domain/take-over-erp-version.ts';
import { aPackage, aPurchase, aLine, aSalesOrder, asShownByErp, theRules } from '../support/builders.ts';

const ITEM = 'AC-1001-BLK-M';
const APART = { discountCode: 'DISC' };
const IN_PRICES = { discountCode: '' };

/** The one line of the order with so many units at this price; the purchase has ten at 10.00. */
function orderOf(quantity: number, price: string, change: Partial<PreparedSalesOrder> = {}): PreparedSalesOrder {
  const order = aSalesOrder(change);
  return { ...order, lines: order.lines.map((line) => ({ ...line, quantity, price })) };
}

/** What a person takes over in place of what was agreed. */
function taking(version: PreparedSalesOrder, agreed = aSalesOrder()) {
  const shown = asShownByErp(version);
  const differences = compareOrders(agreed, shown, theRules().erpEdits, 'later');
  return { agreed: version, shown, differences, billing: { agreed, shown, invoices: [], credits: [] } };
}

describe('what of the ERP’s version is more than the purchase has', () => {
  test.each<readonly [string, PreparedSalesOrder, readonly object[]]>([
    ['nothing', orderOf(10, '10.00'), []],
    ['fewer units: a cancellation says so', orderOf(8, '10.00'), []],
    ['no unit at all', orderOf(0, '10.00'), []],
    ['more units', orderOf(12, '10.00'), [{ item: ITEM, quantity: 12, price: '10' }]],
    ['another price', orderOf(10, '9.00'), [{ item: ITEM, quantity: 10, price: '9' }]],
    ['fewer units at another price', orderOf(8, '9.00'), [{ item: ITEM, quantity: 8, price: '9' }]],
  ])('%s', (_, version, expected) => {
    expect(beyondPurchase(aPurchase().build(), [taking(version)], IN_PRICES)).toMatchObject(expected);
  });

  test('counts what is shipped, and not what was cancelled', () => {
    const shipped = aPurchase()
      .with({ quantity: 6, net: '60.00' })
      .also(aPackage({ type: 'shipment', lines: [aLine({ quantity: 4, net: '40.00' })] }));
    expect(beyondPurchase(shipped.build(), [taking(aSalesOrder())], IN_PRICES)).toEqual([]);
    const cancelled = aPurchase()
      .with({ quantity: 6, net: '60.00' })
      .also(aPackage({ type: 'cancellation', lines: [aLine({ quantity: 4, net: '40.00' })] }));
    expect(beyondPurchase(cancelled.build(), [taking(aSalesOrder())], IN_PRICES)).toMatchObject([{ quantity: 10 }]);
  });

  test('adds up the documents that have the same item', () => {
    const two = [taking(orderOf(7, '10.00'), orderOf(5, '10.00')), taking(orderOf(5, '10.00'), orderOf(5, '10.00'))];
    expect(beyondPurchase(aPurchase().build(), two, IN_PRICES)).toMatchObject([{ item: ITEM, quantity: 12 }]);
  });

  test('cents of rounding are in the header and stay there', () => {
    const agreed = orderOf(10, '10.01');
    const purchase = aPurchase().with({ net: '100.05' }).build();
    expect(beyondPurchase(purchase, [taking(agreed, agreed)], IN_PRICES)).toEqual([]);
    expect(beyondPurchase(purchase, [taking(orderOf(12, '10.01'), agreed)], IN_PRICES)).toMatchObject([
      // 12 × 10.01 less the 0.05 that the purchase has.
      { quantity: 12, price: expect.stringMatching(/^10\.0058/) },
    ]);
  });

  test('a discount that the site shows apart is no other price, and is kept for the units beyond', () => {
    const agreed = orderOf(10, '10.00', { discount: '20.00' });
    const purchase = aPurchase().with({ net: '80.00', discount: '20.00' }).build();
    expect(beyondPurchase(purchase, [taking(agreed, agreed)], APART)).toEqual([]);
    expect(beyondPurchase(purchase, [taking(orderOf(12, '10.00'), agreed)], APART)).toMatchObject([
      { quantity: 12, price: expect.stringMatching(/^8\.33/) },
    ]);
    // Where discounts are in the prices such a gap is another price.
    expect(beyondPurchase(purchase, [taking(agreed, agreed)], IN_PRICES)).toMatchObject([{ price: '10' }]);
  });

  test('an item that the storefront cannot name is nobody’s line', () => {
    const unnamed = aSalesOrder();
    const version = { ...unnamed, lines: unnamed.lines.map((line) => ({ ...line, item: '', quantity: 12 })) };
    expect(beyondPurchase(aPurchase().build(), [taking(version)], IN_PRICES)).toEqual([]);
  });
});

describe('what the purchase goes on showing otherwise', () => {
  const purchase = aPurchase().build();

  test('nothing of an order that is as agreed', () => {
    expect(stillDifferent([taking(aSalesOrder())], purchase)).toEqual([]);
  });

  test('lines are written to the purchase, the header’s money and terms are not', () => {
    const version = orderOf(8, '10.00', { freight: '25.00', terms: 'N60' });
    const fields = stillDifferent([taking(version, aSalesOrder({ terms: 'N30' }))], purchase).map(({ field }) => field);
    expect(fields.toSorted()).toEqual(['freight', 'terms']);
  });

  test('tax stays as charged: the gap is named once, with its money, and tolerated', () => {
    const taxed = aPurchase().with({ net: '100.00', tax: '20.00' }).build();
    const version = aSalesOrder({ tax: '17.50' });
    expect(stillDifferent([taking(version, aSalesOrder({ tax: '20.00' }))], taxed)).toEqual([
      {
        field: 'tax',
        line: null,
        agreed: '20.00',
        shown: '17.50',
        money: '-2.5',
        cause: 'clerk',
        tolerated: true,
      },
    ]);
  });

  test('PO and street are the buyer’s: another one in the ERP is named even if it was agreed on', () => {
    const version = aSalesOrder({ purchaseOrder: 'CLERK-PO' });
    const moved = { ...version, shipTo: { ...version.shipTo, line1: '9 Dock Road' } };
    expect(stillDifferent([taking(moved, moved)], purchase)).toMatchObject([
      { field: 'purchaseOrder', agreed: 'PO-7781', shown: 'CLERK-PO' },
      { field: 'shipTo', agreed: '12 Main Street', shown: '9 Dock Road' },
    ]);
    const sameInCapitals = { ...version, purchaseOrder: 'po-7781 ' };
    expect(stillDifferent([taking(sameInCapitals, sameInCapitals)], purchase)).toEqual([]);
  });
});
