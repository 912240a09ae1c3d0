import type { Site } from '../config/site.ts';
import type { BlueCherry } from '../connectors/bluecherry/bluecherry.ts';
import type { SparkLayer } from '../connectors/sparklayer/sparklayer.ts';
import { withCalls, type Call } from './calls.ts';
import { cancelSalesOrder, followCancel, type CancelSalesOrder, type FollowCancel } from './cancel-sales-order.ts';
import { followReplace, replaceSalesOrder, type FollowReplace, type ReplaceSalesOrder } from './replace-sales-order.ts';
import { checkAdoption, type CheckAdoption } from './check-adoption.ts';
import { toStepFailure, translating } from './failures.ts';
import { followOrder, type FollowOrder } from './follow-order.ts';
import type { PostJournal } from './post-journal.ts';
import { prepareOrder, type PrepareOrder } from './prepare-order.ts';
import { reviseOrder, type ReviseOrder } from './revise-order.ts';
import {
  lookForSalesOrder,
  submitSalesOrder,
  type LookForSalesOrder,
  type SubmitSalesOrder,
} from './submit-sales-order.ts';

export interface SalesOrderDependencies {
  readonly site: Site;
  readonly sparklayer: SparkLayer;
  readonly bluecherry: BlueCherry;
  readonly journal: PostJournal;
  /** The clock by which rules say "today"; time-outs have their own. */
  readonly clock: () => Date;
  /** Whether this workflow was run before: opened again, or reset. */
  readonly earlierRuns: (execution: { readonly workflowId: string; readonly runId: string }) => Promise<boolean>;
  /** Pauses the site's intake, saying why; people resume it. */
  readonly stopIntake: (why: string) => Promise<void>;
}

export type SalesOrderActivities = ReturnType<typeof createSalesOrderActivities>;

/** Steps that touch the ERP. They run in the one process that holds the site's governor. */
export function createSalesOrderActivities(dependencies: SalesOrderDependencies) {
  return {
    prepareOrder: (input: PrepareOrder) => step((call) => prepareOrder(dependencies, input, call)),
    /** Safe to run any number of times: looks for the order before it posts one. */
    submitSalesOrder: (input: SubmitSalesOrder) =>
      translating(toStepFailure, () => submitSalesOrder(dependencies, input)),
    lookForSalesOrder: (input: LookForSalesOrder) => step((call) => lookForSalesOrder(dependencies, input, call)),
    checkAdoption: (input: CheckAdoption) => step((call) => checkAdoption(dependencies, input, call)),
    followOrder: (input: FollowOrder) => step((call) => followOrder(dependencies, input, call)),
    reviseOrder: (input: ReviseOrder) => step((call) => reviseOrder(dependencies, input, call)),
    replaceSalesOrder: (input: ReplaceSalesOrder) => step((call) => replaceSalesOrder(dependencies, input, call)),
    followReplace: (input: FollowReplace) => step((call) => followReplace(dependencies, input, call)),
    cancelSalesOrder: (input: CancelSalesOrder) => step((call) => cancelSalesOrder(dependencies, input, call)),
    followCancel: (input: FollowCancel) => step((call) => followCancel(dependencies, input, call)),
  };
}

function step<Result>(work: (call: Call) => Promise<Result>): Promise<Result> {
  return translating(toStepFailure, () => withCalls(work));
}
