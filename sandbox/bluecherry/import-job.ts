import { Decimal } from 'decimal.js';

import { cancelOpen, checkCredit, skuKey, touch, type Erp, type LogRow, type Staged } from './erp.ts';
import { letterOf, type Order, type OrderLine } from './orders.ts';
import { divisions, holdCodes, locations, reasons, shippers, stores, terms } from './seed.ts';
import type { SeededSku } from './seed.ts';

type Row = Readonly<Record<string, unknown>>;
interface Fault {
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
}

/** Header fields of an order that are kept as written, by wire name. */
const HEADER = [
  'po_num',
  'altpo',
  'division',
  'location',
  'customer',
  'store',
  'center_code',
  'department',
  'ord_type',
  'ord_date',
  'start_date',
  'end_date',
  'terms',
  'shipper',
  'ship_terms',
  'salesper1',
  'season',
  'curr_code',
  'hold_code',
  'disc_code',
  'notes',
  'udford1c',
  'udford2c',
  'udford3d',
  'udford4i',
] as const;
const REQUIRED = [
  'isa_num',
  'vnd_id',
  'ext_ref',
  'po_num',
  'altpo',
  'division',
  'location',
  'customer',
  'ord_type',
  'ord_date',
  'start_date',
  'end_date',
  'curr_code',
  'udford1c',
] as const;
const MONEY = ['disc_amt', 'frgt_amt', 'tax_amt'] as const;

/** Puts an array into the interface table: taken in, not done. One pending row per element. */
export function stage(erp: Erp, resource: Staged['resource'], rows: readonly Row[], hideRows: boolean): Staged {
  const staged: Staged = { pkey: ++erp.sequence.pkey, resource, rows };
  erp.staged.push(staged);
  for (const [index, row] of rows.entries()) {
    const isOrder = resource === 'salesOrder';
    erp.log.push({
      ...emptyRow(erp),
      pkey: staged.pkey,
      rowSeq: index + 1,
      resource,
      isaNum: isOrder ? text(row['isa_num']) : '',
      extRef: isOrder ? text(row['ext_ref']) : '',
      hidden: hideRows,
    });
  }
  return staged;
}

/** The import job: everything staged becomes orders, or rows that say why not. */
export function importStaged(erp: Erp): void {
  for (const staged of erp.staged.splice(0)) importOne(erp, staged);
}

export function importOne(erp: Erp, { pkey, resource, rows }: Staged): void {
  for (const [index, row] of rows.entries()) {
    const place = erp.log.findIndex((entry) => entry.pkey === pkey && entry.rowSeq === index + 1);
    const [pending] = erp.log.splice(place, 1);
    if (!pending) throw new Error(`transaction ${pkey} has no row ${index + 1}`);
    const outcome = resource === 'salesOrder' ? importOrder(erp, row) : importCancel(erp, row);
    erp.log.push(...outcome.map((entry): LogRow => ({ ...pending, ...entry, changed: erp.clock.stamp() })));
  }
}

type Outcome = Pick<LogRow, 'status' | 'ordNum' | 'lineSeq' | 'errorCode' | 'errorMessage'>[];

function importOrder(erp: Erp, row: Row): Outcome {
  const control = `${text(row['vnd_id'])}/${text(row['isa_num'])}`;
  const isRepeat = erp.options.controlNumberFence && erp.controlNumbers.has(control);
  // Refused elements count too.
  erp.controlNumbers.add(control);
  if (isRepeat)
    return refused([
      { code: 'DUP_ISA', message: `Control number ${text(row['isa_num'])} was received before`, line: null },
    ]);
  const isReplace = row['trans_type'] === 'R';
  const existing = isReplace ? erp.orders.get(text(row['ord_num'])) : undefined;
  const faults = [
    ...(isReplace ? replaceFaults(row, existing) : []),
    ...headerFaults(erp, row),
    ...lineFaults(erp, row),
  ];
  const samePo = [...erp.orders.values()].filter(
    (order) =>
      order !== existing &&
      order.header['customer'] === upper(row['customer']) &&
      order.header['po_num'] === text(row['po_num']),
  );
  const isDuplicatePo = samePo.length > 0 && erp.options.duplicatePo !== 'allow';
  const duplicatePo: Fault = {
    code: 'DUP_PO',
    message: `PO ${text(row['po_num'])} is on order ${samePo[0]?.ordNum ?? ''}`,
    line: null,
  };
  if (isDuplicatePo && erp.options.duplicatePo === 'reject') faults.push(duplicatePo);
  if (faults.length > 0) return refused(faults);
  const order = existing ? replaced(erp, existing, row) : entered(erp, row);
  const done = { ordNum: order.ordNum, lineSeq: null };
  return isDuplicatePo
    ? [{ ...done, status: 'W', errorCode: duplicatePo.code, errorMessage: duplicatePo.message }]
    : [{ ...done, status: 'S', errorCode: '', errorMessage: '' }];
}

