import type { ErpSalesOrder } from '../../domain/sales-order.ts';
import { BlueCherryError } from './blue-cherry-error.ts';
import type { CallOptions } from './call-options.ts';
import type { Governor } from './governor.ts';
import type { Lister } from './paging.ts';
import type { RecentOrders } from './recent-orders.ts';
import { readChangedOrders } from './sales-orders.ts';
import type { Settings } from './settings.ts';
import { SharedRun, type Asked } from './shared-run.ts';
import { minusSeconds, type Stamp } from './stamps.ts';

export interface WholeOrdersOf {
  readonly lister: Lister;
  readonly settings: Settings;
  readonly governor: Governor;
  readonly recent: RecentOrders;
}

interface Wanted {
  readonly orderNumber: string;
  /** A reading that began earlier is too old; milliseconds of the process's own clock. */
  readonly since: number;
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
  readonly #run: SharedRun<Wanted, ErpSalesOrder | null>;
  readonly #kept = new Map<string, Kept>();

  constructor(of: WholeOrdersOf) {
    this.#of = of;
    this.#run = new SharedRun({
      route: `GET /api/${of.settings.resources.salesOrder}`,
      turn: (priority) => of.governor.comes(priority),
      gain: (wanted) => this.#plan(wanted)?.gain ?? 0,
      answer: (asked, call) => this.#answer(asked, call),
    });
  }

  /** Not older than so many milliseconds, nor than its header as it was last seen; 0 = as of now. */
  async read(orderNumber: string, withinMs: number, call: CallOptions): Promise<ErpSalesOrder | null> {
    const wanted = { orderNumber, since: performance.now() - withinMs };
    return this.#find(wanted) ?? this.#run.ask(wanted, call);
  }

  async #answer(asked: readonly Asked<Wanted>[], call: CallOptions): Promise<(wanted: Wanted) => ErpSalesOrder | null> {
    const answer = (wanted: Wanted) => this.#find(wanted);
    const plan = this.#plan(asked.map(({ question }) => question));
    if (!plan) return answer;
    const { lister, settings } = this.#of;
    const readAt = performance.now();
    try {
      for (const { order, stamp } of await readChangedOrders({ lister, settings }, plan.from, call))
        this.#kept.set(order.orderNumber, { order, stamp, readAt });
    } catch (error) {
      if (error instanceof BlueCherryError && error.fate === 'gate') return answer;
      throw error;
    }
    for (const [orderNumber, kept] of this.#kept) if (kept.readAt < readAt - KEPT_MS) this.#kept.delete(orderNumber);
    return answer;
  }

  /** From when on reading saves the most calls, for those that no reading has found yet; null = it saves none. */
  #plan(wanted: readonly Wanted[]): { readonly from: Stamp; readonly gain: number } | null {
    const { recent, settings } = this.#of;
    const stamps = wanted
      .filter((each) => this.#find(each) === null)
      .flatMap(({ orderNumber }) => recent.header(orderNumber)?.stamp ?? []);
    const plans = [...new Set(stamps)].map((stamp) => {
      const from = minusSeconds(stamp, 1);
      const found = stamps.filter((each) => each >= stamp).length;
      // A short page is the last here: what should be missing is asked for by itself.
      const calls = Math.floor(recent.countOrdersAfter(from) / settings.paging.size) + 1;
      return { from, saved: found - calls, gain: found / calls };
    });
    const best = plans.reduce((most, each) => (each.saved > most.saved ? each : most), { from: '', saved: 0, gain: 0 });
    return best.saved > 0 ? best : null;
  }

  #find({ orderNumber, since }: Wanted): ErpSalesOrder | null {
    const kept = this.#kept.get(orderNumber);
    if (!kept || kept.readAt < since) return null;
    const header = this.#of.recent.header(orderNumber);
    return header && header.stamp > kept.stamp ? null : kept.order;
  }
}
