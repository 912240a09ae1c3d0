import { expect, test } from 'vitest';

import { examples } from '../../../sandbox/bluecherry/contract.ts';
import { rowsOf } from '../../../sandbox/bluecherry/values.ts';
import { anErp, anOrder, aReplace, codesOf, withLines, type Row } from './client.ts';

test('the contract’s examples of writes go in, one after the other', async () => {
  const { erp, post } = await anErp();
  await post('salesOrder', examples['SalesOrderNew']!.value);
  erp.runJob('order_import');
  const [entered] = erp.liveSalesOrders('SL-100045');
  expect(entered).toMatchObject({
    status: 'O',
    subTotal: '240.00',
    total: '272.30',
    customer: 'ACME01',
    store: '0001',
  });
  const [example] = rowsOf({ rows: examples['SalesOrderReplace']!.value });
  await post('salesOrder', [{ ...example, ord_num: entered!.ordNum }]);
  erp.runJob('order_import');
  expect(erp.liveSalesOrders('SL-100045')).toMatchObject([{ lines: [{ sequence: 1, ordered: 6 }], tax: '11.88' }]);
  const [cancel] = rowsOf({ rows: examples['CancelWhole']!.value });
  await post('salesOrderCancel', [{ ...cancel, ord_num: entered!.ordNum }]);
  erp.runJob('order_import');
  expect(erp.liveSalesOrders('SL-100045')).toEqual([]);
  expect(erp.contractViolations()).toEqual([]);
});

test('the storefront contract’s example purchase can be ordered', async () => {
  const { imports, order } = await anErp();
  const [row] = await imports(
    withLines(
      anOrder({ customer: 'CUST-0042', store: '0007', curr_code: 'GBP', terms: '' }),
      { style: 'AC-1001', upc: '', size_qty: 10, price: 20 },
      null,
    ),
  );
  expect(row).toMatchObject({ status: 'S' });
  expect(order(row!.ordNum)).toMatchObject({ terms: 'N30', lines: [{ sku: '01|AC-1001|BLK|A||M', ordered: 10 }] });
});

test('a post is taken in, not done: pending in the log, no order, until the import has run', async () => {
  const { erp, post, rows, find } = await anErp();
  const { pkey, count } = await post('salesOrder', [anOrder()]);
  expect(count).toBe(1);
  expect(await rows(`/api/importLog?pkey=${pkey}`)).toMatchObject([{ row_seq: 1, status: 'P', ext_ref: 'SL-100045' }]);
  expect((await find('salesOrder', "altpo eq 'SL-100045'")).data.header).toEqual([]);
  erp.runJob('order_import');
  const [log] = await rows(`/api/importLog?pkey=${pkey}`);
  expect(log).toMatchObject({ status: 'S', errorCode: '' });
  expect((await find('salesOrder', "altpo eq 'SL-100045'")).data.header).toMatchObject([{ ord_num: log!['ord_num'] }]);
});

test.each<['numbered' | 'unnumbered', RegExp]>([
  ['numbered', /^W\d+$/],
  ['unnumbered', /^$/],
])('an installation may list its writes among the orders, %s: staged, then rejected, or gone', async (how, number) => {
  const { erp, post, find, enters } = await anErp({ showsWrites: how });
  const shown = async () =>
    (await find('salesOrder', "last_mod gt '2025-11-01 00:00:00'", '&_include=all')).data.header;
  const entered = await enters(anOrder());
  await post('salesOrder', [anOrder({ altpo: 'BAD', customer: 'NOBODY' }), aReplace(entered)]);
  const writes = [
    { altpo: 'BAD', ord_num: expect.stringMatching(number) },
    { altpo: 'SL-100045', ord_num: entered },
  ];
  expect(await shown()).toMatchObject([
    { ord_num: entered, ord_status: 'O' },
    ...writes.map((row) => ({ ...row, ord_status: 'S' })),
  ]);
  erp.runJob('order_import');
  expect(await shown()).toMatchObject([
    { ord_num: entered, ord_status: 'O' },
    { ...writes[0], ord_status: 'E' },
  ]);
});

