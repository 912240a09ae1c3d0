import type {
  ErpCreditMemo,
  ErpInvoice,
  ErpSalesOrder,
  ErpTerms,
  ErpWarehouse,
  ImportResult,
  PostOutcome,
  PreparedSalesOrder,
} from '../../domain/sales-order.ts';
import { createBalances, type Balances } from './balances.ts';
import { createBillingBook, type BillingBook } from './billing-book.ts';
import { findCreditMemos, findInvoices } from './billing.ts';
import type { CallOptions } from './call-options.ts';
import { Caller } from './caller.ts';
import { readChanges, type ErpChanges, type ErpCursor } from './changes.ts';
import { foldOf } from './codes.ts';
import { Delta } from './delta.ts';
import { DiskCache } from './disk-cache.ts';
import { ImportLog, type DatedImport } from './import-log.ts';
import { createInventory, type Inventory } from './inventory.ts';
import type { Priority, Waits } from './governor.ts';
import type { Log } from './log.ts';
import type { ErpDivision, ErpShipVia } from './masters.ts';
import { lookUp, readOrderOf, type FoundInErp, type LookUp, type OrderOf } from './look-up.ts';
import { Lister } from './paging.ts';
import { findPicks, type ErpPickGlance } from './picks.ts';
import { PostBatcher, type PostWatch } from './post-batch.ts';
import { createErpPrices, type ErpPrices } from './prices.ts';
import { createOrderBook, type OrderBook } from './order-book.ts';
import { outcomesOf } from './post-outcomes.ts';
import { RecentOrders } from './recent-orders.ts';
import { createReferenceData, type ReferenceData } from './reference-data.ts';
import { findSalesOrders, glanceAtOrder, readSalesOrder, type ErpOrderGlance } from './sales-orders.ts';
import { resolveSettings, type BlueCherrySettings } from './settings.ts';
import { SmallMasters } from './small-masters.ts';
import { createStockStore } from './stock-store.ts';
import { WholeOrders } from './whole-orders.ts';
import { toWireCancel, toWireOrder, tooLong, type CancelOf, type WireRow } from './write-sales-order.ts';

export { BlueCherryError } from './blue-cherry-error.ts';
export type { CallOptions } from './call-options.ts';
export { parseErpCursor, type ErpChanges, type ErpCursor } from './changes.ts';
export type { Inventory, PartReading, SnapshotGlance } from './inventory.ts';
export type { ErpIncoming } from './incoming.ts';
export type { Priority, Waits } from './governor.ts';
export type { Log } from './log.ts';
export type { DatedImport } from './import-log.ts';
export type { FoundInErp, LookUp, OrderOf } from './look-up.ts';
export type { ErpDivision, ErpShipVia } from './masters.ts';
export type { PostWatch } from './post-batch.ts';
export type { ReferenceData } from './reference-data.ts';
export type { BlueCherrySettings } from './settings.ts';
export { SkuIndex, type SkuQuery } from './sku-index.ts';
export type { BookedOrder } from './order-book.ts';

/** How much of the ERP's patience is used, for people and for the bench. */
export interface Usage {
  readonly calls: number;
  readonly callsByRoute: Readonly<Record<string, number>>;
  /** null = unlimited. */
  readonly permittedPerMinute: number | null;
  readonly queued: number;
  readonly running: number;
  /** Since they were last taken. */
  readonly waits: Readonly<Record<Priority, Waits>>;
  /** Milliseconds for which nothing is let through. */
  readonly heldForMs: number;
  readonly circuit: 'open' | 'closed';
  /** Rows that could not be read and were left out, since the start. */
  readonly skippedRows: number;
}

/**
 * One site's BlueCherry. Reads throw `BlueCherryError` with a fate; writes tell every outcome by their answer. Nothing
 * is retried here. Wire names stay inside.
 */
