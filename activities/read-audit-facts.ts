import type { Site } from '../config/site.ts';
import type { BlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import type { AuditFacts } from '../domain/audit/audit-site.ts';
import { toAuditedOrder, type AuditedOrder } from '../domain/audit/audited-order.ts';
import { compareCodes } from '../domain/audit/compare-codes.ts';
import { compareCustomers } from '../domain/audit/compare-customers.ts';
import { compareLocations } from '../domain/audit/compare-locations.ts';
import { compareMethods } from '../domain/audit/compare-methods.ts';
import { comparePriceLists } from '../domain/audit/compare-price-lists.ts';
import { compareSkus } from '../domain/audit/compare-skus.ts';
import type { LimitsSeen } from '../domain/audit/judge-limits.ts';
import { readErpCatalogue } from '../domain/catalogue/erp-catalogue.ts';
import type { ErpStyle } from '../domain/catalogue/erp-style.ts';
import { nameSkus } from '../domain/catalogue/name-skus.ts';
import { DISCONTINUED } from '../domain/catalogue/storefront-product.ts';
import { withoutUnreadable } from '../domain/customers/plan-customers.ts';
import type { ProvenFigures } from '../domain/proof/report-proof.ts';
import type { SkuMatch } from '../domain/prepare-sales-order.ts';
import type { Purchase } from '../domain/purchase.ts';
import { partName } from '../domain/stock/stock-words.ts';
import type { Call } from './calls.ts';
import { inParallel } from './in-parallel.ts';
import { matchSku, skusAmong } from './match-sku.ts';
import { createRecentReader } from './read-recent-orders.ts';
import { readErpCodes } from './read-erp-codes.ts';
import { readStockFacts } from './read-stock-facts.ts';
import { countedWarehouses } from './read-stock-parts.ts';

/** A schedule of the site, as far as it costs calls. */
export interface AuditedSchedule {
  readonly name: string;
  readonly everySeconds: number;
}

export interface AuditDependencies {
  readonly site: Site;
  readonly sparklayer: SparkLayer;
  readonly bluecherry: BlueCherry;
  /** Those that are on. */
  readonly schedules: readonly AuditedSchedule[];
  /** What the newest proof found; null = none is known. */
  readonly proof: () => Promise<ProvenFigures | null>;
  readonly clock: () => Date;
}

const AT_ONCE = 4;

/** Calls to the ERP of one run that finds nothing new, by schedule; one that is not here asks the storefront only. */
const LEAST_CALLS: Readonly<Record<string, number>> = {
  // Import log, sales orders, picks, invoices, credit memos.
  'poll-erp-documents': 5,
  'sync-inventory': 1,
  'sync-products': 1,
  'sync-prices': 1,
  'prove-completeness': 1,
};
/** Customers, stores and styles by what changed. */
const REFRESH_CALLS = 3;

/**
 * Reads what an audit compares: the storefront's lists, the ERP's masters, and the orders of the last days. Only reads;
 * where the ERP's caches are warm, of the masters only what changed.
 */
export async function readAuditFacts(tools: AuditDependencies, call: Call): Promise<AuditFacts> {
  const { site, sparklayer, bluecherry, clock } = tools;
  const { rules, audit } = site;
  const erpCall = { ...call, priority: 'catalogue' } as const;
  const recent = createRecentReader<Purchase>(tools, (purchase) => purchase);
  const { orders: purchases, unread } = await recent.read(audit.days, audit.ordersRead, call);
  const locations = await sparklayer.listStockLocations(call);
  const { accounts, unreadable: unreadableAccounts } = await sparklayer.accounts.listAccounts(
    site.customers.pageSize,
    call,
  );
  const { products, unreadable: unreadableProducts } = await sparklayer.catalogue.listProducts(
    { pageSize: site.catalogue.pageSize, onPage: () => undefined },
    call,
  );
  const priceLists = await sparklayer.prices.listPriceLists(call);
  const buyers = await customersOf(purchases, call);
  const codes = await readErpCodes(bluecherry, erpCall);
  const { accounts: erpAccounts, unreadable: unknownAccounts } = await bluecherry.balances.listAccounts(erpCall);
  const styles = await bluecherry.reference.styles(erpCall);

  const onSale = products
    .flatMap(({ variants }) => variants)
    .flatMap(({ sku, status }) => (sku && status !== DISCONTINUED ? [sku] : []));
  const ordered = purchases.flatMap(({ packages }) => packages.flatMap(({ lines }) => lines.map(({ sku }) => sku)));
  const matches = await matchAll([...onSale, ...ordered.flatMap((sku) => sku?.trim() || [])], styles, call);
  const orders = purchases.map((purchase) =>
    toAuditedOrder(purchase, { customer: buyers.get(purchase.buyer ?? '') ?? '', skus: matches }, rules),
  );
  const { sharedUpcs } = nameSkus(
    styles.flatMap(({ skus }) => skus),
    rules,
  );
  const catalogue = readErpCatalogue(styles, site.catalogue, rules, await readStockFacts(tools));
  return {
    site: site.name,
    siteVersion: site.version,
    at: clock().toISOString(),
    proof: await tools.proof(),
    days: audit.days,
    orders,
    unread,
    gaps: [
      ...compareLocations({ storefront: locations, ordered: locationsOf(orders) }, rules.locations, site.stock.feeds),
      ...compareCodes(codes, rules, site.stock.feeds),
      ...compareMethods(orders, rules),
      ...compareCustomers(withoutUnreadable(accounts, unknownAccounts), erpAccounts, site.customers),
      ...compareSkus({ onSale, matches, catalogue, sharedUpcs, excludedLabels: rules.excludedLabels }),
      ...comparePriceLists(priceLists, accounts, site),
    ],
    limits: await readLimits(tools, styles, erpAccounts.length),
    alerts: site.alerts,
    owners: site.owners,
    escalation: site.cases.escalation,
    severities: site.cases.severities,
    notLookedAt: [
      ...(site.customers.mode === 'off'
        ? ['Terms, credit and price lists of customers: the site file keeps none of them (customers.mode is off).']
        : []),
      ...(site.pricing.mode === 'off' ? ['Owners of price lists: prices are not kept (pricing.mode is off).'] : []),
      ...(onSale.length === 0 ? ['Items that are only in the ERP: the storefront shows no products.'] : []),
      ...(unread > 0 ? [`${unread} orders: more than audit.ordersRead, or not to be understood.`] : []),
      ...(unreadableAccounts.length > 0
        ? [`${unreadableAccounts.length} customers of the storefront that cannot be read.`]
        : []),
      ...(unknownAccounts.length > 0
        ? [`${unknownAccounts.length} customers of the ERP of which a row cannot be read.`]
        : []),
      ...(unreadableProducts.length > 0
        ? [`${unreadableProducts.length} products of the storefront that cannot be read.`]
        : []),
    ],
    compared: {
      locations: locations.length,
      customers: accounts.length,
      skusOnSale: onSale.length,
      erpItems: catalogue.products.reduce((sum, { items }) => sum + items.length, 0),
      priceLists: priceLists.length,
    },
  };

  /** The storefront's ids of the buyers, whatever identifier their purchases name. */
  async function customersOf(all: readonly Purchase[], asked: Call): Promise<ReadonlyMap<string, string>> {
    const found = new Map<string, string>();
    const named = [...new Set(all.flatMap(({ buyer }) => buyer ?? []))];
    await inParallel(named, AT_ONCE, async (buyer) => {
      const customer = await sparklayer.getCustomer(buyer, asked);
      if (customer) found.set(buyer, customer.id);
    });
    return found;
  }

  async function matchAll(skus: readonly string[], among: readonly ErpStyle[], asked: Call) {
    const known = skusAmong(among);
    const found = new Map<string, SkuMatch>();
    for (const sku of new Set(skus))
      found.set(sku, await matchSku(known, rules, sku, { ...asked, priority: 'catalogue' }));
    return found;
  }
}

/** Rows of a part that was never read are estimated by the items of its division. */
async function readLimits(
  { site, bluecherry, schedules }: AuditDependencies,
  styles: readonly ErpStyle[],
  erpAccounts: number,
): Promise<LimitsSeen> {
  const items = Map.groupBy(
    styles.flatMap(({ skus }) => skus),
    ({ division }) => division,
  );
  const stockParts = await Promise.all(
    countedWarehouses(site.stock).map(async (of) => {
      const kept = await bluecherry.inventory.store.part(of);
      return { name: partName(of), rows: kept?.rows.length ?? items.get(of.division)?.length ?? 0 };
    }),
  );
  const { limits, refreshEveryMs, workers } = site.erp;
  // All of the ERP's customers, at every run: balances move without a trace.
  const customerCalls = Math.ceil(erpAccounts / bluecherry.pageSizes.list) + 1;
  return {
    perMinute: limits === null || limits.perMinute === null ? null : Math.floor(limits.perMinute / workers),
    snapshotMinutes: site.audit.snapshotMinutes,
    stockPageSize: bluecherry.pageSizes.stock,
    stockParts,
    schedules: [
      ...schedules.map(({ name, everySeconds }) => ({
        name,
        everySeconds,
        calls: name === 'sync-customers' ? customerCalls : (LEAST_CALLS[name] ?? 0),
      })),
      { name: 'refresh of masters', everySeconds: refreshEveryMs / 1000, calls: REFRESH_CALLS },
    ],
  };
}

function locationsOf(orders: readonly AuditedOrder[]): readonly string[] {
  return orders.map(({ location }) => location).filter(Boolean);
}
