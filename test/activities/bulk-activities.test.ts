import { MockActivityEnvironment } from '@temporalio/testing';
import { expect, test } from 'vitest';

import { createBulkActivities } from '../../activities/bulk-activities.ts';
import type { OrderActs } from '../../activities/order-acts.ts';
import type { OrderResult } from '../../domain/act-on-orders.ts';
import { newOrder } from '../../domain/order-lifecycle.ts';
import type { OrderState, Step } from '../../domain/order-state.ts';

type Looked = readonly OrderResult[];

const fresh = newOrder({ site: 's', key: 'k', reference: 'SL-1' }, '2026-01-05T09:00:00.000Z');
const settled: OrderState = { ...fresh, step: { at: 'settled', orderNumber: '104512' } };
const at = (step: Step): OrderState => ({ ...fresh, step });

/** Each look at an order shows the next of its places, and the last one for ever. */
function steps(
  places: Readonly<Record<string, readonly (OrderState | null | Error)[]>>,
  more: Partial<OrderActs> = {},
) {
  const looks = new Map<string, number>();
  const asked: string[] = [];
  const orders: OrderActs = {
    take: async (order, act, by, id) => {
      asked.push(`${id}: ${act} on ${order} by ${by.actor}`);
      return { kind: 'taken' };
    },
    stateOf: async (order) => {
      const look = looks.get(order) ?? 0;
      looks.set(order, look + 1);
      const shown = places[order]?.[look] ?? places[order]?.at(-1) ?? null;
      if (shown instanceof Error) throw shown;
      return shown;
    },
    ...more,
  };
  const bulk = createBulkActivities({ orders });
  const environment = new MockActivityEnvironment({ scheduledTimestampMs: Date.now() });
  return {
    asked,
    act: (patienceMs: number) =>
      environment.run(() =>
        bulk.actOnOrder({ order: 'o1', act: 'retry', actor: 'a@b', reason: 'r', updateId: 'u', patienceMs }),
      ),
    look: (...asked: readonly string[]) =>
      environment.run<[], Looked, () => Promise<Looked>>(() => bulk.lookAtOrders({ asked })),
  };
}

test('an order is asked once and watched until it is at rest', async () => {
  const { act, asked } = steps({ o1: [fresh, at({ at: 'toFollow', orderNumber: '104512' }), settled] });
  expect(await act(60_000)).toEqual({ order: 'o1', result: 'done', says: 'In the ERP as order 104512.' });
  expect(asked).toEqual(['u: retry on o1 by a@b']);
});

test('an order that is still under way when patience ends is said to be', async () => {
  const { act } = steps({ o1: [fresh] });
  expect(await act(1)).toMatchObject({ result: 'notAtRest', says: expect.stringContaining('toPrepare') });
});

test('an order that refuses is not watched', async () => {
  const { act } = steps({ o1: [settled] }, { take: async () => ({ kind: 'refused', why: 'Possible now: cancel.' }) });
  expect(await act(60_000)).toEqual({ order: 'o1', result: 'refused', says: 'Possible now: cancel.' });
});

test('an order that has ended, before or while it is watched, is gone', async () => {
  const ended = steps({ o1: [settled] }, { take: async () => ({ kind: 'gone' }) });
  expect(await ended.act(60_000)).toMatchObject({ result: 'gone' });
  expect(await steps({ o1: [fresh, null] }).act(60_000)).toMatchObject({ result: 'gone' });
});

test('a look answers those at rest, whatever the others do', async () => {
  const parked: OrderState = {
    ...at({ at: 'parked', orderNumber: null }),
    problems: [{ code: 'SKU_UNKNOWN', says: 'The ERP does not know the SKU “X”.' }],
  };
  const { look } = steps({ rests: [settled], moves: [fresh], silent: [new Error('no answer')], parks: [parked] });
  const results = await look('rests', 'moves', 'silent', 'parks', 'never-was');
  expect(results.toSorted((left, right) => left.order.localeCompare(right.order))).toEqual([
    { order: 'never-was', result: 'gone', says: expect.any(String) },
    { order: 'parks', result: 'stillParked', says: 'SKU_UNKNOWN: The ERP does not know the SKU “X”.' },
    { order: 'rests', result: 'done', says: 'In the ERP as order 104512.' },
  ]);
});
