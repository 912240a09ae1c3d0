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
  /** Units, or money; null = nothing should be there. */
  readonly should: string | null;
  /** null = nothing is there. */
  readonly is: string | null;
  readonly cause: DriftCause;
  /** By how much a unit is offered too cheap (below zero) or too dear; null for stock, and where there is no price. */
  readonly money: Amount | null;
  /** ISO instant of the last write or run that it differs from; null = none is known. */
  readonly since: string | null;
}

/** Everything that one check found; `drift.json` of a site. */
export interface Drift {
  readonly version: 1;
  /** ISO instant. */
  readonly at: string;
  readonly rows: readonly DriftRow[];
}
