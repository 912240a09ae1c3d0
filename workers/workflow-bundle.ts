import { bundleWorkflowCode, Runtime, type WorkflowBundleWithSourceMap } from '@temporalio/worker';

/** The workflows and what watches over each of their runs, bundled for workers and replays. Takes some seconds. */
export function bundleWorkflows(): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    workflowsPath: new URL('../workflows/index.ts', import.meta.url).pathname,
    workflowInterceptorModules: [new URL('../workflows/own-task.ts', import.meta.url).pathname],
    logger: Runtime.instance().logger,
  });
}
