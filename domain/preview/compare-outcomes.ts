import type { Preparations } from '../prepare-sales-order.ts';
import type { PreparedSalesOrder, SalesOrderLine } from '../sales-order.ts';

/** What becomes of a purchase under one site file. */
export type Outcome = Preparations | { readonly kind: 'notTaken'; readonly why: string };

/** One thing that comes out differently. */
export interface OrderChange {
  /** As people call it. */
  readonly field: string;
  /** Both values, where they are the same for many orders; null = each order has its own. */
  readonly values: { readonly before: string; readonly after: string } | null;
}

/** Codes that many orders share: a change of one is told with both values. */
const SHARED = [
  ['warehouse', 'warehouse'],
  ['customer', 'customer'],
  ['store', 'store'],
  ['distributionCentre', 'distribution centre'],
  ['orderType', 'order type'],
  ['terms', 'terms'],
  ['holdCode', 'hold code'],
  ['shipVia', 'ship via'],
  ['shipTerms', 'ship terms'],
  ['discountCode', 'discount code'],
  ['currency', 'currency'],
] as const satisfies readonly (readonly [keyof PreparedSalesOrder, string])[];

/** What each order has of its own. */
const OWN = [
  ['tax', 'tax'],
  ['freight', 'freight'],
  ['discount', 'discount'],
  ['purchaseOrder', 'purchase order number'],
  ['orderDate', 'order date'],
  ['startDate', 'start date'],
  ['endDate', 'cancel date'],
  ['notes', 'notes'],
  ['reference', 'reference'],
] as const satisfies readonly (readonly [keyof PreparedSalesOrder, string])[];

/** What would come out differently for one purchase; nothing = the same. */
export function compareOutcomes(before: Outcome, after: Outcome): readonly OrderChange[] {
  const fate = { before: fateOf(before), after: fateOf(after) };
  if (fate.before !== fate.after) return [{ field: 'outcome', values: fate }];
  if (before.kind !== 'prepared' || after.kind !== 'prepared') return [];
  const changes = [
    ...valueChange('divisions', divisionsOf(before.salesOrders), divisionsOf(after.salesOrders)),
    ...valueChange('held for review', codesOf(before.reviews), codesOf(after.reviews)),
    ...before.salesOrders.flatMap((order) => {
      const other = after.salesOrders.find(({ division }) => division === order.division);
      return other ? compareOrders(order, other) : [];
    }),
  ];
  return [...new Map(changes.map((change) => [causeOf(change), change])).values()];
}

/** A change in words: the same words for all orders that have it in common. */
export function causeOf({ field, values }: OrderChange): string {
  return values ? `${field}: ${values.before || 'none'} → ${values.after || 'none'}` : field;
}

function compareOrders(left: PreparedSalesOrder, right: PreparedSalesOrder): readonly OrderChange[] {
  const shared = SHARED.flatMap(([name, field]) => valueChange(field, left[name], right[name]));
  const own = OWN.flatMap(([name, field]) => ownChange(field, left[name], right[name]));
  const siteFields = [...new Set([...Object.keys(left.siteFields), ...Object.keys(right.siteFields)])].flatMap((name) =>
    ownChange(`field ${name}`, left.siteFields[name] ?? '', right.siteFields[name] ?? ''),
  );
  return [
    ...shared,
    ...own,
    ...siteFields,
    ...ownChange(
      'items of the lines',
      left.lines.map(({ sku }) => sku),
      right.lines.map(({ sku }) => sku),
    ),
    ...ownChange('prices of the lines', left.lines.map(pricesOf), right.lines.map(pricesOf)),
    ...ownChange('bill-to address', left.billTo, right.billTo),
    ...ownChange('ship-to address', left.shipTo, right.shipTo),
  ];
}

function pricesOf({ price, quantity }: SalesOrderLine): readonly (string | number)[] {
  return [price, quantity];
}

function fateOf(outcome: Outcome): string {
  if (outcome.kind === 'prepared') return 'goes in';
  return outcome.kind === 'impossible' ? `parked ${codesOf(outcome.problems)}` : `not taken in: ${outcome.why}`;
}

function divisionsOf(orders: readonly PreparedSalesOrder[]): string {
  return orders.map(({ division }) => division).join(' + ');
}

function codesOf(problems: readonly { readonly code: string }[]): string {
  return [...new Set(problems.map(({ code }) => code))].toSorted().join(', ');
}

function valueChange(field: string, before: string, after: string): readonly OrderChange[] {
  return before === after ? [] : [{ field, values: { before, after } }];
}

function ownChange(field: string, before: unknown, after: unknown): readonly OrderChange[] {
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ field, values: null }];
}
