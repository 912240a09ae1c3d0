import { isGrpcServiceError, WorkflowNotFoundError, type Client } from '@temporalio/client';

import type { ReportedCases } from '../activities/read-exceptions.ts';
import type { DriftCase } from '../domain/reports/exceptions/drift-rows.ts';
import * as messages from '../workflows/case-messages.ts';
import { orderWorkflowId } from '../workflows/task-queues.ts';
import { asked } from './asked.ts';
import { createCaseWorkflows } from './case-workflows.ts';

/** What the cases of a site on Temporal know of the rows of the exception report. `pageOf` a workflow's id. */
export function createReportedCases(
  client: Client,
  site: string,
  pageOf: (workflowId: string) => string | null,
): ReportedCases {
  return {
    async ofDrift() {
      const cases: DriftCase[] = [];
      for await (const id of createCaseWorkflows(client, site).openFrom('check-drift')) {
        const { code, key, owner } = await asked(() => client.workflow.getHandle(id).query(messages.glance));
        cases.push({ code, key, owner, link: pageOf(id) });
      }
      return cases;
    },

    async since(caseId, key) {
      const order = orderWorkflowId(site, key);
      try {
        const { orders } = await asked(() => client.workflow.getHandle(caseId).query(messages.state));
        return orders.find(({ id }) => id === order)?.since ?? null;
      } catch (error) {
        // An age is no reason to be without a report: then the row is as old as its last change.
        if (error instanceof WorkflowNotFoundError || isGrpcServiceError(error)) return null;
        throw error;
      }
    },
  };
}
