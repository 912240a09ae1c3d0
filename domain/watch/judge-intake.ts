import { findingOf, present, type Finding } from '../findings.ts';
import { chanceOfNone, expectedBetween, rhythmOf, type WallTime } from './expect-rhythm.ts';

/** What asking the storefront for its newest purchases came to. */
export type Probe =
  | { readonly kind: 'answered' }
  /** Code and words of the connector. */
  | { readonly kind: 'failed'; readonly code: string; readonly says: string };

export interface IntakeFacts {
  readonly probe: Probe;
  /** ISO instants at which purchases were placed, as far as they are known. */
  readonly placed: readonly string[];
  /** So many whole weeks of them are known. */
  readonly weeks: number;
  /** ISO instant. */
  readonly now: string;
  /** What the clock on the shop's wall shows at an ISO instant. */
  readonly wallClock: (instant: string) => WallTime;
}

/** A silence no more likely than `quietChance` is told. */
export interface QuietRules {
  readonly quietChance: number;
}

/** Tells a storefront in which nobody buys from one that cannot be asked. */
export function judgeIntake(
  { probe, placed, weeks, now, wallClock }: IntakeFacts,
  rules: QuietRules,
): readonly Finding[] {
  if (probe.kind === 'failed') {
    const says = `The storefront does not answer the intake (${probe.code}): ${probe.says}`;
    return present([findingOf('INTAKE_BROKEN', [probe.code], { says })]);
  }
  const last = placed.reduce<string | null>((newest, at) => (newest === null || at > newest ? at : newest), null);
  if (last === null || weeks < 1) return [];
  const rhythm = rhythmOf(placed.map(wallClock), weeks, wallClock(now));
  const expected = expectedBetween(rhythm, wallClock(last), wallClock(now));
  if (chanceOfNone(expected) >= rules.quietChance) return [];
  const says = `No purchase since ${last}, where about ${Math.round(expected)} were to be expected by the last ${weeks} weeks. The storefront answers and takes our credentials: it is quiet, the intake is not broken.`;
  return present([findingOf('STOREFRONT_QUIET', [last], { says })]);
}
