import { describe, expect, test } from 'vitest';

import { newOrder } from '../../domain/order-lifecycle.ts';
import type { OrderState } from '../../domain/order-state.ts';
import { isAtRest } from '../../scripts/demo/demo-season.ts';
import { aPreparedOrder } from '../support/prepared-order.ts';

const NOW = '2026-01-05T09:00:00.000Z';
const fresh = newOrder({ site: 'demo', key: 'sparklayer:1', reference: 'R1' }, NOW);
const settled: OrderState = { ...fresh, step: { at: 'settled', orderNumber: '104512' } };
/** Its answer was lost, and nothing that was staged later has been imported. */
const lost: OrderState = {
  ...fresh,
  step: {
    at: 'unknown',
    order: aPreparedOrder(),
    since: NOW,
    watermark: '55006',
    look: { kind: 'at', time: NOW, gap: 2_000 },
  },
};
const told = (state: OrderState): OrderState => ({
  ...state,
  problems: [{ code: 'OUTCOME_UNKNOWN', says: 'The answer was lost.' }],
});

describe('an order of the demonstration', () => {
  test('rests once it is settled and neither side is to be read', () => {
    expect(isAtRest(undefined)).toBe(false);
    expect(isAtRest(fresh)).toBe(false);
    expect(isAtRest(settled)).toBe(true);
    expect(isAtRest({ ...settled, follow: { kind: 'at', time: NOW } })).toBe(false);
    expect(isAtRest({ ...settled, revise: { kind: 'now' } })).toBe(false);
  });

  test('whose answer was lost does not keep the season from going on, which brings what it waits for', () => {
    expect(isAtRest(lost)).toBe(false);
    expect(isAtRest(told(lost))).toBe(true);
  });

  test('is under way again as soon as it is certain that the ERP does not have it', () => {
    const sent: OrderState = {
      ...told(lost),
      step: { at: 'toSubmit', order: aPreparedOrder(), permission: { kind: 'cleared', by: 'laterJobFinished' } },
    };
    expect(isAtRest(sent)).toBe(false);
  });
});
