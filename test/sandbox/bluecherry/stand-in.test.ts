import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { examples, misfits } from '../../../sandbox/bluecherry/contract.ts';
import {
  startBlueCherry,
  type BlueCherryOptions,
  type BlueCherryStandIn,
} from '../../../sandbox/bluecherry/stand-in.ts';

type Body = Readonly<Record<string, unknown>>;

let erp: BlueCherryStandIn;
let numbers: number;
beforeEach(async () => {
  numbers = 0;
  erp = await startBlueCherry();
});
afterEach(async () => {
  expect(erp.checkInvariants()).toEqual([]);
  await erp.close();
});

async function restarted(options: BlueCherryOptions): Promise<void> {
  await erp.close();
  erp = await startBlueCherry(options);
}

async function get(path: string, key = erp.keys[0]): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${erp.url}/api/${path}`, { headers: { 'Ocp-Apim-Subscription-Key': key } });
  return { status: response.status, body: plain(await response.json()) };
}

async function post(resource: string, rows: unknown): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${erp.url}/api/${resource}`, {
    method: 'POST',
    headers: { 'Ocp-Apim-Subscription-Key': erp.keys[0], 'content-type': 'application/json' },
    body: JSON.stringify(rows),
  });
  return { status: response.status, body: plain(await response.json()) };
}

function plain(value: unknown): Body {
  return value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value)) : {};
}

function header(body: Body): readonly Body[] {
  const data = body['data'];
  return data !== null && typeof data === 'object' && 'header' in data && Array.isArray(data.header) ? data.header : [];
}

function anOrder(change: Body = {}, line: Body = {}): Body {
  numbers++;
  const reference = 'SL-100045';
  return {
    trans_type: 'N',
    isa_num: String(numbers).padStart(9, '0'),
    vnd_id: 'SPARKLAYER',
    vnd_qual: 'ZZ',
    ext_ref: reference,
    po_num: 'PO-1',
    altpo: reference,
    division: '01',
    location: 'W01',
    customer: 'ACME01',
    ord_type: 'B2B',
    ord_date: '11/23/2026',
    start_date: '12/01/2099',
    end_date: '12/31/2099',
    curr_code: 'USD',
    hold_code: '',
    disc_amt: 0,
    frgt_amt: 12.5,
    tax_amt: 19.8,
    tax_fixed_ok: 'Y',
    udford1c: reference,
    salesorderaddress: {
      rows: [{ addr_type: 'ST', name: 'Acme', addr1: '1 High Street', city: 'Portland', country: 'US' }],
    },
    salesorderdetail: {
      rows: [
        {
          line_seq: 1,
          style: 'AC-1001',
          color_code: 'BLK',
          lbl_code: 'A',
          dimension: '',
          size_desc: 'M',
          size_qty: 10,
          price: 24,
          ...line,
        },
      ],
    },
    ...change,
  };
}

async function imported(...orders: readonly Body[]): Promise<readonly string[]> {
  await post('salesOrder', orders);
  erp.runJob('order_import');
  erp.runJob('credit_check');
  return erp.salesOrders().map(({ ordNum }) => ordNum);
}

describe('what it answers', () => {
  test.each([
    ['style?_include=all', 'StyleList'],
    ['Location', 'LocationList'],
    ['Shipper', 'ShipperList'],
    ['pick', 'PickList'],
    ['salesOrder?_include=all', 'SalesOrderList'],
    ['importLog', 'ImportLogList'],
    ['customer?_include=all', 'CustomerList'],
    ['customerStore', 'CustomerStoreList'],
    ['terms', 'TermsList'],
    ['division', 'DivisionList'],
    ['season', 'SeasonList'],
    ['inventory', 'InventoryList'],
    ['priceList', 'PriceListList'],
    ['invoice', 'InvoiceList'],
    ['creditMemo', 'CreditMemoList'],
    ["productionOrderByStage?$filter=stage_num eq '3'", 'ProductionOrderByStageList'],
  ])('to GET %s fits the contract', async (path, schema) => {
    await imported(anOrder());
    const { status, body } = await get(path);
    expect(status).toBe(200);
    expect(misfits(schema, body)).toEqual([]);
  });

  test('to a post is a transaction number and nothing done yet', async () => {
    const { body } = await post('salesOrder', [anOrder()]);
    expect(misfits('StagedAnswer', body)).toEqual([]);
    expect(erp.salesOrders()).toEqual([]);
    expect(erp.importLog()).toMatchObject([{ status: 'P', ordNum: '' }]);
  });

  test('fits the contract in direct mode too, with the outcome beside it', async () => {
    await restarted({ writeMode: 'direct' });
    const { body } = await post('salesOrder', [anOrder(), anOrder({ customer: 'NOBODY' })]);
    expect(misfits('StagedAnswer', body)).toEqual([]);
    expect(body['data']).toMatchObject([
      { row_seq: 1, status: 'S' },
      { row_seq: 2, status: 'E', errorCode: 'INV_CUSTOMER' },
    ]);
  });

  test('every example of the contract fits its own schema', () => {
    for (const [name, example] of Object.entries(examples))
      expect({ name, misfits: misfits(example['x-schema'], example.value) }).toEqual({ name, misfits: [] });
  });

  test('without a good key is the gateway’s word', async () => {
    expect(await get('pick', 'wrong')).toMatchObject({
      status: 401,
      body: { statusCode: 401, message: expect.stringContaining('invalid subscription key') },
    });
    erp.revokeKeys('primary');
    expect((await get('pick')).status).toBe(401);
    expect((await get('pick', erp.keys[1])).status).toBe(200);
  });
});

