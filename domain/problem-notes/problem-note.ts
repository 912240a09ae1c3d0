/** Where in the day's work a problem is met. */
export type RaisedBy =
  | 'prepare'
  | 'send'
  | 'await'
  | 'follow'
  | 'writeBack'
  | 'any'
  | 'sync-customers'
  | 'sync-products'
  | 'sync-inventory'
  | 'sync-prices'
  | 'sweep-purchases'
  | 'prove-completeness'
  | 'audit-site'
  | 'alerts'
  | 'watch'
  | 'report'
  | 'month-end';

/** What the catalogue does not say of a problem, for the page that explains it. */
export interface ProblemNote {
  readonly happened: string;
  /** What people take it for, and it is not. */
  readonly isNot: string;
  /** At least one. */
  readonly raisedBy: readonly RaisedBy[];
}

export const RAISED_BY: Readonly<Record<RaisedBy, string>> = {
  prepare: 'an order, when it is prepared to be sent, and again whenever its purchase changes',
  send: 'an order, when it is sent to the ERP',
  await: 'an order, while the ERP’s import job has not decided about it',
  follow: 'an order that is in the ERP, when either side changed it',
  writeBack: 'an order, when the ERP’s number is written to the purchase',
  any: 'any step that talks to the system',
  'sync-customers': 'the feed of customers (sync-customers)',
  'sync-products': 'the feed of products (sync-products)',
  'sync-inventory': 'the feed of stock (sync-inventory)',
  'sync-prices': 'the feed of prices (sync-prices)',
  'sweep-purchases': 'the sweep over the purchases of open orders (sweep-purchases)',
  'prove-completeness': 'the proof of completeness (prove-completeness)',
  'audit-site': 'the audit of the site (audit-site)',
  alerts: 'the sending of messages',
  watch: 'the watch over feeds, schedules and open orders',
  report: 'the reports and checks of every night',
  'month-end': 'the pack of a month (report-month-end)',
};

export function note(happened: string, isNot: string, ...raisedBy: readonly RaisedBy[]): ProblemNote {
  return { happened, isNot, raisedBy };
}
