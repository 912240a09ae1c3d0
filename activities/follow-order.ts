import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import { agreeOn, restate } from '../domain/restate-order.ts';
import { compareOrders, cutReference, itemOf, type Difference } from '../domain/compare-sales-order.ts';
import { stageOf, unitsOf } from '../domain/erp-stage.ts';
import { shipToOf } from '../domain/choose-ship-to.ts';
import { isZero, multiply, sameAmount, subtract, sum, toCents, type Amount } from '../domain/money.ts';
import type { Action, DocumentFacts, ErpGlance, FollowedDocument, FollowOutcome } from '../domain/order-state.ts';
import { isCancelled } from '../domain/order-steps.ts';
import type { Problem } from '../domain/problems.ts';
import { purchaseFingerprint } from '../domain/purchase-fingerprint.ts';
import { liveLines } from '../domain/purchase-lines.ts';
import type { AcceptedItem, Purchase, PurchaseTransaction } from '../domain/purchase.ts';
import type { ErpSalesOrder, PreparedSalesOrder } from '../domain/sales-order.ts';
import { settleMoney, type Billing } from '../domain/settle-money.ts';
import {
  buyerStageOf,
  orderedUnits,
  showProgress,
  withShipmentsAsOrdered,
  type PurchaseProgress,
} from '../domain/show-progress.ts';
import type { TransactionUse } from '../domain/site-rules.ts';
import type { Call } from './calls.ts';
import { storefrontItem } from './match-sku.ts';
import { entryText, isKnownContent, readOwnEntry, shortFingerprint } from './own-entry.ts';
import { keyOf } from './purchase-activities.ts';
import { readBilling } from './read-billing.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';

export type FollowOrder = Omit<Extract<Action, { do: 'follow' }>, 'do'> & { readonly key: string };

interface ReadDocument extends FollowedDocument {
  readonly shown: ErpSalesOrder;
  readonly billing: Billing;
}

/**
 * Brings both sides together: reads every document in the ERP with its invoices and credits, compares it with what was
 * agreed, ties out the money, and writes to the purchase where it stands. The ERP is read first, so that nothing stands
 * between reading and replacing the purchase. Safe to repeat: what it writes is absolute.
 */
export async function followOrder(
  dependencies: SalesOrderDependencies,
  input: FollowOrder,
  call: Call,
): Promise<FollowOutcome> {
  const { site, stopIntake } = dependencies;
  const findings: Problem[] = [];
  const documents: ReadDocument[] = [];
  for (const facts of input.documents) {
    if (facts.orderNumber === '') continue;
    const read = await readDocument(dependencies, facts, input, call);
    if (!read) return { kind: 'notThere', orderNumber: facts.orderNumber };
    documents.push(read.document);
    findings.push(...read.findings);
  }
  const cut = findings.find(({ code }) => code === 'REFERENCE_CUT');
  // Exactly-once stands on the reference: without it no further order may go in (decision 2).
  if (cut) await stopIntake(cut.says);
  const settlement = settleMoney(
    documents.map(({ billing }) => billing),
    site.rules.progress.toleratedCents,
  );
  const about = { kind: 'followed', findings, settlement } as const;
  const {
    accepted,
    purchase,
    documents: agreed,
    takenOver,
  } = await writePurchase(dependencies, input, documents, call);
  const transactions =
    purchase.kind === 'written' ? await tellTransactions(dependencies, input, documents, call) : input.transactions;
  const plain = agreed.map(({ shown: _shown, billing: _billing, ...document }): FollowedDocument => document);
  return { ...about, documents: plain, transactions, accepted, takenOver, purchase };
}

