import PQueue from 'p-queue';

import type { RefusedLevel } from '../connectors/sparklayer/sparklayer.ts';
import { msUntilEndOf } from '../connectors/bluecherry/stamps.ts';
import { findingOf, present, type FeedReport, type Finding, type GuardOverride } from '../domain/findings.ts';
import { planLevels } from '../domain/stock/plan-levels.ts';
import type { LevelWrite } from '../domain/stock/stock-row.ts';
import { withCalls, type Call } from './calls.ts';
import { toFeedFailure, translating } from './failures.ts';
import { createKnownStockReader, type StockDependencies } from './known-stock.ts';
import { readStockParts, restStockParts, type PartsRead } from './read-stock-parts.ts';

export interface BringStockInStep {
  readonly override: GuardOverride | null;
}

export type SyncInventoryActivities = ReturnType<typeof createSyncInventoryActivities>;

/** Kept for computing and writing, should reading the ERP take all the time: a share of it, and no more than this. */
const MOST_RESERVED_MS = 120_000;
const RESERVED_SHARE = 5;

/** The ERP's stock, brought to the storefront's stock locations. */
export function createSyncInventoryActivities(dependencies: StockDependencies) {
  const { site, sparklayer, bluecherry, clock } = dependencies;
  const { store } = bluecherry.inventory;
  const known = createKnownStockReader(dependencies);
  // Two runs at once would compare the same and send it twice.
  const turn = new PQueue({ concurrency: 1 });

  return {
    /**
     * Reads what the ERP shows anew, computes every figure again from the last good ones and from the orders that these
     * cannot know, and sends what differs from what the storefront holds now. Safe to run any number of times; after a
     * kill it sends what is missing. Where the site does not let Instep write, `differing` says what it would.
     */
    async bringStockInStep({ override }: BringStockInStep): Promise<FeedReport> {
      const progress = { written: 0, refused: 0 };
      return translating(toFeedFailure, () =>
        withCalls((call) => turn.add(() => run(override, progress, call), { signal: call.signal }), progress),
      );
    },
  };

  async function run(
    override: GuardOverride | null,
    progress: { written: number; refused: number },
    call: Call,
  ): Promise<FeedReport> {
    const rules = site.stock;
    if (rules.feeds.length === 0) return { stats: {}, findings: [] };
    const isAtRest = isInBatchWindow();
    const read = isAtRest ? await restStockParts(dependencies) : await readErp(override, call);
    const stock = await known.read(call);
    const locations = await sparklayer.listStockLocations(call);
    const levels = await sparklayer.stock.fetchLevels(stock.sold.skus, call);
    await store.noteShown(levels, clock().toISOString());
    const plan = planLevels(stock.index, stock.sold.items, {
      locations: locations.flatMap(({ externalId }) => externalId ?? []),
      levels,
    });
    const refused = rules.writes === 'on' ? await write(plan.writes, progress, call) : [];
    await store.flush();
    // Refused keys, or an answer that nobody understands: what is known is published, and the run says so.
    if (read.trouble && read.trouble.fate !== 'wait') throw read.trouble;
    const ages = stock.index.parts.map(({ ageMinutes }) => ageMinutes);
    return {
      stats: {
        ...read.stats,
        isInBatchWindow: isAtRest ? 1 : 0,
        oldestMinutes: Math.round(Math.max(0, ...ages)),
        skus: stock.sold.skus.length,
        items: stock.sold.items.length,
        ...stock.stats,
        ...plan.counts,
        differing: plan.writes.length,
        ...progress,
      },
      findings: [
        ...read.findings,
        ...silence(read),
        ...stock.findings,
        ...plan.findings.filter(isNews(read.findings)),
        ...refusals(refused),
      ],
    };
  }

  /** The ERP's stock is not read while its nightly jobs run. */
  function isInBatchWindow(): boolean {
    const { freezeWindow, zone } = site.erp;
    return freezeWindow !== null && msUntilEndOf(freezeWindow, clock(), zone) > 0;
  }

  function readErp(override: GuardOverride | null, call: Call): Promise<PartsRead> {
    const left = call.deadline - Date.now();
    const deadline = call.deadline - Math.min(MOST_RESERVED_MS, left / RESERVED_SHARE);
    return readStockParts(dependencies, override, { ...call, deadline, priority: 'stock' });
  }

  async function write(
    writes: readonly LevelWrite[],
    progress: { written: number; refused: number },
    call: Call,
  ): Promise<readonly RefusedLevel[]> {
    const notes: Promise<void>[] = [];
    const onWritten = (rows: readonly LevelWrite[]) => {
      progress.written += rows.length;
      notes.push(store.noteSent(rows, clock().toISOString()));
    };
    try {
      const { refused } = await sparklayer.stock.writeLevels(writes, call, onWritten);
      progress.refused = refused.length;
      return refused;
    } finally {
      await Promise.all(notes);
      await store.flush();
    }
  }
}

/** One cause is told once: what the reading says of a part is more than that the part is old, or not there. */
function isNews(told: readonly Finding[]): (finding: Finding) => boolean {
  const known = new Set(told.map(({ code, key }) => `${code} ${key}`));
  return ({ code, key }) => !known.has(`${code} ${key}`);
}

function silence({ trouble, findings }: PartsRead): readonly Finding[] {
  if (!trouble || findings.some(({ code }) => code === 'STOCK_INCOMPLETE')) return [];
  const says = `The ERP’s stock could not be read: ${trouble.message}. The last good figures go on.`;
  return present([findingOf('STOCK_INCOMPLETE', ['inventory'], { says })]);
}

function refusals(refused: readonly RefusedLevel[]): readonly Finding[] {
  const unknown = Map.groupBy(
    refused.filter(({ reason }) => reason === 'unknownLocation'),
    ({ row }) => row.location,
  );
  const others = Map.groupBy(
    refused.filter(({ reason }) => reason === 'refused'),
    ({ why }) => why,
  );
  return [
    ...[...unknown].flatMap(([location, rows]) => {
      const says = `The storefront does not know the stock location “${location}”; nothing is written for it.`;
      const skus = rows.map(({ row }) => row.sku);
      return present([findingOf('STOCK_LOCATION_UNKNOWN', skus, { key: location, says })]);
    }),
    ...[...others].flatMap(([why, rows]) => {
      const says = `The storefront does not take the levels of these SKUs: ${why}.`;
      const skus = rows.map(({ row }) => `${row.sku} at ${row.location}`);
      return present([findingOf('STOCK_WRITE_REFUSED', skus, { key: why, says })]);
    }),
  ];
}
