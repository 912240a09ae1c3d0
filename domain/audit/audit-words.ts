import type { GapEffect } from './gap.ts';
import type { OrdersWorth } from './weigh-gaps.ts';

/** What would have become of the orders that meet a gap, in words. */
export const EFFECTS: Readonly<Record<GapEffect, string>> = {
  parks: 'would have waited for a person',
  held: 'would have gone in on hold',
  doubtful: 'would have gone in, perhaps with something wrong',
  stale: 'would have been placed on figures that were not kept up',
  unheard: 'would have been in trouble that nobody hears of',
};

/** `12 orders, 3,400.00 GBP and 200.00 USD`. */
export function worthInWords({ orders, money }: OrdersWorth): string {
  if (orders === 0) return 'no order';
  const amounts = money.map(({ currency, amount }) => `${thousands(amount)} ${currency}`.trim());
  const last = amounts.at(-1) ?? '';
  const all = amounts.length > 1 ? `${amounts.slice(0, -1).join(', ')} and ${last}` : last;
  return `${orders} ${orders === 1 ? 'order' : 'orders'}, ${all}`;
}

/** Decimal text with commas between thousands, for people. */
export function thousands(amount: string): string {
  const [whole = '', cents = ''] = amount.split('.');
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  return cents ? `${grouped}.${cents}` : grouped;
}
