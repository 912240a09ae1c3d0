import { Decimal } from 'decimal.js';

import { accountKey, customerOf, touch, type Customer, type Erp } from './erp.ts';
import { letterOf, type Credit, type Order } from './orders.ts';

/** The credit job: every new or replaced order that has something left is released or held. */
export function checkCredits(erp: Erp): void {
  for (const order of erp.orders.values()) if (order.toCheck) checkCredit(erp, order);
}

/** What all orders of the customer still weigh, in its currency. */
export function openOrderAmount(erp: Erp, { division, customer }: Pick<Customer, 'division' | 'customer'>): Decimal {
  return erp.openAmounts.get(accountKey(division, customer)) ?? new Decimal(0);
}

/** Over the limit, past due, held or factored: the ERP decides (contract, section 9). */
function checkCredit(erp: Erp, order: Order): void {
  const customer = customerOf(erp, order.header['division'] ?? '', order.header['customer'] ?? '');
  order.toCheck = false;
  if (!customer || 'XYZI'.includes(letterOf(order))) return;
  const decided = decide(erp, order, customer);
  if (decided === order.credit) return;
  order.credit = decided;
  touch(erp, order);
}

function decide(erp: Erp, order: Order, customer: Customer): Credit {
  if (customer.creditHold || new Decimal(customer.pastDue).greaterThan(0)) return 'held';
  if (customer.factor) return order.approval ? 'passed' : 'factor';
  // The order itself is among the open ones.
  const exposure = new Decimal(customer.arBalance).plus(openOrderAmount(erp, customer));
  return exposure.greaterThan(customer.creditLimit) ? 'held' : 'passed';
}
