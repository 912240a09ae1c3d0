import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readBilling } from '../../activities/read-billing.ts';
import type { BlueCherry, CallOptions } from '../../connectors/bluecherry/bluecherry.ts';
import type { ErpInvoice, ErpSalesOrder } from '../../domain/sales-order.ts';
import { anInvoice, aSalesOrder, asShownByErp } from '../support/builders.ts';
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

/** An order of ten units, of which so many are invoiced, the last of them by this invoice. */
function anOrder(invoiced: number, latestInvoice: string): ErpSalesOrder {
  const order = asShownByErp(aSalesOrder());
  return {
    ...order,
    lines: (order.lines ?? []).map((line) => ({ ...line, open: 10 - invoiced, invoiced, latestInvoice })),
  };
}

/** The ERP with these invoices, which the order’s picks name. */
function anErp(order: ErpSalesOrder, invoices: readonly ErpInvoice[]) {
  const calls: string[] = [];
  const bluecherry: BlueCherry = {
    ...steps.dependencies.bluecherry,
    findInvoices: (by) => {
      calls.push('number' in by ? `invoice ${by.number}` : 'invoices of the order');
      const fits = (each: ErpInvoice) =>
        'number' in by ? each.number === by.number : each.orderNumber === by.orderNumber;
      return Promise.resolve(invoices.filter(fits));
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
    const { invoices } = await readBilling(bluecherry, order, [], CALL);
    expect(invoices.map(({ number }) => number).toSorted()).toEqual(['700001', '700002']);
    expect(calls).toEqual(['invoices of the order', 'picks', 'invoice 700001']);
  });

  test('asks for no picks where every invoiced unit is billed', async () => {
    const own = { ...earlier, orderNumber: order.orderNumber };
    const { bluecherry, calls } = anErp(order, [own, later]);
    expect((await readBilling(bluecherry, order, [], CALL)).invoices).toHaveLength(2);
    expect(calls).toEqual(['invoices of the order']);
  });

  test('costs no call while nothing is invoiced', async () => {
    const open = anOrder(0, '');
    const { bluecherry, calls } = anErp(open, []);
    expect(await readBilling(bluecherry, open, [], CALL)).toEqual({ invoices: [], credits: [] });
    expect(calls).toEqual([]);
  });
});
