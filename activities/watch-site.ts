import type { Site } from '../config/site.ts';
import type { BlueCherry, BookedOrder } from '../connectors/bluecherry/bluecherry.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { present, type FeedReport, type Finding } from '../domain/findings.ts';
import { skuKey } from '../domain/stock/sku-key.ts';
import { partName } from '../domain/stock/stock-words.ts';
import {
  findOversold,
  oversoldFinding,
  type OpenOrder,
  type PhysicalOf,
  type PhysicalUnits,
} from '../domain/watch/find-oversold.ts';
import type { FeedPulse } from '../domain/watch/feed-pulse.ts';
import { judgeFeeds } from '../domain/watch/judge-feeds.ts';
import { judgeIntake, type Probe } from '../domain/watch/judge-intake.ts';
import { judgeUnconfirmed, type UnconfirmedOrder } from '../domain/watch/judge-unconfirmed.ts';
import { judgeWaiting, type WaitingPurchases } from '../domain/watch/judge-waiting.ts';
import type { Period } from '../domain/watch/time-outside.ts';
import { withCalls, type Call } from './calls.ts';
import type { CaseWorkflows } from './case-workflows.ts';
import type { Channels } from './channels/channels.ts';
import { isVendorError, toFeedFailure, translating } from './failures.ts';
import { byPurchaseKey, listPurchases } from './list-purchases.ts';
import { countedWarehouses } from './read-stock-parts.ts';
import { readWaiting } from './read-waiting.ts';
import type { SitePulse } from './site-pulse.ts';
import { wallClockOf } from './wall-clock.ts';
import { shiftsBetween } from './working-time.ts';

export interface WatchDependencies {
  readonly site: Pick<Site, 'intake' | 'stock' | 'watch' | 'goLive' | 'cases' | 'erp' | 'schedules'>;
  readonly sparklayer: Pick<SparkLayer, 'listPurchases'>;
  readonly bluecherry: Pick<BlueCherry, 'orderBook' | 'inventory'>;
  readonly pulse: SitePulse;
  readonly cases: Pick<CaseWorkflows, 'openSources'>;
  readonly channels: Pick<Channels, 'tryDead'>;
  readonly clock: () => Date;
}

/**
 * What each check found, under its own name; one that could not look is left out, so that its cases stay open. A feed that
 * is off and still has a case is among them, with nothing: no run of it would ever say so.
 */
export interface WatchReport extends FeedReport {
  readonly checks: readonly { readonly source: string; readonly findings: readonly Finding[] }[];
}

export type WatchActivities = ReturnType<typeof createWatchActivities>;

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 86_400_000;
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7] as const;

