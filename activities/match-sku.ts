import { SkuIndex, type CallOptions, type ReferenceData, type SkuQuery } from '../connectors/bluecherry/bluecherry.ts';
import { codesName, codesOfName } from '../domain/catalogue/name-skus.ts';
import type { ErpStyle } from '../domain/catalogue/erp-style.ts';
import { codesOfPattern } from '../domain/sku-pattern.ts';
import type { SkuMatch } from '../domain/prepare-sales-order.ts';
import type { SkuCodes } from '../domain/sales-order.ts';
import type { OrderRules } from '../domain/site-rules.ts';

/**
 * Finds the ERP's SKU for a storefront SKU by the site's rule: UPC, the composite pattern, or the first that fits; else
 * by the codes by which those are known that share their name with others (`nameSkus`).
 */
export async function matchSku(
  data: Pick<ReferenceData, 'findSku'>,
  rules: Pick<OrderRules, 'sku' | 'excludedLabels' | 'divisions'>,
  sku: string,
  call: CallOptions,
): Promise<SkuMatch> {
  const { sku: identity, excludedLabels, divisions } = rules;
  const byRule = await matchByRule();
  return byRule.kind === 'none' ? byCodes() : byRule;

  async function byCodes(): Promise<SkuMatch> {
    for (const codes of codesOfName(sku, divisions)) {
      const match = await data.findSku({ by: 'codes', codes }, call);
      const found = match.kind === 'none' ? [] : match.kind === 'one' ? [match.sku] : match.skus;
      const named = found.find((each) => codesName(each) === sku);
      if (named) return { kind: 'one', sku: named };
    }
    return { kind: 'none' };
  }

  async function matchByRule(): Promise<SkuMatch> {
    const find = async (query: SkuQuery): Promise<SkuMatch> => {
      const match = await data.findSku(query, call);
      if (match.kind !== 'several') return match;
      // Samples and the like share the codes of what is for sale.
      const forSale = match.skus.filter(({ label }) => !excludedLabels.includes(label));
      const owning = query.by === 'upc' ? inFirstDivision(forSale, divisions) : forSale;
      const [only] = owning;
      return owning.length === 1 && only ? { kind: 'one', sku: only } : match;
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
}

/** SKUs of styles that were just read: what these do not have must not be asked for one by one. */
export function skusAmong(styles: readonly ErpStyle[]): Pick<ReferenceData, 'findSku'> {
  const index = new SkuIndex(styles);
  return { findSku: (query) => Promise.resolve(index.find(query)) };
}

/** Where one UPC stands in two divisions, the first owns it (contract, section 17). */
function inFirstDivision(skus: readonly SkuCodes[], divisions: readonly string[]): readonly SkuCodes[] {
  const first = divisions.find((division) => skus.some((sku) => sku.division === division));
  return first === undefined ? skus : skus.filter(({ division }) => division === first);
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
