import type { Purchase, PurchaseKey, PurchaseNote } from '../../domain/purchase.ts';
import { PUT_ROUNDS } from './settings.ts';
import { SparkLayerError } from './spark-layer-error.ts';
import { CODES } from './wire/errors.ts';
import { WRITABLE_TYPES } from './wire/purchase.ts';

export type AnnotateOutcome =
  /** The purchase as stored. */
  | { readonly kind: 'written'; readonly purchase: Purchase }
  /** It already says so; nothing was sent. */
  | { readonly kind: 'unchanged'; readonly purchase: Purchase }
  /** The change did not want to be made. */
  | { readonly kind: 'left'; readonly purchase: Purchase }
  | { readonly kind: 'gone' }
  /** An identifier belongs to another purchase, or the storefront forbids it: people. */
  | { readonly kind: 'conflict'; readonly why: string };

export type Members = Readonly<Record<string, unknown>>;

/** A purchase as it was read: in our words, and with every member it came with. */
export interface ReadPurchase {
  readonly purchase: Purchase;
  readonly members: Members;
}

export interface PurchaseAccess {
  readonly read: (key: PurchaseKey) => Promise<ReadPurchase | null>;
  readonly replace: (key: PurchaseKey, members: Members) => Promise<ReadPurchase>;
}

/**
 * Read, change, replace, with the revision lock; nothing stands between reading and replacing. Others' writes are read
 * again and kept. After an answer that was lost it reads first: what is stored already is done.
 */
export async function annotate(
  { read, replace }: PurchaseAccess,
  key: PurchaseKey,
  change: (purchase: Purchase) => PurchaseNote | null,
): Promise<AnnotateOutcome> {
  let lost: SparkLayerError | null = null;
  for (let round = 0; round < PUT_ROUNDS; round++) {
    const found = await read(key);
    // A PUT under an unknown id would revive a purchase that was deleted.
    if (!found) return { kind: 'gone' };
    const { purchase, members } = found;
    const note = change(purchase);
    if (note === null || !WRITABLE_TYPES.includes(purchase.type)) return { kind: 'left', purchase };
    const changed = withNote(members, note);
    if (JSON.stringify(changed) === JSON.stringify(members)) return { kind: lost ? 'written' : 'unchanged', purchase };
    lost = null;
    try {
      return { kind: 'written', purchase: (await replace(key, withoutCalculated(changed))).purchase };
    } catch (error) {
      if (!(error instanceof SparkLayerError)) throw error;
      if (error.status === 409 && error.problems.some(({ code }) => code === CODES.identifierTaken))
        return { kind: 'conflict', why: error.message };
      if (error.status === 403) return { kind: 'conflict', why: error.message };
      if (error.status === 409) continue;
      if (error.fate !== 'wait' || error.code === 'RATE_LIMITED' || error.code === 'NO_TIME_LEFT') throw error;
      lost = error;
    }
  }
  throw (
    lost ??
    new SparkLayerError('PUT purchase: others keep changing it', {
      code: 'REVISION_OUTDATED',
      fate: 'wait',
      status: 409,
    })
  );
}

/** Our two members and nothing else. */
function withNote(members: Members, { internal, entryName, entry }: PurchaseNote): Members {
  const identifiers = plain(members['purchase_identifiers']);
  const metadata: readonly unknown[] = Array.isArray(members['metadata']) ? members['metadata'] : [];
  const isOurs = (row: unknown) => plain(row)['name'] === entryName;
  const place = metadata.findIndex(isOurs);
  const row = { ...(place < 0 ? {} : plain(metadata[place])), name: entryName, value: entry };
  return {
    ...members,
    purchase_identifiers: internal === null ? identifiers : { ...identifiers, internal },
    metadata: place < 0 ? [...metadata, row] : metadata.with(place, row),
  };
}

/** Everything as it was read but the members SparkLayer calculates, at any depth (A26). Required lists go out even empty. */
function withoutCalculated(members: Members): Members {
  const stripped = plain(strip(members));
  return {
    ...stripped,
    accounting_files: stripped['accounting_files'] ?? [],
    custom_fields: stripped['custom_fields'] ?? [],
  };
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([name]) => !name.startsWith('calculated_'));
  return Object.fromEntries(kept.map(([name, member]) => [name, strip(member)]));
}

function plain(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}
