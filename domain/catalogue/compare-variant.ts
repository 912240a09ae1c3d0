import type { EnrichedField } from './catalogue-rules.ts';
import { codesOfName } from './name-skus.ts';
import { DISCONTINUED, LIVE } from './storefront-product.ts';
import type { NewVariant, StorefrontVariant, VariantOption, VariantPatch } from './storefront-product.ts';

export interface ComparingRules {
  readonly enriched: readonly EnrichedField[];
  readonly divisions: readonly string[];
}

/**
 * What must be sent so that a variant is as the ERP wants it; null = nothing. What people enrich is left alone, and so is
 * an external id that is another's. A variant that people suspended, or keep pending, stays so.
 */
export function variantPatch(
  wanted: NewVariant,
  stored: StorefrontVariant,
  { enriched, divisions }: ComparingRules,
): VariantPatch | null {
  const owns = (field: EnrichedField) => !enriched.includes(field);
  const patch: VariantPatch = {
    ...(stored.externalId !== wanted.externalId && isOurs(stored.externalId, divisions)
      ? { externalId: wanted.externalId }
      : {}),
    ...(isSameSku(stored.sku, wanted.sku) ? {} : { sku: wanted.sku }),
    ...(owns('position') && stored.position !== wanted.position ? { position: wanted.position } : {}),
    ...(owns('image') && wanted.imageUrl !== null && stored.imageUrl !== wanted.imageUrl
      ? { imageUrl: wanted.imageUrl }
      : {}),
    ...(owns('options') && !areSame(stored.options, wanted.options) ? { options: wanted.options } : {}),
    ...(stored.status === DISCONTINUED ? { status: LIVE } : {}),
  };
  return Object.keys(patch).length > 0 ? patch : null;
}

/** As the ERP compares codes. */
export function plainSku(sku: string): string {
  return sku.trim().toUpperCase();
}

/** An external id that nobody set, or that is the codes of an item. */
function isOurs(externalId: string | null, divisions: readonly string[]): boolean {
  return externalId === null || codesOfName(externalId, divisions).length > 0;
}

function isSameSku(left: string | null, right: string): boolean {
  return left !== null && plainSku(left) === plainSku(right);
}

/** The storefront may give them back in another order. */
function areSame(left: readonly VariantOption[], right: readonly VariantOption[]): boolean {
  const valueOf = new Map(left.map(({ group, value }) => [group, value]));
  return left.length === right.length && right.every(({ group, value }) => valueOf.get(group) === value);
}
