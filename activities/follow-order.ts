import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

import { agreeOn, restate } from '../domain/restate-order.ts';
import { compareOrders, cutReference, itemOf, type Difference } from '../domain/compare-sales-order.ts';
import { stageOf, unitsOf } from '../domain/erp-stage.ts';
import { shipToOf } from '../domain/choose-ship-to.ts';
import { partOf } from '../domain/invoice-part.ts';
import {
  absolute,
  divide,
  isGreater,
  isNegative,
  multiply,
  sameAmount,
  subtract,
  sum,
  toCents,
  type Amount,
} from '../domain/money.ts';
import { namedAsOn } from '../domain/named-as-on.ts';
import type { Action, DocumentFacts, ErpGlance, FollowedDocument, FollowOutcome } from '../domain/order-state.ts';
import { isCancelled } from '../domain/order-steps.ts';
import type { Problem } from '../domain/problems.ts';
import { pairLines } from '../domain/purchase-changes.ts';
import { purchaseFingerprint } from '../domain/purchase-fingerprint.ts';
import { liveLines } from '../domain/purchase-lines.ts';
import { standingOfType } from '../domain/purchase-type.ts';
import type { AcceptedItem, Purchase, PurchaseTransaction } from '../domain/purchase.ts';
import type { ErpInvoice, ErpSalesOrder, PreparedSalesOrder } from '../domain/sales-order.ts';
import { sameReference } from '../domain/storefront-reference.ts';
import { settleMoney, type Billing } from '../domain/settle-money.ts';
import {
  buyerStageOf,
  orderedUnits,
  showProgress,
  withShipmentsAsOrdered,
  type PurchaseProgress,
} from '../domain/show-progress.ts';
import type { DifferenceCause, TransactionUse } from '../domain/site-rules.ts';
import type { Call } from './calls.ts';
import { storefrontItem } from './match-sku.ts';
import { entryText, isKnownContent, readOwnEntry, shortFingerprint } from './own-entry.ts';
import { keyOf } from './purchase-activities.ts';
import { readBilling } from './read-billing.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';
import { divisionOf, shareOf, wantedOrders } from './wanted-orders.ts';

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
  let purged: string | null = null;
  for (const facts of input.documents) {
    if (facts.orderNumber === '') continue;
    const read = await readDocument(dependencies, facts, input, call);
    if (!read && facts.place === 'live') return { kind: 'notThere', orderNumber: facts.orderNumber };
    if (!read) {
      // The ERP forgets what is cancelled for long: that keeps nobody from reading the rest.
      purged ??= facts.orderNumber;
      continue;
    }
    documents.push(read.document);
    findings.push(...read.findings);
  }
  if (documents.length === 0 && purged !== null) return { kind: 'notThere', orderNumber: purged };
  const cut = findings.find(({ code }) => code === 'REFERENCE_CUT');
  // Exactly-once stands on the reference: without it no further order may go in (decision 2). Of an order that was read
  // before people know; the intake may go on again by their word.
  if (cut && input.documents.some(({ orderNumber, agreed }) => orderNumber !== '' && agreed === null))
    await stopIntake(cut.says);
  const shown = documents.map((document) => withTolerated(site, document));
  const written = await withoutVoided(dependencies, input, await writePurchase(dependencies, input, shown, call), call);
  const { accepted, purchase, takenOver, stored } = written;
  // Those that were voided are found with what the purchase shows of them.
  const settlement = settleMoney(
    written.documents.map(({ billing }) => billing),
    site.rules.progress.toleratedCents,
  );
  const creditMemos = written.documents.flatMap(({ billing }) => billing.credits.map(({ number }) => number));
  const about = { kind: 'followed', findings, settlement, creditMemos } as const;
  const transactions = stored
    ? await tellTransactions(dependencies, input, written.documents, stored.currency, call)
    : input.transactions;
  // What the purchase was not told is not agreed on.
  const agreed = stored || accepted === 'yes' ? written.documents : documents;
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
  const placedOn = (sent ?? agreed)?.orderDate ?? '';
  // That the ERP has made it is the news: how it looked a moment ago will do, and what comes later is told. With several
  // workers another one may have been told.
  const asOf = agreed === null && site.erp.workers === 1 ? 'lately' : 'now';
  const carriers = await bluecherry.readOrderOf({ reference, orderNumber, placedOn, asOf }, erp);
  const shown = carriers.find((carrier) => carrier.orderNumber === orderNumber);
  if (!shown) return null;
  const findings: Problem[] = [];
  const others = carriers
    .filter(({ status, altPo }) => !isCancelled(status) && sameReference(altPo, reference))
    .map((carrier) => carrier.orderNumber)
    .filter((number) => number !== orderNumber);
  if (others.length > 0)
    findings.push({
      code: 'DUPLICATE_IN_ERP',
      says: isCancelled(shown.status)
        ? `ERP order ${orderNumber} is cancelled, and was entered again by hand under the same reference: ${others.join(', ')}.`
        : `The ERP has several orders for this purchase: ${[orderNumber, ...others].join(', ')}.`,
    });
  const cut = sent && cutReference(sent.reference, shown);
  if (cut) findings.push(cut);
  // An order that this run did not send is agreed as the ERP has it; the purchase is compared with it (decision 5).
  const baseline = agreed ?? (sent ? agreeOn(sent, shown) : withItems(site, restate(shown, reference, null)));
  const differences = compareOrders(baseline, shown, site.rules.erpEdits, agreed ? 'later' : 'import');
  const credits = { reading: agreed === null ? 'first' : 'later', toldCredits: creditMemos } as const;
  const billing = { agreed: baseline, shown, ...(await readBilling(bluecherry, shown, credits, erp)) };
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

