import type { Purchase } from './purchase.ts';
import type { PreparedSalesOrder } from './sales-order.ts';

/**
 * An order whose lines call their items as the purchase does. Where only the ERP knows the order, a line has the name that the
 * site's rule makes of its codes; the purchase may call the same item by its UPC, or in other letters. What it does not have
 * keeps its name.
 */
export function namedAsOn({ packages }: Purchase, order: PreparedSalesOrder): PreparedSalesOrder {
  const names = new Set(packages.flatMap(({ lines }) => lines.flatMap(({ sku }) => (sku ? [sku] : []))));
  const byLetters = new Map([...names].map((name) => [name.trim().toUpperCase(), name]));
  const lines = order.lines.map((line) => {
    const { item, sku } = line;
    if (names.has(item)) return line;
    const name = byLetters.get(item.toUpperCase()) ?? (sku.upc === '' ? undefined : byLetters.get(sku.upc));
    return name === undefined ? line : { ...line, item: name };
  });
  return { ...order, lines };
}
