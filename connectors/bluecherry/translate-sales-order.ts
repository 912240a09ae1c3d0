import type { ErpAddress, ErpOrderStatus, ErpSalesOrder, ErpSalesOrderLine } from '../../domain/sales-order.ts';
import { schemaDrift } from './blue-cherry-error.ts';
import { foldOf, type Fold } from './codes.ts';
import type { Settings } from './settings.ts';
import { instantOf } from './stamps.ts';
import { FIELDS } from './wire/assumptions.ts';
import { text, type JsonObject } from './wire/json.ts';
import { USER_FIELD, type AddressRow, type DetailRow, type SalesOrderRow } from './wire/sales-order.ts';
import { isoDate } from './wire/values.ts';

/** A sales order in the ERP's row → ours. Codes are folded as the site says; references and texts stay as read. */
export function toSalesOrder(row: SalesOrderRow, settings: Settings): ErpSalesOrder {
  const { fields, zone } = settings;
  const fold = foldOf(settings.upperCaseCodes);
  const { salesorderdetail: detail, salesorderaddress: address } = row;
  return {
    orderNumber: row.ord_num,
    status: statusOf(row.ord_status, settings),
    statusLetter: row.ord_status,
    creditStatus: row.credit_status,
    holdCode: fold(row.hold_code),
    holdReason: row.hold_reason,
    purchaseOrder: text(row[fields.purchaseOrder]),
    ...referencesIn(row, settings),
    division: fold(row.division),
    warehouse: fold(row.location),
    customer: fold(row.customer),
    store: fold(row.store),
    distributionCentre: fold(row.center_code),
    department: fold(row.department),
    orderType: fold(row.ord_type),
    orderDate: row.ord_date,
    startDate: row.start_date,
    endDate: row.end_date,
    terms: fold(row.terms),
    shipVia: fold(row.shipper),
    shipTerms: fold(row.ship_terms),
    salesperson: fold(row.salesper1),
    season: fold(row.season),
    currency: row.curr_code.toUpperCase(),
    subTotal: row.sub_total,
    discount: row.disc_amt ?? '0',
    discountCode: fold(row.disc_code),
    freight: row.frgt_amt ?? '0',
    tax: row.tax_amt ?? '0',
    taxFixed: row.tax_fixed_ok,
    total: row.total_amt,
    notes: row.notes,
    siteFields: siteFieldsOf(row, settings),
    billTo: addressOf(address?.rows ?? [], 'BT'),
    shipTo: addressOf(address?.rows ?? [], 'ST'),
    lines: detail ? detail.rows.map((line) => toLine(line, fold)) : null,
    changedAt: instantOf(row.last_mod, zone),
  };
}

/** What the site says that a letter means. */
export function statusOf(letter: string, { statusLetters }: Settings): ErpOrderStatus {
  return statusLetters[letter.toUpperCase()] ?? 'unknown';
}

/** What a row carries where a reference of ours may stand, whether or not the rest of it can be read. */
export function referencesIn(row: JsonObject, { fields }: Settings): Pick<ErpSalesOrder, 'altPo' | 'referenceField'> {
  return { altPo: text(row[fields.altPo]), referenceField: text(row[fields.referenceField]) };
}

/** A replace restates everything: an order whose children were asked for and did not come must not pass for an empty one. */
export function withChildren(row: SalesOrderRow, route: string): SalesOrderRow {
  if (!row.salesorderdetail) throw schemaDrift(route, 'salesorderdetail.rows');
  if (!row.salesorderaddress) throw schemaDrift(route, 'salesorderaddress.rows');
  return row;
}

/** Nor can a replace restate a price that is not shown, and to compare with it as if it were 0 would be wrong. */
export function withPrices(row: SalesOrderRow, route: string): SalesOrderRow {
  const isPriced = row.salesorderdetail?.rows.every(({ price }) => price !== null) ?? true;
  if (!isPriced) throw schemaDrift(route, 'salesorderdetail.rows.price');
  return row;
}

/**
 * The fields beside those that every order fills in itself: user-defined ones, and the PO field where the site names
 * another. As read, dates as ISO dates; absent ones are left out.
 */
function siteFieldsOf(row: SalesOrderRow, { fields }: Settings): Readonly<Record<string, string>> {
  const filledIn: readonly string[] = [FIELDS.purchaseOrder, fields.altPo, fields.referenceField];
  return Object.fromEntries(
    Object.entries(row).flatMap(([field, value]): readonly (readonly [string, string])[] => {
      if ((!USER_FIELD.test(field) && field !== fields.purchaseOrder) || filledIn.includes(field)) return [];
      const read = text(value);
      return read === '' ? [] : [[field, field.endsWith('d') ? (isoDate(read) ?? read) : read]];
    }),
  );
}

function addressOf(rows: readonly AddressRow[], type: 'BT' | 'ST'): ErpAddress | null {
  const row = rows.find(({ addr_type }) => addr_type.toUpperCase() === type);
  if (!row) return null;
  return {
    name: row.name,
    line1: row.addr1,
    line2: row.addr2,
    city: row.city,
    state: row.state,
    postalCode: row.zipcode,
    country: row.country.toUpperCase(),
    contact: row.contact,
    email: row.email,
  };
}

function toLine(row: DetailRow, fold: Fold): ErpSalesOrderLine {
  return {
    sequence: row.line_seq ?? 0,
    sku: {
      division: fold(row.division),
      style: fold(row.style),
      color: fold(row.color_code),
      label: fold(row.lbl_code),
      dimension: fold(row.dimension),
      size: fold(row.size_desc),
      upc: row.upc,
    },
    warehouse: fold(row.location),
    price: row.price ?? '0',
    listPrice: row.list_price,
    discountPercent: row.disc_pct,
    startDate: row.start_date,
    endDate: row.end_date,
    notes: row.notes,
    ordered: row.qty_ord ?? 0,
    open: row.qty_open ?? 0,
    allocated: row.qty_alloc ?? 0,
    picked: row.qty_pick ?? 0,
    invoiced: row.qty_inv ?? 0,
    cancelledByCustomer: row.qty_canc_c ?? 0,
    cancelledByHouse: row.qty_canc_h ?? 0,
    latestInvoice: row.inv_num,
  };
}
