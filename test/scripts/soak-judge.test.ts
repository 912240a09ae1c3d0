import { describe, expect, test } from 'vitest';

import { newOrder } from '../../domain/order-lifecycle.ts';
import type { OrderState, Step } from '../../domain/order-state.ts';
import type { Problem, ProblemCode } from '../../domain/problems.ts';
import type { SalesOrderView } from '../../sandbox/bluecherry/surface.ts';
import type { LineItem, Money, Package, PurchaseRecord } from '../../sandbox/sparklayer/wire.ts';
import { judge, type DocumentCase, type OrderCase, type Verdict } from '../../scripts/soak/judge.ts';
import { aSalesOrder } from '../support/builders.ts';

const KEY = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const SKU = 'AC-1001-BLK-M';
const OTHER = 'AC-1002-WHT-M';
const SETTLED: Step = { at: 'settled', orderNumber: '104001' };

describe('what is the same on both sides', () => {
  test('is equal', () => {
    expect(judge(aCase())).toEqual({ kind: 'equal' });
  });

  test('is equal over two documents of a divided purchase, each under its own reference', () => {
    const documents = [
      aDocument('REF', [anErpOrder({ lines: [anErpLine({ ordered: 10 })], freight: '10.00', tax: '42.00' })]),
      aDocument('REF.2', [
        anErpOrder({ ordNum: '104002', lines: [anErpLine({ sku: OTHER, ordered: 5 })], freight: '0.00', tax: '20.00' }),
      ]),
    ];
    const purchase = aPurchase([anOpenPackage([aLine(SKU, 10), aLine(OTHER, 5)])]);
    expect(judge(aCase({ purchase, documents }))).toEqual({ kind: 'equal' });
  });

  test('is equal when a part was cancelled here and there, and the ERP drops the share of it by its own rules', () => {
    const purchase = aPurchase([anOpenPackage([aLine(SKU, 7)]), aPackage('cancellation', [aLine(SKU, 3)])]);
    const order = anErpOrder({ lines: [anErpLine({ ordered: 10, cancelled: 3 })] });
    expect(judge(aCase({ purchase, documents: [aDocument('REF', [order])] }))).toEqual({ kind: 'equal' });
  });

  test('is equal when the shipped units are the invoiced ones', () => {
    const purchase = aPurchase([anOpenPackage([aLine(SKU, 6)]), aPackage('shipment', [aLine(SKU, 4)])]);
    const order = anErpOrder({ lines: [anErpLine({ ordered: 10, invoiced: 4 })] });
    expect(judge(aCase({ purchase, documents: [aDocument('REF', [order])] }))).toEqual({ kind: 'equal' });
  });
});

describe('a difference that no problem names is unexplained', () => {
  test.each([
    ['units', anErpOrder({ lines: [anErpLine({ ordered: 9 })] }), ['units', 'goods']],
    ['units of another SKU', anErpOrder({ lines: [anErpLine({ sku: OTHER, ordered: 10 })] }), ['units']],
    ['a unit cancelled in the ERP', anErpOrder({ lines: [anErpLine({ cancelled: 1 })] }), ['units', 'goods']],
    ['a price', anErpOrder({ lines: [anErpLine({ price: '20.01' })] }), ['goods']],
    ['a cent of discount', anErpOrder({ discount: '0.01' }), ['goods']],
    ['a cent of tax', anErpOrder({ tax: '42.01' }), ['tax']],
    ['a cent of freight', anErpOrder({ freight: '9.99' }), ['freight']],
    ['units invoiced and not shipped', anErpOrder({ lines: [anErpLine({ invoiced: 1 })] }), ['shipped']],
    ['the PO', anErpOrder({ header: { po_num: 'PO-2' } }), ['header']],
    ['the street', anErpOrder({ addresses: [{ addr_type: 'ST', addr1: '2 High Street' }] }), ['header']],
  ])('%s', (_, order, kinds) => {
    expect(kindsOf(judge(aCase({ documents: [aDocument('REF', [order])] })))).toEqual(kinds);
  });

  test('the ERP order’s number that the purchase does not carry', () => {
    const purchase = { ...aPurchase(), purchase_identifiers: { sparklayer: KEY, internal: null } };
    expect(kindsOf(judge(aCase({ purchase })))).toEqual(['header']);
  });

  test('an order that is not in the ERP at all', () => {
    expect(kindsOf(judge(aCase({ documents: [] })))).toEqual(['units']);
  });

  test('a problem about the hold alone explains no difference', () => {
    const documents = [aDocument('REF', [anErpOrder({ tax: '42.01' })])];
    expect(kindsOf(judge(aCase({ documents, order: anOrder(SETTLED, ['ERP_HOLD']) })))).toEqual(['tax']);
  });
});

