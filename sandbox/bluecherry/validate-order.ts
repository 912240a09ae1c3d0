import { isoDate } from './clock.ts';
import { customerOf, skuKey, type Erp, type Row, type Sku } from './erp.ts';
import { divisions, holdCodes, locations, shippers, stores, terms } from './seed.ts';
import { code, isAbsent, rowsOf, text } from './values.ts';

/** Why an order is refused; one row of the import log each. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** null = the header. */
  readonly line: number | null;
}

type Refuse = (code: string, message: string) => void;

const FILLED = [
  'vnd_id',
  'ext_ref',
  'po_num',
  'altpo',
  'division',
  'location',
  'customer',
  'ord_type',
  'udford1c',
  'curr_code',
];
const TEXTS = [
  ...FILLED,
  'ord_num',
  'store',
  'center_code',
  'department',
  'terms',
  'shipper',
  'ship_terms',
  'salesper1',
  'season',
  'hold_code',
  'disc_code',
  'notes',
  'udford2c',
];
const LINE_TEXTS = ['style', 'color_code', 'lbl_code', 'dimension', 'size_desc', 'upc', 'location'];
const ADDRESS_TEXTS = ['name', 'addr1', 'addr2', 'city', 'state', 'zipcode', 'contact', 'email'];

/** All business checks of the import (contract, sections 4, 5, 9 and 16); [] when the order can be taken. */
export function refusalsOf(erp: Erp, row: Row): readonly Refusal[] {
  const refusals: Refusal[] = [];
  const refuse: Refuse = (code, message) => void refusals.push({ code, message, line: null });
  checkForm(erp, row, refuse);
  checkMasters(erp, row, refuse);
  checkDates(erp, row, refuse);
  checkAddresses(erp, row, refuse);
  return [...refusals, ...lineRefusals(erp, row)];
}

/** The SKU that the six codes of a line name, live or not. */
export function findSku(erp: Erp, line: Row, division: string): Sku | undefined {
  return erp.catalogue.get(
    skuKey({
      division,
      style: code(line['style']),
      color: code(line['color_code']),
      label: code(line['lbl_code']),
      dimension: code(line['dimension']),
      size: code(line['size_desc']),
    }),
  );
}

function checkForm(erp: Erp, row: Row, refuse: Refuse): void {
  for (const field of FILLED) if (isAbsent(row[field])) refuse('REQ_MISSING', `${field} is required`);
  if (row['hold_code'] === undefined) refuse('REQ_MISSING', 'hold_code is required; empty = no hold');
  checkTexts(erp, row, TEXTS, '', refuse);
  for (const field of ['disc_amt', 'frgt_amt', 'tax_amt'])
    if (isAbsent(row[field])) refuse('REQ_MISSING', `${field} is required`);
    else if (!isAmount(row[field])) refuse('INV_VALUE', `${field} is no amount`);
  if (isAmount(row['disc_amt']) && row['disc_amt'] > 0 && isAbsent(row['disc_code']))
    refuse('REQ_MISSING', 'disc_code is required when disc_amt is given');
  const patterns = { isa_num: /^\d{9}$/, vnd_qual: /^ZZ$/, tax_fixed_ok: /^[YN]$/ };
  for (const [field, pattern] of Object.entries(patterns))
    if (isAbsent(row[field])) refuse('REQ_MISSING', `${field} is required`);
    else if (!pattern.test(text(row[field])))
      refuse('INV_VALUE', `${field} ${JSON.stringify(row[field])} is not allowed`);
  if (row['trans_type'] === 'N' && !isAbsent(row['ord_num'])) refuse('INV_VALUE', 'ord_num is given by us');
  if (row['trans_type'] === 'R' && isAbsent(row['ord_num'])) refuse('REQ_MISSING', 'ord_num is required');
  if (row['udford3d'] !== undefined && isoDate(text(row['udford3d'])) === null)
    refuse('INV_DATE', 'udford3d is not MM/DD/YYYY');
  if (row['udford4i'] !== undefined && !Number.isInteger(row['udford4i']))
    refuse('INV_VALUE', 'udford4i is no whole number');
}

