import { expect, test } from 'vitest';

import { examples, misfits } from '../../../sandbox/bluecherry/contract.ts';
import { anErp, anOrder, withLines, type Row } from './client.ts';

const LISTS: readonly [resource: string, schema: string, query: string][] = [
  ['style', 'StyleList', '_include=all&_pgsize=200'],
  ['Location', 'LocationList', '_pgsize=200'],
  ['Shipper', 'ShipperList', '_pgsize=200'],
  ['pick', 'PickList', '_include=all'],
  ['productionOrderByStage', 'ProductionOrderByStageList', 'stage_num=2&_include=all'],
  ['inventory', 'InventoryList', '_pgsize=200'],
  ['salesOrder', 'SalesOrderList', '_include=all'],
  ['importLog', 'ImportLogList', '_pgsize=200'],
  ['customer', 'CustomerList', '_include=all&_pgsize=200'],
  ['customerStore', 'CustomerStoreList', '_pgsize=200'],
  ['priceList', 'PriceListList', '_pgsize=200'],
  ['invoice', 'InvoiceList', '_include=all'],
  ['terms', 'TermsList', '_pgsize=200'],
  ['division', 'DivisionList', '_pgsize=200'],
  ['season', 'SeasonList', '_pgsize=200'],
];

test.each(LISTS)(
  '%s answers rows that fit the contract, with and without children',
  async (resource, schema, query) => {
    const { enters, imports, get, runs } = await anErp();
    await enters(anOrder({ udford3d: '12/01/2025', udford4i: 7 }));
    await imports(anOrder({ customer: 'NOBODY' }));
    runs('credit_check', 'allocation', 'pick_release', 'ship_confirm', 'invoicing');
    const whole = await get(`/api/${resource}?${query}`);
    expect(misfits(schema, whole)).toEqual([]);
    expect(Array.isArray(whole.data) ? whole.data : whole.data.header).not.toHaveLength(0);
    const bare = await get(`/api/${resource}?${query.replace('_include=all&', '').replace('_include=all', '')}`);
    expect(misfits(schema, bare)).toEqual([]);
    expect(JSON.stringify(bare)).not.toContain('rows');
  },
);

test.each(['creditMemo'])('%s answers an empty list that fits the contract', async (resource) => {
  const { get } = await anErp();
  const answer = await get(`/api/${resource}?_include=all`);
  expect(answer).toEqual({ version: '1.0', data: { header: [] } });
  expect(misfits('CreditMemoList', answer)).toEqual([]);
});

test('every example of the contract fits its schema', () => {
  for (const { 'x-schema': schema, value } of Object.values(examples)) expect(misfits(schema, value)).toEqual([]);
});

test('answers of posts and refusals fit the contract', async () => {
  const { post, get } = await anErp();
  expect(misfits('StagedAnswer', await post('salesOrder', [anOrder()]))).toEqual([]);
  expect(misfits('AppError', await post('salesOrder', {}))).toEqual([]);
  expect(misfits('AppError', await get('/api/salesOrder?_pgno=0'))).toEqual([]);
  const direct = await anErp({ writeMode: 'direct' });
  expect(misfits('StagedAnswer', await direct.post('salesOrder', [anOrder(), anOrder({ terms: 'X' })]))).toEqual([]);
});

test('the probe is good when a version is there', async () => {
  const { get } = await anErp();
  expect(await get('/api/pick?_pgsize=1')).toHaveProperty('version');
});

test('resource names are not case-sensitive, field names are', async () => {
  const { get, find } = await anErp();
  expect(await get('/api/LOCATION')).toEqual(await get('/api/location'));
  expect(await find('location', "LOC_TYPE eq 'W'")).toMatchObject({ errors: [{ errorCode: 'INV_FILTER' }] });
});

test('a filter compares codes trimmed and without case, and may be sent with an encoded dollar', async () => {
  const { get, find, rows } = await anErp();
  const { data } = await find('customer', "customer eq 'acme01  ' and division eq '01'");
  expect(data.header).toMatchObject([{ customer: 'ACME01    ', division: '01' }]);
  expect(await get(`/api/Location?%24filter=${encodeURIComponent("loc_type eq 'w'")}`)).toEqual(
    await find('Location', "loc_type eq 'W'"),
  );
  expect(await rows(`/api/Location?$filter=${encodeURIComponent("loc_type eq 'W'")}`)).toHaveLength(3);
});

