import { multiply, sameAmount, subtract, sum, toCents, type Amount } from './money.ts';
import type { Problem } from './problems.ts';
import type { ErpSalesOrder, ErpSalesOrderLine, PreparedSalesOrder, SalesOrderLine, SkuCodes } from './sales-order.ts';
import { sameReference } from './storefront-reference.ts';

/**
 * What differs between the order that was sent and the one the ERP shows, to the cent. Reported, never repaired (R6,
 * R7). A reference that was cut is a matter of its own: by it alone orders are found.
 */
export function compareWithSent(sent: PreparedSalesOrder, shown: ErpSalesOrder): readonly Problem[] {
  const cut = [shown.altPo, shown.referenceField].filter((value) => !sameReference(value, sent.reference));
  const references: readonly Problem[] =
    cut.length === 0
      ? []
      : [
          {
            code: 'REFERENCE_CUT',
            says: `The ERP shows our reference ${sent.reference} as “${cut.join('” and “')}” on order ${shown.orderNumber}.`,
          },
        ];
  const differences = [...headerDifferences(sent, shown), ...lineDifferences(sent.lines, shown.lines ?? [])];
  if (differences.length === 0) return references;
  return [
    ...references,
    {
      code: 'ERP_DIFFERS',
      says: `ERP order ${shown.orderNumber} differs from what was sent: ${differences.join('; ')}.`,
    },
  ];
}

function headerDifferences(sent: PreparedSalesOrder, shown: ErpSalesOrder): readonly string[] {
  return [
    ...money('tax', sent.tax, shown.tax),
    ...money('freight', sent.freight, shown.freight),
    ...money('discount', sent.discount, shown.discount),
    ...codes('division', sent.division, shown.division),
    ...codes('warehouse', sent.warehouse, shown.warehouse),
    ...codes('customer', sent.customer, shown.customer),
    // Empty was "the customer's own": then whatever the ERP applied is right.
    ...(sent.terms ? codes('terms', sent.terms, shown.terms) : []),
    ...codes('PO', sent.purchaseOrder, shown.purchaseOrder),
  ];
}

function lineDifferences(sent: readonly SalesOrderLine[], shown: readonly ErpSalesOrderLine[]): readonly string[] {
  const bySequence = new Map(shown.map((line) => [line.sequence, line]));
  const missing = sent.flatMap((line): readonly string[] => {
    const { sequence, price, quantity } = line;
    const there = bySequence.get(sequence);
    if (!there) return [`line ${sequence} is missing (${toCents(multiply(price, quantity))})`];
    return [
      ...codes(`line ${sequence} item`, itemOf(line.sku), itemOf(there.sku)),
      ...(there.ordered === quantity ? [] : [`line ${sequence} quantity ${there.ordered} instead of ${quantity}`]),
      ...money(`line ${sequence} price`, price, there.price),
      ...codes(`line ${sequence} warehouse`, line.warehouse, there.warehouse),
    ];
  });
  const known = new Set(sent.map(({ sequence }) => sequence));
  const added = shown.filter(({ sequence }) => !known.has(sequence));
  return [
    ...missing,
    ...(added.length === 0
      ? []
      : [
          `${added.length} further lines (${toCents(sum(added.map(({ price, ordered }) => multiply(price, ordered))))})`,
        ]),
  ];
}

function itemOf({ style, color, label, dimension, size }: SkuCodes): string {
  return [style, color, label, dimension, size].map((code) => code.trim()).join('/');
}

function money(what: string, sent: Amount, shown: Amount): readonly string[] {
  return sameAmount(sent, shown)
    ? []
    : [`${what} ${toCents(shown)} instead of ${toCents(sent)} (${toCents(subtract(shown, sent))})`];
}

function codes(what: string, sent: string, shown: string): readonly string[] {
  return sent.trim().toUpperCase() === shown.trim().toUpperCase() ? [] : [`${what} “${shown}” instead of “${sent}”`];
}
