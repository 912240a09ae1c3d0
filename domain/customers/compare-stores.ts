import { isSamePlace, placeKey } from '../choose-ship-to.ts';
import type { ErpStore } from '../sales-order.ts';
import type { CustomerRules, StorefrontAccount, StorefrontAddress } from './customer-rules.ts';
import type { CustomerTrouble } from './customer-troubles.ts';

/**
 * Ship-to stores of the ERP that no buyer of the customer can choose, by the rule that finds the store of an order; and
 * addresses that name a store in their id and are another place. Neither is written: the storefront has no call that
 * changes an address.
 */
export function compareStores(
  rules: CustomerRules,
  stores: readonly ErpStore[],
  linked: readonly StorefrontAccount[],
): readonly CustomerTrouble[] {
  const byCustomer = Map.groupBy(stores, ({ customer }) => folded(customer));
  const buyers = Map.groupBy(linked, ({ erpCode }) => folded(erpCode ?? ''));
  return [...buyers].flatMap(([code, accounts]) =>
    storesOfCustomer(
      rules,
      shipTos(byCustomer.get(code) ?? []),
      accounts.flatMap(({ addresses }) => addresses),
    ),
  );
}

function storesOfCustomer(
  rules: CustomerRules,
  stores: readonly ErpStore[],
  addresses: readonly StorefrontAddress[],
): readonly CustomerTrouble[] {
  const byPlace = Map.groupBy(addresses, placeKey);
  const byId = Map.groupBy(addresses, ({ externalId }) => folded(externalId ?? ''));
  return stores
    .filter((store) => !byPlace.get(placeKey(store))?.some((address) => isSamePlace(store, address)))
    .map((store): CustomerTrouble => {
      const name = `${store.customer}/${store.store}`;
      const isNamed = rules.storeAddressId !== '' && byId.has(folded(addressId(rules, store)));
      return {
        ...(isNamed ? DIFFERS : MISSING),
        key: '',
        about: name,
        name,
      };
    });
}

const DIFFERS = {
  code: 'ADDRESS_DIFFERS',
  says: 'Stores have another address in the ERP than under their id in the storefront; orders find no store.',
} as const;

const MISSING = {
  code: 'STORES_ONLY_IN_ERP',
  says: 'Stores of the ERP are no address of their customer in the storefront; buyers cannot choose them.',
} as const;

/** A distribution centre is shipped to for its stores; nobody orders for it. */
function shipTos(stores: readonly ErpStore[]): readonly ErpStore[] {
  const centres = new Set(stores.map(({ distributionCentre }) => folded(distributionCentre)).filter(Boolean));
  return stores.filter(({ active, store }) => active && !centres.has(folded(store)));
}

function addressId({ storeAddressId }: CustomerRules, { customer, store }: ErpStore): string {
  return storeAddressId.replaceAll('{customer}', () => customer).replaceAll('{store}', () => store);
}

function folded(code: string): string {
  return code.trim().toUpperCase();
}
