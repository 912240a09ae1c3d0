import { Decimal } from 'decimal.js';

import { cancelOpen, touch, type Erp } from './erp.ts';
import type { Order, OrderLine } from './orders.ts';
import type { ClerkEdit } from './surface.ts';

/** What a clerk does to an order in the ERP's own screens; what the quantities do not allow is refused. */
export function edit(erp: Erp, order: Order, change: ClerkEdit): void {
  const { header, tax, freight, price, quantity, warehouse, cancel } = change;
  if (header) order.header = { ...order.header, ...header };
  order.money = {
    ...order.money,
    ...(tax === undefined ? {} : { tax: new Decimal(tax).toFixed(2) }),
    ...(freight === undefined ? {} : { freight: new Decimal(freight).toFixed(2) }),
  };
  if (price) setPrice(lineOf(order, price.line), price.price);
  if (quantity) setQuantity(erp, lineOf(order, quantity.line), quantity.quantity);
  if (warehouse) {
    if (warehouse.line === null) order.header = { ...order.header, location: warehouse.location };
    const lines = warehouse.line === null ? order.lines : [lineOf(order, warehouse.line)];
    for (const line of lines) moveLine(erp, line, warehouse.location);
  }
  if (cancel) cancelOpen(erp, order, cancel.by ?? 'H', cancel.line);
  touch(erp, order);
}

/** Deletes an order of which nothing has moved yet; no trace is left of it. */
export function deleteOrder(erp: Erp, order: Order): void {
  for (const line of order.lines) setQuantity(erp, line, 0);
  touch(erp, order);
  erp.orders.delete(order.ordNum);
}

function setPrice(line: OrderLine, price: string | null): void {
  line.price = new Decimal(price ?? 0).toFixed(2);
  const { price: _hidden, ...extra } = line.extra;
  line.extra = price === null ? { ...extra, price: null } : extra;
}

function setQuantity(erp: Erp, line: OrderLine, quantity: number): void {
  const more = quantity - line.ordered;
  if (line.open + more < 0) throw new Error(`Line ${line.sequence} has only ${line.open} open.`);
  erp.ledger.post(line.sku, line.location, 'OP', more);
  line.ordered += more;
  line.open += more;
  line.allocated = Math.min(line.allocated, line.open);
}

function moveLine(erp: Erp, line: OrderLine, location: string): void {
  if (line.open !== line.ordered) throw new Error(`Line ${line.sequence} is under way and stays at ${line.location}.`);
  erp.ledger.post(line.sku, line.location, 'OP', -line.open);
  erp.ledger.post(line.sku, location, 'OP', line.open);
  line.location = location;
  line.allocated = 0;
}

function lineOf(order: Order, sequence: number): OrderLine {
  const line = order.lines.find((each) => each.sequence === sequence);
  if (!line) throw new Error(`Order ${order.ordNum} has no line ${sequence}.`);
  return line;
}
