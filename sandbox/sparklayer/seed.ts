import { contractExample } from './contract.ts';
import { addCustomer, type CustomerInput } from './customer-store.ts';
import { addPriceList } from './price-routes.ts';
import type { Site } from './site.ts';
import { addStockLocation } from './stock-routes.ts';
import type { CustomerAddress } from './wire.ts';

/** A buyer that the seed knows; `accountingId` is the customer's code in the ERP. */
export interface SeededCustomer {
  readonly uuid: string;
  readonly accountingId: string | null;
  readonly company: string;
  readonly currency: 'gbp' | 'usd';
  /** Stores beside the head office, each a shipping address. */
  readonly stores: number;
  /** What the storefront was last told by the ERP; in the account's currency. */
  readonly creditLimit: number;
  readonly balance: number;
}

/** By what makes each of them worth a test; uuids are fixed. All may log in and buy: the ERP alone decides. */
export const customers = {
  /** The contract's `CustomerRead`. */
  example: {
    uuid: '4217ba4f-7618-4e3b-b1af-9055639b18d1',
    accountingId: 'CUST-0042',
    company: 'Example Stores',
    currency: 'gbp',
    stores: 1,
    creditLimit: 25000,
    balance: 4310.55,
  },
  dollars: {
    uuid: 'a0000000-0000-4000-8000-000000000001',
    accountingId: 'ACME01',
    company: 'Acme Outfitters',
    currency: 'usd',
    stores: 1,
    creditLimit: 50000,
    balance: 0,
  },
  overLimit: {
    uuid: 'a0000000-0000-4000-8000-000000000002',
    accountingId: 'OVER01',
    company: 'Overreach Retail',
    currency: 'gbp',
    stores: 1,
    creditLimit: 1000,
    balance: 990,
  },
  inactive: {
    uuid: 'a0000000-0000-4000-8000-000000000003',
    accountingId: 'INAC01',
    company: 'Gone Quiet Shops',
    currency: 'gbp',
    stores: 1,
    creditLimit: 5000,
    balance: 0,
  },
  factored: {
    uuid: 'a0000000-0000-4000-8000-000000000004',
    accountingId: 'FACT01',
    company: 'Factored Fashions',
    currency: 'gbp',
    stores: 1,
    creditLimit: 20000,
    balance: 0,
  },
  pastDue: {
    uuid: 'a0000000-0000-4000-8000-000000000005',
    accountingId: 'PAST01',
    company: 'Late Payers',
    currency: 'gbp',
    stores: 1,
    creditLimit: 10000,
    balance: 2500,
  },
  manyStores: {
    uuid: 'a0000000-0000-4000-8000-000000000006',
    accountingId: 'CHAIN01',
    company: 'High Street Chain',
    currency: 'gbp',
    stores: 12,
    creditLimit: 100000,
    balance: 0,
  },
  /** Not linked to the ERP. */
  withoutAccount: {
    uuid: 'a0000000-0000-4000-8000-000000000099',
    accountingId: null,
    company: 'Unlinked Traders',
    currency: 'gbp',
    stores: 1,
    creditLimit: 0,
    balance: 0,
  },
} as const satisfies Readonly<Record<string, SeededCustomer>>;

export const locations = ['warehouse-1', 'warehouse-2', 'warehouse-3'] as const;

/** Groups, price lists, locations and customers of a site before its first order. */
export function seed(site: Site): void {
  site.groups.push(
    { slug: 'base', name: 'Base', parent_slug: null },
    { slug: 'trade', name: 'Trade', parent_slug: 'base' },
  );
  addPriceList(site, { slug: 'erp-wholesale-gbp', name: 'Wholesale GBP', currency_code: 'gbp' });
  addPriceList(site, { slug: 'erp-wholesale-usd', name: 'Wholesale USD', currency_code: 'usd' });
  addStockLocation(site, {
    id: '123e4567-e89b-12d3-a456-426614174000',
    name: 'Main warehouse',
    external_id: 'warehouse-1',
  });
  addStockLocation(site, {
    id: '123e4567-e89b-12d3-a456-426614174001',
    name: 'Second warehouse',
    external_id: 'warehouse-2',
  });
  addStockLocation(site, {
    id: '123e4567-e89b-12d3-a456-426614174002',
    name: 'Third warehouse',
    external_id: 'warehouse-3',
  });
  addCustomer(site, exampleCustomer());
  const { example: _asInTheContract, ...others } = customers;
  for (const customer of Object.values(others)) addCustomer(site, customerInput(customer));
}

function exampleCustomer(): CustomerInput {
  const { email, ...rest } = contractExample('CustomerRead');
  return { ...rest, email: String(email) };
}

function customerInput(customer: SeededCustomer): CustomerInput {
  const { uuid, accountingId, company, currency, creditLimit: credit_limit, balance } = customer;
  const addresses = Array.from({ length: customer.stores + 1 }, (_, index) => address(customer, index));
  return {
    uuid,
    email: `buyer@${company.toLowerCase().replaceAll(/[^a-z]+/g, '-')}.example`,
    first_name: 'Joan',
    last_name: 'Spark',
    company_name: company,
    external_id: accountingId,
    accounting_id: accountingId,
    currency_code: currency,
    price_lists: [`erp-wholesale-${currency}`],
    payment_on_account: { credit_limit, balance, currency_code: currency, net_terms: '30_days' },
    default_billing_address_id: addresses[0]?.id ?? null,
    default_shipping_address_id: addresses[1]?.id ?? null,
    available_shipping_addresses: addresses.slice(1).map(({ id }) => id),
    addresses,
  };
}

/** The first is the head office, the others are stores, whose ERP code is the end of `external_id`. */
function address({ uuid, accountingId, company, currency }: SeededCustomer, index: number): CustomerAddress {
  const place =
    currency === 'usd'
      ? { city: 'Portland', region_code: 'OR', postal_code: '97201', country_code: 'US' }
      : { city: 'Leeds', region_code: null, postal_code: 'LS1 4AP', country_code: 'GB' };
  const store = String(index).padStart(4, '0');
  return {
    id: `ca_${uuid.slice(-4)}-${index}`,
    company,
    address_line1: index === 0 ? '1 Head Office Road' : `${index} High Street`,
    ...place,
    nickname: index === 0 ? 'Head office' : `Store ${index}`,
    external_id: accountingId === null || index === 0 ? null : `${accountingId}-${store}`,
  };
}
