import { isDeepStrictEqual } from 'node:util';

import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  type Client,
  type ScheduleDescription,
  type ScheduleOptions,
} from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';

import type { FeedTiming } from '../config/schedules-section.ts';
import type { Site } from '../config/site.ts';
import type { FeedInput } from '../workflows/feed-steps.ts';
import { attributes } from '../workflows/search-attributes.ts';
import { ordersQueue } from '../workflows/task-queues.ts';
import { shapeOf, type ShapedSchedule } from './schedule-shape.ts';
import { scheduleSpec } from './schedule-spec.ts';

export const FEED_NAMES = [
  'poll-purchases',
  'poll-erp-documents',
  'sweep-purchases',
  'sync-inventory',
  'sync-products',
  'sync-prices',
  'sync-customers',
  'prove-completeness',
  'audit-site',
  'report-exceptions',
  'report-month-end',
  'watch-site',
  'check-drift',
] as const;

export type FeedName = (typeof FEED_NAMES)[number];

export function scheduleId(feed: FeedName, site: string): string {
  return `${feed}:${site}`;
}

export interface Feed {
  readonly name: FeedName;
  readonly workflowType: string;
  readonly timing: FeedTiming;
  /** Whether the site runs it at all. */
  readonly isOn: boolean;
  readonly note: string;
}

/** The schedules of a site, declared here and nowhere else. */
export function feedsOf(site: Site): readonly Feed[] {
  const { feeds } = site.schedules;
  return [
    {
      name: 'poll-purchases',
      workflowType: 'pollPurchases',
      timing: everySeconds(site.intake.intervalSeconds),
      isOn: true,
      note: 'New and changed purchases become orders',
    },
    {
      name: 'poll-erp-documents',
      workflowType: 'pollErpDocuments',
      timing: everySeconds(site.erpPoll.intervalSeconds),
      isOn: true,
      note: 'The ERP’s import log, orders, picks, invoices and credits are told to the orders',
    },
    {
      name: 'sweep-purchases',
      workflowType: 'sweepPurchases',
      timing: everySeconds(site.sweep.intervalMinutes * 60),
      isOn: true,
      note: 'Withdrawn purchases are noticed',
    },
    {
      name: 'sync-inventory',
      workflowType: 'syncInventory',
      timing: feeds.syncInventory,
      isOn: site.stock.writes === 'on',
      note: 'What can be sold now reaches the storefront',
    },
    {
      name: 'sync-products',
      workflowType: 'syncProducts',
      timing: feeds.syncProducts,
      isOn: site.catalogue.mode !== 'off',
      note: 'Styles, colours and sizes reach the storefront',
    },
    {
      name: 'sync-prices',
      workflowType: 'syncPrices',
      timing: feeds.syncPrices,
      isOn: site.pricing.lists.length > 0,
      note: 'Prices of the ERP reach the lists that are the ERP’s; what did not reach the others is told',
    },
    {
      name: 'sync-customers',
      workflowType: 'syncCustomers',
      timing: feeds.syncCustomers,
      isOn: site.customers.mode !== 'off',
      note: 'Terms, credit and price lists reach the storefront’s customers',
    },
    {
      name: 'prove-completeness',
      workflowType: 'proveCompleteness',
      timing: feeds.proveCompleteness,
      isOn: true,
      note: 'Every purchase is accounted for, or started and reported',
    },
    {
      name: 'report-exceptions',
      workflowType: 'reportExceptions',
      timing: feeds.reportExceptions,
      isOn: true,
      note: 'The day’s exception report is written, and mailed to the owners',
    },
    {
      name: 'report-month-end',
      workflowType: 'reportMonthEnd',
      timing: feeds.reportMonthEnd,
      isOn: true,
      note: 'The pack of the month before is made, and mailed to finance',
    },
    {
      name: 'audit-site',
      workflowType: 'auditSite',
      timing: feeds.auditSite,
      isOn: true,
      note: 'What either side lacks is found before an order meets it',
    },
    {
      name: 'watch-site',
      workflowType: 'watchSite',
      timing: feeds.watchSite,
      isOn: true,
      note: 'Feeds that fail, schedules that stand still and orders that do not move are told within a minute',
    },
    {
      name: 'check-drift',
      workflowType: 'checkDrift',
      timing: feeds.checkDrift,
      isOn: site.stock.writes === 'on' || site.pricing.lists.length > 0,
      note: 'Published stock and prices are read back, and every difference gets its cause',
    },
  ];
}

export type Applied = 'created' | 'updated' | 'unchanged' | 'removed';

