import { problemKind, type Fate, type ProblemCode } from '../problems.ts';

/** How urgent a case is, the most urgent first. */
export const SEVERITIES = ['urgent', 'high', 'normal', 'low'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** A site that waits as a whole is urgent; an order that waits for a person is high; what went in with a review can wait. */
const BY_FATE: Readonly<Record<Fate, Severity>> = {
  gate: 'urgent',
  park: 'high',
  proceedWithReview: 'normal',
  wait: 'low',
};

/** Where the fate does not tell: what may cost money twice, holds orders up, or sells what is not there. */
const OTHERWISE: Readonly<Partial<Record<ProblemCode, Severity>>> = {
  OUTCOME_UNKNOWN: 'urgent',
  DUPLICATE_IN_ERP: 'urgent',
  UNACCOUNTED: 'urgent',
  PROOF_NOT_TIED: 'high',
  ERP_ORDER_WITHOUT_PURCHASE: 'high',
  ALERT_CHANNEL_DEAD: 'high',
  ALERT_ADDRESS_REFUSED: 'high',
  STEP_OVERDUE: 'urgent',
  IMPORT_OVERDUE: 'high',
  CHANGE_OVERDUE: 'high',
  PAYMENT_NOT_CONFIRMED: 'low',
  STOCK_STALE: 'high',
  STOCK_INCOMPLETE: 'high',
  STOCK_SHRUNKEN: 'high',
  STOCK_LOCATION_UNKNOWN: 'high',
  STOCK_WRITE_REFUSED: 'high',
  FEED_FAILED: 'high',
  FEED_LATE: 'high',
  SCHEDULE_MISSING: 'high',
  SCHEDULE_PAUSED: 'high',
  SCHEDULE_ALTERED: 'normal',
  INTAKE_BROKEN: 'urgent',
  PURCHASE_UNCONFIRMED: 'high',
  APPROVAL_OVERDUE: 'low',
  UNCONFIRMED_LATE: 'normal',
  UNCONFIRMED_OVERDUE: 'urgent',
  ORDER_OVERSOLD: 'high',
  STOCK_DRIFT: 'normal',
  MONTH_NOT_TIED: 'high',
  PRICE_DRIFT: 'normal',
  PRICE_LIST_MISSING: 'normal',
  CUSTOMER_WITHOUT_ERP_CODE: 'normal',
  CUSTOMER_NOT_IN_ERP: 'normal',
  CUSTOMER_INACTIVE_IN_ERP: 'normal',
  VARIANT_WITHOUT_ERP_SKU: 'normal',
  DIVISION_UNKNOWN: 'high',
  SHIP_VIA_UNKNOWN: 'high',
  OWNER_WITHOUT_ADDRESS: 'high',
  LIMITS_TOO_LOW: 'normal',
  LOCATION_WITHOUT_CODE: 'normal',
  PRICE_INVALID: 'normal',
  PRICE_REFUSED: 'normal',
  PRICE_NOT_REACHED: 'normal',
  CUSTOMER_WRITE_REFUSED: 'normal',
  PRODUCT_WRITE_REFUSED: 'normal',
};

/** How urgent a case of this code is: by the site's word, else by what the problem does. */
export function severityOf(code: ProblemCode, bySite: Readonly<Record<string, Severity>>): Severity {
  return bySite[code] ?? OTHERWISE[code] ?? BY_FATE[problemKind(code).fate];
}
