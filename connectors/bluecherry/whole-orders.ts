import type { ErpSalesOrder } from '../../domain/sales-order.ts';
import { BlueCherryError } from './blue-cherry-error.ts';
import type { CallOptions } from './call-options.ts';
import { changedAfter } from './filters.ts';
import type { Governor } from './governor.ts';
import type { Lister } from './paging.ts';
import type { RecentOrders } from './recent-orders.ts';
import { readSalesOrders } from './sales-orders.ts';
import type { Settings } from './settings.ts';
import { SharedRun, type Asked } from './shared-run.ts';
import { minusSeconds, type Stamp } from './stamps.ts';

export interface WholeOrdersOf {
  readonly lister: Lister;
  readonly settings: Settings;
  readonly governor: Governor;
  readonly recent: RecentOrders;
}

interface Kept {
  readonly order: ErpSalesOrder;
  readonly stamp: Stamp;
  /** When the reading began; milliseconds of the process's own clock. */
  readonly readAt: number;
}

/** What nobody asked for by then is read again. */
const KEPT_MS = 5 * 60_000;

/**
 * Orders with their lines, read together: several that changed about the same time take one call where each would take
 * its own. null = it pays nothing, or the order was not among what was read: ask for it by itself.
 */
export class WholeOrders {
  readonly #of: WholeOrdersOf;
  readonly #run: SharedRun<string, ErpSalesOrder | null>;
  readonly #kept = new Map<string, Kept>();

  constructor(of: WholeOrdersOf) {
    this.#of = of;
    this.#run = new SharedRun({
      route: `GET /api/${of.settings.resources.salesOrder}`,
      turn: (priority) => of.governor.comes(priority),
      gain: (orderNumbers) => this.#plan(orderNumbers)?.gain ?? 0,
      answer: (asked, call) => this.#answer(asked, call),
    });
  }

  /** Not older than so many milliseconds, nor than its header as it was last seen; 0 = as of now. */
  async read(orderNumber: string, withinMs: number, call: CallOptions): Promise<ErpSalesOrder | null> {
    const kept = withinMs > 0 ? this.#keptSince(orderNumber, performance.now() - withinMs) : null;
    return kept ?? this.#run.ask(orderNumber, call);
  }

  async #answer(
    asked: readonly Asked<string>[],
    call: CallOptions,
  ): Promise<(orderNumber: string) => ErpSalesOrder | null> {
    const plan = this.#plan(asked.map(({ question }) => question));
    if (!plan) return () => null;
    const { from } = plan;
    const { lister, settings } = this.#of;
    const readAt = performance.now();
    try {
      for (const { order, stamp } of await readSalesOrders({ lister, settings }, [changedAfter(from)], call))
        this.#kept.set(order.orderNumber, { order, stamp, readAt });
    } catch (error) {
      if (error instanceof BlueCherryError && error.fate === 'gate') return () => null;
      throw error;
    }
    for (const [orderNumber, kept] of this.#kept) if (kept.readAt < readAt - KEPT_MS) this.#kept.delete(orderNumber);
    return (orderNumber) => this.#keptSince(orderNumber, readAt);
  }

  /** From when on reading saves the most calls; null = it saves none. */
  #plan(orderNumbers: readonly string[]): { readonly from: Stamp; readonly gain: number } | null {
    const { recent, settings } = this.#of;
    const stamps = orderNumbers
      .flatMap((orderNumber) => recent.header(orderNumber)?.stamp ?? [])
      .map((stamp) => minusSeconds(stamp, 1))
      .toSorted()
      .toReversed();
    const plans = stamps.map((from, index) => {
      // A short page is the last here: what should be missing is asked for by itself.
      const calls = Math.floor(recent.countOrdersAfter(from) / settings.paging.size) + 1;
      return { from, saved: index + 1 - calls, gain: (index + 1) / calls };
    });
    const best = plans.reduce((most, each) => (each.saved > most.saved ? each : most), { from: '', saved: 0, gain: 0 });
    return best.saved > 0 ? best : null;
  }

  #keptSince(orderNumber: string, since: number): ErpSalesOrder | null {
    const kept = this.#kept.get(orderNumber);
    if (!kept || kept.readAt < since) return null;
    const header = this.#of.recent.header(orderNumber);
    return header && header.stamp > kept.stamp ? null : kept.order;
  }
}
