import { Decimal } from 'decimal.js';

import type { OrderState, Step } from '../../domain/order-state.ts';
import { isProblemCode, problemKind, type ProblemCode } from '../../domain/problems.ts';
import type { SalesOrderView } from '../../sandbox/bluecherry/surface.ts';
import type { LineTotal, PurchaseRecord } from '../../sandbox/sparklayer/wire.ts';

/** Everything that both stand-ins and Temporal say of one purchase while the site is at rest, all feeds having passed. */
export interface OrderCase {
  readonly key: string;
  /** null = it was deleted. */
  readonly purchase: PurchaseRecord | null;
  /** Live and cancelled ones, by their own references: `…`, `….2`, … */
  readonly documents: readonly DocumentCase[];
  readonly order: OrderWorkflowCase | null;
  /** Somebody has closed it once, in this run of the order or in one before. */
  readonly wasClosed: boolean;
}

export interface DocumentCase {
  readonly reference: string;
  readonly salesOrders: readonly SalesOrderView[];
}

export interface OrderWorkflowCase {
  /** Temporal's word for it: RUNNING, COMPLETED, FAILED … */
  readonly status: string;
  /** How often the present workflow task was tried; 0 or 1 when all is well. */
  readonly taskAttempt: number;
  /** Why the workflow task last failed, in the worker's words; empty when it did not. */
  readonly taskFailure: string;
  /** null = the query was not answered. */
  readonly state: OrderState | null;
}

export type FindingKind =
  | 'duplicate'
  | 'units'
  | 'shipped'
  | 'goods'
  | 'tax'
  | 'freight'
  | 'header'
  | 'unaccounted'
  | 'notAtRest'
  | 'workflowFailed';

export interface Finding {
  readonly kind: FindingKind;
  readonly says: string;
}

export type Verdict =
  /** Both sides say the same, and nobody is asked for anything. */
  | { readonly kind: 'equal' }
  /** Something is with a person, or differs; the order says what. */
  | { readonly kind: 'named'; readonly codes: readonly ProblemCode[]; readonly findings: readonly Finding[] }
  /** The order has ended, and both sides agree that it has. */
  | { readonly kind: 'ended'; readonly outcome: string }
  /** Nobody ever had to do anything for it. */
  | { readonly kind: 'neverAnOrder' }
  | { readonly kind: 'unexplained'; readonly findings: readonly Finding[] };

/** Findings that no problem of an order excuses. */
const INEXCUSABLE: readonly FindingKind[] = ['duplicate', 'workflowFailed', 'unaccounted', 'notAtRest'];

/** Problems that say nothing about content: an order with one of these alone must still be the same on both sides. */
const SAYS_NOTHING_OF_CONTENT: ReadonlySet<ProblemCode> = new Set([
  'ERP_HOLD',
  'ERP_STATUS_UNKNOWN',
  'LOCATION_NOT_MAPPED',
  'DELIVERY_DATE_UNREADABLE',
  'IMPORT_OVERDUE',
  'CHANGE_OVERDUE',
  'STEP_OVERDUE',
]);

/** Judges one purchase. Strict: what is neither equal, nor named by the order, nor ended on both sides is unexplained. */
export function judge(given: OrderCase): Verdict {
  const { order, purchase } = given;
  const findings = [...duplicates(given), ...brokenWorkflow(given)];
  if (!order) return withoutWorkflow(given, findings);
  const { state } = order;
  if (!state) return unexplained([...findings, { kind: 'workflowFailed', says: 'The order does not say its state.' }]);
  if (state.step.at === 'finished') return ended(given, state.step.outcome, findings);
  if (!isAtRest(state))
    return unexplained([...findings, { kind: 'notAtRest', says: `The order never came to rest: ${state.step.at}.` }]);
  const codes = [...new Set(state.problems.map(({ code }) => code))].filter(isProblemCode);
  if (!purchase && keptUnits(given).size === 0 && codes.length === 0)
    findings.push({ kind: 'unaccounted', says: 'The order goes on without a purchase and without an ERP order.' });
  findings.push(...differences(given));
  // What the ERP took in and has not decided on is not there yet, and the order says so.
  const isAwaited = isOverdue(state.problems) && [state, ...state.others].some(({ step }) => isAtTheErp(step));
  const isNamed = isAwaited || codes.some((code) => !SAYS_NOTHING_OF_CONTENT.has(code));
  if (findings.some(({ kind }) => INEXCUSABLE.includes(kind)) || (findings.length > 0 && !isNamed))
    return unexplained(findings);
  return codes.length > 0 ? { kind: 'named', codes, findings } : { kind: 'equal' };
}

