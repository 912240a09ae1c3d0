import { z } from 'zod';

import type { ErpCreditMemo, ErpInvoice, ErpSalesOrder, ImportResult } from '../../domain/sales-order.ts';
import type { CallOptions } from './call-options.ts';
import type { Delta, DeltaCursor } from './delta.ts';
import { toCreditMemo, toInvoice } from './billing.ts';
import { changedAfter } from './filters.ts';
import type { ImportLog } from './import-log.ts';
import { readOrderRows } from './order-rows.ts';
import { sizeOfHeaders, type List, type Lister } from './paging.ts';
import type { RecentOrders } from './recent-orders.ts';
import type { Settings } from './settings.ts';
import { referencesIn, toSalesOrder } from './translate-sales-order.ts';
import { CREDIT_MEMO_KEYS, creditMemoRow, INVOICE_KEYS, invoiceRow, PICK_KEYS, pickRow } from './wire/billing.ts';
import { toPickGlance, type ErpPickGlance } from './picks.ts';
import { text, type JsonObject } from './wire/json.ts';
import { readEach, readRow, type EachRead } from './wire/rows.ts';
import { isStamp } from './wire/values.ts';

/** How far the ERP's changes have been told. Plain data; hand it back as it is. */
export interface ErpCursor {
  readonly importLog: DeltaCursor;
  readonly salesOrders: DeltaCursor;
  /** null in a cursor of before these were read: they begin a day back. */
  readonly picks: DeltaCursor | null;
  readonly invoices: DeltaCursor | null;
  readonly creditMemos: DeltaCursor | null;
}

export interface ErpChanges {
  readonly imports: readonly ImportResult[];
  /**
   * Headers only: `lines` is null. What changed within the last seconds is settling: it is told again by the next pass,
   * because its lines may have changed under the same stamp.
   */
  readonly salesOrders: readonly (ErpSalesOrder & { readonly isSettling: boolean })[];
  readonly picks: readonly ErpPickGlance[];
  /** Headers only: `lines` is null. */
  readonly invoices: readonly ErpInvoice[];
  readonly creditMemos: readonly ErpCreditMemo[];
  /** Rows that cannot be read: exception items. Whoever they concern must be asked for by itself. */
  readonly unreadable: readonly UnreadableChange[];
  readonly cursor: ErpCursor;
}

/** Whose a row is that cannot be read, as far as it says: by its reference, else by the number of its order. */
export interface UnreadableChange {
  readonly altPo: string;
  readonly referenceField: string;
  readonly orderNumber: string;
  /** What is wrong with it; never data. */
  readonly says: string;
}

const deltaCursor = z.object({
  changedUntil: z.string().refine(isStamp),
  seen: z.array(z.string()),
  // A cursor of before there was this holds nothing.
  isHeld: z.boolean().default(false),
});
const later = deltaCursor.nullish().transform((cursor) => cursor ?? null);
const erpCursor = z.object({
  importLog: deltaCursor,
  salesOrders: deltaCursor,
  picks: later,
  invoices: later,
  creditMemos: later,
});

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
  /** Told of what was read, so that nobody reads it again. */
  readonly recent: RecentOrders;
}

const NOBODYS = { altPo: '', referenceField: '', orderNumber: '' };

/**
 * What the import log, sales orders, picks, invoices and credit memos say anew since the cursor. All passes must finish,
 * or nothing counts and the cursor stays.
 */