/**
 * What the ERP cancelled or split, the site tolerates and the purchase shows is agreed on. Else a later replace, which
 * forgets what was cancelled, would make a clerk's edit of it, and what was split off would be nobody's when it is billed.
 */
function withTolerated(site: SalesOrderDependencies['site'], document: ReadDocument): ReadDocument {
  const { agreed, shown } = document;
  const tolerated = document.differences.filter(
    ({ field, cause, tolerated: isTolerated }) =>
      isTolerated && (field === 'quantity' || field === 'line') && FOLDED.has(cause),
  );
  if (tolerated.length === 0) return document;
  const moved = new Set(tolerated.map(({ line }) => line));
  const there = withItems(site, restate(shown, agreed.reference, agreed));
  const lines = agreed.lines.map((line) =>
    moved.has(line.sequence)
      ? { ...line, quantity: there.lines.find(({ sequence }) => sequence === line.sequence)?.quantity ?? 0 }
      : line,
  );
  const added = there.lines
    .filter((line) => moved.has(line.sequence) && !agreed.lines.some(({ sequence }) => sequence === line.sequence))
    .map((line) => ({
      ...line,
      item: agreed.lines.find(({ sku }) => itemOf(sku) === itemOf(line.sku))?.item ?? line.item,
    }));
  return { ...document, agreed: { ...agreed, lines: [...lines, ...added], highestLine: there.highestLine } };
}

const FOLDED: ReadonlySet<DifferenceCause> = new Set(['houseCancel', 'customerCancel', 'backOrderSplit']);

type Written = Pick<Extract<FollowOutcome, { kind: 'followed' }>, 'accepted' | 'purchase' | 'takenOver'> & {
  readonly documents: readonly ReadDocument[];
  /** As it stands after the write; null = it was not written. */
  readonly stored: Purchase | null;
};