/** Whether an order does nothing until somebody else does something. */
export function isAtRest({ step, others, follow, revise, problems }: OrderState): boolean {
  if (step.at === 'finished') return true;
  const asksPerson = problems.some(({ code }) => problemKind(code).fate === 'park');
  const asksErp = isOverdue(problems);
  const rests = [step, ...others.map((other) => other.step)].every(
    // Of unknown outcome, or taken in and never decided on, it goes on looking, but only a person or the ERP ends it.
    (each) =>
      each.at === 'settled' ||
      each.at === 'parked' ||
      each.at === 'over' ||
      (each.at === 'unknown' && asksPerson) ||
      (isAtTheErp(each) && asksErp),
  );
  const isNever = step.at === 'parked' && step.orderNumber === null && others.length === 0;
  // Both sides are not read while a change of theirs is at the ERP.
  if (rests && asksErp && [step, ...others.map((other) => other.step)].some(isAtTheErp)) return true;
  return rests && (isNever || (follow?.kind !== 'now' && revise === null && follow === null));
}

function isOverdue(problems: OrderState['problems']): boolean {
  return problems.some(({ code }) => code === 'IMPORT_OVERDUE' || code === 'CHANGE_OVERDUE');
}

/**
 * Taken in by the ERP, which has not decided on it. What it passed over comes out by itself once something taken in later is
 * finished, which at rest nothing is; a change or a cancel whose answer was lost goes again, and may not rest.
 */
function isAtTheErp(step: Step): boolean {
  if (step.at === 'replacing' || step.at === 'cancelling') return step.transaction !== null;
  return step.at === 'awaiting' && !step.isDisowned;
}

function unexplained(findings: readonly Finding[]): Verdict {
  return { kind: 'unexplained', findings };
}

function duplicates({ documents }: OrderCase): Finding[] {
  return documents.flatMap(({ reference, salesOrders }): Finding[] => {
    const live = salesOrders.filter(({ status }) => !'XY'.includes(status));
    if (live.length < 2) return [];
    const numbers = live.map(({ ordNum }) => ordNum).join(' and ');
    return [{ kind: 'duplicate', says: `${reference} has ${live.length} live ERP orders: ${numbers}.` }];
  });
}

function brokenWorkflow({ order }: OrderCase): Finding[] {
  if (!order) return [];
  const { status, taskAttempt, taskFailure } = order;
  if (status !== 'RUNNING' && status !== 'COMPLETED')
    return [{ kind: 'workflowFailed', says: `The workflow is ${status}.` }];
  return taskAttempt > 1
    ? [{ kind: 'workflowFailed', says: `The workflow task fails; this is attempt ${taskAttempt}. ${taskFailure}` }]
    : [];
}

function withoutWorkflow(given: OrderCase, findings: readonly Finding[]): Verdict {
  const { purchase, documents } = given;
  const isOrder = purchase?.type === 'order';
  const isInErp = documents.some(({ salesOrders }) => salesOrders.length > 0);
  if (!isOrder && !isInErp) return findings.length > 0 ? unexplained(findings) : { kind: 'neverAnOrder' };
  const says = isInErp ? 'It is in the ERP, but no order follows it.' : 'The purchase was never taken in.';
  return unexplained([...findings, { kind: 'unaccounted', says }]);
}

