import { Decimal } from 'decimal.js';

import { customerOf, skuKey, touch, type Erp, type LogRow, type Outcome, type Row, type Staged } from './erp.ts';
import { importCancel } from './import-cancel.ts';
import { NO_MONEY, type Order, type OrderLine } from './orders.ts';
import { stateRefusal } from './order-state.ts';
import { stores } from './seed.ts';
import { findSku, refusalsOf, type Refusal } from './validate-order.ts';
import { code, rowsOf, text } from './values.ts';

/** How long the ERP remembers a control number. */
const REMEMBERED_MS = 24 * 3_600_000;
/** Header fields kept as written, and those that are codes. */
const CODES = [
  'division',
  'location',
  'customer',
  'store',
  'center_code',
  'department',
  'ord_type',
  'terms',
  'shipper',
  'ship_terms',
  'salesper1',
  'season',
  'curr_code',
  'hold_code',
  'disc_code',
];
const TEXTS = ['po_num', 'altpo', 'ord_date', 'start_date', 'end_date', 'notes', 'udford1c', 'udford2c', 'udford3d'];

/** Puts an array into the interface table: taken in, not done. One pending row per element. */
export function stage(erp: Erp, taken: Omit<Staged, 'pkey'>): Staged {
  const { sequence } = erp;
  const pkey = taken.resource === 'salesOrderCancel' && sequence.cancel !== null ? ++sequence.cancel : ++sequence.pkey;
  const staged: Staged = { pkey, ...taken };
  erp.staged.push(staged);
  const pending = { status: 'P', ordNum: '', lineSeq: null, errorCode: '', errorMessage: '' } as const;
  log(
    erp,
    staged,
    taken.rows.map(() => [pending]),
  );
  return staged;
}

/** The import job: everything staged becomes orders, or rows that say why not. */
export function importStaged(erp: Erp): void {
  for (const staged of erp.staged.splice(0)) importOne(erp, staged);
}

/** An order is all or nothing; the array is not. */
export function importOne(erp: Erp, staged: Staged): void {
  log(
    erp,
    staged,
    staged.rows.map((row) => {
      if (staged.refusedWith !== null)
        return refused([{ code: staged.refusedWith, message: 'The import gave up', line: null }]);
      return staged.resource === 'salesOrder' ? importOrder(erp, row) : importCancel(erp, row);
    }),
  );
}

function refused(refusals: readonly Refusal[]): Outcome {
  return refusals.map(({ code, message, line }) => ({
    status: 'E',
    ordNum: '',
    lineSeq: line,
    errorCode: code,
    errorMessage: message,
  }));
}

function log(erp: Erp, staged: Staged, outcomes: readonly Outcome[]): void {
  const { pkey, resource, rows, hidden } = staged;
  const shared = { pkey, resource, hidden, changed: erp.clock.stamp(), at: erp.clock.now().getTime() };
  erp.log.set(
    pkey,
    outcomes.flatMap((outcome, index) => {
      // Rows of a cancel carry neither (contract, section 16).
      const row = resource === 'salesOrder' ? rows[index] : undefined;
      const isaNum = text(row?.['isa_num']);
      return outcome.map((each): LogRow => ({
        ...shared,
        ...each,
        rowSeq: index + 1,
        isaNum,
        extRef: text(row?.['ext_ref']),
      }));
    }),
  );
  if (resource === 'salesOrder') outcomes.forEach((outcome, index) => keepWrite(erp, staged, index, outcome));
}

/** A write that became an order is none any more. */
function keepWrite(erp: Erp, staged: Staged, index: number, outcome: Outcome): void {
  const pkey = staged.pkey * 100 + index;
  const status = outcome[0]?.status;
  if (status !== 'P' && status !== 'E') erp.writes.delete(pkey);
  else
    erp.writes.set(pkey, {
      pkey,
      row: staged.rows[index] ?? {},
      letter: status === 'P' ? 'S' : 'E',
      changed: erp.clock.stamp(),
    });
}

function importOrder(erp: Erp, row: Row): Outcome {
  if (isRepeated(erp, row))
    return refused([
      { code: 'DUP_ISA', message: `Control number ${text(row['isa_num'])} was received before`, line: null },
    ]);
  const kind = row['trans_type'];
  if (kind !== 'N' && kind !== 'R')
    return refused([{ code: 'INV_VALUE', message: 'trans_type is N or R', line: null }]);
  const existing = kind === 'R' ? erp.orders.get(text(row['ord_num'])) : undefined;
  const samePo = duplicatePo(erp, row, existing);
  const refusals = [
    ...(kind === 'R' ? replaceRefusals(row, existing) : []),
    ...refusalsOf(erp, row),
    ...(erp.options.duplicatePo === 'reject' ? samePo : []),
  ];
  if (refusals.length > 0) return refused(refusals);
  const { ordNum } = existing ? replace(erp, existing, row) : enter(erp, row);
  const done = { ordNum, lineSeq: null };
  if (erp.options.duplicatePo === 'warn' && samePo.length > 0)
    return samePo.map(({ code, message }) => ({ ...done, status: 'W', errorCode: code, errorMessage: message }));
  return [{ ...done, status: 'S', errorCode: '', errorMessage: '' }];
}

