import { WorkflowNotFoundError, WorkflowUpdateFailedError, type Client } from '@temporalio/client';

import type { OrderActs } from '../activities/order-acts.ts';
import type { Act } from '../domain/order-state.ts';
import * as messages from '../workflows/messages.ts';
import { asked } from './asked.ts';

/** Single orders on Temporal, as a bulk reaches them. What is neither refused nor gone is thrown, to be tried again. */
export function createOrderActs(client: Client): OrderActs {
  return {
    async take(order, act, by, id, signal) {
      try {
        await client.withAbortSignal(signal, () =>
          client.workflow
            .getHandle(order)
            .executeUpdate<messages.Acknowledgement, [Act]>(act, { args: [by], updateId: id }),
        );
        return { kind: 'taken' };
      } catch (error) {
        if (error instanceof WorkflowUpdateFailedError)
          return { kind: 'refused', why: error.cause?.message ?? error.message };
        if (error instanceof WorkflowNotFoundError) return { kind: 'gone' };
        throw error;
      }
    },

    async stateOf(order, signal) {
      try {
        return await client.withAbortSignal(signal, () =>
          asked(() => client.workflow.getHandle(order).query(messages.state)),
        );
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return null;
        throw error;
      }
    },
  };
}
