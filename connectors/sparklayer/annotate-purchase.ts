import type { Purchase, PurchaseKey, PurchaseNote } from '../../domain/purchase.ts';
import { SparkLayerError } from './spark-layer-error.ts';
import {
  isAsSent,
  isConflictForPeople,
  isSame,
  isSurelyOutdated,
  isWritableType,
  PUT_ROUTE,
  revisionOf,
  withNote,
  writeKey,
  type Members,
} from './wire/purchase-write.ts';

export type AnnotateOutcome =
  /** The purchase as stored. */
  | { readonly kind: 'written'; readonly purchase: Purchase }
  /** It already says so; nothing was sent. */
  | { readonly kind: 'unchanged'; readonly purchase: Purchase }
  /** The change did not want to be made, or the purchase is of a type that is never written. */
  | { readonly kind: 'left'; readonly purchase: Purchase }
  | { readonly kind: 'gone' }
  /** An identifier belongs to another purchase, or the storefront forbids it: people. */
  | { readonly kind: 'conflict'; readonly why: string };

/** A purchase as it was read: in our words, and with every member it came with. */
export interface ReadPurchase {
  readonly purchase: Purchase;
  readonly members: Members;
}

export interface PurchaseAccess {
  readonly read: (key: PurchaseKey) => Promise<ReadPurchase | null>;
  readonly replace: (key: PurchaseKey, members: Members) => Promise<Purchase>;
  /** Told the `updated_at` of every write that is surely ours. */
  readonly remember: (updatedAt: string) => void;
  /** Waits before a look at a write without an answer; throws the error given when there is no time for that. */
  readonly pause: (nth: number, lost: SparkLayerError) => Promise<void>;
  readonly rounds: number;
  /** A purchase about to be written, in our words. */
  readonly understand: (members: Members) => Purchase;
}

/**
 * Read, change, replace, with the revision lock; nothing stands between reading and replacing. Others' writes are read
 * again and kept. After an answer that was lost it reads first: what is stored already is done.
 */
export async function annotate(
  { read, replace, remember, pause, rounds, understand }: PurchaseAccess,
  key: PurchaseKey,
  change: (purchase: Purchase) => PurchaseNote | null,
): Promise<AnnotateOutcome> {
  /** Everything sent whose answer never came: any of it may be stored, also later. */
  const unanswered: Members[] = [];
  let refused: { readonly error: SparkLayerError; readonly sent: Members } | null = null;
  let failure: SparkLayerError | null = null;
  for (let round = 0; ; round++) {
    const found = await read(key);
    // A PUT under an unknown id would revive a purchase that was deleted.
    if (!found) return { kind: 'gone' };
    const { purchase, members } = found;
    if (!isWritableType(purchase.type)) return { kind: 'left', purchase };
    const note = change(purchase);
    if (note === null) return { kind: 'left', purchase };
    const wanted = withNote(members, note, understand);
    if (isSame(wanted, members)) {
      // With somebody's write on top, `updated_at` is theirs and must reach the poller.
      if (unanswered.some((sent) => isAsSent(sent, members, note.entryName))) remember(purchase.updatedAt);
      return { kind: unanswered.length > 0 ? 'written' : 'unchanged', purchase };
    }
    // Refused as outdated by its status alone, and yet nobody wrote: then it is an identifier.
    if (refused && !isSurelyOutdated(refused.error) && revisionOf(refused.sent) === revisionOf(members))
      return { kind: 'conflict', why: refused.error.message };
    if (failure && (round >= rounds || failure.status === 404)) throw failure;
    refused = null;
    try {
      const stored = await replace(writeKey(key, purchase.identifiers), wanted);
      remember(stored.updatedAt);
      return { kind: 'written', purchase: stored };
    } catch (error) {
      if (!(error instanceof SparkLayerError)) throw error;
      if (isConflictForPeople(error)) return { kind: 'conflict', why: error.message };
      if (error.status === 409) {
        refused = { error, sent: wanted };
        failure = outdated(error);
      } else if (error.status === 404) failure = error;
      else if (mayBeStored(error)) {
        unanswered.push(wanted);
        failure = error;
        await pause(unanswered.length - 1, error);
      } else throw error;
    }
  }
}

/** Whether the write may have happened although its answer says nothing of it. */
function mayBeStored({ code, fate, route }: SparkLayerError): boolean {
  return route === PUT_ROUTE && fate === 'wait' && code !== 'RATE_LIMITED' && code !== 'NO_TIME_LEFT';
}

function outdated({ problems }: SparkLayerError): SparkLayerError {
  return new SparkLayerError({
    code: 'REVISION_OUTDATED',
    fate: 'wait',
    route: PUT_ROUTE,
    says: 'others keep changing the purchase',
    status: 409,
    problems,
  });
}
