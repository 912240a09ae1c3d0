import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { multiply, shareOf, subtract, sum } from '../../domain/money.ts';
import type { ErpCreditMemo, ErpInvoice, ErpSalesOrder } from '../../domain/sales-order.ts';
import { addedUp, partOf } from '../../domain/invoice-part.ts';
import {
  describeMoneyLine,
  newOnTheBill,
  settleMoney,
  unexplained,
  withGone,
  type Settlement,
} from '../../domain/settle-money.ts';
import { aCreditMemo, anInvoice, aSalesOrder, asShownByErp } from '../support/builders.ts';

const agreed = aSalesOrder({ tax: '20.00', freight: '5.00' });
const inErp = asShownByErp(agreed);

function shown(change: { invoiced?: number; cancelled?: number }): ErpSalesOrder {
  const { invoiced = 0, cancelled = 0 } = change;
  const lines = (inErp.lines ?? []).map((line) => ({
    ...line,
    open: line.ordered - invoiced - cancelled,
    invoiced,
    cancelledByHouse: cancelled,
  }));
  return { ...inErp, lines };
}

const settle = (order: ErpSalesOrder, invoices: readonly ErpInvoice[], credits: readonly ErpCreditMemo[] = []) =>
  settleMoney([{ agreed, shown: order, invoices, credits }], 2);

describe('an order’s money', () => {
  test('that is all invoiced adds up, with nothing to explain', () => {
    const order = shown({ invoiced: 10 });
    expect(settle(order, [anInvoice(order, { 1: 10 }, { tax: '20.00', freight: '5.00' })])).toMatchObject({
      ordered: '125.00',
      invoiced: '125.00',
      cancelled: '0.00',
      open: '0.00',
      lines: [],
      complete: true,
    });
  });

  test('that is invoiced in part shows what is open', () => {
    const order = shown({ invoiced: 4 });
    const found = settle(order, [anInvoice(order, { 1: 4 }, { tax: '8.00', freight: '5.00' })]);
    expect(found).toMatchObject({ invoiced: '53.00', open: '72.00', cancelled: '0.00', lines: [], complete: false });
  });

  test('leaves out the share of what was cancelled', () => {
    const order = shown({ invoiced: 6, cancelled: 4 });
    const found = settle(order, [anInvoice(order, { 1: 6 }, { tax: '12.00', freight: '5.00' })]);
    expect(found).toMatchObject({ invoiced: '77.00', cancelled: '48.00', open: '0.00', lines: [], complete: true });
  });

  test('explains cents that the ERP drops, up to the site’s tolerance, and nothing beyond', () => {
    const order = shown({ invoiced: 10 });
    const dropped = settle(order, [anInvoice(order, { 1: 10 }, { tax: '19.98', freight: '5.00' })]);
    expect(dropped.lines).toMatchObject([{ money: '-0.02', rule: 'centsDropped' }]);
    expect(unexplained(dropped)).toEqual([]);
    const lost = settle(order, [anInvoice(order, { 1: 10 }, { tax: '19.95', freight: '5.00' })]);
    expect(unexplained(lost).map(describeMoneyLine)).toEqual([
      'order 500001 tax: 19.95 billed instead of 20.00 (-0.05)',
    ]);
  });

  test('does not count voided invoices', () => {
    const order = shown({});
    expect(settle(order, [anInvoice(order, { 1: 10 }, { isVoid: true })])).toMatchObject({
      invoiced: '0.00',
      lines: [],
    });
  });

  test('counts of a consolidated invoice only its own lines', () => {
    const order = shown({ invoiced: 10 });
    const own = anInvoice(order, { 1: 10 }, { tax: '20.00', freight: '5.00' });
    const [line] = own.lines ?? [];
    const foreign = line ? [{ ...line, orderNumber: '999999', quantity: 3 }] : [];
    const both = { ...own, lines: [...(own.lines ?? []), ...foreign] };
    expect(settle(order, [both]).lines.some(({ what }) => what.includes('quantity'))).toBe(false);
  });
});

