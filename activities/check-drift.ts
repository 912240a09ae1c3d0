import { withFirstSeen, type Drift, type FoundDrift } from '../domain/drift/drift.ts';
import { reportDrift } from '../domain/drift/report-drift.ts';
import type { FeedReport } from '../domain/findings.ts';
import { withCalls, type Call } from './calls.ts';
import { toFeedFailure, translating } from './failures.ts';
import { writeKept } from './kept-file.ts';
import type { StockDependencies } from './known-stock.ts';
import { readDrift } from './read-drift.ts';
import { createPriceDriftReader } from './read-price-drift.ts';
import { createStockDriftReader } from './read-stock-drift.ts';
import type { ShownPrices } from './shown-prices.ts';
import type { SitePulse } from './site-pulse.ts';

export interface DriftDependencies extends StockDependencies {
  readonly pulse: Pick<SitePulse, 'lastCompleted'>;
  readonly shown: Pick<ShownPrices, 'recall'>;
  /** `drift.json` of the site. */
  readonly file: string;
}

export type DriftActivities = ReturnType<typeof createDriftActivities>;

/** Reads back what is published, and tells why it is not what should be there. */
export function createDriftActivities(dependencies: DriftDependencies) {
  const { site, clock, file } = dependencies;
  const stock = createStockDriftReader(dependencies);
  const prices = createPriceDriftReader(dependencies);

  return {
    /** Writes to no system; its own file is written anew. Safe to repeat. */
    async checkDrift(): Promise<FeedReport> {
      return translating(toFeedFailure, () => withCalls(check));
    },
  };

  async function check(call: Call): Promise<FeedReport> {
    const before = await readDrift(file);
    const found: readonly FoundDrift[] = [
      ...(site.stock.writes === 'on' && site.stock.feeds.length > 0 ? await stock.read(call) : []),
      ...(site.pricing.mode === 'write' ? await prices.read(call) : []),
    ];
    const at = clock().toISOString();
    const drift: Drift = { version: 2, at, rows: withFirstSeen(found, before, at) };
    await writeKept(file, `${JSON.stringify(drift)}\n`);
    return reportDrift(found);
  }
}
