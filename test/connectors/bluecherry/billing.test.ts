import { afterEach, describe, expect, test } from 'vitest';

import { aBilledLine, aCreditMemo, anInvoice, aPick } from './billing-rows.ts';
import { headed, startScriptedErp, type Reply, type ScriptedErp } from './scripted-erp.ts';
import { aCall, connect } from './support.ts';

let erp: ScriptedErp | undefined;

afterEach(async () => {
  await erp?.close();
  erp = undefined;
});

async function against(reply: Reply, settings: Parameters<typeof connect>[1] = {}) {
  const server = await startScriptedErp(({ query }) => (query['_pgno'] === '1' ? reply : headed()));
  erp = server;
  return { server, bluecherry: connect(server.url, settings) };
}

const OF_ORDER = { orderNumber: '104512' };
async function readInvoice(change: Readonly<Record<string, unknown>>) {
  const { bluecherry } = await against(headed(anInvoice(change)));
  const [invoice] = await bluecherry.findInvoices(OF_ORDER, aCall());
  return invoice;
}
async function readMemo(change: Readonly<Record<string, unknown>>) {
  const { bluecherry } = await against(headed(aCreditMemo(change)));
  const [memo] = await bluecherry.findCreditMemos({ invoiceNumber: '700231' }, aCall());
  return memo;
}

const SKU = {
  division: '01',
  style: '00123',
  color: 'BLK',
  label: 'A',
  dimension: '',
  size: 'M',
  upc: '012345678905',
};

describe('an invoice', () => {
  test('is told in our words', async () => {
    expect(await readInvoice({})).toEqual({
      number: '700231',
      orderNumber: '104512',
      date: '2025-11-26',
      currency: 'USD',
      subTotal: '144',
      discount: '0',
      freight: '12.5',
      tax: '11.88',
      total: '168.38',
      paid: '0',
      isVoid: false,
      carrier: 'UPS',
      tracking: ['1Z999AA10123456784'],
      lines: [{ sequence: 1, orderNumber: '104512', sku: SKU, quantity: 6, price: '24', amount: '144' }],
      changedAt: '2025-11-25T16:50:00.000Z',
    });
  });

  test('with numbers as texts, codes padded and in small letters, and blank money says the same', async () => {
    const line = aBilledLine({
      ord_num: ' 104512 ',
      line_seq: '1.00',
      division: '01 ',
      color_code: 'blk   ',
      lbl_code: 'a ',
      dimension: null,
      size_qty: ' 6 ',
      price: '24.0000',
      amount: '144.00',
    });
    const invoice = await readInvoice({
      pkey: '33010',
      inv_num: 700231,
      inv_date: '2025-11-26T00:00:00',
      ord_num: '104512   ',
      curr_code: 'usd ',
      sub_total: '144.00',
      disc_amt: ' ',
      frgt_amt: '12.50',
      tax_amt: null,
      total_amt: '156.50',
      paid_amt: undefined,
      shipper: 'ups   ',
      last_mod: '2025-11-25T11:50:00',
      invoicedetail: { rows: [line] },
    });
    expect(invoice).toEqual({
      number: '700231',
      orderNumber: '104512',
      date: '2025-11-26',
      currency: 'USD',
      subTotal: '144.00',
      discount: '0',
      freight: '12.50',
      tax: '0',
      total: '156.50',
      paid: '0',
      isVoid: false,
      carrier: 'UPS',
      tracking: ['1Z999AA10123456784'],
      lines: [{ sequence: 1, orderNumber: '104512', sku: SKU, quantity: 6, price: '24.0000', amount: '144.00' }],
      changedAt: '2025-11-25T16:50:00.000Z',
    });
  });

  test.each([
    ['V', true],
    [' v ', true],
    ['O', false],
    ['P', false],
    ['', false],
    [null, false],
  ])('with the letter %j is void: %s', async (status, isVoid) => {
    expect(await readInvoice({ status })).toMatchObject({ isVoid });
  });

  test.each<[string, unknown, readonly string[]]>([
    ['null', null, []],
    ['missing', undefined, []],
    ['empty', [], []],
    ['of blanks and nothing', ['  ', null, ''], []],
    ['of several cartons', [' 1Z-1 ', 77, null, '1Z-2'], ['1Z-1', '77', '1Z-2']],
  ])('whose tracking is %s', async (_, track_no, tracking) => {
    expect(await readInvoice({ track_no })).toMatchObject({ tracking });
  });

  test('without the lines that were asked for is no invoice of nothing: the read stops', async () => {
    await expect(readInvoice({ invoicedetail: undefined })).rejects.toMatchObject({
      code: 'SCHEMA_DRIFT',
      fate: 'gate',
    });
    await erp?.close();
    expect(await readInvoice({ invoicedetail: { rows: [] } })).toMatchObject({ lines: [] });
  });

  test('of several orders says of each line whose it is, or nothing', async () => {
    const rows = [aBilledLine(), aBilledLine({ ord_num: '104513' }), aBilledLine({ ord_num: null, line_seq: null })];
    expect((await readInvoice({ invoicedetail: { rows } }))?.lines).toMatchObject([
      { orderNumber: '104512', sequence: 1 },
      { orderNumber: '104513', sequence: 1 },
      { orderNumber: '', sequence: null },
    ]);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['without a total', { total_amt: null }],
    ['with a line without units', { invoicedetail: { rows: [aBilledLine({ size_qty: '' })] } }],
    ['with half a unit', { invoicedetail: { rows: [aBilledLine({ size_qty: 1.5 })] } }],
    ['with words for money', { tax_amt: 'n/a' }],
    ['with a date that is none', { inv_date: 'tomorrow' }],
    ['with tracking of another shape', { track_no: { carton: 1 } }],
  ])('%s stops the read, for it would tell the buyer something wrong', async (_, change) => {
    await expect(readInvoice(change)).rejects.toMatchObject({ code: 'SCHEMA_DRIFT', fate: 'gate' });
  });
});

