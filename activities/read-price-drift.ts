import type { DriftRow } from '../domain/drift/drift.ts';
import { findCause } from '../domain/drift/find-cause.ts';
import { subtract } from '../domain/money.ts';
import { createPriceFinder } from '../domain/pricing/find-price.ts';
import { planPrices } from '../domain/pricing/plan-prices.ts';
import type { ErpManagedList } from '../domain/pricing/price-rules.ts';
import type { PriceBreak } from '../domain/pricing/storefront-prices.ts';
import type { Call } from './calls.ts';
import type { DriftDependencies } from './check-drift.ts';
import { refusalsOf } from './last-refusals.ts';
import { readPriceBook } from './read-price-book.ts';
import type { CompletedRun } from './site-pulse.ts';
import type { ErpPriceBook } from './write-price-list.ts';

/** Compares the lists that are the ERP's with its prices of the day. */
export function createPriceDriftReader(dependencies: DriftDependencies) {
  const { site, sparklayer, pulse } = dependencies;

  return {
    async read(call: Call): Promise<readonly DriftRow[]> {
      const lists = site.pricing.lists.filter((rule) => rule.managedBy === 'erp');
      if (lists.length === 0) return [];
      const book = await readPriceBook(dependencies, call);
      const run = await pulse.lastCompleted('syncPrices');
      const rows: DriftRow[] = [];
      for (const rule of lists) rows.push(...(await readList(rule, book, run, call)));
      return rows;
    },
  };

  async function readList(
    { list, source }: ErpManagedList,
    { skus, rows, bucketOf, today }: ErpPriceBook,
    run: CompletedRun | null,
    call: Call,
  ): Promise<readonly DriftRow[]> {
    const held = await sparklayer.prices.readPricing(list, call);
    // A list that is not there is told by the feed.
    if (!held) return [];
    const findPrice = createPriceFinder(rows, source, today);
    const refused = refusalsOf(run, ['PRICE_REFUSED']).filter(({ key }) => key === list);
    return planPrices({ skus, findPrice, bucketOf, held }).writes.map(({ sku, breaks }): DriftRow => {
      const codes = skus.get(sku);
      const row = codes ? findPrice(codes, bucketOf(codes)).row : null;
      const [should, is] = [priceOf(breaks), priceOf(held.get(sku) ?? [])];
      const cause = findCause({
        isMapped: codes !== undefined,
        isRefused: refused.some(({ concern }) => concern === list || concern.startsWith(`${sku} (`)),
        lastWrite: 'unknown',
        feedRanAt: run?.startedAt ?? null,
        movedAt: row && movedAt(row.changedAt, row.from),
      });
      const money = should !== null && is !== null ? subtract(is, should) : null;
      return { what: 'price', sku, place: list, should, is, cause, money, since: run?.startedAt ?? null };
    });
  }
}

/** A price comes to hold when its row is changed, or on its first day, whichever is later. */
function movedAt(changedAt: string | null, from: string | null): string | null {
  if (changedAt === null) return null;
  return from !== null && Date.parse(from) > Date.parse(changedAt) ? from : changedAt;
}

function priceOf(breaks: readonly PriceBreak[]): string | null {
  return breaks[0]?.price ?? null;
}
