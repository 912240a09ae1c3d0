import { z } from 'zod';

import type { ErpCreditMemo, ErpInvoice } from '../../domain/sales-order.ts';
import { toCreditMemo, toInvoice } from './billing.ts';
import { schemaDrift } from './blue-cherry-error.ts';
import { CachedTable, type TableTools } from './cached-table.ts';
import type { CallOptions } from './call-options.ts';
import { keptSku } from './kept-sku.ts';
import type { Settings } from './settings.ts';
import { Shared } from './shared-work.ts';
import {
  CREDIT_MEMO_KEYS,
  INVOICE_KEYS,
  wholeCreditMemoRow,
  wholeInvoiceRow,
  type CreditMemoRow,
  type InvoiceRow,
} from './wire/billing.ts';

/** Everything that was billed and credited, whoever's orders: for reports that must not ask order by order. */
export interface BillingBook {
  /** With their lines, voided ones too; brought up to date first: a call or two when little changed, the whole list once a day. */
  invoices(call: CallOptions): Promise<readonly ErpInvoice[]>;
  /** With their lines, where they have any. */
  creditMemos(call: CallOptions): Promise<readonly ErpCreditMemo[]>;
}

/** A reading belongs to nobody: it goes on when who asked for it has gone. */
const READING_MS = 3_600_000;

const text = z.string();
const line = z.object({
  sequence: z.number().nullable(),
  orderNumber: text,
  sku: keptSku,
  quantity: z.number(),
  price: text,
  amount: text,
});
const lines = z.array(line).nullable();

const invoice: z.ZodType<ErpInvoice> = z.object({
  number: text,
  orderNumber: text,
  date: text.nullable(),
  currency: text,
  subTotal: text,
  discount: text,
  freight: text,
  tax: text,
  total: text,
  paid: text,
  isVoid: z.boolean(),
  carrier: text,
  tracking: z.array(text),
  lines,
  changedAt: text,
});

const creditMemo: z.ZodType<ErpCreditMemo> = z.object({
  number: text,
  orderNumber: text,
  invoiceNumber: text,
  date: text.nullable(),
  currency: text,
  reason: text,
  restocked: z.boolean(),
  tax: text,
  freight: text,
  total: text,
  lines,
  changedAt: text,
});

/** An invoice without its lines, or without a total, stops the reading: it would pass for an invoice of nothing. */
export function createBillingBook(tools: TableTools, settings: Settings): BillingBook {
  const { invoice: invoiceResource, creditMemo: memoResource } = settings.resources;
  const invoices = new CachedTable<InvoiceRow, ErpInvoice>(
    {
      name: 'invoices',
      resource: invoiceResource,
      envelope: 'header',
      include: 'all',
      keys: INVOICE_KEYS,
      row: wholeInvoiceRow,
      entry: invoice,
      translate(row) {
        if (!row.invoicedetail) throw schemaDrift(`GET /api/${invoiceResource}`, 'invoicedetail.rows');
        return toInvoice(row, settings);
      },
    },
    tools,
  );
  const memos = new CachedTable<CreditMemoRow, ErpCreditMemo>(
    {
      name: 'credit-memos',
      resource: memoResource,
      envelope: 'header',
      include: 'all',
      keys: CREDIT_MEMO_KEYS,
      row: wholeCreditMemoRow,
      entry: creditMemo,
      translate: (row) => toCreditMemo(row, settings),
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
}