describe('a credit memo', () => {
  test('is told in our words', async () => {
    expect(await readMemo({})).toEqual({
      number: 'C2044',
      orderNumber: '104512',
      invoiceNumber: '700231',
      date: '2025-12-03',
      currency: 'USD',
      reason: 'DMG',
      restocked: false,
      tax: '1.98',
      freight: '0',
      total: '25.98',
      lines: [{ sequence: 1, orderNumber: '104512', sku: SKU, quantity: 1, price: '24', amount: '24' }],
      changedAt: '2025-11-25T16:50:00.000Z',
    });
  });

  test('with texts, blanks and small letters says the same', async () => {
    const memo = await readMemo({
      cm_num: ' C2044 ',
      cm_date: '2025-12-03',
      inv_num: 700231,
      reason_code: 'dmg  ',
      restock_ok: ' y',
      tax_amt: ' ',
      frgt_amt: null,
      total_amt: '25.9800',
    });
    expect(memo).toMatchObject({
      number: 'C2044',
      date: '2025-12-03',
      invoiceNumber: '700231',
      reason: 'DMG',
      restocked: true,
      tax: '0',
      freight: '0',
      total: '25.9800',
    });
  });

  test('for money only has no lines, and one whose children did not come has null', async () => {
    expect(await readMemo({ creditmemodetail: { rows: [] }, ord_num: null })).toMatchObject({
      orderNumber: '',
      lines: [],
    });
    await erp?.close();
    expect(await readMemo({ creditmemodetail: undefined })).toMatchObject({ lines: null });
  });

  test('without an invoice is found by its number', async () => {
    const { server, bluecherry } = await against(headed(aCreditMemo({ inv_num: '  ' })));
    expect(await bluecherry.findCreditMemos({ number: 'C2044' }, aCall())).toMatchObject([{ invoiceNumber: '' }]);
    expect(server.received[0]?.query['$filter']).toBe("cm_num eq 'C2044'");
  });

  test('without a total stops the read', async () => {
    await expect(readMemo({ total_amt: ' ' })).rejects.toMatchObject({ code: 'SCHEMA_DRIFT', fate: 'gate' });
  });
});

