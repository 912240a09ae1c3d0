import { setTimeout as pause } from 'node:timers/promises';

import type { SalesOrderView } from '../../sandbox/bluecherry/surface.ts';
import type { PurchaseRecord } from '../../sandbox/sparklayer/stand-in.ts';
import { parseReference } from '../../domain/storefront-reference.ts';
import { purchaseKeyText } from '../../domain/purchase.ts';
import { inParallel } from '../../activities/in-parallel.ts';
import { NotPossible, referencesOf, type Deed, type Family, type Playground } from './deed.ts';
import { nextDeed } from './deeds.ts';
import { isAtRest, judge, type OrderCase, type OrderWorkflowCase, type Verdict } from './judge.ts';
import { createRandom } from './random.ts';
import { classesOf, counted, type SoakReport, type Unexplained } from './soak-report.ts';
import { startSoakSite, type Feed, type Installation, type SoakGround, type SoakSite } from './soak-site.ts';

export interface SoakOptions {
  readonly seed: number;
  readonly steps: number;
  /** How many are checked out, about. */
  readonly orders: number;
  /** How often the worker is killed, about. Whatever is open is replayed after it: the more orders, the longer. */
  readonly kills: number;
  readonly families: readonly Family[];
  /** After how many steps everything comes to rest and is judged; also at the end. */
  readonly restEvery: number;
  readonly say: (line: string) => void;
}

export interface Soaked {
  readonly report: SoakReport;
  /** One line a deed: what was drawn and what came of it. */
  readonly log: readonly string[];
}

/** Patience, not a rule: under load it takes as long as it takes. */
const REST_MS = 300_000;
const ROUND_MS = 100;
const ASK_AT_ONCE = 12;

/**
 * Plays a site at random and judges it whenever it is at rest. All choices come from the seed; when each side gets to
 * work does not, so that a seed repeats its deeds exactly and their meeting as far as possible.
 */
export async function runSoak(ground: SoakGround, options: SoakOptions): Promise<Soaked> {
  const { seed, steps, families, restEvery, say } = options;
  const started = performance.now();
  const random = createRandom(seed);
  const playing = { families, ordersPerStep: options.orders / steps, killsPerStep: options.kills / steps };
  const installation: Installation = {
    writeMode: random.percent(25) ? 'direct' : 'staged',
    controlNumberFence: random.percent(50),
    settlingSeconds: random.percent(70) ? 0 : 0.2,
  };
  const site = await startSoakSite(ground, `soak-${seed}-${Date.now().toString(36)}`, installation);
  try {
    const world = createWorld(site);
    const account = createAccount(world, say);
    for (let step = 1; step <= steps; step++) {
      world.endOutages(step);
      const deed = nextDeed(random, world.keys.length, playing);
      await world.takes(step, deed);
      if (step % restEvery !== 0 && step !== steps) continue;
      const unexplained = await account.restAndJudge(step, step === steps);
      if (step === steps) world.breakdowns.push(...(await site.notReplayed(world.keys)));
      say(`${step} steps, ${world.keys.length} orders: ${unexplained} unexplained`);
    }
    const seconds = (performance.now() - started) / 1000;
    return { report: { seed, installation, steps, ...world.figures(), ...account.result(), seconds }, log: world.log };
  } finally {
    await site.stop();
  }
}

