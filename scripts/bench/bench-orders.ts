import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { bundleWorkflowCode, Runtime } from '@temporalio/worker';
import Table from 'cli-table3';

import { parseSite } from '../../config/load-site.ts';
import { startBlueCherry, type BlueCherryOptions, type BlueCherryStandIn } from '../../sandbox/bluecherry/stand-in.ts';
import { startSparkLayer, type SparkLayerStandIn } from '../../sandbox/sparklayer/stand-in.ts';
import { createLog } from '../../workers/log.ts';
import { installRuntime } from '../../workers/runtime.ts';
import { applySchedules } from '../../workers/schedules.ts';
import { applySearchAttributes } from '../../workers/search-attributes.ts';
import { connectTemporal, type TemporalConnections } from '../../workers/temporal-connection.ts';
import { orderWorkflowId } from '../../workflows/task-queues.ts';
import { demoSiteText } from '../demo/demo-site.ts';
import { print, printJson, say, startPrivateServer } from '../program.ts';
import { bareLoop } from './bare-loop.ts';

export interface BenchOptions {
  readonly orders: number;
  readonly seconds: number;
  readonly json: boolean;
}

const LINES = [{ sku: 'AC-1001-BLK-M', quantity: 6, unitPrice: '20.00' }];
const IMPORT_EVERY_MS = 200;
/** The contract's limits (section 13), on both sides of the wire. */
const LIMITS = { concurrent: 2, burstPerSecond: 5, perMinute: 60 };
/** A minute's permitted calls may leave at once; only after it does the rate show. */
const WARM_UP_MS = 60_000;

/**
 * Measures on this machine, in one run: straight through with the ERP's limits lifted, a bare loop doing the same calls
 * without durability, and the share of the permitted rate that is used when there is a backlog.
 */