describe('a look for documents', () => {
  test('asks with the children, by one field, in one call', async () => {
    const { server, bluecherry } = await against(headed());
    const call = aCall();
    expect(await bluecherry.findInvoices(OF_ORDER, call)).toEqual([]);
    expect(await bluecherry.findInvoices({ number: "7'1" }, call)).toEqual([]);
    expect(await bluecherry.findCreditMemos({ invoiceNumber: '700231' }, call)).toEqual([]);
    expect(server.received.map(({ resource, query }) => [resource, query['$filter'], query['_include']])).toEqual([
      ['invoice', "ord_num eq '104512'", 'all'],
      ['invoice', "inv_num eq '7''1'", 'all'],
      ['creditMemo', "inv_num eq '700231'", 'all'],
    ]);
  });

  test('takes the names of the site', async () => {
    const { server, bluecherry } = await against(headed(), {
      resources: { invoice: 'arInvoice', creditMemo: 'arCredit' },
    });
    await bluecherry.findInvoices(OF_ORDER, aCall());
    await bluecherry.findCreditMemos({ number: 'C1' }, aCall());
    expect(server.received.map(({ resource }) => resource)).toEqual(['arInvoice', 'arCredit']);
  });

  test('finds all invoices of an order, in the order they came', async () => {
    const { bluecherry } = await against(headed(anInvoice(), anInvoice({ inv_num: '700232', pkey: 33011 })));
    const found = await bluecherry.findInvoices(OF_ORDER, aCall());
    expect(found.map(({ number }) => number)).toEqual(['700231', '700232']);
  });

  test.each([
    ['invoice of another order', anInvoice({ ord_num: '104513' })],
    ['invoice of an order whose number only begins alike', anInvoice({ ord_num: '1045120' })],
    ['invoice without order', anInvoice({ ord_num: null })],
  ])('that is answered with an %s is no look: the filter was ignored', async (_, stranger) => {
    const { bluecherry } = await against(headed(anInvoice(), stranger));
    await expect(bluecherry.findInvoices(OF_ORDER, aCall())).rejects.toMatchObject({
      code: 'FILTER_IGNORED',
      fate: 'gate',
    });
  });

  test('for credits that is answered with strangers is no look either', async () => {
    const { bluecherry } = await against(headed(aCreditMemo({ inv_num: '700999' })));
    const look = bluecherry.findCreditMemos({ invoiceNumber: '700231' }, aCall());
    await expect(look).rejects.toMatchObject({ code: 'FILTER_IGNORED' });
  });

  test.each(['pkey', 'inv_num', 'last_mod'])('leaves out a row without %s, and counts it', async (key) => {
    const { bluecherry } = await against(headed(anInvoice({ [key]: ' ' }), anInvoice({ pkey: 33011 })));
    expect(await bluecherry.findInvoices(OF_ORDER, aCall())).toHaveLength(1);
    expect(bluecherry.usage().skippedRows).toBe(1);
  });

  test('for credits leaves out and counts as well', async () => {
    const { bluecherry } = await against(headed(aCreditMemo({ cm_num: null }), aCreditMemo()));
    expect(await bluecherry.findCreditMemos({ invoiceNumber: '700231' }, aCall())).toHaveLength(1);
    expect(bluecherry.usage().skippedRows).toBe(1);
  });

  test('that fails says why, and never finds nothing by mistake', async () => {
    const { bluecherry } = await against({ status: 503 });
    await expect(bluecherry.findInvoices(OF_ORDER, aCall())).rejects.toMatchObject({ code: 'ERP_UNAVAILABLE' });
    await expect(bluecherry.findCreditMemos({ number: 'C1' }, aCall())).rejects.toMatchObject({ fate: 'wait' });
  });
});

test('the picks of an order name the invoices that bill it', async () => {
  const billed = aPick({ inv_num: ' 700231 ' });
  const { server, bluecherry } = await against(headed(billed, aPick({ pkey: 55101, pick_num: '300872' })));
  expect(await bluecherry.findPicks('104512', aCall())).toMatchObject([
    { number: '300871', orderNumber: '104512', invoiceNumber: '700231' },
    { number: '300872', invoiceNumber: '' },
  ]);
  expect(server.received.map(({ resource, query }) => [resource, query['$filter'], query['_pgno']])).toEqual([
    ['pick', "ord_num eq '104512'", '1'],
    ['pick', "ord_num eq '104512'", '2'],
  ]);
});