describe('reading', () => {
  test.each(["ord_num ge '1'", "nosuch eq '1'", 'ord_num eq 1', "ord_num gt '1'", "ord_num eq '1' or po_num eq '2'"])(
    'refuses the filter %s',
    async (filter) => {
      expect((await get(`salesOrder?$filter=${encodeURIComponent(filter)}`)).body).toMatchObject({
        errors: [{ errorCode: 'INV_FILTER' }],
      });
    },
  );

  test('compares trimmed and without case, quotes doubled, the dollar encoded or not', async () => {
    await imported(anOrder({ po_num: "O'NEIL" }));
    expect(header((await get(`salesOrder?$filter=${encodeURIComponent("po_num eq ' o''neil '")}`)).body)).toHaveLength(
      1,
    );
    expect(header((await get(`salesOrder?%24filter=${encodeURIComponent("customer eq 'acme01'")}`)).body)).toHaveLength(
      1,
    );
  });

  test('cuts pages to 200 without a word and knows no end but an empty page', async () => {
    await restarted({ extraStyles: 230 });
    expect(header((await get('style?_pgsize=500')).body)).toHaveLength(200);
    expect(header((await get('style?_pgsize=200&_pgno=3')).body)).toHaveLength(0);
    expect(header((await get('style')).body)).toHaveLength(25);
  });

  test('shows children only when they are asked for', async () => {
    await imported(anOrder());
    expect(header((await get('salesOrder')).body)[0]).not.toHaveProperty('salesorderdetail');
    expect(header((await get('salesOrder?_include=all')).body)[0]).toHaveProperty('salesorderdetail');
  });
});

describe('importing', () => {
  test('takes the same reference twice: two live orders, and anybody can see it', async () => {
    await imported(anOrder(), anOrder());
    expect(erp.liveSalesOrders('SL-100045')).toHaveLength(2);
  });

  test('refuses a control number it has seen, unless the fence is off', async () => {
    await imported(anOrder({ isa_num: '000000007' }), anOrder({ isa_num: '000000007' }));
    expect(erp.salesOrders()).toHaveLength(1);
    expect(erp.importLog().map(({ errorCode }) => errorCode)).toContain('DUP_ISA');
    await restarted({ controlNumberFence: false });
    await imported(anOrder({ isa_num: '000000007' }), anOrder({ isa_num: '000000007' }));
    expect(erp.salesOrders()).toHaveLength(2);
  });

  test.each([
    ['INV_CUSTOMER', { customer: 'NOBODY' }, {}],
    ['CUST_INACTIVE', { customer: 'INAC01', curr_code: 'GBP' }, {}],
    ['INV_CURR', { curr_code: 'EUR' }, {}],
    ['INV_DIVISION', { division: '09' }, {}],
    ['INV_LOCATION', { location: 'POE' }, {}],
    ['INV_STORE', { store: '4711' }, {}],
    ['INV_TERMS', { terms: 'XXX' }, {}],
    ['INV_SHIPPER', { shipper: 'ZZZ' }, {}],
    ['INV_DATE', { end_date: '11/01/2099' }, {}],
    ['PAST_CANCEL', { start_date: '01/01/2020', end_date: '01/31/2020' }, {}],
    ['FIELD_LEN', { po_num: 'P'.repeat(23) }, {}],
    ['REQ_MISSING', { disc_amt: 1 }, {}],
    ['INV_SKU', {}, { style: 'NOSUCH' }],
    ['INV_SKU', {}, { upc: '999999999999' }],
    ['QTY_LE_ZERO', {}, { size_qty: 0 }],
  ])('refuses with %s and creates nothing', async (code, change, line) => {
    await imported(anOrder(change, line), anOrder());
    expect(erp.importLog().map(({ errorCode }) => errorCode)).toContain(code);
    // The other order of the array is none the worse.
    expect(erp.salesOrders()).toHaveLength(1);
  });

  test('adds up to the cent and lowers what is open to sell at once', async () => {
    const before = await onHand();
    await imported(anOrder());
    expect(erp.salesOrders()[0]).toMatchObject({ status: 'R', subTotal: '240.00', total: '272.30', terms: 'N30' });
    const after = await onHand();
    expect(after).toEqual({ qoh: before.qoh, ots: before.ots - 10 });
  });

  test.each([
    ['over the limit', 'OVER01', 'C'],
    ['past due', 'PAST01', 'C'],
    ['held', 'HOLD01', 'C'],
    ['factored', 'FACT01', 'O'],
    ['in good standing', 'CUST-0042', 'R'],
  ])('of a customer %s ends as %s %s', async (_, customer, letter) => {
    await imported(anOrder({ customer, curr_code: 'GBP' }));
    expect(erp.salesOrders()[0]?.status).toBe(letter);
  });
});

