import type { AddressInfo } from 'node:net';
import type { CallRecord } from './api.ts';
import type { CheckoutInput } from './checkout.ts';
import { createClock } from './clock.ts';
import { addCustomer, changeCustomer, findCustomer, type CustomerInput } from './customer-store.ts';
import * as deeds from './deeds.ts';
import { createFaultBook, matchesRoute, type Faults } from './faults.ts';
import { brokenSiteRules } from './invariants.ts';
import { addPriceList, setPrices } from './price-routes.ts';
import { addProduct, changeProduct, changeVariant, withVariants } from './product-routes.ts';
import { seed } from './seed.ts';
import { createHttpServer } from './server.ts';
import { simulation } from './sim.ts';
import { createSite } from './site.ts';
import { addStockLocation, editStock } from './stock-routes.ts';
import type {
  CustomerRecord,
  Open,
  PriceBreak,
  PriceListRecord,
  ProductRecord,
  PurchaseRecord,
  StockEdit,
  StockLevel,
  StockLocationRecord,
  TransactionRecord,
  VariantRecord,
} from './wire.ts';

export type { CallRecord } from './api.ts';
export type { CheckoutInput } from './checkout.ts';
export type { CustomerInput } from './customer-store.ts';
export type { CustomerRecord, PurchaseRecord, StockLocationRecord, TransactionRecord } from './wire.ts';

export interface SparkLayerOptions {
  readonly siteId?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** The clock's source; the stand-in runs with it, moved by `setClock` and `advanceClock`. */
  readonly clock?: () => Date;
  readonly tokenLifeSeconds?: number;
  /** Serves `/sim` over HTTP; false by default. */
  readonly sim?: boolean;
  /** Any free port by default. */
  readonly port?: number;
  /** Whether an outdated `revision_date` answers 409; true by default. */
  readonly revisionLock?: boolean;
  /** Rows of one stock call above which it is a 413; any number by default. */
  readonly largestStockBatch?: number;
}

/** A purchase that a deed may change in place. */
export type Mutable = PurchaseRecord;

/** `id` of a purchase is any of its four identifiers. Records handed out are copies. */
export interface SparkLayerStandIn {
  readonly url: string;
  readonly siteId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly close: () => Promise<void>;
  readonly now: () => Date;
  readonly setClock: (iso: string) => void;
  readonly advanceClock: (ms: number) => void;
  readonly checkout: (order: CheckoutInput) => PurchaseRecord;
  readonly place: (purchase: unknown) => PurchaseRecord;
  readonly amend: (id: string, change: (purchase: Mutable) => void) => PurchaseRecord;
  readonly setQuantity: (id: string, sku: string, quantity: number) => PurchaseRecord;
  readonly touch: (id: string) => PurchaseRecord;
  readonly cancel: (id: string) => PurchaseRecord;
  readonly shipElsewhere: (id: string) => PurchaseRecord;
  readonly setType: (id: string, type: string) => PurchaseRecord;
  /** An applied transaction that the platform reports; its id is made up unless given. */
  readonly pay: (id: string, total: string, platformId?: string) => PurchaseRecord;
  readonly remove: (id: string) => void;
  readonly purchase: (id: string) => PurchaseRecord | undefined;
  readonly purchases: () => PurchaseRecord[];
  readonly transactions: (id: string) => TransactionRecord[];
  readonly addCustomer: (customer: CustomerInput) => CustomerRecord;
  readonly setCustomer: (id: string, patch: Partial<CustomerRecord>) => CustomerRecord;
  readonly customer: (id: string) => CustomerRecord | undefined;
  readonly addStockLocation: (location: { name: string; external_id: string }) => StockLocationRecord;
  /** A list that people, or another system, open; `integration` unless said otherwise. */
  readonly addPriceList: (list: Open & { slug: string; name: string; currency_code: string }) => PriceListRecord;
  readonly priceLists: () => PriceListRecord[];
  /** What a list holds: all breaks by SKU. */
  readonly prices: (slug: string) => Record<string, PriceBreak[]>;
  /** A hand edit in the Dashboard; no breaks take the SKU off the list. */
  readonly setPrices: (slug: string, sku: string, breaks: readonly { quantity: number; price: number }[]) => void;
  /** SparkLayer takes no prices of these SKUs, and of all others. */
  readonly refusePrices: (skus: readonly string[]) => void;
  /** The levels of a SKU, by the location's external id. */
  readonly stock: (sku: string) => Record<string, StockLevel>;
  /** Somebody edits a level by hand; what is not named stays as it was. */
  readonly setStock: (sku: string, externalId: string, edit: StockEdit) => StockLevel;
  /** From now on calls with this SKU are refused, with or without naming its row; null = no longer. */
  readonly refuseStock: (sku: string, how: 'named' | 'unnamed' | null) => void;
  /** Products with their variants, by external id. */
  readonly products: () => (ProductRecord & { variants: VariantRecord[] })[];
  /** By hand in the dashboard, by its id or external id; members left out stay. */
  readonly editProduct: (id: string, patch: Partial<ProductRecord>) => void;
  readonly editVariant: (sku: string, patch: Partial<VariantRecord>) => void;
  /** A product that people made, with a live variant for each SKU. */
  readonly addProduct: (title: string, skus: readonly string[]) => ProductRecord;
  readonly expireTokens: () => void;
  readonly refuseTokens: (on: boolean) => void;
  readonly faults: Faults;
  /** All calls but those to `/sim`, oldest first; of one route if it is given. */
  readonly calls: (route?: string) => CallRecord[];
  readonly callCounts: () => Record<string, number>;
  readonly contractViolations: () => string[];
  readonly lostFields: () => string[];
  readonly checkInvariants: () => string[];
}

