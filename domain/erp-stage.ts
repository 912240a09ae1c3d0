import type { ErpSalesOrder, ErpSalesOrderLine } from './sales-order.ts';
import type { ErpStage } from './site-rules.ts';

/** Units of an order or a line, by what became of them; they add up to what was ordered (contract, section 6). */
export interface Units {
  readonly ordered: number;
  readonly open: number;
  readonly allocated: number;
  readonly picked: number;
  readonly invoiced: number;
  readonly cancelled: number;
}

export function unitsOf({ lines }: Pick<ErpSalesOrder, 'lines'>): Units {
  const total = (count: (line: ErpSalesOrderLine) => number) =>
    (lines ?? []).reduce((units, line) => units + count(line), 0);
  return {
    ordered: total(({ ordered }) => ordered),
    open: total(({ open }) => open),
    allocated: total(({ allocated }) => allocated),
    picked: total(({ picked }) => picked),
    invoiced: total(({ invoiced }) => invoiced),
    cancelled: total(cancelledOf),
  };
}

export function cancelledOf({
  cancelledByCustomer,
  cancelledByHouse,
}: Pick<ErpSalesOrderLine, 'cancelledByCustomer' | 'cancelledByHouse'>): number {
  return cancelledByCustomer + cancelledByHouse;
}

/** What of a line will be, or was, delivered. */
export function liveUnits(line: ErpSalesOrderLine): number {
  return line.ordered - cancelledOf(line);
}

/** Where the order stands. Quantities decide, the letter explains (contract, section 6). */
export function stageOf(order: Pick<ErpSalesOrder, 'lines' | 'status'>): ErpStage {
  const { open, allocated, picked, invoiced } = unitsOf(order);
  if (open + picked === 0) return invoiced > 0 ? 'invoiced' : 'cancelled';
  if (invoiced > 0) return 'partlyShipped';
  if (picked > 0) return 'picked';
  if (order.status === 'credit_hold' || order.status === 'hold') return 'held';
  if (allocated > 0) return 'allocated';
  return order.status === 'released' || order.status === 'allocated' ? 'released' : 'open';
}

/** Whether nothing of the order will move any more. */
export function isComplete(order: Pick<ErpSalesOrder, 'lines'>): boolean {
  const { open, picked } = unitsOf(order);
  return open + picked === 0;
}
