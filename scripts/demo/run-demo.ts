import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

import { createLogUpdate } from 'log-update';

import type { OrderState } from '../../domain/order-state.ts';
import { parsePurchaseKey } from '../../domain/purchase.ts';
import { referenceOf } from '../../domain/storefront-reference.ts';
import { startBlueCherry, type BlueCherryStandIn } from '../../sandbox/bluecherry/stand-in.ts';
import { startSparkLayer, type SparkLayerStandIn } from '../../sandbox/sparklayer/stand-in.ts';
import { createLog } from '../../workers/log.ts';
import { createOrderWorkflows } from '../../workers/order-workflows.ts';
import { runSite } from '../../workers/run-site.ts';
import { installRuntime } from '../../workers/runtime.ts';
import { applySchedules } from '../../workers/schedules.ts';
import { applySearchAttributes } from '../../workers/search-attributes.ts';
import { connectTemporal, type TemporalConnections } from '../../workers/temporal-connection.ts';
import { bundleWorkflows } from '../../workers/workflow-bundle.ts';
import { dataFolder, print, printJson, say, startPrivateServer } from '../program.ts';
import { proveAtTheEnd, writePapers } from './demo-closing.ts';
import { explainWorkOrders, loadStorefront, MADE_TO_ORDER } from './demo-feeds.ts';
import { demoOrder } from './demo-orders.ts';
import { isAccountedFor, renderReport, reportOrder, summarize, type DemoReport } from './demo-report.ts';
import { isAtRest, playSeason, type Deeds } from './demo-season.ts';
import { DEMO_LIMITS, demoSite, IMPORT_EVERY_MS } from './demo-site.ts';

export interface DemoOptions {
  readonly orders: number;
  readonly json: boolean;
  readonly exit: boolean;
}

const SITE = 'demo';
const GOOD_CREDIT = ['CUST-0042', 'ACME01'];
/** Buyers come over some seconds, not all at once. */
const BETWEEN_ORDERS_MS = 150;
const PATIENCE_MS = 150_000;

/** Runs the demonstration; answers whether everything is accounted for. Leaves nothing behind, however it ends. */
export async function runDemo({ orders, json, exit }: DemoOptions): Promise<boolean> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const undo: (() => Promise<unknown>)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), 'instep-demo-'));
    undo.push(() => rm(folder, { recursive: true, force: true }));
    installRuntime({ log: createLog('fatal'), metrics: null });
    const server = await startPrivateServer(folder);
    undo.push(() => server.stop());
    const storefront = await startSparkLayer();
    undo.push(() => storefront.close());
    // An installation that counts open work orders as available: the trap that oversells.
    const erp = await startBlueCherry({ autoImportEveryMs: IMPORT_EVERY_MS, countsWorkAsStock: true });
    undo.push(() => erp.close());
    erp.adjustStock(MADE_TO_ORDER.codes, MADE_TO_ORDER.warehouse, MADE_TO_ORDER.sold);
    // One buyer places a whole season here; only the one that shows a credit hold is over its limit.
    for (const division of ['01', '02'])
      for (const customer of GOOD_CREDIT) erp.setCustomer(division, customer, { creditLimit: '1000000.00' });
    const temporal = await connectTemporal({ kind: 'local', address: server.address });
    undo.push(() => temporal.close());
    await applySearchAttributes(temporal.connection, temporal.namespace);
    const site = demoSite(SITE, { storefront, erp }, join(dataFolder(), 'reports'));
    const workflowBundle = await bundleWorkflows();
    const running = await runSite({
      site,
      connection: temporal.native,
      client: temporal.client,
      namespace: temporal.namespace,
      workflowBundle,
      dataFolder: folder,
      clock: () => new Date(),
      log: createLog('fatal'),
    });
    undo.push(() => running.stop());
    await applySchedules(temporal.client, site);
    say(`Temporal’s UI: ${String(server.uiAddress)}`);
    for (const [what, value] of Object.entries(DEMO_LIMITS)) say(`  ${what}: ${value}`);

    say('The storefront is loaded: products, prices, stock, customers.');
    const feeds = await loadStorefront(temporal.client, site);
    const watch = watchOrders(temporal, { storefront, erp, ui: server.uiAddress, json });
    await placeOrders(orders, { storefront, erp, placed: watch.keys, signal: interrupted.signal });
    await watch.untilSettled(interrupted.signal);
    const deeds = await playSeason({
      storefront,
      erp,
      states: watch.states,
      until: (holds) => watch.until(holds, interrupted.signal),
      tell: say,
    });
    const stock = await explainWorkOrders(temporal.client, site, storefront);
    say('The proof of completeness: both systems and every running order are read anew.');
    const completeness = await proveAtTheEnd(temporal.client, site);
    const papers = await writePapers(temporal.client, site);
    const report = watch.report(deeds, { feeds, stock, completeness, papers });
    if (json) printJson(report);
    else print(renderReport(report));
    if (!exit && !interrupted.signal.aborted) {
      say(
        `\nLook around: ${String(server.uiAddress)} (TEMPORAL_ADDRESS=${server.address} for the commands). Ctrl-C ends and removes everything.`,
      );
      await new Promise<void>((resolve) => interrupted.signal.addEventListener('abort', () => resolve()));
    }
    return isAccountedFor(report);
  } finally {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
    for (const step of undo.toReversed()) await step();
  }
}

