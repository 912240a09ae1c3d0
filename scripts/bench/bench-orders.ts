import { cpus } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';

import Table from 'cli-table3';

import { orderWorkflowId } from '../../workflows/task-queues.ts';
import { print, printJson, say } from '../program.ts';
import { bareLoop } from './bare-loop.ts';
import { accepted, BENCH_LINES, checkOut, LIMITS, onBenchGround, startBenchSite, type Ground } from './bench-site.ts';

export interface BenchOptions {
  readonly orders: number;
  readonly seconds: number;
  readonly json: boolean;
}

const IMPORT_EVERY_MS = 200;
const PACE = { firstLookSeconds: 60, longestLookGapSeconds: 300, importOverdueSeconds: 1800 };
/** A minute's permitted calls may leave at once; only after it does the rate show. */
const WARM_UP_MS = 60_000;

/**
 * Measures on this machine, in one run: straight through with the ERP's limits lifted, a bare loop doing the same calls
 * without durability, and the share of the permitted rate that is used when there is a backlog.
 */
export async function benchOrders({ orders, seconds, json }: BenchOptions): Promise<void> {
  await onBenchGround(async (ground) => {
    say(`${orders} orders with the limits lifted …`);
    const lifted = await straightThrough(ground, orders);
    say('the same calls in a bare loop …');
    const bare = await bareLoop(orders, BENCH_LINES);
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
  });
}

async function straightThrough(ground: Ground, count: number) {
  const site = await startBenchSite(
    ground,
    'lifted',
    { ...PACE, limits: 'none', pollSeconds: 1, ordersPerPost: 25 },
    { autoImportEveryMs: IMPORT_EVERY_MS },
  );
  // One order first: catalogue, customers and connections are warm in a process that runs for months.
  await accepted(site, checkOut(site, 1));
  const before = { calls: site.erp.calls().length };
  const keys = checkOut(site, count);
  const started = performance.now();
  await accepted(site, keys);
  const elapsed = (performance.now() - started) / 1000;
  const calls = site.erp.calls().length;
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
  const site = await startBenchSite(
    ground,
    'killed',
    { ...PACE, limits: 'none', pollSeconds: 1 },
    { autoImportEveryMs: IMPORT_EVERY_MS },
  );
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
  const site = await startBenchSite(
    ground,
    'limited',
    { ...PACE, limits: LIMITS, pollSeconds: 20 },
    { autoImportEveryMs: IMPORT_EVERY_MS, limits: LIMITS },
  );
  checkOut(site, 60 + LIMITS.perMinute * 3);
  await pause(WARM_UP_MS);
  const from = site.erp.calls().length;
  await pause(seconds * 1000);
  const calls = site.erp.calls().slice(from);
  const refused = calls.filter(({ status }) => status === 429).length;
  await site.stop();
  return { share: (calls.length - refused) / ((LIMITS.perMinute * seconds) / 60), refused };
}
