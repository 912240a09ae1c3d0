import { randomUUID } from 'node:crypto';

import type { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';

import type { Site } from '../config/site.ts';
import type { GuardOverride } from '../domain/findings.ts';
import { feedsOf, intervalOf, type FeedName } from '../workers/schedules.ts';
import type { FeedInput } from '../workflows/feed-steps.ts';
import { attributes } from '../workflows/search-attributes.ts';
import { ordersQueue } from '../workflows/task-queues.ts';

/**
 * Runs a feed once, out of its schedule, as its schedule would: found under its site like every other run, and answered
 * with its report. `Feed` is the type of its workflow.
 */
export async function runFeedNow<Feed extends (input: FeedInput) => Promise<unknown>>(
  client: Client,
  site: Site,
  name: FeedName,
  override: GuardOverride | null = null,
): Promise<Awaited<ReturnType<Feed>>> {
  const feed = feedsOf(site).find((each) => each.name === name);
  if (!feed) throw new Error(`the site has no feed ${name}`);
  const input: FeedInput = { site: site.name, intervalSeconds: intervalOf(feed.timing), override };
  return client.workflow.execute<(input: FeedInput) => Promise<Awaited<ReturnType<Feed>>>>(feed.workflowType, {
    workflowId: `${name}:${site.name}:by-hand-${randomUUID()}`,
    taskQueue: ordersQueue(site.name),
    args: [input],
    staticSummary: `${feed.note}; by hand`,
    typedSearchAttributes: new TypedSearchAttributes([{ key: attributes.Site, value: site.name }]),
  });
}
