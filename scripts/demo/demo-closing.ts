import type { Client } from '@temporalio/client';

import type { Site } from '../../config/site.ts';
import type { ProofReport } from '../../domain/proof/report-proof.ts';
import { feedsOf, intervalOf } from '../../workers/schedules.ts';
import type { proveCompleteness } from '../../workflows/index.ts';
import { ordersQueue } from '../../workflows/task-queues.ts';

/** The proof of completeness at the end: every purchase is in exactly one class, by readers of its own. */
export async function proveAtTheEnd(client: Client, site: Site): Promise<ProofReport> {
  const timing = feedsOf(site).find(({ name }) => name === 'prove-completeness')?.timing;
  return client.workflow.execute<typeof proveCompleteness>('proveCompleteness', {
    workflowId: `prove-completeness:${site.name}:at-the-end`,
    taskQueue: ordersQueue(site.name),
    args: [{ site: site.name, intervalSeconds: timing ? intervalOf(timing) : 60, override: null }],
    staticSummary: 'Proof of completeness, at the end',
  });
}