export async function readChanges(
  { lister, importLog, delta, settings, recent }: ChangesOf,
  cursor: ErpCursor | null,
  call: CallOptions,
): Promise<ErpChanges> {
  const { resources } = settings;
  const size = sizeOfHeaders(settings.paging);
  const logFrom = delta.from(cursor?.importLog ?? null);
  const readLog = await readCounted(lister, { ...importLog.list([changedAfter(logFrom)], 'pages'), size }, call);
  recent.note('imports', { ...readLog, from: logFrom });
  const logRows = readLog.rows;
  const log = delta.fold(resources.importLog, logRows, cursor?.importLog ?? null);
  const read = importLog.read(logRows);
  const fresh = new Set([...read.rows].flatMap(([row, parsed]) => (log.fresh.has(row) ? [parsed] : [])));
  const imports = await importLog.results([...read.rows.values()], (row) => fresh.has(row), call);
  const unreadable = read.leftOut
    .filter(({ row }) => log.fresh.has(row))
    .map(({ row, error }) => ({ ...NOBODYS, altPo: text(row['ext_ref']), says: error.message }));

  const changed = async <Row>(
    resource: string,
    parse: (rows: readonly JsonObject[]) => EachRead<Row>,
    whose: (row: JsonObject) => Partial<UnreadableChange>,
    from: DeltaCursor | null,
  ): Promise<{
    readonly rows: readonly Row[];
    readonly settling: ReadonlySet<string>;
    readonly cursor: DeltaCursor;
  }> => {
    const begin = delta.from(from);
    const list = { resource, envelope: 'header', clauses: [changedAfter(begin)], until: 'pages', size } as const;
    const read = await readCounted(lister, list, call);
    if (resource === resources.salesOrder) recent.note('orders', { ...read, from: begin });
    const { rows, leftOut } = parse(read.rows);
    const news = delta.fold(resource, read.rows, from, resource === resources.salesOrder);
    for (const { row, error } of leftOut)
      if (news.fresh.has(row)) unreadable.push({ ...NOBODYS, ...whose(row), says: error.message });
    return {
      rows: [...rows].flatMap(([row, parsed]) => (news.fresh.has(row) ? [parsed] : [])),
      settling: new Set([...news.settling].filter((row) => news.fresh.has(row)).map((row) => text(row['pkey']))),
      cursor: news.cursor,
    };
  };
  const as =
    <Row>(resource: string, schema: z.ZodType<Row>, keys: readonly string[]) =>
    (rows: readonly JsonObject[]) => {
      const route = `GET /api/${resource}`;
      return readEach(rows, keys, (row) => readRow(row, schema, route), route);
    };
  const { salesOrder, pick, invoice, creditMemo } = resources;
  const asOrders = (rows: readonly JsonObject[]) => readOrderRows(rows, settings, (row) => row);
  const asPicks = as(pick, pickRow, PICK_KEYS);
  const asInvoices = as(invoice, invoiceRow, INVOICE_KEYS);
  const asMemos = as(creditMemo, creditMemoRow, CREDIT_MEMO_KEYS);
  const byReference = (row: JsonObject) => referencesIn(row, settings);
  const byNumber = (row: JsonObject) => ({ orderNumber: text(row['ord_num']) });
  const orders = await changed(salesOrder, asOrders, byReference, cursor?.salesOrders ?? null);
  const picks = await changed(pick, asPicks, byReference, cursor?.picks ?? null);
  const invoices = await changed(invoice, asInvoices, byNumber, cursor?.invoices ?? null);
  const memos = await changed(creditMemo, asMemos, byNumber, cursor?.creditMemos ?? null);
  return {
    imports,
    salesOrders: orders.rows.map((row) => ({
      ...toSalesOrder(row, settings),
      lines: null,
      isSettling: orders.settling.has(row.pkey),
    })),
    picks: picks.rows.map((row) => toPickGlance(row, settings)),
    invoices: invoices.rows.map((row) => ({ ...toInvoice(row, settings), lines: null })),
    creditMemos: memos.rows.map((row) => ({ ...toCreditMemo(row, settings), lines: null })),
    unreadable,
    cursor: {
      importLog: log.cursor,
      salesOrders: orders.cursor,
      picks: picks.cursor,
      invoices: invoices.cursor,
      creditMemos: memos.cursor,
    },
  };
}

async function readCounted(lister: Lister, list: List, call: CallOptions) {
  const beganAt = performance.now();
  const pages: (readonly JsonObject[])[] = [];
  for await (const page of lister.pages(list, call)) pages.push(page);
  return { rows: pages.flat(), pages: pages.length, beganAt };
}