test('pages are cut to what the installation serves, without a word', async () => {
  const { rows } = await anErp({ pageCap: 3 });
  const page = (number: number) => rows(`/api/Location?_pgsize=200&_pgno=${number}`);
  expect([await page(1), await page(2), await page(3)].map(({ length }) => length)).toEqual([3, 2, 0]);
});

test('a row that is edited goes to the end of its list where lists are ordered by change', async () => {
  const names = async (listOrder: 'entry' | 'change') => {
    const { erp, rows } = await anErp({ listOrder });
    erp.setCustomer('01', 'ACME01', { active: false });
    return (await rows('/api/customer?_pgsize=200')).map(
      ({ customer, division }) => `${String(customer)}${String(division)}`,
    );
  };
  const [entered, changed] = [await names('entry'), await names('change')];
  expect(entered.at(-1)).not.toBe('ACME01    01');
  expect(changed.at(-1)).toBe('ACME01    01');
  expect(changed.toSorted()).toEqual(entered.toSorted());
});

test('a quote in a literal is doubled', async () => {
  const { enters, find } = await anErp();
  await enters(anOrder({ po_num: "O'NEILL 7" }));
  expect((await find('salesOrder', "po_num eq 'O''NEILL 7'")).data.header).toHaveLength(1);
  expect(await find('salesOrder', "po_num eq 'O'NEILL 7'")).toMatchObject({ errors: [{ errorCode: 'INV_FILTER' }] });
});

test.each([
  ['ord_num', '104001'],
  ['po_num', 'PO-77812'],
  ['altpo', 'sl-100045'],
  ['udford1c', 'SL-100045 '],
  ['customer', 'ACME01'],
  ['division', '01'],
  ['ord_status', 'O'],
])('orders are found by %s', async (field, literal) => {
  const { enters, find } = await anErp();
  await enters(anOrder());
  await enters(
    withLines(
      anOrder({
        po_num: 'B',
        altpo: 'B',
        udford1c: 'B',
        customer: 'COD01',
        division: '02',
        store: '',
        hold_code: 'CS',
      }),
      {},
      { style: 'MN-2001', size_desc: 'L', upc: '' },
    ),
  );
  expect((await find('salesOrder', `${field} eq '${literal}'`)).data.header).toMatchObject([{ ord_num: '104001' }]);
});

test.each([
  "altpo gt 'A'",
  "last_mod eq '2025-11-23 10:00:00'",
  "last_mod gt 'yesterday'",
  "ext_ref eq 'SL-1'",
  "altpo eq 'A' or altpo eq 'B'",
  "altpo eq 'A' and",
  "altpo ge 'A'",
  "altpo eq 'A'  and po_num eq 'B'",
  'altpo eq SL-1',
  "pkey eq '7'",
  '',
])('the filter %j is refused', async (filter) => {
  const { erp, find } = await anErp();
  expect(await find('salesOrder', filter)).toMatchObject({ errors: [{ errorCode: 'INV_FILTER' }] });
  expect(erp.contractViolations()).toHaveLength(1);
});

test.each(['_pgno=0', '_pgsize=x', '_include=some', 'ord_num=1', 'pkey=a', '$top=1'])(
  'the parameter %s is refused',
  async (parameter) => {
    const { get } = await anErp();
    expect(await get(`/api/salesOrder?${parameter}`)).toMatchObject({ errors: [{ errorCode: 'INV_FILTER' }] });
  },
);

test('children of a flat list cannot be asked for, and a stage must be named', async () => {
  const { get } = await anErp();
  expect(await get('/api/terms?_include=all')).toMatchObject({ errors: [{ errorCode: 'INV_FILTER' }] });
  expect(await get('/api/productionOrderByStage')).toMatchObject({ errors: [{ errorCode: 'REQ_MISSING' }] });
});

test('pages hold 25 rows unless asked, 200 at most without a word, and none past the end', async () => {
  const { rows } = await anErp({ extraStyles: 250 });
  expect(await rows('/api/style')).toHaveLength(25);
  const first = await rows('/api/style?_pgsize=500');
  expect(first).toHaveLength(200);
  const second = await rows('/api/style?_pgsize=500&_pgno=2');
  expect(second).toHaveLength(58);
  expect(new Set([...first, ...second].map(({ pkey }) => pkey)).size).toBe(258);
  expect(await rows('/api/style?_pgsize=500&_pgno=3')).toEqual([]);
});

