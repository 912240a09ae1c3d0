import * as z from 'zod';

import type { CustomerChange, NetTerms, StorefrontAccount } from '../../../domain/customers/customer-rules.ts';
import { canonicalAmount, toNumber } from '../../../domain/money.ts';
import { text } from './purchase.ts';

export const CUSTOMER_ROUTE = 'GET /api/v1/customers/{id}';

/** `{id}` takes `cu_…`, the external id, or (assumed, A29) the UUID that purchases name. */
export function customerPath(id: string): string {
  return `/api/v1/customers/${encodeURIComponent(id)}`;
}

/** Customer v1. That `accounting_id` is the ERP's customer code is assumed (A41); literals of `status` beside `active` too (A42). */
export const customerSchema = z.looseObject({
  id: z.string(),
  email: text,
  company_name: text,
  accounting_id: text,
  status: text,
});

export type WireCustomer = z.output<typeof customerSchema>;

export const CUSTOMERS_PATH = '/api/v1/customers';
export const CUSTOMERS_ROUTE = `GET ${CUSTOMERS_PATH}`;
export const PATCH_ROUTE = 'PATCH /api/v1/customers/{id}';

/** Terms in the storefront's form (A40): `30_days`. */
const NET_DAYS = /^(\d+)_days$/;

/** Amounts are JSON numbers, currencies lower case (contract, section 14); `balance` = what is owed (A40). */
const paymentOnAccount = z.looseObject({
  credit_limit: z.number(),
  balance: z.number(),
  currency_code: z.string().min(1),
  net_terms: z.string(),
});

const customerAddress = z.looseObject({
  external_id: text,
  address_line1: text,
  postal_code: text,
  country_code: text,
});

/** A customer with what the ERP may own of it; `price_lists` holds slugs (A41). */
export const accountSchema = customerSchema.extend({
  currency_code: text,
  price_lists: z.array(z.string()).nullish(),
  payment_on_account: paymentOnAccount.nullish(),
  addresses: z.array(customerAddress).nullish(),
});

export type WireAccount = z.output<typeof accountSchema>;

export function toStorefrontAccount(wire: WireAccount): StorefrontAccount {
  const { payment_on_account: account } = wire;
  return {
    id: wire.id,
    erpCode: wire.accounting_id?.trim() || null,
    company: wire.company_name?.trim() || null,
    status: wire.status?.trim() || null,
    currency: wire.currency_code?.trim().toUpperCase() || null,
    priceLists: wire.price_lists ?? [],
    account: account
      ? {
          creditLimit: canonicalAmount(String(account.credit_limit)),
          balance: canonicalAmount(String(account.balance)),
          currency: account.currency_code.trim().toUpperCase(),
          terms: toNetTerms(account.net_terms),
        }
      : null,
    addresses: (wire.addresses ?? []).map((address) => ({
      externalId: address.external_id?.trim() || null,
      line1: address.address_line1?.trim() ?? '',
      postalCode: address.postal_code?.trim() || null,
      country: address.country_code?.trim().toUpperCase() ?? '',
    })),
  };
}

/**
 * The members that change and no other: what is left out stays, a list or an object replaces the stored one (A41), so
 * the account goes with all four members (A40).
 */
export function patchBody(changes: readonly CustomerChange[]): string {
  return JSON.stringify(Object.fromEntries(changes.map(patchMember)));
}

/** The member of a customer that a part stands in. */
function patchMember(change: CustomerChange): readonly [string, unknown] {
  switch (change.part) {
    case 'account': {
      const { creditLimit, balance, currency, terms } = change.account;
      return [
        'payment_on_account',
        {
          credit_limit: toNumber(creditLimit),
          balance: toNumber(balance),
          currency_code: currency.toLowerCase(),
          net_terms: terms.kind === 'days' ? `${terms.days}_days` : terms.literal,
        },
      ];
    }
    case 'status':
      return ['status', change.status];
    case 'priceLists':
      return ['price_lists', change.lists];
    case 'companyName':
      return ['company_name', change.name];
  }
}

function toNetTerms(literal: string): NetTerms {
  const days = NET_DAYS.exec(literal.trim())?.[1];
  return days === undefined ? { kind: 'other', literal } : { kind: 'days', days: Number(days) };
}
