import type { ErpCreditMemo, ErpInvoice, ErpInvoiceLine } from '../../domain/sales-order.ts';
import { schemaDrift } from './blue-cherry-error.ts';
import type { CallOptions } from './call-options.ts';
import { foldOf, type Fold } from './codes.ts';
import { eq, type Clause } from './filters.ts';
import type { Lister } from './paging.ts';
import type { Settings } from './settings.ts';
import { instantOf } from './stamps.ts';
import {
  CREDIT_MEMO_KEYS,
  INVOICE_KEYS,
  VOID_INVOICE,
  wholeCreditMemoRow,
  wholeInvoiceRow,
  type BilledRow,
  type CreditMemoRow,
  type InvoiceRow,
} from './wire/billing.ts';
import { readRows } from './wire/rows.ts';

interface Reading {
  readonly lister: Lister;
  readonly settings: Settings;
  /** Told how many rows came without their keys. */
  readonly skip: (rows: number) => void;
}

/**
 * Invoices of an order, or one by its number, with their lines. Of a consolidated invoice the header names one order
 * only. Rows without their keys are left out; one without a total or without the lines that were asked for, or a line
 * without units, stops the read: it would pass for an invoice of nothing.
 */
export async function findInvoices(
  reading: Reading,
  by: { readonly orderNumber: string } | { readonly number: string },
  call: CallOptions,
): Promise<readonly ErpInvoice[]> {
  const clause = 'number' in by ? eq('inv_num', by.number) : eq('ord_num', by.orderNumber);
  const { resources } = reading.settings;
  const route = `GET /api/${resources.invoice}`;
  const rows = await read(reading, resources.invoice, clause, call);
  const { rows: invoices, skipped } = readRows(rows, wholeInvoiceRow, INVOICE_KEYS, route);
  reading.skip(skipped);
  return invoices.map((row) => {
    if (!row.invoicedetail) throw schemaDrift(route, 'invoicedetail.rows');
    return toInvoice(row, reading.settings);
  });
}

/** Credit memos by their number, or of an invoice, with their lines. */
export async function findCreditMemos(
  reading: Reading,
  by: { readonly number: string } | { readonly invoiceNumber: string },
  call: CallOptions,
): Promise<readonly ErpCreditMemo[]> {
  const clause = 'number' in by ? eq('cm_num', by.number) : eq('inv_num', by.invoiceNumber);
  const { resources } = reading.settings;
  const rows = await read(reading, resources.creditMemo, clause, call);
  const { rows: memos, skipped } = readRows(
    rows,
    wholeCreditMemoRow,
    CREDIT_MEMO_KEYS,
    `GET /api/${resources.creditMemo}`,
  );
  reading.skip(skipped);
  return memos.map((row) => toCreditMemo(row, reading.settings));
}

export function toInvoice(row: InvoiceRow, settings: Settings): ErpInvoice {
  const fold = foldOf(settings.upperCaseCodes);
  return {
    number: row.inv_num,
    orderNumber: row.ord_num,
    date: row.inv_date,
    currency: row.curr_code.toUpperCase(),
    subTotal: row.sub_total ?? '0',
    discount: row.disc_amt ?? '0',
    freight: row.frgt_amt ?? '0',
    tax: row.tax_amt ?? '0',
    total: row.total_amt ?? '0',
    paid: row.paid_amt ?? '0',
    isVoid: row.status.toUpperCase() === VOID_INVOICE,
    carrier: fold(row.shipper),
    tracking: row.track_no,
    lines: row.invoicedetail ? row.invoicedetail.rows.map((line) => toBilledLine(line, fold)) : null,
    changedAt: instantOf(row.last_mod, settings.zone),
  };
}

export function toCreditMemo(row: CreditMemoRow, settings: Settings): ErpCreditMemo {
  const fold = foldOf(settings.upperCaseCodes);
  return {
    number: row.cm_num,
    orderNumber: row.ord_num,
    invoiceNumber: row.inv_num,
    date: row.cm_date,
    currency: row.curr_code.toUpperCase(),
    reason: fold(row.reason_code),
    restocked: row.restock_ok,
    tax: row.tax_amt ?? '0',
    freight: row.frgt_amt ?? '0',
    total: row.total_amt ?? '0',
    lines: row.creditmemodetail ? row.creditmemodetail.rows.map((line) => toBilledLine(line, fold)) : null,
    changedAt: instantOf(row.last_mod, settings.zone),
  };
}

function read({ lister }: Reading, resource: string, clause: Clause, call: CallOptions) {
  return lister.rows({ resource, envelope: 'header', include: 'all', clauses: [clause], until: 'key' }, call);
}

function toBilledLine(row: BilledRow, fold: Fold): ErpInvoiceLine {
  return {
    sequence: row.line_seq,
    orderNumber: row.ord_num,
    sku: {
      division: fold(row.division),
      style: fold(row.style),
      color: fold(row.color_code),
      label: fold(row.lbl_code),
      dimension: fold(row.dimension),
      size: fold(row.size_desc),
      upc: row.upc,
    },
    quantity: row.size_qty ?? 0,
    price: row.price ?? '0',
    amount: row.amount ?? '0',
  };
}
