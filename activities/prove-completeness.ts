import { metricMeter } from '@temporalio/activity';

import type { Site } from '../config/site.ts';
import type { BlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { isDatedAhead } from '../domain/dated-ahead.ts';
import type { Finding } from '../domain/findings.ts';
import {
  classifyPurchase,
  isGoneFromErp,
  mustBeRead,
  type OrderGlance,
  type ProofRules,
  type PurchaseFacts,
  type PurchaseWord,
} from '../domain/proof/classify-purchase.ts';
import {
  findDuplicates,
  isLiveDocument,
  matchDocuments,
  type DocumentsOfPurchase,
  type ErpDocument,
} from '../domain/proof/match-documents.ts';
import { reportProof, type Proof, type ProofReport } from '../domain/proof/report-proof.ts';
import type { ProvenPurchase } from '../domain/proof/tie-out.ts';
import { isWhollyCancelled } from '../domain/purchase-lines.ts';
import { standingOfType } from '../domain/purchase-type.ts';
import { possibleKeys, purchaseKeyText, type PurchaseKey, type PurchaseSummary } from '../domain/purchase.ts';
import { judgeWatch } from '../domain/watch/judge-watch.ts';
import { withCalls, type Call } from './calls.ts';
import type { ErpNews } from './erp-feed-activities.ts';
import { toFeedFailure, translating } from './failures.ts';
import { handOver } from './hand-over.ts';
import { inParallel } from './in-parallel.ts';
import { listPurchases } from './list-purchases.ts';
import type { OrderGlances } from './order-glances.ts';
import type { OrderWorkflows } from './order-workflows.ts';
import { readOwnEntry } from './own-entry.ts';
import { createPatience, type Patience } from './patience.ts';
import type { SitePulse } from './site-pulse.ts';

export interface ProofDependencies {
  readonly site: Pick<Site, 'name' | 'goLive' | 'intake' | 'proof' | 'ownEntry' | 'rules' | 'schedules'>;
  readonly sparklayer: Pick<SparkLayer, 'listPurchases' | 'getPurchase'>;
  readonly bluecherry: Pick<BlueCherry, 'orderBook'>;
  readonly orders: Pick<OrderWorkflows, 'startOrTell' | 'isKnown' | 'tellChanged' | 'tellErpChange'>;
  readonly glances: OrderGlances;
  readonly pulse: Pick<SitePulse, 'lastCompleted' | 'watchDeclaredAt'>;
  readonly clock: () => Date;
}

/** A proof, and what is to be started because of it. */
export interface ProofOutcome {
  readonly report: ProofReport;
  /** The unaccounted purchases, the first ones; what is left the next proof finds. */
  readonly toStart: readonly PurchaseSummary[];
}

/** How the purchases of one proof are asked for. */
interface Asking {
  readonly patience: Patience;
  readonly call: Call;
}

export type ProofActivities = ReturnType<typeof createProofActivities>;

const A_DAY_MS = 86_400_000;
/** Added to one poll interval, it is the grace of a purchase (decision 39). */
const GRACE_SECONDS = 60;
const AT_ONCE = 10;
/** More would be too much for a workflow's result. */
const MOST_STARTED = 500;
/** What a purchase was found to say stands for its `updated_at`; more of them are forgotten. */
const MOST_REMEMBERED = 20_000;
/** Words that are not remembered: each proof asks again. What the list shows is hardly gone. */
const ASKED_AGAIN: readonly PurchaseWord[] = ['unreadable'];
const ASKED_AGAIN_IF_LISTED: readonly PurchaseWord[] = [...ASKED_AGAIN, 'gone'];
/** What makes an order read both sides. */
const MOVED: ErpNews = { imports: [], orders: [], credits: [], moved: true };

/** Proves that every purchase is accounted for, by lists of its own: nothing here knows where the intake stands. */
export function createProofActivities(dependencies: ProofDependencies) {
  const { site, sparklayer, bluecherry, orders, glances, pulse, clock } = dependencies;
  const words = new Map<string, { readonly updatedAt: string; readonly word: PurchaseWord }>();

  return {
    /**
     * Reads purchases, then running orders, then the ERP, in this order: what ends meanwhile is in the ERP by then. Only
     * reads; a purchase that seems unaccounted is read itself, and its order asked whether it runs after all. An order that
     * the ERP accepted and no longer shows is told to look.
     */
    async proveCompleteness(): Promise<ProofOutcome> {
      return translating(toFeedFailure, () => withCalls(prove));
    },

    /** Starts the orders of purchases nobody knew of. Safe to repeat: a running order is only told. */
    async startUnaccounted({ purchases }: { readonly purchases: readonly PurchaseSummary[] }): Promise<void> {
      await inParallel(purchases, AT_ONCE, (row) => handOver(orders, row));
    },
  };

  async function prove(call: Call): Promise<ProofOutcome> {
    const now = clock();
    const from = windowStart(now);
    const { rows: listed, unreadable } = await listPurchases({ site, sparklayer }, { placedSince: from }, call);
    const running = await glancesByKey();
    const known = matchDocuments(await bluecherry.orderBook.rows({ ...call, priority: 'status' }));
    const rules: ProofRules = {
      now: now.toISOString(),
      goLive: site.goLive,
      graceSeconds: site.intake.intervalSeconds + GRACE_SECONDS,
      tolerated: site.rules.erpEdits.toleratedAmount,
    };
    const asking: Asking = { patience: createPatience(), call };
    const proven: ProvenPurchase[] = [];
    await inParallel(listed, AT_ONCE, async (summary) => {
      const keys = keysOf(summary);
      const documents = keys.flatMap((key) => known.get(key)?.documents ?? []);
      const glance = keys.map((key) => running.get(key)).find((each) => each !== undefined) ?? null;
      const judged = await judge({ summary, documents, glance, word: 'notRead' }, rules, asking);
      // Its order looks for itself, and parks with the number that is missing.
      if (glance !== null && isGoneFromErp(judged.standing)) await orders.tellErpChange(glance.key, MOVED);
      proven.push(judged);
    });
    const { orphans, unread } = await findOrphans([...known.values()], { listed, from, now: rules.now }, asking);
    const report = reportProof({
      at: rules.now,
      from,
      zone: site.rules.zone,
      listed,
      proven,
      duplicates: [...known.values()].flatMap((each) =>
        findDuplicates(each).map((duplicate) => ({ key: each.key, ...duplicate })),
      ),
      orphans,
      erpOrders: [...known.values()].reduce((count, { documents }) => count + documents.length, 0),
      unreadable,
      datedAhead: listed.filter(({ updatedAt }) => isDatedAhead(updatedAt, rules.now, site.intake.overlapMinutes)),
      unread,
    });
    measure(report);
    const missing = proven.filter(({ standing }) => standing.kind === 'unaccounted');
    const findings = [...report.findings, ...(await watchTheWatch(rules.now))];
    return {
      report: { ...report, findings },
      toStart: missing.slice(0, MOST_STARTED).map(({ facts }) => facts.summary),
    };
  }

  /** The headline as gauges; the instant tells a proof that found nothing from one that no longer runs. */
  function measure({ unaccounted, purchases }: ProofReport): void {
    const tags = { site: site.name };
    const gauge = (name: string, unit: string, what: string) => metricMeter.createGauge(name, 'int', unit, what);
    gauge('instep_unaccounted_purchases', 'purchases', 'Purchases nobody accounts for').set(unaccounted, tags);
    gauge('instep_proven_purchases', 'purchases', 'Purchases the proof looked at').set(purchases, tags);
    const seconds = Math.round(clock().getTime() / 1_000);
    gauge('instep_last_proof', 'seconds', 'Unix time of the last proof').set(seconds, tags);
  }

  async function watchTheWatch(now: string): Promise<readonly Finding[]> {
    const { when, between } = site.schedules.feeds.watchSite;
    const everySeconds = when.kind === 'every' && between === null ? when.seconds : null;
    const ranAt = (await pulse.lastCompleted('watchSite'))?.startedAt ?? null;
    // Temporal forgets runs; a watch that stands still for long is late all the same.
    const declaredAt = ranAt === null ? await pulse.watchDeclaredAt() : null;
    return judgeWatch({ ranAt, declaredAt, everySeconds, now });
  }

  async function judge(facts: PurchaseFacts, rules: ProofRules, asking: Asking): Promise<ProvenPurchase> {
    const standing = classifyPurchase(facts, rules);
    const { key } = facts.summary;
    if (key === null || !mustBeRead(facts, standing)) return { facts, standing };
    const read = { ...facts, word: await wordOf(key, facts.summary.updatedAt, ASKED_AGAIN_IF_LISTED, asking) };
    const second = classifyPurchase(read, rules);
    if (second.kind !== 'unaccounted') return { facts: read, standing: second };
    // Searching shows an order a moment late; the order itself does not.
    const all = { ...read, glance: await toldOrder(facts.summary) };
    return { facts: all, standing: classifyPurchase(all, rules) };
  }

  async function toldOrder(summary: PurchaseSummary): Promise<OrderGlance | null> {
    for (const key of keysOf(summary))
      if (await orders.tellChanged(key, summary.updatedAt)) return { key, stage: 'received', attention: 'none' };
    return null;
  }

  async function wordOf(
    key: PurchaseKey,
    updatedAt: string,
    askedAgain: readonly PurchaseWord[],
    asking: Asking,
  ): Promise<PurchaseWord> {
    const text = purchaseKeyText(key);
    const known = words.get(text);
    if (known?.updatedAt === updatedAt) return known.word;
    const word = await askFor(key, asking);
    if (askedAgain.includes(word)) return word;
    if (words.size >= MOST_REMEMBERED) words.clear();
    words.set(text, { updatedAt, word });
    return word;
  }

  /** One that cannot be read must not stop the proof of all the others. */
  async function askFor(key: PurchaseKey, { patience, call }: Asking): Promise<PurchaseWord> {
    try {
      const purchase = await sparklayer.getPurchase(key, call);
      patience.answered();
      if (!purchase) return 'gone';
      const standing = standingOfType(purchase.type, site.intake.types);
      if (standing !== 'order') return standing === 'noOrder' ? 'gone' : 'unreadable';
      if (readOwnEntry(purchase, site.ownEntry.name)?.closed) return 'closed';
      return isWhollyCancelled(purchase) ? 'cancelled' : 'order';
    } catch (error) {
      if (!patience.bears(error)) throw error;
      return 'unreadable';
    }
  }

  /**
   * Live orders of the window whose purchase is not listed, and is not there when it is asked for by itself; and those of
   * which it is there and cannot be read.
   */
  async function findOrphans(
    known: readonly DocumentsOfPurchase[],
    { listed, from, now }: Pick<Proof, 'listed' | 'from'> & Pick<ProofRules, 'now'>,
    asking: Asking,
  ): Promise<{ readonly orphans: readonly ErpDocument[]; readonly unread: readonly string[] }> {
    const keys = new Set(listed.flatMap(keysOf));
    const orphans: ErpDocument[] = [];
    const unread: string[] = [];
    // What no list shows has no `updated_at`: what it says stands for an hour.
    const anHour = now.slice(0, 'YYYY-MM-DDTHH'.length);
    const strangers = known.filter(({ key }) => !keys.has(purchaseKeyText(key)));
    await inParallel(strangers, AT_ONCE, async ({ key, documents }) => {
      const live = documents.filter((each) => isLiveDocument(each) && (each.orderDate ?? from) >= from.slice(0, 10));
      if (live.length === 0) return;
      const word = await wordOf(key, anHour, ASKED_AGAIN, asking);
      if (word === 'gone') orphans.push(...live);
      if (word === 'unreadable') unread.push(purchaseKeyText(key));
    });
    return { orphans, unread };
  }

  async function glancesByKey(): Promise<ReadonlyMap<string, OrderGlance>> {
    const found = new Map<string, OrderGlance>();
    for await (const glance of glances.running()) found.set(glance.key, glance);
    return found;
  }

  function windowStart(now: Date): string {
    const start = Math.max(Date.parse(site.goLive), now.getTime() - site.proof.windowDays * A_DAY_MS);
    return new Date(start).toISOString();
  }
}

/** Keys as texts by which systems may know it. */
function keysOf({ identifiers }: PurchaseSummary): readonly string[] {
  return possibleKeys(identifiers).map(purchaseKeyText);
}
