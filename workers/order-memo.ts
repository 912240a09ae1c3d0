import type { ToldTotal } from '../domain/watch/told-total.ts';

/** What an order shows from its start on beside the attributes that it is searched by: the purchase's money, as listed. */
export function orderMemo({ total, currency }: ToldTotal) {
  return { total, currency };
}

/** Nothing is known of an order that was opened by news of the ERP. */
export function totalIn(memo: Readonly<Record<string, unknown>> | undefined): ToldTotal {
  return { total: textIn(memo?.['total']), currency: textIn(memo?.['currency']) };
}

function textIn(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
