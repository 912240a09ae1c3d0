import type { CustomerChange, StorefrontAccount } from '../../domain/customers/customer-rules.ts';
import { checkDone, isGone, pathOf, readAnswer } from './answers.ts';
import type { Caller } from './caller.ts';
import type { CallOptions } from './http.ts';
import type { Log } from './log.ts';
import { schemaDrift, SparkLayerError } from './spark-layer-error.ts';
import {
  accountSchema,
  CUSTOMER_ROUTE,
  customerPath,
  CUSTOMERS_PATH,
  CUSTOMERS_ROUTE,
  PATCH_ROUTE,
  patchBody,
  toStorefrontAccount,
} from './wire/customers.ts';
import { problemsInWords } from './wire/errors.ts';
import { isLastPage, offsetPath } from './wire/paging.ts';
import { rowsSchema } from './wire/purchase-list.ts';

export interface AccountList {
  readonly accounts: readonly StorefrontAccount[];
  /** Rows that could not be read: one of them must not lose the others. Place and path, never data. */
  readonly unreadable: readonly string[];
}

export type PatchOutcome =
  | { readonly kind: 'stored' }
  | { readonly kind: 'gone' }
  /** Final until something changes: a 4xx, a 409 included. `why` names status and code, never data. */
  | { readonly kind: 'refused'; readonly why: string };

/** The storefront's customers, as far as the ERP may own them. Throws `SparkLayerError`, or the signal's reason. */
export interface Accounts {
  /** All of them, each once; a customer that moves while the list is read may be missing until the next reading. */
  listAccounts(pageSize: number, call: CallOptions): Promise<AccountList>;
  /** null = gone. */
  getAccount(id: string, call: CallOptions): Promise<StorefrontAccount | null>;
  /** Absolute values: safe to repeat after a lost answer. Members that no change names stay as they are. */
  patchAccount(id: string, changes: readonly CustomerChange[], call: CallOptions): Promise<PatchOutcome>;
}

export interface AccountsOf {
  readonly caller: Caller;
  readonly clock: () => Date;
  readonly log: Log;
}

export function createAccounts({ caller, clock, log }: AccountsOf): Accounts {
  return {
    async listAccounts(pageSize, call) {
      const byId = new Map<string, StorefrontAccount>();
      const unreadable: string[] = [];
      for (let page = { limit: pageSize, offset: 0 }; ; page = { ...page, offset: page.offset + pageSize }) {
        const path = offsetPath(CUSTOMERS_PATH, page);
        const answer = await caller.call({ method: 'GET', path, route: CUSTOMERS_ROUTE, body: null }, call);
        const rows = readAnswer(CUSTOMERS_ROUTE, rowsSchema, answer, clock());
        const before = byId.size + unreadable.length;
        for (const [index, row] of rows.entries()) {
          const { success, data, error } = accountSchema.safeParse(row);
          if (success) byId.set(data.id, toStorefrontAccount(data));
          else unreadable.push(`row ${page.offset + index}: ${pathOf(error)}`);
        }
        if (isLastPage(rows, page)) break;
        // A full page without anything new is the same page again, for ever.
        if (byId.size + unreadable.length === before) throw schemaDrift(CUSTOMERS_ROUTE, 'offset');
      }
      if (unreadable.length > 0) log.warn({ unreadable }, 'rows of the customer list cannot be read');
      return { accounts: [...byId.values()], unreadable };
    },

    async getAccount(id, call) {
      const http = { method: 'GET', path: customerPath(id), route: CUSTOMER_ROUTE, body: null } as const;
      const answer = await caller.call(http, call);
      return isGone(CUSTOMER_ROUTE, answer)
        ? null
        : toStorefrontAccount(readAnswer(CUSTOMER_ROUTE, accountSchema, answer, clock()));
    },

    async patchAccount(id, changes, call) {
      const path = customerPath(id);
      const answer = await caller.call({ method: 'PATCH', path, route: PATCH_ROUTE, body: patchBody(changes) }, call);
      if (isGone(PATCH_ROUTE, answer)) return { kind: 'gone' };
      try {
        checkDone(PATCH_ROUTE, answer, clock());
      } catch (error) {
        if (error instanceof SparkLayerError && error.code === 'REFUSED')
          return { kind: 'refused', why: whyRefused(error) };
        throw error;
      }
      return { kind: 'stored' };
    },
  };
}

function whyRefused({ status, problems }: SparkLayerError): string {
  return ['HTTP', status, problemsInWords(problems)].filter(Boolean).join(' ');
}
