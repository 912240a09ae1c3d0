import type { CustomerChange, CustomerRules, ErpAccount, OwnedPart, StorefrontAccount } from './customer-rules.ts';
import { customerName, type CustomerTrouble } from './customer-troubles.ts';
import { isBalanceAlone, planPaymentAccount } from './plan-payment-account.ts';

/** The ERP's accounts by customer code, in upper case; of the site's divisions only, in the site's order. */
export type ErpCustomers = ReadonlyMap<string, readonly ErpAccount[]>;

/** What one customer of the storefront needs, and what is wrong with it. */
export interface CustomerPlan {
  readonly customer: StorefrontAccount;
  /** Differences only; empty = it is in step, or nothing can be said. */
  readonly changes: readonly CustomerChange[];
  readonly troubles: readonly CustomerTrouble[];
  /** noCode: it names no ERP customer · unknown: the ERP has none of that code for this site. */
  readonly link: 'linked' | 'noCode' | 'unknown';
  /** Active in the ERP, closed in the storefront, and left so: people decided it there. */
  readonly isLeftInactive: boolean;
}

/** The literals Instep writes and compares; others are people's and stay. */
const ACTIVE = 'active';
const INACTIVE = 'inactive';

/** Accounts of other divisions are none of this site's: its orders cannot use them either. */
export function customersByCode(rules: CustomerRules, accounts: readonly ErpAccount[]): ErpCustomers {
  const place = ({ division }: ErpAccount) => (division === '' ? rules.divisions.length : at(rules, division));
  const ours = accounts.filter((account) => place(account) >= 0).toSorted((one, other) => place(one) - place(other));
  return Map.groupBy(ours, ({ customer }) => folded(customer));
}

/** The ERP's customer that a customer of the storefront names; none = []. */
export function accountsOf(erp: ErpCustomers, { erpCode }: StorefrontAccount): readonly ErpAccount[] {
  return erpCode === null ? [] : (erp.get(folded(erpCode)) ?? []);
}

/** Without those that name an ERP customer of which a row cannot be read: what it says of them nobody knows. */
export function withoutUnreadable(
  customers: readonly StorefrontAccount[],
  unreadable: readonly string[],
): readonly StorefrontAccount[] {
  const codes = new Set(unreadable.map(folded));
  return customers.filter(({ erpCode }) => erpCode === null || !codes.has(folded(erpCode)));
}

/** Several customers of the storefront may name one customer of the ERP: each gets the same. */
export function planCustomer(
  rules: CustomerRules,
  accounts: readonly ErpAccount[],
  customer: StorefrontAccount,
): CustomerPlan {
  const leading = accounts.find(({ active }) => active) ?? accounts[0];
  if (!leading) return planStranger(customer);
  const owns = (part: OwnedPart) => rules.owns.includes(part);
  const money = owns('terms') || owns('credit') ? planPaymentAccount(rules, accounts, leading, customer) : NOTHING;
  const lists = owns('priceLists') ? planPriceLists(rules, leading, customer) : NOTHING;
  const status = owns('active') ? planStatus(rules, leading, customer) : NOTHING;
  const name = owns('companyName') ? planName(leading, customer) : NOTHING;
  return {
    customer,
    changes: [money, status, lists, name].flatMap(({ changes }) => changes),
    troubles: [...inactiveTroubles(accounts, leading, customer), ...money.troubles, ...lists.troubles],
    link: 'linked',
    isLeftInactive:
      leading.active && customer.status === INACTIVE && !status.changes.some(({ part }) => part === 'status'),
  };
}

/**
 * Whether the changes may come of a row that the list of accounts did not show: one that moves to another page while the
 * list is read is missing in it. Not where every division of the site has its row, nor for a balance that moved: that
 * happens every hour, and the next run puts it right.
 */
export function mayComeOfLostRow(
  { divisions }: CustomerRules,
  accounts: readonly ErpAccount[],
  { changes, customer }: CustomerPlan,
): boolean {
  const hasRow = (division: string) =>
    accounts.some((account) => account.division === '' || folded(account.division) === folded(division));
  return (
    !divisions.every(hasRow) &&
    changes.some((change) => change.part !== 'account' || !isBalanceAlone(change.account, customer.account))
  );
}

