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
 * told. At a first reading, as of an order that was opened again, nobody was told the earlier ones: they are found by the
 * invoices, but for those tied to none: the ERP cannot be asked for these. So they are wherever there is a credit at all; any
 * other order costs no call for it. A memo that names no order is that of its invoice's first.
 */
export async function readBilling(
  bluecherry: BlueCherry,
  order: ErpSalesOrder,
  { reading, toldCredits }: { readonly reading: 'first' | 'later'; readonly toldCredits: readonly string[] },
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
  const memos = new Map<string, ErpCreditMemo>();
  if (reading === 'first' || toldCredits.length > 0)
    for (const invoiceNumber of invoices.keys())
      for (const memo of await bluecherry.findCreditMemos({ invoiceNumber }, call)) memos.set(memo.number, memo);
  for (const number of toldCredits)
    if (!memos.has(number))
      for (const memo of await bluecherry.findCreditMemos({ number }, call)) memos.set(memo.number, memo);
  const credits = [...memos.values()].filter((memo) => orderOf(memo, invoices, order) === order.orderNumber);
  return { invoices: [...invoices.values()], credits };
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