async function writePurchase(
  dependencies: SalesOrderDependencies,
  input: FollowOrder,
  read: readonly ReadDocument[],
  call: Call,
  /** Content that was known when the step began: a repeat of it knows no later one. */
  before: string = input.fingerprint,
): Promise<Written> {
  const { sparklayer, site } = dependencies;
  const { name: entryName, words } = site.ownEntry;
  const { fingerprint, accept } = input;
  const onTheirWay = new Set(input.documents.flatMap((document) => document.onTheirWay));
  const inErp = accept ? read.map((document) => withErpVersion(site, document)) : read;
  /** As the last reading of the purchase found it. */
  const found: { accepted: Written['accepted']; isAmended: boolean } = { accepted: 'notAsked', isAmended: false };
  const outcome = await sparklayer.annotatePurchase(
    keyOf(input.key),
    (purchase) => {
      // A cart or a quote is the buyer's alone.
      if (!site.intake.types.includes(purchase.type)) return null;
      const known = readOwnEntry(purchase, entryName);
      const taken = inErp.map((document) => itemsNamedAsOn(purchase, document));
      const more = accept ? beyondPurchase(site, purchase, taken) : [];
      const needsChoice = accept !== null && !accept.alsoMore && more.length > 0;
      const isUnseen = !isSeenContent(purchase, entryName, input);
      const accepted = accept === null ? 'notAsked' : isUnseen ? 'unseen' : needsChoice ? 'needsChoice' : 'yes';
      const asked = read.map((document) => itemsNamedAsOn(purchase, document));
      const documents = accepted === 'yes' ? taken : asked;
      const isAmended = accepted !== 'yes' && !isKnownContent(purchase, entryName, input);
      found.accepted = accepted;
      found.isAmended = isAmended;
      const givenUp = accepted === 'yes' ? itemsGivenUp(input, purchase, asked) : [];
      const progress = isAmended ? null : progressOf(site, purchase, documents, onTheirWay, givenUp);
      const state = words[known?.closed ? 'closed' : buyerStageOf(documents.map(({ shown }) => shown))];
      return {
        internal: documents.find(({ document }) => document === 1)?.glance.orderNumber ?? null,
        // An unconfirmed order is of the site's types only where nobody else confirms (A28).
        confirmation: documents.length > 0 ? 'confirm' : 'leave',
        entryName,
        progress,
        accepted: accepted === 'yes' && more.length > 0 ? more : null,
        entry: (after) => {
          const content = shortFingerprint(isAmended ? fingerprint : purchaseFingerprint(after, entryName));
          return entryText({
            purchase: input.key,
            state: [
              state,
              ...(progress?.beyond ?? []).map(
                ({ item, quantity }) => `${quantity} of ${item} could not be cancelled any more.`,
              ),
            ].join(' '),
            orders: numbersByDocument(input.documents),
            content,
            before: known?.content === content ? known.before : shortFingerprint(before),
            closed: known?.closed ?? null,
          });
        },
      };
    },
    call,
  );
  const { accepted, isAmended } = found;
  const last = accepted === 'yes' ? inErp : read;
  const unwritten = { accepted, documents: last, takenOver: [], stored: null };
  if (outcome.kind === 'conflict') return { ...unwritten, purchase: outcome };
  if (outcome.kind === 'gone') return { ...unwritten, purchase: { kind: 'gone' } };
  const { purchase } = outcome;
  const documents = last.map((document) => itemsNamedAsOn(purchase, document));
  const content = purchaseFingerprint(purchase, entryName);
  if (outcome.kind === 'left') {
    const isUnknown = standingOfType(purchase.type, site.intake.types) === 'unknown';
    const changed = { kind: 'amended', updatedAt: purchase.updatedAt, fingerprint: content } as const;
    return { ...unwritten, purchase: isUnknown ? changed : { kind: 'gone' } };
  }
  const kind = isAmended ? ('amended' as const) : ('written' as const);
  return {
    accepted,
    documents: isAmended
      ? documents
      : await withWhatIsMeant(dependencies, { purchase, documents, isAccepted: accepted === 'yes' }, input, call),
    takenOver: accepted === 'yes' ? stillDifferent(read, purchase) : [],
    purchase: { kind, updatedAt: purchase.updatedAt, fingerprint: content },
    stored: isAmended ? null : purchase,
  };
}