function replaceFaults(row: Row, order: Order | undefined): readonly Fault[] {
  if (!order) return [{ code: 'INV_ORDER', message: `Order ${text(row['ord_num'])} not on file`, line: null }];
  const state = stateFault(order);
  const fixed = (['customer', 'division'] as const).filter((field) => upper(row[field]) !== order.header[field]);
  return [
    ...(state ? [state] : []),
    ...fixed.map((field) => ({
      code: field === 'customer' ? 'INV_CUSTOMER' : 'INV_DIVISION',
      message: `${field} may not change`,
      line: null,
    })),
  ];
}

/** Looked at in this order: closed, invoiced, picked. */
function stateFault(order: Order): Fault | null {
  const letter = letterOf(order);
  if ('XYZ'.includes(letter)) return { code: 'ORD_CLOSED', message: `Order ${order.ordNum} is closed`, line: null };
  if ('TI'.includes(letter)) return { code: 'ORD_INVOICED', message: `Order ${order.ordNum} is invoiced`, line: null };
  if (letter === 'P')
    return {
      code: 'ORD_PICKED',
      message: `Order ${order.ordNum} is on pick ${order.lines.find((line) => line.pickNumber)?.pickNumber ?? ''}`,
      line: null,
    };
  return null;
}

function headerFaults(erp: Erp, row: Row): readonly Fault[] {
  const faults: Fault[] = [];
  const fault = (code: string, message: string) => faults.push({ code, message, line: null });
  for (const field of REQUIRED) if (text(row[field]) === '') fault('REQ_MISSING', `${field} is required`);
  for (const [field, longest] of Object.entries(erp.options.lengths))
    if (field in row && text(row[field]).length > longest) fault('FIELD_LEN', `${field} is longer than ${longest}`);
  for (const field of MONEY)
    if (typeof row[field] !== 'number' || row[field] < 0) fault('INV_VALUE', `${field} is no amount`);
  if (!/^\d{9}$/.test(text(row['isa_num']))) fault('INV_VALUE', 'isa_num needs nine digits');
  const division = upper(row['division']);
  if (!divisions.some((each) => each.division === division)) fault('INV_DIVISION', `Division ${division} not on file`);
  const location = upper(row['location']);
  if (!isWarehouse(location)) fault('INV_LOCATION', `Location ${location} is no warehouse`);
  const customer = erp.customers.find((each) => each.customer === upper(row['customer']) && each.division === division);
  if (!customer) fault('INV_CUSTOMER', `Customer ${upper(row['customer'])} not on file in division ${division}`);
  else if (!customer.active) fault('CUST_INACTIVE', `Customer ${customer.customer} is inactive`);
  else if (text(row['curr_code']) !== customer.currency)
    fault('INV_CURR', `Customer ${customer.customer} is kept in ${customer.currency}`);
  const store = upper(row['store']);
  if (store && !stores.some((each) => each.store === store && each.customer === upper(row['customer']) && each.active))
    fault('INV_STORE', `Store ${store} not on file`);
  if (text(row['terms']) && !terms.some((each) => each.terms === upper(row['terms'])))
    fault('INV_TERMS', `Terms ${text(row['terms'])} not on file`);
  if (text(row['shipper']) && !shippers.some((each) => each.shipper === upper(row['shipper'])))
    fault('INV_SHIPPER', `Ship via ${text(row['shipper'])} not on file`);
  if (text(row['hold_code']) && !holdCodes.includes(upper(row['hold_code'])))
    fault('INV_REASON', `Hold ${text(row['hold_code'])} not on file`);
  if (typeof row['disc_amt'] === 'number' && row['disc_amt'] > 0 && !text(row['disc_code']))
    fault('REQ_MISSING', 'disc_code is required when disc_amt is given');
  const dates = (['ord_date', 'start_date', 'end_date'] as const).map((field) => isoDate(text(row[field])));
  const [, start, end] = dates;
  if (dates.includes(null)) fault('INV_DATE', 'a date is not MM/DD/YYYY');
  else if (start && end && end < start) fault('INV_DATE', 'end_date is before start_date');
  else if (end && end < erp.clock.today()) fault('PAST_CANCEL', 'end_date is in the past');
  const addresses = rowsOf(row['salesorderaddress']);
  if (!addresses.some((address) => address['addr_type'] === 'ST'))
    fault('REQ_MISSING', 'a ship-to address is required');
  return faults;
}

