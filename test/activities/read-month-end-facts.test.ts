import { expect, test } from 'vitest';

import type { KeptPack } from '../../activities/month-end-packs.ts';
import { readMonthEndFacts, type MonthEndDependencies } from '../../activities/read-month-end-facts.ts';
import type { BookedOrder } from '../../connectors/bluecherry/bluecherry.ts';
import { closeMonth } from '../../domain/reports/month-end/close-month.ts';
import type { Parts } from '../../domain/reports/money-parts.ts';
import type { ErpCreditMemo, ErpInvoice } from '../../domain/sales-order.ts';
import { aPurchase, asShownByErp, aSalesOrder, anInvoice, PURCHASE_UUID } from '../support/builders.ts';
import { testSite } from '../support/test-site.ts';

const CALL = { signal: new AbortController().signal, deadline: Number.POSITIVE_INFINITY };
const STOREFRONT = { url: 'http://127.0.0.1:1', siteId: 's', clientId: 'c', clientSecret: 'x' };
const SITE = testSite('closes', {
  storefront: STOREFRONT,
  erp: { url: 'http://127.0.0.1:2/T/TEST', keys: ['a', 'b'] },
});

const goods = (amount: string): Parts => ({ goods: amount, freight: '0.00', tax: '0.00' });

/** A purchase of USD 100.00 placed in October, all of it in the ERP as one order. */
const PURCHASE = aPurchase()
  .with({ quantity: 10, net: '100.00' })
  .changed({ placedAt: '2026-10-05T15:00:00Z', updatedAt: '2026-10-05T15:00:00Z' })
  .build();
const ORDER = asShownByErp(aSalesOrder());
const BOOKED: BookedOrder = {
  orderNumber: ORDER.orderNumber,
  status: 'invoiced',
  altPo: ORDER.altPo,
  referenceField: ORDER.referenceField,
  orderDate: '2026-10-05',
  currency: 'USD',
  division: '01',
  value: '100.00',
  units: 10,
  uncertain: '0',
  parts: goods('100.00'),
  whole: null,
};

const billed = (change: Partial<ErpInvoice> = {}): ErpInvoice => ({
  ...anInvoice(ORDER, {}),
  date: '2026-10-20',
  currency: 'USD',
  subTotal: '100.00',
  total: '100.00',
  ...change,
});

const credited = (change: Partial<ErpCreditMemo> = {}): ErpCreditMemo => ({
  number: '800001',
  orderNumber: ORDER.orderNumber,
  invoiceNumber: '',
  date: '2026-10-31',
  currency: 'USD',
  reason: 'RTRN',
  restocked: false,
  tax: '0',
  freight: '0',
  total: '40.00',
  lines: null,
  changedAt: '2026-10-31T15:00:00.000Z',
  ...change,
});

interface World {
  readonly month?: string;
  readonly before?: KeptPack | null;
  readonly invoices?: readonly ErpInvoice[];
  readonly credits?: readonly ErpCreditMemo[];
}

async function closes({ month = '2026-10', before = null, invoices = [billed()], credits = [] }: World) {
  const { key, identifiers, type, placedAt, updatedAt, customerReference, currency } = PURCHASE;
  const summary = { key, identifiers, type, placedAt, updatedAt, customerReference, currency, total: '100.00' };
  const read = async () => PURCHASE;
  const of: MonthEndDependencies = {
    site: SITE,
    sparklayer: {
      listPurchases: async (query) => ({ rows: query.type === SITE.intake.types[0] ? [summary] : [], unreadable: [] }),
      getPurchase: read,
    },
    bluecherry: {
      orderBook: { rows: async () => [BOOKED], known: () => [], readAt: () => null },
      billingBook: { invoices: async () => invoices, creditMemos: async () => credits },
    },
    orders: { stateOf: async () => null },
    pulse: { lastCompleted: async () => null },
    clock: () => new Date('2026-12-01T09:00:00Z'),
  };
  const book = { get: read, save: async () => {} };
  return closeMonth(await readMonthEndFacts(of, { month, revision: 1, before }, book, CALL));
}

test('an order that the ERP bills in another currency with the same figures stays open in its own, and does not tie', async () => {
  const pack = await closes({ invoices: [billed({ currency: 'CAD' })] });
  expect(
    pack.ledgers.map(({ currency, columns }) => [currency, columns.invoiced.total, columns.closing.total]),
  ).toEqual([['USD', '0.00', '100.00']]);
  expect(pack.invoices).toMatchObject([{ key: PURCHASE_UUID, currency: 'CAD', standing: 'otherCurrency' }]);
  expect(pack.checks.filter(({ holds }) => !holds)).toEqual([]);
});

