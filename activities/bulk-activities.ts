import { Context } from '@temporalio/activity';

import { restOf, type BulkAct, type OrderResult } from '../domain/act-on-orders.ts';
import type { Act } from '../domain/order-state.ts';
import { withCalls } from './calls.ts';
import { inParallel } from './in-parallel.ts';
import type { OrderActs } from './order-acts.ts';

export interface ActOnOrder extends Act {
  readonly order: string;
  readonly act: BulkAct;
  /** The same for every attempt, so that an act whose answer was lost is not taken twice. */
  readonly updateId: string;
  /** Milliseconds to wait, from when the step was scheduled, until the order is at rest; 0 = one look. */
  readonly patienceMs: number;
}

export type BulkActivities = ReturnType<typeof createBulkActivities>;

const FIRST_GAP_MS = 250;
const LONGEST_GAP_MS = 5_000;
const LOOKS_AT_ONCE = 10;

/** The steps of a bulk: ask one order, and look how those that were asked came out. */
export function createBulkActivities({ orders }: { readonly orders: OrderActs }) {
  return {
    /** Asks the order and waits until it is at rest again, or patience ends. Safe to repeat: the id makes it one act. */
    async actOnOrder({ order, act, updateId, patienceMs, ...by }: ActOnOrder): Promise<OrderResult> {
      return withCalls(async ({ signal }) => {
        const context = Context.current();
        const until = context.info.scheduledTimestampMs + patienceMs;
        const taken = await orders.take(order, act, by, updateId, signal);
        if (taken.kind === 'refused') return { order, result: 'refused', says: taken.why };
        if (taken.kind === 'gone') return gone(order);
        for (let gap = FIRST_GAP_MS; ; gap = Math.min(2 * gap, LONGEST_GAP_MS)) {
          const rest = await look(order, signal);
          if (rest.result !== 'notAtRest') return rest;
          const left = until - Date.now();
          if (left <= 0) return rest;
          await context.sleep(Math.min(gap, left));
        }
      });
    },

    /** Looks at every order once; answers those that are at rest. Changes nothing. */
    async lookAtOrders({ asked }: { readonly asked: readonly string[] }): Promise<readonly OrderResult[]> {
      return withCalls(async ({ signal }) => {
        const results: OrderResult[] = [];
        await inParallel(asked, LOOKS_AT_ONCE, async (order) => {
          // One that does not answer must not keep the others from being reported: it counts as still under way.
          const rest = await look(order, signal).catch(() => null);
          signal.throwIfAborted();
          if (rest !== null && rest.result !== 'notAtRest') results.push(rest);
        });
        return results;
      });
    },
  };

  async function look(order: string, signal: AbortSignal): Promise<OrderResult> {
    const state = await orders.stateOf(order, signal);
    if (state === null) return gone(order);
    const rest = restOf(state);
    return rest === null
      ? { order, result: 'notAtRest', says: `It took the act and is still on its way (${state.step.at}).` }
      : { order, ...rest };
  }
}

function gone(order: string): OrderResult {
  return { order, result: 'gone', says: 'The order has ended; there is nothing left to act on.' };
}
