import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createSparkLayer, type SparkLayer } from '../../../connectors/sparklayer/sparklayer.ts';
import type { PurchaseKey } from '../../../domain/purchase.ts';
import type { PurchaseProgress } from '../../../domain/show-progress.ts';
import {
  startSparkLayer,
  type CheckoutInput,
  type PurchaseRecord,
  type SparkLayerStandIn,
} from '../../../sandbox/sparklayer/stand-in.ts';
import { aProgress, aShipment, bearersOf, contentOf, CREW, sumsOf, VEST } from './progress-support.ts';
import { aCall, aNote } from './support.ts';

const PUT = 'PUT /api/v1/purchases/{id}';
const LINES: CheckoutInput['lines'] = [
  { sku: CREW, quantity: 10, unitPrice: '19.99', discount: '0.07' },
  { sku: VEST, quantity: 3, unitPrice: '7.77', taxRate: 5 },
];

let storefront: SparkLayerStandIn;
let sparklayer: SparkLayer;
let key: PurchaseKey;
/**
 * The stand-in lets open lines and packages vanish. It does not know that a cancellation is taken back or that a charge
 * moves, and it takes the second of two lines of one SKU for the first when that one is gone.
 */
let mayBeMissed: RegExp | null;

beforeEach(async () => {
  storefront = await startSparkLayer();
  const { url, siteId, clientId, clientSecret } = storefront;
  sparklayer = createSparkLayer(
    {
      baseUrl: url,
      siteId,
      clientId,
      clientSecret,
      userAgent: 'Instep test',
      timeouts: { requestMs: 1_000 },
      concurrency: 4,
      minGapMs: 0,
    },
    { clock: () => new Date(), log: { info: () => undefined, warn: () => undefined } },
  );
  key = checkedOut();
  mayBeMissed = null;
});
afterEach(async () => {
  const lost = storefront.lostFields().filter((text) => !mayBeMissed?.test(text));
  const broken = [...storefront.contractViolations(), ...lost, ...storefront.checkInvariants()];
  await sparklayer.close();
  await storefront.close();
  expect(broken).toEqual([]);
});

function checkedOut(lines = LINES): PurchaseKey {
  const order = storefront.checkout({ lines, shipping: { name: 'Standard', net: '10.00' } });
  return { kind: 'sparklayer', value: String(order.purchase_identifiers.sparklayer) };
}

const show = (progress: PurchaseProgress) => sparklayer.annotatePurchase(key, () => aNote({ progress }), aCall());
const stored = () => {
  const purchase = storefront.purchase(key.value);
  if (!purchase) throw new Error('the purchase is gone');
  return purchase;
};
const priceOf = ({ quantity, line_total }: PurchaseRecord['packages'][number]['line_items'][number]) =>
  `${quantity} for ${line_total?.total_net.number}`;
const first = aShipment('INV-1', { [CREW]: 4 });
const second = aShipment('INV-2', { [CREW]: 6, [VEST]: 3 });