describe('replacing and cancelling', () => {
  test('a replace overwrites everything, the hold too, and never makes a second order', async () => {
    const [ordNum] = await imported(anOrder({ hold_code: 'LOC' }));
    expect(erp.salesOrders()[0]?.status).toBe('H');
    await imported(anOrder({ trans_type: 'R', ord_num: ordNum, location: 'W02' }, { location: 'W02', size_qty: 4 }));
    expect(erp.salesOrders()).toMatchObject([
      { ordNum, status: 'R', location: 'W02', lines: [{ ordered: 4, location: 'W02' }] },
    ]);
  });

  test('what is picked is neither replaced nor cancelled', async () => {
    const [ordNum] = await imported(anOrder());
    erp.runJob('allocation');
    erp.runJob('pick_release');
    await imported(anOrder({ trans_type: 'R', ord_num: ordNum }));
    await post('salesOrderCancel', [{ ord_num: ordNum, reason_code: 'BUYR', cancel_type: 'C' }]);
    erp.runJob('order_import');
    expect(erp.importLog().filter(({ errorCode }) => errorCode === 'ORD_PICKED')).toHaveLength(2);
    expect(erp.salesOrders()[0]?.status).toBe('P');
  });

  test('a cancel is the customer’s or the house’s, and a second finds nothing open', async () => {
    const [ordNum] = await imported(anOrder());
    const cancel = [{ ord_num: ordNum, reason_code: 'OOS', cancel_type: 'H' }];
    await post('salesOrderCancel', [...cancel, ...cancel]);
    erp.runJob('order_import');
    expect(erp.salesOrders()[0]?.status).toBe('Y');
    expect(erp.importLog().map(({ errorCode }) => errorCode)).toContain('ORD_CLOSED');
  });
});

describe('faults', () => {
  test('an answer lost after the commit is staged all the same', async () => {
    erp.faults.add({ route: 'POST /api/salesOrder', kind: 'answerLostAfterCommit' });
    await expect(post('salesOrder', [anOrder()])).rejects.toThrow('fetch failed');
    expect(erp.importLog()).toHaveLength(1);
  });

  test('a log row can be missing although the order is there', async () => {
    erp.faults.add({ route: 'POST /api/salesOrder', kind: 'logRowMissing' });
    await imported(anOrder());
    expect((await get('importLog')).body['data']).toEqual([]);
    expect(erp.salesOrders()).toHaveLength(1);
  });

  test('a stalled job leaves everything pending', async () => {
    erp.stallJob('order_import');
    await imported(anOrder());
    expect(erp.importLog()).toMatchObject([{ status: 'P' }]);
  });
});

async function onHand(): Promise<{ qoh: number; ots: number }> {
  const { body } = await get(
    `inventory?_pgsize=200&$filter=${encodeURIComponent("location eq 'W01' and division eq '01'")}`,
  );
  const row = header(body).find(
    ({ style, color_code, size_desc, lbl_code }) =>
      style === 'AC-1001' && color_code === 'BLK' && size_desc === 'M' && lbl_code === 'A',
  );
  return { qoh: Number(row?.['qoh']), ots: Number(row?.['ots_qty']) };
}
