import { describe, expect, test } from 'vitest';

import {
  customerName,
  MOST_REMEMBERED,
  newTroubles,
  rememberTroubles,
  toFindings,
  type CustomerTrouble,
} from '../../../domain/customers/customer-troubles.ts';
import { aCustomer } from './world.ts';

function aTrouble(about: string, code: CustomerTrouble['code'] = 'CUSTOMER_WITHOUT_ERP_CODE'): CustomerTrouble {
  return { code, key: '', about, name: about, says: 'They name no customer of the ERP.' };
}

describe('a customer in trouble', () => {
  test('is new in the first run that meets it, and stands first in its finding', () => {
    const known = rememberTroubles([aTrouble('cu_1'), aTrouble('cu_2')]);
    const now = [aTrouble('cu_1'), aTrouble('cu_2'), aTrouble('cu_3')];
    const fresh = newTroubles(now, known);
    expect([...fresh].map(({ about }) => about)).toEqual(['cu_3']);
    expect(toFindings(now, fresh)).toMatchObject([
      { count: 3, concerns: ['cu_3', 'cu_1', 'cu_2'], says: expect.stringContaining('New since the last run: 1.') },
    ]);
    expect(newTroubles(now, rememberTroubles(now)).size).toBe(0);
  });

  test('is not called new by a run that knows of no other', () => {
    expect(newTroubles([aTrouble('cu_1')], null).size).toBe(0);
  });

  test('whose trouble has no first day that matters is never new', () => {
    expect(newTroubles([aTrouble('cu_1', 'TERMS_NOT_MAPPED')], rememberTroubles([])).size).toBe(0);
  });
});

test('more troubles than are remembered are never all new again', () => {
  const many = Array.from({ length: MOST_REMEMBERED + 500 }, (_, index) => aTrouble(`cu_${index}`));
  const known = rememberTroubles(many);
  expect(known.hashes).toHaveLength(MOST_REMEMBERED);
  expect(known.isWhole).toBe(false);
  expect(newTroubles(many, known).size).toBe(0);
  const later = Array.from({ length: 100 }, (_, index) => aTrouble(`later_${index}`));
  expect(newTroubles([...many, ...later], known).size).toBeGreaterThan(50);
});

test('each cause is one finding', () => {
  const troubles = [
    aTrouble('cu_1'),
    { ...aTrouble('cu_1', 'TERMS_NOT_MAPPED'), key: 'N45' },
    { ...aTrouble('cu_2', 'TERMS_NOT_MAPPED'), key: 'N45' },
    { ...aTrouble('cu_3', 'TERMS_NOT_MAPPED'), key: 'N90' },
  ];
  expect(toFindings(troubles, new Set()).map(({ code, key, count }) => [code, key, count])).toEqual([
    ['CUSTOMER_WITHOUT_ERP_CODE', '', 1],
    ['TERMS_NOT_MAPPED', 'N45', 2],
    ['TERMS_NOT_MAPPED', 'N90', 1],
  ]);
});

test.each([
  [aCustomer(), 'ACME01 (Acme Outfitters)'],
  [aCustomer({ erpCode: null }), 'cu_1 (Acme Outfitters)'],
  [aCustomer({ company: null }), 'ACME01'],
])('a customer is called by its code and company', (customer, name) => {
  expect(customerName(customer)).toBe(name);
});
