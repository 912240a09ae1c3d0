import { cpus } from 'node:os';

import Table from 'cli-table3';

import { print, printJson, say } from '../program.ts';
import { accepted, checkOut, DEFAULT_PACE, LIMITS, onBenchGround, startBenchSite, type Ground } from './bench-site.ts';
import { shown } from './show-feed.ts';

export interface BenchBacklog {
  readonly orders: number;
  /** How often the ERP's import job runs. */
  readonly importSeconds: number;
  readonly json: boolean;
}

/** The catalogue is not read again while the backlog is: its feeds are paused. */
const NEVER_SECONDS = 24 * 3600;

/**
 * Orders that were placed while no worker ran, and what it takes to bring them into the ERP under the contract's limits.
 * Calls are counted from the first post until the last purchase carries its ERP order's number, those of the feed of ERP
 * documents among them. Reference data was read before, as in a process that runs for months.
 */
export async function benchBacklog({ orders, importSeconds, json }: BenchBacklog): Promise<void> {
  await onBenchGround(async (ground) => {
    say(`${orders} orders wait, the ERP imports every ${importSeconds} s …`);
    const result = {
      machine: `${cpus().length} × ${cpus()[0]?.model ?? ''}`,
      orders,
      importEverySeconds: importSeconds,
      ...(await drain(ground, orders, importSeconds)),
    };
    if (json) return printJson(result);
    const { callsByRoute, ...figures } = result;
    const table = new Table({ head: ['measured', 'value'] });
    for (const [name, value] of Object.entries(figures)) table.push([name, shown(value)]);
    print(table.toString());
    const routes = new Table({ head: ['route', 'calls', 'per order'] });
    for (const [route, calls] of Object.entries(callsByRoute)) routes.push([route, calls, shown(calls / orders)]);
    print(routes.toString());
  });
}

async function drain(ground: Ground, orders: number, importSeconds: number) {
  const pace = { limits: LIMITS, importCycleSeconds: importSeconds, refreshCatalogueSeconds: NEVER_SECONDS };
  const site = await startBenchSite(
    ground,
    'backlog',
    { ...DEFAULT_PACE, ...pace },
    { limits: LIMITS, autoImportEveryMs: importSeconds * 1000 },
  );
  await accepted(site, checkOut(site, 1));
  await site.stopWorker();
  const before = site.erp.calls().length;
  const keys = checkOut(site, orders);
  const started = Date.now();
  const { stop } = await site.startWorker();
  await accepted(site, keys);
  const ended = Date.now();
  const calls = site.erp.calls().slice(before);
  const firstPost = calls.findIndex(({ route }) => route === 'POST /api/salesOrder');
  const counted = calls.slice(firstPost);
  const from = counted[0]?.at.getTime() ?? started;
  const drainSeconds = (ended - from) / 1000;
  const refused = counted.filter(({ status }) => status === 429).length;
  const callsByRoute: Record<string, number> = {};
  for (const { route } of counted) callsByRoute[route] = (callsByRoute[route] ?? 0) + 1;
  const twice = keys.filter((key) => site.erp.salesOrders({ ordNum: numberOf(key) }).length !== 1).length;
  await site.deleteSchedules();
  const cpuMs = await stop();
  await site.closeStandIns();
  return {
    callsPerOrder: counted.length / orders,
    calls: counted.length,
    callsBeforeTheFirstPost: firstPost,
    secondsToDrain: drainSeconds,
    secondsFromWorkersStart: (ended - started) / 1000,
    shareOfPermittedRate: (counted.length - refused) / ((LIMITS.perMinute * drainSeconds) / 60),
    refusedByRateLimit: refused,
    ordersNotExactlyOnce: twice,
    workerCpuMsPerOrder: cpuMs / orders,
    callsByRoute,
  };

  function numberOf(key: string): string {
    return site.storefront.purchase(key)?.purchase_identifiers.internal ?? '';
  }
}
