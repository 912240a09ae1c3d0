// The comparison of the catalogue by itself, in a process of its own, with what a worker has kept on disk. Says what it
// measured as JSON.
import { join } from 'node:path';

import { createBlueCherry } from '../../connectors/bluecherry/bluecherry.ts';
import { NO_STOCK_FACTS, readErpCatalogue } from '../../domain/catalogue/erp-catalogue.ts';
import { planCatalogue, type CataloguePlan, type ProductStep } from '../../domain/catalogue/plan-catalogue.ts';
import type { StorefrontProduct } from '../../domain/catalogue/storefront-product.ts';
import { heapMb, measured, peakMb, residentMb } from './measuring.ts';
import { erpPages, storefrontProducts } from './raw-bodies.ts';
import { readTold } from './told.ts';

const PATIENCE_MS = 300_000;
const STYLE_PAGE = 100;
const BYTES_OF_A_MB = 1_048_576;

const { told, site } = readTold();
const silent = () => undefined;
const log = { info: silent, warn: silent, error: silent, debug: silent };
const cacheDir = join(told.folder, site.name, 'cache');
const bluecherry = createBlueCherry({ ...site.erp, cacheDir }, { clock: () => new Date(), log });
const idle = { heapMb: heapMb(), residentMb: residentMb() };

const styles = await bluecherry.reference.knownStyles({
  signal: AbortSignal.timeout(PATIENCE_MS),
  deadline: Date.now() + PATIENCE_MS,
  priority: 'catalogue',
});
const storefront = compare([]).products.flatMap(asStored);
const { unchanged, products } = compare(storefront);
const peak = peakMb();
const inUse = heapMb();
const comparison = measured(() => compare(storefront));

const bodies = [
  ...(await erpPages(site, { resource: 'style', parameters: '_include=all&', size: STYLE_PAGE })),
  ...(await storefrontProducts(site)),
];
const parsing = measured(() => bodies.map((body): unknown => JSON.parse(body)));
await bluecherry.close();
process.stdout.write(
  JSON.stringify({
    compared: unchanged,
    differing: products.length,
    comparison,
    parsing,
    parsedMb: bodies.reduce((sum, body) => sum + body.length, 0) / BYTES_OF_A_MB,
    peakAboveIdleMb: peak - idle.residentMb,
    inUseAboveIdleMb: inUse - idle.heapMb,
  }),
);

function compare(shown: readonly StorefrontProduct[]): CataloguePlan {
  const erp = readErpCatalogue(styles, site.catalogue, site.rules, NO_STOCK_FACTS);
  return planCatalogue({ erp, storefront: shown, rules: site.catalogue, divisions: site.divisions });
}

/** What the storefront would hold after the first load. */
function asStored({ key, product, variants }: ProductStep): readonly StorefrontProduct[] {
  if (product.kind !== 'create') return [];
  const { title, slugs } = product;
  const stored = variants.flatMap((step) =>
    step.kind === 'create' ? [{ ...step.variant, id: step.variant.externalId }] : [],
  );
  return [{ id: key, externalId: key, title, slug: slugs[0] ?? key, variants: stored }];
}
