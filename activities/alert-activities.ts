import type { Logger } from 'pino';

import type { CaseGlance } from '../domain/cases/case-glance.ts';
import type { Recipient } from '../domain/cases/case-rules.ts';
import type { AlertReason } from '../domain/cases/case-state.ts';

/** A message about one case. */
export interface CaseAlert {
  /** The case as it stands now. */
  readonly case: CaseGlance;
  readonly why: AlertReason;
  /** 0 = its owner; else the step of the chain. */
  readonly level: number;
  /** Never empty. */
  readonly to: readonly Recipient[];
}

/**
 * How people hear of a case. Resolves when the message has left, or is surely kept to be sent; the case counts it as told.
 * Throws when it could not: the case tries again some minutes later, for as long as it takes. May be called twice for one
 * message, when a worker dies in between.
 */
export interface AlertActivities {
  alert(message: CaseAlert): Promise<void>;
}

/** Tells the log, at warn. */
export function createLogAlerts({ log }: { readonly log: Logger }): AlertActivities {
  return {
    async alert({ case: { id, says, owner, severity, count, valueAtRisk, dueAt }, why, level, to }) {
      log.warn({ case: id, why, level, to, owner, severity, count, valueAtRisk, dueAt }, says);
    },
  };
}
