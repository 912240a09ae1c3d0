import type {
  Purchase,
  PurchaseKey,
  PurchaseNote,
  PurchaseSummary,
  PurchaseTransaction,
  StockLocation,
  StorefrontCustomer,
} from '../../domain/purchase.ts';
import { createAccounts, type Accounts } from './accounts.ts';
import { annotate, type AnnotateOutcome, type ReadPurchase } from './annotate-purchase.ts';
import { checkDone, isGone, pathOf, readAnswer } from './answers.ts';
import { createCaller } from './caller.ts';
import { createCatalogue, type Catalogue } from './catalogue.ts';
import type { CallOptions, HttpAnswer, HttpCall } from './http.ts';
import type { Log } from './log.ts';
import { createOwnWrites } from './own-writes.ts';
import { createPrices, type Prices } from './prices.ts';
import { OWN_WRITES_REMEMBERED, PUT_ROUNDS, rewriteBackoffMs, type SparkLayerSettings } from './settings.ts';
import { sleep } from './sleep.ts';
import { schemaDrift, type SparkLayerError } from './spark-layer-error.ts';
import { createStock, type Stock } from './stock.ts';
import { toCustomer, toPurchase, toSummary } from './translate-purchase.ts';
import { isMembers, parseVerbatim } from './verbatim-json.ts';
import { CUSTOMER_ROUTE, customerPath, customerSchema } from './wire/customers.ts';
import { purchaseSchema } from './wire/full-purchase.ts';
import { LIST_ROUTE, listPath, rowsSchema, summarySchema, type PurchaseQuery } from './wire/purchase-list.ts';
import { GET_ROUTE, PUT_ROUTE, purchasePath, writeBody, type Members } from './wire/purchase-write.ts';
import { TRANSACTIONS_ROUTE, transactionBody, transactionsPath } from './wire/transactions.ts';
import { LOCATIONS_PATH, LOCATIONS_ROUTE, stockLocationsSchema } from './wire/stock.ts';

export type { Accounts, PatchOutcome } from './accounts.ts';
export type { AnnotateOutcome } from './annotate-purchase.ts';
export type { CallOptions } from './http.ts';
export type { Catalogue, UnreadableProduct } from './catalogue.ts';
export type { SparkLayerSettings } from './settings.ts';
export type { RefusedLevel, Stock } from './stock.ts';

export interface PurchasePage {
  readonly rows: readonly PurchaseSummary[];
  /** Rows that could not be read: one of them must not lose the others. Place and path, never data. */
  readonly unreadable: readonly { readonly index: number; readonly path: string }[];
}

/** What Instep asks of one storefront. Every method throws `SparkLayerError`, or the signal's reason when cancelled. */
export interface SparkLayer {
  /** A token and one cheap read. */
  probe(call: CallOptions): Promise<void>;
  /** One page of summaries; the page is the last when rows and unreadable ones together are fewer than `limit`. */
  listPurchases(query: PurchaseQuery, call: CallOptions): Promise<PurchasePage>;
  /** null = gone. */
  getPurchase(key: PurchaseKey, call: CallOptions): Promise<Purchase | null>;
  /**
   * Read-modify-replace with the revision lock. `change` sees the purchase just read, maybe several times, and answers
   * the note to write, or null to leave it. Sends nothing when the purchase says so already, nothing after a 404 and
   * nothing for an unknown type; what it does not know goes back as it came.
   *
   * The purchase that `change` sees may hold an amendment that the poller has not met yet. Once our write is on top, its
   * `updated_at` is ours (`isOwnWrite`): whoever calls must compare there.
   */
  annotatePurchase(
    key: PurchaseKey,
    change: (purchase: Purchase) => PurchaseNote | null,
    call: CallOptions,
  ): Promise<AnnotateOutcome>;
  /** Creates or updates one transaction of the purchase; the same again changes nothing. null = the purchase is gone. */
  putTransaction(key: PurchaseKey, transaction: PurchaseTransaction, call: CallOptions): Promise<'stored' | null>;
  /** By `cu_…`, external id, or the UUID that purchases name (assumed). null = gone. */
  getCustomer(id: string, call: CallOptions): Promise<StorefrontCustomer | null>;
  listStockLocations(call: CallOptions): Promise<readonly StockLocation[]>;
  /** Stock levels, absolute values; written only where the site says that nobody else does (A46). */
  readonly stock: Stock;
  /** Products and variants; written on custom sites only (A39). */
  readonly catalogue: Catalogue;
  /** Customers with what the ERP may own of them: terms, credit, status, price lists, company. */
  readonly accounts: Accounts;
  readonly prices: Prices;
  /** Whether this `updated_at` is our own last write of this purchase, as far as this process knows. */
  isOwnWrite(key: PurchaseKey, updatedAt: string): boolean;
  /** Waits for the calls under way and lets the connections go. */
  close(): Promise<void>;
}

