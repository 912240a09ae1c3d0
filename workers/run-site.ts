import { join } from 'node:path';

import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { ScheduleNotFoundError, type Client } from '@temporalio/client';
import type { Logger } from 'pino';

import { createAlertActivities } from '../activities/alert-activities.ts';
import { createAuditSiteActivities } from '../activities/audit-site.ts';
import { createBulkActivities } from '../activities/bulk-activities.ts';
import { createDriftActivities } from '../activities/check-drift.ts';
import { createChannels } from '../activities/channels/channels.ts';
import { createErpFeedActivities } from '../activities/erp-feed-activities.ts';
import { createExplainStockActivities } from '../activities/explain-stock.ts';
import { lastProof } from '../activities/last-proof.ts';
import { createIntakeActivities } from '../activities/intake-activities.ts';
import { createPlanCaseActivities } from '../activities/plan-case.ts';
import { openPostJournal } from '../activities/post-journal.ts';
import { openPriceMemory } from '../activities/price-memory.ts';
import { readDrift } from '../activities/read-drift.ts';
import { openShownPrices } from '../activities/shown-prices.ts';
import { createProofActivities } from '../activities/prove-completeness.ts';
import { createPurchaseActivities } from '../activities/purchase-activities.ts';
import { createMailReportActivities } from '../activities/mail-report.ts';
import { createReportExceptionsActivities } from '../activities/report-exceptions.ts';
import { reportsFolderOf } from '../activities/report-folders.ts';
import { createReportMonthEndActivities } from '../activities/report-month-end.ts';
import { createSalesOrderActivities } from '../activities/sales-order-activities.ts';
import { openStockMemory } from '../activities/stock-memory.ts';
import { createSweepActivities } from '../activities/sweep-purchases.ts';
import { createTellCasesActivities } from '../activities/tell-cases.ts';
import { createSyncCustomersActivities } from '../activities/sync-customers.ts';
import { createSyncInventoryActivities } from '../activities/sync-inventory.ts';
import { createSyncProductsActivities } from '../activities/sync-products.ts';
import { createSyncPricesActivities } from '../activities/sync-prices.ts';
import { createWatchActivities } from '../activities/watch-site.ts';
import type { Site } from '../config/site.ts';
import { createBlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import { createSparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { bluecherryQueue, ordersQueue, orderWorkflowId, sparklayerQueue } from '../workflows/task-queues.ts';
import { createAlertDigests } from './alert-digests.ts';
import { createCaseWorkflows } from './case-workflows.ts';
import { createOrderActs } from './order-acts.ts';
import { createReportedCases } from './reported-cases.ts';
import { createOrderGlances } from './order-glances.ts';
import { createOrderWorkflows, earlierRunsBy } from './order-workflows.ts';
import { renewOrders } from './renew-orders.ts';
import { schedulesInUse, scheduleId } from './schedules.ts';
import { createSitePulse } from './site-pulse.ts';

export interface RunSite {
  readonly site: Site;
  readonly connection: NativeConnection;
  readonly client: Client;
  readonly namespace: string;
  /** Made once with `bundleWorkflowCode`; every worker of the process uses it. */
  readonly workflowBundle: NonNullable<WorkerOptions['workflowBundle']>;
  /** Journal and caches of this machine live here, per site. */
  readonly dataFolder: string;
  readonly clock: () => Date;
  readonly log: Logger;
}

export interface RunningSite {
  /** Ends when the workers have stopped; rejects when one of them broke. */
  readonly ended: Promise<void>;
  /** Takes no new work, lets what is under way finish, closes the connections to both vendors. */
  stop(): Promise<void>;
}

/** A bit more than the longest HTTP time-out, so that a post under way is told rather than lost. */
const SHUTDOWN_GRACE = '35s';
/** Open orders and the cases they are in: whoever falls out is replayed at its next event. */
const CACHED_WORKFLOWS = 1_000;
/**
 * One thread works on them, and each must be answered within ten seconds of being fetched. After a restart every order is
 * replayed at its next event: more than these would only wait for the thread, miss their time, and be fetched again.
 */
const WORKFLOW_TASKS_AT_ONCE = 10;
/** Many more than the governor lets through at once: who waits together is looked for, and sent, together. */
const ERP_STEPS_AT_ONCE = 120;
const STOREFRONT_STEPS_AT_ONCE = 20;
/** One step a bulk, and what cases are told; they talk to Temporal, and to people. */
const OWN_STEPS_AT_ONCE = 30;

/** Runs all workers of one site in this process: its workflows, and the steps of either vendor on a queue of their own. */
export async function runSite({
  site,
  connection,
  client,
  namespace,
  workflowBundle,
  dataFolder,
  clock,
  log,
}: RunSite): Promise<RunningSite> {
  const folder = join(dataFolder, site.name);
  const journal = await openPostJournal(join(folder, 'journal'));
  const sparklayer = createSparkLayer(
    { ...site.storefront, stockRowsPerCall: site.stock.rowsPerCall },
    { clock, log: log.child({ vendor: 'sparklayer' }) },
  );
  const bluecherry = createBlueCherry(
    { ...site.erp, cacheDir: join(folder, 'cache') },
    { clock, log: log.child({ vendor: 'bluecherry' }) },
  );
  const stopRefreshing = bluecherry.reference.startRefreshing(site.erp.refreshEveryMs);
  const orders = createOrderWorkflows(client, site.name);
  const cases = createCaseWorkflows(client, site.name);
  const tellCases = createTellCasesActivities({ site: site.name, cases });
  const openSources = (prefixes: readonly string[]) => cases.openSources(prefixes);
  const channels = createChannels({ site, cases: tellCases, openSources, clock, log });
  const memory = openStockMemory(join(folder, 'stock.json'));
  const stock = { site, sparklayer, bluecherry, orders, memory, clock, log };
  const pulse = createSitePulse(client, site);
  const driftFile = join(folder, 'drift.json');
  const shown = openShownPrices(join(folder, 'shown-prices'));
  const { temporalUi } = site.alerts;
  const pageOf = (workflowId: string) =>
    temporalUi === '' ? null : `${temporalUi}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}`;
  const common = {
    connection,
    namespace,
    shutdownGraceTime: SHUTDOWN_GRACE,
    maxHeartbeatThrottleInterval: '500ms',
    stickyQueueScheduleToStartTimeout: '2s',
  } as const;
  const workers = await Promise.all([
    Worker.create({
      ...common,
      taskQueue: ordersQueue(site.name),
      workflowBundle,
      maxCachedWorkflows: CACHED_WORKFLOWS,
      maxConcurrentWorkflowTaskExecutions: WORKFLOW_TASKS_AT_ONCE,
      activities: {
        ...createBulkActivities({ orders: createOrderActs(client) }),
        ...tellCases,
        ...createPlanCaseActivities({ site }),
        ...createAlertActivities({
          site,
          channels,
          digests: createAlertDigests(client, site.name),
          namespace,
          clock,
          log,
        }),
      },
      maxConcurrentActivityTaskExecutions: OWN_STEPS_AT_ONCE,
    }),
    Worker.create({
      ...common,
      taskQueue: sparklayerQueue(site.name),
      activities: {
        ...createPurchaseActivities({ site, sparklayer }),
        ...createIntakeActivities({ site, sparklayer, orders, clock }),
        ...createSweepActivities({ site, sparklayer, orders }),
      },
      maxConcurrentActivityTaskExecutions: STOREFRONT_STEPS_AT_ONCE,
    }),
    Worker.create({
      ...common,
      taskQueue: bluecherryQueue(site.name),
      activities: {
        ...createSalesOrderActivities({
          site,
          sparklayer,
          bluecherry,
          journal,
          clock,
          earlierRuns: earlierRunsBy(client),
          stopIntake: stopIntakeBy(client, site.name, log),
        }),
        ...createErpFeedActivities({ bluecherry, orders }),
        ...createProofActivities({
          site,
          sparklayer,
          bluecherry,
          orders,
          glances: createOrderGlances(client, site.name),
          pulse,
          clock,
        }),
        ...createWatchActivities({ site, sparklayer, bluecherry, pulse, cases, channels, clock }),
        ...createDriftActivities({ ...stock, pulse, shown, file: driftFile }),
        ...createSyncInventoryActivities(stock),
        ...createExplainStockActivities(stock),
        ...createSyncCustomersActivities({ site, sparklayer, bluecherry }),
        ...createAuditSiteActivities({
          site,
          sparklayer,
          bluecherry,
          schedules: schedulesInUse(site),
          proof: () => lastProof(pulse),
          reportsFolder: reportsFolderOf(site, dataFolder),
          clock,
        }),
        ...createReportExceptionsActivities({
          site,
          sparklayer,
          bluecherry,
          orders,
          glances: createOrderGlances(client, site.name),
          cases: createReportedCases(client, site.name, pageOf),
          drift: () => readDrift(driftFile),
          linkTo: (key) => pageOf(orderWorkflowId(site.name, key)),
          reportsFolder: reportsFolderOf(site, dataFolder),
          purchasesFile: join(folder, 'cache', 'purchases.json'),
          clock,
        }),
        ...createMailReportActivities({ site }),
        ...createReportMonthEndActivities({
          site,
          sparklayer,
          bluecherry,
          orders,
          pulse,
          reportsFolder: reportsFolderOf(site, dataFolder),
          purchasesFile: join(folder, 'cache', 'month-end-purchases.json'),
          clock,
        }),
        ...createSyncProductsActivities({ site, sparklayer, bluecherry, clock }),
        ...createSyncPricesActivities({
          site,
          sparklayer,
          bluecherry,
          memory: openPriceMemory(join(folder, 'prices')),
          shown,
          clock,
          log,
        }),
      },
      maxConcurrentActivityTaskExecutions: ERP_STEPS_AT_ONCE,
    }),
  ]);
  const running = workers.map((worker) => worker.run());
  const closing = new AbortController();
  const renewing = renewOrders({
    client,
    site: site.name,
    workflowBundle,
    file: join(folder, 'workflow-code.json'),
    signal: closing.signal,
    log,
  }).catch((error: unknown) =>
    log.error({ err: error }, 'running orders were not all told of new workflow code; the next start tells them'),
  );
  const stopWorkers = () => {
    closing.abort();
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  const ended = end();
  return {
    ended,
    async stop() {
      stopWorkers();
      await ended;
    },
  };

  async function end(): Promise<void> {
    try {
      await Promise.all(running);
    } finally {
      // One broken worker takes the others along: half a site is no site.
      stopWorkers();
      await Promise.allSettled([...running, renewing]);
      stopRefreshing();
      await Promise.all([sparklayer.close(), bluecherry.close(), journal.close()]);
    }
  }
}

function stopIntakeBy(client: Client, site: string, log: Logger) {
  return async (why: string): Promise<void> => {
    try {
      await client.schedule.getHandle(scheduleId('poll-purchases', site)).pause(why);
      log.error({ why }, 'the intake is stopped');
    } catch (error) {
      // Without a schedule there is no intake to stop.
      if (!(error instanceof ScheduleNotFoundError)) throw error;
    }
  };
}
