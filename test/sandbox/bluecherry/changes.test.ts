import { expect, test } from 'vitest';

import { aReplace, anErp, anOrder, codesOf, withLines, type Row } from './client.ts';

const BUYER = { reason_code: 'BUYR', cancel_type: 'C' };
const HOUSE = { reason_code: 'OOS', cancel_type: 'H' };

test('a replace restates header and lines as a whole', async () => {
  const { imports, enters, order } = await anErp();
  const ordNum = await enters(anOrder());
  const [row] = await imports(
    withLines(aReplace(ordNum, { notes: 'new', location: 'W02' }), { size_qty: 9, location: '' }, null),
  );
  expect(row).toMatchObject({ status: 'S', ordNum });
  expect(order(ordNum)).toMatchObject({
    status: 'O',
    location: 'W02',
    header: { notes: 'new' },
    lines: [{ sequence: 1, ordered: 9, open: 9, location: 'W02' }],
  });
});

test('a replace may not change customer or division, and must find its order', async () => {
  const { imports, enters } = await anErp();
  const ordNum = await enters(anOrder());
  expect(codesOf(await imports(aReplace(ordNum, { customer: 'COD01', store: '' })))).toEqual(['E INV_CUSTOMER']);
  expect(codesOf(await imports(aReplace(ordNum, { division: '02' })))).toContain('E INV_DIVISION');
  expect(codesOf(await imports(aReplace('999')))).toEqual(['E INV_ORDER']);
  expect(codesOf(await imports(aReplace('')))).toEqual(['E REQ_MISSING']);
});

test('a hold code holds the order on import, and a replace without one lifts it', async () => {
  const { imports, enters, order, runs } = await anErp();
  const ordNum = await enters(anOrder({ hold_code: 'LOC' }));
  expect(order(ordNum).status).toBe('H');
  runs('credit_check', 'allocation', 'pick_release');
  expect(order(ordNum)).toMatchObject({
    status: 'H',
    creditStatus: 'A',
    progress: [{ allocated: 0 }, { allocated: 0 }],
  });
  await imports(aReplace(ordNum));
  expect(order(ordNum)).toMatchObject({ status: 'O', creditStatus: '' });
  runs('credit_check');
  expect(order(ordNum).status).toBe('R');
});

test('a replace overwrites the hold that a clerk has set', async () => {
  const { erp, imports, enters, order } = await anErp();
  const ordNum = await enters(anOrder());
  erp.setHold(ordNum, 'CS');
  expect(order(ordNum).status).toBe('H');
  await imports(aReplace(ordNum, { hold_code: 'LOC' }));
  expect(order(ordNum)).toMatchObject({ status: 'H', holdCode: 'LOC' });
});

test('a replace drops the allocation and brings a cancelled part back to life', async () => {
  const { imports, enters, order, runs, cancels } = await anErp();
  const ordNum = await enters(anOrder());
  await cancels({ ord_num: ordNum, line_seq: 2, ...BUYER });
  runs('credit_check', 'allocation');
  expect(order(ordNum)).toMatchObject({ status: 'A', progress: [{ allocated: 6 }, { cancelledByCustomer: 4 }] });
  await imports(aReplace(ordNum));
  expect(order(ordNum)).toMatchObject({
    status: 'O',
    progress: [{ allocated: 0 }, {}],
    lines: [{}, { open: 4, cancelled: 0 }],
  });
});

test('out of credit hold an order stays held until the credit check decides anew', async () => {
  const { erp, imports, enters, order, runs } = await anErp();
  const ordNum = await enters(withLines(anOrder(), { price: 9_000 }));
  runs('credit_check');
  expect(order(ordNum)).toMatchObject({ status: 'C', creditStatus: 'P' });
  await imports(aReplace(ordNum));
  expect(order(ordNum).status).toBe('C');
  runs('credit_check');
  expect(order(ordNum)).toMatchObject({ status: 'R', creditStatus: 'A' });
  erp.declineCredit(ordNum);
  runs('credit_check');
  expect(order(ordNum)).toMatchObject({ status: 'C', creditStatus: 'D' });
});

test('a pick overtakes a replace, and the replace is refused', async () => {
  const { erp, post, enters, order, runs } = await anErp();
  const ordNum = await enters(anOrder());
  await post('salesOrder', [aReplace(ordNum)]);
  runs('credit_check', 'allocation', 'pick_release', 'order_import');
  expect(erp.importLog().at(-1)).toMatchObject({ status: 'E', errorCode: 'ORD_PICKED', ordNum: '' });
  expect(order(ordNum).status).toBe('P');
});

test('what is invoiced or closed cannot be replaced, looked at as closed, invoiced, picked', async () => {
  const { erp, imports, enters, runs, cancels } = await anErp();
  const ordNum = await enters(anOrder());
  runs('credit_check', 'allocation', 'pick_release');
  erp.pickShort(ordNum, 2, 0);
  runs('ship_confirm', 'invoicing', 'allocation', 'pick_release');
  expect(codesOf(await imports(aReplace(ordNum)))).toEqual(['E ORD_INVOICED']);
  const other = await enters(anOrder());
  await cancels({ ord_num: other, ...BUYER });
  expect(codesOf(await imports(aReplace(other)))).toEqual(['E ORD_CLOSED']);
});

