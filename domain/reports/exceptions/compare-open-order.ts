import { CAUSE_WORDS, FIELD_WORDS, itemOf } from '../../compare-sales-order.ts';
import { cancelledOf } from '../../erp-stage.ts';
import {
  absolute,
  divide,
  isGreater,
  isZero,
  multiply,
  sameAmount,
  subtract,
  sum,
  toCents,
  type Amount,
} from '../../money.ts';
import { worthOfOrder } from '../../proof/worth-of-order.ts';
import { asReplacement, goodsOf } from '../../restate-order.ts';
import type { ErpSalesOrder, PreparedSalesOrder, SalesOrderLine } from '../../sales-order.ts';
import type { DifferenceCause, DifferenceField, ErpEditRules, Owner } from '../../site-rules.ts';

/** One difference of a whole purchase, whatever documents its orders are in. */
export interface OrderDifference {
  readonly field: DifferenceField;
  /** Field in words, with the item where it is a line's. */
  readonly what: string;
  readonly storefront: string;
  readonly erp: string;
  /** By how much the ERP's orders are worth more. */
  readonly money: Amount;
  readonly cause: DifferenceCause;
  readonly owner: Owner;
}

/**
 * What the purchase asks for now against all live orders of the ERP that carry it: their lines are added up by item, so
 * that a split by division, a supplement and a back-order line compare as what they are together. The money of all
 * differences is the difference in worth, to the cent.
 */
export function compareOpenOrder(
  wanted: readonly PreparedSalesOrder[],
  shown: readonly ErpSalesOrder[],
  rules: Pick<ErpEditRules, 'toleratedFields' | 'toleratedAmount'>,
): readonly OrderDifference[] {
  const live = shown.map((order) => asReplacement(order, '', null));
  const found = [
    ...lineDifferences(
      wanted.flatMap(({ lines }) => lines),
      live.flatMap(({ lines }) => lines),
      shown,
    ),
    ...amountDifferences(wanted, live, shown, rules.toleratedAmount),
    ...codeDifferences(wanted, shown),
  ];
  return found.filter(({ field }) => !rules.toleratedFields.includes(field));
}

type Line = Pick<SalesOrderLine, 'sku' | 'price' | 'quantity' | 'warehouse' | 'item'>;

function lineDifferences(
  wanted: readonly Line[],
  live: readonly Line[],
  shown: readonly ErpSalesOrder[],
): readonly OrderDifference[] {
  const [before, now] = [Map.groupBy(wanted, keyOf), Map.groupBy(live, keyOf)];
  const keys = [...new Set([...before.keys(), ...now.keys()])];
  const found = keys.map((key) => itemDifferences(key, before.get(key) ?? [], now.get(key) ?? [], shown)).flat();
  const repriced = found.filter(({ field }) => field === 'price').length > 1;
  return found.map((each) => (each.field === 'price' && repriced ? { ...each, cause: 'repriced' } : each));
}

function itemDifferences(
  key: string,
  wanted: readonly Line[],
  live: readonly Line[],
  shown: readonly ErpSalesOrder[],
): readonly OrderDifference[] {
  const [first] = [...wanted, ...live];
  if (!first) return [];
  const name = first.item || itemOf(first.sku);
  const [before, now] = [unitsOf(wanted), unitsOf(live)];
  const more = subtract(goodsOf(live), goodsOf(wanted));
  const found: OrderDifference[] = [];
  // Added or removed units count at the price of the side that has them, the rest of the money is the price's.
  const price = before > 0 ? averagePrice(wanted, before) : averagePrice(live, now);
  const ofUnits = before === 0 || now === 0 ? more : toCents(multiply(price, now - before));
  if (before !== now) {
    const field = before === 0 || now === 0 ? 'line' : 'quantity';
    const cause = now < before ? cancelCauseOf(key, shown) : 'clerk';
    found.push(of(field, `${FIELD_WORDS[field]} ${name}`, String(before), String(now), ofUnits, cause));
  }
  const ofPrice = subtract(more, ofUnits);
  if (before > 0 && now > 0 && !isZero(ofPrice))
    found.push(of('price', `price ${name}`, pricesOf(wanted), pricesOf(live), ofPrice, 'clerk'));
  const [there, here] = [warehousesOf(live), warehousesOf(wanted)];
  if (before > 0 && now > 0 && there !== here)
    found.push(of('warehouse', `warehouse ${name}`, here, there, '0', 'clerk'));
  return found;
}

