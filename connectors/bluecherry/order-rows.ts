import type { ErpOrderStatus } from '../../domain/sales-order.ts';
import type { Settings } from './settings.ts';
import { statusOf } from './translate-sales-order.ts';
import { text, type JsonObject } from './wire/json.ts';
import { readEach, readRow, type EachRead } from './wire/rows.ts';
import { SALES_ORDER_KEYS, salesOrderRow, type SalesOrderRow } from './wire/sales-order.ts';

/** Rows of sales orders, without those that are none; one that cannot be read is left out, also where `read` throws. */
export function readOrderRows<Order>(
  rows: readonly JsonObject[],
  settings: Settings,
  read: (row: SalesOrderRow) => Order,
): EachRead<Order> {
  const orders = rows.filter((row) => isOrderRow(row, settings));
  const route = `GET /api/${settings.resources.salesOrder}`;
  return readEach(orders, SALES_ORDER_KEYS, (row) => read(readRow(row, salesOrderRow, route)), route);
}

/**
 * A write that is only staged, or was rejected, is no order, with or without a number. An installation may list it among
 * them all the same (assumed: `show_staged_ok`); what became of it the import log says.
 */
export function isOrderRow(row: JsonObject, settings: Settings): boolean {
  return !NO_ORDER.has(statusOf(text(row['ord_status']), settings));
}

/** Of these rows some go without a trace: the import job takes a staged one out. */
export function isStagedRow(row: JsonObject, settings: Settings): boolean {
  return statusOf(text(row['ord_status']), settings) === 'staged';
}

const NO_ORDER: ReadonlySet<ErpOrderStatus> = new Set(['staged', 'rejected']);
