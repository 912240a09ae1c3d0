import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import Table from 'cli-table3';

import type { ErpFeedResult } from '../../activities/erp-feed-activities.ts';
import type { Waits } from '../../connectors/bluecherry/governor.ts';
import { parsePurchaseKey } from '../../domain/purchase.ts';
import { referenceOf } from '../../domain/storefront-reference.ts';
import type { FeedInput } from '../../workflows/feed-steps.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';
import { print, printJson, say } from '../program.ts';
import {
  accepted,
  checkOut,
  DEFAULT_PACE,
  LIMITS,
  onBenchGround,
  startBenchSite,
  type BenchSite,
  type Ground,
} from './bench-site.ts';
import { median } from './measuring.ts';
import { shown } from './show-feed.ts';

export interface BenchLatency {
  /** How long orders come in quiet, and as long again while the inventory is read. */
  readonly seconds: number;
  readonly json: boolean;
}

const SITE = 'latency';
/** 36,000 rows of stock: more calls than a phase has. */
const EXTRA_STYLES = 3_000;
const ORDER_EVERY_MS = 12_000;
const IMPORT_EVERY_MS = 60_000;
/** What a call takes over the wire and in the ERP; the stand-in alone answers in a few. */
const CALL_MS = 400;
const DAY_SECONDS = 24 * 3_600;
const LOOK_EVERY_MS = 500;
const POST = 'POST /api/salesOrder';
const INVENTORY = 'GET /api/inventory';

interface Phase {
  readonly orders: number;
  /** Calls of orders that the governor let through, and what they waited. */
  readonly orderCalls: number;
  readonly delayedShare: number;
  readonly meanWaitMs: number;
  readonly longestWaitMs: number;
  readonly secondsUntilSentMedian: number;
  readonly secondsUntilSentMost: number;
  readonly inventoryCalls: number;
  readonly allCalls: number;
  readonly refusedByRateLimit: number;
}

/**
 * What orders lose while a full inventory is read under the contract's limits: one comes every few seconds, first in
 * quiet, then beside the reading. The waits are those that every run over the ERP's documents tells.
 */
export async function benchLatency({ seconds, json }: BenchLatency): Promise<void> {
  await onBenchGround(async (ground) => {
    say('reference data is read …');
    const site = await startBenchSite(
      ground,
      SITE,
      {
        ...DEFAULT_PACE,
        limits: LIMITS,
        importCycleSeconds: IMPORT_EVERY_MS / 1000,
        refreshCatalogueSeconds: DAY_SECONDS,
      },
      { limits: LIMITS, autoImportEveryMs: IMPORT_EVERY_MS, extraStyles: EXTRA_STYLES },
    );
    site.erp.faults.add({ kind: 'slow', ms: CALL_MS, times: Number.POSITIVE_INFINITY });
    await accepted(site, checkOut(site, 1));
    say(`orders in quiet, ${seconds} s …`);
    const quiet = await phase(ground, site, seconds);
    await startReading(ground, site);
    say(`orders while the inventory is read, ${seconds} s …`);
    const reading = await phase(ground, site, seconds);
    await site.stop();
    const machine = `${cpus().length} × ${cpus()[0]?.model ?? ''}`;
    if (json) return printJson({ machine, callMs: CALL_MS, quiet, reading });
    const table = new Table({ head: [`measured (${machine})`, 'in quiet', 'while the inventory is read'] });
    for (const name of FIGURES) table.push([name, shown(quiet[name]), shown(reading[name])]);
    print(table.toString());
  });
}

const FIGURES = [
  'orders',
  'orderCalls',
  'delayedShare',
  'meanWaitMs',
  'longestWaitMs',
  'secondsUntilSentMedian',
  'secondsUntilSentMost',
  'inventoryCalls',
  'allCalls',
  'refusedByRateLimit',
] as const satisfies readonly (keyof Phase)[];

async function startReading({ temporal }: Ground, { erp }: BenchSite): Promise<void> {
  await temporal.client.workflow.start<(input: FeedInput) => Promise<unknown>>('syncInventory', {
    workflowId: `syncInventory:${SITE}:bench`,
    taskQueue: ordersQueue(SITE),
    args: [{ site: SITE, intervalSeconds: DAY_SECONDS, override: null }],
  });
  while (erp.calls(INVENTORY).length < LIMITS.burstPerSecond) await pause(LOOK_EVERY_MS);
}

async function phase(ground: Ground, site: BenchSite, seconds: number): Promise<Phase> {
  await nextPoll(ground);
  const from = site.erp.calls().length;
  const startedAt = new Date();
  const placed: { readonly key: string; readonly at: number }[] = [];
  while (Date.now() - startedAt.getTime() < seconds * 1000) {
    for (const key of checkOut(site, 1)) placed.push({ key, at: Date.now() });
    await pause(ORDER_EVERY_MS);
  }
  const waits = await waitsBetween(ground, startedAt, await nextPoll(ground));
  const calls = site.erp.calls().slice(from);
  const sent = placed.flatMap(({ key, at }) => {
    const parsed = parsePurchaseKey(key);
    const reference = parsed && referenceOf(parsed);
    const post = calls.find(({ route, references }) => route === POST && references.includes(reference ?? ''));
    return post ? [(post.at.getTime() - at) / 1000] : [];
  });
  const orderCalls = waits.reduce((sum, { calls: count }) => sum + count, 0);
  return {
    orders: sent.length,
    orderCalls,
    delayedShare: waits.reduce((sum, { delayed }) => sum + delayed, 0) / orderCalls,
    meanWaitMs: waits.reduce((sum, { calls: count, meanMs }) => sum + count * meanMs, 0) / orderCalls,
    longestWaitMs: Math.max(...waits.map(({ longestMs }) => longestMs)),
    secondsUntilSentMedian: median(sent),
    secondsUntilSentMost: Math.max(...sent),
    inventoryCalls: calls.filter(({ route }) => route === INVENTORY).length,
    allCalls: calls.length,
    refusedByRateLimit: calls.filter(({ status }) => status === 429).length,
  };
}

/** Waits of orders' calls, as the runs over the ERP's documents that ended in between told them. */
async function waitsBetween({ temporal }: Ground, from: Date, until: Date): Promise<readonly Waits[]> {
  const waits: Waits[] = [];
  for await (const { workflowId, runId, closeTime } of polls(temporal.client)) {
    if (!closeTime || closeTime <= from || closeTime > until) continue;
    const result: ErpFeedResult = await temporal.client.workflow.getHandle(workflowId, runId).result();
    waits.push(result.waits.order);
  }
  return waits;
}

/** Waits for the next run over the ERP's documents and answers when it ended: the counts begin anew with it. */
async function nextPoll({ temporal }: Ground): Promise<Date> {
  const from = new Date();
  for (;;) {
    for await (const { closeTime } of polls(temporal.client)) if (closeTime && closeTime > from) return closeTime;
    await pause(LOOK_EVERY_MS);
  }
}

function polls(client: Ground['temporal']['client']) {
  return client.workflow.list({ query: `WorkflowType = 'pollErpDocuments' AND ExecutionStatus = 'Completed'` });
}
