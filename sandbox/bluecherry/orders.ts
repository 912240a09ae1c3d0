import { Decimal } from 'decimal.js';

export interface OrderLine {
  readonly sequence: number;
  /** The six codes, joined. */
  readonly sku: string;
  location: string;
  price: string;
  /** Shown as it is, above all else of the line. */
  extra: Readonly<Record<string, unknown>>;
  ordered: number;
  open: number;
  /** Part of open that has stock assigned. */
  allocated: number;
  picked: number;
  invoiced: number;
  cancelledC: number;
  cancelledH: number;
  pickNumber: string;
  invoiceNumber: string;
}

export interface OrderMoney {
  readonly discount: string;
  readonly freight: string;
  readonly tax: string;
}

/** `factor` = waits for the factor's approval number; only `held` and `declined` show as credit hold. */
export type Credit = 'unchecked' | 'factor' | 'passed' | 'held' | 'declined';

export interface Order {
  readonly pkey: number;
  readonly ordNum: string;
  /** Header fields as written, by wire name. */
  header: Record<string, string>;
  money: OrderMoney;
  invoicedMoney: OrderMoney;
  taxFixed: boolean;
  addresses: readonly Readonly<Record<string, unknown>>[];
  lines: OrderLine[];
  credit: Credit;
  /** The credit check decides anew at its next run. */
  toCheck: boolean;
  approval: string;
  lastCancel: 'C' | 'H' | null;
  /** A letter outside the table, shown in place of the true one. */
  strangeLetter: string | null;
  /** What it still weighs on the credit of which account, as of its last event. */
  weight: { readonly account: string; readonly amount: Decimal };
  changed: string;
}

export const NO_MONEY: OrderMoney = { discount: '0.00', freight: '0.00', tax: '0.00' };

/** The header letter by the quantities (contract, section 6). */
export function letterOf(order: Order): string {
  const invoiced = units(order, 'invoiced');
  const left = units(order, 'open') + units(order, 'picked');
  if (invoiced > 0 && left > 0) return 'T';
  if (left === 0) {
    if (invoiced === 0) return order.lastCancel === 'H' ? 'Y' : 'X';
    return units(order, 'cancelledC') + units(order, 'cancelledH') > 0 ? 'Z' : 'I';
  }
  if (units(order, 'picked') > 0) return 'P';
  if (order.credit === 'held' || order.credit === 'declined') return 'C';
  if (order.header['hold_code']) return 'H';
  if (units(order, 'allocated') > 0) return 'A';
  return order.credit === 'passed' ? 'R' : 'O';
}

/** Blank not checked, A approved, P pending, D declined. */
export function creditLetter({ credit }: Order): string {
  return { unchecked: '', factor: 'P', passed: 'A', held: 'P', declined: 'D' }[credit];
}

export function units(
  order: Order,
  what: 'open' | 'allocated' | 'picked' | 'invoiced' | 'cancelledC' | 'cancelledH',
): number {
  return order.lines.reduce((sum, line) => sum + line[what], 0);
}

/** round(price, 2) × quantity, half up, before multiplying (contract, section 10). */
export function goods({ price }: OrderLine, quantity: number): Decimal {
  return new Decimal(price).toDecimalPlaces(2, Decimal.ROUND_HALF_UP).times(quantity);
}

/** Of the quantities ordered: it stays as entered when some are cancelled or invoiced. */
export function subTotal({ lines }: Order): string {
  return lines.reduce((sum, line) => sum.plus(goods(line, line.ordered)), new Decimal(0)).toFixed(2);
}

export function total(order: Order): string {
  const { discount, freight, tax } = order.money;
  return new Decimal(subTotal(order)).plus(tax).plus(freight).minus(discount).toFixed(2);
}

/** What the order still weighs on the customer's credit: goods not invoiced, and the header amounts left to invoice. */
export function openValue(order: Order): Decimal {
  if (units(order, 'open') + units(order, 'picked') === 0) return new Decimal(0);
  const { money, invoicedMoney } = order;
  return order.lines
    .reduce((sum, line) => sum.plus(goods(line, line.open + line.picked)), new Decimal(0))
    .plus(new Decimal(money.freight).minus(invoicedMoney.freight))
    .plus(new Decimal(money.tax).minus(invoicedMoney.tax))
    .minus(new Decimal(money.discount).minus(invoicedMoney.discount));
}

/** Ordered = open + picked + invoiced + cancelled, always, none below zero, and allocated is a part of open. */
export function brokenLines(order: Order): readonly string[] {
  return order.lines.flatMap((line) => {
    const { sequence, ordered, open, picked, invoiced, cancelledC, cancelledH, allocated } = line;
    const where = `order ${order.ordNum} line ${sequence}`;
    const sum = open + picked + invoiced + cancelledC + cancelledH;
    return [
      ...(sum === ordered ? [] : [`${where}: ${ordered} ordered, ${sum} accounted for`]),
      ...(allocated <= open ? [] : [`${where}: ${allocated} allocated of ${open} open`]),
      ...(Math.min(open, allocated, picked, invoiced, cancelledC, cancelledH) < 0 ? [`${where}: below zero`] : []),
    ];
  });
}
