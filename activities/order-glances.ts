import type { OrderGlance } from '../domain/proof/classify-purchase.ts';

/** What searching for the orders of a site shows. The worker brings the real thing, on Temporal's visibility. */
export interface OrderGlances {
  /** Every running order. One that began or ended a moment ago may be missing, or still be shown. */
  running(): AsyncIterable<OrderGlance>;
}
