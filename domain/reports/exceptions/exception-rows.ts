import type { Difference } from '../../compare-sales-order.ts';
import { ON_ITS_WAY, type OrderGlance } from '../../proof/classify-purchase.ts';
import { isProblemCode, problemKind } from '../../problems.ts';
import { toCents, type Amount } from '../../money.ts';
import type { PurchaseSummary } from '../../purchase.ts';
import type { ErpSalesOrder } from '../../sales-order.ts';
import { causeInWords, type OrderDifference } from './compare-open-order.ts';
import type { ExceptionRow } from './exception-report.ts';
import type { BillingMismatch } from './judge-billing.ts';
import { withoutTakenOver } from './without-taken-over.ts';

/** What the rows of one order have in common. */
export type AboutOrder = Pick<ExceptionRow, 'order' | 'erpOrders' | 'currency' | 'link'>;

/** Orders of the ERP that credit or a hold stops; `worth` without what is cancelled. */
export function blockedRows(
  about: AboutOrder,
  open: readonly { readonly order: ErpSalesOrder; readonly worth: Amount }[],
  paymentMethod: string | null,
): readonly ExceptionRow[] {
  const { owner, mend } = problemKind('ERP_HOLD');
  const clear = 'A hold code stops it in the ERP. Whoever has set it clears it; the order follows by itself.';
  return open.flatMap(({ order, worth }): readonly ExceptionRow[] => {
    const { orderNumber, status, holdCode, creditStatus, holdReason, changedAt } = order;
    if (status !== 'credit_hold' && status !== 'hold') return [];
    const isCredit = status === 'credit_hold';
    return [
      {
        ...about,
        section: 'blocked',
        field: isCredit ? 'credit' : 'hold',
        erpOrders: [orderNumber],
        storefront: paymentMethod ?? '',
        erp: [holdCode, creditStatus, holdReason].filter(Boolean).join(' '),
        money: toCents(worth),
        cause: isCredit ? 'the ERP’s credit check has not released it' : `on hold ${holdCode}`,
        since: changedAt,
        owner: isCredit ? 'finance' : owner,
        mend: isCredit ? mend : clear,
      },
    ];
  });
}

/** In what the ERP's orders differ, but what a person has taken over from them. `since` = their last change. */
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
