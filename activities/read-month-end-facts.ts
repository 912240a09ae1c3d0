import type { Site } from '../config/site.ts';
import type { BlueCherry, BookedOrder } from '../connectors/bluecherry/bluecherry.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { calendarOf } from '../domain/calendar-of.ts';
import { divide, sum } from '../domain/money.ts';
import { isLiveDocument, matchDocuments } from '../domain/proof/match-documents.ts';
import { parsePurchaseKey, type Purchase, type PurchaseSummary } from '../domain/purchase.ts';
import type { MonthEndFacts } from '../domain/reports/month-end/close-month.ts';
import { ordersOf, partsOfCredit, partsOfInvoice } from '../domain/reports/erp-parts.ts';
import { addParts, isNothing, lessParts } from '../domain/reports/money-parts.ts';
import { partsOfInvoiceShown, partsOfPurchase } from '../domain/reports/purchase-parts.ts';
import { evidenceOf, NO_EVIDENCE } from '../domain/reports/month-end/evidence.ts';
import {
  gapOf,
  monthOf,
  type BilledPart,
  type ErpSide,
  type Month,
  type OrderFacts,
} from '../domain/reports/month-end/roll-order.ts';
import type { CreditFacts, InvoiceFacts } from '../domain/reports/month-end/tie-billing.ts';
import { areOfOtherCurrencies } from '../domain/other-currency.ts';
import type { ErpCreditMemo, ErpInvoice } from '../domain/sales-order.ts';
import type { Call } from './calls.ts';
import { inParallel } from './in-parallel.ts';
import { byPurchaseKey, listPurchases } from './list-purchases.ts';
import { lastProof } from './last-proof.ts';
import type { KeptPack } from './month-end-packs.ts';
import type { OrderWorkflows } from './order-workflows.ts';
import { readOwnEntry } from './own-entry.ts';
import { createPatience } from './patience.ts';
import type { PurchaseBook } from './purchase-book.ts';
import type { SitePulse } from './site-pulse.ts';

export interface MonthEndDependencies {
  readonly site: Pick<Site, 'name' | 'goLive' | 'intake' | 'ownEntry' | 'rules' | 'erp'>;
  readonly sparklayer: Pick<SparkLayer, 'listPurchases' | 'getPurchase'>;
  readonly bluecherry: Pick<BlueCherry, 'orderBook' | 'billingBook'>;
  /** Asked only of orders that differ: what a person or a rule has let pass is explained. */
  readonly orders: Pick<OrderWorkflows, 'stateOf'>;
  readonly pulse: Pick<SitePulse, 'lastCompleted'>;
  readonly clock: () => Date;
}

const AT_ONCE = 4;
/** The ERP's clock is not ours, and an hour of its autumn occurs twice; what an earlier pack has is told by its number. */
const CLOCKS_APART_MS = 86_400_000;

/** An invoice's part of one order. */
interface Billed extends BilledPart {
  readonly orderNumber: string;
  /** Empty = the ERP does not say. */
  readonly currency: string;
  readonly lines: number;
}

/**
 * Reads what a month's pack is made of: the storefront's list, the ERP's orders, invoices and credit memos from their
 * books, and each purchase that was open or moved, in full. Dates are the ERP's.
 */
