import { describe, expect, test } from 'vitest';

import type { ErpSalesOrderLine } from '../../domain/sales-order.ts';
import { buyerStageOf, showProgress, withShipmentsAsOrdered } from '../../domain/show-progress.ts';
import { aLine, anInvoice, aPackage, aPurchase, aSalesOrder, asShownByErp, theRules } from '../support/builders.ts';

const SKU = 'AC-1001-BLK-M';
const agreed = aSalesOrder();
const inErp = asShownByErp(agreed);
const { progress: RULES } = theRules({
  progress: {
    invoiceUrl: 'https://files.example/{invoice}.pdf',
    trackingUrls: { UPSG: 'https://carrier.example/{tracking}' },
    carriers: { UPSG: 'UPS Ground' },
    payments: 'off',
    credits: 'off',
    toleratedCents: 2,
  },
});
const purchase = aPurchase().build();
const shown = (change: Partial<ErpSalesOrderLine>) => ({
  ...inErp,
  lines: (inErp.lines ?? []).map((line) => ({ ...line, ...change })),
});

describe('what a purchase shows', () => {
  test('is nothing new while everything is open', () => {
    expect(showProgress(purchase, [{ agreed, shown: inErp, invoices: [] }], RULES)).toEqual({
      shipments: [],
      cancelled: [{ item: SKU, quantity: 0, price: null }],
      beyond: [],
      voided: [],
    });
  });

  test('is a shipment for each invoice, with carrier, tracking and file', () => {
    const order = shown({ open: 4, invoiced: 6 });
    const found = showProgress(purchase, [{ agreed, shown: order, invoices: [anInvoice(order, { 1: 6 })] }], RULES);
    expect(found.shipments).toMatchObject([
      {
        invoice: '700001',
        items: [{ item: SKU, quantity: 6 }],
        carrier: 'UPS Ground',
        carrierCode: 'UPSG',
        parcels: [{ tracking: '1Z1', url: 'https://carrier.example/1Z1' }],
        url: 'https://files.example/700001.pdf',
      },
    ]);
  });

  test.each([
    ['a house cancel', { open: 6, cancelledByHouse: 4 }, 4],
    ['a cancel for the customer', { open: 0, cancelledByCustomer: 10 }, 10],
    ['not what a clerk merely lowered: that is an edit', { ordered: 6, open: 6 }, 0],
  ])('%s', (_, change, quantity) => {
    const found = showProgress(purchase, [{ agreed, shown: shown(change), invoices: [] }], RULES);
    expect(found.cancelled).toEqual([{ item: SKU, quantity, price: null }]);
  });

  test('leaves alone what is on its way with another document', () => {
    const found = showProgress(
      purchase,
      [{ agreed, shown: shown({ cancelledByHouse: 10 }), invoices: [] }],
      RULES,
      new Set([SKU]),
    );
    expect(found.cancelled).toEqual([]);
  });

  test('says in words what could not be cancelled any more', () => {
    const less = aPurchase().with({ sku: SKU, quantity: 4 }).build();
    expect(showProgress(less, [{ agreed, shown: inErp, invoices: [] }], RULES).beyond).toEqual([
      { item: SKU, quantity: 6, price: null },
    ]);
  });

  test('counts voided invoices not at all', () => {
    const invoices = [anInvoice(inErp, { 1: 6 }, { isVoid: true })];
    expect(showProgress(purchase, [{ agreed, shown: inErp, invoices }], RULES)).toMatchObject({
      shipments: [],
      voided: ['700001'],
    });
  });
});

