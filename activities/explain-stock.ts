import { explainStock, type Explanation, type LastSent } from '../domain/stock/explain-stock.ts';
import { withCalls } from './calls.ts';
import { toFeedFailure, translating } from './failures.ts';
import { createKnownStockReader, type StockDependencies } from './known-stock.ts';

export interface ExplainStock {
  /** As the storefront or a purchase calls it. */
  readonly sku: string;
  /** `external_id` of a stock location; null = all that are fed. */
  readonly location: string | null;
}

export type ExplainStockActivities = ReturnType<typeof createExplainStockActivities>;

/** Why the stock of a SKU is what it is. */
export function createExplainStockActivities(dependencies: StockDependencies) {
  const { site, sparklayer, bluecherry } = dependencies;
  const known = createKnownStockReader(dependencies);

  return {
    /**
     * One explanation for each location; none when the storefront does not sell the SKU, or the ERP does not know it.
     * Reads no stock of the ERP: it explains the figures that are published from. Writes nothing.
     */
    async explainStock({ sku, location }: ExplainStock): Promise<readonly Explanation[]> {
      return translating(toFeedFailure, () =>
        withCalls(async (call) => {
          const { index, sold } = await known.read(call);
          const items = await sold.itemsOf(sku, call);
          const levels = await sparklayer.stock.fetchLevels(
            items.map((item) => item.sku),
            call,
          );
          const locations = site.stock.feeds
            .map((feed) => feed.location)
            .filter((each) => location === null || each === location);
          const explanations: Explanation[] = [];
          for (const item of items)
            for (const each of locations) {
              const level = levels.find((one) => one.sku === item.sku && one.location === each) ?? null;
              const lastSent = await lastSentOf(item.sku, each);
              explanations.push(explainStock(index, item, { location: each, level, lastSent }));
            }
          return explanations;
        }),
      );
    },
  };

  async function lastSentOf(sku: string, location: string): Promise<LastSent | null> {
    const sent = await bluecherry.inventory.store.sent(sku, location);
    if (!sent) return null;
    const { units, sentAt, readBackAt } = sent;
    return { units, sentAt, readBack: readBackAt === null ? null : { units, at: readBackAt } };
  }
}