/** The client of one storefront: authentication, pacing, schemas and our words. Repeats no call but after a 401, once. */
export function createSparkLayer(
  settings: SparkLayerSettings,
  { clock, log }: { readonly clock: () => Date; readonly log: Log },
): SparkLayer {
  const caller = createCaller(settings, { clock, log });
  const ownWrites = createOwnWrites(settings.ownWritesRemembered ?? OWN_WRITES_REMEMBERED);

  return {
    async probe(call) {
      await stockLocations(call);
    },

    async listPurchases(query, call) {
      const answer = await caller.call(get(listPath(query), LIST_ROUTE), call);
      const page = readRows(readAnswer(LIST_ROUTE, rowsSchema, answer, clock()));
      if (page.unreadable.length > 0)
        log.warn({ unreadable: page.unreadable }, 'rows of the purchase list cannot be read');
      return page;
    },

    async getPurchase(key, call) {
      const answer = await caller.call(get(purchasePath(key), GET_ROUTE), call);
      return isGone(GET_ROUTE, answer) ? null : readPurchase(GET_ROUTE, answer, key);
    },

    async annotatePurchase(key, change, call) {
      return annotate(
        {
          read: (wanted) => readForChange(wanted, call),
          replace: (at, members) => replace(at, key, members, call),
          remember: (updatedAt) => ownWrites.remember(key, updatedAt),
          pause: (nth, lost) => pauseAfter(nth, lost, call),
          rounds: settings.putRounds ?? PUT_ROUNDS,
          understand: (members) => understand(members, key),
        },
        key,
        change,
      );
    },

    async putTransaction(key, transaction, call) {
      const body = transactionBody(transaction);
      const http = { method: 'PUT', path: transactionsPath(key), route: TRANSACTIONS_ROUTE, body } as const;
      const answer = await caller.call(http, call);
      if (isGone(TRANSACTIONS_ROUTE, answer)) return null;
      checkDone(TRANSACTIONS_ROUTE, answer, clock());
      return 'stored';
    },

    async getCustomer(id, call) {
      const answer = await caller.call(get(customerPath(id), CUSTOMER_ROUTE), call);
      return isGone(CUSTOMER_ROUTE, answer)
        ? null
        : toCustomer(readAnswer(CUSTOMER_ROUTE, customerSchema, answer, clock()));
    },

    listStockLocations,

    stock: createStock({ caller, settings, clock, listLocations: listStockLocations }),

    catalogue: createCatalogue({ caller, clock, log }),

    accounts: createAccounts({ caller, clock, log }),
    prices: createPrices({ caller, settings, clock, log }),
    isOwnWrite: (key, updatedAt) => ownWrites.has(key, updatedAt),
    close: () => caller.close(),
  };

  async function listStockLocations(call: CallOptions): Promise<readonly StockLocation[]> {
    const locations = await stockLocations(call);
    return locations.map(({ id, name, external_id }) => ({ id, name, externalId: external_id?.trim() || null }));
  }

  async function stockLocations(call: CallOptions) {
    const answer = await caller.call(get(LOCATIONS_PATH, LOCATIONS_ROUTE), call);
    return readAnswer(LOCATIONS_ROUTE, stockLocationsSchema, answer, clock());
  }

  async function readForChange(key: PurchaseKey, call: CallOptions): Promise<ReadPurchase | null> {
    const answer = await caller.call(get(purchasePath(key), GET_ROUTE), call);
    if (isGone(GET_ROUTE, answer)) return null;
    const purchase = readPurchase(GET_ROUTE, answer, key);
    const members = parseVerbatim(answer.body);
    if (!isMembers(members)) throw schemaDrift(GET_ROUTE, 'its top');
    return { purchase, members };
  }

  async function replace(at: PurchaseKey, key: PurchaseKey, members: Members, call: CallOptions): Promise<Purchase> {
    const http = { method: 'PUT', path: purchasePath(at), route: PUT_ROUTE, body: writeBody(members) } as const;
    return readPurchase(PUT_ROUTE, await caller.call(http, call), key);
  }

  /** As SparkLayer would answer it: numbers kept as they came are written out first. */
  function understand(members: Members, key: PurchaseKey): Purchase {
    const parsed = purchaseSchema.safeParse(JSON.parse(JSON.stringify(members)));
    if (!parsed.success) throw schemaDrift(PUT_ROUTE, pathOf(parsed.error));
    return toPurchase(parsed.data, key);
  }

  function readPurchase(route: string, answer: HttpAnswer, key: PurchaseKey): Purchase {
    return toPurchase(readAnswer(route, purchaseSchema, answer, clock()), key);
  }

  async function pauseAfter(nth: number, lost: SparkLayerError, { signal, deadline }: CallOptions): Promise<void> {
    const wait = lost.retryAfterMs ?? rewriteBackoffMs(nth);
    if (Date.now() + wait + settings.timeouts.requestMs > deadline) throw lost;
    await sleep(wait, signal);
  }
}

function get(path: string, route: string): HttpCall {
  return { method: 'GET', path, route, body: null };
}

function readRows(rows: readonly unknown[]): PurchasePage {
  const read = rows.map((row) => summarySchema.safeParse(row));
  return {
    rows: read.flatMap(({ success, data }) => (success ? [toSummary(data)] : [])),
    unreadable: read.flatMap(({ success, error }, index) => (success ? [] : [{ index, path: pathOf(error) }])),
  };
}
