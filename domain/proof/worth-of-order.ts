import { cancelledOf } from '../erp-stage.ts';
import { absolute, multiply, shareOf, subtract, sum, type Amount } from '../money.ts';
import { asReplacement, goodsOf } from '../restate-order.ts';
import type { ErpSalesOrder } from '../sales-order.ts';

/** What an order comes to without its cancelled parts. */
export interface OrderWorth {
  /** Goods, tax and freight less discount. */
  readonly value: Amount;
  /** By so much it cannot be told: the header's tax stays as entered, and does not say what of it is the freight's. */
  readonly uncertain: Amount;
  /** Units that are not cancelled. */
  readonly units: number;
}

const A_CENT = '0.01';

/** An order in part cancelled keeps its header amounts as entered; what belongs to the live goods is their share. */
export function worthOfOrder(order: ErpSalesOrder): OrderWorth {
  const live = asReplacement(order, '', null);
  const units = live.lines.reduce((count, { quantity }) => count + quantity, 0);
  if (units === 0) return { value: '0', uncertain: '0', units };
  const lines = order.lines ?? [];
  const goods = goodsOf(live.lines);
  const worthWith = (tax: Amount) => subtract(sum([goods, tax, order.freight]), live.discount);
  if (lines.every((line) => cancelledOf(line) === 0)) return { value: worthWith(order.tax), uncertain: '0', units };
  const ordered = goodsOf(lines.map(({ price, ordered: quantity }) => ({ price, quantity })));
  const tax = shareOf(order.tax, sum([goods, order.freight]), sum([ordered, order.freight]));
  // Each line of the purchase rounds its tax by itself.
  const uncertain = sum([absolute(subtract(tax, live.tax)), multiply(A_CENT, lines.length)]);
  return { value: worthWith(tax), uncertain, units };
}
