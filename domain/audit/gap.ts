import type { ProblemCode } from '../problems.ts';
import type { AuditedOrder } from './audited-order.ts';

/**
 * What a gap would have done to an order that meets it. parks: it waits for a person · held: it goes in on hold, with a
 * review · doubtful: it goes in, perhaps with something wrong or missing · stale: it goes in, and what the buyer was shown
 * beforehand may be wrong · unheard: its troubles reach nobody.
 */
export type GapEffect = 'parks' | 'held' | 'doubtful' | 'stale' | 'unheard';

/** Something that one side has and the other does not, found before an order meets it. */
export interface Gap {
  readonly code: ProblemCode;
  /** What makes it one cause beside its code; the same as the key of an order's or a feed's case of this cause. */
  readonly key: string;
  readonly says: string;
  /** All of them: locations, SKUs, customers, as people call them. */
  readonly concerns: readonly string[];
  readonly effect: GapEffect;
  readonly touches: (order: AuditedOrder) => boolean;
}

/** For gaps that no order meets. */
export function noOrder(): boolean {
  return false;
}

/** A gap about things; none when there are none. */
export function gapsOf(gap: Gap): readonly Gap[] {
  return gap.concerns.length > 0 ? [gap] : [];
}
