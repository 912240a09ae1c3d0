import type { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';

import type { AlertDigests } from '../activities/alert-digests.ts';
import { hold, type alertDigest } from '../workflows/alert-digest.ts';
import { attributes } from '../workflows/search-attributes.ts';
import { ordersQueue } from '../workflows/task-queues.ts';

/** What is kept for people, each recipient in a workflow of their own: `digest:<site>:<recipient>`. */
export function createAlertDigests(client: Client, site: string): AlertDigests {
  return {
    async hold(to, news) {
      const name = to.kind === 'owner' ? to.owner : to.email;
      await client.workflow.signalWithStart<typeof alertDigest, [typeof news]>('alertDigest', {
        workflowId: `digest:${site}:${name}`,
        taskQueue: ordersQueue(site),
        args: [{ to, held: [] }],
        signal: hold,
        signalArgs: [news],
        workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: `Kept for ${name}`,
        typedSearchAttributes: new TypedSearchAttributes([{ key: attributes.Site, value: site }]),
      });
    },
  };
}
