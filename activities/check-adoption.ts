import type { PreparedSalesOrder } from '../domain/sales-order.ts';
import { sameReference } from '../domain/storefront-reference.ts';
import type { Call } from './calls.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';

export interface CheckAdoption {
  readonly order: PreparedSalesOrder;
  readonly orderNumber: string;
}

/**
 * Whether the ERP order a person names is this purchase: by its reference, or, where the ERP lost that, at least of
 * this customer and with no other purchase's reference on it.
 */
export async function checkAdoption(
  { bluecherry }: SalesOrderDependencies,
  { order, orderNumber }: CheckAdoption,
  call: Call,
): Promise<{ kind: 'ours' } | { kind: 'notOurs'; why: string }> {
  const found = await bluecherry.getSalesOrder(orderNumber, { ...call, priority: 'order' });
  if (!found) return { kind: 'notOurs', why: 'the ERP does not show it' };
  const references = [found.altPo, found.referenceField].map((value) => value.trim()).filter((value) => value !== '');
  if (references.some((value) => sameReference(value, order.reference))) return { kind: 'ours' };
  if (found.customer !== order.customer) return { kind: 'notOurs', why: `it belongs to customer ${found.customer}` };
  const foreign = references.find((value) => !order.reference.startsWith(value.toUpperCase()));
  return foreign ? { kind: 'notOurs', why: `it carries the reference ${foreign}` } : { kind: 'ours' };
}
