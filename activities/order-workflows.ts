import type { OrderState } from '../domain/order-state.ts';
import type { PurchaseSummary } from '../domain/purchase.ts';
import type { ErpNews } from './erp-feed-activities.ts';

/** How the feeds reach the orders of their site. The worker brings the real thing, on Temporal. */
export interface OrderWorkflows {
  /** Starts the purchase's order, or tells a running one that the purchase changed: one call, never two orders. */
  startOrTell(key: string, reference: string, row: PurchaseSummary): Promise<void>;
  /** Whether an order runs under this purchase key, or ran as far as Temporal remembers. */
  isKnown(key: string): Promise<boolean>;
  /** Orders that are still running, by purchase key. */
  openOrders(): AsyncIterable<string>;
  /** Running orders of which the ERP has nothing yet, or not all, parked ones included; by purchase key. */
  unacceptedOrders(): AsyncIterable<string>;
  /** Where an order stands; null = no such order is known, or it cannot be asked now. */
  stateOf(key: string): Promise<OrderState | null>;
  /** Each answers false when no such order is running. */
  tellChanged(key: string, updatedAt: string): Promise<boolean>;
  tellGone(key: string): Promise<boolean>;
  tellErpChange(key: string, news: ErpNews): Promise<boolean>;
  /** Opens an order that is closed, and tells it. */
  openFor(key: string, reference: string, news: ErpNews): Promise<void>;
  /**
   * The result of a feed's last completed run that Temporal still knows: from there a schedule that was made anew goes
   * on. Null = none; then the feed begins at the go-live date.
   */
  lastResultOf(workflowType: string): Promise<unknown>;
}
