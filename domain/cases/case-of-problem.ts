import type { OrderState } from '../order-state.ts';
import type { Problem, ProblemCode } from '../problems.ts';
import { caseId } from './case-id.ts';
import type { CaseCause } from './case-state.ts';

/**
 * Whom else a problem of one order concerns. subject: every order with the same location, SKU, customer, … · fault: every
 * order refused with the same codes; without a code it is the order's own · customer: every order of the ERP customer ·
 * site: every order there is. What is not named here is the order's own.
 */
const SHARED: Readonly<Partial<Record<ProblemCode, 'subject' | 'fault' | 'customer' | 'site'>>> = {
  LOCATION_NOT_MAPPED: 'subject',
  DIVISION_MISMATCH: 'subject',
  WAREHOUSE_UNKNOWN: 'subject',
  TERMS_UNKNOWN: 'subject',
  PAYMENT_METHOD_UNKNOWN: 'subject',
  CUSTOMER_NOT_LINKED: 'subject',
  CUSTOMER_UNKNOWN: 'subject',
  CUSTOMER_INACTIVE: 'subject',
  CURRENCY_MISMATCH: 'subject',
  CURRENCY_UNKNOWN: 'subject',
  STORE_UNKNOWN: 'subject',
  SKU_UNKNOWN: 'subject',
  SKU_AMBIGUOUS: 'subject',
  TYPE_UNKNOWN: 'subject',
  ERP_STATUS_UNKNOWN: 'subject',
  ERP_REFUSED: 'fault',
  ERP_HOLD: 'customer',
  DISCOUNT_NOT_POSSIBLE: 'site',
  ROUNDING_NOT_POSSIBLE: 'site',
  REFERENCE_CUT: 'site',
  IMPORT_OVERDUE: 'site',
  CHANGE_OVERDUE: 'site',
  STEP_OVERDUE: 'site',
  CREDENTIALS_REFUSED: 'site',
  SCHEMA_DRIFT: 'site',
  WRONG_ENVIRONMENT: 'site',
  QUOTA_EXHAUSTED: 'site',
};

/** A case that an order is in, and what it says there. */
export interface OrderCause extends CaseCause {
  readonly id: string;
  readonly says: string;
}

/** The cases an order belongs to now, each once. An order that is settled by a person, or has ended, belongs to none. */
export function casesOfOrder(state: OrderState): readonly OrderCause[] {
  if (state.step.at === 'toClose' || state.step.at === 'finished') return [];
  const causes = new Map<string, OrderCause>();
  for (const problem of state.problems) {
    const cause = caseOfProblem(problem, state);
    const id = caseId(cause);
    if (!causes.has(id)) causes.set(id, { ...cause, id, says: saysOf(problem, cause) });
  }
  return [...causes.values()];
}

/** What a case of refusals has in common are the codes; the words may be one order's alone. */
function saysOf({ code, about, says }: Problem, { key }: CaseCause): string {
  if (SHARED[code] !== 'fault' || key !== about?.trim()) return says;
  return `The ERP refuses orders with ${key}. Of one of them: ${says} The others may differ; each has its own on its page.`;
}

/** The case that one problem of an order belongs to: one cause is one case, however many orders have it. */
export function caseOfProblem(
  problem: Problem,
  { site, key, facts }: Pick<OrderState, 'site' | 'key' | 'facts'>,
): CaseCause {
  const { code } = problem;
  const shared = SHARED[code];
  if (shared === 'site') return { site, code, key: '' };
  if (shared === 'customer') return { site, code, key: facts.customer || key };
  if (shared === 'fault') return { site, code, key: problem.about?.trim() || key };
  return { site, code, key: (shared === 'subject' ? subjectOf(problem) : null) ?? key };
}

/** What the problem names; those told by an earlier version name it in their sentence only. */
function subjectOf({ about, says }: Problem): string | null {
  return about?.trim() || (/“([^”]+)”/.exec(says)?.[1]?.trim() ?? null);
}
