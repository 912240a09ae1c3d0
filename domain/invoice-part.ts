import { isZero, shareOf, subtract, sum, toCents, type Amount } from './money.ts';
import type { ErpInvoice, ErpInvoiceLine } from './sales-order.ts';

/** Whether an invoice bills other orders too. Of what only its header says, nobody can tell whose it is. */
export function isShared(invoice: ErpInvoice, orderNumber: string): boolean {
  return (invoice.lines ?? []).some((line) => orderOf(invoice, line, orderNumber) !== orderNumber);
}

/**
 * What a consolidated invoice bills for one of its orders: that order's lines, and of what only the header says a share by
 * goods value. The shares of all its orders add up to the whole to the cent. An invoice of one order is its own part.
 */
export function partOf(invoice: ErpInvoice, orderNumber: string): ErpInvoice {
  const { lines } = invoice;
  if (!lines || !isShared(invoice, orderNumber)) return invoice;
  const orders = [...new Set(lines.map((line) => orderOf(invoice, line, orderNumber)))];
  const goodsOf = (some: readonly string[]) =>
    sum(lines.filter((line) => some.includes(orderOf(invoice, line, orderNumber))).map(({ amount }) => amount));
  const all = goodsOf(orders);
  const place = orders.indexOf(orderNumber);
  // Up to and with this order, less up to it: so the cents of rounding fall once.
  const share = (amount: Amount): Amount => {
    const upTo = (count: number) =>
      isZero(all) ? shareOf(amount, count, orders.length) : shareOf(amount, goodsOf(orders.slice(0, count)), all);
    return place < 0 ? '0.00' : toCents(subtract(upTo(place + 1), upTo(place)));
  };
  const part = {
    subTotal: share(invoice.subTotal),
    tax: share(invoice.tax),
    freight: share(invoice.freight),
    discount: share(invoice.discount),
  };
  // What the invoice itself does not add up by stays wrong in its parts.
  const total = toCents(sum([addedUp(part), share(subtract(invoice.total, addedUp(invoice)))]));
  return {
    ...invoice,
    ...part,
    orderNumber,
    total,
    paid: share(invoice.paid),
    lines: lines.filter((line) => orderOf(invoice, line, orderNumber) === orderNumber),
  };
}

type Amounts = Pick<ErpInvoice, 'subTotal' | 'tax' | 'freight' | 'discount'>;

/** What an invoice comes to by its own amounts. */
export function addedUp({ subTotal, tax, freight, discount }: Amounts): Amount {
  return subtract(sum([subTotal, tax, freight]), discount);
}

/** A line that names no order is its header's; a header that names none says nothing against the order asked about. */
function orderOf(invoice: ErpInvoice, line: ErpInvoiceLine, asked: string): string {
  return line.orderNumber || invoice.orderNumber || asked;
}
