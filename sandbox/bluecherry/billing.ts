import { Decimal } from 'decimal.js';

import { customerOf, touch, type CreditMemo, type Erp, type Invoice } from './erp.ts';
import { goods, type Order } from './orders.ts';
import type { CreditInput } from './surface.ts';

/** Finance credits an order: with lines (a return, back in stock or not) or as an amount alone; with or without its invoice. */
export function creditOrder(erp: Erp, order: Order, input: CreditInput): CreditMemo {
  const invoice = erp.invoices.find(({ number }) => number === input.invoice);
  if (input.invoice && !invoice) throw new Error(`There is no invoice ${input.invoice}.`);
  const lines = (input.lines ?? []).map(({ line: sequence, quantity }) => {
    const line = order.lines.find((each) => each.sequence === sequence);
    if (!line || quantity > line.invoiced) throw new Error(`Line ${sequence} has no ${quantity} invoiced units.`);
    return { line, quantity };
  });
  const ofLines = lines.reduce((sum, { line, quantity }) => sum.plus(goods(line, quantity)), new Decimal(0));
  const subTotal = input.amount === undefined ? ofLines : new Decimal(input.amount);
  const tax = new Decimal(input.tax ?? 0);
  const total = subTotal.plus(tax).toFixed(2);
  if (input.restock) for (const { line, quantity } of lines) erp.ledger.post(line.sku, line.location, 'RT', quantity);
  const memo: CreditMemo = {
    pkey: ++erp.sequence.row,
    number: String(++erp.sequence.credit),
    order,
    invoiceNumber: input.invoice ?? '',
    namesOrder: input.namesOrder ?? true,
    date: erp.clock.today(),
    reason: input.reason ?? 'RTRN',
    restock: input.restock ?? false,
    lines,
    subTotal: subTotal.toFixed(2),
    tax: tax.toFixed(2),
    total,
    changed: erp.clock.stamp(),
  };
  erp.credits.push(memo);
  owesLess(erp, order, total);
  return memo;
}

/** The customer pays an invoice, in full unless said otherwise. Balances move without last_mod; the invoice's moves. */
export function payInvoice(erp: Erp, number: string, amount?: string): Invoice {
  const invoice = erp.invoices.find((each) => each.number === number);
  if (!invoice) throw new Error(`There is no invoice ${number}.`);
  const paid = new Decimal(amount ?? new Decimal(invoice.total).minus(invoice.paid));
  invoice.paid = new Decimal(invoice.paid).plus(paid).toFixed(2);
  invoice.changed = erp.clock.stamp();
  owesLess(erp, invoice.order, paid.toFixed(2));
  return invoice;
}

/** Finance voids an invoice: its goods are picked and not invoiced, and the next run bills them anew. */
export function voidInvoice(erp: Erp, number: string): void {
  const invoice = erp.invoices.find((each) => each.number === number && !each.isVoid);
  if (!invoice) throw new Error(`There is no invoice ${number} to void.`);
  const { order, pick } = invoice;
  for (const { line, quantity } of invoice.lines) {
    erp.ledger.move(line.sku, line.location, 'IN', 'PK', quantity);
    line.invoiced -= quantity;
    line.picked += quantity;
    const others = erp.invoices.filter((each) => each !== invoice && !each.isVoid);
    line.invoiceNumber = others.findLast((each) => each.lines.some((other) => other.line === line))?.number ?? '';
  }
  const less = (amount: string, part: string) => new Decimal(amount).minus(part).toFixed(2);
  const { discount, freight, tax } = order.invoicedMoney;
  order.invoicedMoney = {
    discount: less(discount, invoice.discount),
    freight: less(freight, invoice.freight),
    tax: less(tax, invoice.tax),
  };
  invoice.isVoid = true;
  invoice.changed = erp.clock.stamp();
  pick.invoiceNumber = '';
  owesLess(erp, order, less(invoice.total, invoice.paid));
  touch(erp, order);
}

/** The ERP moves part of a line's open quantity to a line of its own, for a later delivery. */
export function splitLine(erp: Erp, order: Order, sequence: number, quantity: number): void {
  const line = order.lines.find((each) => each.sequence === sequence);
  if (!line || quantity <= 0 || quantity >= line.open)
    throw new Error(`Line ${sequence} has no ${quantity} units to split.`);
  line.ordered -= quantity;
  line.open -= quantity;
  line.allocated = Math.min(line.allocated, line.open);
  order.lines.push({
    ...line,
    sequence: Math.max(...order.lines.map((each) => each.sequence)) + 1,
    ordered: quantity,
    open: quantity,
    allocated: 0,
    picked: 0,
    invoiced: 0,
    cancelledC: 0,
    cancelledH: 0,
    pickNumber: '',
    invoiceNumber: '',
  });
  touch(erp, order);
}

function owesLess(erp: Erp, order: Order, amount: string): void {
  const customer = customerOf(erp, order.header['division'] ?? '', order.header['customer'] ?? '');
  if (customer) customer.arBalance = new Decimal(customer.arBalance).minus(amount).toFixed(2);
}
