import type { ErpTerms, ErpWarehouse } from '../sales-order.ts';
import type { OrderRules } from '../site-rules.ts';
import type { StockFeed } from '../stock/stock-rules.ts';
import type { AuditedOrder } from './audited-order.ts';
import type { Gap } from './gap.ts';

/** The short lists of the ERP's masters. */
export interface ErpCodes {
  readonly divisions: readonly { readonly division: string }[];
  readonly warehouses: readonly ErpWarehouse[];
  readonly terms: readonly ErpTerms[];
  readonly shipVia: readonly { readonly shipVia: string }[];
}

/** Codes that the site file gives to orders, and that the ERP does not have, or has as inactive. */
export function compareCodes(
  erp: ErpCodes,
  rules: Pick<OrderRules, 'divisions' | 'locations' | 'payment' | 'shipVia'>,
  feeds: readonly StockFeed[],
): readonly Gap[] {
  const { table, byShipTo, defaultWarehouse } = rules.locations;
  const { methods, otherwise } = rules.shipVia;
  const divisions = erp.divisions.map(({ division }) => division);
  const warehouses = erp.warehouses.filter(({ type }) => type === 'W').map(({ warehouse }) => warehouse);
  const terms = erp.terms.filter(({ active }) => active).map((each) => each.terms);
  const shipVias = erp.shipVia.map((each) => each.shipVia);
  return [
    ...missing(rules.divisions, divisions).map((division): Gap => ({
      ...named('DIVISION_UNKNOWN', division),
      says: `The ERP has no division “${division}”, which the site file sells. It has ${listed(divisions)}.`,
      touches: (order) => order.divisions.includes(division),
    })),
    ...missing(
      [
        ...[...table, ...byShipTo].flatMap((row) => Object.values(row.warehouses)),
        ...Object.values(defaultWarehouse),
        ...feeds.flatMap(({ from }) => from.map(({ warehouse }) => warehouse)),
      ],
      warehouses,
    ).map((warehouse): Gap => ({
      ...named('WAREHOUSE_UNKNOWN', warehouse),
      says: `The ERP has no stock-keeping warehouse “${warehouse}”. It has ${listed(warehouses)}.`,
      touches: (order) => order.warehouses.includes(warehouse),
    })),
    ...missing(
      rules.payment.methods.map((method) => method.terms),
      terms,
    ).map((code): Gap => ({
      ...named('TERMS_UNKNOWN', code),
      says: `The ERP has no active terms “${code}”, which the site file gives to a payment method. It has ${listed(terms)}.`,
      touches: (order) => order.terms === code,
    })),
    ...missing([...Object.values(methods), otherwise], shipVias).map((code): Gap => ({
      ...named('SHIP_VIA_UNKNOWN', code),
      says: `The ERP has no ship-via “${code}”, which the site file gives to a shipping method. It has ${listed(shipVias)}.`,
      touches: usesShipVia(code),
    })),
  ];

  function usesShipVia(code: string): (order: AuditedOrder) => boolean {
    return ({ shippingMethods: [method = ''] }) => (methods[method] ?? otherwise) === code;
  }
}

function named<Code extends Gap['code']>(code: Code, key: string) {
  return { code, key, concerns: [key], effect: 'parks' } as const;
}

function missing(used: readonly string[], known: readonly string[]): readonly string[] {
  return [...new Set(used)].filter((code) => code !== '' && !known.includes(code));
}

function listed(codes: readonly string[]): string {
  return codes.length > 0 ? codes.join(', ') : 'none';
}