/** Judged at import, per sender; refused elements count too. */
function isRepeated(erp: Erp, row: Row): boolean {
  if (!text(row['isa_num'])) return false;
  const key = `${code(row['vnd_id'])}/${text(row['isa_num'])}`;
  const now = erp.clock.now().getTime();
  const first = erp.controlNumbers.get(key);
  const isKnown = first !== undefined && now - first < REMEMBERED_MS;
  if (!isKnown) erp.controlNumbers.set(key, now);
  return isKnown && erp.options.controlNumberFence;
}

/** (customer, PO number), whatever became of the other order. References are never checked. */
function duplicatePo(erp: Erp, row: Row, existing: Order | undefined): readonly Refusal[] {
  if (erp.options.duplicatePo === 'allow') return [];
  const other = [...erp.orders.values()].find(
    (order) =>
      order !== existing &&
      order.header['customer'] === code(row['customer']) &&
      code(order.header['po_num']) === code(row['po_num']),
  );
  return other
    ? [{ code: 'DUP_PO', message: `PO ${text(row['po_num'])} is on order ${other.ordNum}`, line: null }]
    : [];
}

function replaceRefusals(row: Row, order: Order | undefined): readonly Refusal[] {
  // Without a number the form check speaks.
  if (!order && text(row['ord_num']) === '') return [];
  if (!order) return [{ code: 'INV_ORDER', message: `Order ${text(row['ord_num'])} not on file`, line: null }];
  const state = stateRefusal(order, order.lines);
  const fixed = { customer: 'INV_CUSTOMER', division: 'INV_DIVISION' } as const;
  return [
    ...(state ? [state] : []),
    ...(['customer', 'division'] as const)
      .filter((field) => code(row[field]) !== order.header[field])
      .map((field) => ({
        code: fixed[field],
        message: `${field} of order ${order.ordNum} may not change`,
        line: null,
      })),
  ];
}

function enter(erp: Erp, row: Row): Order {
  const order: Order = {
    pkey: ++erp.sequence.row,
    ordNum: String(++erp.sequence.order),
    header: {},
    money: NO_MONEY,
    invoicedMoney: NO_MONEY,
    taxFixed: false,
    addresses: [],
    lines: [],
    credit: 'unchecked',
    toCheck: true,
    approval: '',
    lastCancel: null,
    strangeLetter: null,
    weight: { account: '', amount: new Decimal(0) },
    changed: '',
  };
  write(erp, order, row);
  erp.orders.set(order.ordNum, order);
  return order;
}

/** Header, addresses and lines as a whole. Out of C the order stays C until the credit check decides anew. */
function replace(erp: Erp, order: Order, row: Row): Order {
  for (const line of order.lines) {
    erp.ledger.post(line.sku, line.location, 'OP', -line.open);
    erp.ledger.post(line.sku, line.location, 'CC', -line.cancelledC);
    erp.ledger.post(line.sku, line.location, 'CH', -line.cancelledH);
  }
  if (order.credit !== 'held' && order.credit !== 'declined') order.credit = 'unchecked';
  order.toCheck = true;
  write(erp, order, row);
  return order;
}

function write(erp: Erp, order: Order, row: Row): void {
  const header = Object.fromEntries([
    ...CODES.map((field) => [field, code(row[field])]),
    ...TEXTS.map((field) => [field, text(row[field])]),
    ['udford4i', typeof row['udford4i'] === 'number' ? String(row['udford4i']) : ''],
  ]);
  const customer = customerOf(erp, header['division'] ?? '', header['customer'] ?? '');
  const store = stores.find((each) => each.customer === header['customer'] && each.store === header['store']);
  // Empty = the store's, else the customer's.
  header['terms'] ||= customer?.terms ?? '';
  header['shipper'] ||= store?.shipper || customer?.shipper || '';
  header['salesper1'] ||= customer?.salesperson ?? '';
  order.header = header;
  order.money = { discount: cents(row['disc_amt']), freight: cents(row['frgt_amt']), tax: cents(row['tax_amt']) };
  order.taxFixed = row['tax_fixed_ok'] === 'Y';
  order.addresses = rowsOf(row['salesorderaddress']).map((address) => ({ ...address }));
  order.lines = rowsOf(row['salesorderdetail']).map((line) => newLine(erp, row, line));
  for (const { sku, location, ordered } of order.lines) erp.ledger.post(sku, location, 'OP', ordered);
  touch(erp, order);
}

function newLine(erp: Erp, row: Row, line: Row): OrderLine {
  const sku = findSku(erp, line, code(row['division']));
  if (!sku) throw new Error('a line without a SKU came through the checks');
  const quantity = Number(line['size_qty']);
  const price = new Decimal(Number(line['price']));
  return {
    sequence: Number(line['line_seq']),
    sku: skuKey(sku),
    location: code(line['location']) || code(row['location']),
    // As sent: it is rounded where totals are made.
    price: price.toFixed(Math.max(2, price.decimalPlaces())),
    extra: {
      list_price: line['list_price'] ?? null,
      disc_pct: line['disc_pct'] ?? null,
      start_date: text(line['start_date'] ?? row['start_date']),
      end_date: text(line['end_date'] ?? row['end_date']),
      notes: text(line['notes']),
    },
    ordered: quantity,
    open: quantity,
    allocated: 0,
    picked: 0,
    invoiced: 0,
    cancelledC: 0,
    cancelledH: 0,
    pickNumber: '',
    invoiceNumber: '',
  };
}

function cents(value: unknown): string {
  return new Decimal(typeof value === 'number' ? value : 0).toFixed(2, Decimal.ROUND_HALF_UP);
}
