import { expect, test } from 'vitest';

import { compareStores } from '../../../domain/customers/compare-stores.ts';
import type { StorefrontAddress } from '../../../domain/customers/customer-rules.ts';
import type { ErpStore } from '../../../domain/sales-order.ts';
import { aCustomer, theRules } from './world.ts';

function aStore(store: string, line1: string, change: Partial<ErpStore> = {}): ErpStore {
  return {
    customer: 'ACME01',
    store,
    name: '',
    line1,
    city: 'Leeds',
    state: '',
    postalCode: 'LS1 4AP',
    country: 'GB',
    distributionCentre: '',
    active: true,
    ...change,
  };
}

function anAddress(line1: string, change: Partial<StorefrontAddress> = {}): StorefrontAddress {
  return { externalId: null, line1, postalCode: 'ls14ap', country: 'GB', ...change };
}

function compared(stores: readonly ErpStore[], ...addresses: readonly (readonly StorefrontAddress[])[]) {
  const customers = addresses.map((each, index) => aCustomer({ id: `cu_${index}`, addresses: each }));
  return compareStores(theRules(), stores, customers).map(({ code, name }) => `${code} ${name}`);
}

test('a store counts as known where any buyer of its customer has the place, however it is written', () => {
  const stores = [aStore('0001', '1 High St.'), aStore('0002', '2 High Street'), aStore('0003', '3 High Street')];
  expect(compared(stores, [anAddress('1 HIGH ST')], [anAddress('2, High Street')])).toEqual([
    'STORES_ONLY_IN_ERP ACME01/0003',
  ]);
});

test('two stores at one place are both known', () => {
  expect(compared([aStore('0001', '1 High St'), aStore('0002', '1 High St')], [anAddress('1 High St')])).toEqual([]);
});

test('the same street in another country is another place', () => {
  const elsewhere = [anAddress('1 High St', { country: 'IE' })];
  expect(compared([aStore('0001', '1 High St')], elsewhere)).toHaveLength(1);
  expect(compared([aStore('0001', '1 High St', { country: '' })], elsewhere)).toEqual([]);
});

test('an address that names a store and is another place differs', () => {
  const moved = [anAddress('9 Old Lane', { externalId: 'acme01-0001' })];
  expect(compared([aStore('0001', '1 High St')], moved)).toEqual(['ADDRESS_DIFFERS ACME01/0001']);
  expect(
    compareStores(theRules({ storeAddressId: '' }), [aStore('0001', '1 High St')], [aCustomer({ addresses: moved })]),
  ).toMatchObject([{ code: 'STORES_ONLY_IN_ERP' }]);
});

test('closed stores, distribution centres and stores of customers that nobody buys for are not missed', () => {
  const stores = [
    aStore('0001', '1 High St', { active: false }),
    aStore('DC1', '100 Depot Lane'),
    aStore('0002', '2 High St', { distributionCentre: 'DC1' }),
    aStore('0001', '1 Far Road', { customer: 'OTHER' }),
  ];
  expect(compared(stores, [anAddress('2 High St')])).toEqual([]);
});