export interface BlueCherry {
  /** Whether address and keys are good: an answer with a `version` (observed). */
  probe(call: CallOptions): Promise<void>;
  /**
   * Orders that carry the reference, with their lines; every row is checked against what was asked. A row that cannot
   * be read stops the look, because it decides about duplicates.
   */
  findSalesOrdersByReference(
    reference: string,
    fields: readonly ('altPo' | 'referenceField')[],
    call: CallOptions,
  ): Promise<ErpSalesOrder[]>;
  /**
   * What the ERP knows of a reference as of now, import log before orders; orders perhaps without lines. Where it is as
   * safe, one reading of what changed answers all who look at the same time (see `recent-orders.ts`).
   */
  lookUp(of: LookUp, call: CallOptions): Promise<FoundInErp>;
  /** The order of this number and whatever else carries the reference in `altpo`, with lines; read together with others'. */
  readOrderOf(of: OrderOf, call: CallOptions): Promise<readonly ErpSalesOrder[]>;
  /** Whose an order is, by its header alone; null = the ERP shows no such order. */
  glanceAtOrder(orderNumber: string, call: CallOptions): Promise<ErpOrderGlance | null>;
  /** With lines and addresses; null = the ERP shows no such order. */
  getSalesOrder(orderNumber: string, call: CallOptions): Promise<ErpSalesOrder | null>;
  /** What the import log says, one result for each element of each post. */
  findImportResults(
    by: { readonly reference: string } | { readonly transaction: string } | { readonly controlNumber: string },
    call: CallOptions,
  ): Promise<ImportResult[]>;
  /** What the import log says of all posts that moved since an instant; one reading of what changed, whoever posted. */
  findImportsSince(instant: Date, call: CallOptions): Promise<readonly DatedImport[]>;
  /** A new order; orders that wait together leave as one array. Sends once; never looks whether it is there already. */
  postSalesOrder(
    order: PreparedSalesOrder,
    controlNumber: string,
    call: CallOptions,
    watch?: PostWatch,
  ): Promise<PostOutcome>;
  /** Replaces header, addresses and lines as a whole: what is left out is removed. */
  replaceSalesOrder(
    orderNumber: string,
    order: PreparedSalesOrder,
    controlNumber: string,
    call: CallOptions,
    watch?: PostWatch,
  ): Promise<PostOutcome>;
  /** Cancels open quantity. Safe to repeat: a second one finds nothing open. */
  cancelSalesOrder(orderNumber: string, cancel: CancelOf, call: CallOptions): Promise<PostOutcome>;
  /** With their lines. A consolidated invoice is found by the first of its orders, or by its number. */
  findInvoices(
    by: { readonly orderNumber: string } | { readonly number: string },
    call: CallOptions,
  ): Promise<readonly ErpInvoice[]>;
  /** Headers of an order's picks: each names the invoice that bills it. */
  findPicks(orderNumber: string, call: CallOptions): Promise<readonly ErpPickGlance[]>;
  /** With their lines, where they have any. */
  findCreditMemos(
    by: { readonly number: string } | { readonly invoiceNumber: string },
    call: CallOptions,
  ): Promise<readonly ErpCreditMemo[]>;
  /** Import log, and headers of sales orders, picks, invoices and credit memos, that changed since the cursor; the next cursor. */
  readChanges(cursor: ErpCursor | null, call: CallOptions): Promise<ErpChanges>;
  /** Highest transaction of an order that the import log's recent rows show, pending ones included; null = none. */
  highestTransaction(call: CallOptions): Promise<string | null>;
  /** Whether the import job has, since an instant, finished an order that was staged after this transaction. */
  finishedAfter(transaction: string, since: Date, call: CallOptions): Promise<boolean>;
  readonly reference: ReferenceData;
  readonly inventory: Inventory;
  readonly balances: Balances;
  readonly prices: ErpPrices;
  readonly orderBook: OrderBook;
  readonly billingBook: BillingBook;
  listDivisions(call: CallOptions): Promise<readonly ErpDivision[]>;
  listWarehouses(call: CallOptions): Promise<readonly ErpWarehouse[]>;
  listTerms(call: CallOptions): Promise<readonly ErpTerms[]>;
  listShipVia(call: CallOptions): Promise<readonly ErpShipVia[]>;
  /** Rows of one page: of stock, and of any other list. For reckoning how long a reading takes. */
  readonly pageSizes: { readonly stock: number; readonly list: number };
  usage(): Usage;
  /** How calls waited for their turn, by priority, since this was last asked. */
  takeWaits(): Usage['waits'];
  /** Sends nothing more; what has left is waited for. */
  close(): Promise<void>;
}

export interface BlueCherryDependencies {
  /** The clock by which the ERP's wall time is known; time-outs and deadlines have the machine's. */
  readonly clock: () => Date;
  readonly log: Log;
}