export async function benchOrders({ orders, seconds, json }: BenchOptions): Promise<void> {
  installRuntime({ log: createLog('fatal') });
  const folder = await mkdtemp(join(tmpdir(), 'instep-bench-'));
  const server = await startPrivateServer(folder);
  const temporal = await connectTemporal({ kind: 'local', address: server.address });
  try {
    await applySearchAttributes(temporal.connection, temporal.namespace);
    const bundle = join(folder, 'workflows.js');
    const { code } = await bundleWorkflowCode({
      workflowsPath: new URL('../../workflows/index.ts', import.meta.url).pathname,
      logger: Runtime.instance().logger,
    });
    await writeFile(bundle, code);
    const ground = { temporal, address: server.address, bundle, folder };
    say(`${orders} orders with the limits lifted …`);
    const lifted = await straightThrough(ground, orders);
    say('the same calls in a bare loop …');
    const bare = await bareLoop(orders, LINES);
    say('a worker killed while orders await the import …');
    const recovery = await afterKill(ground);
    say(`a backlog under the limits, ${seconds} s after a minute of warming up …`);
    const limited = await underLimits(ground, seconds);
    const result = {
      machine: `${cpus().length} × ${cpus()[0]?.model ?? ''}`,
      ordersPerSecond: lifted.ordersPerSecond,
      bareLoopOrdersPerSecond: bare.ordersPerSecond,
      ratioToBareLoop: lifted.ordersPerSecond / bare.ordersPerSecond,
      historyEventsPerOrderMedian: lifted.events.median,
      historyEventsPerOrderMost: lifted.events.most,
      erpCallsPerOrder: lifted.callsPerOrder,
      erpCallsOfFeeds: lifted.feedCalls,
      workerCpuMsPerOrder: lifted.cpuMs,
      shareOfPermittedRate: limited.share,
      refusedByRateLimit: limited.refused,
      secondsUntilOrdersGoOnAfterKill: recovery,
    };
    if (json) return printJson(result);
    const table = new Table({ head: ['measured', 'value'] });
    for (const [name, value] of Object.entries(result))
      table.push([name, typeof value === 'number' ? value.toFixed(2) : value]);
    print(table.toString());
  } finally {
    await temporal.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Ground {
  readonly temporal: TemporalConnections;
  readonly address: string;
  readonly bundle: string;
  readonly folder: string;
}

interface BenchSite {
  readonly storefront: SparkLayerStandIn;
  readonly erp: BlueCherryStandIn;
  readonly worker: ChildProcess;
  readonly startWorker: () => Promise<BenchWorker>;
  readonly deleteSchedules: () => Promise<void>;
  readonly closeStandIns: () => Promise<void>;
  /** Stops everything and answers the first worker's CPU time in milliseconds. */
  readonly stop: () => Promise<number>;
}

interface BenchWorker {
  readonly worker: ChildProcess;
  /** Answers its CPU time in milliseconds. */
  readonly stop: () => Promise<number>;
}

async function straightThrough(ground: Ground, count: number) {
  const site = await startSite(ground, 'lifted', { limits: 'none', pollSeconds: 1, ordersPerPost: 25 }, {});
  // One order first: catalogue, customers and connections are warm in a process that runs for months.
  await accepted(site, checkOut(site, 1));
  const before = { calls: callsOf(site.erp) };
  const keys = checkOut(site, count);
  const started = performance.now();
  await accepted(site, keys);
  const elapsed = (performance.now() - started) / 1000;
  const calls = callsOf(site.erp);
  const feeds = site.erp.calls().filter(({ query }) => query.includes('last_mod')).length;
  const sample = keys.filter((_, index) => index % Math.ceil(count / 20) === 0);
  const events = await Promise.all(
    sample.map(
      async (key) =>
        (await ground.temporal.client.workflow.getHandle(orderWorkflowId('lifted', key)).describe()).historyLength,
    ),
  );
  const cpu = await site.stop();
  return {
    ordersPerSecond: count / elapsed,
    events: {
      median: events.toSorted((left, right) => left - right)[Math.floor(events.length / 2)] ?? 0,
      most: Math.max(...events),
    },
    callsPerOrder: (calls - before.calls - feeds) / count,
    feedCalls: feeds,
    cpuMs: cpu / count,
  };
}

/** Orders that await the import job when their worker is killed: seconds from the new worker's start until all went on. */
async function afterKill(ground: Ground): Promise<number> {
  const site = await startSite(ground, 'killed', { limits: 'none', pollSeconds: 1 }, {});
  site.erp.stallJob('order_import');
  const keys = checkOut(site, 30);
  while (site.erp.importLog().length < keys.length) await pause(50);
  const gone = new Promise((resolve) => site.worker.once('exit', resolve));
  site.worker.kill('SIGKILL');
  await gone;
  site.erp.resumeJob('order_import');
  site.erp.runJob('order_import');
  const { stop } = await site.startWorker();
  const started = performance.now();
  await accepted(site, keys);
  const seconds = (performance.now() - started) / 1000;
  await site.deleteSchedules();
  await stop();
  await site.closeStandIns();
  return seconds;
}

async function underLimits(ground: Ground, seconds: number) {
  const site = await startSite(ground, 'limited', { limits: LIMITS, pollSeconds: 20 }, { limits: LIMITS });
  checkOut(site, 60 + LIMITS.perMinute * 3);
  await pause(WARM_UP_MS);
  const from = site.erp.calls().length;
  await pause(seconds * 1000);
  const calls = site.erp.calls().slice(from);
  const refused = calls.filter(({ status }) => status === 429).length;
  await site.stop();
  return { share: (calls.length - refused) / ((LIMITS.perMinute * seconds) / 60), refused };
}

async function startSite(
  ground: Ground,
  name: string,
  erpPart: Readonly<Record<string, unknown>>,
  erpOptions: BlueCherryOptions,
): Promise<BenchSite> {
  const storefront = await startSparkLayer();
  const erp = await startBlueCherry({ autoImportEveryMs: IMPORT_EVERY_MS, ...erpOptions });
  const { text, variables } = demoSiteText(
    { storefront, erp },
    { firstLookSeconds: 60, longestLookGapSeconds: 300, importOverdueSeconds: 1800, ...erpPart },
  );
  const parsed = parseSite(text, name, { variables, readFile: () => '' });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const told = {
    address: ground.address,
    bundle: ground.bundle,
    siteName: name,
    siteText: text,
    variables,
    folder: ground.folder,
  };
  const script = new URL('./worker-process.ts', import.meta.url).pathname;
  const first = await startWorker();
  await applySchedules(ground.temporal.client, parsed.site);
  const deleteSchedules = async () => {
    for await (const { scheduleId } of ground.temporal.client.schedule.list())
      if (scheduleId.endsWith(`:${name}`)) await ground.temporal.client.schedule.getHandle(scheduleId).delete();
  };
  const closeStandIns = async () => {
    await Promise.all([storefront.close(), erp.close()]);
  };
  return {
    storefront,
    erp,
    worker: first.worker,
    startWorker,
    deleteSchedules,
    closeStandIns,
    async stop() {
      await deleteSchedules();
      const cpu = await first.stop();
      await closeStandIns();
      return cpu;
    },
  };

  async function startWorker(): Promise<BenchWorker> {
    const worker = spawn(process.execPath, [script], {
      env: { ...process.env, INSTEP_BENCH: JSON.stringify(told) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    worker.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      worker.stdout.once('data', () => resolve());
      worker.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
    });
    return {
      worker,
      async stop() {
        const ended = new Promise((resolve) => worker.once('exit', resolve));
        worker.kill('SIGTERM');
        await ended;
        return Number(said.trim().split('\n').at(-1));
      },
    };
  }
}

function checkOut({ storefront }: BenchSite, count: number): readonly string[] {
  return Array.from({ length: count }, () =>
    String(storefront.checkout({ lines: LINES }).purchase_identifiers.sparklayer),
  );
}

/** Until every purchase carries the number of its ERP order. */
async function accepted({ storefront }: BenchSite, keys: readonly string[]): Promise<void> {
  const open = new Set(keys);
  while (open.size > 0) {
    for (const key of open) if (storefront.purchase(key)?.purchase_identifiers.internal) open.delete(key);
    await pause(50);
  }
}

function callsOf(erp: BlueCherryStandIn): number {
  return erp.calls().length;
}
