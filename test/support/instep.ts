import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { Client, Connection } from '@temporalio/client';
import { inject } from 'vitest';

import type { Site } from '../../config/site.ts';
import type { OrderState, RepairRequest } from '../../domain/order-state.ts';
import { parsePurchaseKey } from '../../domain/purchase.ts';
import { referenceOf } from '../../domain/storefront-reference.ts';
import { startBlueCherry, type BlueCherryOptions, type JobName } from '../../sandbox/bluecherry/stand-in.ts';
import { startSparkLayer, type CheckoutInput, type SparkLayerOptions } from '../../sandbox/sparklayer/stand-in.ts';
import { runFeedNow } from '../../scripts/run-feed.ts';
import type { pollErpDocuments, pollPurchases, sweepPurchases } from '../../workflows/index.ts';
import * as messages from '../../workflows/messages.ts';
import { orderWorkflowId } from '../../workflows/task-queues.ts';
import { testSite } from './test-site.ts';
import { startWorkerHere } from './worker-here.ts';

export interface InstepOptions {
  readonly erp?: BlueCherryOptions;
  readonly storefront?: SparkLayerOptions;
  readonly site?: (site: Site) => Site;
  /** Another server than the one all tests share. */
  readonly address?: string;
  /** How many worker processes, which a test may kill; 0 = none yet. By default one worker in the test's own process. */
  readonly workers?: number;
}

export type Instep = Awaited<ReturnType<typeof startInstep>>;

/** An act without who and why; the harness signs it. */
type Unsigned = RepairRequest extends infer Each
  ? Each extends RepairRequest
    ? Omit<Each, 'actor' | 'reason'>
    : never
  : never;

const PATIENCE_MS = 25_000;
/** How often an order is looked at, and a poll that failed is tried again. */
const LOOK_EVERY_MS = 100;
const POLL_AGAIN_MS = 200;
/** Between two passes of the ERP's import job; orders look for themselves, too. */
const IMPORT_EVERY_MS = 400;

/** Nothing of an order is under way or due. */
export function isAtRest(state: OrderState): boolean {
  const isEach = [state, ...state.others].every(({ step }) => ['settled', 'parked', 'over'].includes(step.at));
  return state.step.at === 'finished' || (isEach && state.follow === null && state.revise === null);
}

/**
 * A whole site: both stand-ins, the real Temporal server and a worker, which a test may kill where it is a process. The
 * ERP's jobs run when a test says so, the feeds when a test asks for a pass; nothing runs on wall time.
 */
