import type { Site } from '../config/site.ts';
import type { BlueCherry, BookedOrder } from '../connectors/bluecherry/bluecherry.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { caseId } from '../domain/cases/case-id.ts';
import { caseOfProblem } from '../domain/cases/case-of-problem.ts';
import type { Drift } from '../domain/drift/drift.ts';
import type { OrderState } from '../domain/order-state.ts';
import type { ProblemCode } from '../domain/problems.ts';
import { isLiveDocument, matchDocuments } from '../domain/proof/match-documents.ts';
import { isWhollyCancelled } from '../domain/purchase-lines.ts';
import { purchaseKeyText, type Purchase, type PurchaseSummary, type StorefrontCustomer } from '../domain/purchase.ts';
import { driftRows, type DriftCase } from '../domain/reports/exceptions/drift-rows.ts';
import { compareOpenOrder } from '../domain/reports/exceptions/compare-open-order.ts';
import type { ExceptionFacts, ExceptionRow } from '../domain/reports/exceptions/exception-report.ts';
import {
  billingRow,
  blockedRow,
  blockOf,
  differenceRows,
  waitingRow,
} from '../domain/reports/exceptions/exception-rows.ts';
import { judgeBilling, type BilledOrder } from '../domain/reports/exceptions/judge-billing.ts';
import { addFigures, tieDays, type TiedPurchase } from '../domain/reports/exceptions/tie-day.ts';
import { partsOfPurchase } from '../domain/reports/purchase-parts.ts';
import { lessParts } from '../domain/reports/money-parts.ts';
import { breathing } from './breathing.ts';
import type { Call } from './calls.ts';
import { inParallel } from './in-parallel.ts';
import { byPurchaseKey, listPurchases } from './list-purchases.ts';
import type { OrderGlances } from './order-glances.ts';
import type { OrderWorkflows } from './order-workflows.ts';
import { createPatience } from './patience.ts';
import { prepareAsPlaced } from './prepare-as-placed.ts';
import type { PurchaseBook } from './purchase-book.ts';

export interface ExceptionDependencies {
  readonly site: Site;
  readonly sparklayer: Pick<SparkLayer, 'listPurchases' | 'getPurchase' | 'getCustomer'>;
  readonly bluecherry: Pick<BlueCherry, 'orderBook' | 'billingBook' | 'reference'>;
  /** Asked only of orders that differ or are held: what a person has taken over, or said of its customer, and why. */
  readonly orders: Pick<OrderWorkflows, 'stateOf'>;
  readonly glances: OrderGlances;
  readonly cases: ReportedCases;
  /** What the check of stock and prices found last; null = there was none. */
  readonly drift: () => Promise<Drift | null>;
  /** Page of an order by its key; null = there is none. */
  readonly linkTo: (key: string) => string | null;
  readonly clock: () => Date;
}

/** What cases know of what is reported. The worker brings the real thing. */
export interface ReportedCases {
  /** The open ones of the check of stock and prices. */
  ofDrift(): Promise<readonly DriftCase[]>;
  /** Since when an order is in a case; null = it is not. */
  since(caseId: string, key: string): Promise<string | null>;
}

const AT_ONCE = 8;
const A_DAY_MS = 86_400_000;
/** The check runs nightly; figures that are older are told as old. */
const OLD_DRIFT_DAYS = 2;
const COMPLETE = ['invoiced', 'closed'];

