import { randomUUID } from 'node:crypto';
import { badRequest, notFound, ok } from './answers.ts';
import { pageOf, type ApiRequest, type Handler } from './api-request.ts';
import { addCustomer, changeCustomer, findCustomer } from './customer-store.ts';
import { isObject, type CustomerAddress, type CustomerRecord, type Open } from './wire.ts';

export const customerHandlers: Readonly<Record<string, Handler>> = {
  listCustomers: ({ site, query }) => {
    const byId = [...site.customers.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1));
    return ok(pageOf(byId, query));
  },
  getCustomer: (request) => ok(customer(request)),
  createCustomer: ({ site, body }) => {
    const input = fields(body);
    return ok(addCustomer(site, { ...input, email: String(input['email']) }));
  },
  updateCustomer: (request) => ok(changeCustomer(request.site, customer(request), fields(request.body))),
  listCustomerAddresses: (request) => ok(customer(request).addresses),
  createCustomerAddress: (request) => {
    const owner = customer(request);
    const sent = fields(request.body);
    const address: CustomerAddress = {
      ...sent,
      id: `ca_${randomUUID()}`,
      address_line1: String(sent['address_line1']),
      city: String(sent['city']),
      country_code: String(sent['country_code']),
    };
    changeCustomer(request.site, owner, { addresses: [...owner.addresses, address] });
    return ok(address);
  },
  listCustomerGroups: ({ site }) => ok(site.groups),
};

function customer({ site, params }: ApiRequest): CustomerRecord {
  const found = findCustomer(site, params['id'] ?? '');
  if (!found) throw notFound('customer');
  return found;
}

function fields(body: unknown): Open {
  if (!isObject(body)) throw badRequest('An object is expected.');
  return body;
}
