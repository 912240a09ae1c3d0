import type { DriftCause } from './drift.ts';

/** What is remembered of one published figure that differs now. */
export interface DriftFacts {
  /** Whether both systems know the SKU. */
  readonly isMapped: boolean;
  /** Whether the feed's last run says that this write was refused. */
  readonly isRefused: boolean;
  /** Of the last write that was taken: whether it is what is there; unknown = none is remembered. */
  readonly lastWrite: 'isThere' | 'isNotThere' | 'unknown';
  /** ISO instant at which the feed's last completed run began; null = there was none. */
  readonly feedRanAt: string | null;
  /** ISO instant at which what should be there came to be so, at the latest; null = it cannot be told. */
  readonly movedAt: string | null;
}

/**
 * The cause of a difference. What we wrote and is not there was overwritten by somebody; where no write is remembered, the
 * feed found all well at its last run, so that what differs since without a change of the ERP is an edit too.
 */
export function findCause({ isMapped, isRefused, lastWrite, feedRanAt, movedAt }: DriftFacts): DriftCause {
  if (!isMapped) return 'mappingGap';
  if (isRefused) return 'refusedWrite';
  if (lastWrite === 'isNotThere') return 'editedByHand';
  if (lastWrite === 'isThere' || feedRanAt === null || movedAt === null) return 'lateFeed';
  return Date.parse(movedAt) < Date.parse(feedRanAt) ? 'editedByHand' : 'lateFeed';
}
