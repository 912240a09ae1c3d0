import { subtract, toCents, type Amount } from '../money.ts';
import { worthOfOrder } from '../proof/worth-of-order.ts';
import { asReplacement, goodsOf } from '../restate-order.ts';
import { partOf } from '../invoice-part.ts';
import type { ErpCreditMemo, ErpInvoice, ErpSalesOrder } from '../sales-order.ts';
import { NOTHING, partsOfTotal, type Parts } from './money-parts.ts';

/** What an order of the ERP comes to without its cancelled parts, tax and freight apart. */
export function partsOfOrder(order: ErpSalesOrder): Parts {
  const { value, units } = worthOfOrder(order);
  if (units === 0) return NOTHING;
  const live = asReplacement(order, '', null);
  const goods = subtract(goodsOf(live.lines), live.discount);
  const tax: Amount = subtract(subtract(value, goods), order.freight);
  return { goods: toCents(goods), freight: toCents(order.freight), tax: toCents(tax) };
}

/** What an invoice bills for one of its orders. What its own amounts do not add up by counts as goods. */
export function partsOfInvoice(invoice: ErpInvoice, orderNumber: string): Parts {
  return partsOfTotal(partOf(invoice, orderNumber));
}

export function partsOfCredit(memo: ErpCreditMemo): Parts {
  return partsOfTotal(memo);
}

/** The orders that an invoice bills, by its lines; by its header where they name none. */
export function ordersOf({ orderNumber, lines }: ErpInvoice): readonly string[] {
  const named = (lines ?? []).map((line) => line.orderNumber || orderNumber);
  return [...new Set([...named, ...(named.length === 0 ? [orderNumber] : [])])].filter(Boolean);
}
