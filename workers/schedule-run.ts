import { WorkflowNotFoundError, type Client, type ScheduleDescription } from '@temporalio/client';

export type ScheduledRun = ScheduleDescription['info']['recentActions'][number]['action']['workflow'];

/**
 * A run that a schedule names among its last ones; null = Temporal has forgotten it. A schedule keeps them longer than a run
 * is retained: one that is rare, or was paused for long, names runs that are gone.
 */
export async function describeScheduledRun(client: Client, { workflowId, firstExecutionRunId }: ScheduledRun) {
  const handle = client.workflow.getHandle(workflowId, firstExecutionRunId);
  try {
    return { handle, ...(await handle.describe()) };
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return null;
    throw error;
  }
}
