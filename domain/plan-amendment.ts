import { compareOrders, describeDifference, itemOf, type Difference } from './compare-sales-order.ts';
import { cancelledOf, liveUnits, stageOf, unitsOf as totalUnits } from './erp-stage.ts';
import { isGreater, isZero, sameAmount, shareOf, subtract, sum, toCents, type Amount } from './money.ts';
import type { Problem } from './problems.ts';
import {
  describeChange,
  isShipToChanged,
  pairLines,
  purchaseChanges,
  standsIn,
  type Change,
} from './purchase-changes.ts';
import { movedTo } from './replace-header.ts';
import { asReplacement, contentOf, goodsOf } from './restate-order.ts';
import type { AskedFor, ErpSalesOrder, ErpSalesOrderLine, PreparedSalesOrder, SalesOrderLine } from './sales-order.ts';
import type {
  AmendmentAction,
  AmendmentRules,
  ChangeKind,
  DifferenceField,
  ErpEditRules,
  ErpStage,
} from './site-rules.ts';

/** What shall happen to one document, and at which stage of the ERP order that was decided. */
export type AmendmentPlan =
  /** Both sides say the same already. */
  | { readonly kind: 'same' }
  | {
      readonly kind: 'replace';
      readonly changes: readonly Change[];
      /** What the ERP order shall be: as it was read, with the buyer's changes. */
      readonly target: PreparedSalesOrder;
      /** What the storefront says by it: the base of the next comparison. */
      readonly sent: PreparedSalesOrder;
      readonly assumed: Assumed;
    }
  | {
      readonly kind: 'cancelOpen';
      readonly changes: readonly Change[];
      /** Lines whose open rest is cancelled; null = the whole order. */
      readonly lines: readonly number[] | null;
      readonly sent: PreparedSalesOrder | null;
      readonly assumed: Assumed;
    }
  | { readonly kind: 'supplement'; readonly changes: readonly Change[]; readonly order: PreparedSalesOrder }
  | { readonly kind: 'reenter'; readonly changes: readonly Change[]; readonly assumed: Assumed }
  | { readonly kind: 'park'; readonly changes: readonly Change[]; readonly problem: Problem };

/** What the ERP order was when the verdict was made; looked at again before anything is sent. */
export interface Assumed {
  readonly stage: ErpStage;
  readonly changedAt: string;
  /** Hash of its content: an edit may move no stamp. */
  readonly content: string;
}

export interface AmendmentFacts {
  /** What the storefront meant when it was last agreed; null = this run does not know. */
  readonly sent: PreparedSalesOrder | null;
  /** What both sides last agreed on; null = as the ERP shows it. */
  readonly agreed: PreparedSalesOrder | null;
  readonly shown: ErpSalesOrder;
  /** What the purchase says now; null = nothing of this document is wanted any more. */
  readonly wanted: PreparedSalesOrder | null;
  /** storefront: a person said that its version goes, whatever the ERP's clerks did. */
  readonly prefer: 'nobody' | 'storefront';
}

/** What is done with a change at a stage: the site's own word, else the default, replace until picked (contract, point 27). */
export function amendmentAction({ table }: AmendmentRules, stage: ErpStage, kind: ChangeKind): AmendmentAction {
  return table[stage]?.[kind] ?? defaultAction(stage, kind);
}

function defaultAction(stage: ErpStage, kind: ChangeKind): AmendmentAction {
  switch (stage) {
    case 'invoiced':
    case 'cancelled':
      return 'park';
    case 'picked':
    case 'partlyShipped':
      return kind === 'lineRemoved' || kind === 'quantityDown' ? 'cancelOpen' : 'park';
    default:
      return kind === 'customer' ? 'park' : 'replace';
  }
}

/**
 * What the buyer's changes mean for one ERP order, by the site's table and the stage the order is at. Whole order, never
 * a patch; what the ERP added or a clerk set and the storefront does not own is carried over. If the ERP's side was
 * edited too, nothing is overwritten: a person chooses (R11, R13).
 */
