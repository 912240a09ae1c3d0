import { purchaseKeyText, type PurchaseKey } from '../../domain/purchase.ts';

/** What this process wrote last, so that the poller knows its echo. Lost on restart, which costs a signal, nothing else. */
export interface OwnWrites {
  remember(key: PurchaseKey, updatedAt: string): void;
  has(key: PurchaseKey, updatedAt: string): boolean;
}

export function createOwnWrites(most: number): OwnWrites {
  const last = new Map<string, number>();
  return {
    remember(key, updatedAt) {
      const text = purchaseKeyText(key);
      // The purchase written last stands last.
      last.delete(text);
      last.set(text, Date.parse(updatedAt));
      const [oldest] = last.keys();
      if (last.size > most && oldest !== undefined) last.delete(oldest);
    },
    // Instants, not texts: the list may write the same time with another offset.
    has: (key, updatedAt) => last.get(purchaseKeyText(key)) === Date.parse(updatedAt),
  };
}