async function readDocument(
  { bluecherry, site }: SalesOrderDependencies,
  { document, reference, orderNumber, sent, agreed }: DocumentFacts,
  { creditMemos }: FollowOrder,
  call: Call,
): Promise<{ readonly document: ReadDocument; readonly findings: readonly Problem[] } | null> {
  const erp = { ...call, priority: 'status' } as const;
  const carriers = await bluecherry.findSalesOrdersByReference(reference, ['altPo'], erp);
  const shown =
    carriers.find((carrier) => carrier.orderNumber === orderNumber) ??
    (await bluecherry.getSalesOrder(orderNumber, erp));
  if (!shown) return null;
  const findings: Problem[] = [];
  const live = carriers.filter(({ status }) => !isCancelled(status)).map((carrier) => carrier.orderNumber);
  if (live.length > 1)
    findings.push({
      code: 'DUPLICATE_IN_ERP',
      says: `The ERP has several orders for this purchase: ${live.join(', ')}.`,
    });
  const cut = sent && cutReference(sent.reference, shown);
  if (cut) findings.push(cut);
  // An order that this run did not send is agreed as the ERP has it; the purchase is compared with it (decision 5).
  const baseline = agreed ?? (sent ? agreeOn(sent, shown) : withItems(site, restate(shown, reference, null)));
  const differences = compareOrders(baseline, shown, site.rules.erpEdits, agreed ? 'later' : 'import');
  const billing = { agreed: baseline, shown, ...(await readBilling(bluecherry, shown, creditMemos, erp)) };
  return {
    findings,
    document: {
      document,
      glance: { ...glanceOf(shown), document },
      stage: stageOf(shown),
      units: unitsOf(shown),
      agreed: baseline,
      sent: null,
      differences,
      shown,
      billing,
    },
  };
}

type Written = Pick<Extract<FollowOutcome, { kind: 'followed' }>, 'accepted' | 'purchase' | 'takenOver'> & {
  readonly documents: readonly ReadDocument[];
};

async function writePurchase(
  { sparklayer, site }: SalesOrderDependencies,
  input: FollowOrder,
  read: readonly ReadDocument[],
  call: Call,
): Promise<Written> {
  const { name: entryName, words } = site.ownEntry;
  const { fingerprint, accept } = input;
  const onTheirWay = new Set(input.documents.flatMap((document) => document.onTheirWay));
  const taken = accept ? read.map((document) => withErpVersion(site, document)) : read;
  /** As the last reading of the purchase found it. */
  const found: { accepted: Written['accepted']; isAmended: boolean } = { accepted: 'notAsked', isAmended: false };
  const outcome = await sparklayer.annotatePurchase(
    keyOf(input.key),
    (purchase) => {
      const known = readOwnEntry(purchase, entryName);
      const more = accept ? beyondPurchase(purchase, taken) : [];
      const needsChoice = accept !== null && !accept.alsoMore && more.length > 0;
      const accepted = accept === null ? 'notAsked' : needsChoice ? 'needsChoice' : 'yes';
      const documents = accepted === 'yes' ? taken : read;
      const isAmended = accepted !== 'yes' && !isKnownContent(purchase, entryName, input);
      found.accepted = accepted;
      found.isAmended = isAmended;
      const items = accepted === 'yes' ? 'all' : 'ofTheErp';
      const progress = isAmended ? null : progressOf(site, purchase, documents, onTheirWay, items);
      const state = words[known?.closed ? 'closed' : buyerStageOf(documents.map(({ shown }) => shown))];
      return {
        internal: documents.find(({ document }) => document === 1)?.glance.orderNumber ?? null,
        entryName,
        progress,
        accepted: accepted === 'yes' && more.length > 0 ? more : null,
        entry: (after) =>
          entryText({
            state: [
              state,
              ...(progress?.beyond ?? []).map(
                ({ item, quantity }) => `${quantity} of ${item} could not be cancelled any more.`,
              ),
            ].join(' '),
            orders: numbersByDocument(input.documents),
            content: shortFingerprint(isAmended ? fingerprint : purchaseFingerprint(after, entryName)),
            closed: known?.closed ?? null,
          }),
      };
    },
    call,
  );
  const { accepted, isAmended } = found;
  const documents = accepted === 'yes' ? taken : read;
  if (outcome.kind === 'gone' || outcome.kind === 'conflict')
    return { accepted, purchase: outcome, documents, takenOver: [] };
  const { purchase } = outcome;
  const content = purchaseFingerprint(purchase, entryName);
  const kind = isAmended ? ('amended' as const) : ('written' as const);
  const takenOver = accepted === 'yes' ? stillDifferent(read, purchase) : [];
  return { accepted, documents, takenOver, purchase: { kind, updatedAt: purchase.updatedAt, fingerprint: content } };
}