/** Ends after which the ERP holds nothing any more, and never will. */
const NOTHING_STANDS: readonly string[] = ['cancelled', 'withdrawn', 'excluded'];

/** What was settled by hand may differ; what was called off may not stand in the ERP; what is done must be equal. */
function ended(given: OrderCase, outcome: string, findings: readonly Finding[]): Verdict {
  const all = [...findings];
  if (!isByHand(given, outcome)) {
    if (NOTHING_STANDS.includes(outcome)) all.push(...stillThere(given, outcome));
    else all.push(...differences(given));
  }
  return all.length > 0 ? unexplained(all) : { kind: 'ended', outcome };
}

/**
 * A purchase that was closed and then edited is excluded for ever: it stays settled by hand. When it is deleted after that,
 * the order that was not taken in still says who closed it. On what is no order any more nothing is ever written.
 */
function isByHand({ purchase, order, wasClosed }: OrderCase, outcome: string): boolean {
  // News of the ERP began it anew, and there was no order any more.
  if (outcome === 'withdrawn') return wasClosed && purchase?.type !== 'order';
  if (outcome === 'closed') return purchase?.type !== 'order' || saysClosed(purchase);
  if (outcome !== 'excluded') return false;
  if (purchase) return saysClosed(purchase);
  return order?.state?.timeline.some(({ what }) => what.startsWith('Not taken in: closed by')) ?? false;
}

function stillThere(given: OrderCase, outcome: string): Finding[] {
  const { purchase } = given;
  const kept = keptUnits(given);
  const found: Finding[] = [];
  if (kept.size > 0)
    found.push({ kind: 'units', says: `The order ended as ${outcome}; the ERP still holds ${list(kept)}.` });
  if (purchase?.type === 'order' && liveUnits(purchase).size > 0 && !saysClosed(purchase))
    found.push({
      kind: 'unaccounted',
      says: `The order ended as ${outcome}; the purchase is open and does not say so.`,
    });
  return found;
}

/** Whether our own entry on the purchase names who closed it. */
function saysClosed({ metadata }: PurchaseRecord): boolean {
  return (metadata ?? []).some(({ name, value }) => name === OWN_ENTRY && (value ?? '').includes('"closed"'));
}

/** Name of the entry in the example site. */
const OWN_ENTRY = 'instep';

function differences(given: OrderCase): Finding[] {
  const { documents, order } = given;
  // A cart or a quote asks for nothing.
  const purchase = given.purchase?.type === 'order' ? given.purchase : null;
  const orders = documents.flatMap(({ salesOrders }) => salesOrders);
  // By a person's word, and shown in the order.
  const agreed = new Set<string>(order?.state?.takenOver.map(({ field }) => field) ?? []);
  const wanted = purchase ? liveUnits(purchase) : new Map<string, number>();
  const kept = keptUnits(given);
  const found: Finding[] = [];
  if (!sameUnits(wanted, kept)) found.push({ kind: 'units', says: `Purchase: ${list(wanted)}. ERP: ${list(kept)}.` });
  const shipped = purchase ? unitsOf(purchase, ['shipment']) : new Map<string, number>();
  const invoiced = progressUnits(orders, ({ invoiced }) => invoiced);
  if (!sameUnits(shipped, invoiced))
    found.push({ kind: 'shipped', says: `Purchase: ${list(shipped)} shipped. ERP: ${list(invoiced)} invoiced.` });
  if (purchase && wanted.size > 0 && kept.size > 0)
    found.push(...moneyDifferences(purchase, orders).filter(({ kind }) => !agreed.has(kind)));
  if (purchase && wanted.size > 0)
    found.push(
      ...headerDifferences(purchase, orders).filter(
        ({ says }) =>
          !(agreed.has('purchaseOrder') && says.startsWith('Purchase: PO')) &&
          !(agreed.has('shipTo') && says.startsWith('Purchase: ship to')),
      ),
    );
  return found;
}

