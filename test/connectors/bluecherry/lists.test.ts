import { afterEach, describe, expect, test } from 'vitest';

import { BlueCherryError, type BlueCherry } from '../../../connectors/bluecherry/bluecherry.ts';
import { flat, headed, startScriptedErp, type Reply, type Script, type ScriptedErp } from './scripted-erp.ts';
import { aCall, aLogRow, anErpLine, anErpOrder, connect } from './support.ts';

let erp: ScriptedErp | undefined;

afterEach(async () => {
  await erp?.close();
  erp = undefined;
});

async function against(script: Script, settings: Parameters<typeof connect>[1] = {}) {
  const server = await startScriptedErp(script);
  erp = server;
  return { server, bluecherry: connect(server.url, settings) };
}

const pages =
  (...replies: Reply[]): Script =>
  ({ query }) =>
    replies[Number(query['_pgno']) - 1] ?? flat();

const headedPages =
  (...replies: Reply[]): Script =>
  ({ query }) =>
    replies[Number(query['_pgno']) - 1] ?? headed();

const location = (code: string, pkey = code) => ({
  pkey,
  location: `${code}   `,
  loc_name: 'Somewhere',
  loc_type: 'W',
});

test('a list is read until a page is empty, however short a page is', async () => {
  const { server, bluecherry } = await against(pages(flat(location('W01')), flat(location('W02'), location('W03'))));
  const warehouses = await bluecherry.listWarehouses(aCall());
  expect(warehouses.map(({ warehouse }) => warehouse)).toEqual(['W01', 'W02', 'W03']);
  expect(server.received.map(({ query }) => query['_pgno'])).toEqual(['1', '2', '3']);
  expect(server.received.every(({ query }) => query['_pgsize'] === '100')).toBe(true);
});

test('a short page is the last one where the installation confirmed its page size', async () => {
  const { server, bluecherry } = await against(pages(flat(location('W01'))), {
    paging: { size: 2, capConfirmed: true },
  });
  expect(await bluecherry.listWarehouses(aCall())).toHaveLength(1);
  expect(server.received).toHaveLength(1);
});

test('never asks for more than the server serves in silence', async () => {
  const { server, bluecherry } = await against(pages(), { paging: { size: 500, capConfirmed: false } });
  await bluecherry.listWarehouses(aCall());
  expect(server.received[0]?.query['_pgsize']).toBe('200');
});

test('a page that repeats the one before fails the pass', async () => {
  const { bluecherry } = await against(() => flat(location('W01')));
  await expect(bluecherry.listWarehouses(aCall())).rejects.toMatchObject({ code: 'BROKEN_PAGING', fate: 'wait' });
});

test('a page of one header row is not the end: rows are counted, not keys of data', async () => {
  const changed = (ord_num: string, pkey: number) => anErpOrder({ ord_num, pkey });
  const { bluecherry } = await against(({ resource, query }) => {
    if (resource === 'importLog') return flat();
    return query['_pgno'] === '1'
      ? headed(changed('1', 1))
      : query['_pgno'] === '2'
        ? headed(changed('2', 2))
        : headed();
  });
  const { salesOrders } = await bluecherry.readChanges(null, aCall());
  expect(salesOrders.map(({ orderNumber }) => orderNumber)).toEqual(['1', '2']);
});

test('a look-up by key costs one call', async () => {
  const { server, bluecherry } = await against(() => headed(anErpOrder()));
  await bluecherry.findSalesOrdersByReference('ref-1 ', ['altPo'], aCall());
  expect(server.received).toHaveLength(1);
  expect(server.received[0]).toMatchObject({
    resource: 'salesOrder',
    rawQuery: '$filter=altpo%20eq%20%27ref-1%20%27&_include=all&_pgno=1&_pgsize=100',
  });
});

