import type { CustomerRules, StorefrontAccount } from '../customers/customer-rules.ts';
import type { PriceRules } from '../pricing/price-rules.ts';
import type { StorefrontPriceList } from '../pricing/storefront-prices.ts';
import type { AuditedOrder } from './audited-order.ts';
import type { Gap } from './gap.ts';

/** Lists of this source are written by an integration; others are kept by people or by the platform. */
const INTEGRATION = 'integration';

/**
 * Lists of the storefront that an integration shall write and that nobody is named for, and lists that the site file names
 * and the storefront does not have. Where the feed of prices is off they are another's business.
 */
export function comparePriceLists(
  storefront: readonly StorefrontPriceList[],
  accounts: readonly StorefrontAccount[],
  { pricing, customers }: { readonly pricing: PriceRules; readonly customers: CustomerRules },
): readonly Gap[] {
  const buyers = (slug: string) => {
    const ids = new Set(accounts.filter(({ priceLists }) => priceLists.includes(slug)).map(({ id }) => id));
    return ({ customer }: AuditedOrder) => ids.has(customer);
  };
  const known = new Set(storefront.map(({ slug }) => slug));
  const kept = new Set(pricing.lists.map(({ list }) => list));
  const unowned =
    pricing.mode === 'off'
      ? []
      : storefront.filter(({ slug, source }) => source === INTEGRATION && !kept.has(slug)).map(({ slug }) => slug);
  const opened = new Set(pricing.lists.flatMap((rule) => (rule.managedBy === 'erp' && rule.name ? [rule.list] : [])));
  const given = customers.mode === 'off' ? [] : customers.priceLists.flatMap(({ lists }) => lists);
  const missing = [...new Set([...kept, ...given])].filter((slug) => !known.has(slug) && !opened.has(slug));
  return [
    ...unowned.map((slug): Gap => ({
      code: 'PRICE_LIST_UNOWNED',
      key: slug,
      says: `The price list “${slug}” is to be written by an integration, and the site file says of nobody that they keep it.`,
      concerns: [slug],
      effect: 'stale',
      touches: buyers(slug),
    })),
    ...missing.map((slug): Gap => ({
      code: 'PRICE_LIST_MISSING',
      key: slug,
      says: `The site file names the price list “${slug}”, which the storefront does not have.`,
      concerns: [slug],
      effect: 'stale',
      touches: buyers(slug),
    })),
  ];
}