describe('a consolidated invoice', () => {
  const order = shown({ invoiced: 10 });
  const other = { ...order, orderNumber: '500002' };
  const own = anInvoice(order, { 1: 10 }).lines ?? [];
  const theirs = anInvoice(other, { 1: 5 }).lines ?? [];
  const whole = anInvoice(
    { ...order, orderNumber: '500001' },
    {},
    { subTotal: '150.00', tax: '30.01', freight: '5.00', total: '185.01', paid: '185.01', lines: [...own, ...theirs] },
  );

  test('counts for each of its orders with that order’s goods and its share of the rest, and no cent twice', () => {
    const parts = ['500001', '500002'].map((orderNumber) => partOf(whole, orderNumber));
    expect(parts.map(({ subTotal }) => subTotal)).toEqual(['100.00', '50.00']);
    for (const name of ['subTotal', 'tax', 'freight', 'total', 'paid'] as const)
      expect(Number(sum(parts.map((part) => part[name])))).toBe(Number(whole[name]));
    expect(parts.map(({ lines }) => lines?.length)).toEqual([1, 1]);
    for (const part of parts) expect(addedUp(part)).toBe(sum([part.total]));
  });

  test('is the same invoice where it bills one order', () => {
    const single = anInvoice(order, { 1: 10 }, { tax: '20.00' });
    expect(partOf(single, '500001')).toEqual(single);
    expect(partOf({ ...single, lines: null }, '500001')).toEqual({ ...single, lines: null });
  });

  test('is not held against its orders for what nobody can divide, and shows its own part as invoiced', () => {
    const found = settle(order, [whole]);
    expect(found).toMatchObject({ invoiced: '123.34', open: '0.00' });
    expect(unexplained(found)).toEqual([]);
    expect(found.lines.map(describeMoneyLine)).toEqual([
      'order 500001 tax: 20.01 billed instead of 20.00 (+0.01, cents the ERP drops by its own rules)',
      'order 500001 freight: 3.33 billed instead of 5.00 (-1.67, the share of an invoice of several orders)',
    ]);
  });
});

test('an invoice that does not name the line counts for the line of its item', () => {
  const order = shown({ invoiced: 10 });
  const invoice = anInvoice(order, { 1: 10 }, { tax: '20.00', freight: '5.00' });
  const nameless = { ...invoice, lines: (invoice.lines ?? []).map((line) => ({ ...line, sequence: null })) };
  expect(settle(order, [nameless]).lines).toEqual([]);
});

describe('what nobody can explain', () => {
  const order = shown({ invoiced: 10 });
  const honest = anInvoice(order, { 1: 10 }, { tax: '20.00', freight: '5.00' });
  const [line] = honest.lines ?? [];

  test.each<readonly [string, ErpInvoice, readonly ErpCreditMemo[]]>([
    ['another price', { ...honest, lines: line ? [{ ...line, price: '11.00', amount: '110.00' }] : [] }, []],
    [
      'an amount that is not price times units',
      {
        ...honest,
        subTotal: '90.00',
        total: '115.00',
        lines: line ? [{ ...line, amount: '90.00' }] : [],
      },
      [],
    ],
    [
      'a line the order does not have',
      {
        ...honest,
        subTotal: '150.00',
        total: '175.00',
        lines: line ? [line, { ...line, sequence: 9, quantity: 5, amount: '50.00' }] : [],
      },
      [],
    ],
    ['another currency', { ...honest, currency: 'CAD' }, []],
    ['another quantity', { ...honest, lines: line ? [{ ...line, quantity: 11 }] : [] }, []],
    ['a total that does not add up', { ...honest, total: '999.00' }, []],
    ['freight that was not agreed', { ...honest, freight: '6.00', total: '126.00' }, []],
    ['tax by five cents', { ...honest, tax: '20.05', total: '125.05' }, []],
    ['credits beyond the invoices', honest, [aCredit('500.00')]],
  ])('%s is finance’s', (_, invoice, credits) => {
    expect(unexplained(settle(order, [invoice], credits)).length).toBeGreaterThan(0);
  });
});