describe('a look-up by key that finds several rows', () => {
  const TWO = [anErpOrder(), anErpOrder({ ord_num: '104513', pkey: 80456 })];
  const look = (bluecherry: BlueCherry) => bluecherry.findSalesOrdersByReference('REF-1', ['altPo'], aCall());

  test('asks for the next page: the server may cut pages shorter than they were asked for', async () => {
    const third = anErpOrder({ ord_num: '104514', pkey: 80457 });
    const { server, bluecherry } = await against(headedPages(headed(...TWO), headed(third)));
    expect(await look(bluecherry)).toHaveLength(3);
    // One row may be all of a page that is not cut.
    expect(server.received.map(({ query }) => query['_pgno'])).toEqual(['1', '2']);
  });

  test('costs one call where the server has sent longer pages of the same kind', async () => {
    const three = [...TWO, anErpOrder({ ord_num: '104514', pkey: 80457 })];
    let rows = three;
    const { server, bluecherry } = await against(({ query }) => headed(...(query['_pgno'] === '1' ? rows : [])));
    await look(bluecherry);
    rows = TWO;
    const before = server.received.length;
    expect(await look(bluecherry)).toHaveLength(2);
    expect(server.received).toHaveLength(before + 1);
  });

  test('costs one call where the installation confirmed its page size', async () => {
    const { server, bluecherry } = await against(headedPages(headed(...TWO)), {
      paging: { size: 100, capConfirmed: true },
    });
    expect(await look(bluecherry)).toHaveLength(2);
    expect(server.received).toHaveLength(1);
  });
});

test('an order found by both fields is one order', async () => {
  const { server, bluecherry } = await against(() => headed(anErpOrder()));
  expect(await bluecherry.findSalesOrdersByReference('REF-1', ['altPo', 'referenceField'], aCall())).toHaveLength(1);
  expect(server.received.map(({ query }) => query['$filter'])).toEqual(["altpo eq 'REF-1'", "udford1c eq 'REF-1'"]);
});

test('two orders of one reference are both shown', async () => {
  const { bluecherry } = await against(
    headedPages(headed(anErpOrder(), anErpOrder({ ord_num: '104513', pkey: 80456 }))),
  );
  const found = await bluecherry.findSalesOrdersByReference('REF-1', ['altPo'], aCall());
  expect(found.map(({ orderNumber }) => orderNumber)).toEqual(['104512', '104513']);
});

test('a quote in a literal is doubled', async () => {
  const { server, bluecherry } = await against(() => headed());
  await bluecherry.getSalesOrder("O'1", aCall());
  expect(server.received[0]?.query['$filter']).toBe("ord_num eq 'O''1'");
});

test('rows that do not fit the filter are strangers: the look-up fails', async () => {
  const { bluecherry } = await against(() => headed(anErpOrder(), anErpOrder({ altpo: 'REF-2' })));
  await expect(bluecherry.findSalesOrdersByReference('REF-1', ['altPo'], aCall())).rejects.toMatchObject({
    code: 'FILTER_IGNORED',
    fate: 'gate',
  });
});

test('rows older than asked for mean that the filter was ignored', async () => {
  const { bluecherry } = await against(() => flat(aLogRow({ last_mod: '2020-01-01 00:00:00' })));
  await expect(bluecherry.readChanges(null, aCall())).rejects.toMatchObject({ code: 'FILTER_IGNORED' });
});

test('a look-up does not leave out a row it cannot identify', async () => {
  const { bluecherry } = await against(headedPages(headed(anErpOrder(), anErpOrder({ ord_num: null }))));
  await expect(bluecherry.findSalesOrdersByReference('REF-1', ['altPo'], aCall())).rejects.toMatchObject({
    code: 'SCHEMA_DRIFT',
  });
});

test('a list leaves out a row without its keys and goes on', async () => {
  const { bluecherry } = await against(pages(flat(location('W01'), { pkey: 2, location: ' ' }, location('W02'))));
  expect(await bluecherry.listWarehouses(aCall())).toHaveLength(2);
});

test('an order without the lines that were asked for is no order without lines', async () => {
  const { bluecherry } = await against(() => headed(anErpOrder({ salesorderdetail: undefined })));
  await expect(bluecherry.getSalesOrder('104512', aCall())).rejects.toMatchObject({
    code: 'SCHEMA_DRIFT',
    fate: 'gate',
  });
});

test.each([
  ['O', 'SCHEMA_DRIFT'],
  ['P', 'SCHEMA_DRIFT'],
  ['X', 'read'],
  ['Z', 'read'],
] as const)(
  'an order with the letter %s and no line at all is %s: one that lives has a line',
  async (letter, outcome) => {
    const { bluecherry } = await against(() =>
      headed(anErpOrder({ ord_status: letter, salesorderdetail: { rows: [] } })),
    );
    const read = bluecherry.getSalesOrder('104512', aCall()).then(
      () => 'read',
      (error: unknown) => (error instanceof BlueCherryError ? error.code : error),
    );
    await expect(read).resolves.toBe(outcome);
  },
);