/**
 * What the purchase cannot show of the ERP's version: tax, freight and discount stay as charged at checkout, tax in
 * proportion to what is left (decision 28); terms, dates and places are the ERP's alone.
 */
function stillDifferent(read: readonly ReadDocument[], purchase: Purchase): readonly Difference[] {
  const header = read.flatMap(({ differences }) =>
    differences.filter(({ line, field }) => line === null && field !== 'tax'),
  );
  const invoices = new Set(read.flatMap(({ billing }) => billing.invoices.map(({ number }) => number)));
  const unwritten = read.flatMap(({ shown: order }) => headerOf(purchase, order));
  const known = new Set(header.map(({ field }) => field));
  const others = [...header, ...unwritten.filter(({ field }) => !known.has(field))];
  const charged = liveLines(withShipmentsAsOrdered(purchase, invoices)).live.tax;
  const shown = sum(read.map(({ shown: order }) => order.tax));
  if (sameAmount(charged, shown)) return others;
  const money = subtract(shown, charged);
  const tax: Difference = {
    field: 'tax',
    line: null,
    agreed: toCents(charged),
    shown: toCents(shown),
    money,
    cause: 'clerk',
    tolerated: true,
  };
  return [...others, tax];
}

/** PO and ship-to are the buyer's: they are never written to the purchase, and may stand there otherwise. */
function headerOf(purchase: Purchase, order: ErpSalesOrder): readonly Difference[] {
  const shipTo = shipToOf(purchase);
  const about = { line: null, money: '0', cause: 'clerk', tolerated: true } as const;
  const differs = (left: string, right: string) =>
    left !== '' && left.trim().toUpperCase() !== right.trim().toUpperCase();
  const po = purchase.customerReference ?? '';
  const street = 'code' in shipTo ? '' : shipTo.line1;
  const there = order.shipTo?.line1 ?? '';
  return [
    ...(differs(po, order.purchaseOrder)
      ? [{ ...about, field: 'purchaseOrder', agreed: po, shown: order.purchaseOrder } as const]
      : []),
    ...(differs(street, there) ? [{ ...about, field: 'shipTo', agreed: street, shown: there } as const] : []),
  ];
}

/** The ERP's version as the agreed baseline of both sides (decision 28). */
function withErpVersion(site: SalesOrderDependencies['site'], document: ReadDocument): ReadDocument {
  const { shown, agreed } = document;
  const version = withItems(site, restate(shown, agreed.reference, agreed));
  return { ...document, agreed: version, sent: version, differences: [] };
}

/** Items of which the ERP has more units than the purchase, or another price. */
function beyondPurchase(purchase: Purchase, documents: readonly ReadDocument[]): readonly AcceptedItem[] {
  const ordered = orderedUnits(purchase);
  const lines = documents.flatMap(({ agreed }) => agreed.lines);
  const items = [...new Set(lines.map(({ item }) => item).filter(Boolean))];
  return items.flatMap((item): readonly AcceptedItem[] => {
    const own = lines.filter((line) => line.item === item);
    const quantity = own.reduce((units, line) => units + line.quantity, 0);
    const [first] = own;
    if (!first) return [];
    const isMore = quantity > (ordered.get(item) ?? 0);
    const price = priceOnPurchase(purchase, item);
    const isOtherPrice =
      own.length === 1 &&
      price !== null &&
      !sameAmount(multiply(first.price, price.units), price.net) &&
      isRepriced(documents, first.sequence);
    return isMore || isOtherPrice ? [{ item, title: itemOf(first.sku), quantity, price: first.price }] : [];
  });
}

/** Whether the ERP's price of a line is what differs; a rounded unit price is none (decision 26). */
function isRepriced(documents: readonly ReadDocument[], sequence: number): boolean {
  return documents.some(({ billing, shown }) => {
    const before = billing.agreed.lines.find((line) => line.sequence === sequence);
    const now = shown.lines?.find((line) => line.sequence === sequence);
    return before !== undefined && now !== undefined && !sameAmount(before.price, now.price);
  });
}

