import { availableToSell, type Availability, type WarehouseFigures } from './available-to-sell.ts';
import type { AbsentRow, KeptPart } from './merge-part.ts';
import type { IncomingGoods } from './pre-order.ts';
import { itemKey, skuKey } from './sku-key.ts';
import type { StockItem } from './stock-item.ts';
import type { StockBuckets } from './stock-row.ts';
import type { CountedWarehouse, StockRules } from './stock-rules.ts';
import { minutesBetween } from './stock-words.ts';
import { unseenAt, type UnseenUnits } from './unseen-units.ts';

/** The last good figures of a part, and whether a newer reading of it was refused, or failed, in this run. */
export interface PartInUse {
  readonly kept: KeptPart;
  readonly newest: 'taken' | 'notTaken';
}

export interface StockSources {
  readonly parts: Iterable<PartInUse>;
  readonly unseen: UnseenUnits;
  readonly rules: StockRules;
  /** ISO instant: figures are as old as it makes them. */
  readonly now: string;
  /** Calendar date in the ERP's zone; matters for pre-order only. */
  readonly today: string;
  /** Dated production; matters for pre-order only. */
  readonly incoming: Iterable<IncomingGoods>;
}

/** All that is known of stock at one moment, laid out so that any SKU is found at once. */
export interface StockIndex extends Omit<StockSources, 'parts' | 'incoming'> {
  /** Location → division → the warehouses that feed it. */
  readonly feeds: ReadonlyMap<string, ReadonlyMap<string, readonly IndexedWarehouse[]>>;
  readonly parts: readonly IndexedPart[];
  /** Counted warehouses of which there are no good figures. */
  readonly unread: readonly CountedWarehouse[];
  readonly incomingTo: (item: StockItem, warehouse: string) => readonly IncomingGoods[];
}

export interface IndexedWarehouse extends CountedWarehouse {
  /** null = no good figures. */
  readonly part: IndexedPart | null;
}

export interface IndexedPart extends CountedWarehouse {
  readonly snapshot: string;
  readonly asOf: string;
  readonly ageMinutes: number;
  readonly newest: 'taken' | 'notTaken';
  readonly standing: 'current' | 'old';
  readonly rows: ReadonlyMap<string, StockBuckets>;
  readonly absent: ReadonlyMap<string, AbsentRow>;
}

/** Lays the figures out once, for any number of SKUs and locations. */
export function indexStock({ parts, incoming, ...sources }: StockSources): StockIndex {
  const { rules, now } = sources;
  const indexed = new Map<string, IndexedPart>();
  for (const part of parts) indexed.set(partKey(part.kept), indexPart(part, now, rules));
  const feeds = new Map<string, Map<string, IndexedWarehouse[]>>();
  for (const { location, from } of rules.feeds) {
    const warehouses = from.map((counted) => ({ ...counted, part: indexed.get(partKey(counted)) ?? null }));
    feeds.set(
      location,
      Map.groupBy(warehouses, ({ division }) => division),
    );
  }
  const counted = new Map(rules.feeds.flatMap(({ from }) => from.map((one) => [partKey(one), one] as const)));
  const goods = Map.groupBy(incoming, ({ sku, warehouse }) => `${itemKey(sku)}\n${warehouse}`);
  return {
    ...sources,
    feeds,
    parts: [...indexed.values()].filter((part) => counted.has(partKey(part))),
    unread: [...counted].flatMap(([key, { division, warehouse }]) =>
      indexed.has(key) ? [] : [{ division, warehouse }],
    ),
    incomingTo: ({ codes }, warehouse) => goods.get(`${itemKey(codes)}\n${warehouse}`) ?? [],
  };
}

/** What may be promised of a SKU at a location now; null = no warehouse of its division feeds the location. */
export function availabilityAt(stock: StockIndex, item: StockItem, location: string): Availability {
  const key = skuKey(item.codes);
  const warehouses = stock.feeds.get(location)?.get(item.codes.division) ?? [];
  const unseen = unseenAt(stock.unseen, item.sku, location).reduce((sum, { units }) => sum + units, 0);
  return availableToSell(
    { item, location, figures: warehouses.map((warehouse) => figuresOf(warehouse, key, stock.now)), unseen },
    stock.rules,
  );
}

function figuresOf({ division, warehouse, part }: IndexedWarehouse, key: string, now: string): WarehouseFigures {
  if (!part) return { kind: 'unread', division, warehouse };
  const { snapshot, asOf, ageMinutes, standing } = part;
  const buckets = part.rows.get(key);
  if (buckets) return { kind: 'row', division, warehouse, buckets, snapshot, asOf, ageMinutes, standing };
  const absent = part.absent.get(key);
  if (!absent) return { kind: 'neverThere', division, warehouse };
  return {
    kind: 'absent',
    division,
    warehouse,
    buckets: absent.row.buckets,
    snapshot: absent.snapshot,
    asOf: absent.asOf,
    ageMinutes: ageAt(absent.asOf, now),
    standing: 'old',
  };
}

function indexPart({ kept, newest }: PartInUse, now: string, { guards }: StockRules): IndexedPart {
  const { division, warehouse, snapshot, asOf } = kept;
  const ageMinutes = ageAt(asOf, now);
  return {
    division,
    warehouse,
    snapshot,
    asOf,
    ageMinutes,
    newest,
    standing: newest === 'notTaken' || ageMinutes > guards.staleMinutes ? 'old' : 'current',
    rows: new Map(kept.rows.map(({ sku, buckets }) => [skuKey(sku), buckets])),
    absent: new Map(kept.absent.map((row) => [skuKey(row.row.sku), row])),
  };
}

/** The ERP's clock may be a little ahead: nothing is younger than new. */
function ageAt(asOf: string, now: string): number {
  return Math.max(0, minutesBetween(asOf, now));
}

function partKey({ division, warehouse }: CountedWarehouse): string {
  return `${division}\n${warehouse}`;
}
