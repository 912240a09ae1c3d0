import {
  parseErpCursor,
  type BlueCherry,
  type CallOptions,
  type ErpCursor,
} from '../connectors/bluecherry/bluecherry.ts';
import type { ErpGlance } from '../domain/order-state.ts';
import { purchaseKeyText, type PurchaseKey } from '../domain/purchase.ts';
import type { ErpCreditMemo, ImportResult } from '../domain/sales-order.ts';
import { parseReference, referenceOf as referenceOfKey } from '../domain/storefront-reference.ts';
import { withCalls } from './calls.ts';
import { toFeedFailure, translating } from './failures.ts';
import { glanceOf } from './follow-order.ts';
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
    readonly picks: number;
    readonly invoices: number;
    readonly creditMemos: number;
    readonly told: number;
    /** Closed orders that were opened again, because a credit memo or a payment came late. */
    readonly reopened: number;
    readonly foreign: number;
    readonly withoutOrder: number;
  };
}

/** What the ERP says anew of one order. */
export interface ErpNews {
  readonly imports: readonly ImportResult[];
  readonly orders: readonly ErpGlance[];
  readonly credits: readonly string[];
  readonly moved: boolean;
}

interface Gathered {
  readonly key: PurchaseKey;
  readonly imports: ImportResult[];
  readonly orders: ErpGlance[];
  readonly credits: string[];
  moved: boolean;
  /** An invoice was made, paid or voided. */
  billed: boolean;
}

export type ErpFeedActivities = ReturnType<typeof createErpFeedActivities>;

const AT_ONCE = 10;
/** ERP order numbers whose reference is remembered, so that an invoice costs no further call. */
const MOST_REMEMBERED = 20_000;

/** The ERP's side: what its import log, orders, picks, invoices and credit memos say anew, told to the orders concerned. */
export function createErpFeedActivities({ bluecherry, orders }: ErpFeedDependencies) {
  /** ERP order number → reference; null = an order that is none of ours. */
  const referenceByOrder = new Map<string, string | null>();

  return {
    /** Safe to repeat: an order that is told the same twice stays where it is. */
    async tellErpChanges({ last }: { readonly last: unknown }): Promise<ErpFeedResult> {
      return translating(toFeedFailure, () =>
        withCalls(async (call) => {
          const from = cursorIn(last) ?? cursorIn(await orders.lastResultOf('pollErpDocuments'));
          const erp = { ...call, priority: 'status' } as const;
          const changes = await bluecherry.readChanges(from, erp);
          const news = new Map<string, Gathered>();
          let foreign = 0;
          const note = (reference: string | null, add: (known: Gathered, document: number) => void) => {
            const ours = reference === null ? null : parseReference(reference);
            if (!ours) {
              foreign++;
              return;
            }
            const key = purchaseKeyText(ours.key);
            const known = news.get(key) ?? {
              key: ours.key,
              imports: [],
              orders: [],
              credits: [],
              moved: false,
              billed: false,
            };
            news.set(key, known);
            add(known, ours.document);
          };
          for (const result of changes.imports) note(result.reference, ({ imports }) => imports.push(result));
          for (const order of changes.salesOrders) {
            const reference = oursOf(order);
            remember(order.orderNumber, reference);
            const glance = glanceOf(order);
            // Under the same stamp its lines may be others at the next look.
            const version = order.isSettling ? `${glance.version}~${Date.now()}` : glance.version;
            note(reference, (known, document) => known.orders.push({ ...glance, document, version }));
          }
          for (const pick of changes.picks) {
            const reference = oursOf(pick);
            remember(pick.orderNumber, reference);
            note(reference, (known) => (known.moved = true));
          }
          for (const { orderNumber } of changes.invoices)
            note(await referenceOf(orderNumber, erp), (known) => {
              known.moved = true;
              known.billed = true;
            });
          for (const memo of changes.creditMemos)
            note(await referenceOf(await orderOfMemo(memo, erp), erp), ({ credits }) => credits.push(memo.number));

          let [told, reopened] = [0, 0];
          await inParallel([...news], AT_ONCE, async ([text, { key, billed, ...said }]) => {
            if (await orders.tellErpChange(text, said)) told++;
            else if (said.credits.length > 0 || billed) {
              // A late credit memo or payment still finds its order.
              await orders.openFor(text, referenceOfKey(key) ?? '', said);
              reopened++;
            }
          });
          const stats = {
            importRows: changes.imports.length,
            salesOrders: changes.salesOrders.length,
            picks: changes.picks.length,
            invoices: changes.invoices.length,
            creditMemos: changes.creditMemos.length,
            told,
            reopened,
            foreign,
            withoutOrder: news.size - told - reopened,
          };
          return { cursor: changes.cursor, stats };
        }),
      );
    },
  };

  /** An invoice names its order by number only; whose order that is, the order itself says. */
  async function referenceOf(orderNumber: string, call: CallOptions): Promise<string | null> {
    if (orderNumber === '') return null;
    const known = referenceByOrder.get(orderNumber);
    if (known !== undefined) return known;
    const order = await bluecherry.getSalesOrder(orderNumber, call);
    // What is not shown now may be shown at the next look.
    if (!order) return null;
    const reference = oursOf(order);
    remember(orderNumber, reference);
    return reference;
  }

  /** A credit memo may name an order, only an invoice, or neither. */
  async function orderOfMemo({ orderNumber, invoiceNumber }: ErpCreditMemo, call: CallOptions): Promise<string> {
    if (orderNumber !== '' || invoiceNumber === '') return orderNumber;
    const [invoice] = await bluecherry.findInvoices({ number: invoiceNumber }, call);
    return invoice?.orderNumber ?? '';
  }

  function remember(orderNumber: string, reference: string | null): void {
    referenceByOrder.delete(orderNumber);
    referenceByOrder.set(orderNumber, reference);
    const [oldest] = referenceByOrder.keys();
    if (referenceByOrder.size > MOST_REMEMBERED && oldest !== undefined) referenceByOrder.delete(oldest);
  }
}

/** The reference of ours that a document carries in one of its two fields. */
function oursOf({ altPo, referenceField }: { readonly altPo: string; readonly referenceField: string }): string | null {
  return [altPo, referenceField].find((reference) => parseReference(reference) !== null) ?? null;
}

/** The cursor in a run's result; the connector reads it, or begins anew. */
function cursorIn(result: unknown): ErpCursor | null {
  return result !== null && typeof result === 'object' && 'cursor' in result ? parseErpCursor(result.cursor) : null;
}
