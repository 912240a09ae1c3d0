import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createErpFeedActivities } from '../../activities/erp-feed-activities.ts';
import type { OrderWorkflows } from '../../activities/order-workflows.ts';
import type { BlueCherry, ErpChanges } from '../../connectors/bluecherry/bluecherry.ts';
import { anInvoice, aSalesOrder, asShownByErp } from '../support/builders.ts';
import { asActivity, startSteps, type Remembered, type Steps } from '../support/steps.ts';

let steps: Steps;
beforeAll(async () => {
  steps = await startSteps();
});
afterAll(() => steps.stop());

/** Orders that note who was told that something moved. */
function listening(told: string[]): OrderWorkflows {
  return {
    startOrTell: () => Promise.resolve(),
    isKnown: () => Promise.resolve(false),
    openOrders: async function* () {},
    tellChanged: () => Promise.resolve(true),
    tellGone: () => Promise.resolve(true),
    openFor: () => Promise.resolve(),
    unacceptedOrders: async function* () {},
    stateOf: () => Promise.resolve(null),
    lastResultOf: () => Promise.resolve(null),
    tellErpChange: (key, news) => {
      if (news.moved) told.push(key);
      return Promise.resolve(true);
    },
  };
}

test('an order that the ERP did not show once is asked for again when its next invoice moves', async () => {
  const order = await steps.accepted({ lines: [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }] });
  steps.ships();
  const told: string[] = [];
  const orders = listening(told);
  const { bluecherry } = steps.dependencies;
  let isHidden = true;
  // Long after the order itself has moved: of what is new only the invoice names it.
  const hiding: typeof bluecherry = {
    ...bluecherry,
    readChanges: async (cursor, call) => ({
      ...(await bluecherry.readChanges(cursor, call)),
      salesOrders: [],
      picks: [],
    }),
    getSalesOrder: (number, call) => (isHidden ? Promise.resolve(null) : bluecherry.getSalesOrder(number, call)),
  };
  const feed = createErpFeedActivities({ bluecherry: hiding, orders });
  await asActivity(() => feed.tellErpChanges({ last: null }));
  expect(told).toEqual([]);
  isHidden = false;
  await asActivity(() => feed.tellErpChanges({ last: null }));
  expect(told).toEqual([order.key]);
});

describe('the payment of a consolidated invoice', () => {
  /** The ERP says these changes, one pass after the other, and shows the invoice with lines of both orders. */
  async function world(
    passes: (numbers: readonly string[], references: readonly string[]) => readonly Partial<ErpChanges>[],
  ) {
    const orders: Remembered[] = [];
    for (const quantity of [10, 5])
      orders.push(await steps.accepted({ lines: [{ sku: 'AC-1001-BLK-M', quantity, unitPrice: '20.00' }] }));
    const numbers = orders.map(({ documents }) => documents[0]?.orderNumber ?? '');
    const { bluecherry } = steps.dependencies;
    const quiet = await bluecherry.readChanges(null, aQuietCall());
    const left = [
      ...passes(
        numbers,
        orders.map(({ reference }) => reference),
      ),
    ];
    const calls: string[] = [];
    const erp: BlueCherry = {
      ...bluecherry,
      readChanges: () =>
        Promise.resolve({
          ...quiet,
          imports: [],
          salesOrders: [],
          picks: [],
          invoices: [],
          creditMemos: [],
          ...left.shift(),
        }),
      findInvoices: () => {
        calls.push('findInvoices');
        return Promise.resolve([consolidated(numbers)]);
      },
      getSalesOrder: (number, call) => {
        calls.push('getSalesOrder');
        return bluecherry.getSalesOrder(number, call);
      },
    };
    const told: string[] = [];
    const feed = createErpFeedActivities({ bluecherry: erp, orders: listening(told) });
    return { feed, told, calls, keys: orders.map(({ key }) => key) };
  }

  const aQuietCall = () => ({
    priority: 'status' as const,
    signal: new AbortController().signal,
    deadline: Number.POSITIVE_INFINITY,
  });

  function consolidated([first = '', second = '']: readonly string[], subTotal = '300.00') {
    const order = { ...asShownByErp(aSalesOrder()), orderNumber: first };
    const own = anInvoice(order, { 1: 10 });
    const theirs = anInvoice({ ...order, orderNumber: second }, { 1: 5 }).lines ?? [];
    return { ...own, subTotal, total: subTotal, lines: [...(own.lines ?? []), ...theirs] };
  }
  const header = (numbers: readonly string[], subTotal?: string) => ({
    ...consolidated(numbers, subTotal),
    lines: null,
  });
  const pick = (orderNumber: string, altPo: string) => ({
    number: `P${orderNumber}`,
    orderNumber,
    invoiceNumber: '700001',
    altPo,
    referenceField: '',
  });

  test('is told to every order that its lines name, for one reading of them', async () => {
    const { feed, told, calls, keys } = await world((numbers) => [
      { invoices: [header(numbers)] },
      { invoices: [header(numbers)] },
    ]);
    await asActivity(() => feed.tellErpChanges({ last: null }));
    expect(told.toSorted()).toEqual(keys.toSorted());
    await asActivity(() => feed.tellErpChanges({ last: null }));
    expect(told).toHaveLength(4);
    expect(calls).toEqual(['getSalesOrder', 'findInvoices', 'getSalesOrder']);
  });

  test('is told to the orders whose picks came by, without a call for its lines', async () => {
    const { feed, told, calls, keys } = await world((numbers, references) => [
      { picks: numbers.map((number, index) => pick(number, references[index] ?? '')) },
      { invoices: [header(numbers, '40.00')] },
    ]);
    await asActivity(() => feed.tellErpChanges({ last: null }));
    told.length = 0;
    await asActivity(() => feed.tellErpChanges({ last: null }));
    expect(told.toSorted()).toEqual(keys.toSorted());
    expect(calls).toEqual([]);
  });

  test('costs no reading of lines where its order has goods enough', async () => {
    const { feed, told, calls, keys } = await world((numbers) => [{ invoices: [header(numbers, '200.00')] }]);
    await asActivity(() => feed.tellErpChanges({ last: null }));
    expect(told).toEqual([keys[0]]);
    expect(calls).toEqual(['getSalesOrder']);
  });
});
