import { expect, test } from 'vitest';

import { problemKind } from '../../../../domain/problems.ts';
import { blockOf } from '../../../../domain/reports/exceptions/exception-rows.ts';
import { theRules } from '../../../support/builders.ts';

const { locations, payment } = theRules();
const [method] = payment.methods;
if (!method) throw new Error('no payment method');
const rules = {
  locations: { ...locations, defaultHoldCode: 'LOC' },
  payment: { ...payment, methods: [{ ...method, method: 'proforma', holdCode: 'PRO' }] },
};
const held = (holdCode: string) => ({ status: 'hold', holdCode }) as const;

test('Instep’s own hold is the warehouse’s, and ends as its review says', () => {
  const { owner, mend } = problemKind('LOCATION_NOT_MAPPED');
  expect(blockOf(held('loc '), rules, [])).toMatchObject({ code: 'LOCATION_NOT_MAPPED', owner: 'warehouse', mend });
  expect(owner).toBe('warehouse');
  expect(mend).toContain('remap');
});

test('Instep’s own hold for a date that cannot be read is the shop’s', () => {
  const problems = [{ code: 'DELIVERY_DATE_UNREADABLE', says: '' }] as const;
  expect(blockOf(held('LOC'), rules, problems)).toMatchObject({ code: 'DELIVERY_DATE_UNREADABLE', owner: 'ecommerce' });
});

test('a hold that the site file sets by payment is finance’s, and says so', () => {
  expect(blockOf(held('PRO'), rules, [])).toMatchObject({
    owner: 'finance',
    cause: expect.stringContaining('proforma'),
  });
});

test('another hold is cleared by whoever has set it, and an order that is not held is not blocked', () => {
  expect(blockOf(held('QC'), rules, [])).toMatchObject({
    code: null,
    mend: expect.stringContaining('Whoever has set it'),
  });
  expect(blockOf({ status: 'credit_hold', holdCode: 'LOC' }, rules, [])).toMatchObject({ code: 'ERP_HOLD' });
  expect(blockOf({ status: 'open', holdCode: 'LOC' }, rules, [])).toBeNull();
});