function priceOnPurchase(purchase: Purchase, item: string): { readonly units: number; readonly net: Amount } | null {
  const lines = purchase.packages.flatMap((parcel) => parcel.lines).filter(({ sku }) => sku === item);
  const units = lines.reduce((count, line) => count + line.quantity, 0);
  const net = sum(lines.map((line) => line.total?.net ?? '0'));
  return units === 0 ? null : { units, net };
}

function progressOf(
  site: SalesOrderDependencies['site'],
  purchase: Purchase,
  documents: readonly ReadDocument[],
  onTheirWay: ReadonlySet<string>,
  items: 'ofTheErp' | 'all',
): PurchaseProgress {
  const shown = documents.map(({ agreed, shown: order, billing }) => ({
    agreed,
    shown: order,
    invoices: billing.invoices,
  }));
  return showProgress(purchase, shown, site.rules.progress, onTheirWay, items);
}

/** Lines whose storefront item nobody remembers get it by the site's rule. */
function withItems(site: SalesOrderDependencies['site'], order: PreparedSalesOrder): PreparedSalesOrder {
  const lines = order.lines.map((line) =>
    line.item === '' ? { ...line, item: storefrontItem(site.rules.sku, line.sku) } : line,
  );
  return { ...order, lines };
}

/** Payments and credits as transactions, where the site says so; each is sent again only when it changed. */
async function tellTransactions(
  { sparklayer, site }: SalesOrderDependencies,
  { key, transactions }: FollowOrder,
  documents: readonly ReadDocument[],
  call: Call,
): Promise<Readonly<Record<string, Amount>>> {
  const { payments, credits } = site.rules.progress;
  const told: Record<string, Amount> = { ...transactions };
  const wanted = documents.flatMap(({ billing }): readonly PurchaseTransaction[] => [
    ...billing.invoices
      .filter(({ isVoid, paid }) => !isVoid && !isZero(paid))
      .flatMap((invoice) =>
        transaction(payments, `ERP-PAY-${invoice.number}`, invoice.paid, invoice.currency || billing.agreed.currency, {
          invoice: invoice.number,
        }),
      ),
    ...billing.credits.flatMap((memo) =>
      transaction(
        credits,
        `ERP-CM-${memo.number}`,
        multiply(memo.total, -1),
        memo.currency || billing.agreed.currency,
        {
          credit_memo: memo.number,
          invoice: memo.invoiceNumber,
        },
      ),
    ),
  ]);
  for (const each of wanted) {
    const before = told[each.id];
    if (before !== undefined && sameAmount(before, each.total)) continue;
    if ((await sparklayer.putTransaction(keyOf(key), each, call)) === 'stored') told[each.id] = toCents(each.total);
  }
  return told;
}

function transaction(
  use: TransactionUse,
  id: string,
  total: Amount,
  currency: string,
  about: Readonly<Record<string, string>>,
): readonly PurchaseTransaction[] {
  return use === 'off' ? [] : [{ id, total, currency, countsTowardsBalance: use === 'balance', about }];
}

function numbersByDocument(documents: readonly DocumentFacts[]): readonly string[] {
  const highest = Math.max(...documents.map(({ document }) => document));
  return Array.from(
    { length: highest },
    (_, index) => documents.find(({ document }) => document === index + 1)?.orderNumber ?? '',
  );
}

/** A sales order at a glance. Document 1 until its reference says otherwise. */
export function glanceOf(order: ErpSalesOrder): ErpGlance {
  const {
    orderNumber,
    status,
    statusLetter,
    holdCode,
    changedAt,
    lines: _lines,
    shipTo: _ship,
    billTo: _bill,
    ...rest
  } = order;
  const header = JSON.stringify([orderNumber, statusLetter, holdCode, changedAt, rest]);
  const version = bytesToHex(sha256(utf8ToBytes(header))).slice(0, VERSION_LENGTH);
  return { document: 1, orderNumber, status, statusLetter, holdCode, changedAt, version };
}

const VERSION_LENGTH = 12;
