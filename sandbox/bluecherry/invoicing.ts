import { Decimal } from 'decimal.js';
import { DateTime } from 'luxon';

import { customerOf, touch, type Erp, type Invoice, type PickTicket } from './erp.ts';
import { goods, subTotal, units, type Order, type OrderLine } from './orders.ts';
import { terms } from './seed.ts';

/** An invoice for every pick that left. Freight in full on the first, discount and tax by goods value. */
export function invoiceShipped(erp: Erp): void {
  for (const pick of erp.picks) if (pick.shipDate !== null && pick.invoiceNumber === '') invoicePick(erp, pick);
}

function invoicePick(erp: Erp, pick: PickTicket): void {
  const { order } = pick;
  const lines = pick.lines.filter(({ quantity }) => quantity > 0);
  const number = String(++erp.sequence.invoice);
  for (const { line, quantity } of lines) {
    erp.ledger.move(line.sku, line.location, 'PK', 'IN', quantity);
    line.picked -= quantity;
    line.invoiced += quantity;
    line.invoiceNumber = number;
  }
  const { subTotal, discount, freight, tax } = amounts(order, lines);
  const { invoicedMoney: before } = order;
  order.invoicedMoney = {
    discount: new Decimal(before.discount).plus(discount).toFixed(2),
    freight: new Decimal(before.freight).plus(freight).toFixed(2),
    tax: new Decimal(before.tax).plus(tax).toFixed(2),
  };
  const total = new Decimal(subTotal).plus(tax).plus(freight).minus(discount).toFixed(2);
  const date = erp.clock.today();
  const days = terms.find((each) => each.terms === order.header['terms'])?.days ?? 0;
  const due = DateTime.fromISO(date).plus({ days }).toFormat('yyyy-MM-dd');
  const changed = erp.clock.stamp();
  const money = { subTotal, discount, freight, tax, total };
  erp.invoices.push({
    pkey: ++erp.sequence.row,
    number,
    order,
    pick,
    date,
    due,
    lines,
    ...money,
    paid: '0.00',
    isVoid: false,
    changed,
  });
  pick.invoiceNumber = number;
  pick.changed = changed;
  const customer = customerOf(erp, order.header['division'] ?? '', order.header['customer'] ?? '');
  // Balances move without last_mod.
  if (customer) customer.arBalance = new Decimal(customer.arBalance).plus(total).toFixed(2);
  touch(erp, order);
}

/** The rest of cents is on the last invoice; the share of cancelled goods is on none. */
function amounts(
  order: Order,
  lines: readonly { readonly line: OrderLine; readonly quantity: number }[],
): Pick<Invoice, 'subTotal' | 'discount' | 'freight' | 'tax'> {
  const { money, invoicedMoney } = order;
  const worth = sum(lines.map(({ line, quantity }) => goods(line, quantity)));
  const everything = new Decimal(subTotal(order));
  const kept = sum(order.lines.map((line) => goods(line, line.ordered - line.cancelledC - line.cancelledH)));
  const isLast = units(order, 'open') + units(order, 'picked') === 0;
  const share = (amount: string, before: string) => {
    if (everything.isZero()) return isLast ? new Decimal(amount).minus(before).toFixed(2) : '0.00';
    const part = new Decimal(amount).times(isLast ? kept : worth).div(everything);
    return (isLast ? part.toDecimalPlaces(2).minus(before) : part).toFixed(2);
  };
  return {
    subTotal: worth.toFixed(2),
    discount: share(money.discount, invoicedMoney.discount),
    freight: new Decimal(money.freight).minus(invoicedMoney.freight).toFixed(2),
    tax: share(money.tax, invoicedMoney.tax),
  };
}

function sum(values: readonly Decimal[]): Decimal {
  return values.reduce((total, value) => total.plus(value), new Decimal(0));
}
