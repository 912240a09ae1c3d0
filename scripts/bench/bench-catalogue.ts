import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import { productBody, variantBody } from '../../connectors/sparklayer/wire/products.ts';
import { NO_STOCK_FACTS, readErpCatalogue } from '../../domain/catalogue/erp-catalogue.ts';
import { newVariant } from '../../domain/catalogue/plan-catalogue.ts';
import { slugOf } from '../../domain/catalogue/name-slug.ts';
import { say } from '../program.ts';
import { compareAlone, startCycles } from './bench-feed.ts';
import { LIMITS, onBenchGround, startBenchSite, type BenchSite } from './bench-site.ts';
import { showFeed } from './show-feed.ts';
import { siteOf } from './told.ts';

export interface BenchCatalogue {
  readonly skus: number;
  readonly json: boolean;
}

const SKUS_OF_A_STYLE = 4;
const DAY_MS = 24 * 3_600_000;
const PATIENCE_MS = 300_000;
const STYLES = 'GET /api/style';
/** Products that are there before the first run; the others are its load, one call each and one for each variant. */
const SHARE_THERE = 0.98;

/**
 * A catalogue of so many SKUs against both stand-ins, the ERP's limits lifted: a run that creates the last fiftieth of the
 * products, one that has nothing to do, one that finds a hundredth of the SKUs gone, and one that has nothing to do again.
 * Then the comparison by itself.
 */
export async function benchCatalogue({ skus, json }: BenchCatalogue): Promise<void> {
  await onBenchGround(async (ground) => {
    let agoMs = DAY_MS;
    const site = await startBenchSite(
      ground,
      'catalogue',
      { limits: 'none', refreshCatalogueSeconds: DAY_MS / 1000 },
      { extraStyles: Math.ceil(skus / SKUS_OF_A_STYLE), clock: () => new Date(Date.now() - agoMs) },
      { feeds: 'byHand', sections: { products: { mode: 'write' } } },
    );
    agoMs = 0;
    say('most of the products are put into the storefront …');
    const calls = await stockUp(site);
    const feed = await startCycles({ ground, site, workflowType: 'syncProducts' });
    const first = await feed.run('2 % of the products are new');
    await feed.run('nothing changed');
    for (let index = 0; index < Math.floor(skus / 100); index++) {
      const style = `X-${String(index).padStart(5, '0')}`;
      site.erp.setSkuLive({ division: '01', style, color: 'BLK', label: 'A', dimension: '', size: 'XL' }, false);
    }
    await feed.run('1 % of the SKUs gone');
    await feed.run('nothing changed again');
    const alone = await compareAlone(site, 'compare-catalogue');
    await site.stop();
    showFeed(
      {
        rows: first.stats['items'] ?? 0,
        idleMb: feed.idleMb,
        alone,
        cycles: feed.cycles,
        counts: ['productsCreated', 'created', 'updated', 'discontinued', 'unchanged'],
        fullRead: { calls, minutes: calls / LIMITS.perMinute },
      },
      json,
    );
  });
}

/** As a first load would have left them, without its calls; answers how many calls of the ERP its styles took. */
async function stockUp(site: BenchSite): Promise<number> {
  const { erp, catalogue, rules } = siteOf(site.told);
  const silent = () => undefined;
  const log = { info: silent, warn: silent, error: silent, debug: silent };
  const bluecherry = createBlueCherry({ ...erp, cacheDir: null }, { clock: () => new Date(), log });
  const styles = await bluecherry.reference.styles({
    signal: AbortSignal.timeout(PATIENCE_MS),
    deadline: Date.now() + PATIENCE_MS,
    priority: 'catalogue',
  });
  const calls = bluecherry.usage().callsByRoute[STYLES] ?? 0;
  await bluecherry.close();
  const { products } = readErpCatalogue(styles, catalogue, rules, NO_STOCK_FACTS);
  // Those that carry the same name may not have the slug that goes with it.
  const alike = Map.groupBy(products, ({ title }) => title);
  const plain = products.filter(({ title }) => alike.get(title)?.length === 1);
  for (const { key, title, items } of plain.slice(0, Math.floor(plain.length * SHARE_THERE))) {
    const { id } = site.storefront.addProduct(
      title,
      items.map(({ sku }) => sku),
    );
    site.storefront.editProduct(id, JSON.parse(productBody({ externalId: key, title, slug: slugOf(title) })));
    for (const item of items) site.storefront.editVariant(item.sku, JSON.parse(variantBody(newVariant(item))));
  }
  return calls;
}
