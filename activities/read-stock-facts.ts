import type { Site } from '../config/site.ts';
import type { BlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import type { StockFacts } from '../domain/catalogue/erp-catalogue.ts';
import { stockFacts } from '../domain/catalogue/stock-facts.ts';
import { countedWarehouses } from './read-stock-parts.ts';

export interface ReadStockFacts {
  readonly site: Pick<Site, 'stock'>;
  readonly bluecherry: Pick<BlueCherry, 'inventory'>;
}

/** The last good figures that the inventory feed kept of every counted warehouse; costs no call. */
export async function readStockFacts({ site, bluecherry }: ReadStockFacts): Promise<StockFacts> {
  const parts = await Promise.all(countedWarehouses(site.stock).map((each) => bluecherry.inventory.store.part(each)));
  return stockFacts(
    parts.flatMap((part) => part?.rows ?? []),
    site.stock.measures,
  );
}
