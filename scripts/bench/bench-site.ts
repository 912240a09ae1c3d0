import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { startBlueCherry, type BlueCherryOptions, type BlueCherryStandIn } from '../../sandbox/bluecherry/stand-in.ts';
import { startSparkLayer, type SparkLayerStandIn } from '../../sandbox/sparklayer/stand-in.ts';
import { createLog } from '../../workers/log.ts';
import { installRuntime } from '../../workers/runtime.ts';
import { applySchedules } from '../../workers/schedules.ts';
import { applySearchAttributes } from '../../workers/search-attributes.ts';
import { connectTemporal, type TemporalConnections } from '../../workers/temporal-connection.ts';
import { bundleWorkflows } from '../../workers/workflow-bundle.ts';
import { demoSiteText } from '../demo/demo-site.ts';
import { startPrivateServer } from '../program.ts';
import { siteOf, tell, type Told } from './told.ts';
import type { WorkerUsage } from './worker-process.ts';

export const BENCH_LINES = [{ sku: 'AC-1001-BLK-M', quantity: 6, unitPrice: '20.00' }];
/** The contract's limits (section 13), on both sides of the wire. */
export const LIMITS = { concurrent: 2, burstPerSecond: 5, perMinute: 60 };

/** What a site has that says nothing of pace; the demonstration's is faster. */
export const DEFAULT_PACE = {
  pollSeconds: 30,
  firstLookSeconds: 90,
  longestLookGapSeconds: 300,
  importOverdueSeconds: 1800,
  lateArrivalSeconds: 600,
  requestTimeoutSeconds: 25,
  writeTimeoutSeconds: 30,
};

/** A Temporal server of one's own, with the workflows' code made once. */
export interface Ground {
  readonly temporal: TemporalConnections;
  readonly address: string;
  readonly bundle: string;
  readonly folder: string;
  /** Aborted when the measurement is over, whatever became of it. */
  readonly over: AbortSignal;
}

export interface BenchSite {
  readonly storefront: SparkLayerStandIn;
  readonly erp: BlueCherryStandIn;
  /** The first one. */
  readonly worker: ChildProcess;
  readonly usage: () => Promise<WorkerUsage>;
  readonly startWorker: () => Promise<BenchWorker>;
  /** For processes that work for the site. */
  readonly told: Told;
  readonly deleteSchedules: () => Promise<void>;
  readonly closeStandIns: () => Promise<void>;
  /** Stops the first worker and waits for its end. */
  readonly stopWorker: () => Promise<number>;
  /** Stops everything and answers the first worker's CPU time in milliseconds. */
  readonly stop: () => Promise<number>;
}

export interface BenchWorker {
  readonly worker: ChildProcess;
  /** What it has used; the peak is of the time since it was last asked. */
  readonly usage: () => Promise<WorkerUsage>;
  /** Answers its CPU time in milliseconds. */
  readonly stop: () => Promise<number>;
}

/** Runs a measurement on a server of its own and clears away whatever it left. */
export async function onBenchGround(measure: (ground: Ground) => Promise<void>): Promise<void> {
  installRuntime({ log: createLog('fatal'), metrics: null });
  const folder = await mkdtemp(join(tmpdir(), 'instep-bench-'));
  const server = await startPrivateServer(folder);
  const temporal = await connectTemporal({ kind: 'local', address: server.address });
  const over = new AbortController();
  try {
    await applySearchAttributes(temporal.connection, temporal.namespace);
    const bundle = join(folder, 'workflows.js');
    const { code } = await bundleWorkflows();
    await writeFile(bundle, code);
    await measure({ temporal, address: server.address, bundle, folder, over: over.signal });
  } finally {
    over.abort();
    await temporal.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

export interface BenchSiteOptions {
  /** Changes of whole sections of the site file. */
  readonly sections?: Readonly<Record<string, unknown>>;
  /** `byHand`: nothing runs but what the measurement starts. */
  readonly feeds?: 'scheduled' | 'byHand';
}

/** Both stand-ins, the site's schedules, and a worker in a process of its own. */
export async function startBenchSite(
  ground: Ground,
  name: string,
  erpPart: Readonly<Record<string, unknown>>,
  erpOptions: BlueCherryOptions,
  { sections = {}, feeds = 'scheduled' }: BenchSiteOptions = {},
): Promise<BenchSite> {
  const storefront = await startSparkLayer();
  const erp = await startBlueCherry(erpOptions);
  // What is closed already has nothing to close.
  ground.over.addEventListener('abort', () => void Promise.allSettled([storefront.close(), erp.close()]));
  const { text, variables } = demoSiteText({ storefront, erp }, erpPart, sections);
  const told: Told = {
    address: ground.address,
    bundle: ground.bundle,
    siteName: name,
    siteText: text,
    variables,
    folder: ground.folder,
  };
  const script = new URL('./worker-process.ts', import.meta.url).pathname;
  const first = await startWorker();
  if (feeds === 'scheduled') await applySchedules(ground.temporal.client, siteOf(told));
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
    usage: first.usage,
    startWorker,
    told,
    deleteSchedules,
    closeStandIns,
    stopWorker: first.stop,
    async stop() {
      await deleteSchedules();
      const cpu = await first.stop();
      await closeStandIns();
      return cpu;
    },
  };

  async function startWorker(): Promise<BenchWorker> {
    const worker = spawn(process.execPath, [script], {
      env: tell(told),
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    ground.over.addEventListener('abort', () => worker.kill('SIGKILL'));
    const { stdout } = worker;
    if (!stdout) throw new Error('the worker cannot be heard');
    let said = '';
    stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      stdout.once('data', () => resolve());
      worker.once('exit', (code) => reject(new Error(`the worker ended with ${code}`)));
    });
    return {
      worker,
      async usage() {
        const answer = new Promise<WorkerUsage>((resolve) => worker.once('message', resolve));
        worker.send('usage');
        return answer;
      },
      async stop() {
        const ended = new Promise((resolve) => worker.once('exit', resolve));
        worker.kill('SIGTERM');
        await ended;
        return Number(said.trim().split('\n').at(-1));
      },
    };
  }
}

/** Each look copies what is still open: more often, and the bench is what is measured. */
const LOOK_EVERY_MS = 200;

/** Answers the purchases' keys. */
export function checkOut({ storefront }: BenchSite, count: number): readonly string[] {
  return Array.from({ length: count }, () =>
    String(storefront.checkout({ lines: BENCH_LINES }).purchase_identifiers.sparklayer),
  );
}

/** Until every purchase carries the number of its ERP order. */
export async function accepted({ storefront }: BenchSite, keys: readonly string[]): Promise<void> {
  const open = new Set(keys);
  while (open.size > 0) {
    for (const key of open) if (storefront.purchase(key)?.purchase_identifiers.internal) open.delete(key);
    await pause(LOOK_EVERY_MS);
  }
}