/** Reads both sides in full and compares them: of the ERP its books, of the storefront what changed since the last time. */
export async function readExceptions(
  of: ExceptionDependencies,
  { proof, book }: { readonly proof: ExceptionFacts['proof']; readonly book: PurchaseBook },
  call: Call,
): Promise<ExceptionFacts> {
  const { site, sparklayer, bluecherry, orders, clock, linkTo } = of;
  const breathe = breathing();
  const erp = { ...call, priority: 'catalogue' } as const;
  const { rows: summaries } = await listPurchases(of, { placedSince: site.goLive }, call);
  const listed = byPurchaseKey(summaries);
  const booked = await bluecherry.orderBook.rows(erp);
  const byNumber = new Map(booked.map((order) => [order.orderNumber, order]));
  const documents = matchDocuments(booked);
  const invoices = await bluecherry.billingBook.invoices(erp);
  const credits = await bluecherry.billingBook.creditMemos(erp);
  const invoiceNumbers = new Set(invoices.map(({ number }) => number));
  const buyers = new Map<string, Promise<StorefrontCustomer | null>>();
  const drift = await of.drift();
  const currencies = new Map(
    site.pricing.lists.flatMap((rule) =>
      rule.managedBy === 'erp' ? [[rule.list, rule.source.currency] as const] : [],
    ),
  );
  const drifted = driftRows(drift ?? { rows: [] }, await of.cases.ofDrift(), (list) => currencies.get(list) ?? '');
  const rows: ExceptionRow[] = [...drifted.rows];
  const billed: BilledOrder[] = [];
  const tied: TiedPurchase[] = [];
  const notLookedAt: string[] = drift ? ageOfDrift(drift.at) : [];
  const patience = createPatience();
  let compared = 0;

  await inParallel([...documents.values()], AT_ONCE, async ({ key, documents: own }) => {
    await breathe();
    const text = purchaseKeyText(key);
    const summary = listed.get(text);
    const live = own.filter(isLiveDocument).flatMap(({ orderNumber }) => byNumber.get(orderNumber) ?? []);
    if (!summary) return;
    const purchase = await readPurchase(summary);
    if (!purchase) return;
    tied.push(tiedPurchase(summary, purchase, live));
    if (live.length === 0) return;
    const about = aboutOf(text, purchase, live);
    for (const order of live) billed.push(billedOrder(text, purchase, order));
    const open = live.flatMap(({ whole, value }) => (whole ? [{ order: whole, worth: value }] : []));
    if (open.length === 0) return;
    const isHeld = open.some(({ order }) => blockOf(order, site.rules, []) !== null);
    const held = isHeld ? await orders.stateOf(text) : null;
    for (const each of open) {
      const block = blockOf(each.order, site.rules, held?.problems ?? []);
      if (!block) continue;
      const since = (block.code && (await seenSince(block.code, text, held))) ?? each.order.changedAt;
      rows.push(blockedRow(about, each, block, { paymentMethod: purchase.paymentMethod, since }));
    }
    // A complete document cannot be compared line by line any more, nor can another of its division without it.
    const complete = new Set(live.flatMap(({ whole, division }) => (whole ? [] : [division])));
    if (open.some(({ order }) => complete.has(order.division)))
      return void notLookedAt.push(`${about.order}: of its division another ERP order is complete already.`);
    compared += 1;
    const shown = open.map(({ order }) => order);
    const differences = async (customerOverride: string | null) => {
      const wanted = await wantedOf(purchase, customerOverride);
      const comparable = wanted?.filter(({ division }) => !complete.has(division));
      return comparable ? compareOpenOrder(comparable, shown, site.rules.erpEdits) : null;
    };
    const asPlaced = await differences(null);
    if (asPlaced?.length === 0) return;
    const state = held ?? (await orders.stateOf(text));
    const { takenOver = [], customerOverride = null } = state ?? {};
    const found = customerOverride === null ? asPlaced : await differences(customerOverride);
    if (found === null) return void notLookedAt.push(`${about.order}: its purchase cannot be prepared as it stands.`);
    const lastChange = shown
      .map(({ changedAt }) => changedAt)
      .toSorted()
      .at(-1);
    const since = (await seenSince('ERP_EDIT', text, state)) ?? lastChange ?? null;
    rows.push(...differenceRows(about, { found, takenOver, since }));
  });
  for (const mismatch of judgeBilling(billed, invoices, credits, site.rules.progress.toleratedCents))
    rows.push(billingRow(mismatch, mismatch.order && linkTo(mismatch.order.key)));
  for await (const glance of of.glances.running()) {
    const { key } = glance;
    const summary = listed.get(key);
    const erpOrders = documents.get(key)?.documents.map(({ orderNumber }) => orderNumber) ?? [];
    const row = summary && waitingRow(glance, summary, { order: key, erpOrders, link: linkTo(key) });
    if (row) rows.push(row);
  }
  await book.save();
  return {
    site: site.name,
    at: clock().toISOString(),
    zone: site.schedules.zone,
    proof,
    compared,
    rows,
    driftLeftOut: drifted.leftOut,
    days: tieDays(summaries, tied, site.rules.zone),
    notLookedAt: notLookedAt.toSorted(),
  };

  /** Since when the order has had that problem, by its case; null = nobody was told of it. */
  async function seenSince(code: ProblemCode, key: string, state: OrderState | null): Promise<string | null> {
    const problem = state?.problems.find((each) => each.code === code);
    return state && problem ? of.cases.since(caseId(caseOfProblem(problem, state)), key) : null;
  }

  function ageOfDrift(at: string): string[] {
    const days = (clock().getTime() - Date.parse(at)) / A_DAY_MS;
    return days > OLD_DRIFT_DAYS
      ? [`Stock and prices: they were last compared at ${at}, and are shown as of then.`]
      : [];
  }

  /** null = it cannot be prepared. */
  async function wantedOf(purchase: Purchase, customerOverride: string | null) {
    if (isWhollyCancelled(purchase)) return [];
    const buyer = await buyerOf(purchase.buyer);
    const placed = { purchase, buyer, invoices: invoiceNumbers, customerOverride };
    const { facts, prepared } = await prepareAsPlaced({ site, bluecherry, clock }, placed, call);
    if (prepared.kind === 'impossible') return null;
    // Without terms of the site's own the customer's apply, and a clerk's are others.
    return prepared.salesOrders.map((order) => ({
      ...order,
      terms: order.terms || (facts.customers.get(order.division)?.customer.terms ?? ''),
    }));
  }

  function buyerOf(id: string | null): Promise<StorefrontCustomer | null> {
    if (id === null) return Promise.resolve(null);
    const known = buyers.get(id) ?? sparklayer.getCustomer(id, call);
    buyers.set(id, known);
    return known;
  }

  function aboutOf(key: string, purchase: Purchase, live: readonly BookedOrder[]) {
    return {
      order: purchase.identifiers.visible ?? key,
      erpOrders: live.map(({ orderNumber }) => orderNumber),
      currency: purchase.currency ?? '',
      link: linkTo(key),
    };
  }

  function tiedPurchase(summary: PurchaseSummary, purchase: Purchase, live: readonly BookedOrder[]): TiedPurchase {
    const { placed, cancelled, units } = partsOfPurchase(purchase);
    return {
      summary,
      storefront: { ...lessParts(placed, cancelled), units },
      erp: addFigures(live.map((order) => ({ ...order.parts, units: order.units }))),
    };
  }

  function billedOrder(key: string, purchase: Purchase, order: BookedOrder): BilledOrder {
    return {
      orderNumber: order.orderNumber,
      number: purchase.identifiers.visible ?? key,
      key,
      currency: order.currency,
      value: order.value,
      isComplete: order.whole === null && COMPLETE.includes(order.status),
      shownInvoices: purchase.packages.flatMap(({ files }) => files),
    };
  }

  /** One that cannot be read must not stop the report: it says so. */
  async function readPurchase({ key, updatedAt, identifiers }: PurchaseSummary): Promise<Purchase | null> {
    if (!key) return null;
    try {
      return await book.get(key, updatedAt, async () => {
        const purchase = await sparklayer.getPurchase(key, call);
        patience.answered();
        return purchase;
      });
    } catch (error) {
      if (!patience.bears(error)) throw error;
      notLookedAt.push(`${identifiers.visible ?? purchaseKeyText(key)}: its purchase cannot be read.`);
      return null;
    }
  }
}