/** Goods, tax and freight of what is neither cancelled here nor there, to the cent. */
function moneyDifferences(purchase: PurchaseRecord, orders: readonly SalesOrderView[]): Finding[] {
  const theirs = orders.filter(isKept);
  const live = purchase.packages.filter(({ type }) => type === 'incoming' || type === 'shipment');
  const lines = live.flatMap(({ line_items }) => line_items.map(({ line_total }) => line_total));
  const charges = live.map(({ shipping_method }) => shipping_method?.line_total);
  const goods = total(lines.map(net));
  const freight = total(charges.map(net));
  const tax = total([...lines, ...charges].map(taxOf));
  const shippingTax = total(charges.map(taxOf));
  const partlyCancelled = theirs.some((order) => shareKept(order).lessThan(1));
  const cents = new Decimal(partlyCancelled ? theirs.reduce((sum, { lines }) => sum + lines.length, 1) : 0).div(100);
  const check = (kind: 'goods' | 'tax' | 'freight', ours: Decimal, possible: readonly Decimal[]): Finding[] =>
    possible.some((theirs) => theirs.minus(ours).abs().lessThanOrEqualTo(cents))
      ? []
      : [{ kind, says: `Purchase: ${ours.toFixed(2)}. ERP: ${possible.map((each) => each.toFixed(2)).join(' or ')}.` }];
  // The ERP leaves header amounts as entered when a part is cancelled, and drops the share with the last invoice
  // (decision 27); where they were sent anew after the cancel, they hold as they are.
  const gross = total(theirs.map(keptGoods));
  const discounts = bothWays(theirs, ({ discount }) => new Decimal(discount));
  const taxes = [
    ...bothWays(theirs, (order) => new Decimal(order.tax)),
    total(
      theirs.map((order, index) => {
        const onShipping = index === 0 ? shippingTax : new Decimal(0);
        return new Decimal(order.tax).minus(onShipping).times(shareKept(order)).plus(onShipping);
      }),
    ),
  ];
  return [
    ...check(
      'goods',
      goods,
      discounts.map((discount) => gross.minus(discount)),
    ),
    ...check('tax', tax, distinct(taxes)),
    ...check('freight', freight, [total(theirs.map(({ freight }) => new Decimal(freight)))]),
  ];
}

/** PO number, ship-to street, and the ERP order's number on the purchase. */
function headerDifferences(purchase: PurchaseRecord, orders: readonly SalesOrderView[]): Finding[] {
  const po = purchase.customer_reference?.trim() ?? '';
  const internal = purchase.purchase_identifiers.internal ?? '';
  const numbers = orders.map(({ ordNum }) => ordNum);
  const unnumbered: Finding = {
    kind: 'header',
    says: `Purchase: ERP order “${internal}”. ERP: ${numbers.join(', ')}.`,
  };
  const street = purchase.packages.find(({ type }) => type === 'incoming')?.shipping_address?.address_line1.trim();
  // Also of a cancelled one: the purchase carries document 1 for ever.
  const found = numbers.length === 0 || numbers.includes(internal) ? [] : [unnumbered];
  const ofOrders = orders.filter(isKept).flatMap(({ ordNum, header, addresses }): Finding[] => {
    const there = header['po_num']?.trim() ?? '';
    const shipTo = addresses.find((address) => address['addr_type'] === 'ST')?.['addr1'];
    return [
      ...(po !== '' && po.length <= LONGEST_PO && po.toUpperCase() !== there.toUpperCase()
        ? [{ kind: 'header', says: `Purchase: PO “${po}”. ERP order ${ordNum}: “${there}”.` } as const]
        : []),
      ...(street !== undefined && typeof shipTo === 'string' && street.toUpperCase() !== shipTo.trim().toUpperCase()
        ? [{ kind: 'header', says: `Purchase: ship to “${street}”. ERP order ${ordNum}: “${shipTo}”.` } as const]
        : []),
    ];
  });
  return [...found, ...ofOrders];
}