test('a cancel takes what is open, by the customer or by the house', async () => {
  const { enters, order, cancels } = await anErp();
  const ordNum = await enters(anOrder());
  expect(await cancels({ ord_num: ordNum, line_seq: 2, ...HOUSE })).toMatchObject([
    { status: 'S', ordNum, lineSeq: 2, resource: 'salesOrderCancel', extRef: '', isaNum: '' },
  ]);
  expect(order(ordNum)).toMatchObject({ status: 'O', lines: [{ open: 6 }, { open: 0, cancelled: 4 }] });
  await cancels({ ord_num: ordNum, ...BUYER });
  expect(order(ordNum)).toMatchObject({ status: 'X', progress: [{ cancelledByCustomer: 6 }, { cancelledByHouse: 4 }] });
});

test('a repeated cancel finds nothing open', async () => {
  const { enters, cancels } = await anErp();
  const ordNum = await enters(anOrder());
  expect(codesOf(await cancels({ ord_num: ordNum, ...BUYER }, { ord_num: ordNum, ...BUYER }))).toEqual([
    'S',
    'E ORD_CLOSED',
  ]);
});

test('a cancel of a partly picked order takes the rest and says so', async () => {
  const { erp, enters, order, cancels, runs } = await anErp();
  const ordNum = await enters(anOrder());
  runs('credit_check', 'allocation', 'pick_release');
  expect(codesOf(await cancels({ ord_num: ordNum, ...BUYER }))).toEqual(['E ORD_PICKED']);
  erp.pickShort(ordNum, 2, 1);
  expect(codesOf(await cancels({ ord_num: ordNum, ...BUYER }))).toEqual(['W ORD_PICKED']);
  expect(order(ordNum)).toMatchObject({
    status: 'P',
    progress: [{ picked: 6 }, { picked: 1, cancelledByCustomer: 3 }],
  });
  runs('ship_confirm', 'invoicing');
  expect(order(ordNum).status).toBe('Z');
});

test('cancels that name nothing on file are refused', async () => {
  const { enters, cancels } = await anErp();
  const ordNum = await enters(anOrder());
  const log = await cancels(
    { ord_num: '999', ...BUYER },
    { ord_num: ordNum, line_seq: 9, ...BUYER },
    { ord_num: ordNum, reason_code: 'NONE', cancel_type: 'C' },
    { ord_num: ordNum, reason_code: 'BUYR', cancel_type: 'Z' },
    { ord_num: ordNum, cancel_type: 'C' },
  );
  expect(codesOf(log)).toEqual(['E INV_ORDER', 'E INV_ORDER', 'E INV_REASON', 'E INV_VALUE', 'E REQ_MISSING']);
});

test('a hold on a picked order is seen only in its hold code', async () => {
  const { erp, enters, order, runs } = await anErp();
  const ordNum = await enters(anOrder());
  runs('credit_check', 'allocation', 'pick_release');
  erp.setHold(ordNum, 'CS');
  expect(order(ordNum)).toMatchObject({ status: 'P', holdCode: 'CS' });
});

test('a clerk changes an order in the ERP’s own screens, and its stamp moves', async () => {
  const { erp, enters, order } = await anErp();
  const ordNum = await enters(anOrder());
  const before = order(ordNum).changed;
  erp.advanceClock(60_000);
  erp.clerkEdits(ordNum, {
    header: { terms: 'N60' },
    tax: '20.00',
    price: { line: 1, price: '25' },
    quantity: { line: 1, quantity: 8 },
    warehouse: { line: 2, location: 'W03' },
  });
  erp.clerkEdits(ordNum, { cancel: { line: 2 } });
  expect(order(ordNum)).toMatchObject({
    terms: 'N60',
    tax: '20.00',
    subTotal: '296.00',
    lines: [{ ordered: 8 }, { location: 'W03', cancelled: 4 }],
  });
  expect(order(ordNum).changed > before).toBe(true);
  expect(() => erp.clerkEdits(ordNum, { quantity: { line: 2, quantity: 0 } })).toThrow(/0 open/);
});

test('a clerk makes a line free of charge, and then no price is shown of it', async () => {
  const { erp, enters, order, find } = await anErp();
  const ordNum = await enters(anOrder());
  const shown = async () => {
    const { data } = await find('salesOrder', `ord_num eq '${ordNum}'`, '&_include=all');
    const prices: unknown[] = data.header[0].salesorderdetail.rows.map(({ price }: Row) => price);
    return prices[0];
  };
  const before = await shown();
  erp.clerkEdits(ordNum, { price: { line: 1, price: null } });
  expect(await shown()).toBeNull();
  expect(order(ordNum).lines[0]).toMatchObject({ price: '0.00' });
  erp.clerkEdits(ordNum, { price: { line: 1, price: String(before) } });
  expect(await shown()).toBe(before);
});

test('a line change may leave the header’s stamp alone', async () => {
  const { erp, enters, order } = await anErp();
  const ordNum = await enters(anOrder());
  const before = order(ordNum).changed;
  erp.advanceClock(60_000);
  erp.faults.add({ kind: 'headerNotMoved' });
  erp.clerkEdits(ordNum, { price: { line: 1, price: '1.00' } });
  expect(order(ordNum).changed).toBe(before);
});
