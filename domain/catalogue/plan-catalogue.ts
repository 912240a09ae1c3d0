import { findingOf, present, type Finding, type GuardOverride } from '../findings.ts';
import type { CatalogueRules } from './catalogue-rules.ts';
import { plainSku, variantPatch } from './compare-variant.ts';
import type { CatalogueItem, CatalogueProduct, ErpCatalogue } from './erp-catalogue.ts';
import { codesOfName } from './name-skus.ts';
import { slugsOf } from './name-slug.ts';
import { readProductKey } from './product-key.ts';
import {
  LIVE,
  type NewVariant,
  type ProductPatch,
  type StorefrontProduct,
  type StorefrontVariant,
  type VariantPatch,
} from './storefront-product.ts';

export interface PlanInput {
  readonly erp: ErpCatalogue;
  readonly storefront: readonly StorefrontProduct[];
  readonly rules: CatalogueRules;
  /** Of the site, in its order. */
  readonly divisions: readonly string[];
}

/** What brings the storefront's catalogue in step: differences only, in the order in which they depend on each other. */
export interface CataloguePlan {
  readonly products: readonly ProductStep[];
  /** After the products, so that what takes a place is there before what leaves it goes. */
  readonly discontinued: readonly Discontinuation[];
  /** Variants that are sold, and are as they should be. */
  readonly unchanged: number;
  /** Variants on sale that are ours to discontinue. */
  readonly live: number;
  /** What does not fit, on either side. */
  readonly findings: readonly Finding[];
}

/** A product and what is to be done to its variants afterwards. */
export interface ProductStep {
  readonly key: string;
  readonly product:
    | { readonly kind: 'create'; readonly title: string; /** Best first. */ readonly slugs: readonly string[] }
    | { readonly kind: 'patch'; readonly id: string; readonly patch: ProductPatch }
    | { readonly kind: 'keep'; readonly id: string };
  readonly variants: readonly VariantStep[];
}

export type VariantStep = { readonly kind: 'create'; readonly variant: NewVariant } | VariantPatchStep;

interface VariantPatchStep {
  readonly kind: 'patch';
  readonly id: string;
  readonly sku: string;
  readonly patch: VariantPatch;
}

export interface Discontinuation {
  readonly id: string;
  /** As people call it; a variant without SKU by its id. */
  readonly sku: string;
  /** gone: the ERP does not have it any more · notSold: the site's rule does not sell it. */
  readonly why: 'gone' | 'notSold';
}

interface Placed {
  readonly variant: StorefrontVariant;
  readonly product: StorefrontProduct;
}

