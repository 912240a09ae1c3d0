import { Decimal } from 'decimal.js';
import { badRequest } from './answers.ts';
import { wireTime } from './clock.ts';
import { findBuyer } from './customer-store.ts';
import { amount, money } from './purchase-figures.ts';
import type { StoredPurchase } from './purchase-store.ts';
import type { Site } from './site.ts';
import type { Money, PurchaseRecord, TransactionRecord } from './wire.ts';

/**
 * Stores one transaction of a purchase; the same `platform_id` updates it. What it changes in applied money moves the
 * purchase's times and lowers the customer's balance, unless the account is kept in another currency.
 */
export function bookTransaction(site: Site, stored: StoredPurchase, sent: TransactionRecord): TransactionRecord {
  const currency = stored.record.currency_code;
  if (currency && !sameCurrency(currency, sent.total.currency)) {
    throw badRequest('The currency differs from that of the purchase.', 'total.currency');
  }
  const before = stored.transactions.get(sent.platform_id);
  const change = applied(sent).minus(applied(before));
  const changesWhatIsApplied = !change.isZero() || before?.apply_to_balance !== sent.apply_to_balance;
  const isApplied = sent.apply_to_balance || before?.apply_to_balance === true;
  const now = wireTime(site.clock.now());
  const transaction = { ...sent, created_at: before?.created_at ?? now, updated_at: now };
  stored.transactions.set(sent.platform_id, transaction);
  if (isApplied && changesWhatIsApplied) {
    lowerBalance(site, stored, sent.total.currency, change);
    site.purchases.replace(stored, { ...stored.record, total_paid: totalPaid(stored, stored.record) });
  }
  return transaction;
}

/** The sum of applied transactions where any exist, else what was last sent, else 0. */
export function totalPaid(stored: StoredPurchase, { currency_code = 'GBP' }: PurchaseRecord): Money {
  const transactions = [...stored.transactions.values()].filter((transaction) => transaction.apply_to_balance);
  if (transactions.length === 0) return stored.sentTotalPaid ?? money(new Decimal(0), currency_code);
  const sum = transactions.reduce((total, transaction) => total.plus(applied(transaction)), new Decimal(0));
  return money(sum, currency_code);
}

function lowerBalance(site: Site, { record }: StoredPurchase, currency: string, by: Decimal): void {
  const customer = findBuyer(site, record.customer_identifiers.sparklayer ?? '');
  const account = customer?.payment_on_account;
  if (!customer || !account || !sameCurrency(account.currency_code, currency)) return;
  customer.payment_on_account = { ...account, balance: new Decimal(account.balance).minus(by).toNumber() };
  customer.updated_at = wireTime(site.clock.now());
}

function applied(transaction: TransactionRecord | undefined): Decimal {
  return transaction?.apply_to_balance ? amount(transaction.total) : new Decimal(0);
}

function sameCurrency(one: string, other: string): boolean {
  return one.toUpperCase() === other.toUpperCase();
}
