import { workflowInfo } from '@temporalio/workflow';

/** Fails the task in hand: the run is gone through again from its history, where all that belongs to a task comes at once. */
class RanAhead extends Error {
  override readonly name = 'RanAhead';
}

export interface OwnTasks {
  /** Called each time before something is decided. */
  decides(): void;
  /** Called before a message is taken in. */
  receives(): void;
}

/**
 * Keeps a run from deciding on half of what belongs to a task. A query that reaches a worker when there is news, but the
 * task for it has not begun, makes the SDK take in what is new by then, under the clock of the task before; messages that
 * come until the task begins are taken in after that was decided on. A replay takes all of it in at once, decides otherwise,
 * and the run would be stuck for good. So what is decided under the clock of the task before is told from the rest: a
 * message that comes before anything follows from it fails the task, which Temporal gives anew, and no history shows it.
 */
export function watchTasks(): OwnTasks {
  let decidedAt: number | null = null;
  let isAhead = false;
  return {
    decides() {
      const now = Date.now();
      // What is replayed was decided task by task.
      isAhead = now === decidedAt && !workflowInfo().unsafe.isReplaying;
      decidedAt = now;
    },
    receives() {
      if (isAhead) throw new RanAhead('A query made the run decide before its task began; it is gone through again.');
    },
  };
}