test('the transactions of cancels may be counted apart from those of orders', async () => {
  const { post, enters } = await anErp({ cancelKeysFrom: 900_000 });
  const ordNum = await enters(anOrder());
  const { pkey } = await post('salesOrderCancel', [{ ord_num: ordNum, reason_code: 'BUYR', cancel_type: 'C' }]);
  expect(pkey).toBe(900_001);
  expect((await post('salesOrder', [anOrder()])).pkey).toBe(55_002);
});

test('in direct mode the answer carries the rows of the log, one for each fault', async () => {
  const { post } = await anErp({ writeMode: 'direct' });
  const bad = anOrder({ terms: 'N99', store: '7777' });
  const { data } = await post('salesOrder', [anOrder(), bad]);
  expect(data).toMatchObject([
    { row_seq: 1, status: 'S', ord_num: '104001' },
    { row_seq: 2, status: 'E', ord_num: '', errorCode: 'INV_STORE' },
    { row_seq: 2, status: 'E', ord_num: '', errorCode: 'INV_TERMS' },
  ]);
});

test('the same reference twice is two orders, both shipped', async () => {
  const { erp, imports } = await anErp();
  await imports(anOrder());
  await imports(anOrder());
  expect(erp.liveSalesOrders('sl-100045')).toHaveLength(2);
});

test('a stalled import leaves posts pending for as long as it likes', async () => {
  const { erp, post, imports } = await anErp();
  await post('salesOrder', [anOrder()]);
  erp.stallJob('order_import');
  erp.advanceClock(5 * 3_600_000);
  erp.runJob('order_import');
  expect(codesOf(erp.importLog())).toEqual(['P']);
  erp.resumeJob('order_import');
  expect(codesOf(await imports(anOrder()))).toEqual(['S']);
  expect(erp.salesOrders()).toHaveLength(2);
});

test('one bad order of an array is refused alone', async () => {
  const { erp, imports } = await anErp();
  const log = await imports(anOrder({ ext_ref: 'A' }), anOrder({ ext_ref: 'B', customer: 'NOBODY' }), anOrder());
  expect(log.map(({ rowSeq, status }) => `${rowSeq} ${status}`)).toEqual(['1 S', '2 E', '3 S']);
  expect(erp.salesOrders()).toHaveLength(2);
});

test.each<[string, Row, string]>([
  ['an unknown division', { division: '09' }, 'INV_DIVISION'],
  ['a pseudo location', { location: 'POE' }, 'INV_LOCATION'],
  ['an unknown customer', { customer: 'NOBODY', store: '' }, 'INV_CUSTOMER'],
  ['an inactive customer', { customer: 'INAC01', store: '', curr_code: 'GBP' }, 'CUST_INACTIVE'],
  ['another currency than the customer’s', { curr_code: 'GBP' }, 'INV_CURR'],
  ['an unknown store', { store: '4711' }, 'INV_STORE'],
  ['a store that was closed', { store: '0099' }, 'INV_STORE'],
  ['an unknown distribution centre', { center_code: 'DC9' }, 'INV_STORE'],
  ['unknown terms', { terms: 'N99' }, 'INV_TERMS'],
  ['an unknown ship-via', { shipper: 'DHL' }, 'INV_SHIPPER'],
  ['an unknown hold code', { hold_code: 'XXX' }, 'INV_REASON'],
  ['a cancel date in the past', { start_date: '11/01/2025', end_date: '11/22/2025' }, 'PAST_CANCEL'],
  ['a cancel date before the start', { start_date: '12/20/2025' }, 'INV_DATE'],
  ['a day that does not exist', { end_date: '02/30/2026' }, 'INV_DATE'],
  ['a date of another form', { ord_date: '2025-11-23' }, 'INV_DATE'],
  ['a PO above the lower bound of its length', { po_num: 'P'.repeat(23) }, 'FIELD_LEN'],
  ['an empty PO', { po_num: '' }, 'REQ_MISSING'],
  ['no hold code at all', { hold_code: undefined }, 'REQ_MISSING'],
  ['a discount without its code', { disc_amt: 1 }, 'REQ_MISSING'],
  ['a negative freight', { frgt_amt: -1 }, 'INV_VALUE'],
  ['an amount as text', { tax_amt: '19.80' }, 'INV_VALUE'],
  ['a control number of eight digits', { isa_num: '12345678' }, 'INV_VALUE'],
  ['another qualifier', { vnd_qual: '01' }, 'INV_VALUE'],
  ['a transaction of another type', { trans_type: 'X' }, 'INV_VALUE'],
  ['an order number on a new order', { ord_num: '104512' }, 'INV_VALUE'],
  ['no lines', { salesorderdetail: { rows: [] } }, 'REQ_MISSING'],
  ['no ship-to', { salesorderaddress: { rows: [] } }, 'REQ_MISSING'],
  ['an empty country', { salesorderaddress: { rows: [{ addr_type: 'ST', name: 'A', country: '' }] } }, 'INV_VALUE'],
  ['an empty user-defined date', { udford3d: '' }, 'INV_DATE'],
])('%s is refused by the import, not by the staging', async (_what, change, code) => {
  const { erp, imports } = await anErp();
  expect(codesOf(await imports(anOrder(change)))).toEqual([`E ${code}`]);
  expect(erp.salesOrders()).toEqual([]);
});

