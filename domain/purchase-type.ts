/** All types the storefront documents (contract, section 5). */
const KNOWN = new Set(['cart', 'quote', 'awaiting_approval', 'order_unconfirmed', 'order']);

/**
 * What a purchase's type says: it is one of those a site takes in; it is one of the others, so that it is no order, or none
 * any more (decision 15); or nobody knows it, and nothing is concluded from it (contract, section 17).
 */
export type TypeStanding = 'order' | 'noOrder' | 'unknown';

export function standingOfType(type: string, taken: readonly string[]): TypeStanding {
  if (taken.includes(type)) return 'order';
  return KNOWN.has(type) ? 'noOrder' : 'unknown';
}