export function planAmendment(
  { sent, agreed, shown, wanted, prefer }: AmendmentFacts,
  rules: { readonly amendments: AmendmentRules; readonly erpEdits: ErpEditRules },
): AmendmentPlan {
  const stage = stageOf(shown);
  const assumed = { stage, changedAt: shown.changedAt, content: contentOf(shown) };
  const edits = agreed
    ? compareOrders(agreed, shown, rules.erpEdits, 'later').filter(({ tolerated }) => !tolerated)
    : [];
  if (!wanted) {
    if (stage === 'cancelled') return { kind: 'same' };
    if (stage === 'invoiced') return parked([], tooLate(shown, stage, 'a cancellation'));
    return { kind: 'cancelOpen', changes: [], lines: null, sent: null, assumed };
  }
  const meant = sent ?? explained(shown, wanted, agreed);
  const base = prefer === 'storefront' ? asShown(shown, meant, agreed) : meant;
  const undone = prefer === 'storefront' ? edits.flatMap(undoing) : [];
  const changes = [...purchaseChanges(base, wanted), ...undone];
  if (changes.length === 0) {
    // What the ERP has otherwise than agreed the purchase says too: sent again, both sides agree on it.
    const settles = prefer === 'storefront' && edits.length > 0 && wanted.lines.length > 0;
    if (!settles || amendmentAction(rules.amendments, stage, 'quantityDown') !== 'replace') return { kind: 'same' };
    const { target, sent: said } = mergeInto(shown, base, wanted, agreed);
    return { kind: 'replace', changes, target, sent: said, assumed };
  }
  if (edits.length > 0 && prefer === 'nobody')
    return parked(changes, {
      code: 'EDIT_CONFLICT',
      says:
        `The buyer and the ERP both changed order ${shown.orderNumber}; nothing was overwritten. ` +
        `Buyer: ${changes.map(describeChange).join('; ')}. ERP: ${edits.map(describeDifference).join('; ')}.`,
    });
  const actions = new Set(decisive(changes).map(({ kind }) => amendmentAction(rules.amendments, stage, kind)));
  const tooLateFor = () => parked(changes, tooLate(shown, stage, changes.map(describeChange).join('; ')));
  if (actions.has('park')) return tooLateFor();
  if (actions.has('reenter')) return { kind: 'reenter', changes, assumed };
  if (actions.has('supplement')) {
    const order = actions.size === 1 ? supplementOf(base, wanted) : null;
    // What cannot be had by adding only is for people.
    return order ? { kind: 'supplement', changes, order } : tooLateFor();
  }
  // Where the whole order may be replaced for one change it carries the others too.
  if (!actions.has('replace')) return cancelling(base, wanted, shown, changes, assumed);
  const { target, sent: said } = mergeInto(shown, base, wanted, agreed);
  if (target.lines.length === 0) return { kind: 'cancelOpen', changes, lines: null, sent: said, assumed };
  const restored = agreed && undone.length > 0 ? withAgreedPlaces(target, agreed, shown) : target;
  return { kind: 'replace', changes, target: restored, sent: said, assumed };
}

/** The ERP's version as the base of the storefront's: all in which they differ goes again, but what is not the storefront's. */
function asShown(
  shown: ErpSalesOrder,
  { reference, notes, holdCode, asked }: PreparedSalesOrder,
  agreed: PreparedSalesOrder | null,
): PreparedSalesOrder {
  return { ...asReplacement(shown, reference, agreed), notes, holdCode, asked };
}

/**
 * What the storefront meant, where this run does not know: the ERP's order is compared with the purchase (decision 5). Who
 * set hold and notes nobody can say; they stay.
 */
function explained(
  shown: ErpSalesOrder,
  wanted: PreparedSalesOrder,
  agreed: PreparedSalesOrder | null,
): PreparedSalesOrder {
  const there = asReplacement(shown, wanted.reference, agreed);
  // An ERP that keeps no contact says nothing about it.
  const shipTo = { ...there.shipTo, contact: there.shipTo.contact || wanted.shipTo.contact };
  const lines = there.lines.reduce<readonly SalesOrderLine[]>(withPart, []);
  return { ...there, lines, shipTo, holdCode: '', notes: '', asked: askedBy(there, wanted) };
}

