import { findingOf, type Finding } from '../findings.ts';
import type { PriceListRule } from './price-rules.ts';
import type { StorefrontPriceList } from './storefront-prices.ts';

export type PriceListVerdict =
  | { readonly kind: 'ready' }
  /** It is to be opened. */
  | { readonly kind: 'open' }
  | { readonly kind: 'missing' }
  /** Instep may not write it: somebody else's `source`. */
  | { readonly kind: 'foreign'; readonly source: string }
  /** Its amounts would be read in another currency. It is never changed: amounts would be relabelled, not converted. */
  | { readonly kind: 'otherCurrency'; readonly currency: string };

/** The only source of lists that systems like this one may write. */
const OURS = 'integration';

/** What may be done with a list that the site file names, as the storefront has it; null = it has none of that slug. */
export function judgePriceList(rule: PriceListRule, list: StorefrontPriceList | null): PriceListVerdict {
  if (list === null) return { kind: rule.managedBy === 'erp' && rule.name !== '' ? 'open' : 'missing' };
  if (rule.managedBy === 'erp' && list.source !== OURS) return { kind: 'foreign', source: list.source };
  if (list.currency !== rule.source.currency) return { kind: 'otherCurrency', currency: list.currency };
  return { kind: 'ready' };
}

/** What people are told of a list that cannot be used; null = it can, or will be opened. */
export function listFinding({ list, source: { currency } }: PriceListRule, verdict: PriceListVerdict): Finding | null {
  switch (verdict.kind) {
    case 'ready':
    case 'open':
      return null;
    case 'missing':
      return findingOf('PRICE_LIST_MISSING', [list], {
        key: list,
        says: `The storefront has no price list “${list}”.`,
      });
    case 'foreign': {
      const says = `The price list “${list}” is of source ${verdict.source || 'unknown'}, not integration; it is left alone.`;
      return findingOf('PRICE_LIST_FOREIGN', [list], { key: list, says });
    }
    case 'otherCurrency': {
      const says = `The price list “${list}” is kept in ${verdict.currency}, the site file says ${currency}; it is left alone.`;
      return findingOf('PRICE_LIST_CURRENCY', [list], { key: list, says });
    }
  }
}
