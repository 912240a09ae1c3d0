import { compareBreaks } from '../domain/drift/compare-breaks.ts';
import type { FoundDrift } from '../domain/drift/drift.ts';
import { findCause, type DriftFacts } from '../domain/drift/find-cause.ts';
import { createPriceFinder } from '../domain/pricing/find-price.ts';
import { areSameBreaks, planPrices } from '../domain/pricing/plan-prices.ts';
import type { ErpManagedList } from '../domain/pricing/price-rules.ts';
import type { PriceBreak } from '../domain/pricing/storefront-prices.ts';
import type { Call } from './calls.ts';
import type { DriftDependencies } from './check-drift.ts';
import { refusalsOf } from './last-refusals.ts';
import { readPriceBook } from './read-price-book.ts';
import type { ShownList } from './shown-prices.ts';
import type { CompletedRun } from './site-pulse.ts';
import type { ErpPriceBook } from './write-price-list.ts';

/** Compares the lists that are the ERP's with its prices of the day. */
export function createPriceDriftReader(dependencies: DriftDependencies) {
  const { site, sparklayer, pulse, shown } = dependencies;

  return {
    async read(call: Call): Promise<readonly FoundDrift[]> {
      const lists = site.pricing.lists.filter((rule) => rule.managedBy === 'erp');
      if (lists.length === 0) return [];
      const book = await readPriceBook(dependencies, call);
      const run = await pulse.lastCompleted('syncPrices');
      const rows: FoundDrift[] = [];
      for (const rule of lists) rows.push(...(await readList(rule, book, run, call)));
      return rows;
    },
  };

  async function readList(
    { list, source }: ErpManagedList,
    book: ErpPriceBook,
    run: CompletedRun | null,
    call: Call,
  ): Promise<readonly FoundDrift[]> {
    const held = await sparklayer.prices.readPricing(list, call);
    // A list that is not there is told by the feed.
    if (!held) return [];
    const last = await shown.recall(list);
    const findPrice = createPriceFinder(book, source, book.today);
    const refused = refusalsOf(run, ['PRICE_REFUSED']).filter(({ key }) => key === list);
    return planPrices({ ...book, findPrice, held }).writes.flatMap(({ sku, breaks }): readonly FoundDrift[] => {
      const there = held.get(sku) ?? [];
      const cause = findCause({
        isMapped: book.skus.has(sku),
        isRefused: refused.some(({ concern }) => concern === list || concern.startsWith(`${sku} (`)),
        lastWrite: lastWriteOf(sku, there, last),
        feedRanAt: run?.startedAt ?? null,
        movedAt: null,
      });
      return compareBreaks(breaks, there).map((each) => ({ what: 'price', sku, place: list, cause, ...each }));
    });
  }
}

function lastWriteOf(sku: string, there: readonly PriceBreak[], last: ShownList | null): DriftFacts['lastWrite'] {
  if (last === null || last.unsure.has(sku)) return 'unknown';
  return areSameBreaks(last.held.get(sku) ?? [], there) ? 'isThere' : 'isNotThere';
}