interface Part {
  readonly changes: readonly CustomerChange[];
  readonly troubles: readonly CustomerTrouble[];
}

const NOTHING: Part = { changes: [], troubles: [] };

/** Who is closed in the storefront cannot order, and is nobody's problem. */
function planStranger(customer: StorefrontAccount): CustomerPlan {
  const isClosed = customer.status === INACTIVE;
  const hasNoCode = customer.erpCode === null;
  const trouble: CustomerTrouble = {
    code: hasNoCode ? 'CUSTOMER_WITHOUT_ERP_CODE' : 'CUSTOMER_NOT_IN_ERP',
    key: '',
    about: hasNoCode ? customer.id : `${customer.id} ${customer.erpCode}`,
    name: customerName(customer),
    says: hasNoCode
      ? 'Customers of the storefront name no customer of the ERP; their orders will park.'
      : 'Customers of the storefront name a customer that the ERP does not have in the site’s divisions; their orders will park.',
  };
  return {
    customer,
    changes: [],
    troubles: isClosed ? [] : [trouble],
    link: hasNoCode ? 'noCode' : 'unknown',
    isLeftInactive: false,
  };
}

function inactiveTroubles(
  accounts: readonly ErpAccount[],
  leading: ErpAccount,
  customer: StorefrontAccount,
): readonly CustomerTrouble[] {
  if (customer.status === INACTIVE) return [];
  const trouble = (key: string, says: string): CustomerTrouble => ({
    code: 'CUSTOMER_INACTIVE_IN_ERP',
    key,
    about: `${customer.id} ${customer.erpCode}`,
    name: customerName(customer),
    says,
  });
  if (!leading.active)
    return [trouble('', 'Customers that are inactive in the ERP are not closed in the storefront; orders will park.')];
  return accounts
    .filter(({ active }) => !active)
    .map(({ division }) =>
      trouble(division, `Customers are inactive in division ${division} only; orders of its goods will park.`),
    );
}

/** Only from one of the two known states to the other: what is pending, people have yet to decide. */
function planStatus(rules: CustomerRules, leading: ErpAccount, { status }: StorefrontAccount): Part {
  if (!leading.active && status === ACTIVE) return { changes: [{ part: 'status', status: INACTIVE }], troubles: [] };
  if (leading.active && status === INACTIVE && rules.reactivate === 'whenActiveInErp')
    return { changes: [{ part: 'status', status: ACTIVE }], troubles: [] };
  return NOTHING;
}

/** Lists that no row of the map names are other people's and stay. */
function planPriceLists(rules: CustomerRules, leading: ErpAccount, customer: StorefrontAccount): Part {
  const { priceLevel, currency } = leading;
  const rule = rules.priceLists.find(
    (row) => folded(row.level) === folded(priceLevel) && folded(row.currency) === folded(currency),
  );
  if (!rule) {
    const key = [priceLevel || '(none)', currency].join(' ');
    const trouble: CustomerTrouble = {
      code: 'PRICE_LEVEL_NOT_MAPPED',
      key,
      about: customer.id,
      name: customerName(customer),
      says: `Price level ${key} has no price lists in the site file (customers.priceLists); these customers keep theirs.`,
    };
    return { changes: [], troubles: [trouble] };
  }
  const managed = new Set(rules.priceLists.flatMap(({ lists }) => lists));
  const kept = customer.priceLists.filter((slug) => !managed.has(slug) || rule.lists.includes(slug));
  const lists = [...new Set([...kept, ...rule.lists])];
  const isInStep = lists.length === kept.length && kept.length === customer.priceLists.length;
  return isInStep ? NOTHING : { changes: [{ part: 'priceLists', lists }], troubles: [] };
}

function planName({ name }: ErpAccount, { company }: StorefrontAccount): Part {
  const wanted = name.trim();
  return wanted === '' || wanted === company
    ? NOTHING
    : { changes: [{ part: 'companyName', name: wanted }], troubles: [] };
}

function at({ divisions }: CustomerRules, division: string): number {
  return divisions.findIndex((each) => folded(each) === folded(division));
}

function folded(code: string): string {
  return code.trim().toUpperCase();
}
