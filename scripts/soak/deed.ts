import { documentReference, referenceOf } from '../../domain/storefront-reference.ts';
import { parsePurchaseKey } from '../../domain/purchase.ts';
import type { SalesOrderView } from '../../sandbox/bluecherry/surface.ts';
import type { PurchaseRecord } from '../../sandbox/sparklayer/stand-in.ts';
import type { Random } from './random.ts';
import type { SoakSite } from './soak-site.ts';

export type Family =
  | 'buyers'
  | 'amendments'
  | 'clerks'
  | 'warehouse'
  | 'finance'
  | 'people'
  | 'work'
  | 'faults'
  | 'kills';

/** What somebody does in one step. All that it does was drawn before; it may find that it cannot be done any more. */
export interface Deed {
  readonly family: Family;
  readonly name: string;
  /** What was drawn, for the log. */
  readonly with: Readonly<Record<string, unknown>>;
  /** Throws when the deed is not possible now: then the step is without effect. */
  readonly act: (play: Playground) => void | Promise<void>;
}

/** Where deeds take place. */
export interface Playground {
  readonly site: SoakSite;
  /** Purchases in the order in which they were placed, by key. */
  readonly keys: readonly string[];
  /** As they were checked out. */
  readonly asPlaced: ReadonlyMap<string, PurchaseRecord>;
  readonly place: (purchase: PurchaseRecord) => void;
  /** Something that ends by itself, so many steps later. */
  readonly inSteps: (steps: number, act: () => void) => void;
}

/** One deed of a kind, drawn from chance alone; `orders` is how many purchases there are. */
export type Draw = (random: Random, orders: number) => Deed;

/** No deed, but nothing wrong either: the world is not as the deed needs it. */
export class NotPossible extends Error {
  override readonly name = 'NotPossible';
}

/** Mostly one of the latest orders: that is where systems meet. */
export function anOrder(random: Random, orders: number): number {
  const latest = Math.min(orders, LATEST);
  const recent = random.percent(80);
  return recent ? orders - 1 - random.below(latest) : random.below(orders);
}

const LATEST = 25;
const DOCUMENTS = 9;

export function keyOf({ keys }: Playground, order: number): string {
  const key = keys[order];
  if (key === undefined) throw new NotPossible('there is no such order yet');
  return key;
}

export function purchaseOf(play: Playground, order: number): PurchaseRecord {
  const purchase = play.site.storefront.purchase(keyOf(play, order));
  if (!purchase) throw new NotPossible('the purchase is gone');
  return purchase;
}

/** Bare reference first, then those of further documents. */
export function referencesOf(key: string): readonly string[] {
  const parsed = parsePurchaseKey(key);
  const bare = parsed && referenceOf(parsed);
  if (!bare) throw new Error(`The purchase ${key} has no reference.`);
  return Array.from({ length: DOCUMENTS }, (_, index) => documentReference(bare, index + 1));
}

/** The ERP order that a clerk opens; the number chooses among several. */
export function salesOrderOf(play: Playground, order: number, which: number): SalesOrderView {
  const found = referencesOf(keyOf(play, order)).flatMap((reference) => play.site.erp.liveSalesOrders(reference));
  return chosen(found, which, 'the order is not in the ERP');
}

/** One of several by a number drawn beforehand. */
export function chosen<Value>(values: readonly Value[], which: number, otherwise: string): Value {
  const value = values[which % Math.max(values.length, 1)];
  if (value === undefined) throw new NotPossible(otherwise);
  return value;
}
