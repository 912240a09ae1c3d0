import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { MockActivityEnvironment } from '@temporalio/testing';
import { pino } from 'pino';

import type { Call } from '../../activities/calls.ts';
import { followOrder, type FollowOrder } from '../../activities/follow-order.ts';
import { openPostJournal } from '../../activities/post-journal.ts';
import { prepareOrder } from '../../activities/prepare-order.ts';
import { reviseOrder, type ReviseOrder } from '../../activities/revise-order.ts';
import type { SalesOrderDependencies } from '../../activities/sales-order-activities.ts';
import type { Site } from '../../config/site.ts';
import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import { createSparkLayer } from '../../connectors/sparklayer/sparklayer.ts';
import { controlNumber } from '../../domain/control-number.ts';
import type { DocumentFacts, FollowOutcome, ReviseOutcome } from '../../domain/order-state.ts';
import { parsePurchaseKey } from '../../domain/purchase.ts';
import type { PreparedSalesOrder } from '../../domain/sales-order.ts';
import { referenceOf } from '../../domain/storefront-reference.ts';
import { startBlueCherry, type BlueCherryOptions } from '../../sandbox/bluecherry/stand-in.ts';
import { startSparkLayer, type CheckoutInput } from '../../sandbox/sparklayer/stand-in.ts';
import { testSite } from './test-site.ts';

export type Steps = Awaited<ReturnType<typeof startSteps>>;

/** An order as the workflow would remember it between two steps. */
export interface Remembered {
  readonly key: string;
  readonly reference: string;
  readonly documents: readonly DocumentFacts[];
  readonly fingerprint: string;
}

export interface StepsOptions {
  readonly erp?: BlueCherryOptions;
  readonly site?: (site: Site) => Site;
}

/** The steps of an order against both stand-ins, without a server: each is called as its activity would call it. */
export async function startSteps({ erp: options = {}, site: change = (site) => site }: StepsOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'instep-steps-'));
  const erp = await startBlueCherry(options);
  const storefront = await startSparkLayer({});
  const site = change(testSite('steps', { storefront, erp }));
  const log = pino({ level: 'silent' });
  const clock = () => new Date();
  const sparklayer = createSparkLayer(site.storefront, { clock, log });
  const bluecherry = createBlueCherry({ ...site.erp, cacheDir: join(folder, 'cache') }, { clock, log });
  const journal = await openPostJournal(join(folder, 'journal'));
  const stops: string[] = [];
  const dependencies: SalesOrderDependencies = {
    site,
    sparklayer,
    bluecherry,
    journal,
    clock,
    earlierRuns: () => Promise.resolve(false),
    stopIntake: (why) => Promise.resolve(void stops.push(why)),
  };

  async function prepare(input: CheckoutInput) {
    const key = String(storefront.checkout(input).purchase_identifiers.sparklayer);
    const parsed = parsePurchaseKey(key);
    const reference = (parsed && referenceOf(parsed)) ?? '';
    const outcome = await prepareOrder(dependencies, { key, reference, customerOverride: null }, aCall());
    if (outcome.kind !== 'prepared') throw new Error(`prepared: ${JSON.stringify(outcome)}`);
    return { key, reference, outcome };
  }

  const steps = {
    erp,
    storefront,
    site,
    dependencies,
    /** Why the intake was stopped, each time. */
    stops,

    /** A purchase as its order would be sent: what the submit step is given of it. */
    async prepared(input: CheckoutInput) {
      const { key, reference, outcome } = await prepare(input);
      const [order] = outcome.orders;
      if (!order) throw new Error('Nothing of it is to be sent.');
      return { key, reference, order, fingerprint: outcome.purchase.fingerprint };
    },

    /** Posts a sales order past the steps: as something else would that knows how. */
    async enters(order: PreparedSalesOrder, number: string): Promise<void> {
      await bluecherry.postSalesOrder(order, number, { ...aCall(), priority: 'order' });
    },

    /** An order that the ERP has, and nobody has told the storefront of it yet: placed, imported. */
    async imported(input: CheckoutInput): Promise<Remembered> {
      const { key, reference, outcome } = await prepare(input);
      for (const order of outcome.orders) {
        const number = controlNumber({ site: site.name, reference: order.reference, revision: 1, attempt: 1 });
        await steps.enters(order, number);
      }
      erp.runJob('order_import');
      erp.runJob('credit_check');
      const documents = outcome.orders.map((sent, index): DocumentFacts => ({
        document: index + 1,
        reference: sent.reference,
        division: sent.division,
        orderNumber: erp.liveSalesOrders(sent.reference)[0]?.ordNum ?? '',
        place: 'live',
        sent,
        agreed: null,
        onTheirWay: [],
      }));
      return { key, reference, documents, fingerprint: outcome.purchase.fingerprint };
    },

    /** An order that both sides have: placed, imported, followed. */
    async accepted(input: CheckoutInput): Promise<Remembered> {
      const order = await steps.imported(input);
      return remembered(order, await steps.follow(order));
    },

    follow: (
      { key, documents, fingerprint }: Remembered,
      more: Partial<FollowOrder> = {},
      world: SalesOrderDependencies = dependencies,
    ): Promise<FollowOutcome> =>
      followOrder(
        world,
        {
          key,
          documents,
          fingerprint,
          trustEntry: true,
          accept: null,
          refused: null,
          creditMemos: [],
          transactions: {},
          ...more,
        },
        aCall(),
      ),

    revise: (
      { key, reference, documents, fingerprint }: Remembered,
      more: Partial<ReviseOrder> = {},
    ): Promise<ReviseOutcome> =>
      reviseOrder(
        dependencies,
        {
          key,
          reference,
          documents,
          fingerprint,
          trustEntry: true,
          anyway: false,
          prefer: 'nobody',
          customerOverride: null,
          ...more,
        },
        aCall(),
      ),

    /** Takes the order's stock out of the warehouse and bills it. */
    ships(): void {
      for (const job of ['allocation', 'pick_release', 'ship_confirm', 'invoicing'] as const) erp.runJob(job);
    },

    /** Units of each SKU on the purchase, by what became of them. */
    packages(key: string) {
      return (storefront.purchase(key)?.packages ?? []).map(({ type, line_items }) => ({
        type,
        units: Object.fromEntries(line_items.map((line) => [line.identifiers.sku, line.quantity])),
      }));
    },

    async stop(): Promise<void> {
      await Promise.all([sparklayer.close(), bluecherry.close(), journal.close()]);
      await Promise.all([erp.close(), storefront.close()]);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return steps;
}

/** Runs a step as one attempt of its activity. */
export function asActivity<Outcome>(step: () => Promise<Outcome>, attempt = 1): Promise<Outcome> {
  const environment = new MockActivityEnvironment({ attempt, startToCloseTimeoutMs: 60_000 });
  return environment.run<[], Outcome, () => Promise<Outcome>>(step);
}

/** What the workflow keeps of a reading of both sides. */
export function remembered(order: Remembered, outcome: FollowOutcome): Remembered {
  if (outcome.kind !== 'followed') throw new Error(`followed: ${JSON.stringify(outcome)}`);
  const documents = order.documents.map((facts): DocumentFacts => {
    const found = outcome.documents.find(({ document }) => document === facts.document);
    return found ? { ...facts, agreed: found.agreed, sent: found.sent ?? facts.sent } : facts;
  });
  const { purchase } = outcome;
  return { ...order, documents, fingerprint: purchase.kind === 'written' ? purchase.fingerprint : order.fingerprint };
}

function aCall(): Call {
  return { signal: new AbortController().signal, deadline: Date.now() + 20_000 };
}