describe('a difference that the order names', () => {
  test('is with a person, and is counted by its codes', () => {
    const purchase = aPurchase([anOpenPackage([aLine(SKU, 12)])]);
    const order = anOrder({ at: 'parked', orderNumber: '104001' }, ['AMENDED', 'ERP_HOLD']);
    expect(judge(aCase({ purchase, order }))).toMatchObject({ kind: 'named', codes: ['AMENDED', 'ERP_HOLD'] });
  });

  test('an order that goes on looking for its post rests when a person is asked', () => {
    const step: Step = {
      at: 'unknown',
      order: aSalesOrder(),
      since: '',
      watermark: null,
      look: { kind: 'now', gap: 1 },
    };
    expect(judge(aCase({ documents: [], order: anOrder(step, ['OUTCOME_UNKNOWN']) })).kind).toBe('named');
    expect(kindsOf(judge(aCase({ documents: [], order: anOrder(step, []) })))).toEqual(['notAtRest']);
  });

  test('an order that the ERP took in and does not decide on rests when it says so', () => {
    const step: Step = {
      at: 'awaiting',
      order: aSalesOrder(),
      transaction: '55001',
      row: 1,
      isRepeat: false,
      isDisowned: false,
      since: '',
      look: { kind: 'now', gap: 1 },
    };
    expect(judge(aCase({ documents: [], order: anOrder(step, ['IMPORT_OVERDUE']) })).kind).toBe('named');
    expect(kindsOf(judge(aCase({ documents: [], order: anOrder(step, []) })))).toEqual(['notAtRest']);
  });

  test('a cancel that the ERP took in rests when the order says so; one whose answer was lost goes again', () => {
    const step = {
      at: 'cancelling',
      orderNumber: '104001',
      cancelling: { lines: null, sent: null, afterwards: 'end', act: null },
      transaction: '55002',
      postedAt: '',
      since: '',
      look: { kind: 'now', gap: 1 },
    } as const satisfies Step;
    expect(judge(aCase({ order: anOrder(step, ['CHANGE_OVERDUE']) })).kind).toBe('named');
    expect(kindsOf(judge(aCase({ order: anOrder(step, []) })))).toEqual(['notAtRest']);
    const lost = anOrder({ ...step, transaction: null }, ['CHANGE_OVERDUE']);
    expect(kindsOf(judge(aCase({ order: lost })))).toEqual(['notAtRest']);
  });

  test('two live ERP orders of one reference are excused by nothing', () => {
    const documents = [aDocument('REF', [anErpOrder(), anErpOrder({ ordNum: '104002' })])];
    const order = anOrder({ at: 'parked', orderNumber: '104001' }, ['DUPLICATE_IN_ERP']);
    expect(kindsOf(judge(aCase({ documents, order })))).toContain('duplicate');
  });

  test('a second ERP order is none when the first one is cancelled', () => {
    const cancelled = anErpOrder({ ordNum: '104002', status: 'X', lines: [anErpLine({ cancelled: 10 })] });
    expect(judge(aCase({ documents: [aDocument('REF', [cancelled, anErpOrder()])] }))).toEqual({ kind: 'equal' });
  });

  test('a failed workflow, or one whose task fails, is excused by nothing', () => {
    const order = anOrder({ at: 'parked', orderNumber: '104001' }, ['AMENDED']);
    expect(kindsOf(judge(aCase({ order: { ...order, status: 'FAILED' } })))).toEqual(['workflowFailed']);
    expect(kindsOf(judge(aCase({ order: { ...order, taskAttempt: 2 } })))).toEqual(['workflowFailed']);
    expect(kindsOf(judge(aCase({ order: { ...order, state: null } })))).toEqual(['workflowFailed']);
  });
});

