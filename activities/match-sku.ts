import type { CallOptions, ReferenceData, SkuQuery } from '../connectors/bluecherry/bluecherry.ts';
import { codesOfPattern } from '../domain/sku-pattern.ts';
import type { SkuMatch } from '../domain/prepare-sales-order.ts';
import type { SkuCodes } from '../domain/sales-order.ts';
import type { OrderRules } from '../domain/site-rules.ts';

/** Finds the ERP's SKU for a storefront SKU by the site's rule: UPC, the composite pattern, or the first that fits. */
export async function matchSku(
  data: ReferenceData,
  { sku: identity, excludedLabels }: Pick<OrderRules, 'sku' | 'excludedLabels'>,
  sku: string,
  call: CallOptions,
): Promise<SkuMatch> {
  const find = async (query: SkuQuery): Promise<SkuMatch> => {
    const match = await data.findSku(query, call);
    if (match.kind !== 'several') return match;
    // Samples and the like share the codes of what is for sale.
    const forSale = match.skus.filter(({ label }) => !excludedLabels.includes(label));
    const [only] = forSale;
    return forSale.length === 1 && only ? { kind: 'one', sku: only } : match;
  };
  const byPattern = async (pattern: string): Promise<SkuMatch> => {
    const candidates = codesOfPattern(pattern, sku);
    for (const codes of candidates) {
      const match = await find({ by: 'codes', codes });
      if (match.kind !== 'none') return match;
    }
    return { kind: 'none' };
  };
  switch (identity.by) {
    case 'upc':
      return find({ by: 'upc', upc: sku });
    case 'pattern':
      return byPattern(identity.pattern);
    case 'upcThenPattern': {
      // A text that is no number of 8 to 14 digits is no UPC; asking the ERP for it would only cost calls.
      const match: SkuMatch = /^\d{8,14}$/.test(sku) ? await find({ by: 'upc', upc: sku }) : { kind: 'none' };
      return match.kind === 'none' ? byPattern(identity.pattern) : match;
    }
  }
}

/** How the storefront calls an item of the ERP, by the site's rule; the UPC where that is the rule. */
export function storefrontItem(
  identity: OrderRules['sku'],
  { division, style, color, label, dimension, size, upc }: SkuCodes,
): string {
  if (identity.by === 'upc') return upc;
  const codes: Readonly<Record<string, string>> = { division, style, color, label, dimension, size };
  return identity.pattern.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => codes[name] ?? '');
}
