import { shipToText } from './compare-sales-order.ts';
import { liveUnits } from './erp-stage.ts';
import { sameAmount } from './money.ts';
import { asReplacement, restate } from './restate-order.ts';
import type { ErpSalesOrder, PreparedSalesOrder } from './sales-order.ts';

/** What a repair may change in the header of an order that is already in the ERP (decision 23). */
export interface HeaderValues {
  readonly reference: string;
  readonly holdCode: string;
  readonly warehouse: string;
}

/** The whole order as it was just read, with another hold or warehouse. */
export function withHeader(
  order: ErpSalesOrder,
  { reference, holdCode, warehouse }: HeaderValues,
  known: PreparedSalesOrder | null = null,
): PreparedSalesOrder {
  return { ...movedTo(asReplacement(order, reference, known), warehouse), holdCode };
}

/** A clerk may have moved a single line; only those at the old warehouse follow the header. */
export function movedTo(order: PreparedSalesOrder, warehouse: string): PreparedSalesOrder {
  const lines = order.lines.map((line) => (line.warehouse === order.warehouse ? { ...line, warehouse } : line));
  return { ...order, warehouse, lines };
}

/** The order as it was just read, to tell later what was changed in it since. */
export function asRead(order: ErpSalesOrder, reference: string): PreparedSalesOrder {
  const there = restate(order, reference, null);
  const places = new Map((order.lines ?? []).map(({ sequence, warehouse }) => [sequence, warehouse]));
  // Blank where the ERP shows it so.
  const lines = there.lines.map((line) => ({ ...line, warehouse: places.get(line.sequence) ?? line.warehouse }));
  return { ...there, lines };
}

/** Whether the ERP's order already is as wanted: every line with its units, price and place, and the header's money. */
export function matchesTarget(order: ErpSalesOrder, target: PreparedSalesOrder): boolean {
  const live = (order.lines ?? []).filter((line) => liveUnits(line) > 0);
  return (
    order.warehouse === target.warehouse &&
    order.holdCode === target.holdCode &&
    same(order.purchaseOrder, target.purchaseOrder) &&
    same(shipToText(order.store, order.shipTo), shipToText(target.store, target.shipTo)) &&
    same(order.shipTo?.contact ?? '', target.shipTo.contact) &&
    (target.billTo === null || same(shipToText('', order.billTo), shipToText('', target.billTo))) &&
    // Empty leaves the choice to the ERP.
    (target.terms === '' || same(order.terms, target.terms)) &&
    (target.shipVia === '' || same(order.shipVia, target.shipVia)) &&
    same(order.orderType, target.orderType) &&
    same(order.notes, target.notes) &&
    Object.entries(target.siteFields).every(([field, value]) => same(order.siteFields[field] ?? '', value)) &&
    sameAmount(order.tax, target.tax) &&
    sameAmount(order.freight, target.freight) &&
    sameAmount(order.discount, target.discount) &&
    (order.startDate ?? '') === target.startDate &&
    (order.endDate ?? '') === target.endDate &&
    live.length === target.lines.length &&
    target.lines.every((wanted) => {
      const line = live.find(({ sequence }) => sequence === wanted.sequence);
      return (
        line !== undefined &&
        liveUnits(line) === wanted.quantity &&
        (line.warehouse || order.warehouse) === wanted.warehouse &&
        sameAmount(line.price, wanted.price)
      );
    })
  );
}

function same(left: string, right: string): boolean {
  return left.trim().toUpperCase() === right.trim().toUpperCase();
}
