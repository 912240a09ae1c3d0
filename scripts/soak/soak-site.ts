import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { Worker } from '@temporalio/worker';
import { parse, stringify } from 'yaml';

import type { GuardOverride } from '../../domain/findings.ts';
import type { OrderState } from '../../domain/order-state.ts';
import { startBlueCherry, type BlueCherryStandIn } from '../../sandbox/bluecherry/stand-in.ts';
import { startSparkLayer, type SparkLayerStandIn } from '../../sandbox/sparklayer/stand-in.ts';
import { attributes } from '../../workflows/search-attributes.ts';
import { ordersQueue, orderWorkflowId } from '../../workflows/task-queues.ts';
import { demoSiteText } from '../demo/demo-site.ts';
import type { OrderWorkflowCase } from './judge.ts';

/** A Temporal server and the bundled workflows: what every soak needs and none starts by itself. */
export interface SoakGround {
  readonly client: Client;
  readonly address: string;
  /** File with the bundled workflows. */
  readonly bundle: string;
  /** Where sites keep their journals; the soak leaves nothing in it. */
  readonly folder: string;
}

export type Feed = 'pollPurchases' | 'pollErpDocuments' | 'sweepPurchases';

/** A whole site under test: both stand-ins in this process, the workers in one of their own that may be killed. */
export interface SoakSite {
  readonly storefront: SparkLayerStandIn;
  readonly erp: BlueCherryStandIn;
  /** One pass; rejects when the pass failed. */
  readonly runFeed: (feed: Feed) => Promise<void>;
  /** A person presses a button; rejects when the order refuses. */
  readonly repair: (key: string, kind: string, more: Readonly<Record<string, string>>) => Promise<void>;
  /** null = there is no order of this key, or nobody answered. */
  readonly stateOf: (key: string) => Promise<OrderState | null>;
  readonly describe: (key: string) => Promise<OrderWorkflowCase | null>;
  /** Waits until the order is where it is wanted, but no longer than that. */
  readonly comesTo: (key: string, isThere: (state: OrderState) => boolean, ms: number) => Promise<void>;
  /** As a power cut would. A new worker starts at once; it need not be waited for. */
  readonly killWorker: () => Promise<void>;
  readonly workerIsUp: () => Promise<void>;
  /** Null = it could not be read. */
  readonly historyOf: (key: string) => Promise<unknown>;
  /** Orders whose recorded history a fresh worker could not go on with, and why. */
  readonly notReplayed: (keys: readonly string[]) => Promise<readonly string[]>;
  /** Deaths of workers that nobody wanted; another one was started each time. */
  readonly crashes: () => readonly string[];
  readonly stop: () => Promise<void>;
}

/** Waits of a second instead of minutes, as in the tests, and time-outs that faults can reach. */
const ERP_PACING = {
  limits: 'none',
  requestTimeoutSeconds: 1.5,
  writeTimeoutSeconds: 1.5,
  waitForOthersMs: 5,
  importCycleSeconds: 1,
  importOverdueSeconds: 6,
  lateArrivalSeconds: 2.5,
  firstLookSeconds: 0.5,
  longestLookGapSeconds: 1,
  credentialProbeSeconds: 1,
  overlapMinutes: 1,
} as const;
const STOREFRONT_PACING = { requestTimeoutSeconds: 1.5 } as const;
const FEED_INTERVAL_SECONDS = 10;
/** Buyers of a soak mean it, however many purchases they delete between two sweeps. */
const MANY_DELETIONS: GuardOverride = {
  guard: 'PURCHASES_VANISHED',
  actor: 'somebody@soak',
  reason: 'the soak deletes purchases',
};
/** Longer than any fault a pass may meet; what takes longer has failed. */
const FEED_TIMEOUT = '25s';
const ANSWER_MS = 15_000;
const LOOK_EVERY_MS = 100;
const PLENTY_OF_CREDIT = '90000000.00';

/** What installations differ in. */
export interface Installation {
  readonly writeMode: 'staged' | 'direct';
  /** Whether the ERP remembers control numbers; nothing may rely on it. */
  readonly controlNumberFence: boolean;
  /** Within this time a buyer's edits, and the ERP's events, fall together. Short: it is waited for thousands of times. */
  readonly settlingSeconds: 0 | 0.2;
}

