import { z } from 'zod';

import { isOurs, type ErpDocument } from '../../domain/proof/match-documents.ts';
import { isComplete } from '../../domain/erp-stage.ts';
import { worthOfOrder } from '../../domain/proof/worth-of-order.ts';
import { partsOfOrder } from '../../domain/reports/erp-parts.ts';
import type { Parts } from '../../domain/reports/money-parts.ts';
import { ERP_ORDER_STATUSES, type ErpSalesOrder } from '../../domain/sales-order.ts';
import { parseReference } from '../../domain/storefront-reference.ts';
import { CachedTable, namedBy, type TableTools } from './cached-table.ts';
import type { CallOptions } from './call-options.ts';
import type { Settings } from './settings.ts';
import { keptOrder } from './kept-order.ts';
import { isOrderRow } from './order-rows.ts';
import { Shared } from './shared-work.ts';
import { referencesIn, toSalesOrder, withChildren } from './translate-sales-order.ts';
import { readRow } from './wire/rows.ts';
import { SALES_ORDER_KEYS, salesOrderRow } from './wire/sales-order.ts';

/** An order as it is kept: for the proof by its worth, for the books with tax and freight apart. */
export interface BookedOrder extends ErpDocument {
  readonly division: string;
  /** Without what is cancelled; together they are its `value`. */
  readonly parts: Parts;
  /** As it was read, with lines and addresses, while something of it may still be shipped; null = nothing will move any more. */
  readonly whole: ErpSalesOrder | null;
}

/**
 * All sales orders of the ERP that may carry a reference of ours, whoever entered them: read for themselves, without the
 * pollers' cursors, so that what those missed is seen here.
 */
export interface OrderBook {
  /** Live and cancelled, brought up to date first: two calls when little changed, the whole list once a day. */
  rows(call: CallOptions): Promise<readonly BookedOrder[]>;
  /** As they were last read, without a call; none before the first reading of this process. */
  known(): readonly BookedOrder[];
  /** ISO instant at which the last reading that succeeded began; null = there was none in this process. */
  readAt(): string | null;
}

/** A reading belongs to nobody: it goes on when who asked for it has gone. */
const READING_MS = 3_600_000;

/** null = an order of others; it is kept, so that it is not news every time. */
type Entry = BookedOrder | null;

const text = z.string();
const entry: z.ZodType<Entry> = z
  .object({
    orderNumber: text,
    division: text,
    status: z.enum(ERP_ORDER_STATUSES),
    altPo: text,
    referenceField: text,
    orderDate: text.nullable(),
    currency: text,
    value: text,
    uncertain: text,
    units: z.number(),
    parts: z.object({ goods: text, freight: text, tax: text }),
    whole: keptOrder.nullable(),
  })
  .nullable();

export function createOrderBook(tools: TableTools, settings: Settings): OrderBook {
  const resource = settings.resources.salesOrder;
  const route = `GET /api/${resource}`;
  // With their lines, which cost no further call: the header's amounts stay as entered when quantities are cancelled.
  const orders = new CachedTable<Entry>(
    {
      name: 'order-book',
      resource,
      envelope: 'header',
      include: 'all',
      keys: SALES_ORDER_KEYS,
      trace: namedBy(SALES_ORDER_KEYS),
      entry,
      isOne: (row) => isOrderRow(row, settings),
      read(row) {
        const { altPo, referenceField } = referencesIn(row, settings);
        // Of an order of others nothing else is looked at: whatever it says must not stop the book.
        if (![altPo, referenceField].some((reference) => parseReference(reference))) return null;
        return toEntry(toSalesOrder(withChildren(readRow(row, salesOrderRow, route), route), settings));
      },
      isIndispensable: (row) => isOurs(referencesIn(row, settings)),
    },
    tools,
  );
  const shared = new Shared();
  let readAt: string | null = null;
  return {
    async rows(call) {
      await shared.run('orders', () => refresh(call), call);
      return known();
    },
    known,
    readAt: () => readAt,
  };

  async function refresh(call: CallOptions): Promise<void> {
    const startedAt = tools.clock().toISOString();
    await orders.refresh({ ...call, signal: tools.closing, deadline: Date.now() + READING_MS });
    readAt = startedAt;
  }

  function known(): readonly BookedOrder[] {
    return [...orders.entries()].filter((each) => each !== null);
  }
}

function toEntry(order: ErpSalesOrder): Entry {
  const { orderNumber, division, status, altPo, referenceField, orderDate, currency } = order;
  return {
    orderNumber,
    division,
    status,
    altPo,
    referenceField,
    orderDate,
    currency,
    ...worthOfOrder(order),
    parts: partsOfOrder(order),
    whole: isComplete(order) ? null : order,
  };
}
