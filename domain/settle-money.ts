import { itemOf } from './compare-sales-order.ts';
import { isComplete, liveUnits } from './erp-stage.ts';
import { addedUp, isShared, partOf } from './invoice-part.ts';
import { absolute, isGreater, isZero, multiply, shareOf, subtract, sum, toCents, type Amount } from './money.ts';
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
   * The rule that explains it (decision 27): cents the ERP drops, or amounts of a consolidated invoice that belong to its
   * orders together; null = nobody can: it is finance's.
   */
  readonly rule: 'centsDropped' | 'sharedInvoice' | null;
}

/** Where an order's money stands: ordered = invoiced + cancelled + open, but for the lines that say why not. */
export interface Settlement {
  readonly currency: string;
  readonly ordered: Amount;
  readonly invoiced: Amount;
  readonly cancelled: Amount;
  readonly open: Amount;
  readonly credited: Amount;
  readonly paid: Amount;
  readonly lines: readonly MoneyLine[];
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
    complete: parts.every(({ complete }) => complete),
  };
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
  const found: MoneyLine[] = [];
  const check = (
    what: string,
    expected: Amount,
    billed: Amount,
    slack: number,
    otherwise: MoneyLine['rule'] = null,
  ) => {
    const money = toCents(subtract(billed, expected));
    if (isZero(money)) return;
    const rule = isGreater(absolute(money), multiply('0.01', slack)) ? otherwise : 'centsDropped';
    found.push({ what, agreed: toCents(expected), billed: toCents(billed), money, rule });
  };

  for (const { number, currency, total } of valid)
    if (currency !== '' && agreed.currency !== '' && currency !== agreed.currency)
      check(`invoice ${number} in ${currency}, agreed in ${agreed.currency}`, '0', total, 0);
  const billedLines = valid.flatMap((invoice) => invoice.lines ?? []);
  for (const { sequence, invoiced } of lines) {
    const ofLine = billedLines.filter((line) => sequenceOf(line, lines) === sequence);
    const price = toCents(priceOf(sequence));
    for (const line of ofLine)
      check(`order ${orderNumber} line ${sequence} price`, multiply(price, line.quantity), amountOf(line), 0);
    const units = ofLine.reduce((count, line) => count + line.quantity, 0);
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
  const allSeen = isZero(
    subtract(
      kept,
      billed(({ subTotal }) => subTotal),
    ),
  );
  if (allSeen) {
    // Of a consolidated invoice nobody can say which order's tax, discount and freight they are.
    const otherwise = isOneOfSeveral ? 'sharedInvoice' : null;
    const header = [
      ['tax', shareOf(agreed.tax, kept, everything), billed(({ tax }) => tax), slack],
      ['discount', shareOf(agreed.discount, kept, everything), billed(({ discount }) => discount), slack],
      ['freight', valid.length > 0 ? agreed.freight : '0', billed(({ freight }) => freight), 0],
    ] as const;
    for (const [name, expected, amount, most] of header)
      check(`order ${orderNumber} ${name}`, expected, amount, most, otherwise);
  }
  const credited = sum(credits.map(({ total }) => total));
  const invoiced = billed(({ total }) => total);
  if (isGreater(credited, invoiced)) check(`order ${orderNumber} credits beyond its invoices`, invoiced, credited, 0);

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
    lines: found,
    complete,
  };
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
