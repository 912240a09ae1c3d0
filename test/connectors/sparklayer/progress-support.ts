import { sum, toCents } from '../../../domain/money.ts';
import type { PurchaseProgress, ShownShipment } from '../../../domain/show-progress.ts';
import type { Members } from '../../../connectors/sparklayer/wire/purchase-write.ts';
import { asJson, type Json } from './one-purchase.ts';
import { aWireLine, aWirePackage, aWirePurchase, gbp } from './support.ts';

export const CREW = 'AC-1001-BLK-M';
export const VEST = 'AC-2002-GRN-S';

/** Units by SKU. */
export type Units = Readonly<Record<string, number>>;

/** A dispatch with one parcel and an address of its invoice. */
export function aShipment(invoice: string, units: Units, change: Partial<ShownShipment> = {}): ShownShipment {
  return {
    invoice,
    items: itemsOf(units),
    carrier: 'UPS Ground',
    carrierCode: 'UPS',
    parcels: [{ tracking: '1Z999AA10123456784', url: 'https://carrier.example/1Z999AA10123456784' }],
    shippedOn: '2026-01-12',
    url: `https://files.example/${invoice}.pdf`,
    total: '96',
    currency: 'GBP',
    ...change,
  };
}

/** The progress with these dispatches, and these units that will not come. */
export function aProgress(shipments: readonly ShownShipment[], cancelled: Units = {}): PurchaseProgress {
  return { shipments, cancelled: itemsOf(cancelled), beyond: [], voided: [] };
}

/** A line of the wire; gross is net and tax, and its one tax line holds the tax. */
export function aLine(sku: string, quantity: number, net: string, tax: string, change: Json = {}): Members {
  return aWireLine({
    identifiers: { sku },
    quantity,
    line_total: {
      total_net: gbp(net),
      total_tax: gbp(tax),
      total_gross: gbp(toCents(sum([net, tax]))),
      discount_net: gbp('0.00'),
    },
    tax_lines: [{ title: 'VAT', amount: gbp(tax), rate: 20 }],
    ...change,
  });
}

/** The contract's new order with these lines open, and the shipping charge on them. */
export function aPurchaseOf(...lines: readonly Members[]): Members {
  return aWirePurchase({ packages: [aWirePackage({ line_items: lines })] });
}

export function packagesOf(members: Members): readonly Json[] {
  const { packages } = members;
  return Array.isArray(packages) ? packages.map(asJson) : [];
}

export function linesOf(parcel: Json | undefined): readonly Json[] {
  const lines = parcel?.['line_items'];
  return Array.isArray(lines) ? lines.map(asJson) : [];
}

/** What each package holds, in their order, e.g. `['incoming', { 'AC-1001-BLK-M': 4 }]`. */
export function contentOf(members: Members): readonly (readonly [type: string, units: Units])[] {
  return packagesOf(members).map((parcel) => {
    const units: Record<string, number> = {};
    for (const line of linesOf(parcel)) units[skuOf(line)] = (units[skuOf(line)] ?? 0) + Number(line['quantity']);
    return [String(parcel['type']), units];
  });
}

/** Units and every amount of each SKU, added up over all packages. */
export function sumsOf(members: Members): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const sums: Record<string, Record<string, string>> = {};
  for (const line of packagesOf(members).flatMap(linesOf)) {
    const own = (sums[skuOf(line)] ??= {});
    const add = (name: string, amount: unknown) => {
      if (typeof amount === 'string') own[name] = toCents(sum([own[name] ?? '0', amount]));
    };
    add('units', String(line['quantity']));
    for (const [name, money] of Object.entries(asJson(line['line_total']))) add(name, asJson(money)['number']);
    const taxes = line['tax_lines'];
    for (const row of Array.isArray(taxes) ? taxes.map(asJson) : [])
      add(`tax ${String(row['title'])}`, asJson(row['amount'])['number']);
  }
  return sums;
}

/** Types of the packages that bear a shipping charge. */
export function bearersOf(members: Members): readonly string[] {
  return packagesOf(members)
    .filter((parcel) => asJson(parcel['shipping_method'])['line_total'] !== undefined)
    .map((parcel) => String(parcel['type']));
}

export function skuOf(line: Json): string {
  return String(asJson(line['identifiers'])['sku']);
}

function itemsOf(units: Units) {
  return Object.entries(units).map(([item, quantity]) => ({ item, quantity, price: null }));
}