/** What the ERP split for a back-order is one line of the purchase. */
function withPart(lines: readonly SalesOrderLine[], part: SalesOrderLine): readonly SalesOrderLine[] {
  const index = lines.findIndex(
    ({ item, sku, price }) => item === part.item && itemOf(sku) === itemOf(part.sku) && sameAmount(price, part.price),
  );
  const line = lines[index];
  return line ? lines.with(index, { ...line, quantity: line.quantity + part.quantity }) : [...lines, part];
}

/** What the purchase asks for, as far as the order is what would be made of it. */
function askedBy(there: PreparedSalesOrder, { asked, ...wanted }: PreparedSalesOrder): AskedFor {
  const { deliveryDate, location, paymentMethod } = asked;
  const isStart = deliveryDate === null || [wanted.startDate, deliveryDate].includes(there.startDate);
  // A date in the past became the day on which the order was entered.
  const isOver = deliveryDate !== null && deliveryDate < there.startDate && deliveryDate < wanted.startDate;
  const isPaidSo = there.orderType === wanted.orderType && (wanted.terms === '' || there.terms === wanted.terms);
  return {
    location: there.warehouse === wanted.warehouse ? location : null,
    deliveryDate: isStart || isOver ? deliveryDate : there.startDate,
    paymentMethod: isPaidSo ? paymentMethod : null,
  };
}

/**
 * The order as the ERP shows it, with everything the buyer changed; and what the buyer means, under the same line numbers.
 * A line keeps its number for ever; a new one gets the next that was never used (decision 30). What was cancelled in the
 * ERP stays cancelled, also where the purchase does not show it yet.
 */
export function mergeInto(
  shown: ErpSalesOrder,
  base: PreparedSalesOrder,
  wanted: PreparedSalesOrder,
  agreed: PreparedSalesOrder | null,
): { readonly target: PreparedSalesOrder; readonly sent: PreparedSalesOrder } {
  const there = asReplacement(shown, wanted.reference, agreed ?? base);
  const { lines, sent, lost } = mergedLines(shown, there, base, wanted, agreed);
  const changed = <Field extends keyof PreparedSalesOrder>(field: Field): PreparedSalesOrder[Field] =>
    JSON.stringify(wanted[field]) === JSON.stringify(base[field]) ? there[field] : wanted[field];
  const askedFor = (field: keyof PreparedSalesOrder['asked']) => wanted.asked[field] !== base.asked[field];
  const isElsewhere = isShipToChanged(base, wanted);
  const warehouse = askedFor('location') ? wanted.warehouse : there.warehouse;
  // Ours ends when its reason does; while the order is not where the table wants it, the reason stands.
  const isOurHold = there.holdCode === base.holdCode && (wanted.holdCode !== '' || warehouse === wanted.warehouse);
  const header: PreparedSalesOrder = {
    ...there,
    customer: changed('customer'),
    store: isElsewhere ? wanted.store : there.store,
    distributionCentre: isElsewhere ? wanted.distributionCentre : there.distributionCentre,
    billTo: wanted.billTo ? changed('billTo') : there.billTo,
    shipTo: changed('shipTo'),
    purchaseOrder: standsIn(base) && standsIn(wanted) ? there.purchaseOrder : changed('purchaseOrder'),
    shipVia: wanted.shipVia ? changed('shipVia') : there.shipVia,
    notes: there.notes === base.notes ? wanted.notes : there.notes,
    ...discountOf(there, base, wanted),
    freight: changed('freight'),
    holdCode: isOurHold ? wanted.holdCode : there.holdCode,
    siteFields: { ...there.siteFields, ...changedFields(base.siteFields, wanted.siteFields) },
    ...(askedFor('deliveryDate') ? { startDate: wanted.startDate, endDate: wanted.endDate } : {}),
    ...(askedFor('paymentMethod') ? { orderType: wanted.orderType, terms: wanted.terms || there.terms } : {}),
    highestLine: sent.highestLine,
    asked: wanted.asked,
  };
  const whole = {
    ...header,
    // The storefront's, of the lines still live (R6, decision 25); also of those it does not know to be cancelled.
    tax: lost ? shareOf(wanted.tax, goodsOf(lines), goodsOf(wanted.lines)) : wanted.tax,
    lines: askedFor('deliveryDate') ? lines.map((line) => followingHeader(line, shown)) : lines,
  };
  return { target: askedFor('location') ? movedTo(whole, wanted.warehouse) : whole, sent };
}

