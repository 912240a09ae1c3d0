import { describe, expect, test } from 'vitest';

import { purchaseFingerprint } from '../../domain/purchase-fingerprint.ts';
import type { Purchase } from '../../domain/purchase.ts';
import { aLine, anAddress, aPackage, aPurchase, aTotal, named } from '../support/builders.ts';

const base = aPurchase()
  .with({ sku: 'A-1', quantity: 2, net: '20.00', tax: '1.60', discount: '2.00' })
  .with({ sku: 'B-1', quantity: 1, net: '15.90' })
  .shippedBy('Ground', { net: '5.00', tax: '0.40' })
  .noting('location', 'loc-east')
  .noting('season', 'FA26')
  .field('Delivery date', '2026-03-01')
  .build();
const print = (purchase: Purchase) => purchaseFingerprint(purchase, 'instep');

test('a fingerprint is 32 hexadecimal characters', () => {
  expect(print(base)).toMatch(/^[0-9a-f]{32}$/);
});

describe('a purchase keeps its fingerprint', () => {
  const [parcel] = base.packages;
  const lines = parcel?.lines ?? [];
  const same: readonly (readonly [string, Purchase])[] = [
    ['when it is stored again', { ...base, updatedAt: '2026-02-01T00:00:00Z' }],
    ['when Instep writes the ERP order number', { ...base, identifiers: { ...base.identifiers, internal: '500001' } }],
    ['when Instep writes its own entry', { ...base, metadata: [...base.metadata, ...named(['instep', '{"x":1}'])] }],
    ['when a payment comes in', { ...base, totalPaid: '42.90' }],
    ['when metadata change their order', { ...base, metadata: base.metadata.toReversed() }],
    ['when an empty entry appears', { ...base, metadata: [...base.metadata, ...named(['note', null], ['more', ''])] }],
    ['when its currency is written in lower case', { ...base, currency: 'usd' }],
    [
      'when amounts are written longer',
      having(base, {
        lines: lines.map((line) => ({
          ...line,
          total: line.total && { ...line.total, net: `${line.total.net}0`, gross: `${line.total.gross ?? '0'}000` },
        })),
      }),
    ],
    ['when an empty address part is absent', having(base, { shipTo: anAddress({ line2: '' }) })],
    ['when an address part has blanks around it', having(base, { shipTo: anAddress({ city: ' Portland ' }) })],
    ['when only the tax total is written longer', { ...base, taxTotal: `${base.taxTotal ?? '0'}.00` }],
  ];
  test.each(same)('%s', (_, purchase) => {
    expect(print(purchase)).toBe(print(base));
  });

  test('through JSON, whatever the order of keys', () => {
    const turned: Purchase = JSON.parse(
      JSON.stringify(base, (_, value: unknown) =>
        value && typeof value === 'object' && !Array.isArray(value)
          ? Object.fromEntries(Object.entries(value).toReversed())
          : value,
      ),
    );
    expect(print(turned)).toBe(print(base));
  });
});

describe('a purchase gets another fingerprint', () => {
  const [parcel] = base.packages;
  const [first, ...others] = parcel?.lines ?? [];
  const withLine = (change: object) => having(base, { lines: [{ ...(first ?? aLine()), ...change }, ...others] });
  const total = first?.total ?? aTotal();
  const different: readonly (readonly [string, Purchase])[] = [
    ['type', { ...base, type: 'quote' }],
    ['platform number', { ...base, identifiers: { ...base.identifiers, platform: 'gid-78' } }],
    ['visible number', { ...base, identifiers: { ...base.identifiers, visible: 'SL-1' } }],
    ['buyer', { ...base, buyer: 'buyer-2' }],
    ['payment method', { ...base, paymentMethod: 'card' }],
    ['PO number', { ...base, customerReference: 'PO-2' }],
    ['currency', { ...base, currency: 'EUR' }],
    ['bill-to', { ...base, billTo: anAddress({ line1: '2 Ledger Lane' }) }],
    ['absent bill-to', { ...base, billTo: null }],
    ['ship-to street', having(base, { shipTo: anAddress({ line1: '13 Main Street' }) })],
    ['ship-to country', having(base, { shipTo: anAddress({ country: 'CA' }) })],
    ['ship-to company', having(base, { shipTo: anAddress({ company: 'Southwind' }) })],
    ['delivery date', { ...base, customFields: named(['Delivery date', '2026-03-02']) }],
    ['location', { ...base, metadata: named(['location', 'loc-west'], ['season', 'FA26']) }],
    ['order tax', { ...base, taxTotal: '2.01' }],
    ['currency of the order tax', { ...base, taxCurrency: 'EUR' }],
    ['order tax in several currencies', { ...base, taxCurrency: null }],
    ['line in several currencies', withLine({ total: { ...total, currency: null } })],
    ['shipping method', having(base, { shippingMethod: 'Express' })],
    ['freight', having(base, { shippingCharge: aTotal({ net: '6.00', tax: '0.40' }) })],
    ['package type', having(base, { type: 'cancellation' })],
    ['further package', { ...base, packages: [...base.packages, aPackage({ type: 'cancellation' })] }],
    ['line SKU', withLine({ sku: 'A-2' })],
    ['line quantity', withLine({ quantity: 3 })],
    ['line net', withLine({ total: { ...total, net: '20.01' } })],
    ['line tax', withLine({ total: { ...total, tax: '1.61' } })],
    ['line gross', withLine({ total: { ...total, gross: '21.61' } })],
    ['line discount, which a discount code would show the ERP', withLine({ total: { ...total, discountNet: '3.00' } })],
    ['line attribute', withLine({ attributes: [{ key: 'engraving', value: 'A.B.' }] })],
    ['missing line', having(base, { lines: others })],
    ['order of lines', having(base, { lines: [...others, ...(first ? [first] : [])] })],
  ];
  test.each(different)('by another %s', (_, purchase) => {
    expect(print(purchase)).not.toBe(print(base));
  });

  test('each of them its own', () => {
    const prints = different.map(([, purchase]) => print(purchase));
    expect(new Set(prints).size).toBeGreaterThanOrEqual(different.length - 1);
  });
});

function having(purchase: Purchase, change: Partial<Purchase['packages'][number]>): Purchase {
  return { ...purchase, packages: purchase.packages.map((parcel) => ({ ...parcel, ...change })) };
}
