import type { Instant } from './order-state.ts';

/**
 * Whether a purchase's time of change is still to come. Clocks may differ by what each reading of the intake reaches back:
 * a mark that is no further ahead hides nothing that changes from now on.
 */
export function isDatedAhead(updatedAt: Instant, now: Instant, overlapMinutes: number): boolean {
  return Date.parse(updatedAt) > Date.parse(now) + overlapMinutes * 60_000;
}