/** The playground with its memory of what was done. */
function createWorld(site: SoakSite) {
  const keys: string[] = [];
  const asPlaced = new Map<string, PurchaseRecord>();
  const log: string[] = [];
  const deedsByKey = new Map<string, string[]>();
  const outages: { readonly endsAt: number; readonly end: () => void }[] = [];
  const done: Deed[] = [];
  const breakdowns: string[] = [];
  const secondsByDeed = new Map<string, number>();
  let [feedsFailed, withoutEffect, now] = [0, 0, 0];
  const play: Playground = {
    site,
    keys,
    asPlaced,
    place(purchase) {
      const key = String(purchase.purchase_identifiers.sparklayer);
      keys.push(key);
      asPlaced.set(key, purchase);
    },
    inSteps: (steps, end) => void outages.push({ endsAt: now + steps, end }),
  };
  return {
    site,
    keys,
    log,
    breakdowns,
    deedsOf: (key: string): readonly string[] => deedsByKey.get(key) ?? [],

    async takes(step: number, deed: Deed): Promise<void> {
      now = step;
      const began = performance.now();
      const effect = await effectOf(deed);
      const seconds = (performance.now() - began) / 1000;
      secondsByDeed.set(deed.name, (secondsByDeed.get(deed.name) ?? 0) + seconds);
      const line = `${step} ${deed.name} ${JSON.stringify(deed.with)}${effect === '' ? '' : ` — ${effect}`}`;
      log.push(line);
      const { order } = deed.with;
      const key = deed.name === 'checkOut' ? keys.at(-1) : typeof order === 'number' ? keys[order] : undefined;
      if (key !== undefined) deedsByKey.set(key, [...(deedsByKey.get(key) ?? []), line]);
    },

    /** Outages whose time has come; null = all of them. */
    endOutages(step: number | null): void {
      for (const outage of outages.splice(0))
        if (step === null || outage.endsAt <= step) outage.end();
        else outages.push(outage);
    },

    figures() {
      const inFamily = (family: Family) => done.filter((deed) => deed.family === family).length;
      return {
        orders: keys.length,
        deeds: counted(done.map(({ name }) => name)),
        secondsByDeed: slowest(secondsByDeed),
        withoutEffect,
        amendments: inFamily('amendments'),
        faults: inFamily('faults'),
        kills: inFamily('kills'),
        feedsFailed,
      };
    },
  };

  /** Empty when the deed was done, else why it was without effect. */
  async function effectOf(deed: Deed): Promise<string> {
    try {
      await deed.act(play);
      done.push(deed);
      return '';
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (deed.family === 'work' && deed.name !== 'order_import' && deed.name !== 'credit_check') feedsFailed += 1;
      else withoutEffect += 1;
      if (why.startsWith('after ')) breakdowns.push(`The ERP’s ledger is broken ${why}`);
      // Refusals of the ERP, of the storefront and of orders are part of the play.
      return error instanceof NotPossible ? why : `${error instanceof Error ? error.name : 'refused'}: ${why}`;
    }
  }
}

type World = ReturnType<typeof createWorld>;

