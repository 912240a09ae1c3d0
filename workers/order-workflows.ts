import { isGrpcServiceError, QueryNotRegisteredError, WorkflowNotFoundError, type Client } from '@temporalio/client';
import { TypedSearchAttributes, type SignalDefinition } from '@temporalio/common';

import type { OrderWorkflows } from '../activities/order-workflows.ts';
import * as messages from '../workflows/messages.ts';
import type { orderLifecycle } from '../workflows/order-lifecycle.ts';
import { attributes } from '../workflows/search-attributes.ts';
import { ordersQueue, orderWorkflowId } from '../workflows/task-queues.ts';
import { asked } from './asked.ts';
import { orderMemo } from './order-memo.ts';

/** Keyword attributes are for codes; a longer PO is found by its beginning. */
const LONGEST_ATTRIBUTE = 100;

/** Stages in which the ERP has nothing of an order yet, or a person is to decide. */
const UNACCEPTED = ['received', 'prepared', 'submitted', 'parked'] as const;

/** The orders of a site on Temporal. */
export function createOrderWorkflows(client: Client, site: string): OrderWorkflows {
  const idPrefix = orderWorkflowId(site, '');
  return {
    async startOrTell(key, reference, { identifiers, customerReference, updatedAt, total, currency }) {
      const purchaseOrder = customerReference?.trim().slice(0, LONGEST_ATTRIBUTE);
      await client.workflow.signalWithStart<typeof orderLifecycle, [{ updatedAt: string }]>('orderLifecycle', {
        workflowId: orderWorkflowId(site, key),
        taskQueue: ordersQueue(site),
        args: [{ site, key, reference, state: null }],
        signal: messages.purchaseChanged,
        signalArgs: [{ updatedAt }],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: [identifiers.visible ?? key, total === null ? '' : `${total} ${currency ?? ''}`]
          .filter(Boolean)
          .join(' · '),
        memo: orderMemo({ total, currency }),
        typedSearchAttributes: new TypedSearchAttributes([
          { key: attributes.Site, value: site },
          { key: attributes.Stage, value: 'received' },
          { key: attributes.Attention, value: 'none' },
          ...(identifiers.visible ? [{ key: attributes.OrderNumber, value: identifiers.visible }] : []),
          ...(purchaseOrder ? [{ key: attributes.PurchaseOrder, value: purchaseOrder }] : []),
        ]),
      });
    },

    async isKnown(key) {
      try {
        await client.workflow.getHandle(orderWorkflowId(site, key)).describe();
        return true;
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return false;
        throw error;
      }
    },

    async *openOrders() {
      const query = `WorkflowType = 'orderLifecycle' AND ExecutionStatus = 'Running' AND Site = '${site}'`;
      for await (const { workflowId } of client.workflow.list({ query })) yield workflowId.slice(idPrefix.length);
    },

    async *unacceptedOrders() {
      const stages = UNACCEPTED.map((stage) => `'${stage}'`).join(', ');
      const query = `WorkflowType = 'orderLifecycle' AND ExecutionStatus = 'Running' AND Site = '${site}' AND Stage IN (${stages})`;
      for await (const { workflowId } of client.workflow.list({ query })) yield workflowId.slice(idPrefix.length);
    },

    async stateOf(key) {
      try {
        return await asked(() => client.workflow.getHandle(orderWorkflowId(site, key)).query(messages.state));
      } catch (error) {
        const isUnknown =
          error instanceof WorkflowNotFoundError ||
          error instanceof QueryNotRegisteredError ||
          isGrpcServiceError(error);
        if (isUnknown) return null;
        throw error;
      }
    },

    tellChanged: (key, updatedAt) => tell(key, messages.purchaseChanged, { updatedAt }),
    tellGone: (key) => tell(key, messages.purchaseGone),
    tellErpChange: (key, news) => tell(key, messages.erpChanged, news),

    async openFor(key, reference, news) {
      await client.workflow.signalWithStart<typeof orderLifecycle, [messages.ErpNews]>('orderLifecycle', {
        workflowId: orderWorkflowId(site, key),
        taskQueue: ordersQueue(site),
        args: [{ site, key, reference, state: null }],
        signal: messages.erpChanged,
        signalArgs: [news],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        typedSearchAttributes: new TypedSearchAttributes([
          { key: attributes.Site, value: site },
          { key: attributes.Stage, value: 'received' },
          { key: attributes.Attention, value: 'none' },
        ]),
      });
    },

    async lastResultOf(workflowType) {
      const query = `WorkflowType = '${workflowType}' AND ExecutionStatus = 'Completed' AND Site = '${site}'`;
      // Newest first is visibility's own order.
      for await (const { workflowId, runId } of client.workflow.list({ query, pageSize: 1 }))
        return client.workflow.getHandle(workflowId, runId).result();
      return null;
    },
  };

  async function tell<Args extends unknown[]>(
    key: string,
    signal: SignalDefinition<Args>,
    ...args: Args
  ): Promise<boolean> {
    try {
      await client.workflow.getHandle(orderWorkflowId(site, key)).signal(signal, ...args);
      return true;
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return false;
      throw error;
    }
  }
}

/**
 * Whether this workflow was run before under another run id: opened again, or reset. A run that went on in a fresh history
 * is the same life, and its state knows all that it did.
 */
export function earlierRunsBy(client: Client) {
  return async ({ workflowId, runId }: { readonly workflowId: string; readonly runId: string }): Promise<boolean> => {
    const query = `WorkflowId = '${workflowId.replaceAll("'", "''")}'`;
    for await (const run of client.workflow.list({ query }))
      if (run.runId !== runId && run.status.name !== 'CONTINUED_AS_NEW') return true;
    return false;
  };
}