function checkTexts(erp: Erp, row: Row, fields: readonly string[], prefix: string, refuse: Refuse): void {
  for (const field of fields) {
    const value = row[field];
    if (isAbsent(value)) continue;
    if (typeof value !== 'string') {
      refuse('INV_VALUE', `${field} is no text`);
      continue;
    }
    const longest = erp.options.lengths[`${prefix}${field}`] ?? erp.options.lengths[field];
    if (longest !== undefined && value.trimEnd().length > longest)
      refuse('FIELD_LEN', `${field} is longer than ${longest}`);
  }
}

function checkMasters(erp: Erp, row: Row, refuse: Refuse): void {
  const [division, location, number, store] = [
    code(row['division']),
    code(row['location']),
    code(row['customer']),
    code(row['store']),
  ];
  if (location && !isWarehouse(location)) refuse('INV_LOCATION', `Location ${location} is no warehouse`);
  const known = (wanted: string) =>
    stores.some((each) => each.store === wanted && each.customer === number && each.active);
  const customer = customerOf(erp, division, number);
  // What hangs on something unknown is not judged.
  if (division && !isDivision(division)) refuse('INV_DIVISION', `Division ${division} not on file`);
  else if (number && !customer) refuse('INV_CUSTOMER', `Customer ${number} not on file in division ${division}`);
  else if (customer) {
    if (!customer.active) refuse('CUST_INACTIVE', `Customer ${number} is inactive`);
    else if (!isAbsent(row['curr_code']) && row['curr_code'] !== customer.currency)
      refuse('INV_CURR', `Customer ${number} is kept in ${customer.currency}`);
    if (store && !known(store)) refuse('INV_STORE', `Store ${store} not on file`);
    const centre = code(row['center_code']);
    if (centre && !known(centre)) refuse('INV_STORE', `Distribution centre ${centre} not on file`);
  }
  const [term, shipper, hold] = [code(row['terms']), code(row['shipper']), code(row['hold_code'])];
  if (term && !terms.some((each) => each.terms === term)) refuse('INV_TERMS', `Terms ${term} not on file`);
  if (shipper && !shippers.some((each) => each.shipper === shipper))
    refuse('INV_SHIPPER', `Ship via ${shipper} not on file`);
  if (hold && !holdCodes.includes(hold)) refuse('INV_REASON', `Hold ${hold} not on file`);
}

function checkDates(erp: Erp, row: Row, refuse: Refuse): void {
  let isComplete = true;
  for (const field of ['ord_date', 'start_date', 'end_date'])
    if (isAbsent(row[field])) {
      refuse('REQ_MISSING', `${field} is required`);
      isComplete = false;
    } else if (isoDate(text(row[field])) === null) {
      refuse('INV_DATE', `${field} is not MM/DD/YYYY`);
      isComplete = false;
    }
  if (isComplete) checkWindow(erp, text(row['start_date']), text(row['end_date']), refuse);
}

function checkWindow(erp: Erp, start: string, end: string, refuse: Refuse): void {
  const [from, to] = [isoDate(start), isoDate(end)];
  if (from === null || to === null) return;
  if (to < from) refuse('INV_DATE', 'end_date is before start_date');
  else if (to < erp.clock.today()) refuse('PAST_CANCEL', 'end_date is in the past');
}

function checkAddresses(erp: Erp, row: Row, refuse: Refuse): void {
  const addresses = rowsOf(row['salesorderaddress']);
  const types = addresses.map((address) => address['addr_type']);
  if (!types.includes('ST')) refuse('REQ_MISSING', 'a ship-to address is required');
  if (new Set(types).size < types.length) refuse('INV_VALUE', 'an addr_type is there twice');
  for (const address of addresses) {
    if (address['addr_type'] !== 'ST' && address['addr_type'] !== 'BT') refuse('INV_VALUE', 'addr_type is BT or ST');
    if (isAbsent(address['name'])) refuse('REQ_MISSING', 'name of an address is required');
    if (address['country'] !== undefined && !/^[A-Z]{2}$/.test(text(address['country'])))
      refuse('INV_VALUE', `country ${JSON.stringify(address['country'])} is no ISO code`);
    checkTexts(erp, address, ADDRESS_TEXTS, '', refuse);
  }
}

