import { cancelledOf, liveUnits } from './erp-stage.ts';
import { absolute, isGreater, isZero, multiply, sameAmount, subtract, sum, toCents, type Amount } from './money.ts';
import type { Problem } from './problems.ts';
import type {
  ErpAddress,
  ErpSalesOrder,
  ErpSalesOrderLine,
  PreparedSalesOrder,
  SalesOrderLine,
  SkuCodes,
} from './sales-order.ts';
import type { DifferenceCause, DifferenceField, ErpEditRules } from './site-rules.ts';
import { sameReference } from './storefront-reference.ts';

/** One thing in which the ERP's order is not what was agreed. */
export interface Difference {
  readonly field: DifferenceField;
  /** Line of the sales order; null = the header. */
  readonly line: number | null;
  readonly agreed: string;
  readonly shown: string;
  /** By how much the order is worth more (or less) for it; goods before tax. */
  readonly money: Amount;
  readonly cause: DifferenceCause;
  readonly tolerated: boolean;
}

/** When the ERP's order is read: right after the import there was no clerk yet. */
export type ReadAt = 'import' | 'later';

/**
 * Everything in which the order the ERP shows differs from what both sides agreed on, to the cent: named, priced, with
 * its likely cause, and whether the site lets it pass. Never repaired here (R6, R7, R13).
 */
export function compareOrders(
  agreed: PreparedSalesOrder,
  shown: ErpSalesOrder,
  rules: ErpEditRules,
  readAt: ReadAt,
): readonly Difference[] {
  const found = [
    ...lineDifferences(agreed.lines, shown.lines ?? [], readAt),
    ...headerDifferences(agreed, shown, readAt),
  ];
  const headerMoney = sum(found.filter(({ field }) => isHeaderAmount(field)).map(({ money }) => absolute(money)));
  return found.map((difference) => ({
    ...difference,
    tolerated:
      rules.toleratedFields.includes(difference.field) ||
      rules.toleratedCauses.includes(difference.cause) ||
      (isHeaderAmount(difference.field) && !isGreater(headerMoney, rules.toleratedAmount)),
  }));
}

/** Our reference as the ERP shows it: by it alone orders are found, so one that was cut is a matter of its own. */
export function cutReference(sent: string, shown: ErpSalesOrder): Problem | null {
  const cut = [shown.altPo, shown.referenceField].filter((value) => !sameReference(value, sent));
  if (cut.length === 0) return null;
  return {
    code: 'REFERENCE_CUT',
    says: `The ERP shows our reference ${sent} as “${cut.join('” and “')}” on order ${shown.orderNumber}.`,
  };
}

/** What the differences come to. */
export function moneyOf(differences: readonly Difference[]): Amount {
  return toCents(sum(differences.map(({ money }) => money)));
}

/** One difference in a person's words. */
export function describeDifference({ field, line, agreed, shown, money, cause }: Difference): string {
  const what = line === null ? FIELD_WORDS[field] : `line ${line} ${FIELD_WORDS[field]}`;
  const worth = isZero(money) ? '' : ` (${isGreater(money, '0') ? '+' : ''}${toCents(money)})`;
  return `${what} ${shown || 'none'} instead of ${agreed || 'none'}${worth}, ${CAUSE_WORDS[cause]}`;
}

/** How people call what differs. */
export const FIELD_WORDS: Readonly<Record<DifferenceField, string>> = {
  line: 'line',
  item: 'item',
  quantity: 'quantity',
  price: 'price',
  tax: 'tax',
  freight: 'freight',
  discount: 'discount',
  division: 'division',
  warehouse: 'warehouse',
  customer: 'customer',
  terms: 'terms',
  purchaseOrder: 'PO',
  shipTo: 'ship-to',
  currency: 'currency',
  startDate: 'start date',
  endDate: 'cancel date',
};

export const CAUSE_WORDS: Readonly<Record<DifferenceCause, string>> = {
  clerk: 'a clerk’s edit',
  repriced: 'the ERP re-priced',
  taxRecomputed: 'the ERP recomputed tax',
  houseCancel: 'cancelled by the house',
  customerCancel: 'cancelled for the customer in the ERP',
  backOrderSplit: 'the line was split for a back-order',
};

type Found = Omit<Difference, 'tolerated'>;

function headerDifferences(agreed: PreparedSalesOrder, shown: ErpSalesOrder, readAt: ReadAt): readonly Found[] {
  const text = (field: DifferenceField, before: string, now: string): readonly Found[] =>
    // Empty was "the ERP's own choice": then whatever it applied is right.
    before === '' || sameCode(before, now)
      ? []
      : [{ field, line: null, agreed: before, shown: now, money: '0', cause: 'clerk' }];
  const amount = (field: 'tax' | 'freight' | 'discount', before: Amount, now: Amount): readonly Found[] => {
    if (sameAmount(before, now)) return [];
    const more = subtract(now, before);
    const cause = field === 'tax' && (readAt === 'import' || !shown.taxFixed) ? 'taxRecomputed' : 'clerk';
    const money = field === 'discount' ? multiply(more, -1) : more;
    return [{ field, line: null, agreed: toCents(before), shown: toCents(now), money, cause }];
  };
  return [
    ...amount('tax', agreed.tax, shown.tax),
    ...amount('freight', agreed.freight, shown.freight),
    ...amount('discount', agreed.discount, shown.discount),
    ...text('division', agreed.division, shown.division),
    ...text('warehouse', agreed.warehouse, shown.warehouse),
    ...text('customer', agreed.customer, shown.customer),
    ...text('terms', agreed.terms, shown.terms),
    ...text('purchaseOrder', agreed.purchaseOrder, shown.purchaseOrder),
    // Blank = the ERP does not say.
    ...text('currency', agreed.currency, shown.currency || agreed.currency),
    ...text('shipTo', shipToText(agreed.store, agreed.shipTo), shipToText(shown.store, shown.shipTo)),
    ...text('startDate', agreed.startDate, shown.startDate ?? ''),
    ...text('endDate', agreed.endDate, shown.endDate ?? ''),
  ];
}