describe('what is billed too much and credited', () => {
  const order = shown({ invoiced: 10 });
  const header = { tax: '20.00', freight: '5.00' };
  const freightTwice = anInvoice(order, { 1: 10 }, { ...header, freight: '10.00' });
  const dearer = anInvoice(order, { 1: 10 }, { tax: '22.00', freight: '5.00', subTotal: '110.00', total: '137.00' });
  const atOtherPrice = {
    ...dearer,
    lines: (dearer.lines ?? []).map((line) => ({ ...line, price: '11.00', amount: '110.00' })),
  };

  test.each<readonly [string, readonly ErpInvoice[], string, number]>([
    ['freight twice', [freightTwice], '5.00', 1],
    ['another price, and tax on it', [atOtherPrice], '12.00', 2],
    ['a discount that was left out', [anInvoice(order, { 1: 10 }, header)], '3.00', 1],
    [
      'all of it twice',
      [anInvoice(order, { 1: 10 }, header), anInvoice(order, { 1: 10 }, { ...header, number: '7' })],
      '125.00',
      3,
    ],
  ])('is explained where the memo is of the same money: %s', (what, invoices, total, lines) => {
    const discount = what.startsWith('a discount') ? '3.00' : '0';
    const settled = (credits: readonly ErpCreditMemo[]) =>
      settleMoney([{ agreed: { ...agreed, discount }, shown: order, invoices, credits }], 2);
    expect(unexplained(settled([]))).toHaveLength(lines);
    expect(unexplained(settled([aCredit(total)]))).toEqual([]);
    expect(settled([aCredit(total)]).lines.map(({ rule }) => rule)).toEqual(Array(lines).fill('credited'));
    expect(unexplained(settled([aCredit(subtract(total, '0.01'))]))).toHaveLength(lines);
  });

  test('says so in a person’s words, beside the cents that the ERP drops', () => {
    const cents = anInvoice(order, { 1: 10 }, { tax: '19.99', freight: '10.00' });
    expect(settle(order, [cents], [aCredit('5.00')]).lines.map(describeMoneyLine)).toEqual([
      'order 500001 tax: 19.99 billed instead of 20.00 (-0.01, cents the ERP drops by its own rules)',
      'order 500001 freight: 10.00 billed instead of 5.00 (+5.00, made good by credit memos)',
    ]);
  });

  test.each<readonly [string, ErpSalesOrder, readonly ErpInvoice[], readonly ErpCreditMemo[]]>([
    [
      'something else is billed too little',
      order,
      [{ ...freightTwice, tax: '18.00', total: '128.00' }],
      [aCredit('3.00')],
    ],
    ['the invoice is in another currency', order, [{ ...freightTwice, currency: 'CAD' }], [aCredit('5.00')]],
    ['another memo is', order, [freightTwice], [aCredit('5.00'), aCreditMemo({ currency: 'CAD', total: '1.00' })]],
    [
      'an invoice is not seen yet',
      shown({ invoiced: 5 }),
      [anInvoice(order, { 1: 4 }, { tax: '8.00', freight: '5.00', total: '58.00' })],
      [aCredit('5.00')],
    ],
  ])('is finance’s still while %s', (_, each, invoices, credits) => {
    const found = settle(each, invoices, credits);
    expect(unexplained(found).length).toBeGreaterThan(0);
    expect(found.lines.some(({ rule }) => rule === 'credited')).toBe(false);
  });
});