describe('progress on a purchase', () => {
  test('a part goes out, then the rest: the storefront says partially shipped, then shipped', async () => {
    const before = sumsOf(stored());
    expect(await show(aProgress([first]))).toMatchObject({
      kind: 'written',
      purchase: { packages: [{ type: 'incoming' }, { type: 'shipment', files: ['INV-1'] }] },
    });
    expect(stored()).toMatchObject({ calculated_fulfilment_status: 'partially_shipped' });
    expect(bearersOf(stored())).toEqual(['incoming']);
    await show(aProgress([first, second]));
    expect(stored()).toMatchObject({ calculated_fulfilment_status: 'shipped' });
    expect(contentOf(stored())).toEqual([
      ['shipment', { [CREW]: 4 }],
      ['shipment', { [CREW]: 6, [VEST]: 3 }],
    ]);
    expect(stored().packages.map((parcel) => parcel.shipping_method?.name ?? null)).toEqual(['Standard', null]);
    expect(sumsOf(stored())).toEqual(before);
  });

  test('a part is cancelled, the rest goes out', async () => {
    await show(aProgress([], { [CREW]: 3 }));
    await show(aProgress([aShipment('INV-1', { [CREW]: 7, [VEST]: 3 })], { [CREW]: 3 }));
    expect(stored()).toMatchObject({ calculated_fulfilment_status: 'shipped' });
    expect(contentOf(stored())).toEqual([
      ['cancellation', { [CREW]: 3 }],
      ['shipment', { [CREW]: 7, [VEST]: 3 }],
    ]);
    expect(bearersOf(stored())).toEqual(['shipment']);
  });

  test('everything is cancelled, and the storefront says so', async () => {
    await show(aProgress([], { [CREW]: 10, [VEST]: 3 }));
    expect(stored()).toMatchObject({ calculated_fulfilment_status: 'cancelled' });
    expect(bearersOf(stored())).toEqual(['cancellation']);
  });

  test('what was cancelled is open again when the ERP takes it back', async () => {
    mayBeMissed = /packages\[[\w-]+\](\.shipping_method\.line_total|\.line_items\[.*)?$/;
    const before = stored();
    await show(aProgress([], { [CREW]: 10, [VEST]: 3 }));
    await show(aProgress([], { [CREW]: 0, [VEST]: 1 }));
    expect(contentOf(stored())).toEqual([
      ['incoming', { [CREW]: 10, [VEST]: 2 }],
      ['cancellation', { [VEST]: 1 }],
    ]);
    expect(stored()).toMatchObject({ calculated_fulfilment_status: 'processing' });
    expect(bearersOf(stored())).toEqual(['incoming']);
    await show(aProgress([], { [CREW]: 0, [VEST]: 0 }));
    expect(contentOf(stored())).toEqual(contentOf(before));
    expect(sumsOf(stored())).toEqual(sumsOf(before));
  });

  test('the same progress again sends nothing', async () => {
    const progress = aProgress([first], { [CREW]: 2, [VEST]: 1 });
    await show(progress);
    expect((await show(progress)).kind).toBe('unchanged');
    expect(storefront.calls(PUT)).toHaveLength(1);
  });

  test('packages keep the ids that the storefront gave them', async () => {
    const ids = () => stored().packages.map((parcel) => parcel.identifiers?.sparklayer_package_id);
    const [open] = ids();
    await show(aProgress([first]));
    const [still, shipped] = ids();
    expect(still).toBe(open);
    expect(shipped).toEqual(expect.any(String));
    await show(aProgress([first, aShipment('INV-2', { [VEST]: 1 })], { [CREW]: 6 }));
    expect(ids().slice(0, 2)).toEqual([open, shipped]);
    expect(new Set(ids()).size).toBe(4);
  });

  test('tracking that comes after the invoice is added once', async () => {
    await show(aProgress([{ ...first, parcels: [], url: null }]));
    expect(stored().packages[1]).toMatchObject({ shipments: [], accounting_files: [{ data: { type: 'uri' } }] });
    await show(aProgress([first]));
    expect((await show(aProgress([first]))).kind).toBe('unchanged');
    expect(stored().packages[1]?.shipments).toMatchObject([{ tracking_number: '1Z999AA10123456784' }]);
    expect(storefront.calls(PUT)).toHaveLength(2);
  });

  test('an amendment between GET and PUT is read, and the progress is shown on it', async () => {
    storefront.faults.add({
      kind: 'foreignWriteBeforePut',
      merge: { customer_reference: 'PO-CHANGED', custom_fields: [{ name: 'Delivery date', value: '2026-02-02' }] },
    });
    expect((await show(aProgress([first]))).kind).toBe('written');
    expect(storefront.calls(PUT).map(({ status }) => status)).toEqual([409, 200]);
    expect(stored()).toMatchObject({ customer_reference: 'PO-CHANGED' });
    expect(contentOf(stored())).toEqual([
      ['incoming', { [CREW]: 6, [VEST]: 3 }],
      ['shipment', { [CREW]: 4 }],
    ]);
  });

  test('a cancellation by others between GET and PUT is kept', async () => {
    mayBeMissed = /\.shipping_method\.line_total$|\.line_items\[/;
    let rounds = 0;
    await sparklayer.annotatePurchase(
      key,
      () => {
        if (rounds++ === 0) storefront.cancel(key.value);
        return aNote({ progress: aProgress([first]) });
      },
      aCall(),
    );
    expect(rounds).toBe(2);
    expect(contentOf(stored())).toEqual([
      ['cancellation', { [CREW]: 6, [VEST]: 3 }],
      ['shipment', { [CREW]: 4 }],
    ]);
  });

  test('after a lost answer the goods are shipped once', async () => {
    storefront.faults.add({ route: PUT, kind: 'answerLostAfterCommit' });
    expect((await show(aProgress([first], { [VEST]: 1 }))).kind).toBe('written');
    expect(storefront.calls(PUT)).toHaveLength(1);
    expect(contentOf(stored())).toEqual([
      ['incoming', { [CREW]: 6, [VEST]: 2 }],
      ['shipment', { [CREW]: 4 }],
      ['cancellation', { [VEST]: 1 }],
    ]);
  });

  test('a shipment that somebody else made stays as it is', async () => {
    storefront.shipElsewhere(key.value);
    const before = stored();
    expect((await show(aProgress([first]))).kind).toBe('written');
    expect(stored().packages).toEqual(before.packages);
  });

  test('two lines of one SKU at different prices keep both prices', async () => {
    key = checkedOut([
      { sku: CREW, quantity: 2, unitPrice: '19.99' },
      { sku: CREW, quantity: 3, unitPrice: '9.49' },
    ]);
    mayBeMissed = /packages\[[\w-]+\](\.line_items\[AC-1001-BLK-M.*)?$/;
    const before = sumsOf(stored());
    await show(aProgress([aShipment('INV-1', { [CREW]: 1 })], { [CREW]: 2 }));
    expect(stored().packages.map(({ type, line_items }) => [type, ...line_items.map(priceOf)])).toEqual([
      ['incoming', '2 for 18.98'],
      ['shipment', '1 for 19.99'],
      ['cancellation', '1 for 19.99', '1 for 9.49'],
    ]);
    expect(sumsOf(stored())).toEqual(before);
    await show(aProgress([aShipment('INV-1', { [CREW]: 1 })], { [CREW]: 0 }));
    expect(stored().packages.map(({ type, line_items }) => [type, ...line_items.map(priceOf)])).toEqual([
      ['incoming', '3 for 28.47', '1 for 19.99'],
      ['shipment', '1 for 19.99'],
    ]);
  });
});
