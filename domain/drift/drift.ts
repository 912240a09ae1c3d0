import type { Amount } from '../money.ts';

/** Why what is published is not what should be there now. */
export type DriftCause = 'lateFeed' | 'refusedWrite' | 'editedByHand' | 'mappingGap';

export const DRIFT_CAUSES = [
  'editedByHand',
  'refusedWrite',
  'mappingGap',
  'lateFeed',
] as const satisfies readonly DriftCause[];

/** One published level or price that differs. */
export interface DriftRow {
  readonly what: 'stock' | 'price';
  readonly sku: string;
  /** The stock location's external id, or the price list's slug. */
  readonly place: string;
  /** From how many units the price holds; null for stock. */
  readonly fromQuantity: number | null;
  /** Units, or money; null = nothing should be there. */
  readonly should: string | null;
  /** null = nothing is there. */
  readonly is: string | null;
  readonly cause: DriftCause;
  /** By how much a unit is offered too cheap (below zero) or too dear; null for stock, and where there is no price. */
  readonly money: Amount | null;
  /** ISO instant of the check that saw it first; of one that was there ever since. */
  readonly since: string;
}

/** A difference as a reading finds it, which does not know what the check before has seen. */
export type FoundDrift = Omit<DriftRow, 'since'>;

/** Everything that one check found; `drift.json` of a site. */
export interface Drift {
  readonly version: 2;
  /** ISO instant. */
  readonly at: string;
  readonly rows: readonly DriftRow[];
}

/** Differences that were there at the check before are as old as they were then. */
export function withFirstSeen(found: readonly FoundDrift[], before: Drift | null, at: string): readonly DriftRow[] {
  const known = new Map((before?.rows ?? []).map((row) => [placeOf(row), row.since]));
  return found.map((row) => ({ ...row, since: known.get(placeOf(row)) ?? at }));
}

/** What differs and where, as people read it. */
export function placeInWords({ what, place, fromQuantity }: Pick<DriftRow, 'what' | 'place' | 'fromQuantity'>): string {
  const from = fromQuantity === null || fromQuantity === 1 ? '' : ` from ${fromQuantity} units on`;
  return `${what} at ${place}${from}`;
}

function placeOf({ what, sku, place, fromQuantity }: FoundDrift): string {
  return JSON.stringify([what, sku, place, fromQuantity]);
}
