import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';

import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { WorkerOptions } from '@temporalio/worker';
import type { Logger } from 'pino';

import { readKept, writeKept } from '../activities/kept-file.ts';
import * as messages from '../workflows/messages.ts';

/** Between two that are told, in milliseconds: new orders are not to wait behind thousands that begin anew. */
const GAP_MS = 20;

type WorkflowBundle = NonNullable<WorkerOptions['workflowBundle']>;

export interface RenewOrders {
  readonly client: Client;
  readonly site: string;
  readonly workflowBundle: WorkflowBundle;
  /** Remembers which workflow code the orders were last told of. Without it all are told. */
  readonly file: string;
  /** Ends the telling; the next start begins it again. */
  readonly signal: AbortSignal;
  readonly log: Logger;
}

/**
 * After a deploy every running order and case is asked to go on in a fresh history as soon as it is idle: the rules version is read
 * once in each run, so that an order which sleeps for months would sleep with old rules (decision 36). Answers how many
 * were told.
 */
export async function renewOrders({ client, site, workflowBundle, file, signal, log }: RenewOrders): Promise<number> {
  const code = await digestOf(workflowBundle);
  if (code === (await readKept(file))) return 0;
  let told = 0;
  // A case hears it by the same name.
  const query = `WorkflowType IN ('orderLifecycle', 'exceptionCase') AND ExecutionStatus = 'Running' AND Site = '${site}'`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    if (signal.aborted) return told;
    await pause(GAP_MS);
    try {
      await client.workflow.getHandle(workflowId).signal(messages.renew);
      told++;
    } catch (error) {
      // It has ended meanwhile.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
  await writeKept(file, JSON.stringify(code));
  if (told > 0) log.info({ told }, 'new workflow code: running orders and cases go on in fresh histories');
  return told;
}

async function digestOf(bundle: WorkflowBundle): Promise<string> {
  const code = 'code' in bundle ? bundle.code : await readFile(bundle.codePath);
  return createHash('sha256').update(code).digest('hex');
}
