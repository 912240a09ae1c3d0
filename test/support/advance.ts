import { randomUUID } from 'node:crypto';

import type { Client } from '@temporalio/client';
import Long from 'long';

/**
 * Moves the clock of one workflow forward on the real development server, and waits until it has got there. The clock
 * moves only while no activity and no workflow task is in flight.
 */
export async function advance(client: Client, workflowId: string, milliseconds: number): Promise<void> {
  const id = randomUUID();
  const workflowExecution = { workflowId };
  const { namespace } = client.options;
  const duration = { seconds: Long.fromNumber(Math.floor(milliseconds / 1000)), nanos: (milliseconds % 1000) * 1e6 };
  await client.workflowService.updateWorkflowExecutionOptions({
    namespace,
    workflowExecution,
    workflowExecutionOptions: { timeSkippingConfig: { enabled: true, fastForwardConfig: { id, duration } } },
    updateMask: { paths: ['time_skipping_config'] },
  });
  await client.workflowService.pollWorkflowExecutionTimeSkipping({ namespace, workflowExecution, fastForwardId: id });
}
