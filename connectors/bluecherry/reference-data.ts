import { z } from 'zod';

import type { ErpStyle } from '../../domain/catalogue/erp-style.ts';
import type { ErpCustomer, ErpStore, ErpTerms, ErpWarehouse } from '../../domain/sales-order.ts';
import { CachedTable, namedBy, type TableTools } from './cached-table.ts';
import type { CallOptions } from './call-options.ts';
import { foldOf } from './codes.ts';
import { eq } from './filters.ts';
import type { Log } from './log.ts';
import { toCustomer, toStore, toStyle, type ErpDivision, type ErpShipVia } from './masters.ts';
import { Remembered, Shared, shortly } from './shared-work.ts';
import { keptSku } from './kept-sku.ts';
import type { Settings } from './settings.ts';
import { SkuIndex, type SkuMatch, type SkuQuery } from './sku-index.ts';
import { SmallMasters } from './small-masters.ts';
import { customerRow, storeRow, styleRow } from './wire/masters.ts';
import { readRow } from './wire/rows.ts';

/**
 * What preparing an order needs of the ERP's masters: a cache, on disk between starts, brought up to date by what
 * changed. Never a truth: what it does not know, or shows as inactive, is asked for once before it is said.
 */
export interface ReferenceData {
  /** Reads what is missing, else what changed. Several who ask share one reading. */
  refresh(call: CallOptions): Promise<void>;
  /** Refreshes at once and again this long after each end; troubles are logged. Returns what stops it. */
  startRefreshing(everyMs: number): () => void;
  findSku(query: SkuQuery, call: CallOptions): Promise<SkuMatch>;
  /** The whole catalogue, brought up to date first. */
  styles(call: CallOptions): Promise<readonly ErpStyle[]>;
  /** The same as it was read last, which costs a call only where it never was. */
  knownStyles(call: CallOptions): Promise<readonly ErpStyle[]>;
  /**
   * Codes of the styles that either does not have because they could never be read. While there are any, an item that is
   * missing may be one of theirs, and is not to be taken for gone.
   */
  unknownStyles(): readonly string[];
  /** By code and division; a customer without division is one for all. */
  findCustomer(customer: string, division: string, call: CallOptions): Promise<ErpCustomer | null>;
  storesOf(customer: string, call: CallOptions): Promise<readonly ErpStore[]>;
  /** The stores of all customers, brought up to date first. */
  stores(call: CallOptions): Promise<readonly ErpStore[]>;
  warehouses(call: CallOptions): Promise<readonly ErpWarehouse[]>;
  terms(call: CallOptions): Promise<readonly ErpTerms[]>;
  divisions(call: CallOptions): Promise<readonly ErpDivision[]>;
  shipVia(call: CallOptions): Promise<readonly ErpShipVia[]>;
}

export interface ReferenceDataOf {
  readonly tools: TableTools;
  readonly settings: Settings;
  readonly log: Log;
}

/** Several orders that miss the same thing within this time are answered by one call. */
const MISS_REMEMBERED_MS = 2_000;
/** A reading belongs to nobody: it goes on when who asked for it has gone. */
const READING_MS = 3_600_000;

const text = z.string();
const styleEntry: z.ZodType<ErpStyle> = z.object({
  style: text,
  name: text,
  description: text,
  groups: z.array(text),
  active: z.boolean(),
  skus: z.array(keptSku.extend({ season: text, channels: z.tuple([text, text]) })),
});
const customerEntry: z.ZodType<ErpCustomer> = z.object({
  customer: text,
  division: text,
  name: text,
  active: z.boolean(),
  terms: text,
  currency: text,
  shipVia: text,
  warehouse: text,
  creditHold: z.boolean(),
  factor: text,
});
const storeEntry: z.ZodType<ErpStore> = z.object({
  customer: text,
  store: text,
  name: text,
  line1: text,
  city: text,
  state: text,
  postalCode: text,
  country: text,
  distributionCentre: text,
  active: z.boolean(),
});

