import type { Client } from '@temporalio/client';

import type { OrderGlances } from '../activities/order-glances.ts';
import { attributes } from '../workflows/search-attributes.ts';
import { orderWorkflowId } from '../workflows/task-queues.ts';

/** The running orders of a site, as Temporal's visibility shows them. */
export function createOrderGlances(client: Client, site: string): OrderGlances {
  const idPrefix = orderWorkflowId(site, '');
  return {
    async *running() {
      const query = `WorkflowType = 'orderLifecycle' AND ExecutionStatus = 'Running' AND Site = '${site}'`;
      for await (const { workflowId, typedSearchAttributes } of client.workflow.list({ query }))
        yield {
          key: workflowId.slice(idPrefix.length),
          stage: typedSearchAttributes.get(attributes.Stage) ?? '',
          attention: typedSearchAttributes.get(attributes.Attention) ?? 'none',
        };
    },
  };
}