export function createBlueCherry(given: BlueCherrySettings, { clock, log }: BlueCherryDependencies): BlueCherry {
  const settings = resolveSettings(given);
  const closing = new AbortController();
  const caller = new Caller(settings, log);
  const lister = new Lister(caller, settings);
  const delta = new Delta(settings, clock, log);
  const { governor } = caller;
  const importLog = new ImportLog(lister, settings, governor, clock);
  const recent = new RecentOrders({ lister, importLog, delta, settings, governor, clock, log });
  const whole = new WholeOrders({ lister, settings, governor, recent });
  const looking = { lister, settings, importLog, recent, whole };
  const batcher = new PostBatcher(caller, settings, clock, log);
  const small = new SmallMasters(lister, settings, foldOf(settings.upperCaseCodes));
  const disk = new DiskCache(settings.cacheDir, settings.baseUrl, log);
  const store = createStockStore({ folder: settings.cacheDir, origin: settings.baseUrl, log });
  const { fullPassEveryMs, resources } = settings;
  const tools = { lister, delta, disk, log, clock, fullPassEveryMs, closing: closing.signal };
  const orderBook = createOrderBook(tools, settings);
  let skippedRows = 0;
  const skip = (rows: number, says: readonly string[] = []): void => {
    skippedRows += rows;
    if (rows > 0) log.warn({ rows, says }, 'rows that cannot be read were left out');
  };

  const post = (
    row: WireRow,
    { reference }: PreparedSalesOrder,
    controlNumber: string,
    call: CallOptions,
    watch: PostWatch | undefined,
  ): Promise<PostOutcome> => {
    const refused = tooLongFor(row);
    return refused
      ? Promise.resolve(refused)
      : batcher.post({ reference, controlNumber, row, watch: watch ?? null }, call);
  };
  const tooLongFor = (row: WireRow): PostOutcome | null => {
    const fields = tooLong(row, settings.lengths);
    if (fields.length === 0) return null;
    const text = `longer than the ERP takes: ${fields.join(', ')}; not sent`;
    return { kind: 'refused', faults: [{ code: 'FIELD_LEN', text, line: null }] };
  };

  return {
    async probe(call) {
      await caller.probe(resources.pick, call);
    },
    findSalesOrdersByReference: (reference, fields, call) =>
      findSalesOrders({ lister, settings }, reference, fields, call),
    lookUp: (of, call) => lookUp(looking, of, call),
    readOrderOf: (of, call) => readOrderOf(looking, of, call),
    glanceAtOrder: (orderNumber, call) => glanceAtOrder({ lister, settings }, orderNumber, call),
    getSalesOrder: (orderNumber, call) => readSalesOrder({ lister, settings }, orderNumber, call),
    findImportResults: (by, call) => importLog.find(by, call),
    findImportsSince: (instant, call) => importLog.since(instant, call),
    postSalesOrder: (order, controlNumber, call, watch) =>
      post(toWireOrder(order, controlNumber, null, settings), order, controlNumber, call, watch),
    replaceSalesOrder: (orderNumber, order, controlNumber, call, watch) =>
      post(toWireOrder(order, controlNumber, orderNumber, settings), order, controlNumber, call, watch),
    async cancelSalesOrder(orderNumber, cancel, call) {
      const row = toWireCancel(orderNumber, cancel);
      const early = tooLongFor(row) ?? batcher.freeze();
      if (early) return early;
      const { signal, priority, deadline } = call;
      const result = await caller.write({
        resource: resources.salesOrderCancel,
        priority,
        signal,
        startBy: deadline - settings.timeouts.writeMs,
        body: () => Promise.resolve(JSON.stringify([row])),
      });
      const [outcome] = outcomesOf([{ reference: null, controlNumber: null }], result);
      return outcome ?? { kind: 'unknown', why: 'no outcome' };
    },
    async readChanges(cursor, call) {
      const changes = await readChanges({ lister, importLog, delta, settings, recent }, cursor, call);
      skip(changes.unreadable.length, [...new Set(changes.unreadable.map(({ says }) => says))]);
      return changes;
    },
    findInvoices: (by, call) => findInvoices({ lister, settings, skip }, by, call),
    findPicks: (orderNumber, call) => findPicks({ lister, settings, skip }, orderNumber, call),
    findCreditMemos: (by, call) => findCreditMemos({ lister, settings, skip }, by, call),
    highestTransaction: (call) => importLog.highestTransaction(call),
    finishedAfter: (transaction, since, call) => importLog.finishedAfter(transaction, since, call),
    reference: createReferenceData({ tools, settings, log }),
    inventory: createInventory({ lister, delta, settings, store, skip }),
    balances: createBalances({ lister, settings, skip }),
    prices: createErpPrices(tools, settings),
    orderBook,
    billingBook: createBillingBook(tools, settings, orderBook),
    listDivisions: (call) => small.divisions(call),
    listWarehouses: (call) => small.warehouses(call),
    listTerms: (call) => small.terms(call),
    listShipVia: (call) => small.shipVia(call),
    pageSizes: { stock: settings.inventory.pageSize, list: settings.paging.size },
    usage() {
      const { callsByRoute } = caller;
      return {
        calls: [...callsByRoute.values()].reduce((sum, calls) => sum + calls, 0),
        callsByRoute: Object.fromEntries(callsByRoute),
        permittedPerMinute: governor.permittedPerMinute,
        queued: governor.queued,
        running: governor.running,
        waits: governor.waits,
        heldForMs: governor.heldForMs,
        circuit: governor.isCircuitOpen ? 'open' : 'closed',
        skippedRows,
      };
    },
    takeWaits: () => governor.takeWaits(),
    async close() {
      batcher.close();
      closing.abort(new Error('the connector is closed'));
      await caller.close();
    },
  };
}
