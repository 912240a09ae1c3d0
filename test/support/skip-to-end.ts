import type { Client } from '@temporalio/client';

/** Far above the timers of any test, and an end for a workflow that would go on for ever. */
const MOST_SKIPS = 1_000;

/**
 * Lets the clock of a workflow jump from timer to timer until it ends, over any number of fresh histories. Advancing it by
 * fixed spans again and again would not do: a span that begins between the moment a timer is due and the moment the
 * server fires it passes over that timer as a whole, and so does the next one.
 */
export async function skipToEnd(client: Client, workflowId: string): Promise<void> {
  await client.workflowService.updateWorkflowExecutionOptions({
    namespace: client.options.namespace,
    workflowExecution: { workflowId },
    workflowExecutionOptions: { timeSkippingConfig: { enabled: true, maxSessionSkipCount: MOST_SKIPS } },
    updateMask: { paths: ['time_skipping_config'] },
  });
}
