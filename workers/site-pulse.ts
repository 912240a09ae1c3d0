import { WorkflowFailedError, type Client, type ScheduleDescription } from '@temporalio/client';
import { rootCause } from '@temporalio/common';

import type { SitePulse } from '../activities/site-pulse.ts';
import type { Site } from '../config/site.ts';
import type { FeedPulse } from '../domain/watch/feed-pulse.ts';
import { attributes } from '../workflows/search-attributes.ts';
import { orderWorkflowId } from '../workflows/task-queues.ts';
import { totalIn } from './order-memo.ts';
import { describeScheduledRun } from './schedule-run.ts';
import { compareSchedules, type ComparedSchedule } from './schedules.ts';

/** A site as its Temporal server shows it. */
export function createSitePulse(client: Client, site: Site): SitePulse {
  const idPrefix = orderWorkflowId(site.name, '');
  return {
    async feeds() {
      return Promise.all((await compareSchedules(client, site)).map((each) => pulseOf(client, each)));
    },

    async *unconfirmed(before) {
      const query = `WorkflowType = 'orderLifecycle' AND ExecutionStatus = 'Running' AND Site = '${site.name}' AND Stage IN ('received', 'prepared', 'submitted') AND StartTime < '${before}'`;
      for await (const { workflowId, startTime, typedSearchAttributes, memo } of client.workflow.list({ query }))
        yield {
          number: typedSearchAttributes.get(attributes.OrderNumber) ?? workflowId.slice(idPrefix.length),
          stage: typedSearchAttributes.get(attributes.Stage) ?? '',
          // One that only came in does not show it yet.
          since: (typedSearchAttributes.get(attributes.DueAt) ?? startTime).toISOString(),
          ...totalIn(memo),
        };
    },

    async watchDeclaredAt() {
      const watch = (await compareSchedules(client, site, 'watch-site')).find(
        ({ description }) => description !== null,
      );
      return watch ? declaredAt(watch) : null;
    },

    async lastCompleted(workflowType) {
      const query = `WorkflowType = '${workflowType}' AND ExecutionStatus = 'Completed' AND Site = '${site.name}'`;
      // Newest first is visibility's own order.
      for await (const { workflowId, runId, startTime } of client.workflow.list({ query, pageSize: 1 })) {
        const result: unknown = await client.workflow.getHandle(workflowId, runId).result();
        return { startedAt: startTime.toISOString(), result };
      }
      return null;
    },
  };
}

async function pulseOf(client: Client, { feed, state, description }: ComparedSchedule): Promise<FeedPulse> {
  const { when, between, jitterSeconds } = feed.timing;
  const actions = description?.info.recentActions ?? [];
  const runs = await lastRuns(client, actions);
  return {
    feed: feed.name,
    schedule: state,
    note: state === 'paused' ? (description?.state.note ?? '') : '',
    everySeconds: when.kind === 'every' && between === null ? when.seconds : null,
    jitterSeconds,
    since: declaredAt({ description }),
    started: actions.map(({ takenAt }) => takenAt.toISOString()),
    next: description?.info.nextActionTimes[0]?.toISOString() ?? null,
    ...runs,
  };
}

function declaredAt({ description }: Pick<ComparedSchedule, 'description'>): string {
  return (description?.info.lastUpdatedAt ?? description?.info.createdAt ?? new Date(0)).toISOString();
}

/** The run under way and the last one that is over, of those that the schedule still names. */
async function lastRuns(
  client: Client,
  actions: ScheduleDescription['info']['recentActions'],
): Promise<Pick<FeedPulse, 'running' | 'last'>> {
  let running: FeedPulse['running'] = null;
  for (const { action } of actions.toReversed()) {
    const run = await describeScheduledRun(client, action.workflow);
    // Those before it are forgotten, too.
    if (!run) break;
    const { handle, status, startTime, closeTime } = run;
    if (status.name === 'RUNNING') {
      running ??= { since: startTime.toISOString() };
      continue;
    }
    const at = (closeTime ?? startTime).toISOString();
    if (status.name === 'COMPLETED') return { running, last: { ended: 'well', at, why: '' } };
    return { running, last: { ended: 'badly', at, why: await reasonOf(handle.result()) } };
  }
  return { running, last: null };
}

async function reasonOf(result: Promise<unknown>): Promise<string> {
  try {
    await result;
    return '';
  } catch (error) {
    return (error instanceof WorkflowFailedError ? rootCause(error.cause) : rootCause(error)) ?? '';
  }
}
