import type { Client } from '@temporalio/client';

import type { Site } from '../../config/site.ts';
import type { FeedReport } from '../../domain/findings.ts';
import { feedsOf } from '../../workers/schedules.ts';
import type { loadSite } from '../../workflows/index.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';

/** What one feed did, for the account. */
export interface DemoFeed {
  readonly feed: string;
  readonly figures: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly code: string; readonly count: number; readonly says: string }[];
}

const LONGEST_SECONDS = 120;

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

function toDemoFeed(feed: string, { stats, findings }: FeedReport): DemoFeed {
  return {
    feed,
    // What did not happen is not told.
    figures: Object.fromEntries(Object.entries(stats).filter(([, value]) => value !== 0)),
    findings: findings.map(({ code, count, says }) => ({ code, count, says })),
  };
}
