import type { CustomerRules, ErpAccount, StorefrontAccount } from '../customers/customer-rules.ts';
import { accountsOf, customersByCode, planCustomer } from '../customers/plan-customers.ts';
import type { ProblemCode } from '../problems.ts';
import type { Gap } from './gap.ts';

/** Of these a buyer's orders would park; all others only keep terms, credit or lists from following. */
const PARKING: readonly ProblemCode[] = [
  'CUSTOMER_WITHOUT_ERP_CODE',
  'CUSTOMER_NOT_IN_ERP',
  'CUSTOMER_INACTIVE_IN_ERP',
];

/**
 * Customers of the storefront against the ERP's, by the rules of their feed. Where the feed is off, terms and lists are
 * another's business, and only the links are looked at.
 */
export function compareCustomers(
  storefront: readonly StorefrontAccount[],
  erp: readonly ErpAccount[],
  given: CustomerRules,
): readonly Gap[] {
  const rules: CustomerRules = given.mode === 'off' ? { ...given, owns: [] } : given;
  const byCode = customersByCode(rules, erp);
  const troubles = storefront.flatMap((customer) =>
    planCustomer(rules, accountsOf(byCode, customer), customer).troubles.map((trouble) => ({
      ...trouble,
      customer: customer.id,
    })),
  );
  return [...Map.groupBy(troubles, ({ code, key }) => `${code}\n${key}`).values()].flatMap((all): readonly Gap[] => {
    const [first] = all;
    if (!first) return [];
    const { code, key, says } = first;
    const customers = new Set(all.map(({ customer }) => customer));
    // Inactive in one division only: who buys goods of another is not concerned.
    const division = code === 'CUSTOMER_INACTIVE_IN_ERP' ? key : '';
    return [
      {
        code,
        key,
        says,
        concerns: all.map(({ name }) => name),
        effect: PARKING.includes(code) ? 'parks' : 'stale',
        touches: ({ customer, divisions }) =>
          customers.has(customer) && (division === '' || divisions.includes(division)),
      },
    ];
  });
}
