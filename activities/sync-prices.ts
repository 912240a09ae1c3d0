import PQueue from 'p-queue';

import type { Site } from '../config/site.ts';
import type { BlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { unknownStyles } from '../domain/catalogue/unknown-styles.ts';
import { findingOf, present, type FeedReport, type Finding, type GuardOverride } from '../domain/findings.ts';
import { unreadablePrices } from '../domain/pricing/price-findings.ts';
import type { PriceListRule } from '../domain/pricing/price-rules.ts';
import type { UnreachedEffect } from '../domain/pricing/report-unreached.ts';
import type { StorefrontPriceList } from '../domain/pricing/storefront-prices.ts';
import { withCalls, type Call } from './calls.ts';
import { isVendorError, toFeedFailure, translating } from './failures.ts';
import { followPriceList } from './follow-price-list.ts';
import type { PriceMemory } from './price-memory.ts';
import type { ShownPrices } from './shown-prices.ts';
import { readPriceBook } from './read-price-book.ts';
import { createRecentOrderReader } from './read-recent-orders.ts';
import { writePriceList } from './write-price-list.ts';

export interface SyncPricesDependencies {
  readonly site: Pick<Site, 'pricing' | 'rules' | 'intake' | 'stock'>;
  readonly sparklayer: Pick<SparkLayer, 'prices' | 'listPurchases' | 'getPurchase'>;
  readonly bluecherry: Pick<BlueCherry, 'prices' | 'reference' | 'inventory'>;
  readonly memory: PriceMemory;
  readonly shown: ShownPrices;
  readonly clock: () => Date;
  readonly log: { warn(fields: object, message: string): void };
}

export interface PricesReport extends FeedReport {
  readonly stats: PriceStats;
  /** Prices of the ERP that did not reach a list which people manage; the first ones. */
  readonly unreached: readonly UnreachedEffect[];
}

/**
 * `priced`: SKUs that the ERP's lists should hold, summed up · `differing`: of them and of what else is in the lists, those
 * that are not as they should be; of these `removals` leave a list · `guarded`, `overridden`: lists.
 */
export type PriceStats = Readonly<
  Record<
    | 'erpRows'
    | 'skus'
    | 'lists'
    | 'priced'
    | 'differing'
    | 'removals'
    | 'written'
    | 'refused'
    | 'postponed'
    | 'guarded'
    | 'overridden'
    | 'unreached'
    | 'ordersRead',
    number
  >
>;

export type SyncPricesActivities = ReturnType<typeof createSyncPricesActivities>;

const MOST_UNREACHED_TOLD = 50;

/** The ERP's prices and the storefront's price lists. */
export function createSyncPricesActivities(dependencies: SyncPricesDependencies) {
  const { site, sparklayer, memory, shown, log } = dependencies;
  const { pricing, rules } = site;
  const { prices } = sparklayer;
  const recentOrders = createRecentOrderReader(dependencies);
  // Two runs at once would compare the same and send it twice.
  const turn = new PQueue({ concurrency: 1 });

  return {
    /**
     * Makes the ERP's lists show the ERP's prices of its own day, and reports what of them did not reach the other
     * lists. Safe to run any number of times: it compares with what the lists hold now and sends what differs.
     */
    async syncPrices({ override }: { readonly override: GuardOverride | null }): Promise<PricesReport> {
      return translating(toFeedFailure, () =>
        withCalls((call) => turn.add(() => run(override, call), { signal: call.signal })),
      );
    },
  };

  async function run(override: GuardOverride | null, call: Call): Promise<PricesReport> {
    const stats = { ...NONE };
    const findings: Finding[] = [];
    const unreached: UnreachedEffect[] = [];
    // Without lists there is nothing to ask the ERP for.
    if (pricing.lists.length === 0) return { stats, findings, unreached };
    const book = await readPriceBook(dependencies, call);
    stats.erpRows = book.rows.length;
    stats.skus = book.skus.size;
    stats.lists = pricing.lists.length;
    findings.push(...present([unknownStyles(book.unknownStyles, WHILE_UNKNOWN), unreadablePrices(book.unreadable)]));
    const bySlug = new Map((await prices.listPriceLists(call)).map((list) => [list.slug, list]));
    for (const rule of pricing.lists)
      try {
        await syncList(rule, bySlug.get(rule.list) ?? null);
      } catch (error) {
        // What is final for one list must not keep the others from their prices.
        if (!isVendorError(error) || error.fate !== 'park') throw error;
        findings.push(...present([findingOf('PRICE_REFUSED', [rule.list], { key: rule.list, says: error.message })]));
      }
    return { stats, findings, unreached: unreached.slice(0, MOST_UNREACHED_TOLD) };

    async function syncList(rule: PriceListRule, known: StorefrontPriceList | null): Promise<void> {
      if (rule.managedBy === 'storefront') {
        const { zone } = rules;
        const tools = { pricing, zone, prices, book, memory, recentOrders, call };
        const followed = await followPriceList(tools, rule, known);
        unreached.push(...followed.effects);
        findings.push(...followed.findings);
        stats.unreached += followed.effects.length;
        stats.ordersRead = Math.max(stats.ordersRead, followed.ordersRead);
        return;
      }
      const tools = { pricing, prices, book, shown, override, call };
      const { plan, ...outcome } = await writePriceList(tools, rule, known);
      findings.push(...outcome.findings);
      stats.priced += plan?.priced ?? 0;
      stats.differing += plan?.writes.length ?? 0;
      stats.removals += plan?.removed.length ?? 0;
      stats.written += outcome.written;
      stats.refused += outcome.refused;
      stats.postponed += outcome.postponed;
      if (outcome.guard === 'closed') stats.guarded++;
      if (outcome.guard === 'overridden') {
        stats.overridden++;
        log.warn({ list: rule.list, override }, 'a guard was overridden');
      }
    }
  }
}

const WHILE_UNKNOWN = 'No SKU leaves a price list as gone meanwhile: it might be theirs.';

const NONE: PriceStats = {
  erpRows: 0,
  skus: 0,
  lists: 0,
  priced: 0,
  differing: 0,
  removals: 0,
  written: 0,
  refused: 0,
  postponed: 0,
  guarded: 0,
  overridden: 0,
  unreached: 0,
  ordersRead: 0,
};
