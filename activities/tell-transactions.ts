import { partOf } from '../domain/invoice-part.ts';
import { multiply, sameAmount, sum, toCents, type Amount } from '../domain/money.ts';
import type { PurchaseTransaction } from '../domain/purchase.ts';
import type { TransactionUse } from '../domain/site-rules.ts';
import type { Call } from './calls.ts';
import type { FollowOrder } from './follow-order.ts';
import { keyOf } from './purchase-activities.ts';
import type { ReadDocument } from './read-document.ts';
import type { SalesOrderDependencies } from './sales-order-activities.ts';

/** Payments and credits as transactions, where the site says so; each is sent again only when it changed. */
export async function tellTransactions(
  { sparklayer, site }: SalesOrderDependencies,
  { key, transactions }: FollowOrder,
  documents: readonly ReadDocument[],
  currency: string | null,
  call: Call,
): Promise<Readonly<Record<string, Amount>>> {
  const { payments, credits } = site.rules.progress;
  const told: Record<string, Amount> = { ...transactions };
  const wanted = new Map<string, PurchaseTransaction>();
  const add = (use: TransactionUse, one: Omit<PurchaseTransaction, 'countsTowardsBalance'>) => {
    // In another currency it is no part of this purchase's account; the settlement says so to finance.
    if (use === 'off' || (currency !== null && one.currency !== currency)) return;
    // A consolidated invoice bills several orders of the purchase, and is paid once.
    const total = sum([wanted.get(one.id)?.total ?? '0', one.total]);
    wanted.set(one.id, { ...one, total, countsTowardsBalance: use === 'balance' });
  };
  for (const { billing, shown } of documents) {
    for (const invoice of billing.invoices) {
      const { number, isVoid } = invoice;
      const paid = isVoid ? '0' : partOf(invoice, shown.orderNumber).paid;
      const about = { invoice: number };
      add(payments, { id: `ERP-PAY-${number}`, total: paid, currency: invoice.currency || shown.currency, about });
    }
    for (const memo of billing.credits) {
      const about = { credit_memo: memo.number, invoice: memo.invoiceNumber };
      const total = multiply(memo.total, -1);
      add(credits, { id: `ERP-CM-${memo.number}`, total, currency: memo.currency || shown.currency, about });
    }
  }
  for (const each of wanted.values()) {
    // What was never there need not be told; what is taken back must be.
    if (sameAmount(told[each.id] ?? '0', each.total)) continue;
    const total = toCents(each.total);
    if ((await sparklayer.putTransaction(keyOf(key), { ...each, total }, call)) === 'stored') told[each.id] = total;
  }
  return told;
}