/** The lines of the merged order under their numbers; `lost`: some of what is wanted is cancelled in the ERP. */
function mergedLines(
  shown: ErpSalesOrder,
  there: PreparedSalesOrder,
  base: PreparedSalesOrder,
  wanted: PreparedSalesOrder,
  agreed: PreparedSalesOrder | null,
) {
  let next = Math.max(
    base.highestLine,
    agreed?.highestLine ?? 0,
    ...[...(shown.lines ?? []), ...base.lines].map(({ sequence }) => sequence),
  );
  const numbers = new Map<SalesOrderLine, number>();
  const lines: SalesOrderLine[] = [];
  const back: SalesOrderLine[] = [];
  let lost = false;
  const groups = groupsOf(shown, base);
  const ours = new Set([...groups.values()].flat().map(({ sequence }) => sequence));
  // A line of the ERP's own stays.
  for (const line of there.lines) if (!ours.has(line.sequence)) lines.push(line);
  for (const { before, after } of pairLines(base.lines, wanted.lines)) {
    if (!after) continue;
    const group = (before && groups.get(before)) ?? [];
    const left = group.reduce((units, line) => units + liveUnits(line), 0);
    const cancelled = group.reduce((units, line) => units + cancelledOf(line), 0);
    const quantity = before ? unitsOf(before.quantity, after.quantity, left, cancelled) : after.quantity;
    lost ||= quantity < after.quantity && cancelled > 0;
    const parts = there.lines.filter((line) => group.some(({ sequence }) => sequence === line.sequence));
    if (before && (parts.length > 0 || quantity <= 0)) {
      numbers.set(after, before.sequence);
      for (const { line, units } of sharedOut(parts, quantity))
        lines.push({
          ...line,
          item: after.item,
          quantity: units,
          price: after.price === before.price ? line.price : after.price,
        });
    } else {
      numbers.set(after, ++next);
      back.push({ ...after, quantity, sequence: next, warehouse: there.warehouse });
    }
  }
  const sent: PreparedSalesOrder = {
    ...wanted,
    lines: wanted.lines.map((line) => ({ ...line, sequence: numbers.get(line) ?? line.sequence })),
    highestLine: next,
  };
  const place = ({ sequence }: SalesOrderLine) => there.lines.findIndex((line) => line.sequence === sequence);
  return { lines: [...lines.toSorted((left, right) => place(left) - place(right)), ...back], sent, lost };
}

/** The ERP's lines that one of ours has become: itself, and what the ERP split off it for a back-order. */
function groupsOf(
  { lines: shown }: ErpSalesOrder,
  { lines }: PreparedSalesOrder,
): ReadonlyMap<SalesOrderLine, readonly ErpSalesOrderLine[]> {
  const numbered = new Set(lines.map(({ sequence }) => sequence));
  const free = (shown ?? []).filter((line) => !numbered.has(line.sequence) && liveUnits(line) > 0);
  return new Map(
    lines.map((line) => {
      const own = (shown ?? []).filter(({ sequence }) => sequence === line.sequence);
      let missing = own.reduce((units, each) => units - liveUnits(each), line.quantity);
      const parts = free.filter((other) => {
        const isPart =
          itemOf(other.sku) === itemOf(own[0]?.sku ?? line.sku) &&
          sameAmount(other.price, own[0]?.price ?? line.price) &&
          liveUnits(other) <= missing;
        if (isPart) missing -= liveUnits(other);
        return isPart;
      });
      for (const part of parts) free.splice(free.indexOf(part), 1);
      return [line, [...own, ...parts]];
    }),
  );
}

/** So many units over the lines that are there: the last give up first, the first takes what is more. */
function sharedOut(lines: readonly SalesOrderLine[], quantity: number) {
  let left = quantity;
  const given = lines.map((line) => {
    const units = Math.min(line.quantity, left);
    left -= units;
    return { line, units };
  });
  return given
    .map(({ line, units }, index) => ({ line, units: index === 0 ? units + left : units }))
    .filter(({ units }) => units > 0);
}

/**
 * Units of a line, of which the ERP has so many left: the buyer's where the buyer changed them. What was cancelled there
 * and is not known here is taken off what the buyer adds, and sets a limit to what the buyer leaves.
 */
