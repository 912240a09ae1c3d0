import type { Site } from '../config/site.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import type { Act } from '../domain/order-state.ts';
import { buyerSees } from '../domain/order-steps.ts';
import { purchaseFingerprint } from '../domain/purchase-fingerprint.ts';
import { parsePurchaseKey, type PurchaseKey } from '../domain/purchase.ts';
import type { ErpOrderStatus } from '../domain/sales-order.ts';
import { withCalls } from './calls.ts';
import { toStepFailure, translating } from './failures.ts';
import { ownNote, readOwnEntry, shortFingerprint } from './own-entry.ts';

export interface PurchaseDependencies {
  readonly site: Site;
  readonly sparklayer: SparkLayer;
}

export type PurchaseActivities = ReturnType<typeof createPurchaseActivities>;

/** Steps that touch a purchase only. */
export function createPurchaseActivities({ site, sparklayer }: PurchaseDependencies) {
  const { name: entryName, words } = site.ownEntry;
  return {
    /** Whether the purchase still is what was sent. */
    async comparePurchase({
      key,
      fingerprint,
    }: {
      key: string;
      fingerprint: string;
    }): Promise<{ kind: 'same' | 'amended'; updatedAt: string } | { kind: 'withdrawn' }> {
      return step(async (call) => {
        const purchase = await sparklayer.getPurchase(keyOf(key), call);
        if (!purchase || !site.intake.types.includes(purchase.type)) return { kind: 'withdrawn' };
        const isSame = purchaseFingerprint(purchase, entryName) === fingerprint;
        return { kind: isSame ? 'same' : 'amended', updatedAt: purchase.updatedAt };
      });
    },

    /** Writes to the purchase, in words a buyer may read, where the order stands. Safe to repeat. */
    async tellBuyer({
      key,
      orderNumber,
      status,
    }: {
      key: string;
      orderNumber: string;
      status: ErpOrderStatus;
    }): Promise<{ kind: 'told'; updatedAt: string | null } | { kind: 'conflict'; why: string }> {
      return step(async (call) => {
        const outcome = await sparklayer.annotatePurchase(
          keyOf(key),
          (purchase) => {
            const known = readOwnEntry(purchase, entryName);
            const content = known?.content ?? shortFingerprint(purchaseFingerprint(purchase, entryName));
            return ownNote(
              entryName,
              { state: words[buyerSees(status)], orders: [orderNumber], content, closed: known?.closed ?? null },
              orderNumber,
            );
          },
          call,
        );
        if (outcome.kind === 'conflict') return outcome;
        return { kind: 'told', updatedAt: outcome.kind === 'gone' ? null : outcome.purchase.updatedAt };
      });
    },

    /** Notes on the purchase that its order ended, by whom and why, so that no later run takes it in again. Safe to repeat. */
    async recordClosing({
      key,
      outcome,
      act,
      orderNumber,
    }: {
      key: string;
      outcome: 'cancelled' | 'closed';
      act: Act;
      orderNumber: string;
    }): Promise<void> {
      return step(async (call) => {
        await sparklayer.annotatePurchase(
          keyOf(key),
          (purchase) => {
            const content = shortFingerprint(purchaseFingerprint(purchase, entryName));
            const orders = orderNumber ? [orderNumber] : [];
            return ownNote(entryName, { state: words[outcome], orders, content, closed: act }, null);
          },
          call,
        );
      });
    },
  };

  async function step<Result>(work: Parameters<typeof withCalls<Result>>[0]): Promise<Result> {
    return translating(toStepFailure, () => withCalls(work));
  }
}

/** The key of an order's workflow, read back. A text that is none is a bug of ours. */
export function keyOf(text: string): PurchaseKey {
  const key = parsePurchaseKey(text);
  if (!key) throw new TypeError(`“${text}” is no purchase key`);
  return key;
}
