import type { LogRow } from './erp.ts';
import { creditLetter, letterOf, subTotal, total, type Order } from './orders.ts';
import type { ImportLogView, SalesOrderView } from './surface.ts';

/** An order for a test to look at: the true letter, exact amounts. */
export function viewOf(order: Order): SalesOrderView {
  const { header, money } = order;
  return {
    ordNum: order.ordNum,
    status: order.strangeLetter ?? letterOf(order),
    creditStatus: creditLetter(order),
    altpo: header['altpo'] ?? '',
    udford1c: header['udford1c'] ?? '',
    division: header['division'] ?? '',
    location: header['location'] ?? '',
    customer: header['customer'] ?? '',
    store: header['store'] ?? '',
    holdCode: header['hold_code'] ?? '',
    terms: header['terms'] ?? '',
    currency: header['curr_code'] ?? '',
    header: { ...header },
    subTotal: subTotal(order),
    ...money,
    taxFixed: order.taxFixed,
    total: total(order),
    changed: order.changed,
    addresses: order.addresses,
    lines: order.lines.map((line) => ({
      sequence: line.sequence,
      sku: line.sku,
      location: line.location,
      price: line.price,
      ordered: line.ordered,
      open: line.open,
      cancelled: line.cancelledC + line.cancelledH,
    })),
    progress: order.lines.map((line) => ({
      sequence: line.sequence,
      allocated: line.allocated,
      picked: line.picked,
      invoiced: line.invoiced,
      cancelledByCustomer: line.cancelledC,
      cancelledByHouse: line.cancelledH,
    })),
  };
}

export function logView({ at: _at, ...row }: LogRow): ImportLogView {
  return row;
}

/** References are compared trimmed and without case. */
export function carries(order: Order, reference: string): boolean {
  return [order.header['altpo'], order.header['udford1c']].some((value) => sameReference(value ?? '', reference));
}

export function sameReference(one: string, other: string): boolean {
  return one.trim().toUpperCase() === other.trim().toUpperCase();
}
