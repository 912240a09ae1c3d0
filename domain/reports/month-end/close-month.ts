import { absolute, isGreater, sameAmount, type Amount } from '../../money.ts';
import type { ProvenFigures } from '../../proof/report-proof.ts';
import { letPass } from './evidence.ts';
import { explainDifference, type DifferenceLine } from './explain-difference.ts';
import { addParts, isNothing, negated, PART_NAMES, type Parts } from '../money-parts.ts';
import {
  LEDGER_COLUMNS,
  type CarriedOrder,
  type Check,
  type Ledger,
  type LedgerColumn,
  type MonthEndPack,
  type PackBefore,
} from './month-end-pack.ts';
import { chainOf } from './order-chain.ts';
import { rollOrder, type Month, type OrderFacts, type RolledOrder } from './roll-order.ts';
import { compareTexts, digestOf, signTotal, type SignedLine } from './sign-lines.ts';
import { isInOrdersCurrency, tieInvoices, type CreditFacts, type InvoiceFacts } from './tie-billing.ts';

export interface MonthEndFacts {
  readonly site: string;
  readonly month: Month;
  readonly revision: number;
  readonly isOver: boolean;
  readonly proof: ProvenFigures | null;
  readonly zone: string;
  readonly at: string;
  /** Cents of one order that are rounding. */
  readonly tolerated: Amount;
  /** null = no pack of the month before is kept. */
  readonly before: (PackBefore & { readonly closing: readonly CarriedOrder[] }) | null;
  readonly orders: readonly OrderFacts[];
  readonly invoices: readonly InvoiceFacts[];
  readonly credits: readonly CreditFacts[];
  /** Purchases that could not be read. */
  readonly notRead: readonly string[];
}

/** The pack of a month from what both systems say: every order rolled from opening to closing, every total signed. */
export function closeMonth(facts: MonthEndFacts): MonthEndPack {
  const { site, month, revision, isOver, proof, zone, at, before, tolerated, notRead } = facts;
  const rolled = facts.orders
    .map((order) => rollOrder(order, month, before !== null))
    .toSorted((left, right) => compareTexts(left.facts.key, right.facts.key));
  const differences = rolled.flatMap((order) => explainDifference(order, tolerated)).toSorted(byMoney);
  const own = facts.credits.filter(({ key }) => key !== null);
  const currencies = new Set([
    ...rolled.map(({ facts: { currency } }) => currency),
    ...own.map((each) => each.currency),
  ]);
  const ledgers = [...currencies].toSorted(compareTexts).map((currency) =>
    ledgerOf(currency, {
      month,
      rolled: rolled.filter((order) => order.facts.currency === currency),
      differences: differences.filter((line) => line.currency === currency),
      credits: own.filter((memo) => memo.currency === currency),
    }),
  );
  const passes = new Map(facts.orders.map(({ key, evidence }) => [key, letPass(evidence)]));
  const invoices = tieInvoices(facts.invoices, passes).toSorted((left, right) =>
    compareTexts(left.number, right.number),
  );
  const pack = {
    version: 1,
    site,
    month,
    revision,
    isOver,
    proof,
    zone,
    at,
    before: before && { month: before.month, revision: before.revision, sha256: before.sha256 },
    ledgers,
    differences,
    invoices,
    credits: own,
    strays: facts.credits.filter(({ key }) => key === null),
    notRead,
    checks: ledgers.flatMap((ledger) => checksOf(ledger, facts)),
    carried: rolled.flatMap(toCarry),
  } as const;
  return { ...pack, sha256: digestOf(pack) };
}

interface LedgerOf {
  readonly month: Month;
  readonly rolled: readonly RolledOrder[];
  readonly differences: readonly DifferenceLine[];
  readonly credits: readonly CreditFacts[];
}

