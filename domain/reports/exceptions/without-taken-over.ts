import type { Difference } from '../../compare-sales-order.ts';
import { sameAmount, sum } from '../../money.ts';
import type { DifferenceField } from '../../site-rules.ts';
import type { OrderDifference } from './compare-open-order.ts';

const AMOUNTS: readonly DifferenceField[] = ['tax', 'freight', 'discount'];

/**
 * The differences but those that a person has taken over from the ERP and that the purchase cannot be told: another
 * freight or tax, other codes. What the ERP has changed since then is a difference again.
 */
export function withoutTakenOver(
  found: readonly OrderDifference[],
  takenOver: readonly Pick<Difference, 'field' | 'line' | 'shown' | 'money'>[],
): readonly OrderDifference[] {
  return found.filter(({ field, erp, money }) => {
    const agreed = takenOver.filter((each) => each.field === field && each.line === null);
    if (agreed.length === 0) return true;
    if (AMOUNTS.includes(field)) return !sameAmount(sum(agreed.map((each) => each.money)), money);
    const codes = new Set(agreed.map(({ shown }) => plain(shown)));
    return !erp.split(',').every((code) => codes.has(plain(code)));
  });
}

function plain(code: string): string {
  return code.trim().toUpperCase();
}