/** Looks over a site every minute: asks Temporal and, once, the storefront; the ERP never, what is kept of it is enough. */
export function createWatchActivities({
  site,
  sparklayer,
  bluecherry,
  pulse,
  cases,
  channels,
  clock,
}: WatchDependencies) {
  /** Feed → when its next run was to be, at the look before. */
  let expected: ReadonlyMap<string, string> = new Map();
  const placed = new Map<string, string>();
  let readUntil: string | null = null;
  const wallClock = wallClockOf(site.schedules.zone);

  return {
    /** Only reads, but for a word to channels that were dead. Safe to repeat. */
    async watchSite(): Promise<WatchReport> {
      return translating(toFeedFailure, () =>
        withCalls(async (call) => {
          // Whatever becomes of the look itself.
          const [report] = await Promise.all([watch(call), channels.tryDead(call.signal)]);
          return report;
        }),
      );
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
    const { probe, waiting } = await askStorefront(now, call);
    const { late: lateMinutes, overdue: overdueMinutes } = site.watch.unconfirmedMinutes;
    const unconfirmed: UnconfirmedOrder[] = [];
    const before = new Date(Date.parse(now) - lateMinutes * MINUTE_MS).toISOString();
    for await (const order of pulse.unconfirmed(before)) unconfirmed.push(order);
    const frozen = frozenSince(unconfirmed, now);
    const weeks = Math.min(site.watch.rhythmWeeks, Math.floor((Date.parse(now) - Date.parse(site.goLive)) / WEEK_MS));
    const open = openOrders(bluecherry.orderBook.known());
    const short = findOversold(open, bluecherry.orderBook.readAt(), await physicalStock(open));
    const checks = [
      { source: 'watch-feeds', findings: feedFindings },
      {
        source: 'watch-intake',
        findings: judgeIntake({ probe, placed: [...placed.values()], weeks, now, wallClock }, site.watch),
      },
      ...(waiting === null ? [] : [{ source: 'watch-waiting', findings: judgeWaiting(waiting, now) }]),
      { source: 'watch-orders', findings: judgeUnconfirmed(unconfirmed, { lateMinutes, overdueMinutes, frozen }, now) },
      { source: 'watch-stock', findings: present([oversoldFinding(short)]) },
      ...(await nothingOf(feeds.filter(({ schedule }) => schedule === 'off'))),
    ];
    return {
      stats: {
        feeds: feeds.filter(({ schedule }) => schedule !== 'off').length,
        purchasesKnown: placed.size,
        purchasesWaiting: waiting?.purchases.length ?? 0,
        unconfirmed: unconfirmed.length,
        ordersShort: short.length,
      },
      findings: checks.flatMap(({ findings }) => findings),
      checks,
    };
  }

  /** What feeds that do not run find now, where one has a case from when it ran. */
  async function nothingOf(off: readonly FeedPulse[]): Promise<WatchReport['checks']> {
    if (off.length === 0) return [];
    const open = await cases.openSources(off.map(({ feed }) => feed));
    return off.flatMap(({ feed }) => (open.has(feed) ? [{ source: feed, findings: [] }] : []));
  }

  /** Whether it answers, and the purchases that wait to become orders; null = they cannot be told. */
  async function askStorefront(
    now: string,
    call: Call,
  ): Promise<{ readonly probe: Probe; readonly waiting: WaitingPurchases | null }> {
    try {
      await readPlaced(now, call);
      return { probe: { kind: 'answered' }, waiting: await readWaiting({ site, sparklayer }, call) };
    } catch (error) {
      if (call.signal.aborted || !isVendorError(error)) throw error;
      return { probe: { kind: 'failed', code: error.code, says: error.message }, waiting: null };
    }
  }

  /** Learns what was placed since the last look: the weeks of the rhythm at first, a page or none afterwards. */
  async function readPlaced(now: string, call: Call): Promise<void> {
    const start = new Date(Date.parse(now) - site.watch.rhythmWeeks * WEEK_MS).toISOString();
    const { rows } = await listPurchases({ site, sparklayer }, { placedSince: readUntil ?? start }, call);
    for (const [key, { placedAt }] of byPurchaseKey(rows)) if (placedAt) placed.set(key, instant(placedAt));
    // An overlap, for what was being stored while it was read.
    readUntil = new Date(Date.parse(now) - 5 * MINUTE_MS).toISOString();
    const newest = [...placed.values()].toSorted().at(-1);
    for (const [key, at] of placed) if (at < start && at !== newest) placed.delete(key);
  }

  /** When the ERP took nothing in since the oldest of the orders is on its way. */
  function frozenSince(orders: readonly UnconfirmedOrder[], now: string): readonly Period[] {
    const { freezeWindow, zone } = site.erp;
    const [oldest] = orders.map(({ since }) => since).toSorted();
    if (freezeWindow === null || oldest === undefined) return [];
    return shiftsBetween(oldest, now, { zone, workdays: EVERY_DAY, ...freezeWindow, holidays: [] });
  }

  /** Of what the orders have open; all of a site's stock is too much for every minute. */
  async function physicalStock(orders: readonly OpenOrder[]): Promise<PhysicalOf> {
    const wanted = new Set(orders.flatMap(({ open }) => open.map(({ item }) => item)));
    const rows = new Map<string, PhysicalUnits>();
    for (const of of wanted.size > 0 ? countedWarehouses(site.stock) : []) {
      const part = await bluecherry.inventory.store.part(of);
      if (!part) continue;
      for (const { sku, buckets } of part.rows) {
        const item = skuKey(sku);
        const { onHand, picked } = buckets;
        if (wanted.has(item)) rows.set(`${item}\n${partName(of)}`, { onHand, picked, asOf: part.asOf });
      }
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
