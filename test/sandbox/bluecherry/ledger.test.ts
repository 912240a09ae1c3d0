import * as fc from 'fast-check';
import { expect, test } from 'vitest';

import { createClock } from '../../../sandbox/bluecherry/clock.ts';
import { brokenInvariants, createErp, skuKey, touch } from '../../../sandbox/bluecherry/erp.ts';
import { importOne } from '../../../sandbox/bluecherry/import-job.ts';
import { LENGTHS } from '../../../sandbox/bluecherry/values.ts';
import { aReplace, anErp, anOrder, NOON, withLines } from './client.ts';

const SKU = { division: '01', style: '00123', color: 'BLK', label: 'A', dimension: '', size: 'M' };

async function withStock(options: Parameters<typeof anErp>[0] = {}) {
  const given = await anErp(options);
  return {
    ...given,
    stock: async (location = 'W01') => {
      const rows = await given.rows(
        `/api/inventory?_pgsize=200&$filter=${encodeURIComponent(`division eq '01' and location eq '${location}'`)}`,
      );
      const row = rows.find(
        ({ style, color_code, size_desc }) => style === '00123' && color_code === 'BLK' && size_desc === 'M',
      );
      if (!row) throw new Error('no such row');
      return Object.fromEntries(
        ['qoh', 'pick_qty', 'open_qty', 'resv_qty', 'ots_qty'].map((name) => [name, Number(row[name])]),
      );
    },
  };
}

test('an import lowers open to sell at once, a pick moves it, an invoice takes it off hand', async () => {
  const { erp, enters, post, stock, runs, order } = await withStock();
  const start = { qoh: 5_000, pick_qty: 0, open_qty: 0, resv_qty: 0, ots_qty: 5_000 };
  expect(await stock()).toEqual(start);
  await post('salesOrder', [anOrder()]);
  expect(await stock()).toEqual(start);
  erp.runJob('order_import');
  expect(await stock()).toEqual({ ...start, open_qty: 6, ots_qty: 4_994 });
  runs('credit_check', 'allocation', 'pick_release');
  expect(await stock()).toEqual({ ...start, pick_qty: 6, ots_qty: 4_994 });
  runs('invoicing');
  expect(await stock()).toEqual({ ...start, pick_qty: 6, ots_qty: 4_994 });
  runs('ship_confirm', 'invoicing');
  expect(await stock()).toEqual({ ...start, qoh: 4_994, ots_qty: 4_994 });
  expect(order('104001').status).toBe('I');
  await enters(anOrder({ hold_code: 'CS' }));
  expect(await stock()).toMatchObject({ open_qty: 6, ots_qty: 4_988 });
});

test('a cancel gives open to sell back', async () => {
  const { enters, cancels, stock } = await withStock();
  const ordNum = await enters(anOrder());
  await cancels({ ord_num: ordNum, reason_code: 'BUYR', cancel_type: 'C' });
  expect(await stock()).toMatchObject({ qoh: 5_000, open_qty: 0, ots_qty: 5_000 });
});

test('a snapshot is one for all its pages, newer when the ledger has moved, stale when its job stalls', async () => {
  const { erp, get, enters } = await withStock();
  const first = (await get('/api/inventory')).data;
  expect(first).toMatchObject({ complete_ok: 'Y', as_of: '2025-11-23 10:30:00' });
  erp.stallJob('ats_snapshot');
  erp.advanceClock(5 * 3_600_000);
  await enters(anOrder());
  expect((await get('/api/inventory')).data).toMatchObject({ as_of: first.as_of, snapshot_id: first.snapshot_id });
  erp.resumeJob('ats_snapshot');
  expect((await get('/api/inventory?_pgno=2')).data.snapshot_id).toBe(first.snapshot_id);
  const next = (await get('/api/inventory')).data;
  expect(next).toMatchObject({ as_of: '2025-11-23 15:30:00', snapshot_id: first.snapshot_id + 1 });
  erp.faults.add({ kind: 'snapshotChanged' });
  expect((await get('/api/inventory?_pgno=2')).data.snapshot_id).toBe(next.snapshot_id + 1);
});

test('a delta holds what has moved since, and is never complete', async () => {
  const { erp, find, enters } = await withStock();
  const since = "last_mod gt '2025-11-23 10:30:00'";
  expect((await find('inventory', since)).data).toMatchObject({ complete_ok: 'N', header: [] });
  erp.advanceClock(60_000);
  await enters(anOrder());
  expect((await find('inventory', since)).data.header).toMatchObject([{ size_desc: 'M' }, { size_desc: 'L' }]);
});