/** Of the example site; a longer one parks. */
const LONGEST_PO = 22;

type Units = ReadonlyMap<string, number>;

/** What a purchase still asks for: open and shipped, by SKU. */
export function liveUnits(purchase: PurchaseRecord): Units {
  return unitsOf(purchase, ['incoming', 'shipment']);
}

function unitsOf({ packages }: PurchaseRecord, types: readonly string[]): Units {
  return added(
    packages
      .filter(({ type }) => types.includes(type))
      .flatMap(({ line_items }) => line_items.map(({ identifiers, quantity }) => [identifiers.sku ?? '', quantity])),
  );
}

/** What the ERP holds over all documents of a purchase: ordered and not cancelled, by SKU. */
function keptUnits({ documents }: OrderCase): Units {
  return added(
    documents
      .flatMap(({ salesOrders }) => salesOrders)
      .flatMap(({ lines }) => lines.map(({ sku, ordered, cancelled }) => [storefrontSku(sku), ordered - cancelled])),
  );
}

function progressUnits(
  orders: readonly SalesOrderView[],
  what: (progress: SalesOrderView['progress'][number]) => number,
): Units {
  return added(
    orders.flatMap(({ lines, progress }) =>
      progress.map((each) => {
        const sku = lines.find(({ sequence }) => sequence === each.sequence)?.sku ?? '';
        return [storefrontSku(sku), what(each)] as const;
      }),
    ),
  );
}

/** The ERP's six codes as the storefront names the SKU; the soak sells only what this tells apart. */
function storefrontSku(sku: string): string {
  const [, style, color, , , size] = sku.split('|');
  return [style, color, size].join('-');
}

function added(rows: readonly (readonly [sku: string, units: number])[]): Units {
  const sums = new Map<string, number>();
  for (const [sku, units] of rows) if (units !== 0) sums.set(sku, (sums.get(sku) ?? 0) + units);
  return sums;
}

function sameUnits(left: Units, right: Units): boolean {
  return left.size === right.size && [...left].every(([sku, units]) => right.get(sku) === units);
}

function list(units: Units): string {
  return [...units].map(([sku, count]) => `${count} × ${sku}`).join(', ') || 'nothing';
}

function isKept({ lines }: SalesOrderView): boolean {
  return lines.some(({ ordered, cancelled }) => ordered > cancelled);
}

function keptGoods({ lines }: SalesOrderView): Decimal {
  return total(lines.map(({ price, ordered, cancelled }) => goodsOf(price, ordered - cancelled)));
}

/** Of the goods as entered, the part that is not cancelled. */
function shareKept(order: SalesOrderView): Decimal {
  const entered = total(order.lines.map(({ price, ordered }) => goodsOf(price, ordered)));
  return entered.isZero() ? new Decimal(1) : keptGoods(order).div(entered);
}

function goodsOf(price: string, quantity: number): Decimal {
  return new Decimal(price).toDecimalPlaces(2, Decimal.ROUND_HALF_UP).times(quantity);
}

/** A header amount as it stands, and in proportion to what is kept. */
function bothWays(orders: readonly SalesOrderView[], amount: (order: SalesOrderView) => Decimal): readonly Decimal[] {
  return distinct([total(orders.map(amount)), total(orders.map((order) => amount(order).times(shareKept(order))))]);
}

function distinct(amounts: readonly Decimal[]): readonly Decimal[] {
  return amounts.filter((amount, index) => amounts.findIndex((other) => other.equals(amount)) === index);
}

function net(line: LineTotal | undefined): Decimal {
  return new Decimal(line?.total_net.number ?? 0);
}

function taxOf(line: LineTotal | undefined): Decimal {
  return new Decimal(line?.total_tax?.number ?? 0);
}

function total(amounts: readonly Decimal[]): Decimal {
  return amounts.reduce((sum, amount) => sum.plus(amount), new Decimal(0));
}
