import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readBilling } from '../../activities/read-billing.ts';
import type { BlueCherry, CallOptions } from '../../connectors/bluecherry/bluecherry.ts';
import type { ErpCreditMemo, ErpInvoice, ErpSalesOrder } from '../../domain/sales-order.ts';
import { aCreditMemo, anInvoice, aSalesOrder, asShownByErp } from '../support/builders.ts';
import { startSteps, type Steps } from '../support/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterAll(() => steps.stop());

const CALL: CallOptions = {
  priority: 'status',
  signal: new AbortController().signal,
  deadline: Number.POSITIVE_INFINITY,
};

const LATER = { reading: 'later', toldCredits: [] } as const;

/** An order of ten units, of which so many are invoiced, the last of them by this invoice. */
function anOrder(invoiced: number, latestInvoice: string): ErpSalesOrder {
  const order = asShownByErp(aSalesOrder());
  return {
    ...order,
    lines: (order.lines ?? []).map((line) => ({ ...line, open: 10 - invoiced, invoiced, latestInvoice })),
  };
}

/** The ERP with these invoices, which the order’s picks name, and these credit memos. */
function anErp(order: ErpSalesOrder, invoices: readonly ErpInvoice[], memos: readonly ErpCreditMemo[] = []) {
  const calls: string[] = [];
  const bluecherry: BlueCherry = {
    ...steps.dependencies.bluecherry,
    findInvoices: (by) => {
      calls.push('number' in by ? `invoice ${by.number}` : 'invoices of the order');
      const fits = (each: ErpInvoice) =>
        'number' in by ? each.number === by.number : each.orderNumber === by.orderNumber;
      return Promise.resolve(invoices.filter(fits));
    },
    findCreditMemos: (by) => {
      calls.push('number' in by ? `credit memo ${by.number}` : `credit memos of ${by.invoiceNumber}`);
      const fits = (each: ErpCreditMemo) =>
        'number' in by ? each.number === by.number : each.invoiceNumber === by.invoiceNumber;
      return Promise.resolve(memos.filter(fits));
    },
    findPicks: () => {
      calls.push('picks');
      const pick = { number: '1', orderNumber: order.orderNumber, altPo: '', referenceField: '' };
      return Promise.resolve(
        ['', ...invoices.map(({ number }) => number)].map((invoiceNumber) => ({ ...pick, invoiceNumber })),
      );
    },
  };
  return { bluecherry, calls };
}

describe('what was billed for an order', () => {
  const order = anOrder(10, '700002');
  const earlier = { ...anInvoice(order, { 1: 4 }), number: '700001', orderNumber: '499999' };
  const later = { ...anInvoice(order, { 1: 6 }), number: '700002' };

  test('includes an earlier invoice that another order heads, found by its picks', async () => {
    const { bluecherry, calls } = anErp(order, [earlier, later]);
    const { invoices } = await readBilling(bluecherry, order, LATER, CALL);
    expect(invoices.map(({ number }) => number).toSorted()).toEqual(['700001', '700002']);
    expect(calls).toEqual(['invoices of the order', 'picks', 'invoice 700001']);
  });

  test('asks for no picks where every invoiced unit is billed', async () => {
    const own = { ...earlier, orderNumber: order.orderNumber };
    const { bluecherry, calls } = anErp(order, [own, later]);
    expect((await readBilling(bluecherry, order, LATER, CALL)).invoices).toHaveLength(2);
    expect(calls).toEqual(['invoices of the order']);
  });

  test('costs no call while nothing is invoiced', async () => {
    const open = anOrder(0, '');
    const { bluecherry, calls } = anErp(open, []);
    expect(await readBilling(bluecherry, open, { ...LATER, reading: 'first' }, CALL)).toEqual({
      invoices: [],
      credits: [],
    });
    expect(calls).toEqual([]);
  });
});

describe('what was credited for an order', () => {
  const order = anOrder(10, '700001');
  const invoice = anInvoice(order, { 1: 10 });
  const { orderNumber } = order;
  const earlier = aCreditMemo({ number: '900001', orderNumber, invoiceNumber: '700001', total: '80.00' });
  const later = aCreditMemo({ number: '900002', orderNumber, invoiceNumber: '700001', total: '50.00' });
  const untied = aCreditMemo({ number: '900003', orderNumber, total: '5.00' });
  const ofAnother = aCreditMemo({ number: '900004', orderNumber: '499999', invoiceNumber: '700001', total: '7.00' });

  async function credits(memos: readonly ErpCreditMemo[], known: Parameters<typeof readBilling>[2]) {
    const { bluecherry, calls } = anErp(order, [invoice], memos);
    const { credits: found } = await readBilling(bluecherry, order, known, CALL);
    return { found: found.map(({ number }) => number), asked: calls.filter((call) => call.startsWith('credit')) };
  }

  test('includes at a first reading the memos that nobody told it of', async () => {
    expect(await credits([earlier, ofAnother], { reading: 'first', toldCredits: [] })).toEqual({
      found: ['900001'],
      asked: ['credit memos of 700001'],
    });
  });

  test('includes beside the memo that was told the earlier ones, each once', async () => {
    for (const reading of ['first', 'later'] as const)
      expect(await credits([earlier, later, untied], { reading, toldCredits: ['900002', '900003'] })).toEqual({
        found: ['900001', '900002', '900003'],
        asked: ['credit memos of 700001', 'credit memo 900003'],
      });
  });

  test('costs no call at a later reading of an order without one', async () => {
    expect(await credits([earlier], LATER)).toEqual({ found: [], asked: [] });
  });
});