test('figures of every row keep the contract’s formulas, oversold and linked ones too', async () => {
  const { rows } = await withStock();
  const all = [];
  for (let page = 1; ; page++) {
    const more = await rows(`/api/inventory?_pgsize=200&_pgno=${page}`);
    if (more.length === 0) break;
    all.push(...more);
  }
  const figure = (row: Record<string, unknown>, name: string) => Number(row[name]);
  const gaps = all.map(
    (row) =>
      figure(row, 'qoh') -
      figure(row, 'pick_qty') -
      figure(row, 'open_qty') -
      figure(row, 'resv_qty') -
      figure(row, 'ots_qty'),
  );
  expect(Math.min(...gaps)).toBe(0);
  expect(Math.max(...gaps)).toBe(10);
  expect(all.some((row) => figure(row, 'ots_qty') < 0)).toBe(true);
  const nowhere = all.filter(({ location }) => String(location).trim() === '');
  expect(nowhere.length).toBeGreaterThan(0);
  expect(nowhere.every((row) => figure(row, 'wip_qty') === 60 && figure(row, 'ots_wip_qty') === 0)).toBe(true);
});

test.each([
  ['in good standing', 'CUST-0042', 'R', 'A'],
  ['over the limit', 'OVER01', 'C', 'P'],
  ['past due', 'PAST01', 'C', 'P'],
  ['held', 'HOLD01', 'C', 'P'],
  ['factored', 'FACT01', 'O', 'P'],
])(
  'an order of a customer %s (%s) comes out of the credit check as %s with %s',
  async (_what, customer, letter, credit) => {
    const { enters, order, runs } = await withStock();
    const ordNum = await enters(anOrder({ customer, store: '', curr_code: 'GBP' }));
    expect(order(ordNum)).toMatchObject({ status: 'O', creditStatus: '' });
    runs('credit_check');
    expect(order(ordNum)).toMatchObject({ status: letter, creditStatus: credit });
  },
);

test.each([
  ['644.60', 'R'],
  ['644.59', 'C'],
])('balance, open orders and the new order of 644.60 under a limit of %s: %s', async (creditLimit, letter) => {
  const { erp, enters, order, runs } = await withStock();
  erp.setCustomer('01', 'ACME01', { creditLimit, arBalance: '100.00' });
  await enters(anOrder());
  const ordNum = await enters(anOrder());
  runs('credit_check');
  expect(order(ordNum).status).toBe(letter);
});

test('a factor’s number releases what waited for it, and a stamp does not move while it waits', async () => {
  const { erp, enters, order, runs } = await withStock();
  const ordNum = await enters(anOrder({ customer: 'FACT01', store: '', curr_code: 'GBP' }));
  runs('credit_check');
  const { changed } = order(ordNum);
  erp.advanceClock(60_000);
  runs('credit_check');
  expect(order(ordNum).changed).toBe(changed);
  erp.approveFactor(ordNum, 'CIT-77');
  runs('credit_check');
  expect(order(ordNum)).toMatchObject({ status: 'R', creditStatus: 'A' });
});

test('a clerk releases or declines a held order', async () => {
  const { erp, enters, order, runs } = await withStock();
  const ordNum = await enters(anOrder({ customer: 'HOLD01', store: '', curr_code: 'GBP' }));
  runs('credit_check');
  erp.declineCredit(ordNum);
  expect(order(ordNum)).toMatchObject({ status: 'C', creditStatus: 'D' });
  erp.releaseCredit(ordNum);
  expect(order(ordNum)).toMatchObject({ status: 'R', creditStatus: 'A' });
});

test('allocation serves the earlier order first and never more than there is', async () => {
  const { erp, enters, order, runs } = await withStock();
  erp.adjustStock(SKU, 'W01', -4_992);
  const [first, second] = [await enters(anOrder()), await enters(anOrder())];
  runs('credit_check', 'allocation');
  expect(order(first).progress[0]?.allocated).toBe(6);
  expect(order(second).progress[0]?.allocated).toBe(2);
  runs('pick_release', 'ship_confirm', 'invoicing');
  expect(order(second)).toMatchObject({ status: 'T', lines: [{ open: 4 }, { open: 0 }] });
});

test('what is past its cancel date goes by the house', async () => {
  const { erp, enters, order, runs } = await withStock();
  const ordNum = await enters(anOrder());
  erp.setClock('2025-12-16T15:00:00Z');
  runs('allocation');
  expect(order(ordNum).status).toBe('Y');
});

test('one order on two invoices: freight on the first, tax by goods value, the rest of cents on the last', async () => {
  const { erp, enters, rows, runs, find } = await withStock();
  const ordNum = await enters(anOrder({ disc_amt: 0.05, disc_code: 'ROUND', tax_amt: 10 }));
  runs('credit_check', 'allocation', 'pick_release');
  erp.pickShort(ordNum, 1, 1);
  runs('ship_confirm', 'invoicing', 'allocation', 'pick_release', 'ship_confirm', 'invoicing');
  const invoices = await rows('/api/invoice');
  expect(
    invoices.map(({ sub_total, frgt_amt, tax_amt, disc_amt }) => [sub_total, frgt_amt, tax_amt, disc_amt]),
  ).toEqual([
    [120, '12.50', 5, 0.03],
    [120, '0.00', 5, 0.02],
  ]);
  const { data } = await find('customer', "customer eq 'ACME01' and division eq '01'");
  expect(data.header[0]).toMatchObject({ ar_balance: '262.45', open_order_amt: 0 });
  expect((await rows('/api/pick')).map(({ inv_num }) => inv_num)).toEqual(invoices.map(({ inv_num }) => inv_num));
});

