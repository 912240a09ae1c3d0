import { itemOf } from './compare-sales-order.ts';
import { isMadeGood } from './credited-difference.ts';
import { isComplete, liveUnits } from './erp-stage.ts';
import { addedUp, isShared, partOf } from './invoice-part.ts';
import { absolute, isGreater, isZero, multiply, shareOf, subtract, sum, toCents, type Amount } from './money.ts';
import { oldestFirst } from './oldest-first.ts';
import { areOfOtherCurrencies } from './other-currency.ts';
import type { ErpCreditMemo, ErpInvoice, ErpInvoiceLine, ErpSalesOrder, PreparedSalesOrder } from './sales-order.ts';

/** One ERP order with everything that was billed and credited for it. */
export interface Billing {
  readonly agreed: PreparedSalesOrder;
  readonly shown: ErpSalesOrder;
  readonly invoices: readonly ErpInvoice[];
  readonly credits: readonly ErpCreditMemo[];
}

/** A line of the settlement that does not simply equal what was agreed. */
export interface MoneyLine {
  readonly what: string;
  readonly agreed: Amount;
  readonly billed: Amount;
  /** billed − agreed. */
  readonly money: Amount;
  /**
   * The rule that explains it (decision 27): cents the ERP drops, amounts of a consolidated invoice that belong to its
   * orders together, or too much that credit memos make good to the cent; null = nobody can: it is finance's.
   */
  readonly rule: 'centsDropped' | 'sharedInvoice' | 'credited' | null;
}

/** An invoice or a credit memo as people read it. Of a consolidated invoice the part of the one order. */
export type BilledDocument =
  | (BilledFacts & {
      readonly kind: 'invoice';
      readonly paid: Amount;
      /** ERP ship-via code. */
      readonly carrier: string;
      /** The first few numbers; `parcels` says how many there are. */
      readonly tracking: readonly string[];
      readonly parcels: number;
      /** `gone` = it was shown before and is no longer, as an invoice that was voided. */
      readonly standing: 'valid' | 'void' | 'gone';
    })
  | (BilledFacts & {
      readonly kind: 'credit';
      /** Empty = not tied to one. */
      readonly ofInvoice: string;
    });

interface BilledFacts {
  readonly number: string;
  readonly orderNumber: string;
  /** ISO calendar date. */
  readonly date: string | null;
  readonly units: number;
  /** What it adds to what the customer owes: negative for a credit. */
  readonly total: Amount;
  readonly currency: string;
}

/** As many invoices and credits, and parcels of one, as a person reads; the state of an order stays small. */
const DOCUMENTS_SHOWN = 30;
const PARCELS_SHOWN = 5;

/** Where an order's money stands: ordered = invoiced + cancelled + open, but for the lines that say why not. */
export interface Settlement {
  readonly currency: string;
  readonly ordered: Amount;
  readonly invoiced: Amount;
  readonly cancelled: Amount;
  readonly open: Amount;
  /** By the memos in the agreed currency. */
  readonly credited: Amount;
  readonly paid: Amount;
  readonly lines: readonly MoneyLine[];
  /** The newest invoices and credits, newest first; absent in what an earlier version remembered. */
  readonly documents?: readonly BilledDocument[];
  /** Nothing of the order will be shipped or invoiced any more. */
  readonly complete: boolean;
}

/**
 * Ties invoices and credit memos to what was ordered, line by line and to the cent (R15). Freight comes in full on the
 * first invoice, discount and tax by goods value; the share of cancelled goods is never invoiced (contract, section 10).
 */
export function settleMoney(billings: readonly Billing[], toleratedCents: number): Settlement {
  const parts = billings.map((billing) => settleOne(billing, toleratedCents));
  const total = (amount: (part: Settlement) => Amount) => toCents(sum(parts.map(amount)));
  return {
    currency: parts[0]?.currency ?? '',
    ordered: total(({ ordered }) => ordered),
    invoiced: total(({ invoiced }) => invoiced),
    cancelled: total(({ cancelled }) => cancelled),
    open: total(({ open }) => open),
    credited: total(({ credited }) => credited),
    paid: total(({ paid }) => paid),
    lines: parts.flatMap(({ lines }) => lines),
    documents: newest(billings.flatMap(documentsOf)),
    complete: parts.every(({ complete }) => complete),
  };
}

/**
 * The settlement with what was on the bill before and is not shown any more: of an order of which nothing is invoiced any
 * more nobody reads the invoices that were voided.
 */