describe('a credit memo in another currency', () => {
  const order = shown({ invoiced: 10 });
  const honest = anInvoice(order, { 1: 10 }, { tax: '20.00', freight: '5.00' });
  const foreign = aCreditMemo({ number: '900002', currency: 'CAD', total: '120.00' });

  test('is finance’s, and is not added up with those in the agreed one', () => {
    const found = settle(order, [honest], [aCredit('15.00'), foreign]);
    expect(found.credited).toBe('15.00');
    expect(unexplained(found).map(describeMoneyLine)).toEqual([
      'credit memo 900002 in CAD, agreed in USD: -120.00 billed instead of 0.00 (-120.00)',
    ]);
  });

  test('is none where it, or the order, names no currency', () => {
    const blank = { ...foreign, currency: '' };
    expect(settle(order, [honest], [blank])).toMatchObject({ credited: '120.00', lines: [] });
    const billing = { agreed: { ...agreed, currency: '' }, shown: order, invoices: [honest], credits: [foreign] };
    expect(settleMoney([billing], 2)).toMatchObject({ credited: '120.00', lines: [] });
  });
});

test('every honest history of partial shipments and a cancelled rest is explained to the cent', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 0, max: 9_999 }),
      (quantity, ships, taxCents) => {
        const tax = (taxCents / 100).toFixed(2);
        const [template] = agreed.lines;
        const order = aSalesOrder({
          tax,
          freight: '5.00',
          lines: template ? [{ ...template, quantity, price: '3.33' }] : [],
        });
        const entered = asShownByErp(order);
        const everything = multiply('3.33', quantity);
        let left = quantity;
        let taxBilled = '0';
        const invoices: ErpInvoice[] = [];
        const sizes = ships.flatMap((units) => {
          const taken = Math.min(units, left);
          left -= taken;
          return taken > 0 ? [taken] : [];
        });
        const kept = sizes.reduce((units, each) => units + each, 0);
        for (const [index, units] of sizes.entries()) {
          const isLast = index === sizes.length - 1;
          // As the ERP splits: by goods value, the rest of cents on the last, the share of cancelled goods never.
          const part = isLast
            ? subtract(shareOf(tax, multiply('3.33', kept), everything), taxBilled)
            : shareOf(tax, multiply('3.33', units), everything);
          taxBilled = sum([taxBilled, part]);
          invoices.push(
            anInvoice(
              entered,
              { 1: units },
              { number: `70000${index}`, tax: part, freight: index === 0 ? '5.00' : '0' },
            ),
          );
        }
        const lines = (entered.lines ?? []).map((line) => ({
          ...line,
          open: 0,
          invoiced: kept,
          cancelledByHouse: left,
        }));
        const found = settleMoney([{ agreed: order, shown: { ...entered, lines }, invoices, credits: [] }], 2);
        expect(unexplained(found)).toEqual([]);
        expect(Number(found.ordered)).toBeCloseTo(Number(sum([found.invoiced, found.cancelled, found.open])), 2);
      },
    ),
  );
});

