import { isMadeGood } from '../../credited-difference.ts';
import { addedUp } from '../../invoice-part.ts';
import { absolute, isGreater, multiply, subtract, sum, toCents, type Amount } from '../../money.ts';
import { areOfOtherCurrencies } from '../../other-currency.ts';
import type { ErpCreditMemo, ErpInvoice } from '../../sales-order.ts';
import { ordersOf, partsOfInvoice } from '../erp-parts.ts';
import { totalOf } from '../money-parts.ts';

/** An order of the ERP that is ours, as far as its bill is to be judged. */
export interface BilledOrder {
  readonly orderNumber: string;
  /** As people call its purchase. */
  readonly number: string;
  readonly key: string;
  readonly currency: string;
  /** Worth without what is cancelled. */
  readonly value: Amount;
  /** Nothing of it will be invoiced any more. */
  readonly isComplete: boolean;
  /** Numbers of the invoices that the purchase shows; null = the purchase was not read. */
  readonly shownInvoices: readonly string[] | null;
}

/** Something on the bill that fits nothing. */
export interface BillingMismatch {
  readonly order: BilledOrder | null;
  readonly document: string;
  readonly says: string;
  readonly expected: string;
  readonly found: string;
  readonly money: Amount;
  readonly currency: string;
  readonly since: string;
}

/** Invoices and credit memos that fit no order, no purchase, or not their own amounts. Others' orders are left out. */
export function judgeBilling(
  orders: readonly BilledOrder[],
  invoices: readonly ErpInvoice[],
  credits: readonly ErpCreditMemo[],
  toleratedCents: number,
): readonly BillingMismatch[] {
  const own = new Map(orders.map((order) => [order.orderNumber, order]));
  const valid = invoices.filter(({ isVoid }) => !isVoid);
  const billed = new Map<string, ErpInvoice[]>();
  for (const invoice of valid)
    for (const orderNumber of ordersOf(invoice))
      if (own.has(orderNumber)) billed.set(orderNumber, [...(billed.get(orderNumber) ?? []), invoice]);
  const firstOrders = new Map(invoices.map(({ number, orderNumber }) => [number, orderNumber]));
  // A memo that names no order is that of its invoice's first.
  const credited = Map.groupBy(credits, (memo) => memo.orderNumber || (firstOrders.get(memo.invoiceNumber) ?? ''));
  const tolerated = multiply('0.01', toleratedCents);
  return [
    ...[...billed].flatMap(([orderNumber, bills]) => {
      const order = own.get(orderNumber);
      return order ? judgeOrder(order, { bills, credits: credited.get(orderNumber) ?? [] }, tolerated) : [];
    }),
    ...credits.flatMap((memo) => judgeCredit(memo, own, invoices)),
  ];
}

function judgeOrder(
  order: BilledOrder,
  { bills, credits }: { readonly bills: readonly ErpInvoice[]; readonly credits: readonly ErpCreditMemo[] },
  tolerated: Amount,
): readonly BillingMismatch[] {
  const { currency, orderNumber, shownInvoices } = order;
  const found = bills.flatMap((invoice): readonly BillingMismatch[] => {
    const about = { order, document: `invoice ${invoice.number}`, currency, since: invoice.changedAt };
    const money = totalOf(partsOfInvoice(invoice, orderNumber));
    if (areOfOtherCurrencies(invoice, order))
      return [
        {
          ...about,
          says: 'it is in another currency than its order',
          expected: currency,
          found: invoice.currency,
          money,
          currency: invoice.currency,
        },
      ];
    const adds = toCents(addedUp(invoice));
    if (isGreater(absolute(subtract(invoice.total, adds)), '0'))
      return [
        {
          ...about,
          says: 'its amounts do not add up to its total',
          expected: adds,
          found: toCents(invoice.total),
          money: toCents(subtract(invoice.total, adds)),
        },
      ];
    if (shownInvoices === null || shownInvoices.includes(invoice.number)) return [];
    return [{ ...about, says: 'the purchase does not show it', expected: 'not there', found: money, money }];
  });
  const [newest] = bills.toSorted((left, right) => (left.changedAt < right.changedAt ? 1 : -1));
  const all = sum(bills.map((invoice) => totalOf(partsOfInvoice(invoice, orderNumber))));
  const more = toCents(subtract(all, order.value));
  if (!newest || !order.isComplete || !isGreater(absolute(more), tolerated)) return found;
  const sameMoney = credits.filter((memo) => !areOfOtherCurrencies(memo, order));
  if (isMadeGood(more, sameMoney, { invoices: bills, slack: tolerated })) return found;
  const says = 'what is invoiced is not what was ordered and not cancelled';
  const since = newest.changedAt;
  const document = `invoices of ${orderNumber}`;
  return [
    ...found,
    { order, document, says, expected: toCents(order.value), found: toCents(all), money: more, currency, since },
  ];
}

/** A credit memo without order and without invoice belongs to nobody; one of an invoice of ours that is void or gone, too. */
function judgeCredit(
  { number, orderNumber, invoiceNumber, total, currency, changedAt }: ErpCreditMemo,
  own: ReadonlyMap<string, BilledOrder>,
  invoices: readonly ErpInvoice[],
): readonly BillingMismatch[] {
  const invoice = invoices.find((each) => each.number === invoiceNumber);
  const order = own.get(orderNumber) ?? own.get(invoice?.orderNumber ?? '') ?? null;
  const isNobodys = orderNumber === '' && invoiceNumber === '';
  const isOfVoid = order !== null && invoiceNumber !== '' && (!invoice || invoice.isVoid);
  if (!isNobodys && !isOfVoid) return [];
  return [
    {
      order,
      document: `credit memo ${number}`,
      says: isNobodys
        ? 'it names neither an order nor an invoice'
        : `its invoice ${invoiceNumber} is void, or not there`,
      expected: '',
      found: toCents(total),
      money: toCents(multiply(total, -1)),
      currency: currency || (order?.currency ?? ''),
      since: changedAt,
    },
  ];
}
