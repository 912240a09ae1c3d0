import { z } from 'zod';

import type { ErpCreditMemo, ErpInvoice } from '../../domain/sales-order.ts';
import { toCreditMemo, toInvoice } from './billing.ts';
import { schemaDrift } from './blue-cherry-error.ts';
import { CachedTable, namedBy, type TableTools } from './cached-table.ts';
import type { CallOptions } from './call-options.ts';
import { keptSku } from './kept-sku.ts';
import type { Settings } from './settings.ts';
import type { OrderBook } from './order-book.ts';
import { Shared } from './shared-work.ts';
import { CREDIT_MEMO_KEYS, INVOICE_KEYS, wholeCreditMemoRow, wholeInvoiceRow } from './wire/billing.ts';
import { isJsonObject, text, type JsonObject } from './wire/json.ts';
import { readRow } from './wire/rows.ts';

/** Everything that was billed and credited, whoever's orders: for reports that must not ask order by order. */
export interface BillingBook {
  /** With their lines, voided ones too; brought up to date first: a call or two when little changed, the whole list once a day. */
  invoices(call: CallOptions): Promise<readonly ErpInvoice[]>;
  /** With their lines, where they have any. */
  creditMemos(call: CallOptions): Promise<readonly ErpCreditMemo[]>;
}

/** A reading belongs to nobody: it goes on when who asked for it has gone. */
const READING_MS = 3_600_000;

const string = z.string();
const line = z.object({
  sequence: z.number().nullable(),
  orderNumber: string,
  sku: keptSku,
  quantity: z.number(),
  price: string,
  amount: string,
});
const lines = z.array(line).nullable();

const invoice: z.ZodType<ErpInvoice> = z.object({
  number: string,
  orderNumber: string,
  date: string.nullable(),
  currency: string,
  subTotal: string,
  discount: string,
  freight: string,
  tax: string,
  total: string,
  paid: string,
  isVoid: z.boolean(),
  carrier: string,
  tracking: z.array(string),
  lines,
  changedAt: string,
});

const creditMemo: z.ZodType<ErpCreditMemo> = z.object({
  number: string,
  orderNumber: string,
  invoiceNumber: string,
  date: string.nullable(),
  currency: string,
  reason: string,
  restocked: z.boolean(),
  tax: string,
  freight: string,
  total: string,
  lines,
  changedAt: string,
});

/**
 * An invoice without its lines, or without a total, would pass for an invoice of nothing. Where such a document may bill an
 * order of the book it stops the reading, because a report without it would be wrong; any other is left out.
 */
export function createBillingBook(tools: TableTools, settings: Settings, orderBook: OrderBook): BillingBook {
  const { invoice: invoiceResource, creditMemo: memoResource } = settings.resources;
  const [invoiceRoute, memoRoute] = [`GET /api/${invoiceResource}`, `GET /api/${memoResource}`];
  const invoices = new CachedTable<ErpInvoice>(
    {
      name: 'invoices',
      resource: invoiceResource,
      envelope: 'header',
      include: 'all',
      keys: INVOICE_KEYS,
      trace: namedBy(INVOICE_KEYS),
      entry: invoice,
      read(row) {
        const read = readRow(row, wholeInvoiceRow, invoiceRoute);
        if (!read.invoicedetail) throw schemaDrift(invoiceRoute, 'invoicedetail.rows');
        return toInvoice(read, settings);
      },
      isIndispensable: (row) => mayBillOurs(orderNumbersIn(row, 'invoicedetail')),
    },
    tools,
  );
  const memos = new CachedTable<ErpCreditMemo>(
    {
      name: 'credit-memos',
      resource: memoResource,
      envelope: 'header',
      include: 'all',
      keys: CREDIT_MEMO_KEYS,
      trace: namedBy(CREDIT_MEMO_KEYS),
      entry: creditMemo,
      read: (row) => toCreditMemo(readRow(row, wholeCreditMemoRow, memoRoute), settings),
      isIndispensable: (row) =>
        mayBillOurs([...orderNumbersIn(row, 'creditmemodetail'), ...billedBy(text(row['inv_num']))]),
    },
    tools,
  );
  const shared = new Shared();
  const reading = (call: CallOptions) => ({ ...call, signal: tools.closing, deadline: Date.now() + READING_MS });
  return {
    async invoices(call) {
      await shared.run('invoices', () => invoices.refresh(reading(call)), call);
      return [...invoices.entries()];
    },
    async creditMemos(call) {
      await shared.run('memos', () => memos.refresh(reading(call)), call);
      return [...memos.entries()];
    },
  };

  /** As long as the book was not read, any order may be ours. */
  function mayBillOurs(orderNumbers: readonly string[]): boolean {
    const ours = orderBook.known();
    return ours.length === 0 || ours.some(({ orderNumber }) => orderNumbers.includes(orderNumber));
  }

  function billedBy(invoiceNumber: string): readonly string[] {
    return [...invoices.entries()].flatMap(({ number, orderNumber, lines }) =>
      number === invoiceNumber ? [orderNumber, ...(lines ?? []).map((line) => line.orderNumber)] : [],
    );
  }
}

/** Orders that a document names, whether or not it can be read. */
function orderNumbersIn(row: JsonObject, detail: string): readonly string[] {
  const children = row[detail];
  const rows = isJsonObject(children) && Array.isArray(children['rows']) ? children['rows'] : [];
  return [row, ...rows.filter(isJsonObject)].map((each) => text(each['ord_num'])).filter((number) => number !== '');
}
