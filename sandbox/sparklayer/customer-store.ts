import { randomUUID } from 'node:crypto';
import { alreadyExists, badRequest, codes } from './answers.ts';
import { wireTime } from './clock.ts';
import type { Site } from './site.ts';
import type { CustomerRecord, Open } from './wire.ts';

export type CustomerInput = Partial<CustomerRecord> & { readonly email: string };

/** By `cu_` id, `external_id` or UUID, as the path of the v1 calls takes them. */
export function findCustomer(site: Site, id: string): CustomerRecord | undefined {
  const all = [...site.customers.values()];
  return site.customers.get(id) ?? findBuyer(site, id) ?? all.find((customer) => customer.external_id === id);
}

/** A purchase names its buyer by UUID, in older data by `cu_` id. */
export function findBuyer(site: Site, id: string): CustomerRecord | undefined {
  const wanted = id.toLowerCase();
  return site.customers.get(id) ?? [...site.customers.values()].find(({ uuid }) => uuid.toLowerCase() === wanted);
}

/** New customers default to `active`, group `base`, role `main`. */
export function addCustomer(site: Site, input: CustomerInput): CustomerRecord {
  const uuid = input.uuid ?? randomUUID();
  const now = wireTime(site.clock.now());
  const customer: CustomerRecord = {
    title: null,
    first_name: null,
    last_name: null,
    company_name: null,
    external_id: null,
    accounting_id: null,
    status: 'active',
    group: 'base',
    role: 'main',
    default_billing_address_id: null,
    default_shipping_address_id: null,
    available_shipping_addresses: [],
    currency_code: null,
    sales_agent_groups: [],
    price_lists: [],
    tax_exempt: null,
    payment_on_account: null,
    addresses: [],
    created_at: now,
    updated_at: now,
    ...structuredClone(input),
    id: input.id ?? `cu_${uuid}`,
    uuid,
  };
  refuseTaken(site, customer);
  refuseUnknownReferences(site, customer);
  site.customers.set(customer.id, customer);
  return customer;
}

/** Members left out stay; a list or an object that is sent replaces the stored one. */
export function changeCustomer(site: Site, customer: CustomerRecord, patch: Open): CustomerRecord {
  const changed: CustomerRecord = { ...customer, ...structuredClone(patch), updated_at: wireTime(site.clock.now()) };
  refuseTaken(site, changed);
  refuseUnknownReferences(site, changed);
  site.customers.set(changed.id, changed);
  return changed;
}

function refuseTaken(site: Site, customer: CustomerRecord): void {
  const others = [...site.customers.values()].filter((other) => other.id !== customer.id);
  const email = customer.email.toLowerCase();
  if (others.some((other) => other.email.toLowerCase() === email)) throw alreadyExists(409, 'email');
  if (customer.external_id && others.some((other) => other.external_id === customer.external_id)) {
    throw alreadyExists(409, 'external_id');
  }
}

function refuseUnknownReferences(site: Site, { group, price_lists = [] }: CustomerRecord): void {
  if (!site.groups.some((known) => known['slug'] === group)) {
    throw badRequest('The customer group was not found.', 'group', codes.notFound);
  }
  if (!price_lists.every((slug) => site.priceLists.has(slug))) {
    throw badRequest('A price list was not found.', 'price_lists', codes.notFound);
  }
}
