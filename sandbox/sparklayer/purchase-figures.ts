import { Decimal } from 'decimal.js';
import type { LineTotal, Money, Package, PurchaseRecord } from './wire.ts';

/** Fills in every `calculated_*` member by the contract's rules (section 7, "What the stand-in computes"). */
export function withCalculatedMembers(purchase: PurchaseRecord): PurchaseRecord {
  const total = calculatedTotal(purchase);
  return {
    ...purchase,
    dates: { ...purchase.dates, calculated_submitted_at: purchase.dates.placed_at ?? null },
    calculated_shipping_address: shippingAddressLine(purchase.packages),
    calculated_total: total,
    calculated_total_usd: total.currency.toUpperCase() === 'USD' ? total : null,
    calculated_fulfilment_status: fulfilmentStatus(purchase),
  };
}

export function money(amount: Decimal, currency: string): Money {
  return { number: amount.toFixed(2), currency };
}

/** Packages of unknown type count neither in totals nor in quantities. */
export const countedAsOrdered = ['incoming', 'shipment', 'cancellation'];

function fulfilmentStatus({ packages, type }: PurchaseRecord): string {
  const has = (kind: string) => packages.some((entry) => entry.type === kind);
  if (packages.length > 0 && packages.every((entry) => entry.type === 'cancellation')) return 'cancelled';
  if (has('shipment')) return has('incoming') ? 'partially_shipped' : 'shipped';
  return type === 'order' ? 'processing' : 'pending';
}

function calculatedTotal(purchase: PurchaseRecord): Money {
  const currency = purchase.currency_code ?? 'GBP';
  const sign: Readonly<Record<string, number>> = { incoming: 1, shipment: 1, return: -1 };
  const total = purchase.packages.reduce(
    (sum, entry) => sum.plus(packageGross(entry).times(sign[entry.type] ?? 0)),
    new Decimal(0),
  );
  return money(total, currency);
}

function packageGross(entry: Package): Decimal {
  const totals = [...entry.line_items.map((line) => line.line_total), entry.shipping_method?.line_total];
  return totals.reduce((sum, total) => sum.plus(gross(total)), new Decimal(0));
}

function gross(total: LineTotal | undefined): Decimal {
  if (!total) return new Decimal(0);
  return total.total_gross ? amount(total.total_gross) : amount(total.total_net).plus(amount(total.total_tax));
}

export function amount(value: Money | null | undefined): Decimal {
  return new Decimal(value?.number ?? 0);
}

function shippingAddressLine(packages: readonly Package[]): string | null {
  const address = packages.find((entry) => entry.shipping_address)?.shipping_address;
  if (!address) return null;
  const name = [address.first_name, address.last_name].filter(Boolean).join(' ');
  return [name, address.company, address.address_line1, address.city, address.postal_code].filter(Boolean).join(', ');
}
