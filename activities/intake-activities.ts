import { Context } from '@temporalio/activity';
import * as z from 'zod';

import type { Site } from '../config/site.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { isDatedAhead } from '../domain/dated-ahead.ts';
import { isLater } from '../domain/order-steps.ts';
import { possibleKeys, purchaseKeyText, type PurchaseSummary } from '../domain/purchase.ts';
import { withCalls, type Call } from './calls.ts';
import { toFeedFailure, translating } from './failures.ts';
import { handOver } from './hand-over.ts';
import { inParallel } from './in-parallel.ts';
import type { OrderWorkflows } from './order-workflows.ts';

export interface IntakeDependencies {
  readonly site: Site;
  readonly sparklayer: SparkLayer;
  readonly orders: OrderWorkflows;
  readonly clock: () => Date;
}

/** Where the intake of one purchase type stands: the mark, and what was seen within the overlap before it. */
export interface IntakeMark {
  readonly mark: string;
  /** Purchase key → `updated_at`. */
  readonly seen: Readonly<Record<string, string>>;
}

export type IntakeCursor = Readonly<Record<string, IntakeMark>>;

const RESULT = z.object({
  cursor: z.record(z.string(), z.object({ mark: z.string(), seen: z.record(z.string(), z.string()) })),
});

export interface IntakeStats {
  readonly read: number;
  /** Purchases whose order was started, or told that the purchase changed. */
  readonly handedOver: number;
  readonly ownWrites: number;
  readonly beforeGoLive: number;
  readonly bornInErp: number;
  /** Purchases whose time of change is still to come: taken in, and of no weight for the mark. The proof names them. */
  readonly datedAhead: number;
  readonly rounds: number;
}

export interface IntakeResult {
  readonly cursor: IntakeCursor;
  readonly stats: IntakeStats;
  /** Rows that could not be read, by place; never their data. */
  readonly unreadable: readonly string[];
}

export type IntakeActivities = ReturnType<typeof createIntakeActivities>;

/** A list that never comes to rest is left after this many passes; the mark then stays at the start of the first. */
const MOST_ROUNDS = 5;
const AT_ONCE = 10;

/** The storefront's side of the intake: which purchases are new or changed, and who is told. */
export function createIntakeActivities({ site, sparklayer, orders, clock }: IntakeDependencies) {
  return {
    /** Starts the order of every new purchase and tells those that changed. Safe to repeat: a known order is only told. */
    async takeInPurchases({ last }: { readonly last: unknown }): Promise<IntakeResult> {
      return feed(async (call) => {
        const from = cursorOf(last) ?? cursorOf(await orders.lastResultOf('pollPurchases')) ?? {};
        const passes = [];
        for (const type of site.intake.types) passes.push(await takeInType(type, from[type] ?? null, call));
        return {
          cursor: Object.fromEntries(passes.map(({ type, mark }) => [type, mark])),
          stats: passes.map(({ stats }) => stats).reduce(added),
          unreadable: passes.flatMap(({ unreadable }) => unreadable),
        };
      });
    },
  };

  async function takeInType(type: string, from: IntakeMark | null, call: Call) {
    const now = clock().toISOString();
    const isAhead = (time: string) => isDatedAhead(time, now, site.intake.overlapMinutes);
    const stats = { read: 0, handedOver: 0, ownWrites: 0, beforeGoLive: 0, bornInErp: 0, datedAhead: 0, rounds: 0 };
    const unreadable: string[] = [];
    const seen = new Map(Object.entries(from?.seen ?? {}));
    // A mark that is still to come would hide all that changes until then.
    const start = from && isAhead(from.mark) ? now : (from?.mark ?? null);
    let highest = start;
    let highestOfFirst = highest;
    let isStable = false;
    while (!isStable && stats.rounds < MOST_ROUNDS) {
      stats.rounds++;
      const pass = await readPass(type, start, call);
      unreadable.splice(0, unreadable.length, ...pass.unreadable);
      const unseen = pass.rows.filter(
        (row) => row.key === null || seen.get(purchaseKeyText(row.key)) !== row.updatedAt,
      );
      await inParallel(unseen, AT_ONCE, (row) => takeIn(row, seen, stats));
      const credible = pass.rows.filter(({ updatedAt }) => !isAhead(updatedAt));
      for (const { updatedAt } of credible) if (highest === null || isLater(updatedAt, highest)) highest = updatedAt;
      stats.datedAhead = pass.rows.length - credible.length;
      if (stats.rounds === 1) highestOfFirst = highest;
      // One page cannot shift under us; several are read again until a pass shows nothing unseen.
      isStable = pass.pages <= 1 || unseen.every(({ key }) => key === null);
      stats.read += pass.rows.length;
    }
    const mark = (isStable ? highest : highestOfFirst) ?? site.goLive;
    return { type, mark: { mark, seen: withinOverlap(seen, mark) }, stats, unreadable };
  }

  async function readPass(type: string, mark: string | null, call: Call) {
    const since = mark === null ? null : new Date(Date.parse(mark) - site.intake.overlapMinutes * 60_000).toISOString();
    const rows: PurchaseSummary[] = [];
    const unreadable: string[] = [];
    const limit = site.intake.pageSize;
    for (let pages = 1, offset = 0; ; pages++, offset += limit) {
      const page = await sparklayer.listPurchases(
        { type, updatedSince: since, placedSince: since === null ? site.goLive : null, limit, offset },
        call,
      );
      rows.push(...page.rows);
      unreadable.push(...page.unreadable.map(({ index, path }) => `${type}, row ${offset + index}: ${path}`));
      Context.current().heartbeat({ rows: rows.length });
      if (page.rows.length + page.unreadable.length < limit) return { rows, unreadable, pages };
    }
  }

  async function takeIn(
    row: PurchaseSummary,
    seen: Map<string, string>,
    stats: { handedOver: number; ownWrites: number; beforeGoLive: number; bornInErp: number },
  ): Promise<void> {
    if (row.key === null) {
      stats.bornInErp++;
      return;
    }
    const key = purchaseKeyText(row.key);
    if (row.placedAt !== null && Date.parse(row.placedAt) < Date.parse(site.goLive)) stats.beforeGoLive++;
    else if (possibleKeys(row.identifiers).some((each) => sparklayer.isOwnWrite(each, row.updatedAt)))
      stats.ownWrites++;
    else {
      await handOver(orders, row);
      stats.handedOver++;
    }
    seen.set(key, row.updatedAt);
  }

  function withinOverlap(seen: ReadonlyMap<string, string>, mark: string): Record<string, string> {
    const oldest = Date.parse(mark) - site.intake.overlapMinutes * 60_000;
    return Object.fromEntries([...seen].filter(([, updatedAt]) => Date.parse(updatedAt) >= oldest));
  }
}

/** The cursor in a run's result. What cannot be read is as good as lost: that costs time, never orders. */
function cursorOf(result: unknown): IntakeCursor | null {
  const parsed = RESULT.safeParse(result);
  return parsed.success ? parsed.data.cursor : null;
}

function feed<Result>(work: (call: Call) => Promise<Result>): Promise<Result> {
  return translating(toFeedFailure, () => withCalls(work));
}

function added(left: IntakeStats, right: IntakeStats): IntakeStats {
  return {
    read: left.read + right.read,
    handedOver: left.handedOver + right.handedOver,
    ownWrites: left.ownWrites + right.ownWrites,
    beforeGoLive: left.beforeGoLive + right.beforeGoLive,
    bornInErp: left.bornInErp + right.bornInErp,
    datedAhead: left.datedAhead + right.datedAhead,
    rounds: left.rounds + right.rounds,
  };
}
