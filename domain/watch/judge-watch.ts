import { findingOf, type Finding } from '../findings.ts';

/** A watch that missed two looks in a row is late, but not before its first look may be over. */
const LOOKS = 3;
const LEAST_SECONDS = 600;
/** Where it looks in a window of the day, or at times of it. */
const A_DAY_SECONDS = 86_400;

export interface WatchFacts {
  /** ISO instant at which its last completed look began; null = none is known any more. */
  readonly ranAt: string | null;
  /** ISO instant at which its schedule was made or changed; null = it has none, and where it never ran nothing is said. */
  readonly declaredAt: string | null;
  /** A plain cadence, round the clock; null = a window, or times of the day. */
  readonly everySeconds: number | null;
  /** ISO instant. */
  readonly now: string;
}

/** Who watches the watch: a feed that does not depend on it. */
export function judgeWatch({ ranAt, declaredAt, everySeconds, now }: WatchFacts): readonly Finding[] {
  const since = ranAt ?? declaredAt;
  if (since === null) return [];
  const allowed = Math.max(LOOKS * (everySeconds ?? A_DAY_SECONDS), LEAST_SECONDS);
  if ((Date.parse(now) - Date.parse(since)) / 1000 <= allowed) return [];
  const says = `The watch has not looked at the site since ${since}${ranAt === null ? ' or longer' : ''}: until it does, nobody is told of feeds that stand still.`;
  const finding = findingOf('FEED_LATE', ['watch-site'], { key: 'watch-site', says });
  return finding ? [finding] : [];
}
