import { z } from 'zod';

import type { ErpSalesOrder, ImportResult } from '../../domain/sales-order.ts';
import type { CallOptions } from './call-options.ts';
import type { Delta, DeltaCursor } from './delta.ts';
import { changedAfter } from './filters.ts';
import type { ImportLog } from './import-log.ts';
import type { Lister } from './paging.ts';
import type { Settings } from './settings.ts';
import { toSalesOrder } from './translate-sales-order.ts';
import { SALES_ORDER_KEYS, salesOrderRow } from './wire/sales-order.ts';
import { readRows } from './wire/rows.ts';

/** How far the ERP's changes have been told. Plain data; hand it back as it is. */
export interface ErpCursor {
  readonly importLog: DeltaCursor;
  readonly salesOrders: DeltaCursor;
}

export interface ErpChanges {
  readonly imports: readonly ImportResult[];
  /** Headers only: `lines` is null. */
  readonly salesOrders: readonly ErpSalesOrder[];
  readonly cursor: ErpCursor;
  /** Rows without their key fields: exception items. */
  readonly skipped: number;
}

const deltaCursor = z.object({
  changedUntil: z.string().regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/),
  seen: z.array(z.string()),
});
const erpCursor = z.object({ importLog: deltaCursor, salesOrders: deltaCursor });

/** The cursor in a run's result; null = there is none that can be used, and reading begins a day back. */
export function parseErpCursor(value: unknown): ErpCursor | null {
  const parsed = erpCursor.safeParse(value);
  return parsed.success ? parsed.data : null;
}

export interface ChangesOf {
  readonly lister: Lister;
  readonly importLog: ImportLog;
  readonly delta: Delta;
  readonly settings: Settings;
}

/**
 * What the import log and the sales orders say anew since the cursor. Both passes must finish, or nothing counts and
 * the cursor stays.
 */
export async function readChanges(
  { lister, importLog, delta, settings }: ChangesOf,
  cursor: ErpCursor | null,
  call: CallOptions,
): Promise<ErpChanges> {
  const { resources } = settings;
  const logRows = await lister.rows(
    importLog.list([changedAfter(delta.from(cursor?.importLog ?? null))], 'pages'),
    call,
  );
  const log = delta.fold(resources.importLog, logRows, cursor?.importLog ?? null);
  const read = logRows.map((row) => ({ ...importLog.read([row]), isFresh: log.fresh.has(row) }));
  const fresh = new Set(read.flatMap(({ rows, isFresh }) => (isFresh ? rows : [])));
  const imports = await importLog.results(
    read.flatMap(({ rows }) => rows),
    (row) => fresh.has(row),
    call,
  );
  const skippedLogRows = read.filter(({ skipped, isFresh }) => isFresh && skipped > 0).length;

  const orderRows = await lister.rows(
    {
      resource: resources.salesOrder,
      envelope: 'header',
      clauses: [changedAfter(delta.from(cursor?.salesOrders ?? null))],
      until: 'pages',
    },
    call,
  );
  const orders = delta.fold(resources.salesOrder, orderRows, cursor?.salesOrders ?? null);
  const headers = readRows(
    orderRows.filter((row) => orders.fresh.has(row)),
    salesOrderRow,
    SALES_ORDER_KEYS,
    `GET /api/${resources.salesOrder}`,
  );
  return {
    imports,
    salesOrders: headers.rows.map((row) => ({ ...toSalesOrder(row, settings), lines: null })),
    cursor: { importLog: log.cursor, salesOrders: orders.cursor },
    skipped: skippedLogRows + headers.skipped,
  };
}