/**
 * Whether a person who takes the ERP's version over can know what the purchase says: it is as both sides know it, or what
 * that person was asked about. Whatever else the buyer wants is decided on first. Our entry counts here while it proves
 * nothing of the ERP, so that a repeat after a crash knows what the attempt before it wrote.
 */
function isSeenContent(purchase: Purchase, entryName: string, { fingerprint, refused }: FollowOrder): boolean {
  return (
    purchaseFingerprint(purchase, entryName) === refused ||
    isKnownContent(purchase, entryName, { fingerprint, trustEntry: true })
  );
}

/**
 * Items of which, the ERP's version taken over, nothing comes but what the ERP has: all of the purchase's. While a
 * document waits to be sent, only those that the ERP's documents had.
 */
function itemsGivenUp({ documents }: FollowOrder, purchase: Purchase, read: readonly ReadDocument[]): Iterable<string> {
  return documents.every(({ orderNumber }) => orderNumber !== '')
    ? orderedUnits(purchase).keys()
    : read.flatMap(({ billing }) => billing.agreed.lines.map(({ item }) => item)).filter(Boolean);
}

/**
 * What the storefront means now that the purchase was told what the ERP has cancelled, or that the ERP's version was taken
 * over. Without it the next amendment would undo that: it would look like the buyer's change. Decided by what is there,
 * not by what was just written, so that a repeat after a crash finds the same.
 */
async function withWhatIsMeant(
  dependencies: SalesOrderDependencies,
  {
    purchase,
    documents,
    isAccepted,
  }: { readonly purchase: Purchase; readonly documents: readonly ReadDocument[]; readonly isAccepted: boolean },
  input: FollowOrder,
  call: Call,
): Promise<readonly ReadDocument[]> {
  const before = new Map(input.documents.map(({ document, sent }) => [document, sent]));
  // Where nobody knows what was meant the purchase is compared with the ERP. While a further document of the division is
  // on its way nobody can say whose share is whose.
  const waiting = new Set(input.documents.flatMap((facts) => (facts.orderNumber === '' ? [facts.division] : [])));
  const concerned = documents.filter(
    ({ document, agreed }) => (isAccepted || before.get(document)) && !waiting.has(agreed.division),
  );
  const invoices = new Set(documents.flatMap(({ billing }) => billing.invoices.map(({ number }) => number)));
  const whole = withShipmentsAsOrdered(purchase, invoices);
  const said = concerned.flatMap(({ document }) => before.get(document)?.lines ?? []);
  const open = liveLines(whole).live.lines.map(({ sku, quantity }) => ({ item: sku, quantity }));
  const items = [...said, ...concerned.flatMap(({ agreed }) => agreed.lines)].map(({ item }) => item).filter(Boolean);
  const isSaid = items.every((item) => unitsOfItem(said, item) === unitsOfItem(open, item));
  const [first] = concerned;
  if (!first || (!isAccepted && isSaid)) return documents;
  const inErp = documents.map(({ document, glance, agreed, shown }) => ({
    document,
    orderNumber: glance.orderNumber,
    reference: agreed.reference,
    agreed,
    shown,
  }));
  const buyer = purchase.buyer === null ? null : await dependencies.sparklayer.getCustomer(purchase.buyer, call);
  const customerCode = before.get(first.document)?.customer ?? first.agreed.customer;
  const wanted = await wantedOrders(dependencies, { purchase: whole, customerCode, buyer }, inErp, call);
  // What cannot be prepared now cannot be sent either: the next verdict says so.
  if (wanted.kind === 'impossible') return documents;
  return documents.map((document): ReadDocument => {
    if (!concerned.includes(document)) return document;
    const { agreed } = document;
    const order = wanted.orders.find(({ division }) => division === agreed.division);
    const nothing = { ...(before.get(document.document) ?? agreed), lines: [] };
    if (!order || agreed.lines.every(({ quantity }) => quantity === 0)) return { ...document, sent: nothing };
    const own = inErp.filter((each) => divisionOf(each) === agreed.division);
    const share = shareOf(own, order);
    if (!share || share.flexible.document !== document.document || share.wanted === 'tooMuch') return document;
    return { ...document, sent: share.wanted ? numberedAs(agreed, share.wanted) : nothing };
  });
}

