import type {
  CustomerChange,
  CustomerRules,
  ErpAccount,
  StorefrontAccount,
} from '../../../domain/customers/customer-rules.ts';

/** A site that owns everything and writes. */
export function theRules(change: Partial<CustomerRules> = {}): CustomerRules {
  return {
    mode: 'write',
    owns: ['terms', 'credit', 'active', 'priceLists', 'companyName'],
    divisions: ['01', '02'],
    terms: { N30: 30, N60: 60, COD: 'none' },
    credit: { from: 'header', divisions: ['01', '02'], openOrders: 'excluded' },
    priceLists: [
      { level: 'B', currency: 'GBP', lists: ['erp-b-gbp'] },
      { level: 'C', currency: 'GBP', lists: ['erp-c-gbp', 'outlet'] },
    ],
    reactivate: 'never',
    storeAddressId: '{customer}-{store}',
    shrinkPercent: 20,
    ...change,
  };
}

/** A customer of the ERP that the storefront customer below is in step with. */
export function anAccount(change: Partial<ErpAccount> = {}): ErpAccount {
  return {
    customer: 'ACME01',
    division: '01',
    name: 'Acme Outfitters',
    active: true,
    terms: 'N30',
    priceLevel: 'B',
    currency: 'GBP',
    header: { limit: '5000.00', owed: '120.50', openOrders: '300', currency: 'GBP' },
    byDivision: [],
    ...change,
  };
}

export function aCustomer(change: Partial<StorefrontAccount> = {}): StorefrontAccount {
  return {
    id: 'cu_1',
    erpCode: 'ACME01',
    company: 'Acme Outfitters',
    status: 'active',
    currency: 'GBP',
    priceLists: ['erp-b-gbp'],
    account: { creditLimit: '5000', balance: '120.5', currency: 'GBP', terms: { kind: 'days', days: 30 } },
    addresses: [],
    ...change,
  };
}

/** What the storefront holds after a PATCH: members that no change names stay. */
export function patched(customer: StorefrontAccount, changes: readonly CustomerChange[]): StorefrontAccount {
  return changes.reduce<StorefrontAccount>((before, change) => {
    switch (change.part) {
      case 'account':
        return { ...before, account: change.account };
      case 'status':
        return { ...before, status: change.status };
      case 'priceLists':
        return { ...before, priceLists: change.lists };
      case 'companyName':
        return { ...before, company: change.name };
    }
  }, customer);
}
