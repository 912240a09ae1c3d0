import { expect, test } from 'vitest';

import { customersSection, toCustomerSettings } from '../../config/customers-section.ts';
import { problemsOf } from './support.ts';

const ROW = { level: 'B', currency: 'GBP', lists: ['b'] };

test.each([
  ['terms that the storefront does not take', { terms: { N30: 5 } }, 'customers.terms.N30', /from 7 to 90 nor none/],
  ['terms that are no number', { terms: { N30: '30_days' } }, 'customers.terms.N30', /from 7 to 90 nor none/],
  [
    'a level that stands twice',
    { priceLists: [ROW, { ...ROW, level: 'b', currency: 'gbp' }] },
    'customers.priceLists[1]',
    /earlier row/,
  ],
  ['an address id without its store', { storeAddressId: '{customer}' }, 'customers.storeAddressId', /\{store\}/],
  ['a part that nobody may own', { owns: ['email'] }, 'customers.owns[0]', /./],
  ['a share beyond the whole', { shrinkPercent: 120 }, 'customers.shrinkPercent', /./],
])('%s is told at its place', (_, customers, path, wrong) => {
  const problems = problemsOf((site) => Object.assign(site, { customers }));
  expect(problems).toMatchObject([{ path, wrong: expect.stringMatching(wrong) }]);
});

test('payments that move the balance by themselves would count twice beside the ERP’s', () => {
  const problems = (customers: object) =>
    problemsOf((site) => {
      Object.assign(site, { customers });
      Object.assign(site['progress'] ?? {}, { payments: 'balance', credits: 'information' });
    });
  expect(problems({ mode: 'write' })).toMatchObject([{ path: 'progress.payments' }]);
  expect(problems({ mode: 'check' })).toEqual([]);
  expect(problems({ mode: 'write', owns: ['terms'] })).toEqual([]);
});

test('codes are folded as the ERP’s are, and credit counts in all divisions of the site unless it names some', () => {
  const file = customersSection.parse({ terms: { n30: 30 } });
  const site = { divisions: ['01', 'a'], upperCaseCodes: true };
  expect(toCustomerSettings(file, site)).toMatchObject({
    mode: 'off',
    terms: { N30: 30 },
    divisions: ['01', 'A'],
    credit: { divisions: ['01', 'A'] },
  });
  expect(toCustomerSettings(file, { ...site, upperCaseCodes: false })).toMatchObject({ terms: { n30: 30 } });
  const some = customersSection.parse({ credit: { divisions: ['a'] } });
  expect(toCustomerSettings(some, site).credit.divisions).toEqual(['A']);
});