test('a row is found by its key, and an unknown key finds nothing', async () => {
  const { rows } = await anErp();
  const [order] = await rows('/api/customer?pkey=211');
  expect(order).toMatchObject({ pkey: 211 });
  expect(await rows('/api/customer?pkey=999')).toEqual([]);
});

test('changes are strictly later than the stamp, and stamps tie within a second', async () => {
  const { erp, enters, find } = await anErp();
  await enters(anOrder());
  erp.advanceClock(400);
  await enters(anOrder());
  erp.advanceClock(600);
  await enters(anOrder());
  const since = async (stamp: string) => (await find('salesOrder', `last_mod gt '${stamp}'`)).data.header.length;
  expect(await since('2025-11-23 10:30:00')).toBe(1);
  expect(await since('2025-11-23T10:29:59')).toBe(3);
  expect(await since('2025-11-23')).toBe(3);
});

test('stamps are the ERP’s local time, and run backwards when summer time ends', async () => {
  const { erp, enters, order } = await anErp();
  const stampAt = async (iso: string) => {
    erp.setClock(iso);
    const late = { start_date: '12/01/2026', end_date: '12/31/2026' };
    return order(await enters(withLines(anOrder(late), late))).changed;
  };
  expect(await stampAt('2026-07-01T12:00:00Z')).toBe('2026-07-01 08:00:00');
  expect(await stampAt('2026-11-01T05:30:00Z')).toBe('2026-11-01 01:30:00');
  expect(await stampAt('2026-11-01T06:10:00Z')).toBe('2026-11-01 01:10:00');
});

test('the import log forgets after thirty days, the order stays', async () => {
  const { erp, enters, rows } = await anErp();
  await enters(anOrder());
  erp.advanceClock(31 * 86_400_000);
  expect(await rows('/api/importLog')).toEqual([]);
  expect(erp.salesOrders()).toHaveLength(1);
});

test('the log is found by transaction, reference, control number and status', async () => {
  const { imports, rows, find } = await anErp();
  await imports(anOrder({ isa_num: '000000901', ext_ref: 'A' }), anOrder({ ext_ref: 'B', terms: 'X' }));
  expect(await rows('/api/importLog?pkey=55001')).toHaveLength(2);
  expect((await find('importLog', "ext_ref eq 'a'")).data).toHaveLength(1);
  expect((await find('importLog', "isa_num eq '000000901'")).data).toHaveLength(1);
  expect((await find('importLog', "status eq 'E'")).data).toMatchObject([{ ext_ref: 'B', ord_num: '' }]);
});

test('styles show live sizes only, samples too, and move when a SKU goes', async () => {
  const { erp, find } = await anErp();
  const sizes = async (style: string) => {
    const { data } = await find('style', `style eq '${style}'`, '&_include=all');
    const colours: { stylecolorsizes?: { 'rows-i': Row[] } }[] = data.header[0].styledetail.rows;
    return {
      header: data.header[0],
      sizes: colours.flatMap(({ stylecolorsizes }) => stylecolorsizes?.['rows-i'] ?? []),
    };
  };
  expect((await sizes('OLD-900')).sizes).toEqual([]);
  expect((await sizes('OLD-900')).header).toMatchObject({ active_ok: 'N' });
  const before = await sizes('AC-1001');
  expect(before.sizes.filter(({ lbl_code }) => lbl_code === 'SAMPLE')).toHaveLength(1);
  erp.setSkuLive({ division: '01', style: 'AC-1001', color: 'BLK', label: 'A', dimension: '', size: 'XL' }, false);
  const after = await sizes('AC-1001');
  expect(after.sizes).toHaveLength(before.sizes.length - 1);
  expect(after.header.last_mod).toBe('2025-11-23 10:30:00');
});

test('a customer moves with its master data, not with its balances', async () => {
  const { erp, find } = await anErp();
  const acme = async () => (await find('customer', "customer eq 'ACME01' and division eq '01'")).data.header[0];
  const before = await acme();
  erp.setCustomer('01', 'ACME01', { arBalance: '100.00' });
  expect(await acme()).toMatchObject({ last_mod: before.last_mod, ar_balance: '100.00', credit_avail: 24900 });
  erp.setCustomer('01', 'ACME01', { active: false });
  expect(await acme()).toMatchObject({ last_mod: '2025-11-23 10:30:00', active_ok: 'N' });
});
