import type { CataloguePlan } from '../../../domain/catalogue/plan-catalogue.ts';
import type {
  NewVariant,
  StorefrontProduct,
  StorefrontVariant,
  VariantPatch,
} from '../../../domain/catalogue/storefront-product.ts';

/** What a storefront holds after it has taken everything of a plan. Ids are made of external ids. */
export function applyPlan(
  storefront: readonly StorefrontProduct[],
  { products, discontinued }: CataloguePlan,
): readonly StorefrontProduct[] {
  const stored = new Map(storefront.map((product) => [product.id, product]));
  for (const { key, product, variants } of products) {
    const before =
      product.kind === 'create'
        ? {
            id: `pp_${key}`,
            externalId: key,
            title: product.title,
            slug: product.slugs[0] ?? 'none left',
            variants: [],
          }
        : known(stored, product.id);
    const patched: StorefrontProduct = product.kind === 'patch' ? { ...before, ...product.patch } : before;
    const created = variants.flatMap((step) => (step.kind === 'create' ? [asCreated(step.variant)] : []));
    const patches = new Map(
      variants.flatMap((step) => (step.kind === 'patch' ? [[step.id, step.patch] as const] : [])),
    );
    stored.set(patched.id, {
      ...patched,
      variants: [...patched.variants.map((variant) => changed(variant, patches.get(variant.id))), ...created],
    });
  }
  const ended = new Set(discontinued.map(({ id }) => id));
  return [...stored.values()].map((product) => ({
    ...product,
    variants: product.variants.map((variant) =>
      ended.has(variant.id) ? { ...variant, status: 'discontinued' } : variant,
    ),
  }));
}

function known(stored: ReadonlyMap<string, StorefrontProduct>, id: string): StorefrontProduct {
  const product = stored.get(id);
  if (!product) throw new Error(`The plan names ${id}, which is not there.`);
  return product;
}

function asCreated({ externalId, sku, position, status, imageUrl, options }: NewVariant): StorefrontVariant {
  return { id: `pv_${externalId}`, externalId, sku, position, status, imageUrl, options };
}

function changed(variant: StorefrontVariant, patch: VariantPatch | undefined): StorefrontVariant {
  return patch ? { ...variant, ...patch } : variant;
}
