import {
  allHandlersFinished,
  condition,
  continueAsNew,
  defineSignal,
  proxyActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';

import type { AlertActivities } from '../activities/alert-activities.ts';
import { dueOf, holdNews, nextOf } from '../domain/alerts/hold-news.ts';
import type { HeldNews } from '../domain/alerts/alert-rules.ts';
import type { Recipient } from '../domain/cases/case-rules.ts';

/** Keep this until its time. */
export const hold = defineSignal<[HeldNews], 'hold'>('hold');

export interface AlertDigestInput {
  readonly to: Recipient;
  readonly held: readonly HeldNews[];
}

const { sendDigest } = proxyActivities<AlertActivities>({
  startToCloseTimeout: '1 minute',
  // For as long as it takes: what is kept here was counted as told.
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1 minute' },
});

/**
 * Keeps what somebody is to hear later: in a digest, or when their quiet hours end. What has its time leaves as one
 * message; the run ends when nothing is kept any more.
 */
export async function alertDigest({ to, held: before }: AlertDigestInput): Promise<void> {
  let held = before;
  const inbox: HeldNews[] = [];
  // The time that was waited for, as in the order’s own life.
  let reached = '';
  setHandler(
    hold,
    (news) => {
      inbox.push(news);
    },
    { description: 'Keep this until its time' },
  );

  for (;;) {
    held = inbox.splice(0).reduce(holdNews, held);
    const now = new Date(Date.now()).toISOString();
    const due = dueOf(held, now > reached ? now : reached);
    const next = nextOf(held);
    setCurrentDetails(describe(to, held, next));
    if (due.length > 0) {
      await sendDigest.executeWithOptions({ summary: `Tell ${nameOf(to)} of ${due.length}` }, [{ to, news: due }]);
      held = held.filter((news) => !due.includes(news));
      continue;
    }
    if (next === null) break;
    if (workflowInfo().continueAsNewSuggested) {
      await condition(allHandlersFinished);
      if (inbox.length === 0) await continueAsNew<typeof alertDigest>({ to, held });
      continue;
    }
    const left = Math.max(Date.parse(next) - Date.now(), 1);
    if (!(await condition(() => inbox.length > 0, left, { summary: 'Until it is time' }))) reached = next;
  }
  await condition(allHandlersFinished);
}

function describe(to: Recipient, held: readonly HeldNews[], next: string | null): string {
  if (next === null) return 'Nothing is kept any more.';
  const cases = held.map(({ case: { id }, why, sendAt }) => `- \`${id}\` (${why}), at ${sendAt}`);
  return [`Kept for ${nameOf(to)}; the next message leaves at ${next}.`, cases.join('\n')].join('\n\n');
}

function nameOf(to: Recipient): string {
  return to.kind === 'owner' ? to.owner : to.email;
}
