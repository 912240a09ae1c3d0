import type { Problem } from './problems.ts';
import type { Address } from './purchase.ts';
import type { LocationRules } from './site-rules.ts';

export type WarehouseChoice =
  | { readonly kind: 'chosen'; readonly warehouse: string; readonly because: 'location' | 'shipTo' | 'default' }
  /** The order goes in, on hold at the default warehouse, with a review (R3). */
  | { readonly kind: 'defaulted'; readonly warehouse: string; readonly review: Problem }
  | { readonly kind: 'impossible'; readonly problem: Problem };

/**
 * Which warehouse serves an order of one division. The location the buyer's order names comes first; without one the
 * rules by ship-to, then the division's default. A location the table does not know is never a guess that ships.
 */
export function chooseWarehouse(
  rules: LocationRules,
  { location, shipTo, division }: { location: string | null; shipTo: Address; division: string },
): WarehouseChoice {
  const fallback = rules.defaultWarehouse[division];
  if (location === null) {
    const rule = rules.byShipTo.find(
      ({ country, regions }) =>
        country.toUpperCase() === shipTo.country && (regions.length === 0 || regions.includes(shipTo.region ?? '')),
    );
    const byShipTo = rule?.warehouses[division];
    if (byShipTo) return { kind: 'chosen', warehouse: byShipTo, because: 'shipTo' };
    if (fallback) return { kind: 'chosen', warehouse: fallback, because: 'default' };
    return noWarehouse(division);
  }
  const row = rules.table.find((candidate) => candidate.location === location);
  if (!row) {
    if (!fallback) return noWarehouse(division);
    const says = `The storefront location “${location}” has no division and warehouse in the mapping table.`;
    return { kind: 'defaulted', warehouse: fallback, review: { code: 'LOCATION_NOT_MAPPED', says, about: location } };
  }
  const warehouse = row.warehouses[division];
  if (warehouse) return { kind: 'chosen', warehouse, because: 'location' };
  const says = `The storefront location “${location}” has no warehouse for division ${division}, to which these SKUs belong.`;
  return { kind: 'impossible', problem: { code: 'DIVISION_MISMATCH', says, about: `${location} ${division}` } };
}

function noWarehouse(division: string): WarehouseChoice {
  const says = `Division ${division} has no default warehouse in the mapping table.`;
  return { kind: 'impossible', problem: { code: 'DIVISION_MISMATCH', says, about: division } };
}