/** Compares the ERP's catalogue with what the storefront has. Never deletes, and touches nothing that it does not know. */
export function planCatalogue({ erp, storefront, rules, divisions }: PlanInput): CataloguePlan {
  const placed = storefront.flatMap((product) => product.variants.map((variant) => ({ variant, product })));
  const matches = matchVariants(erp.products, placed);
  const homes = matchProducts(erp.products, storefront, matches, divisions);
  const holders = new Map(placed.map(({ variant }) => [plainSku(variant.sku ?? ''), variant.id]));
  const slugs = new Set(storefront.map(({ slug }) => slug));
  const products: ProductStep[] = [];
  const discontinued: Discontinuation[] = [];
  const elsewhere: string[] = [];
  const heldSkus: string[] = [];
  let unchanged = 0;
  const patches = new Map(
    erp.products.flatMap(({ key, items }) => items.map((item) => [item.key, patchesOf(item, homes.get(key))] as const)),
  );
  const renamed = new Set(
    [...patches.values()].flat().flatMap((each) => (each.patch.sku === undefined ? [] : [each.id])),
  );
  for (const product of erp.products) {
    const home = homes.get(product.key);
    const variants = product.items.flatMap((item) => [...(patches.get(item.key) ?? []), ...creationsOf(item)]);
    const step = productStep(product, home, variants);
    if (step) products.push(step);
  }
  const strangers: string[] = [];
  let live = [...matches.values()].filter(({ variant }) => variant.status === LIVE).length;
  const known = new Set([...matches.values()].map(({ variant }) => variant.id));
  const names = new Set(
    erp.products.flatMap(({ items }) => items.flatMap(({ sku, aliases }) => [sku, ...aliases].map(plainSku))),
  );
  for (const { variant, product } of placed) {
    if (variant.status !== LIVE || known.has(variant.id)) continue;
    const isOurs = isVariantOurs(variant, product, divisions);
    if (isOurs) {
      live += 1;
      discontinued.push({ id: variant.id, sku: nameOf(variant), why: 'gone' });
    }
    // Where nothing is written, what should have gone is a mismatch too.
    const isStrange = !names.has(plainSku(variant.sku ?? ''));
    if (isStrange && (!isOurs || rules.mode !== 'write')) strangers.push(nameOf(variant));
  }
  return {
    products,
    discontinued,
    unchanged,
    live,
    findings: [...erp.findings, ...findingsOf({ strangers, elsewhere, heldSkus })],
  };

  function patchesOf(item: CatalogueItem, home: StorefrontProduct | undefined): readonly VariantPatchStep[] {
    const match = matches.get(item.key);
    if (!match) return [];
    const { variant, product } = match;
    if (item.sale === 'notSold') {
      if (variant.status === LIVE) discontinued.push({ id: variant.id, sku: nameOf(variant), why: 'notSold' });
      return [];
    }
    if (item.sale === 'asItIs' && variant.status !== LIVE) return [];
    if (product.id !== home?.id) {
      elsewhere.push(`${nameOf(variant)} under “${product.title}”`);
      return [];
    }
    const patch = patchOf(item, variant);
    if (patch) return [{ kind: 'patch', id: variant.id, sku: item.sku, patch }];
    unchanged += 1;
    return [];
  }

  /** A SKU is not given twice: who holds it is renamed in the same run, or keeps it. */
  function creationsOf(item: CatalogueItem): readonly VariantStep[] {
    if (item.sale !== 'sold' || matches.has(item.key)) return [];
    const holder = holders.get(plainSku(item.sku));
    if (holder === undefined || renamed.has(holder)) return [{ kind: 'create', variant: newVariant(item) }];
    heldSkus.push(`${item.sku} (new)`);
    return [];
  }

  function patchOf(item: CatalogueItem, variant: StorefrontVariant): VariantPatch | null {
    // An item that orders find by another name too keeps the one it has.
    const alias = item.aliases.find((each) => plainSku(each) === plainSku(variant.sku ?? ''));
    const wanted = newVariant(alias === undefined ? item : { ...item, sku: alias });
    const patch = variantPatch(wanted, variant, { enriched: rules.enriched, divisions });
    if (patch?.sku === undefined || (holders.get(plainSku(patch.sku)) ?? variant.id) === variant.id) return patch;
    heldSkus.push(`${patch.sku} (now ${nameOf(variant)})`);
    const { sku: _held, ...rest } = patch;
    return Object.keys(rest).length > 0 ? rest : null;
  }

  function productStep(
    product: CatalogueProduct,
    home: StorefrontProduct | undefined,
    variants: readonly VariantStep[],
  ): ProductStep | null {
    const { key, title } = product;
    if (!home) {
      if (variants.length === 0) return null;
      const free = slugsOf(product).filter((slug) => !slugs.has(slug));
      const [slug] = free;
      if (slug !== undefined) slugs.add(slug);
      return { key, product: { kind: 'create', title, slugs: free }, variants };
    }
    const patch = productPatch(product, home);
    if (patch) return { key, product: { kind: 'patch', id: home.id, patch }, variants };
    return variants.length > 0 ? { key, product: { kind: 'keep', id: home.id }, variants } : null;
  }

  function productPatch(product: CatalogueProduct, home: StorefrontProduct) {
    const { key, title, items } = product;
    if (!items.some(({ sale }) => sale === 'sold')) return null;
    const owns = (field: 'title' | 'slug') => !rules.enriched.includes(field);
    const patch: ProductPatch = {
      ...(home.externalId === null ? { externalId: key } : {}),
      ...(owns('title') && home.title !== title ? { title } : {}),
      ...(owns('slug') ? slugPatch(product, home) : {}),
    };
    return Object.keys(patch).length > 0 ? patch : null;
  }

  /** Any of its slugs will do, or it would change whenever a better one is free. */
  function slugPatch(product: CatalogueProduct, home: StorefrontProduct): ProductPatch {
    const wanted = slugsOf(product);
    const slug = wanted.includes(home.slug) ? undefined : wanted.find((each) => !slugs.has(each));
    if (slug === undefined) return {};
    slugs.add(slug);
    return { slug };
  }
}

/**
 * What may be discontinued in this run. More than the site's share of what is on sale means that the ERP's catalogue is
 * probably not whole: then nothing is, unless a person says so for this run.
 */
export function guardDiscontinuations(
  { discontinued, live }: CataloguePlan,
  mostDiscontinued: number,
  override: GuardOverride | null,
): { readonly allowed: readonly Discontinuation[]; readonly finding: Finding | null } {
  const isTooMuch = discontinued.length > mostDiscontinued * live;
  if (!isTooMuch || override?.guard === 'CATALOGUE_SHRUNKEN') return { allowed: discontinued, finding: null };
  const finding = findingOf(
    'CATALOGUE_SHRUNKEN',
    discontinued.map(({ sku }) => sku),
    { says: `${discontinued.length} of ${live} variants on sale would be discontinued; none was` },
  );
  return { allowed: [], finding };
}

