import { findingOf, type Finding } from '../findings.ts';
import { isGreater, multiply, sum, toCents, type Amount } from '../money.ts';

/** Units of an order that are neither shipped nor cancelled: of one SKU from one warehouse. */
export interface OpenUnits {
  /** `skuKey` of the item. */
  readonly item: string;
  readonly warehouse: string;
  readonly units: number;
  /** Of them, taken from the shelf. */
  readonly picked: number;
  readonly price: Amount;
}

export interface OpenOrder {
  readonly orderNumber: string;
  /** ISO calendar date; null sorts last. */
  readonly orderDate: string | null;
  readonly open: readonly OpenUnits[];
}

/** What is in the building. */
export interface PhysicalUnits {
  readonly onHand: number;
  /** Taken for somebody, and still on hand. */
  readonly picked: number;
  /** ISO instant of these figures. */
  readonly asOf: string;
}

/** What an order cannot get. */
export interface ShortOrder {
  readonly orderNumber: string;
  readonly units: number;
  readonly value: Amount;
  /** Keys of the items. */
  readonly items: readonly string[];
}

/** null = nothing is known of this SKU there, and nothing is said. */
export type PhysicalOf = (item: string, warehouse: string) => PhysicalUnits | null;

/**
 * Orders that what is there does not fill: what is picked has its goods, then the oldest orders are served. Goods that were
 * picked for orders of others are not there for ours.
 *
 * @param readAt ISO instant at which the orders were read; null = nobody knows.
 */
export function findOversold(
  orders: readonly OpenOrder[],
  readAt: string | null,
  physicalOf: PhysicalOf,
): readonly ShortOrder[] {
  const ours = Map.groupBy(
    orders.flatMap(({ open }) => open),
    placeOf,
  );
  const left = new Map([...ours].map(([place, lines]) => [place, unitsFor(lines, readAt, physicalOf)]));
  const given = new Map<OpenUnits, number>();
  const byAge = orders.toSorted(older);
  const serve = (wanted: (line: OpenUnits) => number): void => {
    for (const line of byAge.flatMap(({ open }) => open)) {
      const place = placeOf(line);
      const there = left.get(place) ?? 0;
      const taken = Math.min(there, wanted(line));
      left.set(place, there - taken);
      given.set(line, (given.get(line) ?? 0) + taken);
    }
  };
  serve(({ picked }) => picked);
  serve(({ units, picked }) => units - picked);
  const short: ShortOrder[] = [];
  for (const { orderNumber, open } of byAge) {
    const missing = open
      .map((line) => ({ line, units: line.units - (given.get(line) ?? 0) }))
      .filter(({ units }) => units > 0);
    if (missing.length === 0) continue;
    short.push({
      orderNumber,
      units: missing.reduce((total, { units }) => total + units, 0),
      value: toCents(sum(missing.map(({ line, units }) => multiply(line.price, units)))),
      items: missing.map(({ line }) => line.item),
    });
  }
  return short;
}

/** One finding for all of them, by money. */
export function oversoldFinding(short: readonly ShortOrder[]): Finding | null {
  const ranked = short.toSorted((left, right) => (isGreater(right.value, left.value) ? 1 : -1));
  return findingOf(
    'ORDER_OVERSOLD',
    ranked.map(({ orderNumber, units, value }) => `${orderNumber} (${units} units, ${value})`),
    {
      says: 'Accepted orders have more open than is in their warehouse; the oldest orders are counted as served first.',
      value: toCents(sum(ranked.map(({ value }) => value))),
    },
  );
}

/** What is there for all lines of one place together; of a SKU that is not known there, all that they want. */
function unitsFor(lines: readonly OpenUnits[], readAt: string | null, physicalOf: PhysicalOf): number {
  const [first] = lines;
  const physical = first ? physicalOf(first.item, first.warehouse) : null;
  const wanted = total(lines, ({ units }) => units);
  if (!physical) return wanted;
  const { onHand, picked, asOf } = physical;
  // What was picked after the orders were read may be theirs, all of it.
  const isNewer = readAt === null || Date.parse(asOf) > Date.parse(readAt);
  const picksOfOurs = isNewer ? wanted : total(lines, (line) => line.picked);
  return Math.max(0, onHand - Math.max(0, picked - picksOfOurs));
}

function total(lines: readonly OpenUnits[], count: (line: OpenUnits) => number): number {
  return lines.reduce((units, line) => units + count(line), 0);
}

function older(left: OpenOrder, right: OpenOrder): number {
  return (
    (left.orderDate ?? '9999').localeCompare(right.orderDate ?? '9999') ||
    left.orderNumber.localeCompare(right.orderNumber, 'en', { numeric: true })
  );
}

function placeOf({ item, warehouse }: OpenUnits): string {
  return `${item}\n${warehouse}`;
}