describe('purchases without an order, and orders without a purchase', () => {
  test('a purchase that nobody took in is unaccounted', () => {
    expect(kindsOf(judge(aCase({ documents: [], order: null })))).toEqual(['unaccounted']);
    expect(kindsOf(judge(aCase({ purchase: null, order: null })))).toEqual(['unaccounted']);
  });

  test('what never became an order needs no workflow', () => {
    const quote = { ...aPurchase(), type: 'quote' };
    expect(judge(aCase({ purchase: quote, documents: [], order: null }))).toEqual({ kind: 'neverAnOrder' });
    expect(judge(aCase({ purchase: null, documents: [], order: null }))).toEqual({ kind: 'neverAnOrder' });
  });

  test('an order without purchase and without ERP order is unaccounted, unless it asks for somebody', () => {
    const given = aCase({ purchase: null, documents: [] });
    expect(kindsOf(judge(given))).toEqual(['unaccounted']);
    const order = anOrder({ at: 'parked', orderNumber: null }, ['WITHDRAWN']);
    expect(judge({ ...given, order }).kind).toBe('named');
  });

  test('an order that stands in the ERP although its purchase is gone must say so', () => {
    expect(kindsOf(judge(aCase({ purchase: null })))).toEqual(['units']);
    const order = anOrder({ at: 'parked', orderNumber: '104001' }, ['WITHDRAWN']);
    expect(judge(aCase({ purchase: null, order })).kind).toBe('named');
  });
});

describe('orders that have ended', () => {
  const gone = aPurchase([aPackage('cancellation', [aLine(SKU, 10)])]);

  test('are cancelled on both sides', () => {
    const cancelled = anErpOrder({ status: 'X', lines: [anErpLine({ cancelled: 10 })] });
    const documents = [aDocument('REF', [cancelled])];
    const order = anOrder({ at: 'finished', outcome: 'cancelled' }, []);
    expect(judge(aCase({ purchase: gone, documents, order }))).toEqual({ kind: 'ended', outcome: 'cancelled' });
    expect(kindsOf(judge(aCase({ purchase: gone, order })))).toEqual(['units']);
  });

  test('and were not settled by hand are the same on both sides', () => {
    const order = anOrder({ at: 'finished', outcome: 'closed' }, []);
    expect(judge(aCase({ order }))).toEqual({ kind: 'ended', outcome: 'closed' });
    expect(kindsOf(judge(aCase({ order, documents: [] })))).toEqual(['units']);
  });

  test('say on the purchase that is still open who closed it', () => {
    const order = anOrder({ at: 'finished', outcome: 'closed' }, []);
    const says = { name: 'instep', value: JSON.stringify({ state: 'Closed.', closed: { actor: 'ada', reason: 'x' } }) };
    const purchase: PurchaseRecord = { ...aPurchase(), metadata: [says] };
    expect(judge(aCase({ purchase, order, documents: [] }))).toEqual({ kind: 'ended', outcome: 'closed' });
    const noOrder = { ...aPurchase(), type: 'awaiting_approval' };
    expect(judge(aCase({ purchase: noOrder, order }))).toEqual({ kind: 'ended', outcome: 'closed' });
    const begunAnew = anOrder({ at: 'finished', outcome: 'withdrawn' }, []);
    const afterNews = (wasClosed: boolean) => judge(aCase({ purchase: noOrder, order: begunAnew, wasClosed }));
    expect(afterNews(true)).toEqual({ kind: 'ended', outcome: 'withdrawn' });
    expect(kindsOf(afterNews(false))).toEqual(['units']);
    const editedLater = anOrder({ at: 'finished', outcome: 'excluded' }, []);
    expect(judge(aCase({ purchase, order: editedLater }))).toEqual({ kind: 'ended', outcome: 'excluded' });
    expect(kindsOf(judge(aCase({ order: editedLater })))).toEqual(['units', 'unaccounted']);
    const deletedThen = (what: string) => {
      const { state } = editedLater;
      const timeline = [{ at: '2026-01-20T10:00:00.000Z', what }];
      return aCase({ purchase: null, order: { ...editedLater, state: state && { ...state, timeline } } });
    };
    const closed = judge(deletedThen('Not taken in: closed by ada: x'));
    expect(closed).toEqual({ kind: 'ended', outcome: 'excluded' });
    expect(kindsOf(judge(deletedThen('Not taken in: placed before the go-live')))).toEqual(['units']);
  });
});

