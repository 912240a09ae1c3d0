import type { ErpAccount } from './customer-rules.ts';

/** What is remembered of the last ERP list that was taken. */
export interface CustomersSeen {
  readonly accounts: number;
  readonly active: number;
}

export type ListVerdict = { readonly kind: 'good' } | { readonly kind: 'shrunken'; readonly says: string };

export function countAccounts(accounts: readonly ErpAccount[]): CustomersSeen {
  return { accounts: accounts.length, active: accounts.filter(({ active }) => active).length };
}

/**
 * Whether a list of the ERP may be believed. One that is empty, or has lost more than the site's share of its customers or
 * of its active ones since the last, is more likely broken than true, and would close the storefront to its buyers.
 */
export function judgeCustomerList(now: CustomersSeen, last: CustomersSeen | null, shrinkPercent: number): ListVerdict {
  if (now.accounts === 0) return { kind: 'shrunken', says: 'The ERP lists no customer at all; nothing was changed.' };
  if (last === null) return { kind: 'good' };
  const hasLost = (before: number, after: number) => (before - after) * 100 > before * shrinkPercent;
  if (hasLost(last.accounts, now.accounts))
    return shrunken(`The ERP lists ${now.accounts} customers, ${last.accounts} at the last run`);
  if (hasLost(last.active, now.active))
    return shrunken(`The ERP lists ${now.active} active customers, ${last.active} at the last run`);
  return { kind: 'good' };
}

function shrunken(says: string): ListVerdict {
  return { kind: 'shrunken', says: `${says}; nothing was changed.` };
}
