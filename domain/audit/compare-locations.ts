import type { StockLocation } from '../purchase.ts';
import type { LocationRules } from '../site-rules.ts';
import type { StockFeed } from '../stock/stock-rules.ts';
import { gapsOf, noOrder, type Gap } from './gap.ts';

export interface LocationsSeen {
  readonly storefront: readonly StockLocation[];
  /** Codes that orders of the last weeks name. */
  readonly ordered: readonly string[];
}

/** The storefront's stock locations against the table of locations and the feeds of stock. */
export function compareLocations(
  { storefront, ordered }: LocationsSeen,
  { table }: Pick<LocationRules, 'table'>,
  feeds: readonly StockFeed[],
): readonly Gap[] {
  const live = storefront.flatMap(({ externalId }) => (externalId ? [externalId] : []));
  const mapped = table.map(({ location }) => location);
  const named = new Set([...mapped, ...feeds.map(({ location }) => location)]);
  const unmapped = [...new Set([...live, ...ordered])].filter((location) => !mapped.includes(location));
  return [
    ...unmapped.map((location): Gap => ({
      code: 'LOCATION_NOT_MAPPED',
      key: location,
      says: `The storefront location “${location}” has no division and warehouse in the mapping table.`,
      concerns: [location],
      effect: 'held',
      touches: (order) => order.location === location,
    })),
    ...gapsOf({
      code: 'LOCATION_WITHOUT_CODE',
      key: '',
      says: 'Stock locations of the storefront have no external id: no table can name them, and no stock reaches them.',
      concerns: storefront.filter(({ externalId }) => !externalId).map(({ name, id }) => name || id),
      effect: 'stale',
      touches: noOrder,
    }),
    ...[...named]
      .filter((location) => !live.includes(location))
      .map((location): Gap => ({
        code: 'STOCK_LOCATION_UNKNOWN',
        key: location,
        says: `The storefront has no stock location “${location}”, which the site file names.`,
        concerns: [location],
        effect: 'stale',
        touches: (order) => order.location === location,
      })),
  ];
}
