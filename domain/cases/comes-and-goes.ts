import type { Instant } from '../order-state.ts';

/** Opened so often within an hour, a case is said to come and go; it is said once. */
const COMES_AND_GOES = 3;
const HOUR_MS = 3_600_000;
/** A case that was opened again of late stays empty for so many times as long before it closes. */
const SETTLE_LONGER = 5;

/** When a case was opened within the last hour, the latest opening last. Never empty, and never long. */
export function openedAgain(before: readonly Instant[], now: Instant): readonly Instant[] {
  return [...before.filter((opening) => isOfLate(opening, now)), now].slice(-COMES_AND_GOES);
}

/** Whether this was less than an hour ago. */
export function isOfLate(time: Instant, now: Instant): boolean {
  return Date.parse(now) - Date.parse(time) < HOUR_MS;
}

/** Whether a case with these openings comes and goes, so that its ends say nothing. */
export function comesAndGoes(openings: readonly Instant[]): boolean {
  return openings.length >= COMES_AND_GOES;
}

/** How long nothing must be left in a case before it closes, in milliseconds: the longer, the oftener it came back. */
export function settleTime(openings: readonly Instant[], settleMs: number): number {
  const longer = openings.length > 1 ? SETTLE_LONGER * settleMs : settleMs;
  return comesAndGoes(openings) ? Math.max(HOUR_MS, longer) : longer;
}