export async function startInstep(options: InstepOptions = {}) {
  const { namespace, bundle, address: shared } = inject('temporal');
  const address = options.address ?? shared;
  const name = `t${randomUUID().slice(0, 8)}`;
  const folder = await mkdtemp(join(tmpdir(), 'instep-test-'));
  const erp = await startBlueCherry(options.erp ?? {});
  const storefront = await startSparkLayer(options.storefront ?? {});
  const site = (options.site ?? ((made: Site) => made))(testSite(name, { storefront, erp }));
  const siteFile = join(folder, 'site.json');
  await writeFile(siteFile, JSON.stringify(site));
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  const processes = new Set<ChildProcess>();
  const here =
    options.workers === undefined ? await startWorkerHere({ site, address, namespace, bundle, folder }) : null;
  for (let index = 0; index < (options.workers ?? 0); index++) await startWorker();

  const instep = {
    name,
    erp,
    storefront,
    client,
    site,
    startWorker,
    /** Journal and caches of its workers. */
    dataFolder: join(folder, 'data'),

    /** A changed site file, read by workers that start from now on. */
    async rewritesSite(change: (site: Site) => Site): Promise<void> {
      await writeFile(siteFile, JSON.stringify(change(site)));
    },

    /** Kills every worker as a power cut would. */
    async killWorkers(): Promise<void> {
      if (here)
        throw new Error('A worker in the test’s own process cannot be killed: start the site with `workers: 1`.');
      await Promise.all([...processes].map((child) => ended(child, 'SIGKILL')));
    },

    /** A buyer places an order. The answer is its key. */
    checksOut(input: CheckoutInput): string {
      return String(storefront.checkout(input).purchase_identifiers.sparklayer);
    },

    async pollsPurchases() {
      return runFeedNow<typeof pollPurchases>(client, site, 'poll-purchases');
    },

    async pollsErp() {
      return runFeedNow<typeof pollErpDocuments>(client, site, 'poll-erp-documents');
    },

    /** Polls until a pass succeeds: a connection that was closed for a while opens by itself. */
    async untilPollsErp(): Promise<void> {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        const error = await instep.pollsErp().then(
          () => null,
          (failure: unknown) => failure,
        );
        if (error === null) return;
        if (Date.now() > deadline) throw new Error('the poll never succeeded', { cause: error });
        await pause(POLL_AGAIN_MS);
      }
    },

    async sweeps() {
      return runFeedNow<typeof sweepPurchases>(client, site, 'sweep-purchases');
    },

    /** The ERP works off what is staged, and its poller tells the orders. */
    async imports(): Promise<void> {
      erp.runJob('order_import');
      erp.runJob('credit_check');
      await instep.pollsErp();
    },

    /** The ERP's import job and its poller work in turn, whatever trouble there is, until the order is as a test wants it. */
    async importsUntil(
      key: string,
      wanted: (state: OrderState) => boolean,
      what = wanted.toString(),
    ): Promise<OrderState> {
      const deadline = Date.now() + PATIENCE_MS;
      while (Date.now() < deadline) {
        erp.runJob('order_import');
        erp.runJob('credit_check');
        await instep.untilPollsErp();
        const { last, isMet } = await watched(key, wanted, IMPORT_EVERY_MS);
        if (last && isMet) return last;
      }
      return instep.until(key, wanted, what);
    },

    /** The ERP's jobs in the order of a day, then its poller. */
    async erpRuns(...jobs: readonly JobName[]): Promise<void> {
      for (const job of jobs) erp.runJob(job);
      await instep.pollsErp();
    },

    /** Takes the order's stock out of the warehouse and bills it. */
    ships: () => instep.erpRuns('allocation', 'pick_release', 'ship_confirm', 'invoicing'),

    /** An edit of the buyer, seen and brought to the ERP; waits until both sides were read after it. */
    async amended(key: string, change: () => unknown): Promise<OrderState> {
      change();
      await instep.pollsPurchases();
      await instep.until(
        key,
        ({ step }) => step.at === 'replacing' || step.at === 'cancelling' || step.at === 'parked',
      );
      await instep.imports();
      return instep.atRest(key);
    },

    /** Waits until nothing of the order is under way or due. */
    atRest: (key: string): Promise<OrderState> => instep.until(key, isAtRest, 'the order at rest'),

    handle: (key: string) => client.workflow.getHandle(orderWorkflowId(name, key)),

    state: (key: string): Promise<OrderState> => instep.handle(key).query(messages.state),

    /** Waits until the order is where the test wants it; what it shows meanwhile is in the error. */
    async until(key: string, wanted: (state: OrderState) => boolean, what = wanted.toString()): Promise<OrderState> {
      const { last, isMet } = await watched(key, wanted, PATIENCE_MS);
      if (last && isMet) return last;
      throw new Error(
        `Never came to be: ${what}. Last seen: ${JSON.stringify(last && { step: last.step.at, stage: last.stage, problems: last.problems, timeline: last.timeline })}`,
      );
    },

    untilAt: (key: string, place: OrderState['step']['at']) =>
      instep.until(key, (state) => state.step.at === place, `the order at “${place}”`),

    /** Something outside of the orders that a test waits for, such as a call that arrived. */
    async untilTrue(condition: () => boolean, what: string): Promise<void> {
      const deadline = Date.now() + PATIENCE_MS;
      while (!condition()) {
        if (Date.now() > deadline) throw new Error(`Never came to be: ${what}`);
        await pause(10);
      }
    },

    async repair(key: string, request: Unsigned): Promise<unknown> {
      const { kind, ...more } = request;
      return instep
        .handle(key)
        .executeUpdate(kind, { args: [{ actor: 'test@here', reason: 'the test says so', ...more }] });
    },

    reference(key: string): string {
      const parsed = parsePurchaseKey(key);
      const reference = parsed && referenceOf(parsed);
      if (!reference) throw new Error(`no reference for ${key}`);
      return reference;
    },

    liveOrders: (key: string) => erp.liveSalesOrders(instep.reference(key)),

    /** Takes an order all the way in. */
    async accepted(input: CheckoutInput): Promise<string> {
      const key = instep.checksOut(input);
      await instep.pollsPurchases();
      await instep.untilAt(key, 'awaiting');
      await instep.imports();
      await instep.untilAt(key, 'settled');
      await instep.atRest(key);
      return key;
    },

    async stop(): Promise<void> {
      await here?.stop();
      await Promise.all([...processes].map((child) => ended(child, 'SIGTERM')));
      const query = `Site = '${name}' AND ExecutionStatus = 'Running'`;
      for await (const { workflowId } of client.workflow.list({ query }))
        await client.workflow
          .getHandle(workflowId)
          .terminate('the test is over')
          .catch(() => undefined);
      await connection.close();
      await Promise.all([erp.close(), storefront.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return instep;

  /** Looks at an order until it is as wanted, or for so long. */
  async function watched(key: string, wanted: (state: OrderState) => boolean, patienceMs: number) {
    const deadline = Date.now() + patienceMs;
    let last: OrderState | null = null;
    do {
      last = await instep.state(key).catch(() => last);
      if (last && wanted(last)) return { last, isMet: true };
      await pause(LOOK_EVERY_MS);
    } while (Date.now() < deadline);
    return { last, isMet: false };
  }

  async function startWorker(environment: Record<string, string> = {}): Promise<ChildProcess> {
    const script = new URL('./worker-process.ts', import.meta.url).pathname;
    const child = spawn(process.execPath, [script], {
      env: {
        ...process.env,
        INSTEP_TEST: JSON.stringify({ address, namespace, bundle, siteFile, folder: join(folder, 'data') }),
        ...environment,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    processes.add(child);
    child.once('exit', () => processes.delete(child));
    await new Promise<void>((resolve, reject) => {
      child.stdout?.once('data', () => resolve());
      child.once('exit', (code) => reject(new Error(`the worker ended with ${code} before it was ready`)));
    });
    return child;
  }

  async function ended(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await exit;
  }
}
