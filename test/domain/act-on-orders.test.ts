import { describe, expect, test } from 'vitest';

import {
  asReported,
  describeBulk,
  needsFreshHistory,
  newBulk,
  restOf,
  summarizeBulk,
} from '../../domain/act-on-orders.ts';
import { withNewDocument } from '../../domain/order-documents.ts';
import { newOrder } from '../../domain/order-lifecycle.ts';
import type { Step } from '../../domain/order-state.ts';
import type { Problem } from '../../domain/problems.ts';
import { aSalesOrder } from '../support/builders.ts';

const fresh = newOrder({ site: 's', key: 'k', reference: 'SL-1' }, '2026-01-05T09:00:00.000Z');
const ORDER_NUMBER = '500001';
const SETTLED: Step = { at: 'settled', orderNumber: ORDER_NUMBER };
const placed = { ...fresh, facts: { ...fresh.facts, orderNumber: ORDER_NUMBER } };
const at = (step: Step, ...problems: readonly Problem[]) => restOf({ ...placed, step, problems });
const sku: Problem = { code: 'SKU_UNKNOWN', says: 'The ERP does not know “X”.' };
const location: Problem = { code: 'LOCATION_NOT_MAPPED', says: 'No warehouse for “pop-up”.' };

describe('how an order comes to rest', () => {
  test('in the ERP it is done, and says what is still to be looked at', () => {
    expect(at(SETTLED)).toEqual({ result: 'done', says: `In the ERP as order ${ORDER_NUMBER}.` });
    expect(at(SETTLED, location)?.says).toContain('LOCATION_NOT_MAPPED');
  });

  test('in the ERP it is under way while it is to be read or decided, or a person’s answer waits', () => {
    const settled = { ...placed, step: SETTLED };
    expect(restOf({ ...settled, follow: { kind: 'now' } })).toBeNull();
    expect(restOf({ ...settled, follow: { kind: 'at', time: '2026-01-05T09:00:20.000Z' } })).toBeNull();
    expect(restOf({ ...settled, revise: { kind: 'at', time: '2026-01-05T09:00:20.000Z' } })).toBeNull();
    expect(
      restOf({ ...settled, answer: { kind: 'acceptErp', alsoMore: false, act: { actor: 'a', reason: 'r' } } }),
    ).toBeNull();
  });

  test('it is under way, or parked, with any of its documents', () => {
    const withOther = (step: Step) => {
      const two = withNewDocument({ ...placed, step: SETTLED, problems: [sku] }, 2, aSalesOrder());
      return restOf({ ...two, others: two.others.map((other) => ({ ...other, step })) });
    };
    expect(
      withOther({
        at: 'toCancel',
        orderNumber: '500002',
        cancelling: { lines: null, sent: null, afterwards: 'end', act: null },
      }),
    ).toBeNull();
    expect(withOther({ at: 'parked', orderNumber: null })?.result).toBe('stillParked');
    expect(withOther(SETTLED)?.result).toBe('done');
  });

  test('finished it is done', () => {
    expect(at({ at: 'finished', outcome: 'cancelled' })).toEqual({ result: 'done', says: 'Finished: cancelled.' });
  });

  test('parked it is not, and says what parks it', () => {
    expect(at({ at: 'parked', orderNumber: null }, location, sku)).toEqual({
      result: 'stillParked',
      says: 'SKU_UNKNOWN: The ERP does not know “X”.',
    });
  });

  test('anywhere else it is not at rest', () => {
    expect(at({ at: 'toPrepare' })).toBeNull();
    expect(at({ at: 'toClose', outcome: 'closed', act: { actor: 'a', reason: 'r' } })).toBeNull();
  });
});

describe('the account of a bulk', () => {
  const orders = Array.from({ length: 130 }, (_, index) => `order:s:${index}`);
  const begun = newBulk({ site: 's', act: 'retry', actor: 'ann@desk', reason: 'SKUs are | there', orders });
  const says = 'x'.repeat(1_000);
  const failed = orders.reduce((bulk, order) => asReported(bulk, { order, result: 'refused', says }), begun);

  test('keeps every failure, the words of the first hundred, and no long ones', () => {
    expect(failed.failures).toHaveLength(130);
    expect(failed.failures[99]?.says).toHaveLength(300);
    expect(failed.failures[100]?.says).toBe('');
    expect(failed.counts.refused).toBe(130);
  });

  test('shows people who, why and the first hundred failures', () => {
    const page = describeBulk(failed);
    expect(page).toContain('ann@desk');
    expect(page).toContain('SKUs are \\| there');
    expect(page.match(/\| refused \|/g)).toHaveLength(100);
    expect(page).toContain('And 30 more');
  });

  test('fits one line', () => {
    const one = asReported(begun, { order: 'order:s:0', result: 'done', says: '' });
    expect(summarizeBulk({ ...one, status: 'running', untouched: 129 })).toBe(
      'retry on 130 orders: 1 done, 129 untouched; under way.',
    );
  });
});

test('a bulk goes on in a fresh history before it asks too many, and however few are left where waiting made it long', () => {
  expect(needsFreshHistory({ asked: 500, left: 1, isSuggested: false }, 500)).toBe(true);
  expect(needsFreshHistory({ asked: 500, left: 0, isSuggested: false }, 500)).toBe(false);
  expect(needsFreshHistory({ asked: 499, left: 1, isSuggested: false }, 500)).toBe(false);
  expect(needsFreshHistory({ asked: 3, left: 0, isSuggested: true }, 500)).toBe(true);
});
