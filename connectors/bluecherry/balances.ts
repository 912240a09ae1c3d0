import type { ErpAccount } from '../../domain/customers/customer-rules.ts';
import type { CallOptions } from './call-options.ts';
import { foldOf, type Fold } from './codes.ts';
import { eq } from './filters.ts';
import type { List, Lister } from './paging.ts';
import type { Settings } from './settings.ts';
import { ACCOUNT_KEYS, accountRow, type AccountRow } from './wire/balances.ts';
import type { JsonObject } from './wire/json.ts';
import { nameOfRow, readEach, readRow, readRows } from './wire/rows.ts';

/** What the ERP's customers owe and may owe. */
export interface Balances {
  /**
   * All customers of all divisions with their credit rows, each once. Always the whole list, at one call a page: balances
   * move without `last_mod`, so no delta tells of them. A row that moves to another page meanwhile may be missing; one that
   * cannot be read stops no other.
   */
  listAccounts(call: CallOptions): Promise<ErpAccountList>;
  /** One customer by its code, in all divisions, at one call: no row of it can be on another page. */
  findAccounts(customer: string, call: CallOptions): Promise<readonly ErpAccount[]>;
}

export interface ErpAccountList {
  readonly accounts: readonly ErpAccount[];
  /** Customers of which a row cannot be read, by code as it stands there: some of their divisions may be among the accounts. */
  readonly unreadable: readonly string[];
}

export interface BalancesOf {
  readonly lister: Lister;
  readonly settings: Settings;
  /** Told how many rows were left out, and why. */
  readonly skip: (rows: number, says?: readonly string[]) => void;
}

export function createBalances({ lister, settings, skip }: BalancesOf): Balances {
  const fold = foldOf(settings.upperCaseCodes);
  const resource = settings.resources.customer;
  const route = `GET /api/${resource}`;
  return {
    async listAccounts(call) {
      const unreadable = new Set<string>();
      const accounts = await read({ clauses: [], until: 'pages' }, call, (rows) => {
        const { rows: readable, leftOut } = readEach(
          rows,
          ACCOUNT_KEYS,
          (row) => readRow(row, accountRow, route),
          route,
        );
        for (const { row, hasKeys } of leftOut) if (hasKeys) unreadable.add(nameOfRow(row, ['customer']));
        skip(leftOut.length, [...new Set(leftOut.map(({ error }) => error.message))]);
        return [...readable.values()];
      });
      return { accounts, unreadable: [...unreadable] };
    },
    findAccounts: (customer, call) =>
      read({ clauses: [eq('customer', customer.trim())], until: 'key' }, call, (page) => {
        const { rows, skipped } = readRows(page, accountRow, ACCOUNT_KEYS, route);
        skip(skipped);
        return rows;
      }),
  };

  async function read(
    of: Pick<List, 'clauses' | 'until'>,
    call: CallOptions,
    readable: (page: readonly JsonObject[]) => readonly AccountRow[],
  ): Promise<readonly ErpAccount[]> {
    const byKey = new Map<string, ErpAccount>();
    for await (const page of lister.pages({ resource, envelope: 'header', include: 'all', ...of }, call))
      for (const row of readable(page)) {
        const account = toAccount(row, fold);
        byKey.set(`${account.division}\n${account.customer}`, account);
      }
    return [...byKey.values()];
  }
}

function toAccount(row: AccountRow, fold: Fold): ErpAccount {
  return {
    customer: fold(row.customer),
    division: fold(row.division),
    name: row.cust_name,
    active: row.active_ok,
    terms: fold(row.terms),
    priceLevel: fold(row.price_code),
    currency: row.curr_code.toUpperCase(),
    header: figuresOf(row),
    byDivision:
      row.customercredit?.rows.map((credit) => ({
        division: fold(credit.division),
        ...figuresOf({ ...credit, curr_code: credit.curr_code || row.curr_code }),
      })) ?? null,
  };
}

function figuresOf(row: Pick<AccountRow, 'credit_limit' | 'ar_balance' | 'open_order_amt' | 'curr_code'>) {
  return {
    limit: row.credit_limit,
    owed: row.ar_balance,
    openOrders: row.open_order_amt,
    currency: row.curr_code.toUpperCase(),
  };
}
