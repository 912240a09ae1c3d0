import type { Site } from '../config/site.ts';
import type { CallOptions, SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { toRecentOrder, type RecentOrder } from '../domain/pricing/recent-order.ts';
import { purchaseKeyText, type Purchase, type PurchaseKey, type PurchaseSummary } from '../domain/purchase.ts';
import { inParallel } from './in-parallel.ts';
import { isVendorError } from './failures.ts';
import { listPurchases } from './list-purchases.ts';
import { createPatience, type Patience } from './patience.ts';

export interface RecentOrders<Kept = RecentOrder> {
  /** The latest first. */
  readonly orders: readonly Kept[];
  /** Placed in the time, and not looked into: beyond the bound, or not to be understood. */
  readonly unread: number;
}

/** Reads the storefront's orders of the last days. A list tells no lines, so each costs a read; each is read once. */
export interface RecentOrderReader<Kept = RecentOrder> {
  read(days: number, most: number, call: CallOptions): Promise<RecentOrders<Kept>>;
}

export interface RecentOrdersOf {
  readonly site: Pick<Site, 'intake'>;
  readonly sparklayer: Pick<SparkLayer, 'listPurchases' | 'getPurchase'>;
  readonly clock: () => Date;
}

const AT_ONCE = 4;
const DAY_MS = 86_400_000;

export function createRecentOrderReader(of: RecentOrdersOf): RecentOrderReader {
  return createRecentReader(of, toRecentOrder);
}

/** The same with what somebody else keeps of an order. */
export function createRecentReader<Kept>(
  { site, sparklayer, clock }: RecentOrdersOf,
  keep: (purchase: Purchase) => Kept,
): RecentOrderReader<Kept> {
  /** Of the last reading: an order that has not changed since is not read again. */
  let known = new Map<string, Kept | null>();
  return {
    async read(days, most, call) {
      const since = new Date(clock().getTime() - days * DAY_MS).toISOString();
      const { rows, unreadable } = await listPurchases({ site, sparklayer }, { placedSince: since }, call);
      const placed = rows.filter(({ key }) => key !== null);
      const newest = placed
        .toSorted((left, right) => timeOf(right) - timeOf(left))
        .slice(0, most)
        .flatMap(({ key, updatedAt }) => (key ? [{ key, version: `${purchaseKeyText(key)} ${updatedAt}` }] : []));
      const read = new Map<string, Kept | null>();
      const patience = createPatience();
      await inParallel(newest, AT_ONCE, async ({ key, version }) => {
        const before = known.get(version);
        const order = before === undefined ? await readOne(key, patience, call) : before;
        if (order !== 'unread') read.set(version, order);
      });
      known = read;
      const orders = newest.map(({ version }) => read.get(version) ?? null).filter((order) => order !== null);
      return { orders, unread: unreadable.length + placed.length - orders.length };
    },
  };

  /** One that is gone, or that cannot be read, must not stop what all the others tell. */
  async function readOne(key: PurchaseKey, patience: Patience, call: CallOptions): Promise<Kept | null | 'unread'> {
    try {
      const purchase = await sparklayer.getPurchase(key, call);
      patience.answered();
      return purchase && keep(purchase);
    } catch (error) {
      if (!patience.bears(error)) throw error;
      // Only what it says in another form than agreed stays so until it changes.
      return isVendorError(error) && error.code === 'SCHEMA_DRIFT' ? null : 'unread';
    }
  }
}

function timeOf({ placedAt, updatedAt }: PurchaseSummary): number {
  return Date.parse(placedAt ?? updatedAt);
}