export async function readMonthEndFacts(
  { site, sparklayer, bluecherry, orders: workflows, pulse, clock }: MonthEndDependencies,
  { month, revision, before }: { readonly month: Month; readonly revision: number; readonly before: KeptPack | null },
  book: PurchaseBook,
  call: Call,
): Promise<MonthEndFacts> {
  const { zone } = site.rules;
  const dateOf = calendarOf(zone);
  const at = clock().toISOString();
  const erpCall = { ...call, priority: 'catalogue' } as const;
  const { rows, unreadable } = await listPurchases({ site, sparklayer }, { placedSince: site.goLive }, call);
  const listed = byPurchaseKey(rows);
  const booked = await bluecherry.orderBook.rows(erpCall);
  const byNumber = new Map(booked.map((order) => [order.orderNumber, order]));
  const documents = matchDocuments(booked);
  const billed = billedByOrder(await bluecherry.billingBook.invoices(erpCall));
  const memos = await bluecherry.billingBook.creditMemos(erpCall);

  const keyOfOrder = new Map(
    [...documents].flatMap(([key, { documents: own }]) => own.map(({ orderNumber }) => [orderNumber, key] as const)),
  );
  const keyOfInvoice = new Map(
    [...billed].flatMap(([orderNumber, parts]) => {
      const key = keyOfOrder.get(orderNumber);
      return key === undefined ? [] : parts.map(({ number }) => [number, key] as const);
    }),
  );
  const credits = memos.flatMap((memo) =>
    toCredit(memo, keyOfOrder.get(memo.orderNumber) ?? keyOfInvoice.get(memo.invoiceNumber) ?? null),
  );
  const credited = new Set(credits.map(({ key }) => key));
  const carried = new Map((before?.closing ?? []).map((order) => [order.key, order]));

  const orders: OrderFacts[] = [];
  const invoices: InvoiceFacts[] = [];
  const names = new Map<string, string>();
  const notRead = [...unreadable];
  const patience = createPatience();
  await inParallel([...new Set([...listed.keys(), ...documents.keys(), ...carried.keys()])], AT_ONCE, readOrder);
  return {
    site: site.name,
    month,
    revision,
    isOver: monthOf(dateOf(at) ?? '') > month,
    proof: await lastProof(pulse),
    zone,
    at,
    tolerated: divide(String(site.rules.progress.toleratedCents), 100),
    before,
    orders,
    invoices,
    credits: credits.map((credit) => ({ ...credit, order: names.get(credit.key ?? '') ?? '' })),
    notRead,
  };

  async function readOrder(text: string): Promise<void> {
    const summary = listed.get(text) ?? null;
    const own = (documents.get(text)?.documents ?? []).flatMap(({ orderNumber }) => byNumber.get(orderNumber) ?? []);
    const bills = own.flatMap(({ orderNumber }) => billed.get(orderNumber) ?? []);
    const erp = own.length > 0 ? erpSide(own) : null;
    if (!concerns(text, summary, erp, bills)) return;
    const purchase = await readPurchase(text, summary?.updatedAt ?? null);
    if (purchase === 'unreadable') return;
    if (!erp && (purchase === null || readOwnEntry(purchase, site.ownEntry.name)?.closed) && !carried.has(text)) return;
    const placedOn = purchase && dateOf(purchase.placedAt);
    if ((placedOn !== null && monthOf(placedOn) > month) || (!purchase && isLater(own))) return;
    const number = purchase?.identifiers.visible ?? carried.get(text)?.number ?? text;
    const currency = purchase?.currency ?? currencyOf(text);
    names.set(text, number);
    const sides = { storefront: purchase && partsOfPurchase(purchase), erp };
    orders.push({
      key: text,
      number,
      currency,
      placedOn,
      changedOn: purchase && dateOf(purchase.updatedAt),
      ...sides,
      evidence: isNothing(gapOf(sides)) ? NO_EVIDENCE : evidenceOf(await workflows.stateOf(text)),
      invoices: bills
        .filter((bill) => !areOfOtherCurrencies(bill, { currency }))
        .map(({ number: invoice, date, parts }) => ({ number: invoice, date, parts })),
      carried: carried.get(text) ?? null,
    });
    for (const bill of bills)
      if (monthOf(bill.date) === month)
        invoices.push({
          ...bill,
          currency: areOfOtherCurrencies(bill, { currency }) ? bill.currency : currency,
          orderCurrency: currency,
          key: text,
          order: number,
          shown: purchase && partsOfInvoiceShown(purchase, bill.number),
        });
  }

  /** Reading a purchase costs a call: what was closed before the month and did not move since is left alone. */
  function concerns(text: string, summary: PurchaseSummary | null, erp: ErpSide | null, bills: readonly Billed[]) {
    const placedOn = dateOf(summary?.placedAt ?? null);
    if (placedOn !== null && monthOf(placedOn) > month) return false;
    if (carried.has(text) || credited.has(text) || !erp) return true;
    const currency = currencyOf(text);
    const upTo = bills
      .filter((bill) => monthOf(bill.date) <= month && !areOfOtherCurrencies(bill, { currency }))
      .map(({ parts }) => parts);
    const isOpen = !isNothing(lessParts(erp.live, addParts(upTo)));
    const hasMoved = [placedOn, dateOf(summary?.updatedAt ?? null)].some((date) => monthOf(date ?? '') >= month);
    return isOpen || hasMoved || bills.some(({ date }) => monthOf(date) === month);
  }

  /** One that cannot be read must not stop the pack: it says so. */
  async function readPurchase(text: string, updatedAt: string | null): Promise<Purchase | null | 'unreadable'> {
    const key = parsePurchaseKey(text);
    if (!key) return null;
    const read = async () => {
      const purchase = await sparklayer.getPurchase(key, call);
      patience.answered();
      return purchase;
    };
    try {
      return await (updatedAt === null ? read() : book.get(key, updatedAt, read));
    } catch (error) {
      if (!patience.bears(error)) throw error;
      notRead.push(text);
      return 'unreadable';
    }
  }

  /** As far as it is known without reading the purchase. */
  function currencyOf(text: string): string {
    const [document] = documents.get(text)?.documents ?? [];
    return listed.get(text)?.currency ?? document?.currency ?? carried.get(text)?.currency ?? '';
  }

  function isLater(own: readonly BookedOrder[]): boolean {
    return own.length > 0 && own.every(({ orderDate }) => monthOf(orderDate ?? '') > month);
  }

  /** Billed by an order's number. Voided invoices bill nothing; one without a date is of the day it last changed. */
  function billedByOrder(all: readonly ErpInvoice[]): ReadonlyMap<string, readonly Billed[]> {
    const parts = all
      .filter(({ isVoid }) => !isVoid)
      .flatMap((invoice) =>
        ordersOf(invoice).map((orderNumber) => ({
          orderNumber,
          number: invoice.number,
          date: invoice.date ?? dateOf(invoice.changedAt) ?? '',
          currency: invoice.currency,
          parts: partsOfInvoice(invoice, orderNumber),
          lines: invoice.lines?.length ?? 0,
        })),
      );
    return Map.groupBy(parts, ({ orderNumber }) => orderNumber);
  }

  /**
   * What of a memo no earlier pack has: one that is entered or changed after its month was closed is in the next pack. None
   * of another customer's: the ERP bills more than this storefront.
   */
  function toCredit(memo: ErpCreditMemo, key: string | null): readonly CreditFacts[] {
    const { number, orderNumber, invoiceNumber, changedAt, currency, reason } = memo;
    const date = memo.date ?? dateOf(changedAt) ?? '';
    const isBackdated = monthOf(date) < month;
    if (monthOf(date) > month || (isBackdated && !isSinceTheLastPack(changedAt))) return [];
    if (key === null && (orderNumber || invoiceNumber)) return [];
    const kept = (key === null ? before?.strays : before?.credits) ?? [];
    const known = kept.filter((each) => each.number === number);
    const parts = lessParts(partsOfCredit(memo), addParts(known.map((each) => each.parts)));
    if (known.length > 0 && isNothing(parts)) return [];
    return [
      {
        number,
        date,
        isBackdated,
        currency: currency || currencyOf(key ?? ''),
        key,
        order: '',
        orderNumber,
        invoice: invoiceNumber,
        reason,
        parts,
      },
    ];
  }

  function isSinceTheLastPack(changedAt: string): boolean {
    return before !== null && Date.parse(changedAt) > Date.parse(before.at) - CLOCKS_APART_MS;
  }
}

/** All documents of a purchase together. */
function erpSide(documents: readonly BookedOrder[]): ErpSide {
  const live = documents.filter(isLiveDocument);
  return {
    orderNumbers: documents.map(({ orderNumber }) => orderNumber),
    live: addParts(live.map(({ parts }) => parts)),
    units: live.reduce((units, document) => units + document.units, 0),
    uncertain: sum(live.map(({ uncertain }) => uncertain)),
  };
}
