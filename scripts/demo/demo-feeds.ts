import type { Client } from '@temporalio/client';

import type { Site } from '../../config/site.ts';
import type { FeedReport } from '../../domain/findings.ts';
import { isKnown } from '../../domain/stock/available-to-sell.ts';
import { renderExplanation, type Explanation } from '../../domain/stock/explain-stock.ts';
import type { SparkLayerStandIn } from '../../sandbox/sparklayer/stand-in.ts';
import { feedsOf } from '../../workers/schedules.ts';
import type { explainStock, loadSite } from '../../workflows/index.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';

/** What one feed did, for the account. */
export interface DemoFeed {
  readonly feed: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly code: string; readonly count: number; readonly says: string }[];
}

/** A figure that the ERP shows too high, because it counts work orders as stock. */
export interface DemoStock {
  readonly sku: string;
  readonly location: string;
  /** What the ERP calls open to sell there. */
  readonly erpSays: number;
  /** What is really there and nobody's. */
  readonly physical: number;
  readonly published: number;
  /** By the storefront's own count. */
  readonly storefrontHas: number | null;
  /** The figure bucket by bucket. */
  readonly explained: readonly string[];
}

const LONGEST_SECONDS = 120;

/** Nearly sold out, and 250 of it on open work orders and in transit. */
export const MADE_TO_ORDER = {
  sku: 'AC-1001-NVY-M',
  codes: { division: '01', style: 'AC-1001', color: 'NVY', label: 'A', dimension: '', size: 'M' },
  warehouse: 'W01',
  sold: -4_980,
} as const;

/** The first load of the storefront: products, price lists and prices, stock, customers, in this order. */
export async function loadStorefront(client: Client, site: Site): Promise<readonly DemoFeed[]> {
  const report = await client.workflow.execute<typeof loadSite>('loadSite', {
    workflowId: `load:${site.name}`,
    taskQueue: ordersQueue(site.name),
    args: [
      {
        site: site.name,
        feeds: feedsOf(site)
          .filter(({ isOn }) => isOn)
          .map(({ workflowType }) => workflowType),
        longestSeconds: LONGEST_SECONDS,
      },
    ],
    staticSummary: 'First load',
  });
  return Object.entries(report).map(([feed, each]) => toDemoFeed(feed, each));
}

/** How a SKU of which the ERP counts goods that are still being made is sold; the place where it says most too much. */
export async function explainWorkOrders(
  client: Client,
  site: Site,
  storefront: SparkLayerStandIn,
): Promise<DemoStock | null> {
  const explanations = await client.workflow.execute<typeof explainStock>('explainStock', {
    workflowId: `explain-stock:${site.name}:${MADE_TO_ORDER.sku}`,
    taskQueue: ordersQueue(site.name),
    args: [{ site: site.name, sku: MADE_TO_ORDER.sku, location: null }],
    staticSummary: `Stock of ${MADE_TO_ORDER.sku}`,
  });
  const byExcess = explanations.toSorted((left, right) => excessOf(right) - excessOf(left));
  const [worst] = byExcess;
  if (!worst || excessOf(worst) === 0) return null;
  const { item, location, availability } = worst;
  return {
    sku: item.sku,
    location,
    erpSays: availability.perWarehouse.reduce(
      (units, { figures }) => units + (isKnown(figures) ? figures.buckets.openToSell : 0),
      0,
    ),
    physical: availability.physical,
    published: availability.published,
    storefrontHas: storefront.stock(item.sku)[location]?.stock_level ?? null,
    explained: renderExplanation(worst),
  };
}

function excessOf({ availability }: Explanation): number {
  return availability.perWarehouse.reduce((units, { overstatedBy }) => units + overstatedBy, 0);
}

function toDemoFeed(feed: string, { stats, findings }: FeedReport): DemoFeed {
  return {
    feed,
    // What did not happen is not told.
    figures: Object.fromEntries(Object.entries(stats).filter(([, value]) => value !== 0)),
    findings: findings.map(({ code, count, says }) => ({ code, count, says })),
  };
}