test.each<[string, Row, string]>([
  ['a style that is not on file', { style: '99999' }, 'INV_SKU'],
  ['a UPC that is another SKU’s', { upc: '012345678912' }, 'INV_SKU'],
  ['a size that the style does not have', { size_desc: 'XXL', upc: '' }, 'INV_SIZE'],
  ['a SKU that is no longer live', { style: 'OLD-900', upc: '' }, 'SKU_INACTIVE'],
  ['a quantity of nothing', { size_qty: 0 }, 'QTY_LE_ZERO'],
  ['half a unit', { size_qty: 0.5 }, 'INV_VALUE'],
  ['a negative price', { price: -1 }, 'INV_VALUE'],
  ['a line number that is there already', { line_seq: 2 }, 'INV_VALUE'],
  ['a warehouse that is none', { location: 'FOB' }, 'INV_LOCATION'],
  ['a label above the lower bound', { lbl_code: 'SAMPLE', style: 'AC-1001', upc: '' }, 'FIELD_LEN'],
  ['a line date in the past', { start_date: '11/01/2025', end_date: '11/02/2025' }, 'PAST_CANCEL'],
  ['no label at all', { lbl_code: undefined, upc: '' }, 'REQ_MISSING'],
])('%s refuses the whole order', async (_what, change, code) => {
  const { erp, imports } = await anErp();
  const log = await imports(withLines(anOrder(), change));
  expect(codesOf(log)).toContain(`E ${code}`);
  expect(log.every(({ status, ordNum }) => status === 'E' && ordNum === '')).toBe(true);
  expect(erp.salesOrders()).toEqual([]);
});

test('every fault of an order is a row of its own, with its line', async () => {
  const { imports } = await anErp();
  const log = await imports(withLines(anOrder({ store: '7777' }), {}, { size_desc: 'XXL', upc: '' }));
  expect(log).toMatchObject([
    { errorCode: 'INV_STORE', lineSeq: null },
    { errorCode: 'INV_SIZE', lineSeq: 2 },
  ]);
});

test('a length that an installation has confirmed is taken', async () => {
  const { imports } = await anErp({ lengths: { po_num: 30, customer: 5 } });
  expect(codesOf(await imports(anOrder({ po_num: 'P'.repeat(30) })))).toEqual(['E FIELD_LEN']);
  expect(codesOf(await imports(anOrder({ po_num: 'P'.repeat(30), customer: 'COD01', store: '' })))).toEqual(['S']);
});

test('a field the ERP does not know is ignored without a word, and noted', async () => {
  const { erp, imports } = await anErp();
  expect(codesOf(await imports(anOrder({ purchase_order: 'PO-1' })))).toEqual(['S']);
  expect(erp.contractViolations()).toEqual([expect.stringContaining('purchase_order')]);
});