/** Brings everything to rest and keeps the account of what was found. */
function createAccount(world: World, say: SoakOptions['say']) {
  const { site, keys, breakdowns } = world;
  const { storefront, erp } = site;
  const verdicts = new Map<string, Verdict>();
  const firstSeen = new Map<string, Unexplained>();
  const rested = new Map<string, { readonly signs: string; readonly order: OrderWorkflowCase | null }>();
  let rests = 0;
  return {
    /** Answers how many purchases are unexplained so far. */
    async restAndJudge(step: number, isLast: boolean): Promise<number> {
      rests += 1;
      if (isLast) rested.clear();
      world.endOutages(null);
      erp.faults.clear();
      storefront.faults.clear();
      erp.restoreKeys();
      storefront.refuseTokens(false);
      erp.resumeJob('order_import');
      await site.workerIsUp();
      const cases = await comeToRest(step);
      for (const given of cases) {
        const verdict = judge(given);
        verdicts.set(given.key, verdict);
        if (verdict.kind !== 'unexplained' || firstSeen.has(given.key)) continue;
        say(`${given.key}: ${verdict.findings.map((finding) => finding.says).join(' ')}`);
        for (const line of world.deedsOf(given.key)) say(`  ${line}`);
        firstSeen.set(given.key, {
          key: given.key,
          afterStep: step,
          findings: verdict.findings,
          deeds: world.deedsOf(given.key),
          timeline: given.order?.state?.timeline ?? [],
          case: given,
          history: verdict.findings.some(({ kind }) => kind === 'workflowFailed')
            ? await site.historyOf(given.key)
            : null,
        });
      }
      return firstSeen.size;
    },

    result() {
      const broken = [
        ...breakdowns,
        ...site.crashes(),
        ...strangers(),
        ...erp.checkInvariants(),
        ...storefront.checkInvariants(),
        ...erp.contractViolations(),
        ...storefront.contractViolations(),
        ...storefront.lostFields().map((field) => `lost by a write: ${field}`),
      ];
      const isUnexplained = (key: string) => firstSeen.has(key);
      const judged = [...verdicts].map(([key, verdict]): Verdict =>
        isUnexplained(key) ? { kind: 'unexplained', findings: [] } : verdict,
      );
      return {
        rests,
        classes: classesOf(judged),
        namedDifferences: judged.filter((verdict) => verdict.kind === 'named' && verdict.findings.length > 0).length,
        unexplained: [...firstSeen.values()],
        broken,
      };
    },
  };

  /** Feeds and jobs go round until no order moves any more: twice the same, with everybody at rest. */
  async function comeToRest(step: number): Promise<readonly OrderCase[]> {
    const deadline = Date.now() + REST_MS;
    const doubtful = new Set([...rested].flatMap(([key, { order }]) => (isResting(order) ? [] : [key])));
    let before = '';
    for (;;) {
      await goesThrough('pollPurchases', step, deadline);
      erp.runJob('order_import');
      erp.runJob('credit_check');
      await goesThrough('pollErpDocuments', step, deadline);
      const cases = await look(doubtful);
      const picture = JSON.stringify(cases.map(placeOf));
      const allRest = cases.every(({ order }) => order === null || isResting(order));
      if (Date.now() > deadline || (allRest && picture === before)) return cases;
      // Withdrawn purchases are told by the sweep alone.
      if (allRest) await goesThrough('sweepPurchases', step, deadline);
      else await pause(ROUND_MS);
      before = allRest ? picture : '';
    }
  }

  /** Without faults a pass may fail only until connections that were closed have opened again. */
  async function goesThrough(feed: Feed, step: number, deadline: number): Promise<void> {
    for (;;) {
      const failure = await site.runFeed(feed).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
      );
      if (!failure) return;
      if (Date.now() < deadline) continue;
      breakdowns.push(`After step ${step} ${feed} does not go through: ${describe(failure)}`);
      return;
    }
  }

  /** Asks the orders that may have moved since everything was last at rest: a long soak has thousands that did not. */
  async function look(doubtful: Set<string>): Promise<readonly OrderCase[]> {
    const documents = documentsByReference();
    const cases = keys.map((key): OrderCase => ({
      key,
      purchase: storefront.purchase(key) ?? null,
      documents: referencesOf(key).flatMap((reference) => {
        const salesOrders = documents.get(reference);
        return salesOrders ? [{ reference, salesOrders }] : [];
      }),
      order: null,
      wasClosed: world.deedsOf(key).some((deed) => deed.endsWith('"button":"close"}')),
    }));
    for (const given of cases) if (rested.get(given.key)?.signs !== signsOf(given)) doubtful.add(given.key);
    const asked = cases.filter(({ key }) => doubtful.has(key));
    await inParallel(asked, ASK_AT_ONCE, async (given) => {
      rested.set(given.key, { signs: signsOf(given), order: await site.describe(given.key) });
    });
    return cases.map((given) => ({ ...given, order: rested.get(given.key)?.order ?? null }));
  }

  function documentsByReference(): ReadonlyMap<string, readonly SalesOrderView[]> {
    const found = new Map<string, Map<string, SalesOrderView>>();
    for (const order of erp.salesOrders())
      for (const reference of [order.altpo, order.udford1c].map((value) => value.trim().toUpperCase())) {
        const orders = found.get(reference) ?? new Map<string, SalesOrderView>();
        found.set(reference, orders.set(order.ordNum, order));
      }
    return new Map([...found].map(([reference, orders]) => [reference, [...orders.values()]]));
  }

  /** What a change of either side moves. */
  function signsOf({ key, purchase, documents }: OrderCase): string {
    return JSON.stringify([purchase?.dates.updated_at, documents, world.deedsOf(key).length]);
  }

  /** What a rest must leave alone: an order that looks for something again and again is where it was. */
  function placeOf(given: OrderCase): readonly unknown[] {
    const { status, state } = given.order ?? { status: null, state: null };
    const steps = state && [state, ...state.others].map(({ step }) => step.at);
    return [given.key, signsOf(given), status, steps, state?.problems.map(({ code }) => code)];
  }

  /** Orders of the ERP that belong to no purchase of ours. */
  function strangers(): readonly string[] {
    return erp.salesOrders().flatMap(({ ordNum, altpo, udford1c }) => {
      const found = parseReference(altpo) ?? parseReference(udford1c);
      return found && keys.includes(purchaseKeyText(found.key))
        ? []
        : [`ERP order ${ordNum} belongs to no purchase: “${altpo}”, “${udford1c}”.`];
    });
  }
}

/** What took more than a second in all, the slowest first. */
function slowest(seconds: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  const rows = [...seconds].filter(([, all]) => all > 1).toSorted(([, left], [, right]) => right - left);
  return Object.fromEntries(rows.map(([name, all]) => [name, Math.round(all)]));
}

function isResting(order: OrderWorkflowCase | null): boolean {
  return order?.state ? isAtRest(order.state) : false;
}

function describe(error: Error): string {
  const causes: string[] = [];
  for (let each: unknown = error; each instanceof Error && causes.length < 5; each = each.cause)
    causes.push(each.message);
  return causes.join(' ← ');
}
