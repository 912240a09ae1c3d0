import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import { TypedSearchAttributes, type SignalDefinition } from '@temporalio/common';

import type { CaseWorkflows } from '../activities/case-workflows.ts';
import { caseId } from '../domain/cases/case-id.ts';
import type { CaseCause, CaseRemains } from '../domain/cases/case-state.ts';
import * as messages from '../workflows/case-messages.ts';
import type { exceptionCase } from '../workflows/exception-case.ts';
import { attributes } from '../workflows/search-attributes.ts';
import { ordersQueue } from '../workflows/task-queues.ts';

const LONGEST_SUMMARY = 200;

/** The cases of a site on Temporal. */
export function createCaseWorkflows(client: Client, site: string): CaseWorkflows {
  return {
    add: (cause, says, member) => startOrTell(cause, says, [], messages.add, { says, member }),
    report: (cause, finding) => startOrTell(cause, finding.says, [finding.source], messages.report, finding),
    withdraw: (id, member) => tell(id, messages.withdraw, { members: [member] }),
    retract: (id, source) => tell(id, messages.report, { source, says: '', count: 0, concerns: [], value: null }),

    async *openFrom(source) {
      for await (const { id, sources } of openCases()) if (sources.includes(source)) yield id;
    },

    async openSources(prefixes) {
      const found = new Set<string>();
      for await (const { sources } of openCases())
        for (const source of sources) if (prefixes.some((prefix) => source.startsWith(prefix))) found.add(source);
      return found;
    },

    async remainsOf(id) {
      const query = `WorkflowType = 'exceptionCase' AND WorkflowId = '${id.replaceAll("'", "''")}' AND ExecutionStatus = 'Completed'`;
      // Newest first is visibility's own order.
      for await (const { runId } of client.workflow.list({ query, pageSize: 1 }))
        return client.workflow.getHandle<() => Promise<CaseRemains>>(id, runId).result();
      return null;
    },
  };

  async function* openCases() {
    const query = `WorkflowType = 'exceptionCase' AND ExecutionStatus = 'Running' AND Site = '${site}'`;
    for await (const { workflowId, memo } of client.workflow.list({ query })) {
      const sources: unknown = memo?.['sources'];
      yield { id: workflowId, sources: Array.isArray(sources) ? sources.map(String) : [] };
    }
  }

  /** One call, never two cases of one cause. */
  async function startOrTell<Args>(
    cause: CaseCause,
    says: string,
    sources: readonly string[],
    signal: SignalDefinition<[Args]>,
    args: Args,
  ): Promise<void> {
    await client.workflow.signalWithStart<typeof exceptionCase, [Args]>('exceptionCase', {
      workflowId: caseId(cause),
      taskQueue: ordersQueue(site),
      args: [{ ...cause, state: null }],
      signal,
      signalArgs: [args],
      workflowIdReusePolicy: 'ALLOW_DUPLICATE',
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: [cause.code, says].join(' · ').slice(0, LONGEST_SUMMARY),
      memo: { sources },
      typedSearchAttributes: new TypedSearchAttributes([
        { key: attributes.Site, value: site },
        { key: attributes.Stage, value: 'open' },
        { key: attributes.Attention, value: cause.code },
      ]),
    });
  }

  /** A case that is closed has nothing to be told. */
  async function tell<Args>(id: string, signal: SignalDefinition<[Args]>, args: Args): Promise<void> {
    try {
      await client.workflow.getHandle(id).signal(signal, args);
    } catch (error) {
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }
}