test('a repeated control number is refused for a day, per sender, refused elements counted', async () => {
  const { erp, imports } = await anErp();
  const refused = anOrder({ isa_num: '000000007', customer: 'NOBODY', store: '' });
  expect(codesOf(await imports(refused))).toEqual(['E INV_CUSTOMER']);
  expect(codesOf(await imports(anOrder({ isa_num: '000000007' })))).toEqual(['E DUP_ISA']);
  expect(codesOf(await imports(anOrder({ isa_num: '000000007', vnd_id: 'OTHER' })))).toEqual(['S']);
  erp.advanceClock(24 * 3_600_000);
  expect(codesOf(await imports(anOrder({ isa_num: '000000007' })))).toEqual(['S']);
});

test('a control number of somebody else is refused, and the reference is not ours', async () => {
  const { erp, imports } = await anErp();
  erp.occupyControlNumber('SPARKLAYER', '000000009');
  expect(codesOf(await imports(anOrder({ isa_num: '000000009' })))).toEqual(['E DUP_ISA']);
  expect(erp.liveSalesOrders('SL-100045')).toEqual([]);
});

test('without the fence the same control number makes two orders', async () => {
  const { erp, imports } = await anErp({ controlNumberFence: false });
  await imports(anOrder({ isa_num: '000000007' }), anOrder({ isa_num: '000000007' }));
  expect(erp.liveSalesOrders('SL-100045')).toHaveLength(2);
});

test.each([
  ['allow', ['S']],
  ['warn', ['W DUP_PO']],
  ['reject', ['E DUP_PO']],
] as const)('a PO that is there twice: %s', async (duplicatePo, codes) => {
  const { imports } = await anErp({ duplicatePo });
  await imports(anOrder());
  const log = await imports(anOrder({ altpo: 'OTHER' }));
  expect(codesOf(log)).toEqual(codes);
  expect(log[0]!.ordNum !== '').toBe(duplicatePo !== 'reject');
});

test.each<[string, string]>([
  ['no JSON', '<order/>'],
  ['no array', '{}'],
  ['an empty array', '[]'],
  ['26 orders', JSON.stringify(Array.from({ length: 26 }, () => ({})))],
  ['an array of arrays', '[[]]'],
  ['null in the array', '[null]'],
])('%s is refused at the door', async (_what, body) => {
  const { erp, call } = await anErp();
  const { text } = await call('POST', '/api/salesOrder', { body });
  expect(JSON.parse(text)).toMatchObject({ errors: [{ errorCode: 'BATCH_SIZE' }] });
  expect(erp.importLog()).toEqual([]);
});

test('during the nightly maintenance nothing is taken in', async () => {
  const { erp, post } = await anErp();
  erp.runJob('nightly_maintenance');
  expect(await post('salesOrder', [anOrder()])).toMatchObject({ errors: [{ errorCode: 'JOB_RUNNING' }] });
  erp.runJob('nightly_maintenance');
  expect(await post('salesOrder', [anOrder()])).toMatchObject({ count: 1 });
  expect(erp.importLog()).toHaveLength(1);
});

test('totals are rounded per unit price, half up, before multiplying', async () => {
  const { enters, order } = await anErp();
  const ordNum = await enters(
    withLines(
      anOrder({ disc_amt: 0.35, disc_code: 'ROUND' }),
      { price: 1.005, size_qty: 3 },
      { price: 2, size_qty: 1 },
    ),
  );
  expect(order(ordNum)).toMatchObject({ subTotal: '5.03', total: '36.98', discount: '0.35' });
});

test('empty terms and ship-via are the customer’s and the store’s', async () => {
  const { enters, order } = await anErp();
  const chain = { customer: 'CHAIN01', store: '0003', curr_code: 'GBP', terms: '', shipper: '' };
  expect(order(await enters(anOrder(chain))).header).toMatchObject({ terms: 'N30', shipper: 'FDX' });
  expect(order(await enters(anOrder({ ...chain, store: '' }))).header).toMatchObject({ shipper: 'UPS' });
});
