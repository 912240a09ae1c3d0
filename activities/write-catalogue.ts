import type { Catalogue } from '../connectors/sparklayer/sparklayer.ts';
import { variantPatch, type ComparingRules } from '../domain/catalogue/compare-variant.ts';
import type { CataloguePlan, ProductStep, VariantStep } from '../domain/catalogue/plan-catalogue.ts';
import { DISCONTINUED } from '../domain/catalogue/storefront-product.ts';
import type { Call } from './calls.ts';
import { isVendorError } from './failures.ts';
import { inParallel } from './in-parallel.ts';
import type { RefusedWrites } from './refused-writes.ts';

/** What became of the writes, while it goes on. */
export interface CatalogueProgress {
  productsCreated: number;
  productsUpdated: number;
  /** Variants, as the two that follow. */
  created: number;
  updated: number;
  discontinued: number;
  /** Was there already, as wanted: an earlier answer was lost, or two runs were under way. */
  existing: number;
  refused: number;
  /** No answer, or a passing trouble: the next run tries again. */
  failed: number;
  /** Not sent yet. */
  left: number;
}

export interface CatalogueWriting {
  readonly catalogue: Catalogue;
  readonly rules: ComparingRules;
  readonly atOnce: number;
  readonly refusedBefore: RefusedWrites;
  readonly progress: CatalogueProgress;
  /** Least time in which a write may still be begun, in milliseconds. */
  readonly timeForOne: number;
}

export interface CatalogueWritten {
  /** What the storefront does not take, and why. */
  readonly refusals: readonly string[];
  /** The last passing trouble; '' = none. */
  readonly trouble: string;
}

/** Passing troubles after which the rest is left to the next run. */
const MOST_FAILURES = 10;
/** Refusals after which the storefront seems to take nothing at all. */
const MOST_REFUSALS = 200;

type Outcome =
  | { readonly kind: 'done'; readonly counts: Exclude<keyof CatalogueProgress, 'refused' | 'failed' | 'left'> }
  | { readonly kind: 'refused'; readonly says: string };

/** How many calls a plan is, as far as nothing gets into its way. */
export function countWrites({ products, discontinued }: Pick<CataloguePlan, 'products' | 'discontinued'>): number {
  return products.reduce(
    (sum, { product, variants }) => sum + (product.kind === 'keep' ? 0 : 1) + variants.length,
    discontinued.length,
  );
}

/**
 * Sends a plan: products side by side, each before its variants, and last what is discontinued. One that is refused, or
 * meets a passing trouble, keeps no other back; a gate ends it all.
 */
export async function writeCatalogue(
  { products, discontinued }: Pick<CataloguePlan, 'products' | 'discontinued'>,
  { catalogue, rules, atOnce, refusedBefore, progress, timeForOne }: CatalogueWriting,
  call: Call,
): Promise<CatalogueWritten> {
  const refusals: string[] = [];
  let refusedNow = 0;
  let trouble = '';
  progress.left = countWrites({ products, discontinued });
  await inParallel(products, atOnce, bringProduct);
  await inParallel(discontinued, atOnce, async ({ id, sku }) => {
    const patch = { status: DISCONTINUED };
    await attempt(sku, { id, patch }, () => change(catalogue.patchVariant(id, patch, call), 'discontinued'));
  });
  return { refusals, trouble };

  async function bringProduct(step: ProductStep): Promise<void> {
    const id = await productId(step);
    // Its variants wait until it is there.
    if (id === null) return;
    for (const variant of step.variants)
      await attempt(skuOf(variant), { id, variant }, () => bringVariant(id, variant));
  }

  async function productId({ key, product }: ProductStep): Promise<string | null> {
    if (product.kind === 'keep') return product.id;
    if (product.kind === 'patch') {
      const { id, patch } = product;
      await attempt(key, { id, patch }, () => change(catalogue.patchProduct(id, patch, call), 'productsUpdated'));
      return id;
    }
    let id: string | null = null;
    await attempt(key, { key, product }, async () => {
      let says = 'every slug that it may have is taken';
      for (const slug of product.slugs) {
        const said = await catalogue.createProduct({ externalId: key, title: product.title, slug }, call);
        if (said.kind === 'refused') return said;
        if (said.kind === 'taken') {
          ({ says } = said);
          continue;
        }
        ({ id } = said.stored);
        return { kind: 'done', counts: said.kind === 'created' ? 'productsCreated' : 'existing' };
      }
      return { kind: 'refused', says };
    });
    return id;
  }

  async function bringVariant(productId: string, step: VariantStep): Promise<Outcome> {
    if (step.kind === 'patch') return change(catalogue.patchVariant(step.id, step.patch, call), 'updated');
    const said = await catalogue.createVariant(productId, step.variant, call);
    switch (said.kind) {
      case 'refused':
        return said;
      case 'taken':
        return { kind: 'refused', says: `${said.says}; its SKU belongs to a variant of another external id` };
      case 'created':
        return { kind: 'done', counts: 'created' };
      case 'existing': {
        const patch = variantPatch(step.variant, said.stored, rules);
        if (!patch) return { kind: 'done', counts: 'existing' };
        return change(catalogue.patchVariant(said.stored.id, patch, call), 'updated');
      }
    }
  }

  async function attempt(name: string, write: unknown, send: () => Promise<Outcome>): Promise<void> {
    if (isOver()) return;
    progress.left -= 1;
    const known = refusedBefore.reason(write);
    if (known !== null) return refuse(name, known);
    try {
      const outcome = await send();
      if (outcome.kind === 'done') progress[outcome.counts] += 1;
      else {
        refusedNow += 1;
        refusedBefore.remember(write, outcome.says);
        refuse(name, outcome.says);
      }
    } catch (error) {
      call.signal.throwIfAborted();
      if (!isVendorError(error) || error.fate === 'gate') throw error;
      progress.failed += 1;
      trouble = error.message;
    }
  }

  function refuse(name: string, says: string): void {
    progress.refused += 1;
    refusals.push(`${name}: ${says}`);
  }

  function isOver(): boolean {
    return progress.failed >= MOST_FAILURES || refusedNow >= MOST_REFUSALS || call.deadline - Date.now() < timeForOne;
  }
}

async function change(
  sent: ReturnType<Catalogue['patchVariant']>,
  counts: Extract<Outcome, { kind: 'done' }>['counts'],
): Promise<Outcome> {
  const said = await sent;
  return said.kind === 'done' ? { kind: 'done', counts } : said;
}

function skuOf(step: VariantStep): string {
  return step.kind === 'create' ? step.variant.sku : step.sku;
}
