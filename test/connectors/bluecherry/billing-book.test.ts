import { afterEach, describe, expect, test } from 'vitest';

import type { BlueCherry } from '../../../connectors/bluecherry/bluecherry.ts';
import { aBilledLine, aCreditMemo, anInvoice } from './billing-rows.ts';
import { headed, startScriptedErp, type ScriptedErp } from './scripted-erp.ts';
import { aCall, anErpOrder, connect } from './support.ts';

type Row = Readonly<Record<string, unknown>>;

const OURS = '01JABCDEFGHJKMNPQRSTVWXYZ0';

let erp: ScriptedErp | undefined;
let bluecherry: BlueCherry | undefined;

afterEach(async () => {
  await bluecherry?.close();
  await erp?.close();
});

/** The books of an ERP with one order of ours, 104512, after its orders were read. */
async function booksOf(lists: { readonly invoice?: readonly Row[]; readonly creditMemo?: readonly Row[] }) {
  const all: Readonly<Record<string, readonly Row[]>> = {
    salesOrder: [anErpOrder({ altpo: OURS, udford1c: OURS })],
    ...lists,
  };
  erp = await startScriptedErp(({ resource, query }) =>
    headed(...(query['_pgno'] === '1' ? (all[resource] ?? []) : [])),
  );
  bluecherry = connect(erp.url);
  const { orderBook, billingBook } = bluecherry;
  return { billingBook, readOrders: () => orderBook.rows(aCall()) };
}

const OTHERS = { pkey: 9, ord_num: '900001' };
const THEIRS = { rows: [aBilledLine({ ord_num: '900001' })] };
const BROKEN: readonly (readonly [string, Row])[] = [
  ['no total', { total_amt: null }],
  ['no lines shown', { invoicedetail: undefined }],
  ['a line without units', { invoicedetail: { rows: [aBilledLine({ ord_num: '', size_qty: null })] } }],
];

describe('an invoice with', () => {
  test.each(BROKEN)('%s of an order of others is left out, and the rest is told', async (_, change) => {
    const { billingBook, readOrders } = await booksOf({
      invoice: [anInvoice({ ...OTHERS, inv_num: '9', invoicedetail: THEIRS, ...change }), anInvoice()],
    });
    await readOrders();
    expect((await billingBook.invoices(aCall())).map(({ number }) => number)).toEqual(['700231']);
  });

  test.each(BROKEN)('%s of an order of ours stops the book: a report without it would be wrong', async (_, change) => {
    const { billingBook, readOrders } = await booksOf({
      invoice: [anInvoice(OTHERS), anInvoice({ pkey: 10, inv_num: '700232', ...change })],
    });
    await readOrders();
    await expect(billingBook.invoices(aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
  });

  test('no total that bills ours with one of its lines stops the book, too', async () => {
    const { billingBook, readOrders } = await booksOf({
      invoice: [anInvoice({ ...OTHERS, total_amt: null }), anInvoice()],
    });
    await readOrders();
    await expect(billingBook.invoices(aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
  });

  test('no total stops the book as long as nobody knows which orders are ours', async () => {
    const { billingBook } = await booksOf({
      invoice: [anInvoice({ ...OTHERS, inv_num: '9', invoicedetail: { rows: [] }, total_amt: null }), anInvoice()],
    });
    await expect(billingBook.invoices(aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
  });
});

test('a credit memo without a total stops the book only where it is of an order, or of an invoice, of ours', async () => {
  const broken = (change: Row) =>
    aCreditMemo({ pkey: 9, cm_num: 'C9', total_amt: '', creditmemodetail: undefined, ...change });
  const read = async (memo: Row) => {
    const { billingBook, readOrders } = await booksOf({ invoice: [anInvoice()], creditMemo: [aCreditMemo(), memo] });
    await readOrders();
    await billingBook.invoices(aCall());
    const numbers = billingBook.creditMemos(aCall()).then(
      (memos) => memos.map(({ number }) => number),
      () => 'stopped',
    );
    await numbers;
    await bluecherry?.close();
    await erp?.close();
    return numbers;
  };
  expect(await read(broken({ ord_num: '900001', inv_num: '9' }))).toEqual(['C2044']);
  expect(await read(broken({ ord_num: '', inv_num: '' }))).toEqual(['C2044']);
  expect(await read(broken({}))).toBe('stopped');
  expect(await read(broken({ ord_num: '', inv_num: '700231' }))).toBe('stopped');
});
