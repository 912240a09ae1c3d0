import type { ErpAccount } from '../../domain/customers/customer-rules.ts';
import type { CallOptions } from './call-options.ts';
import { foldOf, type Fold } from './codes.ts';
import { eq } from './filters.ts';
import type { List, Lister } from './paging.ts';
import type { Settings } from './settings.ts';
import { ACCOUNT_KEYS, accountRow, type AccountRow } from './wire/balances.ts';
import { readRows } from './wire/rows.ts';

/** What the ERP's customers owe and may owe. */
export interface Balances {
  /**
   * All customers of all divisions with their credit rows, each once. Always the whole list, at one call a page: balances
   * move without `last_mod`, so no delta tells of them. A row that moves to another page meanwhile may be missing.
   */
  listAccounts(call: CallOptions): Promise<readonly ErpAccount[]>;
  /** One customer by its code, in all divisions, at one call: no row of it can be on another page. */
  findAccounts(customer: string, call: CallOptions): Promise<readonly ErpAccount[]>;
}

export interface BalancesOf {
  readonly lister: Lister;
  readonly settings: Settings;
  /** Told how many rows came without their keys. */
  readonly skip: (rows: number) => void;
}

export function createBalances({ lister, settings, skip }: BalancesOf): Balances {
  const fold = foldOf(settings.upperCaseCodes);
  const resource = settings.resources.customer;
  return {
    listAccounts: (call) => read({ clauses: [], until: 'pages' }, call),
    findAccounts: (customer, call) => read({ clauses: [eq('customer', customer.trim())], until: 'key' }, call),
  };

  async function read(of: Pick<List, 'clauses' | 'until'>, call: CallOptions): Promise<readonly ErpAccount[]> {
    const byKey = new Map<string, ErpAccount>();
    for await (const page of lister.pages({ resource, envelope: 'header', include: 'all', ...of }, call)) {
      const { rows, skipped } = readRows(page, accountRow, ACCOUNT_KEYS, `GET /api/${resource}`);
      skip(skipped);
      for (const row of rows) {
        const account = toAccount(row, fold);
        byKey.set(`${account.division}\n${account.customer}`, account);
      }
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
