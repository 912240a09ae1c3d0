import { toCents } from '../../../domain/money.ts';
import type { PurchaseKey, PurchaseTransaction } from '../../../domain/purchase.ts';
import { purchasePath } from './purchase-write.ts';

export const TRANSACTIONS_ROUTE = 'PUT /api/v1/purchases/{lookupBy}/{identifier}/transactions';

export function transactionsPath(key: PurchaseKey): string {
  return `${purchasePath(key)}/transactions`;
}

/** One object, money in the purchase's currency; 200 stored, 204 accepted (A30). */
export function transactionBody({ id, total, currency, countsTowardsBalance, about }: PurchaseTransaction): string {
  return JSON.stringify({
    platform_id: id,
    total: { number: toCents(total), currency },
    apply_to_balance: countsTowardsBalance,
    full_transaction: about,
  });
}