/** Starts a seeded SparkLayer site on 127.0.0.1. */
export async function startSparkLayer(options: SparkLayerOptions = {}): Promise<SparkLayerStandIn> {
  const clock = createClock(options.clock ?? (() => new Date()));
  const site = createSite(clock, {
    siteId: options.siteId ?? 'instep-sandbox',
    clientId: options.clientId ?? 'cid_sandbox',
    clientSecret: options.clientSecret ?? 'sandbox-secret',
    tokenLifeSeconds: options.tokenLifeSeconds ?? 3600,
    revisionLock: options.revisionLock ?? true,
    largestStockBatch: options.largestStockBatch ?? null,
  });
  seed(site);
  const faults = createFaultBook();
  const calls: CallRecord[] = [];
  let payments = 0;
  const { siteId, clientId, clientSecret } = site.settings;

  const controls = {
    siteId,
    clientId,
    clientSecret,
    now: clock.now,
    setClock: clock.set,
    advanceClock: clock.advance,
    checkout: (order: CheckoutInput) => structuredClone(deeds.checkout(site, order)),
    place: (purchase: unknown) => structuredClone(deeds.place(site, purchase)),
    amend: (id: string, change: (purchase: Mutable) => void) => structuredClone(deeds.amend(site, id, change)),
    setQuantity: (id: string, sku: string, quantity: number) =>
      structuredClone(deeds.setQuantity(site, id, sku, quantity)),
    touch: (id: string) => structuredClone(deeds.touch(site, id)),
    cancel: (id: string) => structuredClone(deeds.cancel(site, id)),
    shipElsewhere: (id: string) => structuredClone(deeds.shipElsewhere(site, id)),
    setType: (id: string, type: string) => structuredClone(deeds.setType(site, id, type)),
    pay: (id: string, total: string, platformId = `PLATFORM-${(payments += 1)}`) =>
      structuredClone(deeds.pay(site, id, total, platformId)),
    remove: (id: string) => deeds.remove(site, id),
    purchase: (id: string) => structuredClone(site.purchases.findAny(id)?.record),
    purchases: () => site.purchases.all().map(({ record }) => structuredClone(record)),
    transactions: (id: string) => structuredClone([...(site.purchases.findAny(id)?.transactions.values() ?? [])]),
    addCustomer: (customer: CustomerInput) => structuredClone(addCustomer(site, customer)),
    setCustomer: (id: string, patch: Partial<CustomerRecord>) => {
      const customer = findCustomer(site, id);
      if (!customer) throw new Error(`There is no customer ${id}.`);
      return structuredClone(changeCustomer(site, customer, patch));
    },
    customer: (id: string) => structuredClone(findCustomer(site, id)),
    addStockLocation: (location: { name: string; external_id: string }) =>
      structuredClone(addStockLocation(site, location)),
    addPriceList: (list: Open & { slug: string; name: string; currency_code: string }) =>
      structuredClone(addPriceList(site, list)),
    priceLists: () => structuredClone([...site.priceLists.values()]),
    prices: (slug: string) => structuredClone(Object.fromEntries(site.prices.get(slug) ?? [])),
    setPrices: (slug: string, sku: string, breaks: readonly { quantity: number; price: number }[]) => {
      if (!site.priceLists.has(slug)) throw new Error(`There is no price list ${slug}.`);
      setPrices(
        site,
        slug,
        sku,
        breaks.map((step) => ({ ...step })),
      );
    },
    refusePrices: (skus: readonly string[]) => {
      site.refusedPrices.clear();
      for (const sku of skus) site.refusedPrices.add(sku);
    },
    stock: (sku: string) =>
      Object.fromEntries(
        [...(site.stock.get(sku)?.values() ?? [])].map((level) => [
          level.stock_location_external_id ?? level.stock_location_id,
          structuredClone(level),
        ]),
      ),
    setStock: (sku: string, externalId: string, edit: StockEdit) =>
      structuredClone(editStock(site, sku, externalId, edit)),
    refuseStock: (sku: string, how: 'named' | 'unnamed' | null) =>
      void (how === null ? site.refusedStock.delete(sku) : site.refusedStock.set(sku, how)),
    products: () =>
      site.catalogue
        .products()
        .map((product) => structuredClone(withVariants(site, product)))
        .toSorted((one, other) => ((one.external_id ?? '') < (other.external_id ?? '') ? -1 : 1)),
    editProduct: (id: string, patch: Partial<ProductRecord>) => {
      const product = site.catalogue.product(id);
      if (!product) throw new Error(`There is no product ${id}.`);
      changeProduct(site, product, patch);
    },
    editVariant: (sku: string, patch: Partial<VariantRecord>) => {
      const variant = site.catalogue.variantOfSku(sku);
      if (!variant) throw new Error(`There is no variant ${sku}.`);
      changeVariant(site, variant, patch);
    },
    addProduct: (title: string, skus: readonly string[]) => structuredClone(addProduct(site, title, skus)),
    expireTokens: () => site.tokens.revokeAll(),
    refuseTokens: (on: boolean) => site.tokens.refuse(on),
    faults,
    calls: (route?: string) =>
      calls.filter(
        (call) =>
          route === undefined || matchesRoute(route, { route: call.route, actual: `${call.method} ${call.path}` }),
      ),
    callCounts: () => {
      const counts: Record<string, number> = {};
      for (const { route } of calls) counts[route] = (counts[route] ?? 0) + 1;
      return counts;
    },
    contractViolations: () => [...site.violations],
    lostFields: () => [...site.lost],
    checkInvariants: () => brokenSiteRules(site),
  };

  const sim = options.sim === true ? { sim: simulation(controls, site) } : {};
  const server = createHttpServer({ site, faults, calls, ...sim });
  const { promise, resolve, reject } = Promise.withResolvers<AddressInfo>();
  server.once('error', reject);
  server.listen(options.port ?? 0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object' && address) resolve(address);
  });
  const { port } = await promise;
  return {
    ...controls,
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      server.closeAllConnections();
      await closed.promise;
    },
  };
}
