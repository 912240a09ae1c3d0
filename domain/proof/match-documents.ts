import { purchaseKeyText, type PurchaseKey } from '../purchase.ts';
import type { ErpOrderStatus } from '../sales-order.ts';
import { documentReference, parseReference, sameReference } from '../storefront-reference.ts';
import type { OrderWorth } from './worth-of-order.ts';

/** A sales order of the ERP as far as the proof needs it. */
export interface ErpDocument extends OrderWorth {
  readonly orderNumber: string;
  readonly status: ErpOrderStatus;
  readonly altPo: string;
  readonly referenceField: string;
  /** ISO calendar date in the ERP's zone; null = the ERP shows none. */
  readonly orderDate: string | null;
  readonly currency: string;
}

/** Documents of one purchase, live and cancelled. */
export interface DocumentsOfPurchase {
  readonly key: PurchaseKey;
  readonly documents: readonly ErpDocument[];
}

/** Live orders that carry one and the same reference. */
export interface Duplicate {
  readonly reference: string;
  readonly orderNumbers: readonly string[];
}

const NO_ORDERS: readonly ErpOrderStatus[] = ['staged', 'rejected'];
const CANCELLED: readonly ErpOrderStatus[] = ['cancelled_customer', 'cancelled_house'];

export function isLiveDocument({ status }: Pick<ErpDocument, 'status'>): boolean {
  return !CANCELLED.includes(status) && !NO_ORDERS.includes(status);
}

/** What the ERP has, by purchase key as text. What carries no reference of ours is left out. */
export function matchDocuments(documents: readonly ErpDocument[]): ReadonlyMap<string, DocumentsOfPurchase> {
  const found = new Map<string, { readonly key: PurchaseKey; readonly documents: ErpDocument[] }>();
  for (const document of documents) {
    if (NO_ORDERS.includes(document.status)) continue;
    const own = ownReference(document);
    if (!own) continue;
    const text = purchaseKeyText(own.key);
    const known = found.get(text);
    if (known) known.documents.push(document);
    else found.set(text, { key: own.key, documents: [document] });
  }
  return found;
}

/** References that more than one live order carries. */
export function findDuplicates({ documents }: DocumentsOfPurchase): readonly Duplicate[] {
  const carriers = Map.groupBy(documents.filter(isLiveDocument), (document) => ownReference(document)?.reference ?? '');
  return [...carriers].flatMap(([reference, orders]) =>
    orders.length > 1 ? [{ reference, orderNumbers: orders.map(({ orderNumber }) => orderNumber) }] : [],
  );
}

/** Whether what a document carries in its two fields makes it ours. */
export function isOurs(carried: Pick<ErpDocument, 'altPo' | 'referenceField'>): boolean {
  return ownReference(carried) !== null;
}

/**
 * The reference by which an order is ours. A code of our own length cannot be chance; anything shorter may be another
 * system's number, and counts only where both fields say the same.
 */
function ownReference({ altPo, referenceField }: Pick<ErpDocument, 'altPo' | 'referenceField'>) {
  for (const text of [altPo, referenceField]) {
    const parsed = parseReference(text);
    if (parsed && (parsed.key.kind === 'sparklayer' || sameReference(altPo, referenceField)))
      return {
        ...parsed,
        reference: documentReference(text.trim().toUpperCase().split('.')[0] ?? '', parsed.document),
      };
  }
  return null;
}
