import { toCents, toNumber, type Amount } from '../../domain/money.ts';
import type { ErpAddress, PreparedSalesOrder, SalesOrderLine } from '../../domain/sales-order.ts';
import { foldOf, type Fold } from './codes.ts';
import type { Settings } from './settings.ts';
import { USER_FIELD } from './wire/sales-order.ts';

type WireValue = string | number | { readonly rows: readonly WireRow[] };
export type WireRow = Readonly<Record<string, WireValue>>;

/**
 * A prepared order as one element of the array that is posted. The contract's write schemas are closed: no null, an
 * empty string is an absent value, country and dates are left out when absent, money is a number of two decimals.
 */
export function toWireOrder(
  order: PreparedSalesOrder,
  controlNumber: string,
  replaces: string | null,
  settings: Settings,
): WireRow {
  const { fields } = settings;
  const fold = foldOf(settings.upperCaseCodes);
  return {
    ...siteFields(order.siteFields),
    trans_type: replaces === null ? 'N' : 'R',
    ...(replaces === null ? {} : { ord_num: replaces }),
    isa_num: controlNumber,
    vnd_id: fields.vndId,
    vnd_qual: fields.vndQual,
    ext_ref: order.reference,
    [fields.purchaseOrder]: order.purchaseOrder,
    [fields.altPo]: order.reference,
    [fields.referenceField]: order.reference,
    division: fold(order.division),
    location: fold(order.warehouse),
    customer: fold(order.customer),
    store: fold(order.store),
    center_code: fold(order.distributionCentre),
    department: fold(order.department),
    ord_type: fold(order.orderType),
    ...wireDate('ord_date', order.orderDate),
    ...wireDate('start_date', order.startDate),
    ...wireDate('end_date', order.endDate),
    terms: fold(order.terms),
    shipper: fold(order.shipVia),
    ship_terms: fold(order.shipTerms),
    salesper1: fold(order.salesperson),
    season: fold(order.season),
    curr_code: order.currency.toUpperCase(),
    hold_code: fold(order.holdCode),
    disc_amt: money(order.discount),
    disc_code: fold(order.discountCode),
    frgt_amt: money(order.freight),
    tax_amt: money(order.tax),
    // The storefront's tax is what the buyer was told; the ERP keeps it.
    tax_fixed_ok: 'Y',
    notes: order.notes,
    salesorderaddress: {
      rows: [...(order.billTo ? [wireAddress('BT', order.billTo)] : []), wireAddress('ST', order.shipTo)],
    },
    salesorderdetail: { rows: order.lines.map((line) => wireLine(line, fold)) },
  };
}

export interface CancelOf {
  readonly reasonCode: string;
  readonly by: 'customer' | 'house';
  /** null = the whole order. */
  readonly line: number | null;
}

/** A cancel as the one element of its array. */
export function toWireCancel(orderNumber: string, { reasonCode, by, line }: CancelOf): WireRow {
  return {
    ord_num: orderNumber,
    ...(line === null ? {} : { line_seq: line }),
    reason_code: reasonCode,
    cancel_type: by === 'customer' ? 'C' : 'H',
  };
}

/** Values that are longer than the ERP takes, by wire field: it would cut them without a word. */
export function tooLong(row: WireRow, lengths: Readonly<Record<string, number>>): readonly string[] {
  return Object.entries(row).flatMap(([field, value]) => {
    if (typeof value === 'object') {
      const notes = lengths['line.notes'];
      const ofRows = field === 'salesorderdetail' && notes !== undefined ? { ...lengths, notes } : lengths;
      return value.rows.flatMap((child) => tooLong(child, ofRows));
    }
    const longest = lengths[field];
    return typeof value === 'string' && longest !== undefined && value.length > longest ? [field] : [];
  });
}

/** Text fields may be empty; dates and whole numbers are left out when absent. */
function siteFields(fields: Readonly<Record<string, string>>): WireRow {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]): readonly (readonly [string, WireValue])[] => {
      if (!USER_FIELD.test(field) || field.endsWith('c')) return [[field, value]];
      if (value === '') return [];
      return field.endsWith('i') ? [[field, Number(value)]] : Object.entries(wireDate(field, value));
    }),
  );
}

function wireAddress(type: 'BT' | 'ST', address: ErpAddress): WireRow {
  return {
    addr_type: type,
    // The schema wants a name; an ERP order may have none.
    name: address.name || '-',
    addr1: address.line1,
    addr2: address.line2,
    city: address.city,
    state: address.state,
    zipcode: address.postalCode,
    ...(/^[a-z]{2}$/i.test(address.country) ? { country: address.country.toUpperCase() } : {}),
    contact: address.contact,
    email: address.email,
  };
}

function wireLine(line: SalesOrderLine, fold: Fold): WireRow {
  const { sku } = line;
  return {
    line_seq: line.sequence,
    style: fold(sku.style),
    color_code: fold(sku.color),
    lbl_code: fold(sku.label),
    dimension: fold(sku.dimension),
    size_desc: fold(sku.size),
    upc: sku.upc,
    size_qty: line.quantity,
    price: money(line.price),
    ...(line.listPrice === null ? {} : { list_price: money(line.listPrice) }),
    ...(line.discountPercent === null ? {} : { disc_pct: toNumber(line.discountPercent) }),
    location: fold(line.warehouse),
    ...(line.startDate ? wireDate('start_date', line.startDate) : {}),
    ...(line.endDate ? wireDate('end_date', line.endDate) : {}),
    notes: line.notes,
  };
}

function money(amount: Amount): number {
  return toNumber(toCents(amount));
}

/** `2026-01-20` → `01/20/2026`; an absent date is left out. */
function wireDate(field: string, date: string): Readonly<Record<string, string>> {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(date) ?? [];
  return year && month && day ? { [field]: `${month}/${day}/${year}` } : {};
}
