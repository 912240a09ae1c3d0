import { ApplicationFailure } from '@temporalio/common';

import type { Site } from '../config/site.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import type { Act } from '../domain/order-state.ts';
import { parsePurchaseKey, type PurchaseKey } from '../domain/purchase.ts';
import { purchaseFingerprint } from '../domain/purchase-fingerprint.ts';
import { withCalls } from './calls.ts';
import { toStepFailure, translating } from './failures.ts';
import { entryText, readOwnEntry, shortFingerprint } from './own-entry.ts';

export interface PurchaseDependencies {
  readonly site: Site;
  readonly sparklayer: SparkLayer;
}

export type PurchaseActivities = ReturnType<typeof createPurchaseActivities>;

export interface RecordClosing {
  readonly key: string;
  readonly outcome: 'cancelled' | 'closed';
  readonly act: Act;
  /** By document. */
  readonly orderNumbers: readonly string[];
}

const NOTHING_OF_THE_ORDER = { internal: null, confirmation: 'leave', progress: null, accepted: null } as const;

/** Steps that touch a purchase only. */
export function createPurchaseActivities({ site, sparklayer }: PurchaseDependencies) {
  const { name: entryName, words } = site.ownEntry;
  return {
    /**
     * Notes on the purchase that a person ended its order, who and why, so that no later run takes it in again. What the
     * ERP has keeps standing there: content that changed just before is not passed off as known. Safe to repeat. Fails for
     * good where the storefront forbids the note: an order that is not known to be ended must not end.
     */
    async recordClosing({ key, outcome, act, orderNumbers }: RecordClosing): Promise<void> {
      return translating(toStepFailure, () =>
        withCalls(async (call) => {
          const noted = await sparklayer.annotatePurchase(
            keyOf(key),
            (purchase) => {
              const known = readOwnEntry(purchase, entryName);
              const content = known?.content ?? shortFingerprint(purchaseFingerprint(purchase, entryName));
              const text = entryText({
                purchase: key,
                state: words[outcome],
                orders: orderNumbers,
                content,
                before: known?.before ?? '',
                closed: act,
              });
              return { ...NOTHING_OF_THE_ORDER, entryName, entry: () => text };
            },
            call,
          );
          if (noted.kind === 'conflict') throw ApplicationFailure.nonRetryable(noted.why, 'WRITE_BACK_REFUSED');
        }),
      );
    },
  };
}

/** The key of an order's workflow, read back. A text that is none is a bug of ours. */
export function keyOf(text: string): PurchaseKey {
  const key = parsePurchaseKey(text);
  if (!key) throw new TypeError(`“${text}” is no purchase key`);
  return key;
}