function unitsOf(before: number, after: number, left: number, cancelledThere: number): number {
  if (before === after) return left;
  const cancelled = Math.min(Math.max(0, before - left), cancelledThere);
  if (cancelled === 0) return after;
  return after > before ? after - cancelled : Math.min(left, after);
}

/** What the buyer's discount changed by; a discount of the ERP's that both sides agreed on stays beside it. */
function discountOf(there: PreparedSalesOrder, base: PreparedSalesOrder, wanted: PreparedSalesOrder) {
  const moved = sum([there.discount, subtract(wanted.discount, base.discount)]);
  if (sameAmount(wanted.discount, base.discount)) {
    const { discount, discountCode } = there;
    return { discount, discountCode: isZero(discount) ? '' : discountCode };
  }
  const discount = isGreater(moved, '0') ? toCents(moved) : '0.00';
  const isOurs = there.discountCode === base.discountCode || there.discountCode === '';
  const code = isOurs ? wanted.discountCode || there.discountCode : there.discountCode;
  return { discount, discountCode: isZero(discount) ? '' : code };
}

/** A line whose dates are the header's goes with it; one that a clerk gave its own keeps them. */
function followingHeader(line: SalesOrderLine, { startDate, endDate }: ErpSalesOrder): SalesOrderLine {
  return {
    ...line,
    startDate: line.startDate === startDate ? null : line.startDate,
    endDate: line.endDate === endDate ? null : line.endDate,
  };
}

/** What is wanted beyond what other documents of the same division already bring: their lines and amounts taken off. */
export function withoutOthers(
  wanted: PreparedSalesOrder,
  others: readonly PreparedSalesOrder[],
): { readonly kind: 'rest'; readonly order: PreparedSalesOrder | null } | { readonly kind: 'tooMuch' } {
  let lines = wanted.lines;
  let tooMuch = false;
  for (const line of others.flatMap((order) => order.lines)) {
    const [pair] = pairLines(
      [line],
      lines.filter((each) => each.quantity > 0),
    ).filter(({ before, after }) => before && after);
    const match = pair?.after;
    if (!match || match.quantity < line.quantity) {
      tooMuch = true;
      continue;
    }
    lines = lines.map((each) => (each === match ? { ...each, quantity: each.quantity - line.quantity } : each));
  }
  const less = (amount: Amount, taken: readonly Amount[]) => {
    const rest = subtract(amount, sum(taken));
    return isGreater(rest, '0') ? toCents(rest) : '0.00';
  };
  if (tooMuch) return { kind: 'tooMuch' };
  const left = lines.filter(({ quantity }) => quantity > 0);
  if (left.length === 0) return { kind: 'rest', order: null };
  return {
    kind: 'rest',
    order: {
      ...wanted,
      lines: left,
      tax: less(
        wanted.tax,
        others.map(({ tax }) => tax),
      ),
      freight: less(
        wanted.freight,
        others.map(({ freight }) => freight),
      ),
      discount: less(
        wanted.discount,
        others.map(({ discount }) => discount),
      ),
    },
  };
}

/** What the storefront does not say but was agreed on, as a change back. Lines, money, PO and ship-to it says itself. */
function undoing({ field, line, agreed, shown }: Difference): readonly Change[] {
  const kind = UNDONE[field];
  if (!kind) return [];
  const what = line === null ? field : `line ${line} ${field}`;
  return [{ kind, what, before: shown, after: agreed, money: '0' }];
}

const UNDONE: Partial<Record<DifferenceField, ChangeKind>> = {
  warehouse: 'location',
  terms: 'payment',
  startDate: 'date',
  endDate: 'date',
};

/** Terms, dates and warehouses as they were agreed. */
function withAgreedPlaces(
  target: PreparedSalesOrder,
  agreed: PreparedSalesOrder,
  shown: ErpSalesOrder,
): PreparedSalesOrder {
  const { warehouse, terms, startDate, endDate } = agreed;
  const lines = target.lines.map((line) => {
    const before = agreed.lines.find(({ sequence }) => sequence === line.sequence);
    return { ...followingHeader(line, shown), warehouse: before?.warehouse ?? warehouse };
  });
  return { ...target, warehouse, terms, startDate, endDate, lines };
}