export function createReferenceData({ tools, settings, log }: ReferenceDataOf): ReferenceData {
  const { resources, mastersEveryMs } = settings;
  const fold = foldOf(settings.upperCaseCodes);
  const routes = {
    style: `GET /api/${resources.style}`,
    customer: `GET /api/${resources.customer}`,
    store: `GET /api/${resources.customerStore}`,
  };
  // A single row that is broken must not hold up all the others.
  const isIndispensable = () => false;
  const styles = new CachedTable<ErpStyle>(
    {
      name: 'styles',
      resource: resources.style,
      envelope: 'header',
      include: 'all',
      keys: ['style'],
      trace: namedBy(['style']),
      entry: styleEntry,
      read: (row) => toStyle(readRow(row, styleRow, routes.style), fold, routes.style),
      isIndispensable,
    },
    tools,
  );
  const customers = new CachedTable<ErpCustomer>(
    {
      name: 'customers',
      resource: resources.customer,
      envelope: 'header',
      keys: ['customer'],
      trace: namedBy(['customer']),
      entry: customerEntry,
      read: (row) => toCustomer(readRow(row, customerRow, routes.customer), fold),
      isIndispensable,
    },
    tools,
  );
  const stores = new CachedTable<ErpStore>(
    {
      name: 'stores',
      resource: resources.customerStore,
      envelope: 'flat',
      keys: ['customer', 'store'],
      trace: namedBy(['customer', 'store']),
      entry: storeEntry,
      read: (row) => toStore(readRow(row, storeRow, routes.store), fold),
      isIndispensable,
    },
    tools,
  );
  const small = new SmallMasters(tools.lister, settings, fold);
  const warehouses = new Remembered<readonly ErpWarehouse[]>(mastersEveryMs);
  const terms = new Remembered<readonly ErpTerms[]>(mastersEveryMs);
  const divisions = new Remembered<readonly ErpDivision[]>(mastersEveryMs);
  const shipVia = new Remembered<readonly ErpShipVia[]>(mastersEveryMs);
  const shared = new Shared();
  const misses = new Shared(MISS_REMEMBERED_MS);

  let index: { readonly revision: number; readonly skus: SkuIndex } | null = null;
  const skus = () => {
    if (index?.revision !== styles.revision)
      index = { revision: styles.revision, skus: new SkuIndex(styles.entries()) };
    return index.skus;
  };
  const refreshStyles = (call: CallOptions) => shared.run('styles', () => styles.refresh(reading('catalogue')), call);
  const refreshStores = (call: CallOptions) => shared.run('stores', () => stores.refresh(reading('catalogue')), call);
  const customerIn = (customer: string, division: string) => {
    const known = [...customers.entries()].filter((each) => same(each.customer, customer));
    return known.find((each) => same(each.division, division)) ?? known.find((each) => each.division === '') ?? null;
  };
  const storesIn = (customer: string) => [...stores.entries()].filter((each) => same(each.customer, customer));

  const data: ReferenceData = {
    async refresh(call) {
      await shared.run('customers', () => customers.refresh(reading('catalogue')), call);
      await refreshStores(call);
      await refreshStyles(call);
    },
    startRefreshing(everyMs) {
      const stopping = new AbortController();
      const { signal } = stopping;
      void (async () => {
        while (!signal.aborted) {
          try {
            await data.refresh({ signal, deadline: Date.now() + READING_MS, priority: 'catalogue' });
          } catch (error) {
            if (!signal.aborted)
              log.warn({ error }, 'reference data could not be refreshed; the next turn tries again');
          }
          await shortly(everyMs, signal);
        }
      })();
      return () => stopping.abort();
    },
    async findSku(query, call) {
      await styles.load();
      const style = query.by === 'codes' ? query.codes.style : undefined;
      // A style read by its number is a complete answer even before the catalogue is.
      if (style === undefined && !styles.isComplete) await refreshStyles(call);
      const known = skus().find(query);
      if (known.kind !== 'none') return known;
      if (style === undefined) await misses.run('styles', () => refreshStyles(reading(call.priority)), call);
      else await misses.run(`style ${style}`, () => styles.fetch(eq('style', style), reading(call.priority)), call);
      return skus().find(query);
    },
    async styles(call) {
      await refreshStyles(call);
      return [...styles.entries()];
    },
    async knownStyles(call) {
      await styles.load();
      if (!styles.isComplete) await refreshStyles(call);
      return [...styles.entries()];
    },
    unknownStyles: () => [...styles.unknown()],
    async findCustomer(customer, division, call) {
      await customers.load();
      const known = customerIn(customer, division);
      if (known?.active) return known;
      const fetch = () => customers.fetch(eq('customer', customer), reading(call.priority));
      await misses.run(`customer ${customer}`, fetch, call);
      return customerIn(customer, division);
    },
    async storesOf(customer, call) {
      await stores.load();
      const known = storesIn(customer);
      if (stores.isComplete && known.length > 0) return known;
      const fetch = () => stores.fetch(eq('customer', customer), reading(call.priority));
      await misses.run(`stores ${customer}`, fetch, call);
      return storesIn(customer);
    },
    async stores(call) {
      await refreshStores(call);
      return [...stores.entries()];
    },
    warehouses: (call) => warehouses.get(() => small.warehouses(reading(call.priority)), call),
    terms: (call) => terms.get(() => small.terms(reading(call.priority)), call),
    divisions: (call) => divisions.get(() => small.divisions(reading(call.priority)), call),
    shipVia: (call) => shipVia.get(() => small.shipVia(reading(call.priority)), call),
  };
  return data;

  function reading(priority: CallOptions['priority']): CallOptions {
    return { priority, signal: tools.closing, deadline: Date.now() + READING_MS };
  }
}

function same(left: string, right: string): boolean {
  return left.trim().toUpperCase() === right.trim().toUpperCase();
}