function ledgerOf(currency: string, { month, rolled, differences, credits }: LedgerOf): Ledger {
  const ofOrders = (column: Exclude<LedgerColumn, 'explained' | 'unexplained'>) =>
    rolled.map((order) => lineOf(order.facts.key, order[column]));
  const ofDifferences = (isExplained: boolean) =>
    differences
      .filter((line) => line.isExplained === isExplained)
      .map(({ key, cause, parts }) => lineOf(`${key} ${cause}`, parts));
  const ofCredits = (isBackdated: boolean) =>
    credits
      .filter((memo) => memo.isBackdated === isBackdated)
      .map(({ number, parts }) => lineOf(number, negated(parts)));
  const signed = (name: string, lines: readonly SignedLine[]) =>
    signTotal(
      name,
      currency,
      lines.filter((line) => !isNothing(line)),
    );
  return {
    currency,
    orders: rolled.filter((order) => LEDGER_LINES.some((column) => !isNothing(order[column]))).length,
    columns: {
      opening: signed('opening', ofOrders('opening')),
      placed: signed('placed', ofOrders('placed')),
      amended: signed('amended', ofOrders('amended')),
      cancelled: signed('cancelled', ofOrders('cancelled')),
      invoiced: signed('invoiced', ofOrders('invoiced')),
      explained: signed('explained', ofDifferences(true)),
      unexplained: signed('unexplained', ofDifferences(false)),
      closing: signed('closing', ofOrders('closing')),
    },
    credited: signed('credited', ofCredits(false)),
    creditedBackdated: signed('credited, back-dated', ofCredits(true)),
    chain: chainOf(rolled, month),
  };
}

const LEDGER_LINES = ['opening', 'placed', 'amended', 'cancelled', 'invoiced', 'closing'] as const;

/** Whether opening and movements come to closing, in each part. */
export function addsUp({ columns }: Pick<Ledger, 'columns'>): boolean {
  const movements = LEDGER_COLUMNS.filter((column) => column !== 'closing').map((column) => columns[column]);
  return isSame(addParts(movements), columns.closing);
}

function checksOf(ledger: Ledger, { before, month, invoices, credits }: MonthEndFacts): readonly Check[] {
  const { currency, columns, credited, creditedBackdated } = ledger;
  const billed = addParts(
    invoices
      .filter((invoice) => isInOrdersCurrency(invoice) && invoice.currency === currency)
      .map(({ parts }) => parts),
  );
  const memos = addParts(
    credits.filter((memo) => memo.key !== null && memo.currency === currency).map(({ parts }) => parts),
  );
  const checks: Check[] = [
    {
      says: `${currency}: opening and all movements come to closing, goods, freight and tax each.`,
      holds: addsUp(ledger),
    },
    {
      says: `${currency}: the invoices of ${month} one by one come to what was invoiced.`,
      holds: isSame(negated(billed), columns.invoiced),
    },
    {
      says: `${currency}: the credit memos one by one, back-dated ones too, come to what was credited.`,
      holds: isSame(negated(memos), addParts([credited, creditedBackdated])),
    },
  ];
  if (before) {
    const closing = addParts(before.closing.filter((each) => each.currency === currency).map(({ open }) => open));
    const says = `${currency}: opening is what the pack of ${before.month} closed with.`;
    checks.push({ says, holds: isSame(closing, columns.opening) });
  }
  return checks;
}

/** What is closed and did not move is not carried on: it would be carried for ever. */
function toCarry(order: RolledOrder): readonly CarriedOrder[] {
  const { key, number, currency } = order.facts;
  const isOver = LEDGER_LINES.every((column) => isNothing(order[column]));
  return isOver ? [] : [{ key, number, currency, ...order.toCarry }];
}

function lineOf(key: string, { goods, freight, tax }: Parts): SignedLine {
  return { key, goods, freight, tax };
}

function isSame(left: Parts, right: Parts): boolean {
  return PART_NAMES.every((name) => sameAmount(left[name], right[name]));
}

/** The most money first, whichever its sign. */
function byMoney(left: DifferenceLine, right: DifferenceLine): number {
  const [one, other] = [absolute(left.total), absolute(right.total)];
  if (sameAmount(one, other)) return compareTexts(left.key, right.key);
  return isGreater(one, other) ? -1 : 1;
}
