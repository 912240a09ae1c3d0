import { shipToText } from './compare-sales-order.ts';
import { isGreater, isZero, multiply, sameAmount, subtract, sum, toCents, type Amount } from './money.ts';
import type { PreparedSalesOrder, SalesOrderLine } from './sales-order.ts';
import type { ChangeKind } from './site-rules.ts';

/** One thing the buyer changed, before and after, in a person's words, and what it is worth. */
export interface Change {
  readonly kind: ChangeKind;
  readonly what: string;
  readonly before: string;
  readonly after: string;
  readonly money: Amount;
}

/** A line of the one order with the line of the other that it continues. */
export interface LinePair {
  readonly before: SalesOrderLine | null;
  readonly after: SalesOrderLine | null;
}

/**
 * What the purchase says now that it did not say when it was last agreed on. Only what the storefront owns: what the
 * site file or the calendar would make different today is no change of the buyer's. Where the purchase says nothing, the
 * ERP's own choice stands.
 */
export function purchaseChanges(before: PreparedSalesOrder, after: PreparedSalesOrder): readonly Change[] {
  const changes: Change[] = [];
  const said = (kind: ChangeKind, what: string, old: string, now: string, money: Amount = '0') => {
    if (old.trim().toUpperCase() !== now.trim().toUpperCase())
      changes.push({ kind, what, before: old, after: now, money });
  };
  for (const { before: old, after: now } of pairLines(before.lines, after.lines))
    changes.push(...lineChanges(old, now));
  for (const [what, old, now] of [
    ['tax', before.tax, after.tax],
    ['freight', before.freight, after.freight],
    ['discount', multiply(before.discount, -1), multiply(after.discount, -1)],
  ] as const)
    if (!sameAmount(old, now))
      changes.push({ kind: 'price', what, before: toCents(old), after: toCents(now), money: subtract(now, old) });
  said('customer', 'customer', before.customer, after.customer);
  if (!standsIn(before) || !standsIn(after)) said('purchaseOrder', 'PO', before.purchaseOrder, after.purchaseOrder);
  if (isShipToChanged(before, after))
    said('address', 'ship-to', shipToText(before.store, before.shipTo), shipToText(after.store, after.shipTo));
  said('address', 'ship-to contact', before.shipTo.contact, after.shipTo.contact);
  if (before.billTo && after.billTo)
    said('address', 'bill-to', shipToText('', before.billTo), shipToText('', after.billTo));
  if (after.shipVia) said('address', 'ship via', before.shipVia, after.shipVia);
  said('date', 'requested date', before.asked.deliveryDate ?? '', after.asked.deliveryDate ?? '');
  said('location', 'location', before.asked.location ?? '', after.asked.location ?? '');
  said('payment', 'payment', before.asked.paymentMethod ?? '', after.asked.paymentMethod ?? '');
  return changes;
}

/** Without a PO our own reference stands in, and that differs by document. */
export function standsIn({ purchaseOrder, reference }: PreparedSalesOrder): boolean {
  return bare(purchaseOrder) === bare(reference);
}

/** Where the buyer wants it. A store that the ERP opened or closed for the same address is no change of the buyer's. */
export function isShipToChanged(before: PreparedSalesOrder, after: PreparedSalesOrder): boolean {
  const isSamePlace = shipToText('', before.shipTo) === shipToText('', after.shipTo);
  const isOtherStore = before.store !== '' && after.store !== '' && before.store !== after.store;
  return (
    isOtherStore || (!isSamePlace && shipToText(before.store, before.shipTo) !== shipToText(after.store, after.shipTo))
  );
}

/** The same item at the same price first, then the same item; what is left was removed or is new. */
export function pairLines(before: readonly SalesOrderLine[], after: readonly SalesOrderLine[]): readonly LinePair[] {
  const left = [...before];
  const pairs = new Map<SalesOrderLine, SalesOrderLine | null>();
  const take = (line: SalesOrderLine, fits: (old: SalesOrderLine) => boolean) => {
    const index = left.findIndex((old) => isSameItem(old, line) && fits(old));
    if (index >= 0) pairs.set(line, left.splice(index, 1)[0] ?? null);
  };
  for (const line of after) take(line, (old) => sameAmount(old.price, line.price));
  for (const line of after) if (!pairs.has(line)) take(line, () => true);
  return [
    ...after.map((line): LinePair => ({ before: pairs.get(line) ?? null, after: line })),
    ...left.map((line): LinePair => ({ before: line, after: null })),
  ];
}

/** What the changes come to. */
export function changeMoney(changes: readonly Change[]): Amount {
  return toCents(sum(changes.map(({ money }) => money)));
}

/** One change in a person's words. */
export function describeChange({ what, before, after, money }: Change): string {
  const worth = isZero(money) ? '' : ` (${isGreater(money, '0') ? '+' : ''}${toCents(money)})`;
  return `${what}: ${before || 'none'} → ${after || 'none'}${worth}`;
}

function lineChanges(before: SalesOrderLine | null, after: SalesOrderLine | null): readonly Change[] {
  if (!before && after)
    return [
      {
        kind: 'lineAdded',
        what: nameOf(after),
        before: '',
        after: `${after.quantity} × ${after.price}`,
        money: multiply(after.price, after.quantity),
      },
    ];
  if (before && !after)
    return [
      {
        kind: 'lineRemoved',
        what: nameOf(before),
        before: `${before.quantity} × ${before.price}`,
        after: '',
        money: multiply(multiply(before.price, before.quantity), -1),
      },
    ];
  if (!before || !after) return [];
  const changes: Change[] = [];
  if (before.quantity !== after.quantity)
    changes.push({
      kind: after.quantity > before.quantity ? 'quantityUp' : 'quantityDown',
      what: nameOf(after),
      before: String(before.quantity),
      after: String(after.quantity),
      money: multiply(before.price, after.quantity - before.quantity),
    });
  if (!sameAmount(before.price, after.price))
    changes.push({
      kind: 'price',
      what: `${nameOf(after)} price`,
      before: toCents(before.price),
      after: toCents(after.price),
      money: multiply(subtract(after.price, before.price), after.quantity),
    });
  return changes;
}

/** A reference without its document's number. */
function bare(reference: string): string {
  return reference.trim().toUpperCase().split('.')[0] ?? '';
}

function isSameItem(left: SalesOrderLine, right: SalesOrderLine): boolean {
  if (left.item !== '' && right.item !== '') return left.item === right.item;
  return codesOf(left) === codesOf(right);
}

function codesOf({ sku }: SalesOrderLine): string {
  return [sku.style, sku.color, sku.label, sku.dimension, sku.size].join('|').toUpperCase();
}

function nameOf({ item, sku }: SalesOrderLine): string {
  return item || [sku.style, sku.color, sku.size].join('-');
}