interface Placing {
  readonly storefront: SparkLayerStandIn;
  readonly erp: BlueCherryStandIn;
  readonly placed: string[];
  readonly signal: AbortSignal;
}

/** Buyers place their orders; on the way one answer is lost after the ERP committed, and the ERP has a storm of 503. */
async function placeOrders(count: number, { storefront, erp, placed, signal }: Placing): Promise<void> {
  for (let index = 0; index < count && !signal.aborted; index++) {
    if (index === Math.floor(count / 4))
      erp.faults.add({ route: 'POST /api/salesOrder', kind: 'answerLostAfterCommit', times: 1 });
    if (index === Math.floor(count / 2)) erp.faults.add({ kind: 'status', status: 503, body: 'html', times: 6 });
    placed.push(String(storefront.checkout(demoOrder(index)).purchase_identifiers.sparklayer));
    await pause(BETWEEN_ORDERS_MS);
  }
}

function watchOrders(
  { client }: TemporalConnections,
  {
    storefront,
    erp,
    ui,
    json,
  }: { storefront: SparkLayerStandIn; erp: BlueCherryStandIn; ui: string | null; json: boolean },
) {
  const keys: string[] = [];
  const orders = createOrderWorkflows(client, SITE);
  const progress = createLogUpdate(process.stderr);
  const states = new Map<string, OrderState>();
  return {
    keys,
    states,

    /** Reads the orders again and again until something holds; false when time is up. */
    async until(holds: () => boolean, signal: AbortSignal): Promise<boolean> {
      const deadline = Date.now() + PATIENCE_MS;
      for (;;) {
        await Promise.all(keys.map(readState));
        if (holds()) return true;
        if (Date.now() > deadline || signal.aborted) return false;
        await pause(250);
      }
    },

    async untilSettled(signal: AbortSignal): Promise<void> {
      const deadline = Date.now() + PATIENCE_MS;
      let shown = '';
      while (Date.now() < deadline && !signal.aborted) {
        await Promise.all(keys.map(readState));
        const stages = [...Map.groupBy(keys, (key) => states.get(key)?.stage ?? 'on its way')]
          .map(([stage, all]) => `${all.length} ${stage}`)
          .toSorted()
          .join(' · ');
        if (process.stderr.isTTY) progress(stages);
        else if (stages !== shown) say(stages);
        shown = stages;
        if (keys.every((key) => isAtRest(states.get(key)))) break;
        await pause(250);
      }
      if (process.stderr.isTTY) progress.done();
    },

    report(deeds: Deeds, seen: Pick<DemoReport, 'feeds' | 'stock' | 'completeness' | 'papers'>): DemoReport {
      const reports = keys.map((key) =>
        reportOrder(key, states.get(key) ?? null, liveOrders(erp, key), deeds.get(key) ?? ''),
      );
      return summarize(reports, {
        ...seen,
        limits: DEMO_LIMITS,
        ui: json ? null : ui,
        brokenInvariants: [...erp.checkInvariants(), ...storefront.checkInvariants()],
        contractViolations: [
          ...erp.contractViolations(),
          ...storefront.contractViolations(),
          ...storefront.lostFields(),
        ],
      });
    },
  };

  async function readState(key: string): Promise<void> {
    if (states.get(key)?.step.at === 'finished') return;
    const state = await orders.stateOf(key);
    if (state) states.set(key, state);
  }
}

function liveOrders(erp: BlueCherryStandIn, key: string): number {
  const parsed = parsePurchaseKey(key);
  const reference = parsed && referenceOf(parsed);
  return reference ? erp.liveSalesOrders(reference).length : 0;
}