test('a sales order is told in our words', async () => {
  const { bluecherry } = await against(() =>
    headed(
      anErpOrder({
        ord_status: 'h ',
        hold_code: 'loc',
        salesorderdetail: { rows: [anErpLine({ list_price: '30.0000' })] },
      }),
    ),
  );
  const order = await bluecherry.getSalesOrder('104512', aCall());
  expect(order).toMatchObject({
    orderNumber: '104512',
    status: 'hold',
    statusLetter: 'h',
    holdCode: 'LOC',
    customer: 'ACME01',
    warehouse: 'W01',
    altPo: 'REF-1',
    referenceField: 'REF-1',
    orderDate: '2025-11-23',
    endDate: '2025-12-15',
    discount: '0',
    freight: '12.5',
    tax: '19.8000',
    taxFixed: true,
    purchaseOrder: 'PO-77812',
    changedAt: '2025-11-25T14:12:44.000Z',
    billTo: null,
    shipTo: { name: 'Acme 0001', line1: '9 Mill Rd', country: 'US' },
  });
  expect(order?.lines).toEqual([
    {
      sequence: 1,
      sku: { division: '01', style: '00123', color: 'BLK', label: 'A', dimension: '', size: 'M', upc: '012345678905' },
      warehouse: 'W01',
      price: '24',
      listPrice: '30.0000',
      discountPercent: null,
      startDate: null,
      endDate: null,
      notes: '',
      ordered: 6,
      open: 0,
      allocated: 0,
      picked: 6,
      invoiced: 0,
      cancelledByCustomer: 0,
      cancelledByHouse: 0,
      latestInvoice: '',
    },
  ]);
});

test('the site’s fields are those that every order does not fill in itself', async () => {
  const row = anErpOrder({ udford2c: ' pi_1 ', udford4i: '7.00', otherrefnum: 'PO-9' });
  const plain = await against(() => headed(row));
  expect((await plain.bluecherry.getSalesOrder('104512', aCall()))?.siteFields).toEqual({
    udford2c: 'pi_1',
    udford3d: '2025-11-30',
    udford4i: '7.00',
  });
  await erp?.close();
  const fields = {
    purchaseOrder: 'otherrefnum',
    altPo: 'altpo',
    referenceField: 'udford2c',
    vndId: 'SPARKLAYER',
    vndQual: 'ZZ',
  };
  const named = await against(() => headed(row), { fields });
  const order = await named.bluecherry.getSalesOrder('104512', aCall());
  expect(order).toMatchObject({ purchaseOrder: 'PO-9', referenceField: 'pi_1' });
  expect(Object.keys(order?.siteFields ?? {}).toSorted()).toEqual(['otherrefnum', 'udford1c', 'udford3d', 'udford4i']);
});

test.each([
  [1e-15, '0.000000000000001'],
  [-8.881784197001252e-16, '-0.0000000000000008881784197001252'],
  ['1.5E2', '150'],
])('an amount written as %s is a number too', async (tax_amt, tax) => {
  const { bluecherry } = await against(() => headed(anErpOrder({ tax_amt })));
  expect(await bluecherry.getSalesOrder('104512', aCall())).toMatchObject({ tax });
});

test('a quantity as a database writes zero is zero', async () => {
  const row = anErpOrder({ salesorderdetail: { rows: [anErpLine({ qty_alloc: '.00', qty_open: ' .0 ' })] } });
  const { bluecherry } = await against(() => headed(row));
  expect((await bluecherry.getSalesOrder('104512', aCall()))?.lines).toMatchObject([{ allocated: 0, open: 0 }]);
});

test('a letter that the site does not name is unknown, not guessed', async () => {
  const { bluecherry } = await against(() => headed(anErpOrder({ ord_status: 'Q' })));
  expect(await bluecherry.getSalesOrder('104512', aCall())).toMatchObject({ status: 'unknown', statusLetter: 'Q' });
});

test.each([
  ['a missing quantity', { qty_ord: null }],
  ['a missing price', { price: '' }],
])('a line with %s stops the read, or a replace would change it', async (_, change) => {
  const { bluecherry } = await against(() => headed(anErpOrder({ salesorderdetail: { rows: [anErpLine(change)] } })));
  await expect(bluecherry.getSalesOrder('104512', aCall())).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
});
