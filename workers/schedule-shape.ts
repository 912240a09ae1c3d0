import type { CalendarSpec, ScheduleDescription } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';

/** A schedule as the server gives it back, and as it is declared: durations in milliseconds, ranges written out. */
export interface ShapedSchedule extends Pick<ScheduleDescription, 'spec' | 'policies' | 'action'> {
  readonly state: Pick<ScheduleDescription['state'], 'note' | 'remainingActions'>;
}

/**
 * All of a schedule that decides when it runs what, in one form: what one side leaves out has the value that the server
 * gives it. Its note, its summary and its pause are not part of it.
 */
export function shapeOf({ spec, policies, action, state }: ShapedSchedule) {
  return {
    intervals: (spec.intervals ?? []).map(({ every, offset }) => ({ every, offset: offset ?? 0 })),
    calendars: (spec.calendars ?? []).map(withoutComment),
    skip: (spec.skip ?? []).map(withoutComment),
    startAt: spec.startAt?.toISOString() ?? null,
    endAt: spec.endAt?.toISOString() ?? null,
    jitter: spec.jitter ?? 0,
    timezone: spec.timezone ?? '',
    policies,
    remainingActions: state.remainingActions ?? null,
    workflowType: action.workflowType,
    workflowId: action.workflowId,
    taskQueue: action.taskQueue,
    args: action.args,
    searchAttributes: searchAttributesOf(action),
    retry: action.retry ?? null,
    timeouts: [action.workflowExecutionTimeout, action.workflowRunTimeout, action.workflowTaskTimeout].map(
      (timeout) => timeout ?? null,
    ),
  };
}

function searchAttributesOf({ typedSearchAttributes = [] }: ScheduleDescription['action']) {
  return typedSearchAttributes instanceof TypedSearchAttributes
    ? typedSearchAttributes.getAll()
    : typedSearchAttributes;
}

function withoutComment({ comment: _comment, ...calendar }: CalendarSpec): CalendarSpec {
  return calendar;
}
