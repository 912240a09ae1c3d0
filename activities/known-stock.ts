import { DateTime } from 'luxon';

import type { Site } from '../config/site.ts';
import type { BlueCherry, ErpIncoming } from '../connectors/bluecherry/bluecherry.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import type { Finding } from '../domain/findings.ts';
import { indexStock, type StockIndex } from '../domain/stock/index-stock.ts';
import { unseenUnits } from '../domain/stock/unseen-units.ts';
import type { Call } from './calls.ts';
import { isVendorError } from './failures.ts';
import type { OrderWorkflows } from './order-workflows.ts';
import { keptParts } from './read-stock-parts.ts';
import { createUnseenOrderReader } from './read-unseen-orders.ts';
import { readSoldItems, type SoldItems } from './sold-items.ts';
import type { StockMemory } from './stock-memory.ts';

export interface StockDependencies {
  readonly site: Site;
  readonly sparklayer: SparkLayer;
  readonly bluecherry: BlueCherry;
  readonly orders: Pick<OrderWorkflows, 'unacceptedOrders' | 'stateOf'>;
  readonly memory: StockMemory;
  readonly clock: () => Date;
  readonly log: { warn(fields: object, message: string): void };
}

/** All that can be said of stock now. */
export interface KnownStock {
  readonly index: StockIndex;
  readonly sold: SoldItems;
  readonly stats: Record<'unseenOrders' | 'unseenUnits' | 'purchasesLooked', number>;
  readonly findings: readonly Finding[];
}

export interface KnownStockReader {
  read(call: Call): Promise<KnownStock>;
}

/** Computes from the figures that are kept, and from the orders that these cannot know. */
export function createKnownStockReader(dependencies: StockDependencies): KnownStockReader {
  const { site, bluecherry, clock, log } = dependencies;
  const rules = site.stock;
  const unseenOrders = createUnseenOrderReader(dependencies);
  /** Dated production moves with the snapshot. */
  let incoming: { readonly of: string; readonly goods: readonly ErpIncoming[] } = { of: '', goods: [] };

  return {
    async read(call) {
      const parts = await keptParts(dependencies);
      const kept = parts.map((part) => part.kept);
      const sold = await readSoldItems(dependencies, kept, call);
      const { orders, looked, findings } = await unseenOrders.read(kept, sold, call);
      const now = clock();
      const index = indexStock({
        parts,
        unseen: unseenUnits(orders, rules.feeds),
        rules,
        now: now.toISOString(),
        today: DateTime.fromJSDate(now, { zone: site.erp.zone }).toISODate() ?? '',
        incoming: await goodsOf(kept.map(({ snapshot }) => snapshot).join(' '), call),
      });
      const units = orders.flatMap(({ lines }) => lines).reduce((sum, line) => sum + line.units, 0);
      return {
        index,
        sold,
        stats: { unseenOrders: orders.length, unseenUnits: units, purchasesLooked: looked },
        findings: [...sold.findings, ...findings],
      };
    },
  };

  async function goodsOf(snapshots: string, call: Call): Promise<readonly ErpIncoming[]> {
    if (!rules.preOrder) return [];
    if (incoming.of === snapshots) return incoming.goods;
    try {
      const { stages } = rules.preOrder;
      const goods = await bluecherry.inventory.listIncoming(stages, { ...call, priority: 'stock' });
      incoming = { of: snapshots, goods };
    } catch (error) {
      if (call.signal.aborted || !isVendorError(error)) throw error;
      log.warn({ code: error.code }, 'dated production cannot be read; what was read last goes on');
    }
    return incoming.goods;
  }
}
