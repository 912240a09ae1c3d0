const ALWAYS_POSSIBLE = 5;
const SHARE = 0.2;

/**
 * How many purchases of open orders may be gone at once. Buyers withdraw one now and then; if the storefront does not find
 * a good part of them, it is more likely that something else answers in its place, and every order would be cancelled.
 */
export function mostGoneAtOnce(openOrders: number): number {
  return Math.max(ALWAYS_POSSIBLE, Math.floor(SHARE * openOrders));
}