function lineFaults(erp: Erp, row: Row): readonly Fault[] {
  const lines = rowsOf(row['salesorderdetail']);
  if (lines.length === 0) return [{ code: 'REQ_MISSING', message: 'an order needs a line', line: null }];
  const seen = new Set<number>();
  return lines.flatMap((line): Fault[] => {
    const sequence = Number(line['line_seq']);
    const fault = (code: string, message: string): Fault => ({ code, message, line: sequence });
    const faults: Fault[] = [];
    if (seen.has(sequence)) faults.push(fault('INV_VALUE', `line_seq ${sequence} twice`));
    seen.add(sequence);
    if (typeof line['size_qty'] !== 'number' || line['size_qty'] <= 0)
      faults.push(fault('QTY_LE_ZERO', 'quantity must be above zero'));
    if (typeof line['price'] !== 'number' || line['price'] < 0) faults.push(fault('INV_VALUE', 'price is no amount'));
    if (text(line['location']) && !isWarehouse(upper(line['location'])))
      faults.push(fault('INV_LOCATION', `Location ${text(line['location'])} is no warehouse`));
    const sku = findSku(erp, line, upper(row['division']));
    if (sku === null) faults.push(fault('INV_SKU', 'Style/color/label not on file'));
    else if (text(line['upc']) && sku.upc && text(line['upc']) !== sku.upc)
      faults.push(fault('INV_SKU', 'upc and codes name different SKUs'));
    return faults;
  });
}

function findSku(erp: Erp, line: Row, division: string): SeededSku | null {
  const codes = {
    division,
    style: upper(line['style']),
    color: upper(line['color_code']),
    label: upper(line['lbl_code']),
    dimension: upper(line['dimension']),
    size: upper(line['size_desc']),
  };
  return erp.catalogue.get(skuKey(codes)) ?? null;
}

function entered(erp: Erp, row: Row): Order {
  const order: Order = {
    pkey: ++erp.sequence.row,
    ordNum: String(++erp.sequence.order),
    header: {},
    money: { discount: '0', freight: '0', tax: '0' },
    taxFixed: false,
    addresses: [],
    lines: [],
    creditStatus: '',
    credit: 'unchecked',
    lastCancel: null,
    strangeLetter: null,
    changed: '',
  };
  erp.orders.set(order.ordNum, order);
  write(erp, order, row);
  return order;
}

/** Replaces header, addresses and lines as a whole; out of credit hold only the credit check decides anew. */
function replaced(erp: Erp, order: Order, row: Row): Order {
  for (const line of order.lines) {
    erp.ledger.post(line.sku, line.location, 'OP', -line.open);
    erp.ledger.post(line.sku, line.location, 'CC', -line.cancelledC);
    erp.ledger.post(line.sku, line.location, 'CH', -line.cancelledH);
  }
  const wasHeld = order.credit === 'held' || order.credit === 'declined';
  write(erp, order, row);
  order.credit = 'unchecked';
  order.creditStatus = '';
  if (wasHeld) {
    order.credit = 'held';
    checkAnew(erp, order);
  }
  return order;
}

function checkAnew(erp: Erp, order: Order): void {
  order.credit = 'unchecked';
  checkCredit(erp, order);
}