/** Makes the schedules as declared; an operator's pause is kept, and one that is declared no more is removed. */
export async function applySchedules(
  client: Client,
  site: Site,
): Promise<readonly { readonly id: string; readonly result: Applied }[]> {
  const results = await Promise.all(
    feedsOf(site).map(async (feed): Promise<{ readonly id: string; readonly result: Applied | null }> => {
      const id = scheduleId(feed.name, site.name);
      return { id, result: feed.isOn ? await applySchedule(client, optionsOf(site, feed)) : await remove(client, id) };
    }),
  );
  return results.flatMap(({ id, result }) => (result === null ? [] : [{ id, result }]));
}

/** How a schedule on the server stands against its declaration. */
export type ScheduleState = 'asDeclared' | 'missing' | 'altered' | 'paused' | 'undeclared' | 'off';

export interface ComparedSchedule {
  readonly id: string;
  readonly feed: Feed;
  readonly state: ScheduleState;
  /** What the server has; null = nothing. */
  readonly description: ScheduleDescription | null;
}

/**
 * What the server has for a site, or for one of its feeds, against what is declared. A paused one that was altered too
 * counts as altered.
 */
export async function compareSchedules(
  client: Client,
  site: Site,
  only: FeedName | null = null,
): Promise<readonly ComparedSchedule[]> {
  const feeds = feedsOf(site).filter(({ name }) => only === null || name === only);
  return Promise.all(
    feeds.map(async (feed) => {
      const id = scheduleId(feed.name, site.name);
      const description = await client.schedule.getHandle(id).describe().catch(missing);
      return { id, feed, state: stateOf(site, feed, description), description };
    }),
  );
}

function stateOf(site: Site, feed: Feed, description: ScheduleDescription | null): ScheduleState {
  if (!feed.isOn) return description === null ? 'off' : 'undeclared';
  if (description === null) return 'missing';
  if (!isAlike(description, optionsOf(site, feed))) return 'altered';
  return description.state.paused ? 'paused' : 'asDeclared';
}

async function applySchedule(client: Client, options: ReturnType<typeof optionsOf>): Promise<Applied> {
  try {
    await client.schedule.create(options);
    return 'created';
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  const handle = client.schedule.getHandle(options.scheduleId);
  if (isAlike(await handle.describe(), options)) return 'unchanged';
  await handle.update(({ state: { paused, note = options.state.note } }) => ({ ...options, state: { paused, note } }));
  return 'updated';
}

function isAlike(one: ShapedSchedule, other: ShapedSchedule): boolean {
  return isDeepStrictEqual(shapeOf(one), shapeOf(other));
}

async function remove(client: Client, id: string): Promise<Applied | null> {
  try {
    await client.schedule.getHandle(id).delete();
    return 'removed';
  } catch (error) {
    return missing(error);
  }
}

function optionsOf(site: Site, { name, workflowType, timing, note }: Feed) {
  const id = scheduleId(name, site.name);
  const input: FeedInput = { site: site.name, intervalSeconds: intervalOf(timing), override: null };
  return {
    scheduleId: id,
    spec: scheduleSpec(timing, site.schedules.zone),
    policies: { overlap: 'SKIP', catchupWindow: Math.round(timing.catchUpSeconds * 1000), pauseOnFailure: false },
    state: { note },
    action: {
      type: 'startWorkflow',
      workflowType,
      workflowId: id,
      taskQueue: ordersQueue(site.name),
      args: [input],
      staticSummary: note,
      typedSearchAttributes: new TypedSearchAttributes([{ key: attributes.Site, value: site.name }]),
    },
  } satisfies ScheduleOptions;
}

const A_DAY_SECONDS = 24 * 3600;

/** Seconds from one run to the next, within the feed's window; of what runs once a month a day. */
export function intervalOf({ when }: FeedTiming): number {
  return when.kind === 'at' ? A_DAY_SECONDS : when.seconds;
}

/** The schedules that are on, with how often they run. */
export function schedulesInUse(
  site: Site,
): readonly { readonly name: FeedName; readonly note: string; readonly everySeconds: number }[] {
  return feedsOf(site)
    .filter(({ isOn }) => isOn)
    .map(({ name, note, timing }) => ({ name, note, everySeconds: intervalOf(timing) }));
}

/** Jitter would swallow a cadence of seconds. */
function everySeconds(seconds: number): FeedTiming {
  return {
    when: { kind: 'every', seconds },
    between: null,
    jitterSeconds: seconds > 10 ? 2 : 0,
    catchUpSeconds: Math.max(seconds, 10),
  };
}

function missing(error: unknown): null {
  if (error instanceof ScheduleNotFoundError) return null;
  throw error;
}
