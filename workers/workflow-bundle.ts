import { bundleWorkflowCode, type WorkflowBundleWithSourceMap, type BundleOptions } from '@temporalio/worker';

/** The workflows and what watches over each of their runs, bundled for workers and replays. Takes some seconds. */
export function bundleWorkflows(options: Pick<BundleOptions, 'logger'> = {}): Promise<WorkflowBundleWithSourceMap> {
  return bundleWorkflowCode({
    ...options,
    workflowsPath: new URL('../workflows/index.ts', import.meta.url).pathname,
    workflowInterceptorModules: [new URL('../workflows/own-task.ts', import.meta.url).pathname],
  });
}
