import { possibleKeys, purchaseKeyText, type PurchaseSummary } from '../domain/purchase.ts';
import { referenceOf } from '../domain/storefront-reference.ts';
import type { OrderWorkflows } from './order-workflows.ts';

/**
 * Starts the order of a purchase, or tells a running one that it changed: under the key by which it is known already
 * (decision 1), also when the purchase has gained a better one since, or there would be two orders of it. Asks only where
 * that can be. A purchase without a key was born in the ERP, and is nobody's.
 */
export async function handOver(
  orders: Pick<OrderWorkflows, 'startOrTell' | 'isKnown'>,
  row: PurchaseSummary,
): Promise<void> {
  const [present, ...earlier] = possibleKeys(row.identifiers);
  if (!present) return;
  let key = present;
  for (const each of earlier) if (await orders.isKnown(purchaseKeyText(each))) key = each;
  await orders.startOrTell(purchaseKeyText(key), referenceOf(key) ?? '', row);
}