function aCase(change: Partial<OrderCase> = {}): OrderCase {
  return {
    key: KEY,
    purchase: aPurchase(),
    documents: [aDocument('REF', [anErpOrder()])],
    order: anOrder(SETTLED, []),
    wasClosed: false,
    ...change,
  };
}

function aDocument(reference: string, salesOrders: readonly SalesOrderView[]): DocumentCase {
  return { reference, salesOrders };
}

function anOrder(step: Step, codes: readonly ProblemCode[]): NonNullable<OrderCase['order']> {
  const problems = codes.map((code): Problem => ({ code, says: `it is ${code}` }));
  const fresh = newOrder({ site: 'test', key: KEY, reference: 'REF' }, '2026-01-20T10:00:00.000Z');
  const state: OrderState = { ...fresh, step, problems };
  return { status: step.at === 'finished' ? 'COMPLETED' : 'RUNNING', taskAttempt: 1, taskFailure: '', state };
}

/** Ten at 20.00 with 20 % tax, and 10.00 of shipping. */
function aPurchase(packages: readonly Package[] = [anOpenPackage([aLine(SKU, 10)])]): PurchaseRecord {
  return {
    type: 'order',
    purchase_identifiers: { sparklayer: KEY, internal: '104001' },
    customer_identifiers: {},
    dates: {},
    customer_reference: 'PO-1',
    packages: [...packages],
  };
}

function aPackage(type: string, lines: LineItem[]): Package {
  return { type, line_items: lines };
}

function anOpenPackage(lines: LineItem[]): Package {
  return {
    ...aPackage('incoming', lines),
    shipping_address: { address_line1: '1 High Street', city: 'Leeds', country_code: 'GB' },
    shipping_method: { line_total: { total_net: money('10.00'), total_tax: money('2.00') } },
  };
}

function aLine(sku: string, quantity: number): LineItem {
  const [net, tax] = [`${quantity * 20}.00`, `${quantity * 4}.00`];
  return { identifiers: { sku }, quantity, line_total: { total_net: money(net), total_tax: money(tax) } };
}

function money(number: string): Money {
  return { number, currency: 'GBP' };
}

interface ErpLine {
  readonly sku: string;
  readonly price: string;
  readonly ordered: number;
  readonly cancelled: number;
  readonly invoiced: number;
}

function anErpLine(change: Partial<ErpLine> = {}): ErpLine {
  return { sku: SKU, price: '20.00', ordered: 10, cancelled: 0, invoiced: 0, ...change };
}

function anErpOrder({
  lines = [anErpLine()],
  ...change
}: Partial<Omit<SalesOrderView, 'lines'>> & { readonly lines?: readonly ErpLine[] } = {}): SalesOrderView {
  return {
    ordNum: '104001',
    status: 'O',
    creditStatus: '',
    altpo: 'REF',
    udford1c: 'REF',
    division: '01',
    location: 'W01',
    customer: 'CUST-0042',
    store: '',
    holdCode: '',
    terms: 'N30',
    currency: 'GBP',
    header: { po_num: 'PO-1' },
    subTotal: '200.00',
    discount: '0.00',
    freight: '10.00',
    tax: '42.00',
    taxFixed: true,
    total: '252.00',
    changed: '',
    addresses: [{ addr_type: 'ST', addr1: '1 High Street' }],
    ...change,
    lines: lines.map(({ sku, price, ordered, cancelled, invoiced }, index) => ({
      sequence: index + 1,
      sku: erpSku(sku),
      location: 'W01',
      price,
      ordered,
      open: ordered - cancelled - invoiced,
      cancelled,
    })),
    progress: lines.map(({ cancelled, invoiced }, index) => ({
      sequence: index + 1,
      allocated: 0,
      picked: 0,
      invoiced,
      cancelledByCustomer: cancelled,
      cancelledByHouse: 0,
    })),
  };
}

function erpSku(sku: string): string {
  const parts = sku.split('-');
  const [color, size] = parts.slice(-2);
  return ['01', parts.slice(0, -2).join('-'), color, 'A', '', size].join('|');
}

function kindsOf(verdict: Verdict): readonly string[] {
  return verdict.kind === 'unexplained' ? verdict.findings.map(({ kind }) => kind) : [verdict.kind];
}
