import { readFileSync } from 'node:fs';

import { defaultPayloadConverter, TypedSearchAttributes } from '@temporalio/common';
import { coresdk } from '@temporalio/proto';
import { VMWorkflowCreator } from '@temporalio/worker/lib/workflow/vm.js';
import type { Workflow } from '@temporalio/worker/lib/workflow/interface.js';
import { parseWorkflowCode } from '@temporalio/worker/lib/worker.js';
import type { WorkflowInfo } from '@temporalio/workflow';
import Long from 'long';

type Activation = Parameters<Workflow['activate']>[0];
type Completion = Awaited<ReturnType<Workflow['activate']>>;
export type Job = NonNullable<Activation['jobs']>[number];

/** What reaches the code of a run at once, and how. */
export interface Activated {
  /** Milliseconds since the run began, as its clock shows them: those of the last task that has begun. */
  readonly clock: number;
  readonly kind: 'live' | 'replay';
}

export const payloadOf = (value: unknown) => defaultPayloadConverter.toPayload(value);

/**
 * A run of a bundled workflow without a server: given its activations one by one, as the SDK's core does, so that they can
 * be cut as no server can be made to cut them on demand. Answers the commands of each, or why the task is failed.
 */
export async function activateWorkflow(bundlePath: string, workflowType: string, input: unknown) {
  const began = Date.parse('2026-01-05T09:00:00.000Z');
  const creator = await VMWorkflowCreator.create(
    parseWorkflowCode(readFileSync(bundlePath, 'utf8'), bundlePath),
    5_000,
    new Set(),
  );
  const runId = 'run';
  const about = { workflowId: 'order', runId, workflowType };
  const info: WorkflowInfo = {
    ...about,
    searchAttributes: {},
    typedSearchAttributes: new TypedSearchAttributes(),
    historyLength: 3,
    historySize: 300,
    continueAsNewSuggested: false,
    targetWorkerDeploymentVersionChanged: false,
    taskQueue: 'orders',
    namespace: 'default',
    firstExecutionRunId: runId,
    originalExecutionRunId: runId,
    startTime: new Date(began),
    runStartTime: new Date(began),
    taskTimeoutMs: 10_000,
    attempt: 1,
    unsafe: {
      now: () => began,
      isReplaying: false,
      isReplayingHistoryEvents: false,
      random: { random: () => 0.5, uuid4: () => '', fillRandom: (bytes) => bytes },
    },
  };
  const workflow = await creator.createWorkflow({
    info,
    randomnessSeed: [1, 2, 3, 4],
    now: began,
    showStackTraceSources: false,
  });
  return {
    start: (at: Activated) => activate(at, [{ initializeWorkflow: { ...about, arguments: [payloadOf(input)] } }]),
    activate,
    async end(): Promise<void> {
      await workflow.dispose();
      await creator.destroy();
    },
  };

  async function activate({ clock, kind }: Activated, jobs: readonly Job[]): Promise<readonly string[]> {
    const time = began + clock;
    const activation = coresdk.workflow_activation.WorkflowActivation.fromObject({
      runId,
      timestamp: { seconds: Long.fromNumber(Math.floor(time / 1_000)), nanos: (time % 1_000) * 1e6 },
      isReplaying: kind === 'replay',
      historyLength: 3,
      availableInternalFlags: [2],
      jobs: [...jobs],
    });
    const completion = await workflow.activate(activation);
    return namesOf(completion);
  }
}

/** What the code of the workflow wants done, in its order: steps by their type. */
function namesOf({ successful, failed }: Completion): readonly string[] {
  if (failed) return [`failed: ${failed.failure?.message ?? ''}`];
  return (successful?.commands ?? []).flatMap(({ scheduleActivity, startTimer, cancelTimer, ...other }) => {
    if (scheduleActivity) return [scheduleActivity.activityType ?? ''];
    if (startTimer) return ['timer'];
    if (cancelTimer) return ['no timer'];
    return Object.keys(other).filter((name) => name === 'upsertWorkflowSearchAttributes' || name === 'respondToQuery');
  });
}
