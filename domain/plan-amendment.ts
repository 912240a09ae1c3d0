import { compareOrders, describeDifference, type Difference } from './compare-sales-order.ts';
import { liveUnits, stageOf } from './erp-stage.ts';
import { isGreater, isZero, subtract, sum, toCents, type Amount } from './money.ts';
import type { Problem } from './problems.ts';
import { describeChange, pairLines, purchaseChanges, type Change } from './purchase-changes.ts';
import { movedTo } from './replace-header.ts';
import { restate } from './restate-order.ts';
import type { ErpSalesOrder, PreparedSalesOrder, SalesOrderLine } from './sales-order.ts';
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
  const assumed = { stage, changedAt: shown.changedAt };
  const edits = agreed
    ? compareOrders(agreed, shown, rules.erpEdits, 'later').filter(({ tolerated }) => !tolerated)
    : [];
  if (!wanted) {
    if (stage === 'cancelled') return { kind: 'same' };
    if (stage === 'invoiced') return parked([], tooLate(shown, stage, 'a cancellation'));
    return { kind: 'cancelOpen', changes: [], lines: null, sent: null, assumed };
  }
  const base =
    prefer === 'storefront'
      ? restate(shown, wanted.reference, agreed)
      : (sent ?? agreed ?? restate(shown, wanted.reference, null));
  const undone = prefer === 'storefront' ? edits.flatMap(undoing) : [];
  const changes = [...purchaseChanges(base, wanted), ...undone];
  if (changes.length === 0) return { kind: 'same' };
  if (edits.length > 0 && prefer === 'nobody')
    return parked(changes, {
      code: 'EDIT_CONFLICT',
      says:
        `The buyer and the ERP both changed order ${shown.orderNumber}; nothing was overwritten. ` +
        `Buyer: ${changes.map(describeChange).join('; ')}. ERP: ${edits.map(describeDifference).join('; ')}.`,
    });
  const actions = new Set(decisive(changes).map(({ kind }) => amendmentAction(rules.amendments, stage, kind)));
  if (actions.has('park')) return parked(changes, tooLate(shown, stage, changes.map(describeChange).join('; ')));
  if (actions.has('reenter')) return { kind: 'reenter', changes, assumed };
  if (actions.has('supplement')) {
    const order = supplementOf(base, wanted);
    // What cannot be had by adding only is for people.
    return order && !actions.has('cancelOpen')
      ? { kind: 'supplement', changes, order }
      : parked(changes, tooLate(shown, stage, changes.map(describeChange).join('; ')));
  }
  if (actions.has('cancelOpen')) return cancelling(base, wanted, shown, changes, assumed);
  const { target, sent: meant } = mergeInto(shown, base, wanted, agreed);
  const restored = agreed && undone.length > 0 ? withAgreedPlaces(target, agreed) : target;
  return { kind: 'replace', changes, target: restored, sent: meant, assumed };
}

/**
 * The order as the ERP shows it, with everything the buyer changed; and what the buyer means, under the same line numbers.
 * A line keeps its number for ever; a new one gets the next that was never used (decision 30).
 */