function write(erp: Erp, order: Order, row: Row): void {
  const customer = erp.customers.find(
    (each) => each.customer === upper(row['customer']) && each.division === upper(row['division']),
  );
  const codes = new Set(['division', 'location', 'customer', 'store', 'terms', 'shipper', 'hold_code', 'curr_code']);
  order.header = Object.fromEntries(
    HEADER.map((field) => [field, codes.has(field) ? upper(row[field]) : text(row[field])]),
  );
  if (!order.header['terms']) order.header['terms'] = customer?.terms ?? '';
  order.money = { discount: amount(row['disc_amt']), freight: amount(row['frgt_amt']), tax: amount(row['tax_amt']) };
  order.taxFixed = row['tax_fixed_ok'] === 'Y';
  order.addresses = rowsOf(row['salesorderaddress']);
  order.lines = rowsOf(row['salesorderdetail']).map((line): OrderLine => {
    const sku = findSku(erp, line, upper(row['division']));
    const location = upper(line['location']) || upper(row['location']);
    const quantity = Number(line['size_qty']);
    const key = sku ? skuKey(sku) : '';
    erp.ledger.post(key, location, 'OP', quantity);
    return {
      sequence: Number(line['line_seq']),
      sku: key,
      location,
      price: amount(line['price']),
      extra: {
        list_price: line['list_price'] ?? null,
        disc_pct: line['disc_pct'] ?? null,
        start_date: text(line['start_date']) || text(row['start_date']),
        end_date: text(line['end_date']) || text(row['end_date']),
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
    };
  });
  touch(erp, order);
}

function importCancel(erp: Erp, row: Row): Outcome {
  const order = erp.orders.get(text(row['ord_num']));
  const sequence = row['line_seq'] === undefined ? null : Number(row['line_seq']);
  if (!order || (sequence !== null && !order.lines.some((line) => line.sequence === sequence)))
    return refused([{ code: 'INV_ORDER', message: `Order ${text(row['ord_num'])} not on file`, line: sequence }]);
  if (!reasons.includes(upper(row['reason_code'])))
    return refused([{ code: 'INV_REASON', message: `Reason ${text(row['reason_code'])} not on file`, line: null }]);
  const before = stateFault(order);
  const units = cancelOpen(erp, order, row['cancel_type'] === 'H' ? 'H' : 'C', sequence);
  if (units === 0)
    return refused([
      before ?? { code: 'ORD_CLOSED', message: `Order ${order.ordNum} has nothing open`, line: sequence },
    ]);
  return [
    {
      status: before ? 'W' : 'S',
      ordNum: order.ordNum,
      lineSeq: sequence,
      errorCode: before?.code ?? '',
      errorMessage: before?.message ?? '',
    },
  ];
}

function refused(faults: readonly Fault[]): Outcome {
  return faults.map(({ code, message, line }) => ({
    status: 'E',
    ordNum: '',
    lineSeq: line,
    errorCode: code,
    errorMessage: message,
  }));
}

function emptyRow(erp: Erp): LogRow {
  return {
    pkey: 0,
    rowSeq: 0,
    resource: 'salesOrder',
    isaNum: '',
    extRef: '',
    status: 'P',
    ordNum: '',
    lineSeq: null,
    errorCode: '',
    errorMessage: '',
    changed: erp.clock.stamp(),
    hidden: false,
  };
}

function isWarehouse(code: string): boolean {
  return locations.some(({ location, type }) => location === code && type === 'W');
}

export function rowsOf(value: unknown): readonly Row[] {
  const rows: unknown = value !== null && typeof value === 'object' && 'rows' in value ? value.rows : [];
  return Array.isArray(rows)
    ? rows.map((row: unknown) =>
        row !== null && typeof row === 'object' ? Object.fromEntries(Object.entries(row)) : {},
      )
    : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';
}

function upper(value: unknown): string {
  return text(value).toUpperCase();
}

function amount(value: unknown): string {
  return new Decimal(typeof value === 'number' ? value : 0).toFixed(2);
}

function isoDate(value: string): string | null {
  const parts = /^(\d{2})\/(\d{2})\/(\d{4})$/.exec(value);
  if (!parts) return null;
  const iso = `${parts[3]}-${parts[1]}-${parts[2]}`;
  return Number.isNaN(Date.parse(iso)) ? null : iso;
}
