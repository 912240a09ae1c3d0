import { Decimal } from 'decimal.js';

export interface OrderLine {
  readonly sequence: number;
  readonly sku: string;
  location: string;
  price: string;
  readonly extra: Readonly<Record<string, unknown>>;
  ordered: number;
  open: number;
  allocated: number;
  picked: number;
  invoiced: number;
  cancelledC: number;
  cancelledH: number;
  pickNumber: string;
}

export interface Order {
  readonly pkey: number;
  readonly ordNum: string;
  /** Header fields as written, by wire name. */
  header: Record<string, string>;
  money: { discount: string; freight: string; tax: string };
  taxFixed: boolean;
  addresses: readonly Readonly<Record<string, unknown>>[];
  lines: OrderLine[];
  creditStatus: '' | 'A' | 'P' | 'D';
  credit: 'unchecked' | 'passed' | 'held' | 'declined';
  lastCancel: 'C' | 'H' | null;
  /** A letter outside the table, for tests. */
  strangeLetter: string | null;
  changed: string;
}

/** The header letter by the quantities (contract, section 6). */
export function letterOf(order: Order): string {
  if (order.strangeLetter !== null) return order.strangeLetter;
  const total = (count: (line: OrderLine) => number) => order.lines.reduce((sum, line) => sum + count(line), 0);
  const invoiced = total((line) => line.invoiced);
  const left = total((line) => line.open + line.picked);
  const cancelled = total((line) => line.cancelledC + line.cancelledH);
  if (invoiced > 0 && left > 0) return 'T';
  if (left === 0) {
    if (invoiced > 0) return cancelled > 0 ? 'Z' : 'I';
    return order.lastCancel === 'H' ? 'Y' : 'X';
  }
  if (total((line) => line.picked) > 0) return 'P';
  if (order.credit === 'held' || order.credit === 'declined') return 'C';
  if (order.header['hold_code']) return 'H';
  if (total((line) => line.allocated) > 0) return 'A';
  return order.credit === 'passed' ? 'R' : 'O';
}

export function subTotal(order: Order): string {
  return order.lines
    .reduce((sum, line) => sum.plus(new Decimal(line.price).toDecimalPlaces(2).times(line.ordered)), new Decimal(0))
    .toFixed(2);
}

export function total(order: Order): string {
  const { discount, freight, tax } = order.money;
  return new Decimal(subTotal(order)).plus(tax).plus(freight).minus(discount).toFixed(2);
}

/** Ordered = open + picked + invoiced + cancelled, always, and allocated is a part of open. */
export function brokenLines(order: Order): readonly string[] {
  return order.lines.flatMap((line) => {
    const { sequence, ordered, open, picked, invoiced, cancelledC, cancelledH, allocated } = line;
    const sum = open + picked + invoiced + cancelledC + cancelledH;
    const problems = [];
    if (sum !== ordered)
      problems.push(`order ${order.ordNum} line ${sequence}: ${ordered} ordered, ${sum} accounted for`);
    if (allocated > open)
      problems.push(`order ${order.ordNum} line ${sequence}: ${allocated} allocated of ${open} open`);
    return problems;
  });
}
