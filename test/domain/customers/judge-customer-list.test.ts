import { expect, test } from 'vitest';

import { countAccounts, judgeCustomerList } from '../../../domain/customers/judge-customer-list.ts';
import { anAccount } from './world.ts';

test.each([
  ['the first list', 10, 8, null, 'good'],
  ['an empty list', 0, 0, null, 'shrunken'],
  ['as many as before', 100, 80, [100, 80], 'good'],
  ['exactly the share fewer', 80, 64, [100, 80], 'good'],
  ['more than the share fewer', 79, 79, [100, 80], 'shrunken'],
  ['as many, but hardly any active', 100, 10, [100, 80], 'shrunken'],
  ['more than before', 300, 10, [100, 10], 'good'],
] as const)('%s is %5$s', (_, accounts, active, last, kind) => {
  const before = last && { accounts: last[0], active: last[1] };
  expect(judgeCustomerList({ accounts, active }, before, 20).kind).toBe(kind);
});

test('accounts are counted, and the active ones', () => {
  expect(countAccounts([anAccount(), anAccount({ active: false })])).toEqual({ accounts: 2, active: 1 });
});