describe('the bill', () => {
  const order = shown({ invoiced: 10 });
  const first = anInvoice(order, { 1: 4 }, { number: '999', tax: '8.00', date: '2026-02-01', tracking: [] });
  const second = anInvoice(order, { 1: 6 }, { number: '1000', paid: '60.00', date: '2026-02-01' });

  test('holds every invoice and credit memo, newest first, and what a credit takes off as negative', () => {
    const found = settle(order, [first, second, { ...first, number: '998', isVoid: true }], [aCredit('15.00')]);
    expect(found.documents).toMatchObject([
      {
        kind: 'invoice',
        number: '1000',
        orderNumber: '500001',
        date: '2026-02-01',
        units: 6,
        total: '60.00',
        paid: '60.00',
        carrier: 'UPSG',
        tracking: ['1Z1'],
        standing: 'valid',
      },
      { number: '999', units: 4, total: '48.00', tracking: [] },
      { number: '998', standing: 'void' },
      { kind: 'credit', number: '900001', total: '-15.00' },
    ]);
  });

  test('holds of a consolidated invoice the part of the order', () => {
    const other = { ...order, orderNumber: '500002' };
    const lines = [...(first.lines ?? []), ...(anInvoice(other, { 1: 6 }).lines ?? [])];
    const both = { ...first, lines, subTotal: '100.00', tax: '20.00', total: '120.00', paid: '120.00' };
    expect(settle(order, [both]).documents).toMatchObject([{ units: 4, total: '48.00', paid: '48.00' }]);
  });

  test('holds the newest thirty, and a few numbers of an invoice of many parcels', () => {
    const tracking = Array.from({ length: 200 }, (_, index) => `1Z${index}`);
    const invoices = Array.from({ length: 40 }, (_, index) => ({ ...first, number: `${700_000 + index}`, tracking }));
    const { documents = [] } = settle(order, invoices);
    expect(documents).toHaveLength(30);
    expect(documents[0]).toMatchObject({ number: '700039', parcels: 200, tracking: tracking.slice(0, 5) });
    expect(JSON.stringify(documents).length).toBeLessThan(10_000);
  });

  test('tells what appeared, in the order in which it came, and each once', () => {
    const one = settle(order, [first]);
    const two = settle(
      order,
      [first, { ...second, date: '2026-02-02' }],
      [{ ...aCredit('15.00'), date: '2026-02-03' }],
    );
    expect(newOnTheBill(null, one)).toEqual(['Invoice 999: 4 units, 48.00 USD.']);
    expect(newOnTheBill(one, two)).toEqual([
      'Invoice 1000: 6 units, 60.00 USD, tracking 1Z1.',
      'Credit memo 900001: -15.00 USD.',
    ]);
    expect(newOnTheBill(two, two)).toEqual([]);
  });

  test('tells tracking that came after the invoice', () => {
    const tracked = settle(order, [{ ...first, tracking: ['1Z7', '1Z8'] }]);
    expect(newOnTheBill(settle(order, [first]), tracked)).toEqual(['Invoice 999: tracking 1Z7, 1Z8.']);
  });

  test('keeps an invoice that was voided, also when nobody shows it any more', () => {
    const valid = settle(order, [first]);
    const voided = settle(order, [{ ...first, isVoid: true }]);
    const nothing = settle(order, []);
    expect(newOnTheBill(valid, voided)).toEqual(['Invoice 999 was voided.']);
    expect(withGone(voided, nothing).documents).toMatchObject([{ number: '999', standing: 'void' }]);
    expect(newOnTheBill(voided, withGone(voided, nothing))).toEqual([]);
    const gone = withGone(valid, nothing);
    expect(gone.documents).toMatchObject([{ number: '999', standing: 'gone' }]);
    expect(newOnTheBill(valid, gone)).toEqual(['Invoice 999 is not shown by the ERP any more.']);
    expect(newOnTheBill(gone, withGone(gone, valid))).toEqual(['Invoice 999 stands again.']);
  });

  test('names the order where there are several', () => {
    const other = { ...order, orderNumber: '500002' };
    const bills = [order, other].map((each) => ({
      agreed,
      shown: each,
      invoices: [anInvoice(each, { 1: 10 })],
      credits: [],
    }));
    expect(newOnTheBill(null, settleMoney(bills, 2)).toSorted()).toEqual([
      'Invoice 700001 of order 500001: 10 units, 100.00 USD, tracking 1Z1.',
      'Invoice 700001 of order 500002: 10 units, 100.00 USD, tracking 1Z1.',
    ]);
  });

  test('of an order with many invoices tells the newest, and how many more there are', () => {
    const invoices = Array.from({ length: 20 }, (_, index) => ({ ...first, number: `${700_000 + index}` }));
    const told = newOnTheBill(null, settle(order, invoices));
    expect(told).toHaveLength(9);
    expect(told.at(-1)).toBe('12 more invoices and credits are in the table.');
    expect(told.at(-2)).toContain('Invoice 700019');
  });

  test('tells nothing of a settlement that an earlier version remembered without its documents', () => {
    const { documents: _documents, ...before } = settle(order, [first]);
    const old: Settlement = before;
    expect(newOnTheBill(old, settle(order, [first, second]))).toEqual([]);
    expect(withGone(old, old)).toEqual(old);
  });
});

function aCredit(total: string): ErpCreditMemo {
  return aCreditMemo({ total });
}
