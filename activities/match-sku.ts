import type { CallOptions, ReferenceData } from '../connectors/bluecherry/bluecherry.ts';
import { codesOfPattern } from '../domain/sku-pattern.ts';
import type { SkuMatch } from '../domain/prepare-sales-order.ts';
import type { SkuIdentity } from '../domain/site-rules.ts';

/** Finds the ERP's SKU for a storefront SKU by the site's rule: UPC, the composite pattern, or the first that fits. */
export async function matchSku(
  data: ReferenceData,
  identity: SkuIdentity,
  sku: string,
  call: CallOptions,
): Promise<SkuMatch> {
  const byPattern = async (pattern: string): Promise<SkuMatch> => {
    const candidates = codesOfPattern(pattern, sku);
    for (const codes of candidates) {
      const match = await data.findSku({ by: 'codes', codes }, call);
      if (match.kind !== 'none') return match;
    }
    return { kind: 'none' };
  };
  switch (identity.by) {
    case 'upc':
      return data.findSku({ by: 'upc', upc: sku }, call);
    case 'pattern':
      return byPattern(identity.pattern);
    case 'upcThenPattern': {
      // A text that is no number of 8 to 14 digits is no UPC; asking the ERP for it would only cost calls.
      const match: SkuMatch = /^\d{8,14}$/.test(sku)
        ? await data.findSku({ by: 'upc', upc: sku }, call)
        : { kind: 'none' };
      return match.kind === 'none' ? byPattern(identity.pattern) : match;
    }
  }
}
