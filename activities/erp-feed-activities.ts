import {
  BlueCherryError,
  parseErpCursor,
  type BlueCherry,
  type CallOptions,
  type ErpCursor,
  type Usage,
} from '../connectors/bluecherry/bluecherry.ts';
import { glanceOf } from '../domain/erp-glance.ts';
import type { ErpGlance } from '../domain/order-state.ts';
import { isGreater, sum, type Amount } from '../domain/money.ts';
import { purchaseKeyText, type PurchaseKey } from '../domain/purchase.ts';
import type { ErpCreditMemo, ErpInvoice, ImportResult } from '../domain/sales-order.ts';
import { parseReference, referenceOf as referenceOfKey } from '../domain/storefront-reference.ts';
import { withCalls } from './calls.ts';
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
    readonly picks: number;
    readonly invoices: number;
    readonly creditMemos: number;
    readonly told: number;
    /** Closed orders that were opened again, because a credit memo or a payment came late. */
    readonly reopened: number;
    readonly foreign: number;
    /** Rows that could not be read: their orders, as far as they are ours, were told that something moved. */
    readonly unreadable: number;
    readonly withoutOrder: number;
  };
  /** How calls to the ERP waited for their turn since the run before, of all feeds and orders. */
  readonly waits: Usage['waits'];
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
  /** Goods value of an order, as far as it was seen. */
  const goodsByOrder = new Map<string, Amount>();
  /** Invoice number → ERP orders that it bills, as far as picks have said, or all of them, as its lines say. */
  const billedBy = new Map<string, { readonly orders: ReadonlySet<string>; readonly isWhole: boolean }>();

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
            keep(referenceByOrder, order.orderNumber, reference);
            if (order.subTotal !== null) keep(goodsByOrder, order.orderNumber, order.subTotal);
            const glance = glanceOf(order);
            // Under the same stamp its lines may be others at the next look.
            const version = order.isSettling ? `${glance.version}~${Date.now()}` : glance.version;
            note(reference, (known, document) => known.orders.push({ ...glance, document, version }));
          }
          for (const pick of changes.picks) {
            const reference = oursOf(pick);
            keep(referenceByOrder, pick.orderNumber, reference);
            if (pick.invoiceNumber !== '') bills(pick.invoiceNumber, [pick.orderNumber], 'some');
            note(reference, (known) => (known.moved = true));
          }
          for (const invoice of changes.invoices) {
            // Its order first: what that is worth says whether the invoice bills others too.
            await referenceOf(invoice.orderNumber, erp);
            if (mayBillMore(invoice)) await lookInto(invoice.number, erp);
            for (const orderNumber of ordersOf(invoice))
              note(await referenceOf(orderNumber, erp), (known) => {
                known.moved = true;
                known.billed = true;
              });
          }
          for (const memo of changes.creditMemos)
            note(await referenceOf(await orderOfMemo(memo, erp), erp), ({ credits }) => credits.push(memo.number));
          // What of an order has changed only the order itself can find out then.
          for (const row of changes.unreadable)
            note(oursOf(row) ?? (await referenceOf(row.orderNumber, erp)), (known) => (known.moved = true));

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
            unreadable: changes.unreadable.length,
            withoutOrder: news.size - told - reopened,
          };
          return { cursor: changes.cursor, stats, waits: bluecherry.takeWaits() };
        }),
      );
    },
  };

  /** An invoice names its order by number only; whose order that is, the order itself says. */
  async function referenceOf(orderNumber: string, call: CallOptions): Promise<string | null> {
    if (orderNumber === '') return null;
    const known = referenceByOrder.get(orderNumber);
    if (known !== undefined) return known;
    const order = await unlessUnreadable(() => bluecherry.glanceAtOrder(orderNumber, call), null);
    // What is not shown now may be shown at the next look.
    if (!order) return null;
    const reference = oursOf(order);
    keep(referenceByOrder, orderNumber, reference);
    if (order.subTotal !== null) keep(goodsByOrder, orderNumber, order.subTotal);
    return reference;
  }

  /** The header names the first of the orders that a consolidated invoice bills. */
  function ordersOf({ number, orderNumber }: ErpInvoice): ReadonlySet<string> {
    const known = billedBy.get(number)?.orders;
    return known ? new Set([orderNumber, ...known].filter(Boolean)) : new Set([orderNumber]);
  }

  /**
   * Nothing in a header says that it is consolidated. More goods than the orders it is known to bill have are somebody
   * else's too, and worth a call; of less than that only the picks that came by have told.
   */
  function mayBillMore(invoice: ErpInvoice): boolean {
    if (billedBy.get(invoice.number)?.isWhole) return false;
    const orders = [...ordersOf(invoice)].filter(Boolean);
    const goods = orders.map((orderNumber) => goodsByOrder.get(orderNumber));
    if (goods.includes(undefined)) return false;
    return isGreater(invoice.subTotal, sum(goods.map((amount) => amount ?? '0')));
  }

  async function lookInto(number: string, call: CallOptions): Promise<void> {
    const invoices = await findInvoices(number, call);
    bills(
      number,
      invoices.flatMap(({ lines }) => (lines ?? []).map((line) => line.orderNumber)),
      'all',
    );
  }

  function findInvoices(number: string, call: CallOptions): Promise<readonly ErpInvoice[]> {
    return unlessUnreadable(() => bluecherry.findInvoices({ number }, call), []);
  }

  function bills(invoice: string, orderNumbers: readonly string[], these: 'some' | 'all'): void {
    const known = billedBy.get(invoice);
    const orders = new Set([...(known?.orders ?? []), ...orderNumbers.filter(Boolean)]);
    keep(billedBy, invoice, { orders, isWhole: these === 'all' || known?.isWhole === true });
  }

  /** A credit memo may name an order, only an invoice, or neither. */
  async function orderOfMemo({ orderNumber, invoiceNumber }: ErpCreditMemo, call: CallOptions): Promise<string> {
    if (orderNumber !== '' || invoiceNumber === '') return orderNumber;
    const [invoice] = await findInvoices(invoiceNumber, call);
    const [billed = ''] = billedBy.get(invoiceNumber)?.orders ?? [];
    return invoice?.orderNumber ?? billed;
  }
}

/** One document that cannot be read must not stop what all the others say. */
async function unlessUnreadable<Found>(read: () => Promise<Found>, otherwise: Found): Promise<Found> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof BlueCherryError && error.code === 'SCHEMA_DRIFT') return otherwise;
    throw error;
  }
}

/** The newest are kept: what is forgotten is asked for again. */
function keep<Value>(memory: Map<string, Value>, number: string, value: Value): void {
  memory.delete(number);
  memory.set(number, value);
  const [oldest] = memory.keys();
  if (memory.size > MOST_REMEMBERED && oldest !== undefined) memory.delete(oldest);
}

/** The reference of ours that a document carries in one of its two fields. */
function oursOf({ altPo, referenceField }: { readonly altPo: string; readonly referenceField: string }): string | null {
  return [altPo, referenceField].find((reference) => parseReference(reference) !== null) ?? null;
}

/** The cursor in a run's result; the connector reads it, or begins anew. */
function cursorIn(result: unknown): ErpCursor | null {
  return result !== null && typeof result === 'object' && 'cursor' in result ? parseErpCursor(result.cursor) : null;
}
