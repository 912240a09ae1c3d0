import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createErpFeedActivities } from '../../activities/erp-feed-activities.ts';
import type { OrderWorkflows } from '../../activities/order-workflows.ts';
import { schemaDrift } from '../../connectors/bluecherry/blue-cherry-error.ts';
import type { BlueCherry, ErpChanges } from '../../connectors/bluecherry/bluecherry.ts';
import type { ErpCreditMemo } from '../../domain/sales-order.ts';
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

const aQuietCall = () => ({
  priority: 'status' as const,
  signal: new AbortController().signal,
  deadline: Number.POSITIVE_INFINITY,
});

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
    glanceAtOrder: (number, call) => (isHidden ? Promise.resolve(null) : bluecherry.glanceAtOrder(number, call)),
  };
  const feed = createErpFeedActivities({ bluecherry: hiding, orders });
  await asActivity(() => feed.tellErpChanges({ last: null }));
  expect(told).toEqual([]);
  isHidden = false;
  await asActivity(() => feed.tellErpChanges({ last: null }));
  expect(told).toEqual([order.key]);
});

describe('what cannot be read', () => {
  /** The ERP says these changes; documents that are asked for by themselves cannot be read. */
  async function tellAbout(
    news: (orderNumber: string, reference: string) => Partial<ErpChanges>,
    change: Partial<BlueCherry> = {},
  ) {
    const order = await steps.accepted({ lines: [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }] });
    const { bluecherry } = steps.dependencies;
    const nothing = { imports: [], salesOrders: [], picks: [], invoices: [], creditMemos: [], unreadable: [] };
    const { cursor } = await bluecherry.readChanges(null, aQuietCall());
    const changes = { ...nothing, cursor, ...news(order.documents[0]?.orderNumber ?? '', order.reference) };
    const drifted = () => Promise.reject(schemaDrift('GET /api/invoice', 'total_amt'));
    const erp = { ...bluecherry, findInvoices: drifted, readChanges: () => Promise.resolve(changes), ...change };
    const told: string[] = [];
    const feed = createErpFeedActivities({ bluecherry: erp, orders: listening(told) });
    const { stats } = await asActivity(() => feed.tellErpChanges({ last: null }));
    return { order, told, stats };
  }

  const odd = { altPo: '', referenceField: '', orderNumber: '', says: 'odd' };

  test('still names its order by a number, and that is told to look for itself', async () => {
    const { order, told, stats } = await tellAbout((orderNumber) => ({ unreadable: [{ ...odd, orderNumber }] }));
    expect(told).toEqual([order.key]);
    expect(stats).toMatchObject({ unreadable: 1, foreign: 0, told: 1 });
  });

  test('still names its order by a reference; of others nobody is told, and it costs no call', async () => {
    const order = await steps.accepted({ lines: [{ sku: 'AC-1001-BLK-M', quantity: 10, unitPrice: '20.00' }] });
    const none = () => Promise.reject(new Error('a call too many'));
    const { told, stats } = await tellAbout(
      () => ({
        unreadable: [
          { ...odd, altPo: order.reference },
          { ...odd, altPo: 'EDI-7' },
        ],
      }),
      { glanceAtOrder: none, getSalesOrder: none },
    );
    expect(told).toEqual([order.key]);
    expect(stats).toMatchObject({ unreadable: 2, foreign: 1 });
  });

  const memo = (change: Partial<ErpCreditMemo>): ErpCreditMemo => ({
    number: 'C1',
    orderNumber: '',
    invoiceNumber: '',
    date: null,
    currency: 'GBP',
    reason: '',
    restocked: false,
    tax: '0',
    freight: '0',
    total: '10.00',
    lines: null,
    changedAt: '2026-01-01T00:00:00.000Z',
    ...change,
  });

  test('of an invoice that a credit memo names stops nobody else’s news', async () => {
    const { told, stats } = await tellAbout((orderNumber) => ({
      creditMemos: [memo({ invoiceNumber: '700999' })],
      unreadable: [{ ...odd, orderNumber }],
    }));
    expect(told).toHaveLength(1);
    expect(stats).toMatchObject({ creditMemos: 1, foreign: 1 });
  });

  test('of an invoice that a credit memo names may be told by its pick', async () => {
    const { stats } = await tellAbout((orderNumber, altPo) => ({
      picks: [{ number: 'P1', orderNumber, invoiceNumber: '700999', altPo, referenceField: '' }],
      creditMemos: [memo({ invoiceNumber: '700999' })],
    }));
    expect(stats).toMatchObject({ told: 1, foreign: 0 });
  });

  test('of an order that an invoice names stops nobody else’s news', async () => {
    const { told } = await tellAbout(
      (orderNumber) => ({
        invoices: [{ ...anInvoice(asShownByErp(aSalesOrder()), { 1: 1 }), orderNumber: '900001', lines: null }],
        picks: [],
        unreadable: [{ ...odd, orderNumber }],
      }),
      {
        glanceAtOrder: (number, call) =>
          number === '900001'
            ? Promise.reject(schemaDrift('GET /api/salesOrder', 'a row'))
            : steps.dependencies.bluecherry.glanceAtOrder(number, call),
      },
    );
    expect(told).toHaveLength(1);
  });

  test('of an order of ours, a line that shows no price, does not keep its invoice’s news from it', async () => {
    const { order, told } = await tellAbout((orderNumber) => {
      steps.erp.clerkEdits(orderNumber, { price: { line: 1, price: null } });
      const invoice = anInvoice({ ...asShownByErp(aSalesOrder()), orderNumber }, { 1: 1 });
      return { invoices: [{ ...invoice, subTotal: '0', lines: null }] };
    });
    expect(told).toEqual([order.key]);
  });
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
      glanceAtOrder: (number, call) => {
        calls.push('glanceAtOrder');
        return bluecherry.glanceAtOrder(number, call);
      },
    };
    const told: string[] = [];
    const feed = createErpFeedActivities({ bluecherry: erp, orders: listening(told) });
    return { feed, told, calls, keys: orders.map(({ key }) => key) };
  }

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
    expect(calls).toEqual(['glanceAtOrder', 'findInvoices', 'glanceAtOrder']);
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
    expect(calls).toEqual(['glanceAtOrder']);
  });
});
