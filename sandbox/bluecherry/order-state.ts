import { letterOf, type Order, type OrderLine } from './orders.ts';
import type { Refusal } from './validate-order.ts';

/** Why lines of an order may not be changed, looked at in this order: closed, invoiced, picked; null = they may. */
export function stateRefusal(order: Order, lines: readonly OrderLine[]): Refusal | null {
  const { ordNum } = order;
  const refusal = (code: string, what: string): Refusal => ({
    code,
    message: `Order ${ordNum} is ${what}`,
    line: null,
  });
  if ('XYZ'.includes(letterOf(order))) return refusal('ORD_CLOSED', 'closed');
  if (lines.some(({ invoiced }) => invoiced > 0)) return refusal('ORD_INVOICED', 'invoiced');
  const picked = lines.find((line) => line.picked > 0);
  return picked ? refusal('ORD_PICKED', `on pick ${picked.pickNumber}`) : null;
}
