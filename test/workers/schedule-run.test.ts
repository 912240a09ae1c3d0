import { WorkflowNotFoundError } from '@temporalio/client';
import { expect, test } from 'vitest';

import { describeScheduledRun } from '../../workers/schedule-run.ts';
import { temporalClients } from '../support/temporal-clients.ts';

const temporal = temporalClients();

test('a run that Temporal has forgotten, and the schedule has not, is no trouble', async () => {
  const forgotten = { workflowId: 'poll-erp-nowhere', firstExecutionRunId: '00000000-0000-4000-8000-000000000001' };
  const { workflowId, firstExecutionRunId } = forgotten;
  const described = temporal.client.workflow.getHandle(workflowId, firstExecutionRunId).describe();
  await expect(described).rejects.toBeInstanceOf(WorkflowNotFoundError);
  expect(await describeScheduledRun(temporal.client, forgotten)).toBeNull();
});