test('the tax of cancelled goods is on no invoice', async () => {
  const { enters, rows, runs, cancels } = await withStock();
  const ordNum = await enters(anOrder());
  await cancels({ ord_num: ordNum, line_seq: 2, reason_code: 'OOS', cancel_type: 'H' });
  runs('credit_check', 'allocation', 'pick_release', 'ship_confirm', 'invoicing');
  expect(await rows('/api/invoice')).toMatchObject([{ sub_total: 144, tax_amt: 11.88, total_amt: '168.38' }]);
});

test('ledger and lines add up after any sequence of events', async () => {
  const jobs = fc.constantFrom(
    'order_import',
    'credit_check',
    'allocation',
    'pick_release',
    'ship_confirm',
    'invoicing',
  );
  const event = fc.oneof(
    fc.record({ kind: fc.constant('enter'), quantity: fc.integer({ min: 1, max: 60 }), hold: fc.boolean() }),
    fc.record({ kind: fc.constant('replace'), which: fc.nat(500), quantity: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ kind: fc.constant('cancel'), which: fc.nat(500), line: fc.option(fc.integer({ min: 1, max: 2 })) }),
    fc.record({ kind: fc.constant('short'), which: fc.nat(500), found: fc.nat(5) }),
    fc.record({ kind: fc.constant('clerk'), which: fc.nat(500), quantity: fc.integer({ min: 1, max: 60 }) }),
    fc.record({ kind: fc.constant('job'), job: jobs }),
  );
  const { erp, post } = await withStock();
  // Room enough that orders get as far as the invoice.
  erp.setCustomer('01', 'ACME01', { creditLimit: '900000.00' });
  const change = (quantity: number) => [{ size_qty: quantity, location: 'W03' }, {}] as const;
  const nth = (which: number) => {
    const orders = erp.salesOrders();
    return orders[which % Math.max(1, orders.length)]?.ordNum;
  };
  // What the quantities do not allow is refused, and must leave no trace.
  const tries = (act: () => void) => {
    try {
      act();
    } catch (error) {
      if (!/has only|is on no pick|has no|has left|There is no order/.test(String(error))) throw error;
    }
  };
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 10, maxLength: 30 }), async (events) => {
      for (const each of events) {
        const ordNum = 'which' in each ? (nth(each.which) ?? '1') : '';
        if (each.kind === 'job' && 'job' in each) erp.runJob(each.job);
        if (each.kind === 'enter' && 'hold' in each)
          await post('salesOrder', [
            withLines(anOrder({ hold_code: each.hold ? 'CS' : '' }), ...change(each.quantity)),
          ]);
        if (each.kind === 'replace' && 'quantity' in each)
          await post('salesOrder', [withLines(aReplace(ordNum), ...change(each.quantity))]);
        if (each.kind === 'cancel' && 'line' in each)
          await post('salesOrderCancel', [
            { ord_num: ordNum, reason_code: 'BUYR', cancel_type: 'C', ...(each.line ? { line_seq: each.line } : {}) },
          ]);
        if (each.kind === 'short' && 'found' in each) tries(() => erp.pickShort(ordNum, 1, each.found));
        if (each.kind === 'clerk' && 'quantity' in each && erp.salesOrders().length > 0)
          tries(() => erp.clerkEdits(ordNum, { quantity: { line: 1, quantity: each.quantity } }));
        expect(erp.checkInvariants()).toEqual([]);
      }
    }),
    { numRuns: 40, seed: 7 },
  );
  // The sequences went everywhere, or the proof is worth little.
  const letters = new Set(erp.salesOrders().map(({ status }) => status));
  expect([...'ORHPTIXZ'].filter((letter) => !letters.has(letter))).toEqual([]);
});

test('a unit that no order accounts for is found, in the ledger and on a line', () => {
  const erp = createErp({
    clock: createClock(() => NOON, 'US/Eastern'),
    lengths: LENGTHS,
    controlNumberFence: true,
    duplicatePo: 'allow',
    allocationHorizonDays: null,
    extraStyles: 0,
    showsWrites: null,
    cancelKeysFrom: null,
  });
  expect(brokenInvariants(erp)).toEqual([]);
  erp.ledger.post(skuKey(SKU), 'W01', 'OP', 1);
  expect(brokenInvariants(erp)).toEqual(['ledger of 01|00123|BLK|A||M at W01: OP 1, orders say 0']);
  erp.ledger.post(skuKey(SKU), 'W01', 'OP', -1);
  importOne(erp, { pkey: 1, resource: 'salesOrder', rows: [anOrder()], hidden: false, refusedWith: null });
  const [order] = erp.orders.values();
  if (!order?.lines[0]) throw new Error('not imported');
  order.lines[0].open -= 1;
  expect(brokenInvariants(erp)).toHaveLength(2);
  expect(() => touch(erp, order)).toThrow('order 104001 line 1: 6 ordered, 5 accounted for');
});
