import type { Purchase, PurchaseIdentifiers, PurchaseKey, PurchaseNote } from '../../../domain/purchase.ts';
import type { SparkLayerError } from '../spark-layer-error.ts';
import { isMembers } from '../verbatim-json.ts';
import { CODES } from './errors.ts';
import { withAccepted, withProgress } from './write-progress.ts';

/** A purchase with every member it came with. */
export type Members = Readonly<Record<string, unknown>>;

export const GET_ROUTE = 'GET /api/v1/purchases/{lookupBy}/{identifier}';
export const PUT_ROUTE = 'PUT /api/v1/purchases/{lookupBy}/{identifier}';

const UNCONFIRMED = 'order_unconfirmed';
const CONFIRMED = 'order';
/** Orders only: carts, quotes and approvals are the buyer's (contract, section 5), an unknown type is never PUT (17). */
const WRITABLE_TYPES: readonly string[] = [UNCONFIRMED, CONFIRMED];

export function isWritableType(type: string): boolean {
  return WRITABLE_TYPES.includes(type);
}

export function purchasePath({ kind, value }: PurchaseKey): string {
  return `/api/v1/purchases/${kind}/${encodeURIComponent(value)}`;
}

/** A purchase placed through SparkLayer is always written under its SparkLayer id, however it was found. */
export function writeKey(key: PurchaseKey, { sparklayer }: PurchaseIdentifiers): PurchaseKey {
  return sparklayer === null ? key : { kind: 'sparklayer', value: sparklayer };
}

/**
 * What is ours and nothing else: number, packages, the type when confirming (A28), and our entry, which keeps its place
 * and its other members. `read` tells the entry what the purchase will be.
 */
export function withNote(members: Members, note: PurchaseNote, read: (members: Members) => Purchase): Members {
  const { internal, confirmation, entryName, entry, progress, accepted } = note;
  const identifiers = asMembers(members['purchase_identifiers']);
  const taken = accepted === null ? members : withAccepted(members, accepted);
  const shown = progress === null ? taken : withProgress(taken, progress);
  const next = {
    ...shown,
    ...(confirmation === 'confirm' && members['type'] === UNCONFIRMED ? { type: CONFIRMED } : {}),
    ...(internal === null ? {} : { purchase_identifiers: { ...identifiers, internal } }),
  };
  const metadata: readonly unknown[] = Array.isArray(members['metadata']) ? members['metadata'] : [];
  const place = metadata.findIndex((row) => asMembers(row)['name'] === entryName);
  const row = { ...asMembers(metadata[place]), name: entryName, value: entry(read(next)) };
  return { ...next, metadata: place < 0 ? [...metadata, row] : metadata.with(place, row) };
}

/**
 * The body of the PUT: everything as it was read, `revision_date` (the lock, A23) included, but the members that
 * SparkLayer calculates, at any depth (A26). Two lists are required even when empty (older documentation).
 */
export function writeBody(members: Members): string {
  const kept = asMembers(without(members, isCalculated));
  return JSON.stringify({
    ...kept,
    accounting_files: kept['accounting_files'] ?? [],
    custom_fields: kept['custom_fields'] ?? [],
  });
}

export function isSame(left: Members, right: Members): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}

/**
 * Whether a purchase read after a PUT without an answer is what was sent, but for what SparkLayer sets on every write
 * (A22) and what it may add to our own entry. Then nobody wrote since, and the write is ours.
 */
export function isAsSent(sent: Members, read: Members, entryName: string): boolean {
  const content = (members: Members) =>
    JSON.stringify(normal(without(withBareEntry(members, entryName), isSetBySparkLayer)));
  return content(sent) === content(read);
}

/** The causes of refusals are assumed (A24): 403 and a taken identifier are for people, an outdated revision is read anew. */
export function isConflictForPeople({ status, problems }: SparkLayerError): boolean {
  return (
    status === 403 ||
    (status === 409 &&
      problems.some(
        ({ code, property }) => code === CODES.identifierTaken || property.startsWith('purchase_identifiers'),
      ))
  );
}

export function isSurelyOutdated({ problems }: SparkLayerError): boolean {
  return problems.some(({ code, property }) => code === CODES.revisionOutdated || property === 'revision_date');
}

export function revisionOf(members: Members): unknown {
  return members['revision_date'] ?? null;
}

function withBareEntry(members: Members, entryName: string): Members {
  const metadata: readonly unknown[] = Array.isArray(members['metadata']) ? members['metadata'] : [];
  const bare = metadata.map((row) => {
    const { name, value } = asMembers(row);
    return name === entryName ? { name, value } : row;
  });
  return { ...members, metadata: bare };
}

function isCalculated(name: string): boolean {
  return name.startsWith('calculated_');
}

function isSetBySparkLayer(name: string): boolean {
  return isCalculated(name) || name === 'revision_date' || name === 'updated_at' || name === 'sparklayer_package_id';
}

function without(value: unknown, isLeftOut: (name: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((entry) => without(entry, isLeftOut));
  if (!isMembers(value)) return value;
  const kept = Object.entries(value).filter(([name]) => !isLeftOut(name));
  return Object.fromEntries(kept.map(([name, member]) => [name, without(member, isLeftOut)]));
}

/** Without regard to the order of members; absent, null, an empty list and an object that says nothing are one. */
function normal(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normal);
  if (!isMembers(value)) return value;
  return Object.entries(value)
    .map(([name, member]) => [name, normal(member)] as const)
    .filter(([, member]) => member !== null && !(Array.isArray(member) && member.length === 0))
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
}

function asMembers(value: unknown): Members {
  return isMembers(value) ? value : {};
}