test('an order that was billed in another currency before the month is still open, with no pack of before too', async () => {
  const pack = await closes({ month: '2026-11', invoices: [billed({ currency: 'CAD' })] });
  expect(pack.ledgers.map(({ currency, columns }) => [currency, columns.closing.total])).toEqual([['USD', '100.00']]);
});

test.each(['USD', ''])('an invoice whose currency is “%s” is taken off its order', async (currency) => {
  const pack = await closes({ invoices: [billed({ currency })] });
  expect(pack.ledgers.map(({ columns }) => [columns.invoiced.total, columns.closing.total])).toEqual([
    ['-100.00', '0.00'],
  ]);
  expect(pack.invoices).toMatchObject([{ currency: 'USD', standing: 'notShown' }]);
});

test('a credit memo that names no currency is credited in that of its order', async () => {
  const pack = await closes({ credits: [credited({ currency: '' })] });
  expect(pack.ledgers.map((ledger) => [ledger.currency, ledger.credited.total])).toEqual([['USD', '-40.00']]);
  expect(pack.credits).toMatchObject([{ currency: 'USD' }]);
});

/** October's pack was made on the first of November, and has that much of memos by their numbers. */
function october(change: Partial<KeptPack> = {}): KeptPack {
  return {
    month: '2026-10',
    revision: 1,
    sha256: 'x',
    at: '2026-11-01T09:00:00.000Z',
    closing: [],
    credits: [],
    strays: [],
    ...change,
  };
}

const AFTERWARDS = '2026-11-03T15:00:00.000Z';

/** What November's pack has of credit memos. */
async function november(before: KeptPack | null, memo: Partial<ErpCreditMemo>) {
  const { ledgers, credits, strays, checks } = await closes({
    month: '2026-11',
    before,
    credits: [credited(memo)],
  });
  expect(checks.filter(({ holds }) => !holds)).toEqual([]);
  const told = (of: typeof credits) => of.map(({ number, isBackdated, parts }) => [number, isBackdated, parts.goods]);
  return {
    totals: ledgers.map((ledger) => [ledger.currency, ledger.credited.total, ledger.creditedBackdated.total]),
    credits: told(credits),
    strays: told(strays),
  };
}

test('a credit memo that is entered for a month whose pack is made is in the next pack, back-dated', async () => {
  expect(await november(october(), { changedAt: AFTERWARDS })).toEqual({
    totals: [['USD', '0.00', '-40.00']],
    credits: [['800001', true, '40.00']],
    strays: [],
  });
  const [memo] = (await closes({ month: '2026-11', before: october(), credits: [credited({ changedAt: AFTERWARDS })] }))
    .credits;
  expect(memo).toMatchObject({ key: PURCHASE_UUID, order: 'SL-1042', date: '2026-10-31' });
});

test('of a credit memo whose amount is changed afterwards only the difference is back-dated', async () => {
  const credits = [
    { number: '800001', parts: goods('25.00') },
    { number: '800001', parts: goods('20.00') },
  ];
  expect(await november(october({ credits }), { changedAt: AFTERWARDS })).toMatchObject({
    totals: [['USD', '0.00', '5.00']],
    credits: [['800001', true, '-5.00']],
  });
});

test('a credit memo that earlier packs have in full is in no other, whatever else of it changed, its date too', async () => {
  const before = october({ credits: [{ number: '800001', parts: goods('40.00') }] });
  for (const date of ['2026-10-31', '2026-11-02'])
    expect((await november(before, { date, changedAt: AFTERWARDS })).credits).toEqual([]);
});

test('what was entered long before the last pack, or for a later month, is not back-dated, nor where no pack is before', async () => {
  const old = { date: '2026-08-01', changedAt: '2026-08-01T15:00:00.000Z' };
  expect((await november(october(), old)).credits).toEqual([]);
  expect((await november(october(), { date: '2026-12-01', changedAt: AFTERWARDS })).credits).toEqual([]);
  expect((await november(null, { changedAt: AFTERWARDS })).credits).toEqual([]);
});

test('the stamp of an ERP whose clock is behind ours hides no credit memo', async () => {
  const { credits } = await november(october(), { changedAt: '2026-11-01T08:59:59.000Z' });
  expect(credits).toEqual([['800001', true, '40.00']]);
});

test('a credit memo that named nothing, and names its order by now, is credited in full', async () => {
  const before = october({ strays: [{ number: '800001', parts: goods('40.00') }] });
  expect((await november(before, { changedAt: AFTERWARDS })).totals).toEqual([['USD', '0.00', '-40.00']]);
  const still = { orderNumber: '', changedAt: AFTERWARDS };
  expect(await november(before, still)).toMatchObject({ credits: [], strays: [] });
  expect((await november(october(), still)).strays).toEqual([['800001', true, '40.00']]);
});
