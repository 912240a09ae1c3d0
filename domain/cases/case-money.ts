import { perCurrency, type Money } from '../money-per-currency.ts';
import type { Finding } from '../findings.ts';
import type { CaseState } from './case-state.ts';

/** The money at risk in a case in each currency, as far as it is known. */
export function moneyOfCase({
  orders,
  ordersValue,
  findings,
}: Pick<CaseState, 'orders' | 'ordersValue' | 'findings'>): readonly Money[] {
  const [first] = orders;
  // Nearly every case is of one currency, and is added up already.
  const ofOrders = orders.every(({ currency }) => currency === first?.currency)
    ? [{ currency: first?.currency ?? '', amount: ordersValue }]
    : orders.map(({ currency, value }) => ({ currency: currency ?? '', amount: value ?? '0' }));
  return perCurrency([...ofOrders, ...findings.flatMap(moneyOfFinding)]);
}

/** What a finding says of money; whoever reports no currency has not said it. */
export function moneyOfFinding({ value, money }: Pick<Finding, 'value' | 'money'>): readonly Money[] {
  return money ?? (value === null ? [] : [{ currency: '', amount: value }]);
}
