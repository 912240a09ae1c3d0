import { createHash } from 'node:crypto';

import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
} from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';

import type { Site } from '../config/site.ts';
import type { FeedInput } from '../workflows/feed-steps.ts';
import { attributes } from '../workflows/search-attributes.ts';
import { ordersQueue } from '../workflows/task-queues.ts';

export type FeedName = 'poll-purchases' | 'poll-erp-documents' | 'sweep-purchases';

export function scheduleId(feed: FeedName, site: string): string {
  return `${feed}:${site}`;
}

interface Feed {
  readonly name: FeedName;
  readonly workflowType: string;
  readonly intervalSeconds: number;
  readonly note: string;
}

/** The schedules of a site, declared here and nowhere else. */
export function feedsOf(site: Site): readonly Feed[] {
  return [
    {
      name: 'poll-purchases',
      workflowType: 'pollPurchases',
      intervalSeconds: site.intake.intervalSeconds,
      note: 'New and changed purchases become orders',
    },
    {
      name: 'poll-erp-documents',
      workflowType: 'pollErpDocuments',
      intervalSeconds: site.erpPoll.intervalSeconds,
      note: 'The ERP’s import log and sales orders are told to the orders',
    },
    {
      name: 'sweep-purchases',
      workflowType: 'sweepPurchases',
      intervalSeconds: site.sweep.intervalMinutes * 60,
      note: 'Withdrawn purchases are noticed',
    },
  ];
}

export type Applied = 'created' | 'updated' | 'unchanged';

/**
 * Makes the schedules as declared; an operator's pause is kept. Compares a hash in the action's memo: the server gives
 * specs back in another form than they were sent in.
 */
export async function applySchedules(
  client: Client,
  site: Site,
): Promise<readonly { readonly id: string; readonly result: Applied }[]> {
  return Promise.all(
    feedsOf(site).map(async (feed) => {
      const options = optionsOf(site, feed);
      return { id: options.scheduleId, result: await applySchedule(client, options) };
    }),
  );
}

/** What the server has for a site; null = the schedule is missing. */
export async function describeSchedules(
  client: Client,
  site: Site,
): Promise<
  readonly { readonly id: string; readonly note: string; readonly description: ScheduleDescription | null }[]
> {
  return Promise.all(
    feedsOf(site).map(async ({ name, note }) => {
      const id = scheduleId(name, site.name);
      const description = await client.schedule.getHandle(id).describe().catch(missing);
      return { id, note, description };
    }),
  );
}

async function applySchedule(client: Client, options: ScheduleOptions): Promise<Applied> {
  try {
    await client.schedule.create(options);
    return 'created';
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  const handle = client.schedule.getHandle(options.scheduleId);
  const { action } = await handle.describe();
  if (action.type === 'startWorkflow' && action.memo?.['specHash'] === options.action.memo?.['specHash'])
    return 'unchanged';
  await handle.update((previous) => ({ ...options, state: previous.state }));
  return 'updated';
}

function optionsOf(site: Site, { name, workflowType, intervalSeconds, note }: Feed) {
  const id = scheduleId(name, site.name);
  const input: FeedInput = { site: site.name, intervalSeconds };
  const spec: ScheduleOptions['spec'] = {
    intervals: [{ every: `${intervalSeconds}s` }],
    jitter: intervalSeconds > 10 ? '2s' : '0s',
    timezone: 'UTC',
  };
  const policies = { overlap: 'SKIP', catchupWindow: `${Math.max(intervalSeconds, 10)}s` } as const;
  const specHash = createHash('sha256')
    .update(JSON.stringify({ workflowType, input, spec, policies }))
    .digest('hex')
    .slice(0, 16);
  return {
    scheduleId: id,
    spec,
    policies,
    state: { note },
    action: {
      type: 'startWorkflow',
      workflowType,
      workflowId: id,
      taskQueue: ordersQueue(site.name),
      args: [input],
      memo: { specHash },
      staticSummary: note,
      typedSearchAttributes: new TypedSearchAttributes([{ key: attributes.Site, value: site.name }]),
    },
  } satisfies ScheduleOptions;
}

function missing(error: unknown): null {
  if (error instanceof ScheduleNotFoundError) return null;
  throw error;
}