export function withGone(before: Settlement | null, after: Settlement): Settlement {
  const { documents = [] } = after;
  // Of more than are remembered nobody can say which are gone.
  if (!before?.documents || documents.length >= DOCUMENTS_SHOWN) return after;
  const there = new Set(documents.map(keyOf));
  const gone = before.documents.flatMap((document): readonly BilledDocument[] => {
    if (document.kind === 'credit' || there.has(keyOf(document))) return [];
    return [{ ...document, standing: document.standing === 'void' ? 'void' : 'gone' }];
  });
  return { ...after, documents: newest([...documents, ...gone]) };
}

/**
 * What is new on the bill, a sentence each: invoices and credits that appeared, tracking that came later, invoices that
 * were voided. Nothing where nobody knows what was there before.
 */
export function newOnTheBill(before: Settlement | null, after: Settlement): readonly string[] {
  if (before && !before.documents) return [];
  const known = new Map((before?.documents ?? []).map((document) => [keyOf(document), document]));
  const { documents = [] } = after;
  const orders = new Set(documents.map(({ orderNumber }) => orderNumber));
  const sentences = documents.toReversed().flatMap((document): readonly string[] => {
    const was = known.get(keyOf(document));
    const name = nameOf(document, orders.size > 1);
    const isStanding = document.kind === 'credit' || document.standing === 'valid';
    if (!was) return [isStanding ? `${name}: ${contentOf(document)}` : `${name} is void.`];
    if (document.kind === 'credit' || was.kind === 'credit') return [];
    if (document.standing !== was.standing && !(was.standing === 'void' && document.standing === 'gone'))
      return [STANDING_WORDS[document.standing](name)];
    const isTracked = was.parcels === 0 && document.parcels > 0 && isStanding;
    return isTracked ? [`${name}: ${trackingWords(document)}.`] : [];
  });
  const more = sentences.length - SENTENCES_AT_ONCE;
  return more > 0 ? [...sentences.slice(more), `${more} more invoices and credits are in the table.`] : sentences;
}

