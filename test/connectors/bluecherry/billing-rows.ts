type Json = Readonly<Record<string, unknown>>;

/** A row of `invoice` with one line, as the contract's example shows it. */
export function anInvoice(change: Json = {}): Json {
  return {
    pkey: 33010,
    inv_num: '700231',
    inv_date: '11/26/2025',
    due_date: '12/26/2025',
    ord_num: '104512',
    pick_num: '300871',
    customer: 'ACME01    ',
    division: '01',
    curr_code: 'USD',
    sub_total: 144,
    disc_amt: 0,
    frgt_amt: 12.5,
    tax_amt: 11.88,
    total_amt: 168.38,
    paid_amt: 0,
    balance: 168.38,
    status: 'O',
    shipper: 'UPS',
    track_no: ['1Z999AA10123456784'],
    last_mod: '2025-11-25 11:50:00',
    invoiceaddress: { rows: [] },
    invoicedetail: { rows: [aBilledLine()] },
    ...change,
  };
}

/** A row of `creditMemo` with one line, as the contract's example shows it. */
export function aCreditMemo(change: Json = {}): Json {
  return {
    pkey: 41002,
    cm_num: 'C2044',
    cm_date: '12/03/2025',
    inv_num: '700231',
    ord_num: '104512',
    rma_num: 'R881',
    curr_code: 'USD',
    reason_code: 'DMG',
    restock_ok: 'N',
    sub_total: 24,
    disc_amt: 0,
    frgt_amt: 0,
    tax_amt: 1.98,
    total_amt: 25.98,
    last_mod: '2025-11-25 11:50:00',
    creditmemodetail: { rows: [aBilledLine({ size_qty: 1, amount: 24 })] },
    ...change,
  };
}

export function aBilledLine(change: Json = {}): Json {
  return {
    pkey: 1,
    ord_num: '104512',
    line_seq: 1,
    division: '01',
    style: '00123',
    color_code: 'BLK',
    lbl_code: 'A',
    dimension: '',
    size_desc: 'M',
    upc: '012345678905',
    size_qty: 6,
    price: 24,
    amount: 144,
    ...change,
  };
}

/** A row of `pick` without children, as a list shows it. */
export function aPick(change: Json = {}): Json {
  return {
    pkey: 55100,
    pick_num: '300871',
    ord_num: '104512',
    altpo: 'REF-1',
    udford1c: 'REF-1',
    last_mod: '2025-11-25 11:50:00',
    ...change,
  };
}