/** Tax and discount follow the lines: with a change of those they decide nothing of their own. */
function decisive(changes: readonly Change[]): readonly Change[] {
  const own = changes.filter(({ what }) => what !== 'tax' && what !== 'discount');
  return own.some(({ kind }) => OF_LINES.includes(kind)) ? own : changes;
}

const OF_LINES: readonly ChangeKind[] = ['quantityUp', 'quantityDown', 'lineAdded', 'lineRemoved', 'price'];

/** Changes that the ERP would refuse, or that the site wants a person to decide on. */
function tooLate(shown: ErpSalesOrder, stage: ErpStage, what: string): Problem {
  return {
    code: 'AMENDED',
    says: `The buyer changed the purchase while ERP order ${shown.orderNumber} is ${STAGE_WORDS[stage]}: ${what}.`,
  };
}

export const STAGE_WORDS: Readonly<Record<ErpStage, string>> = {
  open: 'open',
  held: 'on hold',
  released: 'released',
  allocated: 'allocated',
  picked: 'picked',
  partlyShipped: 'partly shipped',
  invoiced: 'invoiced',
  cancelled: 'cancelled',
};

/** The buyer's reductions as cancels of the open rest of whole lines: after the pick nothing else is possible. */
function cancelling(
  base: PreparedSalesOrder,
  wanted: PreparedSalesOrder,
  shown: ErpSalesOrder,
  changes: readonly Change[],
  assumed: Assumed,
): AmendmentPlan {
  const lines: number[] = [];
  const numbers = new Map<SalesOrderLine, number>();
  const groups = groupsOf(shown, base);
  for (const { before, after } of pairLines(base.lines, wanted.lines)) {
    if (before && after) numbers.set(after, before.sequence);
    const group = (before && groups.get(before)) ?? [];
    const { ordered, cancelled, open, picked, invoiced } = totalUnits({ lines: group });
    const left = after?.quantity ?? 0;
    let less = ordered - cancelled - left;
    if (less <= 0) continue;
    const given = group.toReversed().filter((line) => {
      const isGiven = line.open > 0 && line.open <= less;
      if (isGiven) less -= line.open;
      return isGiven;
    });
    // Part of a line cannot be cancelled after the pick (decision 30).
    if (given.length === 0 || (left > 0 && less > 0))
      return parked(changes, {
        code: 'AMENDED',
        says:
          `Part of a line cannot be cancelled after the pick: ERP order ${shown.orderNumber} line ${before?.sequence} has ` +
          `${open} open, ${picked} picked and ${invoiced} invoiced; the buyer wants ${left}.`,
      });
    lines.push(...given.map(({ sequence }) => sequence));
  }
  const sent = {
    ...wanted,
    lines: wanted.lines.map((line) => ({ ...line, sequence: numbers.get(line) ?? line.sequence })),
    highestLine: Math.max(base.highestLine, ...base.lines.map(({ sequence }) => sequence)),
  };
  return { kind: 'cancelOpen', changes, lines: lines.toSorted((one, other) => one - other), sent, assumed };
}

function supplementOf(base: PreparedSalesOrder, wanted: PreparedSalesOrder): PreparedSalesOrder | null {
  const lines = pairLines(base.lines, wanted.lines).flatMap(({ before, after }): readonly SalesOrderLine[] => {
    const more = (after?.quantity ?? 0) - (before?.quantity ?? 0);
    return after && more > 0 ? [{ ...after, quantity: more }] : [];
  });
  const amounts = ['tax', 'freight', 'discount'] as const;
  // What would have to be less on the order that stands cannot be had by adding.
  if (lines.length === 0 || amounts.some((name) => isGreater(base[name], wanted[name]))) return null;
  const more = (name: (typeof amounts)[number]) => toCents(subtract(wanted[name], base[name]));
  const discount = more('discount');
  return {
    ...wanted,
    lines: lines.map((line, index) => ({ ...line, sequence: index + 1 })),
    highestLine: lines.length,
    tax: more('tax'),
    freight: more('freight'),
    discount,
    discountCode: isZero(discount) ? '' : wanted.discountCode,
  };
}

function changedFields(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(after).filter(([field, value]) => before[field] !== value));
}

function parked(changes: readonly Change[], problem: Problem): AmendmentPlan {
  return { kind: 'park', changes, problem };
}