/** Tracking numbers as a person reads them; empty = there are none yet. */
export function trackingWords({
  tracking,
  parcels,
}: Pick<BilledDocument & { kind: 'invoice' }, 'tracking' | 'parcels'>): string {
  if (tracking.length === 0) return '';
  const more = parcels - tracking.length;
  return `tracking ${tracking.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** A first reading of an order with many invoices must not push everything else out of what happened. */
const SENTENCES_AT_ONCE = 8;

const STANDING_WORDS = {
  valid: (name: string) => `${name} stands again.`,
  void: (name: string) => `${name} was voided.`,
  gone: (name: string) => `${name} is not shown by the ERP any more.`,
} as const;

function contentOf(document: BilledDocument): string {
  const units = document.units === 0 ? '' : `${document.units} unit${document.units === 1 ? '' : 's'}`;
  const about =
    document.kind === 'invoice' ? trackingWords(document) : document.ofInvoice && `for invoice ${document.ofInvoice}`;
  return `${[units, `${document.total} ${document.currency}`.trim(), about].filter(Boolean).join(', ')}.`;
}

function nameOf({ kind, number, orderNumber }: BilledDocument, isOneOfSeveral: boolean): string {
  const order = isOneOfSeveral && orderNumber ? ` of order ${orderNumber}` : '';
  return `${kind === 'invoice' ? 'Invoice' : 'Credit memo'} ${number}${order}`;
}

function keyOf({ kind, number, orderNumber }: BilledDocument): string {
  return JSON.stringify([kind, number, orderNumber]);
}

function newest(documents: readonly BilledDocument[]): readonly BilledDocument[] {
  return documents.toSorted((left, right) => oldestFirst(right, left)).slice(0, DOCUMENTS_SHOWN);
}

function documentsOf({ agreed, shown, invoices, credits }: Billing): readonly BilledDocument[] {
  const { orderNumber } = shown;
  const billed = invoices.map((invoice): BilledDocument => {
    const { number, date, currency, total, paid, carrier, tracking, lines, isVoid } = partOf(invoice, orderNumber);
    return {
      kind: 'invoice',
      number,
      orderNumber,
      date,
      units: unitsOf(lines),
      total: toCents(total),
      currency: currency || agreed.currency,
      paid: toCents(paid),
      carrier,
      tracking: tracking.slice(0, PARCELS_SHOWN),
      parcels: tracking.length,
      standing: isVoid ? 'void' : 'valid',
    };
  });
  const credited = credits.map((memo): BilledDocument => {
    const { number, date, currency, total, invoiceNumber, lines } = memo;
    return {
      kind: 'credit',
      number,
      orderNumber,
      date,
      units: unitsOf(lines),
      total: toCents(multiply(total, -1)),
      currency: currency || agreed.currency,
      ofInvoice: invoiceNumber,
    };
  });
  return [...billed, ...credited];
}

function unitsOf(lines: readonly ErpInvoiceLine[] | null): number {
  return (lines ?? []).reduce((units, { quantity }) => units + quantity, 0);
}

/** What nobody can explain. */
export function unexplained(settlement: Settlement): readonly MoneyLine[] {
  return settlement.lines.filter(({ rule }) => rule === null);
}

/** One line in a person's words. */
export function describeMoneyLine({ what, agreed, billed, money, rule }: MoneyLine): string {
  const why = rule === null ? '' : `, ${RULE_WORDS[rule]}`;
  return `${what}: ${billed} billed instead of ${agreed} (${isGreater(money, '0') ? '+' : ''}${money}${why})`;
}

const RULE_WORDS: Readonly<Record<NonNullable<MoneyLine['rule']>, string>> = {
  centsDropped: 'cents the ERP drops by its own rules',
  sharedInvoice: 'the share of an invoice of several orders',
  credited: 'made good by credit memos',
};

function settleOne({ agreed, shown, invoices, credits }: Billing, toleratedCents: number): Settlement {
  const lines = shown.lines ?? [];
  const priceOf = (sequence: number) =>
    agreed.lines.find((line) => line.sequence === sequence)?.price ??
    lines.find((line) => line.sequence === sequence)?.price ??
    '0';
  const goods = (count: (line: (typeof lines)[number]) => number) =>
    sum(lines.map((line) => multiply(toCents(priceOf(line.sequence)), count(line))));
  const { orderNumber } = shown;
  const standing = invoices.filter(({ isVoid }) => !isVoid);
  const isOneOfSeveral = standing.some((invoice) => isShared(invoice, orderNumber));
  const valid = standing.map((invoice) => partOf(invoice, orderNumber));
  const everything = goods(({ ordered }) => ordered);
  const kept = goods(({ invoiced }) => invoiced);
  const complete = isComplete(shown);
  const found: FoundLine[] = [];
  const check = (
    what: string,
    expected: Amount,
    billed: Amount,
    slack: number,
    { otherwise = null, owes = 'more' }: Partial<Judgement> = {},
  ) => {
    const money = toCents(subtract(billed, expected));
    if (isZero(money)) return;
    const rule = isGreater(absolute(money), multiply('0.01', slack)) ? otherwise : 'centsDropped';
    const over = { more: money, less: multiply(money, -1), unclear: null }[owes];
    found.push({ line: { what, agreed: toCents(expected), billed: toCents(billed), money, rule }, over });
  };

  const isForeign = (document: ErpInvoice | ErpCreditMemo) => areOfOtherCurrencies(document, agreed);
  for (const { number, currency, total } of valid.filter(isForeign))
    check(`invoice ${number} in ${currency}, agreed in ${agreed.currency}`, '0', total, 0, { owes: 'unclear' });
  for (const { number, currency, total } of credits.filter(isForeign)) {
    const what = `credit memo ${number} in ${currency}, agreed in ${agreed.currency}`;
    check(what, '0', multiply(total, -1), 0, { owes: 'unclear' });
  }
  const billedLines = valid.flatMap((invoice) => invoice.lines ?? []);
  let allSeen = true;
  for (const { sequence, invoiced } of lines) {
    const ofLine = billedLines.filter((line) => sequenceOf(line, lines) === sequence);
    const price = toCents(priceOf(sequence));
    for (const line of ofLine)
      check(`order ${orderNumber} line ${sequence} price`, multiply(price, line.quantity), amountOf(line), 0);
    const units = ofLine.reduce((count, line) => count + line.quantity, 0);
    if (units < invoiced && !isZero(price)) allSeen = false;
    // An invoice that is not shown yet will be; once nothing moves any more, or too much is billed, it is a difference.
    if (units !== invoiced && (units > invoiced || complete))
      check(
        `order ${orderNumber} line ${sequence} quantity (${units} billed, ${invoiced} invoiced by the order)`,
        multiply(price, invoiced),
        multiply(price, units),
        0,
      );
  }
  for (const line of billedLines)
    if (!lines.some(({ sequence }) => sequence === sequenceOf(line, lines)))
      check(`order ${orderNumber} has no such line as was billed (${itemOf(line.sku)})`, '0', amountOf(line), 0);
  for (const invoice of valid) {
    check(`invoice ${invoice.number} total`, addedUp(invoice), invoice.total, 0);
    if (invoice.lines) check(`invoice ${invoice.number} goods`, sum(invoice.lines.map(amountOf)), invoice.subTotal, 0);
  }
  const billed = (amount: (invoice: ErpInvoice) => Amount) => sum(valid.map(amount));
  // A share is rounded on every invoice; the rest of cents is on the last.
  const slack = complete ? toleratedCents : toleratedCents + valid.length;
  if (allSeen) {
    // Of a consolidated invoice nobody can say which order's tax, discount and freight they are.
    const otherwise = isOneOfSeveral ? 'sharedInvoice' : null;
    const header = [
      ['tax', shareOf(agreed.tax, kept, everything), billed(({ tax }) => tax), slack, 'more'],
      ['discount', shareOf(agreed.discount, kept, everything), billed(({ discount }) => discount), slack, 'less'],
      ['freight', valid.length > 0 ? agreed.freight : '0', billed(({ freight }) => freight), 0, 'more'],
    ] as const;
    for (const [name, expected, amount, most, owes] of header)
      check(`order ${orderNumber} ${name}`, expected, amount, most, { otherwise, owes });
  }
  const counted = credits.filter((memo) => !isForeign(memo));
  const credited = sum(counted.map(({ total }) => total));
  const invoiced = billed(({ total }) => total);
  if (isGreater(credited, invoiced))
    check(`order ${orderNumber} credits beyond its invoices`, invoiced, credited, 0, { owes: 'unclear' });

  const header = subtract(sum([agreed.tax, agreed.freight]), agreed.discount);
  const ordered = sum([everything, header]);
  const leftGoods = goods(({ open, picked }) => open + picked);
  const headerBilled = subtract(
    invoiced,
    billed(({ subTotal }) => subTotal),
  );
  const open = complete
    ? '0'
    : sum([leftGoods, shareOf(subtract(header, headerBilled), leftGoods, goodsLeftOrLost(lines, goods))]);
  return {
    currency: agreed.currency,
    ordered: toCents(ordered),
    invoiced: toCents(invoiced),
    cancelled: toCents(subtract(subtract(ordered, invoiced), open)),
    open: toCents(open),
    credited: toCents(credited),
    paid: toCents(billed(({ paid }) => paid)),
    lines: allSeen ? withCredited(found, valid, counted) : found.map(({ line }) => line),
    complete,
  };
}

interface Judgement {
  /** The rule that explains what is more than the slack. */
  readonly otherwise: MoneyLine['rule'];
  /** What the buyer owes by it where it is billed too high. unclear: no credit makes it good. */
  readonly owes: 'more' | 'less' | 'unclear';
}

interface FoundLine {
  readonly line: MoneyLine;
  /** What the buyer is billed too much by it; null = unclear. */
  readonly over: Amount | null;
}

/**
 * The lines of an order, with what was billed too much explained where credit memos make all of it good to the cent. If
 * anything of the rest is to the buyer's favour, or unclear, nothing is: a person looks at it as a whole.
 */
function withCredited(
  found: readonly FoundLine[],
  invoices: readonly ErpInvoice[],
  memos: readonly ErpCreditMemo[],
): readonly MoneyLine[] {
  const lines = found.map(({ line }) => line);
  const overs = found.flatMap(({ line, over }) => (line.rule === null ? [over ?? '0'] : []));
  const isTooMuch = overs.every((over) => isGreater(over, '0'));
  if (!isTooMuch || !isMadeGood(sum(overs), memos, { invoices, slack: '0' })) return lines;
  return lines.map((line) => (line.rule === null ? { ...line, rule: 'credited' } : line));
}

/** Goods value of what is not invoiced: still to come, or cancelled. */
function goodsLeftOrLost(
  lines: NonNullable<ErpSalesOrder['lines']>,
  goods: (count: (line: (typeof lines)[number]) => number) => Amount,
): Amount {
  return goods((line) => line.open + line.picked + (line.ordered - liveUnits(line)));
}

/** The line of the order that an invoice's line bills: by its number, else by its item. */
export function sequenceOf(
  { sequence, sku }: ErpInvoiceLine,
  lines: NonNullable<ErpSalesOrder['lines']>,
): number | null {
  return sequence ?? lines.find((line) => itemOf(line.sku) === itemOf(sku))?.sequence ?? null;
}

function amountOf({ amount }: ErpInvoiceLine): Amount {
  return amount;
}
