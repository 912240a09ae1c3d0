import type { Problem } from './problems.ts';
import type { Address, Purchase } from './purchase.ts';
import type { ErpAddress, ErpStore } from './sales-order.ts';
import type { ShipToRules } from './site-rules.ts';

export type ShipToChoice =
  | { readonly kind: 'chosen'; readonly address: Address; readonly store: string; readonly distributionCentre: string }
  | { readonly kind: 'impossible'; readonly problem: Problem };

/** The one address all live packages go to, or the problem why there is none. */
export function shipToOf(purchase: Purchase): Address | Problem {
  const addresses = purchase.packages.filter(({ type }) => type === 'incoming').map(({ shipTo }) => shipTo);
  const [first] = addresses;
  if (!first || addresses.includes(null))
    return { code: 'SHIP_TO_MISSING', says: 'The purchase has no ship-to address.' };
  if (!addresses.every((address) => address !== null && sameContent(address, first)))
    return { code: 'SHIP_TO_SEVERAL', says: 'The packages of the purchase go to different addresses.' };
  const missing = [
    !first.line1 && 'street',
    !first.city && 'city',
    !/^[A-Z]{2}$/.test(first.country) && 'country',
  ].filter(Boolean);
  if (missing.length > 0)
    return { code: 'SHIP_TO_MISSING', says: `The ship-to address has no usable ${missing.join(', ')}.` };
  return first;
}

/** Which store of the customer the address is; a store served by a distribution centre brings it along. */
export function chooseShipTo(rules: ShipToRules, address: Address, stores: readonly ErpStore[]): ShipToChoice {
  const oneOff: ShipToChoice = { kind: 'chosen', address, store: '', distributionCentre: '' };
  if (rules.rule === 'alwaysOneOff') return oneOff;
  const store = stores.find((candidate) => candidate.active && isSamePlace(candidate, address));
  if (store) return { kind: 'chosen', address, store: store.store, distributionCentre: store.distributionCentre };
  if (rules.rule === 'knownStoreElseOneOff') return oneOff;
  const says = `${address.line1}, ${address.city} is no known store of the customer.`;
  const about = [address.line1, address.city, address.postalCode].filter(Boolean).join(', ');
  return { kind: 'impossible', problem: { code: 'STORE_UNKNOWN', says, about } };
}

/** Street and postal code, whatever their letter case and punctuation: places that differ here are not the same. */
export function placeKey({ line1, postalCode }: Pick<Address, 'line1' | 'postalCode'>): string {
  return `${folded(line1)}\n${folded(postalCode ?? '')}`;
}

/** Whether an address is a store of the ERP; one whose country the ERP does not say fits any. */
export function isSamePlace(store: ErpStore, address: Pick<Address, 'line1' | 'postalCode' | 'country'>): boolean {
  return placeKey(store) === placeKey(address) && (!store.country || store.country.toUpperCase() === address.country);
}

/** An address as the ERP takes it. A name is obligatory there: company, else person, else street. */
export function toErpAddress(address: Address, email: string | null): ErpAddress {
  return {
    name: address.company || address.name || address.line1,
    line1: address.line1,
    line2: address.line2 ?? '',
    city: address.city,
    state: address.region ?? '',
    postalCode: address.postalCode ?? '',
    country: address.country,
    contact: address.company ? (address.name ?? '') : '',
    email: email ?? '',
  };
}

function sameContent(left: Address, right: Address): boolean {
  const parts = ({ name, company, line1, line2, city, region, postalCode, country }: Address) =>
    [name, company, line1, line2, city, region, postalCode, country].map((part) => folded(part ?? '')).join('\n');
  return parts(left) === parts(right);
}

function folded(text: string): string {
  return text.toUpperCase().replaceAll(/[^\p{L}\p{N}]+/gu, '');
}
