import { randomUUID } from 'node:crypto';
import { instant, type Clock } from './clock.ts';
import { orderedQuantities, type Ordered } from './purchase-invariants.ts';
import { withCalculatedMembers } from './purchase-figures.ts';
import { withUnknownMembers } from './unknown-members.ts';
import { isObject, type Money, type PurchaseRecord, type TransactionRecord } from './wire.ts';

export const lookups = ['sparklayer', 'platform', 'internal', 'visible'] as const;
export type Lookup = (typeof lookups)[number];

/** A purchase with what SparkLayer knows about it beside the record itself. */
export interface StoredPurchase {
  record: PurchaseRecord;
  readonly transactions: Map<string, TransactionRecord>;
  /** What was last placed or PUT as paid; it shows while no applied transaction exists. */
  sentTotalPaid: Money | null;
  /** What was ordered, by SKU, as placed or amended by others; a PUT must not change it. */
  ordered: Ordered;
}

/** The purchases of one site. Every change sets `updated_at` and `revision_date` to one instant, strictly rising. */
export interface PurchaseStore {
  readonly all: () => StoredPurchase[];
  readonly find: (lookup: Lookup, identifier: string) => StoredPurchase | undefined;
  /** By any of the four identifiers, in the order of `lookups`. */
  readonly findAny: (identifier: string) => StoredPurchase | undefined;
  /** Stores a new purchase; a given `updated_at` is kept, or set to now. */
  readonly add: (purchase: PurchaseRecord) => StoredPurchase;
  /** Replaces a record and moves its times. */
  readonly replace: (stored: StoredPurchase, purchase: PurchaseRecord) => StoredPurchase;
  readonly delete: (stored: StoredPurchase) => void;
  readonly wasDeleted: (sparklayerId: string) => boolean;
}

export function createPurchaseStore(clock: Clock): PurchaseStore {
  const purchases = new Set<StoredPurchase>();
  const deleted = new Set<string>();
  let unknownValues = 0;

  const complete = (purchase: PurchaseRecord, updatedAt: string, revision: string): PurchaseRecord => {
    const dated = { ...purchase, dates: { ...purchase.dates, updated_at: updatedAt }, revision_date: revision };
    const identified = { ...dated, packages: dated.packages.map(withPackageId) };
    const open = withUnknownMembers(identified, () => `kept-${(unknownValues += 1)}`);
    return withCalculatedMembers(asPurchase(open));
  };

  const find = (lookup: Lookup, identifier: string) =>
    [...purchases].find(({ record }) => sameIdentifier(lookup, record.purchase_identifiers[lookup], identifier));

  return {
    all: () => [...purchases],
    find,
    findAny: (identifier) => lookups.map((lookup) => find(lookup, identifier)).find((found) => found !== undefined),
    add: (purchase) => {
      const updatedAt = purchase.dates.updated_at ?? clock.stamp();
      clock.notBefore(updatedAt);
      const record = complete(purchase, updatedAt, purchase.revision_date ?? updatedAt);
      const stored: StoredPurchase = {
        record,
        transactions: new Map(),
        sentTotalPaid: record.total_paid ?? null,
        ordered: orderedQuantities(record),
      };
      purchases.add(stored);
      return stored;
    },
    replace: (stored, purchase) => {
      const now = clock.stamp();
      stored.record = complete(purchase, now, now);
      return stored;
    },
    delete: (stored) => {
      purchases.delete(stored);
      deleted.add(stored.record.purchase_identifiers.sparklayer?.toLowerCase() ?? '');
    },
    wasDeleted: (sparklayerId) => deleted.has(sparklayerId.toLowerCase()),
  };
}

/** Oldest change first, then by SparkLayer id, purchases without one last. */
export function byLastUpdate(one: StoredPurchase, other: StoredPurchase): number {
  const difference = instant(one.record.dates.updated_at ?? '') - instant(other.record.dates.updated_at ?? '');
  return difference || compare(sortId(one), sortId(other));
}

export function sameIdentifier(lookup: Lookup, stored: string | null | undefined, sent: string): boolean {
  if (!stored) return false;
  return lookup === 'sparklayer' ? stored.toLowerCase() === sent.toLowerCase() : stored === sent;
}

/** Reads a raw purchase: fills the containers that everything else relies on, keeps all the rest as given. */
export function asPurchase(value: unknown): PurchaseRecord {
  if (!isObject(value)) throw new TypeError('A purchase is an object.');
  const copy = structuredClone(value);
  const objects = (key: string) => (isObject(copy[key]) ? copy[key] : {});
  return {
    ...copy,
    type: typeof copy['type'] === 'string' ? copy['type'] : 'order',
    purchase_identifiers: objects('purchase_identifiers'),
    customer_identifiers: objects('customer_identifiers'),
    dates: objects('dates'),
    packages: Array.isArray(copy['packages']) ? copy['packages'] : [],
  };
}

function withPackageId(entry: PurchaseRecord['packages'][number]): PurchaseRecord['packages'][number] {
  if (entry.identifiers?.sparklayer_package_id) return entry;
  return { ...entry, identifiers: { ...entry.identifiers, sparklayer_package_id: randomUUID() } };
}

function sortId({ record }: StoredPurchase): string {
  return record.purchase_identifiers.sparklayer?.toLowerCase() ?? '~';
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
