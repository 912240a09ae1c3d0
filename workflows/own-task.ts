import type { ActivateInput, WorkflowInterceptorsFactory } from '@temporalio/workflow';

/** Fails the task in hand: the run is gone through again from its history, under the clock of each task. */
class RanAhead extends Error {
  override readonly name = 'RanAhead';
}

/** Why a query failed, so that whoever asked can tell. */
export const CAME_EARLY = 'A query came before the task that brings the news';

type Job = NonNullable<ActivateInput['activation']['jobs']>[number];

/**
 * Keeps every run from taking in what belongs to a task that has not begun. A query that reaches a worker when there is news
 * makes the SDK bring the news at once, under the clock of the task before: what is decided then, or reckoned from that
 * clock, is not what a replay decides under the clock of the task itself, and the run would be stuck for good. Such a query
 * is failed instead, no history shows it, and the task brings the news a moment later.
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let clock: string | null = null;
  return {
    internals: [
      {
        activate(input, next) {
          const { activation, batchIndex } = input;
          const { jobs, isReplaying, timestamp } = activation;
          if (jobs?.some(isNews)) {
            const time = `${String(timestamp?.seconds ?? 0)}.${timestamp?.nanos ?? 0}`;
            // What is replayed came task by task.
            if (time === clock && batchIndex === 0 && !isReplaying)
              throw new RanAhead(`${CAME_EARLY}; it is to be asked again.`);
            clock = time;
          }
          next(input);
        },
      },
    ],
  };
};

/** What a task brings. A step that the run itself has called off ends within the task in which it does. */
function isNews(job: Job): boolean {
  const isCalledOff =
    job.resolveActivity?.result?.cancelled ||
    job.resolveChildWorkflowExecution?.result?.cancelled ||
    job.resolveChildWorkflowExecutionStart?.cancelled;
  return !isCalledOff && !job.queryWorkflow && !job.removeFromCache && !job.updateRandomSeed && !job.notifyHasPatch;
}
