import type { Site } from '../config/site.ts';
import type { BlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import type { Outcome } from '../domain/preview/compare-outcomes.ts';
import { compareStock, type StockUnder } from '../domain/preview/compare-stock.ts';
import { previewSite, type Preview, type PreviewedOrder } from '../domain/preview/preview.ts';
import { isWhollyCancelled } from '../domain/purchase-lines.ts';
import { purchaseKeyText, type Purchase, type StorefrontCustomer } from '../domain/purchase.ts';
import type { Call } from './calls.ts';
import { inParallel } from './in-parallel.ts';
import { createKnownStockReader } from './known-stock.ts';
import { prepareAsPlaced } from './prepare-as-placed.ts';
import { createRecentReader } from './read-recent-orders.ts';
import type { StockMemory } from './stock-memory.ts';

export interface PreviewDependencies {
  /** The site file in use; both systems are read by its connections. */
  readonly site: Site;
  /** The changed one. */
  readonly changed: Site;
  readonly sparklayer: SparkLayer;
  readonly bluecherry: BlueCherry;
  readonly memory: StockMemory;
  readonly clock: () => Date;
  readonly log: { warn(fields: object, message: string): void };
}

const AT_ONCE = 4;
const FIRST_DAYS = 30;
const TIMES_MORE = 4;
const DAY_MS = 86_400_000;

/**
 * Which of the latest purchases, and which published figures of stock, would come out differently under a changed site
 * file. Only reads; of stock the figures that are kept.
 */
export async function runPreview(tools: PreviewDependencies, most: number, call: Call): Promise<Preview> {
  const { site, changed } = tools;
  const { purchases, unread } = await readLatest(tools, most, call);
  const buyers = new Map<string, StorefrontCustomer | null>();
  const orders: PreviewedOrder[] = [];
  await inParallel(purchases, AT_ONCE, async (purchase) => {
    const buyer = await buyerOf(purchase);
    const before = await prepareUnder(tools, site, { purchase, buyer }, call);
    const after = await prepareUnder(tools, changed, { purchase, buyer }, call);
    const total = [before, after].find((outcome) => 'total' in outcome);
    orders.push({
      key: purchaseKeyText(purchase.key),
      number: purchase.identifiers.visible ?? purchaseKeyText(purchase.key),
      currency: purchase.currency ?? '',
      total: total && 'total' in total ? total.total : '0',
      before,
      after,
    });
  });
  return previewSite({
    site: site.name,
    before: site.version,
    after: changed.version,
    orders,
    stock: compareStock(await stockUnder(tools, site, call), await stockUnder(tools, changed, call)),
    notLookedAt: [
      ...(purchases.length < most ? [`There are ${purchases.length} orders since the go-live, not ${most}.`] : []),
      ...(unread > 0 && purchases.length < most ? [`${unread} orders cannot be read.`] : []),
      ...(JSON.stringify([site.erp, site.storefront]) === JSON.stringify([changed.erp, changed.storefront])
        ? []
        : ['Connections differ: both systems were read by those of the file in use.']),
    ],
  });

  async function buyerOf({ buyer }: Purchase): Promise<StorefrontCustomer | null> {
    if (buyer === null) return null;
    if (!buyers.has(buyer)) buyers.set(buyer, await tools.sparklayer.getCustomer(buyer, call));
    return buyers.get(buyer) ?? null;
  }
}

/** Looks further back until there are enough, or all since the go-live. */
async function readLatest({ site, changed, sparklayer, clock }: PreviewDependencies, most: number, call: Call) {
  const types = [...new Set([...site.intake.types, ...changed.intake.types])];
  const intake = { ...site.intake, types };
  const reader = createRecentReader<Purchase>({ site: { intake }, sparklayer, clock }, (purchase) => purchase);
  const goLive = Math.min(Date.parse(site.goLive), Date.parse(changed.goLive));
  const longest = Math.ceil((clock().getTime() - goLive) / DAY_MS) + 1;
  for (let days = FIRST_DAYS; ; days *= TIMES_MORE) {
    const { orders, unread } = await reader.read(Math.min(days, longest), most, call);
    if (orders.length >= most || days >= longest)
      return { purchases: orders.filter((purchase) => !isWhollyCancelled(purchase)), unread };
  }
}

/** As the order's own preparation would have it, had the purchase just been placed: what was shipped counts as ordered. */
async function prepareUnder(
  { bluecherry, clock }: PreviewDependencies,
  site: Site,
  { purchase, buyer }: { readonly purchase: Purchase; readonly buyer: StorefrontCustomer | null },
  call: Call,
): Promise<Outcome> {
  if (!site.intake.types.includes(purchase.type)) return { kind: 'notTaken', why: `type ${purchase.type}` };
  if (purchase.placedAt === null || Date.parse(purchase.placedAt) < Date.parse(site.goLive))
    return { kind: 'notTaken', why: 'placed before the go-live' };
  const invoices = new Set(purchase.packages.flatMap(({ files }) => files));
  return (
    await prepareAsPlaced({ site, bluecherry, clock }, { purchase, buyer, invoices, customerOverride: null }, call)
  ).prepared;
}

async function stockUnder(tools: PreviewDependencies, site: Site, call: Call): Promise<StockUnder> {
  const known = await createKnownStockReader({ ...tools, site, orders: NO_RUNNING_ORDERS }).read(call);
  return { index: known.index, items: known.sold.items };
}

/** The storefront’s list and the ERP’s import log tell nearly all of them; the rest is the same under both files. */
const NO_RUNNING_ORDERS = {
  async *unacceptedOrders(): AsyncIterable<string> {},
  stateOf: () => Promise.resolve(null),
};
