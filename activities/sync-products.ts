import type { Site } from '../config/site.ts';
import type { BlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import type { SparkLayer, UnreadableProduct } from '../connectors/sparklayer/sparklayer.ts';
import { readErpCatalogue, type ErpCatalogue } from '../domain/catalogue/erp-catalogue.ts';
import {
  guardDiscontinuations,
  planCatalogue,
  withoutCreations,
  withoutGone,
} from '../domain/catalogue/plan-catalogue.ts';
import type { StorefrontProduct } from '../domain/catalogue/storefront-product.ts';
import { unknownStyles } from '../domain/catalogue/unknown-styles.ts';
import { findingOf, present, type FeedReport, type Finding, type GuardOverride } from '../domain/findings.ts';
import { withCalls } from './calls.ts';
import { toFeedFailure, translating } from './failures.ts';
import { readStockFacts } from './read-stock-facts.ts';
import { createRefusedWrites } from './refused-writes.ts';
import { countWrites, writeCatalogue, type CatalogueProgress } from './write-catalogue.ts';

export interface SyncProductsDependencies {
  readonly site: Site;
  readonly sparklayer: SparkLayer;
  readonly bluecherry: BlueCherry;
  readonly clock: () => Date;
}

export interface SyncProducts {
  readonly override: GuardOverride | null;
}

export type SyncProductsActivities = ReturnType<typeof createSyncProductsActivities>;

/** The ERP's styles, colours and sizes, brought to the storefront's products and variants. */
export function createSyncProductsActivities(dependencies: SyncProductsDependencies) {
  const { site, sparklayer, bluecherry, clock } = dependencies;
  const { catalogue: rules, rules: orders } = site;
  const refusedBefore = createRefusedWrites(clock);

  return {
    /**
     * Safe to repeat: compares with what the storefront holds now and sends differences only. Ends when its time is short;
     * `left` then says how many writes the next attempt has to send. In the mode `check` that is all of them.
     */
    async bringCatalogueInStep({ override }: SyncProducts): Promise<FeedReport> {
      if (rules.mode === 'off') return { stats: {}, findings: [] };
      const progress: CatalogueProgress & { productsRead: number } = { productsRead: 0, ...NOTHING_YET };
      return translating(toFeedFailure, () =>
        withCalls(async (call) => {
          const styles = await bluecherry.reference.styles({ ...call, priority: 'catalogue' });
          const unknown = bluecherry.reference.unknownStyles();
          const facts = await readStockFacts(dependencies);
          const erp = readErpCatalogue(styles, rules, orders, facts);
          const onPage = (read: number) => void (progress.productsRead = read);
          const listed = await sparklayer.catalogue.listProducts({ pageSize: rules.pageSize, onPage }, call);
          const { products: storefront, unreadable } = listed;
          const whole = planCatalogue({ erp, storefront, rules, divisions: site.divisions });
          const certain = unknown.length > 0 ? withoutGone(whole) : whole;
          const plan = unreadable.length > 0 ? withoutCreations(certain) : certain;
          const unreadableFindings = present([unreadableFinding(unreadable), unknownStyles(unknown, WHILE_UNKNOWN)]);
          const read = { ...figuresOf(styles.length, erp, storefront), unchanged: plan.unchanged };
          if (rules.mode === 'check')
            return {
              stats: { ...read, ...progress, left: countWrites(plan) },
              findings: [...plan.findings, ...unreadableFindings],
            };

          const guarded = guardDiscontinuations(plan, rules.mostDiscontinued, override);
          const { refusals, trouble } = await writeCatalogue(
            { products: plan.products, discontinued: guarded.allowed },
            {
              catalogue: sparklayer.catalogue,
              rules: { enriched: rules.enriched, divisions: site.divisions },
              atOnce: rules.writesAtOnce,
              refusedBefore,
              progress,
              timeForOne: CALLS_OF_ONE * site.storefront.timeouts.requestMs,
            },
            call,
          );
          const heldBack = whole.discontinued.length - guarded.allowed.length;
          return {
            stats: { ...read, ...progress, heldBack },
            findings: present([
              ...plan.findings,
              guarded.finding,
              findingOf('PRODUCT_WRITE_REFUSED', refusals, { says: 'the storefront does not take these' }),
              overdue(progress, trouble),
              ...unreadableFindings,
            ]),
          };
        }, progress),
      );
    },
  };
}

const NOTHING_YET: CatalogueProgress = {
  productsCreated: 0,
  productsUpdated: 0,
  created: 0,
  updated: 0,
  discontinued: 0,
  existing: 0,
  refused: 0,
  failed: 0,
  left: 0,
};

/** A create that finds its like, the read of that, a change of it, and a token in between. */
const CALLS_OF_ONE = 4;

function figuresOf(styles: number, { products }: ErpCatalogue, storefront: readonly StorefrontProduct[]) {
  const items = products.flatMap((product) => product.items);
  return {
    styles,
    items: items.length,
    forSale: items.filter(({ sale }) => sale === 'sold').length,
    stockUnknown: items.filter(({ sale }) => sale === 'asItIs').length,
    products: storefront.length,
    variants: storefront.reduce((sum, { variants }) => sum + variants.length, 0),
  };
}

function unreadableFinding(rows: readonly UnreadableProduct[]): Finding | null {
  const places = rows.map(({ place }) => place);
  const says = 'Products of the storefront cannot be read. Nothing is created meanwhile: it might be there already.';
  return findingOf('SCHEMA_DRIFT', places, { key: 'products', says });
}

const WHILE_UNKNOWN = 'Nothing is taken off sale as gone meanwhile: it might be theirs.';

function overdue({ failed, left }: CatalogueProgress, trouble: string): Finding | null {
  if (failed === 0) return null;
  const says = `${failed + left} writes of products and variants wait for the next run (${trouble})`;
  return { code: 'STEP_OVERDUE', key: 'products', says, count: failed + left, concerns: [trouble], value: null };
}
