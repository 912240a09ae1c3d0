import type { Difference } from '../../compare-sales-order.ts';
import { ON_ITS_WAY, type OrderGlance } from '../../proof/classify-purchase.ts';
import { isProblemCode, problemKind, type Problem, type ProblemCode } from '../../problems.ts';
import { toCents, type Amount } from '../../money.ts';
import type { PurchaseSummary } from '../../purchase.ts';
import type { ErpSalesOrder } from '../../sales-order.ts';
import type { OrderRules } from '../../site-rules.ts';
import { causeInWords, type OrderDifference } from './compare-open-order.ts';
import type { ExceptionRow } from './exception-report.ts';
import type { BillingMismatch } from './judge-billing.ts';
import { withoutTakenOver } from './without-taken-over.ts';

/** What the rows of one order have in common. */
export type AboutOrder = Pick<ExceptionRow, 'order' | 'erpOrders' | 'currency' | 'link'>;

/** Why an order of the ERP does not move, and whose that is. */
export interface Block extends Pick<ExceptionRow, 'field' | 'cause' | 'owner' | 'mend'> {
  /** The problem whose case knows since when; null = nobody was told. */
  readonly code: ProblemCode | null;
}

const REVIEWS = ['LOCATION_NOT_MAPPED', 'DELIVERY_DATE_UNREADABLE'] as const satisfies readonly ProblemCode[];

/**
 * Whether credit or a hold stops an order; null = neither. A hold of Instep's own is its review's, which the order names
 * among its `problems`; one that the site file sets by payment is finance's, and any other whoever has set it clears.
 */
export function blockOf(
  { status, holdCode }: Pick<ErpSalesOrder, 'status' | 'holdCode'>,
  { locations, payment }: Pick<OrderRules, 'locations' | 'payment'>,
  problems: readonly Problem[],
): Block | null {
  if (status === 'credit_hold') {
    const { owner, mend } = problemKind('ERP_HOLD');
    return { code: 'ERP_HOLD', field: 'credit', cause: 'the ERP’s credit check has not released it', owner, mend };
  }
  if (status !== 'hold') return null;
  const is = (code: string) => code !== '' && code.trim().toUpperCase() === holdCode.trim().toUpperCase();
  const field = 'hold';
  if (is(locations.defaultHoldCode)) {
    const code = REVIEWS.find((each) => problems.some((problem) => problem.code === each)) ?? 'LOCATION_NOT_MAPPED';
    const { owner, mend } = problemKind(code);
    return { code, field, cause: `Instep’s own hold ${holdCode}: the order is to be looked at`, owner, mend };
  }
  const method = payment.methods.find((rule) => is(rule.holdCode));
  if (method)
    return {
      code: null,
      field,
      cause: `on hold ${holdCode}, which the site file sets on orders paid by ${method.method}`,
      owner: 'finance',
      mend: 'Clear the hold in the ERP when the payment allows it; the order follows by itself.',
    };
  const mend = 'A hold code stops it in the ERP. Whoever has set it clears it; the order follows by itself.';
  return { code: null, field, cause: `on hold ${holdCode}`, owner: problemKind('ERP_HOLD').owner, mend };
}

/** An order of the ERP that credit or a hold stops; `worth` without what is cancelled. */
export function blockedRow(
  about: AboutOrder,
  { order, worth }: { readonly order: ErpSalesOrder; readonly worth: Amount },
  { field, cause, owner, mend }: Block,
  { paymentMethod, since }: { readonly paymentMethod: string | null; readonly since: string },
): ExceptionRow {
  const { orderNumber, holdCode, creditStatus, holdReason } = order;
  return {
    ...about,
    section: 'blocked',
    field,
    erpOrders: [orderNumber],
    storefront: paymentMethod ?? '',
    erp: [holdCode, creditStatus, holdReason].filter(Boolean).join(' '),
    money: toCents(worth),
    units: null,
    cause,
    since,
    owner,
    mend,
  };
}

/** In what the ERP's orders differ, but what a person has taken over from them. */
export function differenceRows(
  about: AboutOrder,
  {
    found,
    takenOver,
    since,
  }: {
    readonly found: readonly OrderDifference[];
    readonly takenOver: readonly Difference[];
    readonly since: string | null;
  },
): readonly ExceptionRow[] {
  return withoutTakenOver(found, takenOver).map(({ what, storefront, erp, money, cause, owner }) => ({
    ...about,
    section: 'differences',
    field: what,
    storefront,
    erp,
    money,
    units: null,
    cause: causeInWords(cause),
    since,
    owner,
    mend: problemKind('ERP_EDIT').mend,
  }));
}

export function billingRow(
  { order, document, expected, found, money, currency, says, since }: BillingMismatch,
  link: string | null,
): ExceptionRow {
  return {
    section: 'billing',
    order: order?.number ?? '',
    erpOrders: order ? [order.orderNumber] : [],
    field: document,
    storefront: expected,
    erp: found,
    money,
    units: null,
    currency,
    cause: says,
    since,
    owner: 'finance',
    mend: problemKind('INVOICE_DIFFERS').mend,
    link,
  };
}

/** A running order that waits for a person, or of which something is on its way to the ERP; null = neither. */
export function waitingRow(
  { stage, attention }: Pick<OrderGlance, 'stage' | 'attention'>,
  { identifiers, total, currency, placedAt }: PurchaseSummary,
  { order, erpOrders, link }: Omit<AboutOrder, 'currency'>,
): ExceptionRow | null {
  const about = {
    order: identifiers.visible ?? order,
    erpOrders,
    storefront: total ?? '',
    erp: '',
    money: total ?? '0.00',
    units: null,
    currency: currency ?? '',
    since: placedAt,
    link,
  };
  if (stage === 'parked') {
    const kind = isProblemCode(attention) ? problemKind(attention) : null;
    const { owner, mend } = kind ?? { owner: 'integration' as const, mend: '' };
    return { ...about, section: 'parked', field: attention, cause: 'waits for a person', owner, mend };
  }
  if (!ON_ITS_WAY.includes(stage)) return null;
  return {
    ...about,
    section: 'inFlight',
    field: stage,
    cause: stage === 'submitted' ? 'sent, and awaits the ERP’s import' : 'still to be sent to the ERP',
    owner: 'integration',
    mend: 'Nothing while it is young; when it takes too long it opens a case by itself.',
  };
}
