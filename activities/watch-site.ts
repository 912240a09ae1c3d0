import type { Site } from '../config/site.ts';
import type { BlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import type { BookedOrder } from '../connectors/bluecherry/order-book.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import type { FeedReport, Finding } from '../domain/findings.ts';
import { purchaseKeyText } from '../domain/purchase.ts';
import { skuKey } from '../domain/stock/sku-key.ts';
import { partName } from '../domain/stock/stock-words.ts';
import { findOversold, oversoldFinding, type OpenOrder, type PhysicalOf } from '../domain/watch/find-oversold.ts';
import { judgeFeeds } from '../domain/watch/judge-feeds.ts';
import { judgeIntake, type Probe } from '../domain/watch/judge-intake.ts';
import { judgeUnconfirmed, type UnconfirmedOrder } from '../domain/watch/judge-unconfirmed.ts';
import { withCalls, type Call } from './calls.ts';
import { isVendorError, toFeedFailure, translating } from './failures.ts';
import { countedWarehouses } from './read-stock-parts.ts';
import type { SitePulse } from './site-pulse.ts';

export interface WatchDependencies {
  readonly site: Pick<Site, 'intake' | 'stock' | 'watch' | 'goLive'>;
  readonly sparklayer: Pick<SparkLayer, 'listPurchases'>;
  readonly bluecherry: Pick<BlueCherry, 'orderBook' | 'inventory'>;
  readonly pulse: SitePulse;
  readonly clock: () => Date;
}

/** What each check found, under its own name. */
export interface WatchReport extends FeedReport {
  readonly checks: readonly { readonly source: WatchSource; readonly findings: readonly Finding[] }[];
}

export type WatchSource = 'watch-feeds' | 'watch-intake' | 'watch-orders' | 'watch-stock';
export type WatchActivities = ReturnType<typeof createWatchActivities>;

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 86_400_000;

/** Looks over a site every minute: asks Temporal and, once, the storefront; the ERP never, what is kept of it is enough. */
export function createWatchActivities({ site, sparklayer, bluecherry, pulse, clock }: WatchDependencies) {
  /** Feed → when its next run was to be, at the look before. */
  let expected: ReadonlyMap<string, string> = new Map();
  const placed = new Map<string, string>();
  let readUntil: string | null = null;

  return {
    /** Only reads. Safe to repeat. */
    async watchSite(): Promise<WatchReport> {
      return translating(toFeedFailure, () => withCalls(watch));
    },
  };

  async function watch(call: Call): Promise<WatchReport> {
    const now = clock().toISOString();
    const feeds = await pulse.feeds();
    const feedFindings = judgeFeeds(feeds, expected, now);
    // One that was missed stays expected until a run is seen.
    const missed = new Set(feedFindings.flatMap(({ code, key }) => (code === 'FEED_LATE' ? [key] : [])));
    expected = new Map(
      feeds.flatMap(({ feed, next }) => {
        const at = missed.has(feed) ? (expected.get(feed) ?? next) : next;
        return at === null ? [] : [[feed, at] as const];
      }),
    );
    const probe = await readPlaced(now, call);
    const { late: lateMinutes, overdue: overdueMinutes } = site.watch.unconfirmedMinutes;
    const late: UnconfirmedOrder[] = [];
    const before = new Date(Date.parse(now) - lateMinutes * MINUTE_MS).toISOString();
    for await (const order of pulse.unconfirmed(before)) late.push(order);
    const weeks = Math.min(site.watch.rhythmWeeks, Math.floor((Date.parse(now) - Date.parse(site.goLive)) / WEEK_MS));
    const short = findOversold(openOrders(bluecherry.orderBook.known()), await physicalStock());
    const checks = [
      { source: 'watch-feeds', findings: feedFindings },
      {
        source: 'watch-intake',
        findings: judgeIntake({ probe, placed: [...placed.values()], weeks, now }, site.watch),
      },
      { source: 'watch-orders', findings: judgeUnconfirmed(late, { lateMinutes, overdueMinutes }, now) },
      { source: 'watch-stock', findings: present(oversoldFinding(short)) },
    ] as const;
    return {
      stats: {
        feeds: feeds.filter(({ schedule }) => schedule !== 'off').length,
        purchasesKnown: placed.size,
        unconfirmedLate: late.length,
        ordersShort: short.length,
      },
      findings: checks.flatMap(({ findings }) => findings),
      checks,
    };
  }

  /** Learns what was placed since the last look: the weeks of the rhythm at first, a page or none afterwards. */
  async function readPlaced(now: string, call: Call): Promise<Probe> {
    const start = new Date(Date.parse(now) - site.watch.rhythmWeeks * WEEK_MS).toISOString();
    const since = readUntil ?? start;
    const limit = site.intake.pageSize;
    try {
      for (const type of site.intake.types)
        for (let offset = 0; ; offset += limit) {
          const page = await sparklayer.listPurchases(
            { type, updatedSince: null, placedSince: since, limit, offset },
            call,
          );
          for (const { key, placedAt } of page.rows)
            if (key && placedAt) placed.set(purchaseKeyText(key), instant(placedAt));
          if (page.rows.length + page.unreadable.length < limit) break;
        }
    } catch (error) {
      if (call.signal.aborted || !isVendorError(error)) throw error;
      return { kind: 'failed', code: error.code, says: error.message };
    }
    // An overlap, for what was being stored while it was read.
    readUntil = new Date(Date.parse(now) - 5 * MINUTE_MS).toISOString();
    const newest = [...placed.values()].toSorted().at(-1);
    for (const [key, at] of placed) if (at < start && at !== newest) placed.delete(key);
    return { kind: 'answered' };
  }

  async function physicalStock(): Promise<PhysicalOf> {
    const rows = new Map<string, { readonly onHand: number; readonly picked: number }>();
    for (const of of countedWarehouses(site.stock)) {
      const part = await bluecherry.inventory.store.part(of);
      for (const { sku, buckets } of part?.rows ?? []) rows.set(`${skuKey(sku)}\n${partName(of)}`, buckets);
    }
    return (item, warehouse) => {
      const division = item.split('\n')[0] ?? '';
      return rows.get(`${item}\n${partName({ division, warehouse })}`) ?? null;
    };
  }
}

/** What is neither shipped nor cancelled. */
function openOrders(booked: readonly BookedOrder[]): readonly OpenOrder[] {
  return booked.map(({ orderNumber, orderDate, whole }) => ({
    orderNumber,
    orderDate,
    open: (whole?.lines ?? []).flatMap(({ sku, warehouse, open, picked, price }) =>
      open + picked > 0 ? [{ item: skuKey(sku), warehouse, units: open + picked, picked, price }] : [],
    ),
  }));
}

function instant(at: string): string {
  return new Date(at).toISOString();
}

function present(finding: Finding | null): readonly Finding[] {
  return finding ? [finding] : [];
}
