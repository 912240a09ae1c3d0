import { parseErpCursor, type BlueCherry, type ErpCursor } from '../connectors/bluecherry/bluecherry.ts';
import type { ErpGlance } from '../domain/order-state.ts';
import { purchaseKeyText } from '../domain/purchase.ts';
import type { ImportResult } from '../domain/sales-order.ts';
import { parseReference } from '../domain/storefront-reference.ts';
import { withCalls } from './calls.ts';
import { glanceOf } from './confirm-sales-order.ts';
import { toFeedFailure, translating } from './failures.ts';
import { inParallel } from './in-parallel.ts';
import type { OrderWorkflows } from './order-workflows.ts';

export interface ErpFeedDependencies {
  readonly bluecherry: BlueCherry;
  readonly orders: OrderWorkflows;
}

export interface ErpFeedResult {
  readonly cursor: ErpCursor;
  readonly stats: {
    readonly importRows: number;
    readonly salesOrders: number;
    readonly told: number;
    readonly foreign: number;
    readonly withoutOrder: number;
  };
}

interface News {
  readonly imports: ImportResult[];
  readonly orders: ErpGlance[];
}

export type ErpFeedActivities = ReturnType<typeof createErpFeedActivities>;

const AT_ONCE = 10;

/** The ERP's side: what its import log and its sales orders say anew, told to the orders concerned. */
export function createErpFeedActivities({ bluecherry, orders }: ErpFeedDependencies) {
  return {
    /** Safe to repeat: an order that is told the same twice stays where it is. */
    async tellErpChanges({ last }: { readonly last: unknown }): Promise<ErpFeedResult> {
      return translating(toFeedFailure, () =>
        withCalls(async (call) => {
          const from = cursorIn(last) ?? cursorIn(await orders.lastResultOf('pollErpDocuments'));
          const changes = await bluecherry.readChanges(from, { ...call, priority: 'status' });
          const news = new Map<string, News>();
          let foreign = 0;
          const note = (references: readonly string[], add: (known: News) => void) => {
            // Other documents of a purchase belong to the same order; only document 1 exists until orders are split.
            const ours = references.map(parseReference).find((reference) => reference?.document === 1);
            if (!ours) {
              foreign++;
              return;
            }
            const key = purchaseKeyText(ours.key);
            const known = news.get(key) ?? { imports: [], orders: [] };
            news.set(key, known);
            add(known);
          };
          for (const result of changes.imports) note([result.reference], ({ imports }) => imports.push(result));
          for (const order of changes.salesOrders)
            note([order.altPo, order.referenceField], (known) => known.orders.push(glanceOf(order)));
          let told = 0;
          await inParallel([...news], AT_ONCE, async ([key, { imports, orders: glances }]) => {
            if (await orders.tellErpChange(key, imports, glances)) told++;
          });
          const stats = {
            importRows: changes.imports.length,
            salesOrders: changes.salesOrders.length,
            told,
            foreign,
            withoutOrder: news.size - told,
          };
          return { cursor: changes.cursor, stats };
        }),
      );
    },
  };
}

/** The cursor in a run's result; the connector reads it, or begins anew. */
function cursorIn(result: unknown): ErpCursor | null {
  return result !== null && typeof result === 'object' && 'cursor' in result ? parseErpCursor(result.cursor) : null;
}