function amountDifferences(
  wanted: readonly PreparedSalesOrder[],
  live: readonly PreparedSalesOrder[],
  shown: readonly ErpSalesOrder[],
  tolerated: Amount,
): readonly OrderDifference[] {
  // Of an order cancelled in part nobody can tell the live share of its tax to the cent.
  const uncertain = sum(shown.map((order) => worthOfOrder(order).uncertain));
  const isRecomputed = shown.some(({ taxFixed }) => !taxFixed);
  const found = (['tax', 'freight', 'discount'] as const).flatMap((field): readonly OrderDifference[] => {
    const [before, now] = [wanted, live].map((orders) => sum(orders.map((order) => order[field])));
    if (before === undefined || now === undefined || sameAmount(before, now)) return [];
    const more = subtract(now, before);
    if (field === 'tax' && !isGreater(absolute(more), uncertain)) return [];
    const money = field === 'discount' ? multiply(more, -1) : more;
    const cause = field === 'tax' && isRecomputed ? 'taxRecomputed' : 'clerk';
    return [of(field, FIELD_WORDS[field], toCents(before), toCents(now), money, cause)];
  });
  const all = sum(found.map(({ money }) => absolute(money)));
  return isGreater(all, tolerated) ? found : [];
}

/** Codes of the header, by division. */
function codeDifferences(
  wanted: readonly PreparedSalesOrder[],
  shown: readonly ErpSalesOrder[],
): readonly OrderDifference[] {
  return (['terms', 'warehouse', 'customer', 'currency'] as const).flatMap((field): readonly OrderDifference[] => {
    const pairs = shown.flatMap((order) => {
      const own = wanted.find(({ division }) => division === order.division);
      // Empty = the ERP's own choice, or the ERP does not say.
      return own && own[field] !== '' && order[field] !== '' && !isSame(own[field], order[field])
        ? [[own[field], order[field]] as const]
        : [];
    });
    const [first] = pairs;
    if (!first) return [];
    const [here, there] = [0, 1].map((side) => [...new Set(pairs.map((pair) => pair[side] ?? ''))].join(', '));
    return [of(field, FIELD_WORDS[field], here ?? '', there ?? '', '0', 'clerk')];
  });
}

const OWNERS: Partial<Record<DifferenceField, Owner>> = {
  line: 'ecommerce',
  quantity: 'ecommerce',
  warehouse: 'warehouse',
};

function of(
  field: DifferenceField,
  what: string,
  storefront: string,
  erp: string,
  money: Amount,
  cause: DifferenceCause,
): OrderDifference {
  return { field, what, storefront, erp, money: toCents(money), cause, owner: OWNERS[field] ?? 'finance' };
}

/** The cause of a difference in a person's words. */
export function causeInWords(cause: DifferenceCause): string {
  return CAUSE_WORDS[cause];
}

function cancelCauseOf(key: string, shown: readonly ErpSalesOrder[]): DifferenceCause {
  const lines = shown
    .flatMap((order) => order.lines ?? [])
    .filter((line) => keyOf(line) === key && cancelledOf(line) > 0);
  if (lines.length === 0) return 'clerk';
  return lines.some(({ cancelledByHouse }) => cancelledByHouse > 0) ? 'houseCancel' : 'customerCancel';
}

function averagePrice(lines: readonly Line[], units: number): Amount {
  const [first] = lines;
  return first && lines.every(({ price }) => sameAmount(price, first.price))
    ? first.price
    : divide(goodsOf(lines), units);
}

function unitsOf(lines: readonly Line[]): number {
  return lines.reduce((units, { quantity }) => units + quantity, 0);
}

function pricesOf(lines: readonly Line[]): string {
  return [...new Set(lines.map(({ price }) => toCents(price)))].join(', ');
}

function warehousesOf(lines: readonly Line[]): string {
  return [...new Set(lines.map(({ warehouse }) => warehouse.trim().toUpperCase()))].toSorted().join(', ');
}

function keyOf({ sku }: Pick<Line, 'sku'>): string {
  return `${sku.division} ${itemOf(sku)}`;
}

function isSame(left: string, right: string): boolean {
  return left.trim().toUpperCase() === right.trim().toUpperCase();
}