export async function startSoakSite(
  ground: SoakGround,
  name: string,
  { writeMode, controlNumberFence, settlingSeconds }: Installation,
): Promise<SoakSite> {
  const { client } = ground;
  const folder = await mkdtemp(join(ground.folder, `${name}-`));
  const storefront = await startSparkLayer();
  const erp = await startBlueCherry({ writeMode, controlNumberFence });
  // A long soak would otherwise end with every order on a credit hold; the other customers keep their trouble.
  for (const customer of ['CUST-0042', 'ACME01', 'CHAIN01'])
    for (const division of ['01', '02']) erp.setCustomer(division, customer, { creditLimit: PLENTY_OF_CREDIT });
  const { text, variables } = demoSiteText({ storefront, erp }, { ...ERP_PACING, writeMode });
  const site = parse(text);
  const siteText = stringify({
    ...site,
    storefront: { ...site.storefront, ...STOREFRONT_PACING },
    amendments: { ...site.amendments, settleSeconds: settlingSeconds },
    progress: { ...site.progress, mergeSeconds: settlingSeconds },
  });
  const told = { address: ground.address, bundle: ground.bundle, siteName: name, siteText, variables, folder };
  const crashes: string[] = [];
  let passes = 0;
  let worker: SoakWorker = startWorker();
  await worker.ready;

  return {
    storefront,
    erp,

    async runFeed(feed) {
      passes += 1;
      await client.workflow.execute(feed, {
        workflowId: `${feed}:${name}:${passes}`,
        taskQueue: ordersQueue(name),
        args: [{ site: name, intervalSeconds: FEED_INTERVAL_SECONDS, override: MANY_DELETIONS }],
        workflowExecutionTimeout: FEED_TIMEOUT,
        // By it the next pass finds where this one ended.
        typedSearchAttributes: new TypedSearchAttributes([{ key: attributes.Site, value: name }]),
      });
    },

    async repair(key, kind, more) {
      const act = { actor: 'somebody@soak', reason: `the soak says ${kind}`, ...more };
      await inTime(() => handleOf(key).executeUpdate(kind, { args: [act] }));
    },

    stateOf,

    async describe(key) {
      const described = await inTime(() => handleOf(key).describe()).catch((error: unknown) => {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      });
      if (!described) return null;
      const taskAttempt = described.raw.pendingWorkflowTask?.attempt ?? 0;
      const taskFailure = taskAttempt > 1 ? await lastTaskFailure(key) : '';
      return { status: described.status.name, taskAttempt, taskFailure, state: await stateOf(key) };
    },

    async comesTo(key, isThere, ms) {
      const deadline = Date.now() + ms;
      while (Date.now() < deadline) {
        const state = await stateOf(key);
        if (state && isThere(state)) return;
        await pause(LOOK_EVERY_MS);
      }
    },

    async killWorker() {
      await worker.ready;
      await ended(worker, 'SIGKILL');
      worker = startWorker();
    },

    async historyOf(key) {
      const history = await inTime(() => handleOf(key).fetchHistory()).catch(() => null);
      return history && JSON.parse(historyToJSON(history));
    },

    async notReplayed(keys) {
      const failures: string[] = [];
      const histories = (async function* () {
        for (const key of keys) {
          const history = await inTime(() => handleOf(key).fetchHistory()).catch(() => null);
          if (history) yield { workflowId: orderWorkflowId(name, key), history };
        }
      })();
      const workflowBundle = { codePath: ground.bundle };
      for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories))
        if (error) failures.push(`${workflowId} does not replay: ${error.message}`);
      return failures;
    },

    workerIsUp: () => worker.ready,
    crashes: () => crashes,

    async stop() {
      await worker.ready;
      await ended(worker, 'SIGTERM');
      const query = `Site = '${name}' AND ExecutionStatus = 'Running'`;
      for await (const { workflowId } of client.workflow.list({ query }))
        await client.workflow
          .getHandle(workflowId)
          .terminate('the soak is over')
          .catch(() => undefined);
      await Promise.all([erp.close(), storefront.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };

  function handleOf(key: string) {
    return client.workflow.getHandle(orderWorkflowId(name, key));
  }

  /** A failing task leaves one event; the attempts after it leave none. */
  async function lastTaskFailure(key: string): Promise<string> {
    const { events } = await inTime(() => handleOf(key).fetchHistory());
    const failed = (events ?? []).findLast((event) => event.workflowTaskFailedEventAttributes);
    const failure = failed?.workflowTaskFailedEventAttributes?.failure;
    return [failure?.message, failure?.stackTrace].filter(Boolean).join(' ').slice(0, 1_500);
  }

  function stateOf(key: string): Promise<OrderState | null> {
    return inTime(() => handleOf(key).query<OrderState>('state')).catch(() => null);
  }

  function inTime<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    return client.withDeadline(Date.now() + ANSWER_MS, ask);
  }

  function startWorker(): SoakWorker {
    const script = new URL('../bench/worker-process.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [script], {
      env: { ...process.env, INSTEP_BENCH: JSON.stringify(told) },
      // By the channel it learns that we have gone.
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
    const started: SoakWorker = { child, ready, isToEnd: false };
    let isReady = false;
    child.stdout?.once('data', () => {
      isReady = true;
      resolve();
    });
    child.once('exit', (code, signal) => {
      const how = String(code ?? signal);
      reject(new Error(`the worker ended with ${how} before it was ready`));
      if (started.isToEnd || !isReady) return;
      crashes.push(`A worker ended by itself with ${how}.`);
      worker = startWorker();
    });
    // Whoever needs the worker waits for it; until then its failure is nobody's.
    ready.catch(() => undefined);
    return started;
  }
}

interface SoakWorker {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  /** We end it; else its end is a crash. */
  isToEnd: boolean;
}

async function ended(worker: SoakWorker, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const { child } = worker;
  worker.isToEnd = true;
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await exit;
}