describe('an item that was ordered at two prices', () => {
  const lines = [
    { sku: SKU, quantity: 10, net: '200.00' },
    { sku: SKU, quantity: 5, net: '90.00' },
  ] as const;
  const both = { ...purchase, packages: [aPackage({ lines: lines.map(aLine) })] };
  const [template] = agreed.lines;
  const twice = aSalesOrder({
    lines: template
      ? [
          { ...template, sequence: 1, quantity: 10, price: '20.00' },
          { ...template, sequence: 2, quantity: 5, price: '18.00' },
        ]
      : [],
  });
  const order = asShownByErp(twice);
  const second = (change: Partial<ErpSalesOrderLine>) => ({
    ...order,
    lines: (order.lines ?? []).map((line) => (line.sequence === 2 ? { ...line, ...change } : line)),
  });

  test('is cancelled at the price of the line that was cancelled', () => {
    const shownOrder = second({ open: 0, cancelledByHouse: 5 });
    expect(showProgress(both, [{ agreed: twice, shown: shownOrder, invoices: [] }], RULES).cancelled).toEqual([
      { item: SKU, quantity: 0, price: '20' },
      { item: SKU, quantity: 5, price: '18' },
    ]);
  });

  test('is shipped at the price of the line that was billed', () => {
    const shownOrder = second({ open: 2, invoiced: 3 });
    const invoices = [anInvoice(shownOrder, { 2: 3 })];
    expect(showProgress(both, [{ agreed: twice, shown: shownOrder, invoices }], RULES).shipments).toMatchObject([
      { items: [{ item: SKU, quantity: 3, price: '18' }] },
    ]);
  });

  test('has the net of the purchase’s lines as its price where discounts are shown apart', () => {
    const [full, off] = lines.map(aLine);
    const discounted = off?.total ? { ...off, total: { ...off.total, net: '110.00', discountNet: '15.00' } } : off;
    const parcel = aPackage({ lines: [full, discounted].filter((line) => line !== undefined) });
    const listed = {
      ...twice,
      lines: twice.lines.map((line) => (line.sequence === 2 ? { ...line, price: '25.00' } : line)),
    };
    const shownOrder = second({ open: 0, cancelledByHouse: 5 });
    const found = showProgress(
      { ...both, packages: [parcel] },
      [{ agreed: listed, shown: shownOrder, invoices: [] }],
      RULES,
    );
    expect(found.cancelled).toEqual([
      { item: SKU, quantity: 0, price: '20' },
      { item: SKU, quantity: 5, price: '22' },
    ]);
  });

  test('is cancelled whichever way where the purchase has it at none of these prices', () => {
    const merged = { ...purchase, packages: [aPackage({ lines: [aLine({ sku: SKU, quantity: 15, net: '150.00' })] })] };
    const shownOrder = second({ open: 0, cancelledByHouse: 5 });
    const { cancelled } = showProgress(merged, [{ agreed: twice, shown: shownOrder, invoices: [] }], RULES);
    expect(cancelled.filter(({ quantity }) => quantity > 0)).toEqual([{ item: SKU, quantity: 5, price: null }]);
  });
});

describe('the purchase as it was ordered', () => {
  test('takes the pieces of a split line for one again, to the cent', () => {
    const parcel = (type: string, quantity: number, net: string, files: readonly string[]) =>
      aPackage({ type, files, lines: [aLine({ sku: SKU, quantity, net })] });
    const split = {
      ...purchase,
      packages: [parcel('incoming', 2, '6.67', []), parcel('shipment', 1, '3.33', ['700001'])],
    };
    const whole = withShipmentsAsOrdered(split, new Set(['700001']));
    expect(whole.packages).toMatchObject([
      { type: 'incoming', lines: [{ sku: SKU, quantity: 3, total: { net: '10.00' } }] },
    ]);
  });

  test('keeps a shipment that somebody else made', () => {
    const foreign = { ...purchase, packages: [aPackage({ type: 'shipment', files: ['X-1'] })] };
    expect(withShipmentsAsOrdered(foreign, new Set(['700001'])).packages).toMatchObject([{ type: 'shipment' }]);
  });
});

test.each([
  [{}, 'accepted'],
  [{ open: 4, picked: 6 }, 'picked'],
  [{ open: 4, invoiced: 6 }, 'partlyShipped'],
  [{ open: 0, invoiced: 10 }, 'shipped'],
  [{ open: 0, cancelledByHouse: 10 }, 'cancelled'],
] as const)('an order of which %o is %s to its buyer', (change, stage) => {
  expect(buyerStageOf([shown(change)])).toBe(stage);
});
