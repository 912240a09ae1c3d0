import { stringify, parse } from 'yaml';
import { describe, expect, test } from 'vitest';

import { exampleSiteText, parseSite } from '../../config/load-site.ts';
import { environment, problemsOf } from './support.ts';

const ERP = { list: 'erp-usd', managedBy: 'erp', currency: 'usd' };
const PROMO = { list: 'Promo list', managedBy: 'storefront', currency: 'USD', level: 'b', customer: 'acme01' };

/** The price rules of the example with other settings. */
function rulesOf(pricing: object) {
  const parsed = parseSite(stringify({ ...parse(exampleSiteText()), pricing }), 'here', environment);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.site.pricing;
}

test('codes and currencies are folded as the ERP writes them, and changes count since the go-live', () => {
  expect(rulesOf({ mode: 'check', baseLevel: '', lists: [ERP, PROMO] })).toEqual({
    mode: 'check',
    shrinkPercent: 20,
    ordersRead: 200,
    lists: [
      {
        managedBy: 'erp',
        list: 'erp-usd',
        name: '',
        source: { currency: 'USD', level: 'A', baseLevel: '', customer: '' },
      },
      {
        managedBy: 'storefront',
        list: 'Promo list',
        since: '2026-01-01T00:00:00.000Z',
        source: { currency: 'USD', level: 'B', baseLevel: '', customer: 'ACME01' },
      },
    ],
  });
});

test('a feed that is off follows no list', () => {
  expect(rulesOf({ lists: [ERP] })).toMatchObject({ mode: 'off', lists: [] });
});

describe('a mistake is told at its place', () => {
  test.each<readonly [string, readonly object[], string]>([
    ['pricing.lists[0].list', [{ ...ERP, list: 'ERP USD' }], 'it is no slug'],
    ['pricing.lists[1].list', [ERP, { ...ERP }], 'this list stands in an earlier row already'],
    ['pricing.lists[0].since', [{ ...ERP, since: '2026-01-01T00:00:00Z' }], 'it is for lists that the storefront'],
    ['pricing.lists[0].name', [{ ...PROMO, name: 'Promo' }], 'Instep opens no list that the storefront manages'],
    ['pricing.lists[0].managedBy', [{ ...ERP, managedBy: 'people' }], 'it is none of the words possible here'],
    ['pricing.lists[0].currency', [{ ...ERP, currency: 'dollars' }], 'it is no currency of three letters'],
  ])('%s', (path, lists, wrong) => {
    const problems = problemsOf((site) => void Object.assign(site, { pricing: { lists } }));
    expect(problems).toEqual([expect.objectContaining({ path, wrong: expect.stringContaining(wrong) })]);
  });
});