function unitsOfItem(lines: readonly { readonly item: string; readonly quantity: number }[], item: string): number {
  return lines.reduce((units, line) => (line.item === item ? units + line.quantity : units), 0);
}

/** The order under the line numbers that were agreed on. */
function numberedAs(agreed: PreparedSalesOrder, order: PreparedSalesOrder): PreparedSalesOrder {
  let next = agreed.highestLine;
  const lines = pairLines(agreed.lines, order.lines).flatMap(({ before, after }) =>
    after ? [{ ...after, sequence: before?.sequence ?? ++next }] : [],
  );
  return { ...order, lines, highestLine: next };
}

/**
 * An order of which nothing is invoiced names no invoice, and costs no call to look for one. What the purchase shows as
 * shipped by an invoice that no order names any more is looked up by its number: it was voided, or it is somebody else's.
 */
async function withoutVoided(
  dependencies: SalesOrderDependencies,
  input: FollowOrder,
  written: Written,
  call: Call,
): Promise<Written> {
  const { documents, stored, purchase } = written;
  if (!stored || purchase.kind !== 'written') return written;
  const known = new Set(documents.flatMap(({ billing }) => billing.invoices.map(({ number }) => number)));
  const shipments = stored.packages.filter(({ type }) => type === 'shipment');
  const unknown = new Set(shipments.flatMap(({ files }) => files).filter((number) => !known.has(number)));
  const voided: ErpInvoice[] = [];
  const erp = { ...call, priority: 'status' } as const;
  for (const number of unknown) {
    const invoices = await dependencies.bluecherry.findInvoices({ number }, erp);
    voided.push(...invoices.filter(({ isVoid }) => isVoid));
  }
  const again = documents.map((document): ReadDocument => {
    const own = voided.filter(({ orderNumber }) => orderNumber === document.glance.orderNumber);
    const { billing } = document;
    return { ...document, billing: { ...billing, invoices: [...billing.invoices, ...own] } };
  });
  if (again.every(({ billing }, index) => billing.invoices.length === documents[index]?.billing.invoices.length))
    return written;
  // What was just written is what is known now.
  const next = { ...input, accept: null, fingerprint: purchase.fingerprint, trustEntry: true };
  const { accepted, takenOver } = written;
  return { ...(await writePurchase(dependencies, next, again, call, input.fingerprint)), accepted, takenOver };
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

/** Items of which the ERP has more units than are left on the purchase, or another price. */
function beyondPurchase(
  site: SalesOrderDependencies['site'],
  purchase: Purchase,
  taken: readonly ReadDocument[],
): readonly AcceptedItem[] {
  const lines = taken.flatMap(({ agreed, billing }) =>
    agreed.lines.map((line) => ({
      ...line,
      // The price both sides had agreed on.
      before: billing.agreed.lines.find(({ sequence }) => sequence === line.sequence)?.price ?? line.price,
    })),
  );
  const items = [...new Set(lines.map(({ item }) => item).filter(Boolean))];
  return items.flatMap((item): readonly AcceptedItem[] => {
    const own = lines.filter((line) => line.item === item);
    const [first] = own;
    const quantity = own.reduce((units, line) => units + line.quantity, 0);
    if (!first || quantity === 0) return [];
    const left = leftOnPurchase(purchase, item);
    const goods = (price: (line: (typeof own)[number]) => Amount) =>
      sum(own.map((line) => multiply(price(line), line.quantity)));
    // Rounding, or a discount that the site shows apart, is in the order's header and stays there.
    const off = subtract(
      multiply(
        divide(
          goods(({ before }) => before),
          quantity,
        ),
        left.units,
      ),
      left.net,
    );
    const isRounding = !isGreater(absolute(off), multiply('0.01', left.units));
    const isDiscount = site.rules.money.discountCode !== '' && !isNegative(off);
    const isOff = isRounding || isDiscount;
    const isRepriced = own.some(({ price, before }) => !sameAmount(price, before));
    const isOtherPrice = left.units > 0 && (isRepriced || (own.length === 1 && !isOff));
    if (quantity <= left.units && !isOtherPrice) return [];
    const net = subtract(
      goods(({ price }) => price),
      isOff ? off : '0',
    );
    return [{ item, title: itemOf(first.sku), quantity, price: divide(net, quantity) }];
  });
}

/** What of an item is open or shipped on the purchase. */
function leftOnPurchase(purchase: Purchase, item: string): { readonly units: number; readonly net: Amount } {
  const lines = purchase.packages
    .filter(({ type }) => type === 'incoming' || type === 'shipment')
    .flatMap((parcel) => parcel.lines)
    .filter(({ sku }) => sku === item);
  return {
    units: lines.reduce((count, line) => count + line.quantity, 0),
    net: sum(lines.map((line) => line.total?.net ?? '0')),
  };
}

function progressOf(
  site: SalesOrderDependencies['site'],
  purchase: Purchase,
  documents: readonly ReadDocument[],
  onTheirWay: ReadonlySet<string>,
  givenUp: Iterable<string>,
): PurchaseProgress {
  const shown = documents.map(({ agreed, shown: order, billing }) => ({
    agreed,
    shown: order,
    invoices: billing.invoices,
  }));
  return showProgress(purchase, shown, site.rules.progress, onTheirWay, givenUp);
}

function itemsNamedAsOn(purchase: Purchase, document: ReadDocument): ReadDocument {
  const { agreed, billing } = document;
  return {
    ...document,
    agreed: namedAsOn(purchase, agreed),
    billing: { ...billing, agreed: namedAsOn(purchase, billing.agreed) },
  };
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
  currency: string | null,
  call: Call,
): Promise<Readonly<Record<string, Amount>>> {
  const { payments, credits } = site.rules.progress;
  const told: Record<string, Amount> = { ...transactions };
  const wanted = new Map<string, PurchaseTransaction>();
  const add = (use: TransactionUse, one: Omit<PurchaseTransaction, 'countsTowardsBalance'>) => {
    // In another currency it is no part of this purchase's account; the settlement says so to finance.
    if (use === 'off' || (currency !== null && one.currency !== currency)) return;
    // A consolidated invoice bills several orders of the purchase, and is paid once.
    const total = sum([wanted.get(one.id)?.total ?? '0', one.total]);
    wanted.set(one.id, { ...one, total, countsTowardsBalance: use === 'balance' });
  };
  for (const { billing, shown } of documents) {
    for (const invoice of billing.invoices) {
      const { number, isVoid } = invoice;
      const paid = isVoid ? '0' : partOf(invoice, shown.orderNumber).paid;
      const about = { invoice: number };
      add(payments, { id: `ERP-PAY-${number}`, total: paid, currency: invoice.currency || shown.currency, about });
    }
    for (const memo of billing.credits) {
      const about = { credit_memo: memo.number, invoice: memo.invoiceNumber };
      const total = multiply(memo.total, -1);
      add(credits, { id: `ERP-CM-${memo.number}`, total, currency: memo.currency || shown.currency, about });
    }
  }
  for (const each of wanted.values()) {
    // What was never there need not be told; what is taken back must be.
    if (sameAmount(told[each.id] ?? '0', each.total)) continue;
    const total = toCents(each.total);
    if ((await sparklayer.putTransaction(keyOf(key), { ...each, total }, call)) === 'stored') told[each.id] = total;
  }
  return told;
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