function lineRefusals(erp: Erp, row: Row): readonly Refusal[] {
  const lines = rowsOf(row['salesorderdetail']);
  if (lines.length === 0) return [{ code: 'REQ_MISSING', message: 'an order needs a line', line: null }];
  const seen = new Set<unknown>();
  return lines.flatMap((line) => {
    const sequence = typeof line['line_seq'] === 'number' ? line['line_seq'] : null;
    const refusals: Refusal[] = [];
    const refuse: Refuse = (code, message) => void refusals.push({ code, message, line: sequence });
    if (sequence === null || !Number.isInteger(sequence) || sequence < 1)
      refuse('INV_VALUE', `line_seq ${JSON.stringify(line['line_seq'])} is no line number`);
    if (seen.has(sequence)) refuse('INV_VALUE', `line_seq ${sequence} is there twice`);
    seen.add(sequence);
    checkLine(erp, row, line, refuse);
    return refusals;
  });
}

function checkLine(erp: Erp, row: Row, line: Row, refuse: Refuse): void {
  for (const field of ['style', 'size_desc']) if (isAbsent(line[field])) refuse('REQ_MISSING', `${field} is required`);
  for (const field of ['color_code', 'lbl_code', 'dimension'])
    if (line[field] === undefined) refuse('REQ_MISSING', `${field} is required, it may be empty`);
  checkTexts(erp, line, [...LINE_TEXTS, 'notes'], 'line.', refuse);
  const quantity = line['size_qty'];
  if (isAbsent(quantity)) refuse('REQ_MISSING', 'size_qty is required');
  else if (typeof quantity !== 'number' || !Number.isInteger(quantity))
    refuse('INV_VALUE', 'size_qty is no whole number');
  else if (quantity <= 0) refuse('QTY_LE_ZERO', 'size_qty must be above zero');
  if (isAbsent(line['price'])) refuse('REQ_MISSING', 'price is required');
  else if (!isAmount(line['price'])) refuse('INV_VALUE', 'price is no amount');
  for (const field of ['list_price', 'disc_pct'])
    if (line[field] !== undefined && !isAmount(line[field])) refuse('INV_VALUE', `${field} is no amount`);
  if (code(line['location']) && !isWarehouse(code(line['location'])))
    refuse('INV_LOCATION', `Location ${code(line['location'])} is no warehouse`);
  checkLineDates(erp, row, line, refuse);
  if (isDivision(code(row['division']))) checkSku(erp, line, code(row['division']), refuse);
}

function checkLineDates(erp: Erp, row: Row, line: Row, refuse: Refuse): void {
  const own = ['start_date', 'end_date'].filter((field) => line[field] !== undefined);
  const wrong = own.filter((field) => isoDate(text(line[field])) === null);
  for (const field of wrong) refuse('INV_DATE', `${field} is not MM/DD/YYYY`);
  if (own.length > 0 && wrong.length === 0)
    checkWindow(erp, text(line['start_date'] ?? row['start_date']), text(line['end_date'] ?? row['end_date']), refuse);
}

function checkSku(erp: Erp, line: Row, division: string, refuse: Refuse): void {
  const what = [line['style'], line['color_code'], line['lbl_code'], line['dimension']].map(code);
  const sku = findSku(erp, line, division);
  if (sku && !sku.live) return refuse('SKU_INACTIVE', `${what.join(' ').trim()} ${sku.size} is not live`);
  if (sku) {
    const upc = text(line['upc']);
    if (upc && upc !== sku.upc) refuse('INV_SKU', `UPC ${upc} is not that of ${what.join(' ').trim()} ${sku.size}`);
    return undefined;
  }
  const isSizeOnly = [...erp.catalogue.values()].some(
    (each) =>
      each.division === division &&
      each.live &&
      [each.style, each.color, each.label, each.dimension].every((value, index) => value.toUpperCase() === what[index]),
  );
  return isSizeOnly
    ? refuse('INV_SIZE', `Size ${code(line['size_desc'])} not live for style ${what.join(' ').trim()}`)
    : refuse('INV_SKU', 'Style/color/label not on file');
}

function isWarehouse(location: string): boolean {
  return locations.some((each) => each.location === location && each.type === 'W');
}

function isDivision(division: string): boolean {
  return divisions.some((each) => each.division === division);
}

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
