import type { BlueCherry, CallOptions } from '../connectors/bluecherry/bluecherry.ts';
import { unitsOf } from '../domain/erp-stage.ts';
import { partOf } from '../domain/invoice-part.ts';
import type { ErpCreditMemo, ErpInvoice, ErpSalesOrder } from '../domain/sales-order.ts';

/** What was billed for one ERP order. */
export interface OrderBilling {
  readonly invoices: readonly ErpInvoice[];
  readonly credits: readonly ErpCreditMemo[];
}

/**
 * Invoices and credit memos of an order. Costs nothing while nothing is invoiced. A consolidated invoice names only the
 * first of its orders in its header, so what the lines name is read by number. A line names only its latest invoice: where
 * fewer units are billed than the order says are invoiced, its picks name the others. Credits are found by the number the poller
 * told; one that names no order is that of its invoice's first.
 */
export async function readBilling(
  bluecherry: BlueCherry,
  order: ErpSalesOrder,
  toldCredits: readonly string[],
  call: CallOptions,
): Promise<OrderBilling> {
  const invoices = new Map<string, ErpInvoice>();
  const named = new Set((order.lines ?? []).map(({ latestInvoice }) => latestInvoice).filter(Boolean));
  const { invoiced } = unitsOf(order);
  if (invoiced > 0 || named.size > 0)
    for (const invoice of await bluecherry.findInvoices({ orderNumber: order.orderNumber }, call))
      invoices.set(invoice.number, invoice);
  for (const number of named)
    if (!invoices.has(number))
      for (const invoice of await bluecherry.findInvoices({ number }, call)) invoices.set(invoice.number, invoice);
  if (billedUnits(invoices.values(), order.orderNumber) < invoiced) {
    const picks = await bluecherry.findPicks(order.orderNumber, call);
    for (const number of new Set(picks.map(({ invoiceNumber }) => invoiceNumber).filter(Boolean)))
      if (!invoices.has(number))
        for (const invoice of await bluecherry.findInvoices({ number }, call)) invoices.set(invoice.number, invoice);
  }
  const credits = new Map<string, ErpCreditMemo>();
  for (const number of toldCredits)
    for (const memo of await bluecherry.findCreditMemos({ number }, call))
      if (orderOf(memo, invoices, order) === order.orderNumber) credits.set(memo.number, memo);
  return { invoices: [...invoices.values()], credits: [...credits.values()] };
}

function billedUnits(invoices: Iterable<ErpInvoice>, orderNumber: string): number {
  return [...invoices]
    .filter(({ isVoid }) => !isVoid)
    .flatMap((invoice) => partOf(invoice, orderNumber).lines ?? [])
    .reduce((units, { quantity }) => units + quantity, 0);
}

/** A memo counts once, also where its invoice bills several orders. */
function orderOf(
  { orderNumber, invoiceNumber }: ErpCreditMemo,
  invoices: ReadonlyMap<string, ErpInvoice>,
  order: ErpSalesOrder,
): string | null {
  const invoice = invoices.get(invoiceNumber);
  return orderNumber || (invoice ? invoice.orderNumber || order.orderNumber : null);
}