export function mergeInto(
  shown: ErpSalesOrder,
  base: PreparedSalesOrder,
  wanted: PreparedSalesOrder,
  agreed: PreparedSalesOrder | null,
): { readonly target: PreparedSalesOrder; readonly sent: PreparedSalesOrder } {
  const there = restate(shown, wanted.reference, agreed ?? base);
  const changed = <Field extends keyof PreparedSalesOrder>(field: Field): PreparedSalesOrder[Field] =>
    JSON.stringify(wanted[field]) === JSON.stringify(base[field]) ? there[field] : wanted[field];
  const askedFor = (field: keyof PreparedSalesOrder['asked']) => wanted.asked[field] !== base.asked[field];
  const header: PreparedSalesOrder = {
    ...there,
    customer: changed('customer'),
    store: changed('store'),
    distributionCentre: changed('distributionCentre'),
    billTo: wanted.billTo && changed('billTo'),
    shipTo: changed('shipTo'),
    purchaseOrder: changed('purchaseOrder'),
    shipVia: wanted.shipVia ? changed('shipVia') : there.shipVia,
    notes: there.notes === base.notes ? wanted.notes : there.notes,
    discount: changed('discount'),
    discountCode:
      isZero(wanted.discount) && isZero(there.discount) ? '' : changed('discountCode') || there.discountCode,
    freight: changed('freight'),
    tax: changed('tax'),
    holdCode: there.holdCode === base.holdCode ? wanted.holdCode : there.holdCode,
    siteFields: { ...there.siteFields, ...changedFields(base.siteFields, wanted.siteFields) },
    ...(askedFor('deliveryDate') ? { startDate: wanted.startDate, endDate: wanted.endDate } : {}),
    ...(askedFor('paymentMethod')
      ? { orderType: wanted.orderType, terms: wanted.terms || there.terms, holdCode: wanted.holdCode }
      : {}),
    asked: wanted.asked,
  };
  const highest = Math.max(
    0,
    ...(shown.lines ?? []).map(({ sequence }) => sequence),
    ...base.lines.map(({ sequence }) => sequence),
  );
  let next = highest + 1;
  const pairs = pairLines(base.lines, wanted.lines);
  const kept = there.lines.flatMap((line): readonly SalesOrderLine[] => {
    const pair = pairs.find(({ before }) => before?.sequence === line.sequence);
    // A line of the ERP's own stays.
    if (!pair) return [line];
    const { before, after } = pair;
    if (!before || !after) return [];
    return [
      {
        ...line,
        item: after.item,
        quantity: after.quantity === before.quantity ? line.quantity : after.quantity,
        price: after.price === before.price ? line.price : after.price,
      },
    ];
  });
  const numbers = new Map<SalesOrderLine, number>();
  for (const { before, after } of pairs) {
    if (!after) continue;
    const isThere = before !== null && there.lines.some(({ sequence }) => sequence === before.sequence);
    numbers.set(after, isThere ? before.sequence : next++);
  }
  const back = pairs.flatMap(({ before, after }): readonly SalesOrderLine[] => {
    const sequence = after && numbers.get(after);
    if (!after || sequence === undefined || sequence === null || sequence === before?.sequence) return [];
    return [{ ...after, sequence, warehouse: header.warehouse }];
  });
  const whole = { ...header, lines: [...kept, ...back] };
  const sent = {
    ...wanted,
    lines: wanted.lines.map((line) => ({ ...line, sequence: numbers.get(line) ?? line.sequence })),
  };
  return { target: askedFor('location') ? movedTo(whole, wanted.warehouse) : whole, sent };
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
function withAgreedPlaces(target: PreparedSalesOrder, agreed: PreparedSalesOrder): PreparedSalesOrder {
  const { warehouse, terms, startDate, endDate } = agreed;
  const lines = target.lines.map((line) => {
    const before = agreed.lines.find(({ sequence }) => sequence === line.sequence);
    return { ...line, warehouse: before?.warehouse ?? warehouse };
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
  for (const { before, after } of pairLines(base.lines, wanted.lines)) {
    const line = before && shown.lines?.find(({ sequence }) => sequence === before.sequence);
    if (!line) continue;
    const left = after?.quantity ?? 0;
    if (left >= liveUnits(line)) continue;
    // Part of a line cannot be cancelled after the pick (decision 30).
    if (line.open === 0 || (left > 0 && liveUnits(line) - line.open !== left))
      return parked(changes, {
        code: 'AMENDED',
        says:
          `Part of a line cannot be cancelled after the pick: ERP order ${shown.orderNumber} line ${line.sequence} has ` +
          `${line.open} open, ${line.picked} picked and ${line.invoiced} invoiced; the buyer wants ${left}.`,
      });
    lines.push(line.sequence);
  }
  const numbers = new Map(
    pairLines(base.lines, wanted.lines).flatMap(({ before, after }) =>
      before && after ? [[after, before.sequence]] : [],
    ),
  );
  const sent = {
    ...wanted,
    lines: wanted.lines.map((line) => ({ ...line, sequence: numbers.get(line) ?? line.sequence })),
  };
  return { kind: 'cancelOpen', changes, lines, sent, assumed };
}

function supplementOf(base: PreparedSalesOrder, wanted: PreparedSalesOrder): PreparedSalesOrder | null {
  const lines = pairLines(base.lines, wanted.lines).flatMap(({ before, after }): readonly SalesOrderLine[] => {
    const more = (after?.quantity ?? 0) - (before?.quantity ?? 0);
    return after && more > 0 ? [{ ...after, quantity: more }] : [];
  });
  if (lines.length === 0) return null;
  const more = (now: Amount, before: Amount) => {
    const difference = subtract(now, before);
    return isGreater(difference, '0') ? toCents(difference) : '0.00';
  };
  return {
    ...wanted,
    lines: lines.map((line, index) => ({ ...line, sequence: index + 1 })),
    tax: more(wanted.tax, base.tax),
    freight: more(wanted.freight, base.freight),
    discount: more(wanted.discount, base.discount),
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
