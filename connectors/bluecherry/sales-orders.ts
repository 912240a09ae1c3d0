import type { ErpOrderStatus, ErpSalesOrder } from '../../domain/sales-order.ts';
import { schemaDrift } from './blue-cherry-error.ts';
import type { CallOptions } from './call-options.ts';
import { eq, type Clause } from './filters.ts';
import { readOrderRows } from './order-rows.ts';
import type { List, Lister } from './paging.ts';
import type { Settings } from './settings.ts';
import type { Stamp } from './stamps.ts';
import { toSalesOrder, withChildren } from './translate-sales-order.ts';
import { SALES_ORDER_KEYS } from './wire/sales-order.ts';

interface Reading {
  readonly lister: Lister;
  readonly settings: Settings;
}

/** Orders that carry a reference in any of the fields, each once. */
export async function findSalesOrders(
  reading: Reading,
  reference: string,
  fields: readonly ('altPo' | 'referenceField')[],
  call: CallOptions,
): Promise<ErpSalesOrder[]> {
  const found = new Map<string, ErpSalesOrder>();
  for (const field of fields)
    for (const order of await read(reading, eq(reading.settings.fields[field], reference), call))
      found.set(order.orderNumber, order);
  return [...found.values()];
}

/** One order by its number; null = the ERP shows none. */
export async function readSalesOrder(
  reading: Reading,
  orderNumber: string,
  call: CallOptions,
): Promise<ErpSalesOrder | null> {
  const [order] = await read(reading, eq('ord_num', orderNumber), call);
  return order ?? null;
}

async function read(reading: Reading, clause: Clause, call: CallOptions): Promise<readonly ErpSalesOrder[]> {
  return (await readSalesOrders(reading, { clauses: [clause], until: 'key' }, call)).map(({ order }) => order);
}

/** With lines and addresses, and the time of change as the ERP writes it. */
export async function readSalesOrders(
  { lister, settings }: Reading,
  asked: Pick<List, 'clauses' | 'until'>,
  call: CallOptions,
): Promise<readonly { readonly order: ErpSalesOrder; readonly stamp: Stamp }[]> {
  const resource = settings.resources.salesOrder;
  const route = `GET /api/${resource}`;
  const rows = await lister.rows({ resource, envelope: 'header', include: 'all', ...asked }, call);
  const { rows: orders, skipped } = readOrderRows(rows, settings);
  if (skipped > 0) throw schemaDrift(route, SALES_ORDER_KEYS.join(', '));
  return orders.map((row) => ({
    order: withLines(toSalesOrder(withChildren(row, route), settings), route),
    stamp: row.last_mod,
  }));
}

/** An order without a line cannot be entered: one that lives and shows none would pass for one that is cancelled. */
function withLines(order: ErpSalesOrder, route: string): ErpSalesOrder {
  if (order.lines?.length === 0 && LIVING.has(order.status)) throw schemaDrift(route, 'salesorderdetail.rows');
  return order;
}

const LIVING: ReadonlySet<ErpOrderStatus> = new Set([
  'open',
  'credit_hold',
  'hold',
  'released',
  'allocated',
  'picked',
  'partially_shipped',
  'invoiced',
]);
