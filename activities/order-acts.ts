import type { BulkAct } from '../domain/act-on-orders.ts';
import type { Act, OrderState } from '../domain/order-state.ts';

export type Taken =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly why: string }
  /** The order has ended, or never was. */
  | { readonly kind: 'gone' };

/** How a bulk reaches single orders, by the id of their workflow. The worker brings the real thing, on Temporal. */
export interface OrderActs {
  /** Asks the order to take the act. The same `id` any number of times is one act. */
  take(order: string, act: BulkAct, by: Act, id: string, signal: AbortSignal): Promise<Taken>;
  /** Where the order stands; null = there is no such order. */
  stateOf(order: string, signal: AbortSignal): Promise<OrderState | null>;
}