function lineDifferences(
  agreed: readonly SalesOrderLine[],
  shown: readonly ErpSalesOrderLine[],
  readAt: ReadAt,
): readonly Found[] {
  const bySequence = new Map(shown.map((line) => [line.sequence, line]));
  const known = new Set(agreed.map(({ sequence }) => sequence));
  const added = shown.filter((line) => !known.has(line.sequence) && liveUnits(line) > 0);
  const isSplit = (sku: SkuCodes, lost: number) =>
    lost > 0 && added.some((line) => itemOf(line.sku) === itemOf(sku) && liveUnits(line) === lost);
  const repriced = agreed.filter(({ sequence, price }) => {
    const there = bySequence.get(sequence);
    return there && !sameAmount(there.price, price);
  }).length;
  const lines = agreed.flatMap((line): readonly Found[] => {
    const { sequence, price, quantity, sku } = line;
    const there = bySequence.get(sequence);
    const about = { line: sequence } as const;
    if (!there) {
      // Cancelled before, and the ERP does not show it any more.
      if (quantity === 0) return [];
      const money = multiply(multiply(price, quantity), -1);
      const cause = isSplit(sku, quantity) ? 'backOrderSplit' : 'clerk';
      return [{ ...about, field: 'line', agreed: `${quantity} × ${price}`, shown: '', money, cause }];
    }
    const found: Found[] = [];
    if (itemOf(sku) !== itemOf(there.sku))
      found.push({
        ...about,
        field: 'item',
        agreed: itemOf(sku),
        shown: itemOf(there.sku),
        money: '0',
        cause: 'clerk',
      });
    const live = liveUnits(there);
    if (live !== quantity)
      found.push({
        ...about,
        field: 'quantity',
        agreed: String(quantity),
        shown: String(live),
        money: multiply(price, live - quantity),
        cause: isSplit(sku, quantity - live) ? 'backOrderSplit' : causeOfQuantity(there, quantity - live),
      });
    if (!sameAmount(price, there.price))
      found.push({
        ...about,
        field: 'price',
        agreed: toCents(price),
        shown: toCents(there.price),
        money: multiply(subtract(there.price, price), live),
        cause: readAt === 'import' || repriced > 1 ? 'repriced' : 'clerk',
      });
    if (line.warehouse !== '' && !sameCode(line.warehouse, there.warehouse))
      found.push({
        ...about,
        field: 'warehouse',
        agreed: line.warehouse,
        shown: there.warehouse,
        money: '0',
        cause: 'clerk',
      });
    return found;
  });
  return [
    ...lines,
    ...added.map((line): Found => {
      const isRest = agreed.some(({ sku, sequence, quantity }) => {
        const there = bySequence.get(sequence);
        return itemOf(sku) === itemOf(line.sku) && quantity - (there ? liveUnits(there) : 0) === liveUnits(line);
      });
      return {
        field: 'line',
        line: line.sequence,
        agreed: '',
        shown: `${liveUnits(line)} × ${toCents(line.price)} ${itemOf(line.sku)}`,
        money: multiply(line.price, liveUnits(line)),
        cause: isRest ? 'backOrderSplit' : 'clerk',
      };
    }),
  ];
}

function causeOfQuantity(line: ErpSalesOrderLine, missing: number): DifferenceCause {
  if (missing <= 0 || cancelledOf(line) < missing) return 'clerk';
  return line.cancelledByHouse > 0 ? 'houseCancel' : 'customerCancel';
}

/** The item as people write it: style/colour/label/dimension/size. */
export function itemOf({ style, color, label, dimension, size }: SkuCodes): string {
  return [style, color, label, dimension, size].map((code) => code.trim()).join('/');
}

/** A known store wins over the address (contract, section 9). */
export function shipToText(store: string, address: ErpAddress | null): string {
  if (store) return `store ${store}`;
  if (!address) return '';
  const { name, line1, line2, city, state, postalCode, country } = address;
  return [name, line1, line2, city, state, postalCode, country]
    .map((part) => part.trim().toUpperCase())
    .filter((part) => part !== '' && part !== '-')
    .join(', ');
}

function isHeaderAmount(field: DifferenceField): boolean {
  return field === 'tax' || field === 'freight' || field === 'discount';
}

function sameCode(left: string, right: string): boolean {
  return left.trim().toUpperCase() === right.trim().toUpperCase();
}
