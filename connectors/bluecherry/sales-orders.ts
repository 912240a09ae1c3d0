import type { Amount } from '../../domain/money.ts';
import type { ErpOrderStatus, ErpSalesOrder } from '../../domain/sales-order.ts';
import { schemaDrift } from './blue-cherry-error.ts';
import type { CallOptions } from './call-options.ts';
import { changedAfter, eq, type Clause } from './filters.ts';
import { isOrderRow, readOrderRows } from './order-rows.ts';
import type { List, Lister } from './paging.ts';
import type { Settings } from './settings.ts';
import type { Stamp } from './stamps.ts';
import { referencesIn, toSalesOrder, withChildren, withPrices } from './translate-sales-order.ts';
import { readRow, type EachRead } from './wire/rows.ts';
import { salesOrderGlanceRow } from './wire/sales-order.ts';

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

/** Whose an order is, and what its goods come to. */
export interface ErpOrderGlance {
  readonly altPo: string;
  readonly referenceField: string;
  /** null = the ERP does not say. */
  readonly subTotal: Amount | null;
}

/** Of the header what says whose it is, so that nothing else of it has to be readable; null = the ERP shows no such order. */
export async function glanceAtOrder(
  { lister, settings }: Reading,
  orderNumber: string,
  call: CallOptions,
): Promise<ErpOrderGlance | null> {
  const resource = settings.resources.salesOrder;
  const clauses = [eq('ord_num', orderNumber)];
  const rows = await lister.rows({ resource, envelope: 'header', clauses, until: 'key' }, call);
  const row = rows.find((each) => isOrderRow(each, settings));
  if (!row) return null;
  const { sub_total } = readRow(row, salesOrderGlanceRow, `GET /api/${resource}`);
  return { ...referencesIn(row, settings), subTotal: sub_total };
}

/** An order with its lines and addresses, and its time of change as the ERP writes it. */
export interface WholeOrder {
  readonly order: ErpSalesOrder;
  readonly stamp: Stamp;
}

/** Those that changed after a time, whosever they are, as far as they can be read and as a short page shows them. */
export async function readChangedOrders(
  reading: Reading,
  from: Stamp,
  call: CallOptions,
): Promise<readonly WholeOrder[]> {
  const { rows } = await readWhole(reading, { clauses: [changedAfter(from)], until: 'shortPage' }, call);
  return [...rows.values()];
}

async function read(reading: Reading, clause: Clause, call: CallOptions): Promise<readonly ErpSalesOrder[]> {
  const { rows, leftOut } = await readWhole(reading, { clauses: [clause], until: 'key' }, call);
  // Somebody waits for just these, and it may decide about duplicates.
  if (leftOut[0]) throw leftOut[0].error;
  return [...rows.values()].map(({ order }) => order);
}

async function readWhole(
  { lister, settings }: Reading,
  asked: Pick<List, 'clauses' | 'until'>,
  call: CallOptions,
): Promise<EachRead<WholeOrder>> {
  const resource = settings.resources.salesOrder;
  const route = `GET /api/${resource}`;
  const rows = await lister.rows({ resource, envelope: 'header', include: 'all', ...asked }, call);
  return readOrderRows(rows, settings, (row) => ({
    order: withLines(toSalesOrder(withPrices(withChildren(row, route), route), settings), route),
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
