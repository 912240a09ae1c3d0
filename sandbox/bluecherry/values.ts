import type { Row } from './erp.ts';

/** Longest value taken, by wire field: lower bounds of the contract's ranges, `line.` where a line differs. */
export const LENGTHS: Readonly<Record<string, number>> = {
  ord_num: 20,
  vnd_id: 15,
  ext_ref: 30,
  po_num: 22,
  altpo: 30,
  division: 3,
  location: 3,
  // The contract's example customer has nine characters; the range ends at ten.
  customer: 10,
  store: 10,
  center_code: 10,
  department: 10,
  ord_type: 5,
  terms: 3,
  shipper: 3,
  ship_terms: 3,
  salesper1: 10,
  season: 6,
  hold_code: 5,
  disc_code: 10,
  notes: 500,
  udford1c: 30,
  udford2c: 30,
  reason_code: 5,
  style: 15,
  color_code: 5,
  lbl_code: 5,
  dimension: 5,
  size_desc: 5,
  upc: 14,
  'line.notes': 200,
  name: 60,
  addr1: 60,
  addr2: 60,
  city: 40,
  state: 20,
  zipcode: 15,
  contact: 60,
  email: 120,
};

/** A text without the blanks around it; anything that is no text is empty. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}

export function code(value: unknown): string {
  return text(value).toUpperCase();
}

/** Nothing was sent for it. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

export function isRow(value: unknown): value is Row {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** The rows of a child collection. */
export function rowsOf(value: unknown): readonly Row[] {
  const rows = isRow(value) ? value['rows'] : [];
  return Array.isArray(rows) ? rows.filter(isRow) : [];
}
