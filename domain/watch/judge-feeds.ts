import { findingOf, present, type Finding } from '../findings.ts';
import type { FeedPulse } from './feed-pulse.ts';

/** When a feed was to run next, by what was seen before: feed → ISO instant. */
export type Expected = ReadonlyMap<string, string>;

/** So much later than due is late: an alarm within a minute, and a server that starts a run a moment late is none. */
const LATE_SECONDS = 30;
/** A first run may read for an hour at the ERP's pace. */
const LONGEST_RUN_SECONDS = 3_600;

/**
 * What is wrong with the feeds of a site. Outside of its window a feed is not due, and a run under way takes the place of
 * those that it outlasts; a schedule that is not as declared is told as such, and nothing else of it.
 */
export function judgeFeeds(pulses: readonly FeedPulse[], expected: Expected, now: string): readonly Finding[] {
  return pulses.flatMap((pulse) => {
    const amiss = scheduleAmiss(pulse);
    if (amiss) return [amiss];
    if (pulse.schedule === 'off') return [];
    return present([failure(pulse), lateness(pulse, expected.get(pulse.feed) ?? null, now)]);
  });
}

function scheduleAmiss({ feed, schedule, note }: FeedPulse): Finding | null {
  switch (schedule) {
    case 'missing':
      return about('SCHEDULE_MISSING', feed, `The feed ${feed} has no schedule: it does not run.`);
    case 'altered':
      return about('SCHEDULE_ALTERED', feed, `The schedule of ${feed} is not what the site file declares.`);
    case 'undeclared':
      return about('SCHEDULE_ALTERED', feed, `The site file turns ${feed} off, and it has a schedule all the same.`);
    case 'paused':
      return about(
        'SCHEDULE_PAUSED',
        feed,
        `The feed ${feed} is paused${note ? `: ${note}` : ', and nobody said why'}.`,
      );
    default:
      return null;
  }
}

function failure({ feed, last }: FeedPulse): Finding | null {
  if (last?.ended !== 'badly') return null;
  return about(
    'FEED_FAILED',
    feed,
    `The last run of ${feed} failed at ${last.at}: ${last.why || 'no reason was told'}.`,
  );
}

function lateness(pulse: FeedPulse, expected: string | null, now: string): Finding | null {
  const { feed, running } = pulse;
  if (running) {
    const allowed = Math.max(2 * (pulse.everySeconds ?? 0), LONGEST_RUN_SECONDS);
    if (secondsFrom(running.since, now) <= allowed) return null;
    return about('FEED_LATE', feed, `A run of ${feed} has been under way since ${running.since}.`);
  }
  const due = dueAt(pulse, expected);
  if (due === null || secondsFrom(due, now) <= pulse.jitterSeconds + LATE_SECONDS) return null;
  return about('FEED_LATE', feed, `The feed ${feed} should have run at ${due} and did not.`);
}

/** When the run should have been that nobody has seen; null = it cannot be told. */
function dueAt({ everySeconds, since, started, last }: FeedPulse, expected: string | null): string | null {
  const latest = started.at(-1) ?? null;
  // A run that outlasted its cadence took the place of others: the next is due when it is over.
  const from =
    [latest, last?.at ?? null, since]
      .filter((at) => at !== null)
      .toSorted(byTime)
      .at(-1) ?? since;
  if (everySeconds !== null) return new Date(Date.parse(from) + everySeconds * 1000).toISOString();
  return expected !== null && Date.parse(expected) > Date.parse(from) ? expected : null;
}

function about(code: Finding['code'], feed: string, says: string): Finding | null {
  return findingOf(code, [feed], { key: feed, says });
}

function secondsFrom(at: string, now: string): number {
  return (Date.parse(now) - Date.parse(at)) / 1000;
}

function byTime(left: string, right: string): number {
  return Date.parse(left) - Date.parse(right);
}