/**
 * Where a product of the storefront cannot be read, what seems to be missing may be that, or be on it. What is there is
 * still kept up.
 */
export function withoutCreations(plan: CataloguePlan): CataloguePlan {
  const products = plan.products.flatMap((step): readonly ProductStep[] => {
    if (step.product.kind === 'create') return [];
    const variants = step.variants.filter(({ kind }) => kind !== 'create');
    return step.product.kind === 'keep' && variants.length === 0 ? [] : [{ ...step, variants }];
  });
  return { ...plan, products };
}

/**
 * Where a style of the ERP could never be read, what seems to be gone may be an item of it. What the ERP shows and the
 * site does not sell goes all the same.
 */
export function withoutGone(plan: CataloguePlan): CataloguePlan {
  return { ...plan, discontinued: plan.discontinued.filter(({ why }) => why !== 'gone') };
}

export function newVariant({ key, sku, position, options, imageUrl }: CatalogueItem): NewVariant {
  return { externalId: key, sku, position, status: LIVE, imageUrl, options };
}

/** Item's key → its variant: by external id, else by SKU, else by another name of it. A variant is one item's only. */
function matchVariants(products: readonly CatalogueProduct[], placed: readonly Placed[]): ReadonlyMap<string, Placed> {
  const byKey = new Map(placed.map((each) => [each.variant.externalId, each]));
  const bySku = new Map(placed.map((each) => [plainSku(each.variant.sku ?? ''), each]));
  const items = products.flatMap((product) => product.items);
  const matches = new Map<string, Placed>();
  const taken = new Set<string>();
  const match = (item: CatalogueItem, found: Placed | undefined) => {
    if (!found || matches.has(item.key) || taken.has(found.variant.id)) return;
    matches.set(item.key, found);
    taken.add(found.variant.id);
  };
  for (const item of items) match(item, byKey.get(item.key));
  for (const item of items) match(item, bySku.get(plainSku(item.sku)));
  for (const item of items) for (const alias of item.aliases) match(item, bySku.get(plainSku(alias)));
  return matches;
}

/**
 * ERP product's key → its product: by external id, else the one that holds most of its variants and is no other style's.
 * So a catalogue that was entered by hand is taken over, not doubled.
 */
function matchProducts(
  products: readonly CatalogueProduct[],
  storefront: readonly StorefrontProduct[],
  matches: ReadonlyMap<string, Placed>,
  divisions: readonly string[],
): ReadonlyMap<string, StorefrontProduct> {
  const byKey = new Map(storefront.map((product) => [product.externalId, product]));
  const homes = new Map<string, StorefrontProduct>();
  const taken = new Set<string>();
  for (const { key } of products) {
    const product = byKey.get(key);
    if (product) homes.set(key, product);
  }
  for (const { key, items } of products) {
    if (homes.has(key)) continue;
    const hosts = items.flatMap((item) => matches.get(item.key)?.product ?? []);
    const [best] = [...Map.groupBy(hosts, ({ id }) => id).values()]
      .flatMap((same) => same.slice(0, 1).map((product) => ({ product, held: same.length })))
      .filter(({ product }) => readProductKey(product.externalId, divisions) === null && !taken.has(product.id))
      .toSorted((left, right) => right.held - left.held);
    if (!best) continue;
    homes.set(key, best.product);
    taken.add(best.product.id);
  }
  return homes;
}

/** Whether its external id is an item's codes. */
function isVariantOurs(
  { externalId }: StorefrontVariant,
  product: StorefrontProduct,
  divisions: readonly string[],
): boolean {
  if (externalId === null) return false;
  const key = readProductKey(product.externalId, divisions);
  const isOfItsProduct = key !== null && externalId.startsWith(`${key.division}-${key.style}-`);
  return isOfItsProduct || codesOfName(externalId, divisions).length > 0;
}

function findingsOf({
  strangers,
  elsewhere,
  heldSkus,
}: Readonly<Record<'strangers' | 'elsewhere' | 'heldSkus', readonly string[]>>): readonly Finding[] {
  return present([
    findingOf('VARIANT_WITHOUT_ERP_SKU', strangers, {
      says: 'variants are on sale that are no items of the ERP; an order for one would park',
    }),
    findingOf('VARIANT_ELSEWHERE', elsewhere, {
      says: 'variants stand under another product than their style’s and are left there as they are',
    }),
    findingOf('PRODUCT_WRITE_REFUSED', heldSkus, {
      key: 'SKU taken',
      says: 'variants cannot get the SKU that the ERP’s item has now, because another variant holds it',
    }),
  ]);
}

function nameOf({ sku, id }: StorefrontVariant): string {
  return sku || `${id} (no SKU)`;
}
