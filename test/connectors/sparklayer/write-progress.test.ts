import { describe, expect, test } from 'vitest';

import { parseVerbatim } from '../../../connectors/sparklayer/verbatim-json.ts';
import type { Members } from '../../../connectors/sparklayer/wire/purchase-write.ts';
import { withAccepted, withProgress } from '../../../connectors/sparklayer/wire/write-progress.ts';
import type { PurchaseProgress } from '../../../domain/show-progress.ts';
import { asJson, type Json } from './one-purchase.ts';
import {
  aLine,
  aProgress,
  aPurchaseOf,
  aShipment,
  bearersOf,
  contentOf,
  CREW,
  linesOf,
  packagesOf,
  skuOf,
  sumsOf,
  VEST,
} from './progress-support.ts';
import { aWirePackage, aWirePurchase, gbp } from './support.ts';

const TEN = aPurchaseOf(aLine(CREW, 10, '200.00', '40.00'));
const money = (line: Json | undefined) => {
  const { total_net, total_tax, total_gross } = asJson(line?.['line_total']);
  return [total_net, total_tax, total_gross].map((amount) => asJson(amount)['number']);
};
const typed = (members: Members, type: string) => packagesOf(members).filter((parcel) => parcel['type'] === type);

describe('a shipment', () => {
  test('of a part lowers what is open, and says what is in it, how to follow it and its invoice', () => {
    const shown = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 4 })]));
    expect(contentOf(shown)).toEqual([
      ['incoming', { [CREW]: 6 }],
      ['shipment', { [CREW]: 4 }],
    ]);
    expect(packagesOf(shown)[1]).toEqual({
      type: 'shipment',
      shipping_address: packagesOf(TEN)[0]?.['shipping_address'],
      shipments: [
        {
          carrier: 'UPS Ground',
          carrier_id: 'UPS',
          tracking_number: '1Z999AA10123456784',
          tracking_url: 'https://carrier.example/1Z999AA10123456784',
          shipped_at: '2026-01-12T12:00:00.000+00:00',
        },
      ],
      accounting_files: [
        {
          identifiers: { visible: 'INV-1' },
          data: { type: 'uri', uri: 'https://files.example/INV-1.pdf', amount: gbp('96.00') },
          file_type: 'invoice',
        },
      ],
      line_items: [aLine(CREW, 4, '80.00', '16.00')],
    });
    expect(linesOf(packagesOf(shown)[0])).toEqual([aLine(CREW, 6, '120.00', '24.00')]);
  });

  test.each(['America/Los_Angeles', 'Europe/London', 'Australia/Sydney'])(
    'left on its day for a buyer in %s',
    (zone) => {
      const shown = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 4 }, { shippedOn: '2026-01-12' })]));
      const [parcel] = [typed(shown, 'shipment')[0]?.['shipments']].flat();
      const day = new Date(String(asJson(parcel)['shipped_at'])).toLocaleDateString('en-CA', { timeZone: zone });
      expect(day).toBe('2026-01-12');
    },
  );

  test('of a part leaves id and shipping charge on what is open', () => {
    const shown = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 4 })]));
    expect(bearersOf(shown)).toEqual(['incoming']);
    const { line_items: _was, ...before } = packagesOf(TEN)[0] ?? {};
    const { line_items: _is, ...after } = packagesOf(shown)[0] ?? {};
    expect(after).toEqual(before);
  });

  test('of everything takes the open package away, and its charge moves to the shipment', () => {
    const shown = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 10 })]));
    expect(contentOf(shown)).toEqual([['shipment', { [CREW]: 10 }]]);
    expect(packagesOf(shown)[0]?.['shipping_method']).toEqual(packagesOf(TEN)[0]?.['shipping_method']);
  });

  test('after another stands beside it, and the first one gets the charge when nothing is open', () => {
    const first = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 4 })]));
    const both = [aShipment('INV-1', { [CREW]: 4 }), aShipment('INV-2', { [CREW]: 6 })];
    const second = withProgress(first, aProgress(both));
    expect(contentOf(second)).toEqual([
      ['shipment', { [CREW]: 4 }],
      ['shipment', { [CREW]: 6 }],
    ]);
    expect(packagesOf(second).map((parcel) => 'shipping_method' in parcel)).toEqual([true, false]);
    expect(packagesOf(second)[0]?.['line_items']).toEqual(packagesOf(first)[1]?.['line_items']);
    expect(withProgress(TEN, aProgress(both))).toEqual(second);
  });

  test('that is told again changes nothing, byte for byte', () => {
    const progress = aProgress([aShipment('INV-1', { [CREW]: 4 }), aShipment('INV-2', { [CREW]: 1 })], { [CREW]: 2 });
    const once = withProgress(TEN, progress);
    expect(JSON.stringify(withProgress(once, progress))).toBe(JSON.stringify(once));
  });

  test('of units that the purchase does not have shows what it has, and nothing twice', () => {
    const shown = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 12, [VEST]: 1 })]));
    expect(contentOf(shown)).toEqual([['shipment', { [CREW]: 10 }]]);
    expect(sumsOf(shown)).toEqual(sumsOf(TEN));
  });

  test('of nothing that the purchase has is not shown as an empty package', () => {
    expect(withProgress(TEN, aProgress([aShipment('INV-1', { [VEST]: 3 })]))).toEqual(TEN);
  });

  test('without an address of the invoice has a file with number and amount only', () => {
    const shown = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 4 }, { url: null, total: '96.5' })]));
    expect(typed(shown, 'shipment')[0]?.['accounting_files']).toEqual([
      { identifiers: { visible: 'INV-1' }, data: { type: 'uri', amount: gbp('96.50') }, file_type: 'invoice' },
    ]);
  });

  test('without dates and links of parcels leaves those members out', () => {
    const parcels = [
      { tracking: 'T-1', url: null },
      { tracking: 'T-2', url: null },
    ];
    const shown = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 4 }, { parcels, shippedOn: null })]));
    expect(typed(shown, 'shipment')[0]?.['shipments']).toEqual([
      { carrier: 'UPS Ground', carrier_id: 'UPS', tracking_number: 'T-1' },
      { carrier: 'UPS Ground', carrier_id: 'UPS', tracking_number: 'T-2' },
    ]);
  });

  test('that others made is no place for our invoice, and its goods are not taken', () => {
    const foreign = aWirePackage({
      type: 'shipment',
      shipping_method: null,
      line_items: [aLine(CREW, 3, '60.00', '12.00')],
    });
    const members = aWirePurchase({ packages: [aWirePackage(), foreign] });
    const shown = withProgress(members, aProgress([aShipment('INV-1', { [CREW]: 10 })]));
    expect(contentOf(shown)).toEqual([
      ['shipment', { [CREW]: 3 }],
      ['shipment', { [CREW]: 10 }],
    ]);
    const { shipping_method: _charge, ...kept } = packagesOf(shown)[0] ?? {};
    const { shipping_method: _none, ...given } = foreign;
    expect(kept).toEqual(given);
  });
});

describe('an invoice that is shown already', () => {
  const twelve = aProgress([aShipment('INV-1', { [CREW]: 12 })]);

  test('gets the units that it bills and the purchase did not have before, in its own package', () => {
    const short = withProgress(TEN, twelve);
    const more = withAccepted(short, [{ item: CREW, title: 'Merino Crew', quantity: 12, price: '20.00' }]);
    const shown = withProgress(more, twelve);
    expect(contentOf(shown)).toEqual([['shipment', { [CREW]: 12 }]]);
    expect(typed(shown, 'shipment').flatMap(linesOf)).toEqual([aLine(CREW, 12, '240.00', '48.00')]);
    expect(JSON.stringify(withProgress(shown, twelve))).toBe(JSON.stringify(shown));
  });

  test('takes no more than it bills when the buyer orders more of the item', () => {
    const shipped = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 10 })]));
    const [sent] = packagesOf(shipped);
    const members = { ...shipped, packages: [aWirePackage({ shipping_method: null }), sent] };
    expect(withProgress(members, aProgress([aShipment('INV-1', { [CREW]: 10 })]))).toEqual(members);
  });

  test('leaves a shipment of others without invoice as it is, and takes nothing of it', () => {
    const foreign = aWirePackage({ type: 'shipment', shipping_method: null, accounting_files: [] });
    const members = aWirePurchase({ packages: [aWirePackage(), foreign] });
    const shown = withProgress(members, aProgress([aShipment('INV-1', { [CREW]: 12 })]));
    expect(contentOf(shown)).toEqual([
      ['shipment', { [CREW]: 10 }],
      ['shipment', { [CREW]: 10 }],
    ]);
  });
});

describe('an invoice that was voided', () => {
  const voided = (progress: PurchaseProgress, ...invoices: readonly string[]) => ({ ...progress, voided: invoices });

  test('gives its units and its charge back to what is open, as if it had never been', () => {
    const two = aProgress([aShipment('INV-1', { [CREW]: 3 }), aShipment('INV-2', { [CREW]: 7 })]);
    const shown = withProgress(TEN, two);
    const back = withProgress(shown, voided(aProgress([aShipment('INV-1', { [CREW]: 3 })]), 'INV-2'));
    expect(contentOf(back)).toEqual([
      ['incoming', { [CREW]: 7 }],
      ['shipment', { [CREW]: 3 }],
    ]);
    const all = withProgress(back, voided(aProgress([]), 'INV-1', 'INV-2'));
    expect(contentOf(all)).toEqual([['incoming', { [CREW]: 10 }]]);
    expect(linesOf(packagesOf(all)[0])).toEqual(linesOf(packagesOf(TEN)[0]));
    expect(bearersOf(all)).toEqual(['incoming']);
    expect(JSON.stringify(withProgress(all, voided(aProgress([]), 'INV-1', 'INV-2')))).toBe(JSON.stringify(all));
  });

  test('leaves a package that others gave a file of theirs', () => {
    const shown = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 10 })]));
    const [parcel] = packagesOf(shown);
    const files = [...(Array.isArray(parcel?.['accounting_files']) ? parcel['accounting_files'] : []), { theirs: 1 }];
    const members = { ...shown, packages: [{ ...parcel, accounting_files: files }] };
    expect(withProgress(members, voided(aProgress([]), 'INV-1'))).toEqual(members);
  });
});

test('an invoice that bills two ERP orders of the purchase is one dispatch', () => {
  const two = aPurchaseOf(aLine(CREW, 10, '200.00', '40.00'), aLine(VEST, 2, '30.00', '6.00'));
  const progress = aProgress([aShipment('INV-1', { [CREW]: 4 }), aShipment('INV-1', { [CREW]: 3, [VEST]: 2 })]);
  const shown = withProgress(two, progress);
  expect(contentOf(shown)).toEqual([
    ['incoming', { [CREW]: 3 }],
    ['shipment', { [CREW]: 7, [VEST]: 2 }],
  ]);
  expect(typed(shown, 'shipment')[0]?.['shipments']).toHaveLength(1);
  expect(JSON.stringify(withProgress(shown, progress))).toBe(JSON.stringify(shown));
});

describe('tracking that comes after the invoice', () => {
  const late = (units: number) => aShipment('INV-1', { [CREW]: units }, { parcels: [] });
  const before = withProgress(TEN, aProgress([late(4)]));

  test('is added to the shipment of that invoice, once', () => {
    expect(typed(before, 'shipment')[0]?.['shipments']).toEqual([]);
    const progress = aProgress([aShipment('INV-1', { [CREW]: 4 })]);
    const after = withProgress(before, progress);
    expect(typed(after, 'shipment')[0]?.['shipments']).toHaveLength(1);
    expect(contentOf(after)).toEqual(contentOf(before));
    expect(JSON.stringify(withProgress(after, progress))).toBe(JSON.stringify(after));
  });

  test('is not taken away when the ERP shows none any more', () => {
    const tracked = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 4 })]));
    expect(withProgress(tracked, aProgress([late(4)]))).toEqual(tracked);
  });

  test('that is there already stays as the storefront keeps it', () => {
    const tracked = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 4 })]));
    const kept = packagesOf(tracked).map((parcel) =>
      parcel['type'] === 'shipment' ? { ...parcel, shipments: [{ tracking_number: '1Z-OLD', odd: 1 }] } : parcel,
    );
    const members = { ...tracked, packages: kept };
    expect(withProgress(members, aProgress([aShipment('INV-1', { [CREW]: 4 })]))).toEqual(members);
  });

  test('of a further parcel is added to those that are there, as they are', () => {
    const parcels = [
      { tracking: 'T-1', url: null },
      { tracking: 'T-2', url: null },
    ];
    const one = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 4 }, { parcels: parcels.slice(0, 1) })]));
    const [first] = typed(one, 'shipment').map(({ shipments }) => shipments);
    const progress = aProgress([aShipment('INV-1', { [CREW]: 4 }, { parcels })]);
    const both = withProgress(one, progress);
    expect(typed(both, 'shipment')[0]?.['shipments']).toEqual([
      ...(Array.isArray(first) ? first : []),
      expect.objectContaining({ tracking_number: 'T-2', carrier_id: 'UPS' }),
    ]);
    expect(JSON.stringify(withProgress(both, progress))).toBe(JSON.stringify(both));
  });

  test('does not go to another invoice’s shipment', () => {
    const both = withProgress(before, aProgress([late(4), aShipment('INV-2', { [CREW]: 1 })]));
    expect(typed(both, 'shipment').map(({ shipments }) => shipments)).toEqual([[], [expect.anything()]]);
  });
});

describe('a cancellation', () => {
  test('of a part of a line takes its share of units and amounts', () => {
    const shown = withProgress(TEN, aProgress([], { [CREW]: 3 }));
    expect(contentOf(shown)).toEqual([
      ['incoming', { [CREW]: 7 }],
      ['cancellation', { [CREW]: 3 }],
    ]);
    expect(money(linesOf(packagesOf(shown)[1])[0])).toEqual(['60.00', '12.00', '72.00']);
    expect(money(linesOf(packagesOf(shown)[0])[0])).toEqual(['140.00', '28.00', '168.00']);
    expect(bearersOf(shown)).toEqual(['incoming']);
  });

  test('that grows joins its units in one line', () => {
    const three = withProgress(TEN, aProgress([], { [CREW]: 3 }));
    const five = withProgress(three, aProgress([], { [CREW]: 5 }));
    expect(typed(five, 'cancellation').flatMap(linesOf)).toEqual([aLine(CREW, 5, '100.00', '20.00')]);
  });

  test('of everything leaves the charge on the cancellation', () => {
    const shown = withProgress(TEN, aProgress([], { [CREW]: 10 }));
    expect(contentOf(shown)).toEqual([['cancellation', { [CREW]: 10 }]]);
    expect(bearersOf(shown)).toEqual(['cancellation']);
    expect(JSON.stringify(withProgress(shown, aProgress([], { [CREW]: 10 })))).toBe(JSON.stringify(shown));
  });

  test('of the rest after a shipment leaves the charge with the shipment', () => {
    const shown = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 4 })], { [CREW]: 6 }));
    expect(contentOf(shown)).toEqual([
      ['shipment', { [CREW]: 4 }],
      ['cancellation', { [CREW]: 6 }],
    ]);
    expect(bearersOf(shown)).toEqual(['shipment']);
  });

  test('taken back in the ERP is open again, as it was', () => {
    const cancelled = withProgress(TEN, aProgress([], { [CREW]: 3 }));
    const back = withProgress(cancelled, aProgress([], { [CREW]: 0 }));
    expect(back).toEqual(TEN);
  });

  test('of everything taken back brings what is open and its charge back', () => {
    const cancelled = withProgress(TEN, aProgress([], { [CREW]: 10 }));
    const back = withProgress(cancelled, aProgress([], { [CREW]: 8 }));
    expect(contentOf(back)).toEqual([
      ['incoming', { [CREW]: 2 }],
      ['cancellation', { [CREW]: 8 }],
    ]);
    expect(bearersOf(back)).toEqual(['incoming']);
    expect(packagesOf(back)[0]?.['shipping_address']).toEqual(packagesOf(TEN)[0]?.['shipping_address']);
  });

  test('whose units the ERP shipped after all goes straight into the shipment', () => {
    const cancelled = withProgress(TEN, aProgress([], { [CREW]: 10 }));
    const shown = withProgress(cancelled, aProgress([aShipment('INV-1', { [CREW]: 4 })], { [CREW]: 6 }));
    expect(contentOf(shown)).toEqual([
      ['cancellation', { [CREW]: 6 }],
      ['shipment', { [CREW]: 4 }],
    ]);
    expect(bearersOf(shown)).toEqual(['shipment']);
    expect(sumsOf(shown)).toEqual(sumsOf(TEN));
  });

  test('takes what is open first when goods are shipped', () => {
    const cancelled = withProgress(TEN, aProgress([], { [CREW]: 3 }));
    const shown = withProgress(cancelled, aProgress([aShipment('INV-1', { [CREW]: 7 })], { [CREW]: 3 }));
    expect(contentOf(shown)).toEqual([
      ['cancellation', { [CREW]: 3 }],
      ['shipment', { [CREW]: 7 }],
    ]);
  });

  test('leaves items that are not named as they are', () => {
    const two = aPurchaseOf(aLine(CREW, 10, '200.00', '40.00'), aLine(VEST, 2, '30.00', '6.00'));
    const cancelled = withProgress(two, aProgress([], { [VEST]: 1 }));
    expect(contentOf(withProgress(cancelled, aProgress([], { [CREW]: 1 })))).toEqual([
      ['incoming', { [CREW]: 9, [VEST]: 1 }],
      ['cancellation', { [VEST]: 1, [CREW]: 1 }],
    ]);
  });

  test('of more than is open cancels what is open, never what is shipped', () => {
    const shipped = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 4 })]));
    const shown = withProgress(shipped, aProgress([aShipment('INV-1', { [CREW]: 4 })], { [CREW]: 9 }));
    expect(contentOf(shown)).toEqual([
      ['shipment', { [CREW]: 4 }],
      ['cancellation', { [CREW]: 6 }],
    ]);
  });
});

describe('two lines of one SKU', () => {
  const dear = aLine(CREW, 4, '80.00', '16.00');
  const cheap = aLine(CREW, 6, '60.00', '12.00');
  const both = aPurchaseOf(dear, cheap);

  test('at different prices are shipped in their order, each with its own price', () => {
    const shown = withProgress(both, aProgress([aShipment('INV-1', { [CREW]: 5 })]));
    expect(typed(shown, 'shipment').flatMap(linesOf)).toEqual([dear, aLine(CREW, 1, '10.00', '2.00')]);
    expect(typed(shown, 'incoming').flatMap(linesOf)).toEqual([aLine(CREW, 5, '50.00', '10.00')]);
    expect(sumsOf(shown)).toEqual(sumsOf(both));
  });

  test('at different prices stay two when they are cancelled and when they come back', () => {
    const cancelled = withProgress(both, aProgress([], { [CREW]: 5 }));
    expect(typed(cancelled, 'cancellation').flatMap(linesOf)).toEqual([dear, aLine(CREW, 1, '10.00', '2.00')]);
    const back = withProgress(cancelled, aProgress([], { [CREW]: 0 }));
    expect(
      linesOf(packagesOf(back)[0]).toSorted((left, right) => Number(left['quantity']) - Number(right['quantity'])),
    ).toEqual([dear, cheap]);
  });

  test('under different taxes stay two, and no tax changes its name', () => {
    const reduced = aLine(CREW, 6, '120.00', '6.00', {
      tax_lines: [{ title: 'VAT reduced', amount: gbp('6.00'), rate: 5 }],
    });
    const members = aPurchaseOf(dear, reduced);
    const cancelled = withProgress(members, aProgress([], { [CREW]: 10 }));
    expect(typed(cancelled, 'cancellation').flatMap(linesOf)).toEqual([dear, reduced]);
    expect(sumsOf(cancelled)).toEqual(sumsOf(members));
  });

  test('of which one names no tax lose nothing', () => {
    const untaxed = aLine(CREW, 4, '80.00', '0.00', { line_total: { total_net: gbp('80.00') }, tax_lines: [] });
    const members = aPurchaseOf(untaxed, dear);
    const cancelled = withProgress(members, aProgress([], { [CREW]: 8 }));
    expect(sumsOf(cancelled)).toEqual(sumsOf(members));
  });
});

describe('odd cents', () => {
  test('the last part takes the rest', () => {
    const members = aPurchaseOf(aLine(CREW, 3, '10.00', '1.99'));
    const one = withProgress(members, aProgress([aShipment('INV-1', { [CREW]: 1 })]));
    const two = withProgress(one, aProgress([aShipment('INV-1', { [CREW]: 1 }), aShipment('INV-2', { [CREW]: 1 })]));
    const all = withProgress(
      two,
      aProgress(['INV-1', 'INV-2', 'INV-3'].map((invoice) => aShipment(invoice, { [CREW]: 1 }))),
    );
    expect(packagesOf(all).flatMap(linesOf).map(money)).toEqual([
      ['3.33', '0.66', '3.99'],
      ['3.34', '0.67', '4.01'],
      ['3.33', '0.66', '3.99'],
    ]);
    expect(sumsOf(all)).toEqual(sumsOf(members));
  });

  test('a gross that is not net and tax keeps its sum all the same', () => {
    const line_total = { total_net: gbp('8.33'), total_tax: gbp('1.66'), total_gross: gbp('10.00') };
    const members = aPurchaseOf(aLine(CREW, 3, '8.33', '1.66', { line_total }));
    const shown = withProgress(members, aProgress([aShipment('INV-1', { [CREW]: 1 })], { [CREW]: 1 }));
    expect(sumsOf(shown)).toEqual(sumsOf(members));
    const back = withProgress(withProgress(members, aProgress([], { [CREW]: 2 })), aProgress([], { [CREW]: 0 }));
    expect(sumsOf(back)).toEqual(sumsOf(members));
  });

  test('an amount that came as a number is divided too, and stays a number', () => {
    const text = JSON.stringify(aPurchaseOf(aLine(CREW, 4, '80.00', '16.00'))).replace(
      '"tax_lines":[{"title":"VAT","amount":{"number":"16.00"',
      '"tax_lines":[{"title":"VAT","amount":{"number":16.0',
    );
    const shown = withProgress(asJson(parseVerbatim(text)), aProgress([aShipment('INV-1', { [CREW]: 1 })]));
    const amounts = packagesOf(JSON.parse(JSON.stringify(shown)))
      .flatMap(linesOf)
      .map(({ tax_lines }) => tax_lines);
    expect(amounts).toMatchObject([[{ amount: { number: 12 } }], [{ amount: { number: 4 } }]]);
  });

  test.each([
    ['null', null],
    ['no number', 'on request'],
  ])('an amount that is %s is left as it is, and nothing breaks', (_, number) => {
    const line = aLine(CREW, 4, '80.00', '16.00', {
      tax_lines: [{ title: 'VAT', amount: { number, currency: 'GBP' } }],
    });
    const shown = withProgress(aPurchaseOf(line), aProgress([aShipment('INV-1', { [CREW]: 1 })]));
    for (const part of packagesOf(shown).flatMap(linesOf))
      expect(part['tax_lines']).toEqual([{ title: 'VAT', amount: { number, currency: 'GBP' } }]);
  });
});

describe('what we do not know', () => {
  const strange = { deep: [{ deeper: { yes: true, none: null, empty: [], text: '' } }], 'odd name': 1.5 };

  test('goes along with every part of a line', () => {
    const members = aPurchaseOf(
      aLine(CREW, 10, '200.00', '40.00', { strange, unit_total: { total_net: gbp('20.00') } }),
    );
    const shown = withProgress(members, aProgress([aShipment('INV-1', { [CREW]: 4 })], { [CREW]: 1 }));
    const parts = packagesOf(shown).flatMap(linesOf);
    expect(parts).toHaveLength(3);
    for (const part of parts) expect(part).toMatchObject({ strange, unit_total: { total_net: gbp('20.00') } });
  });

  test('stays in totals, taxes, packages, files and shipments', () => {
    const line = aLine(CREW, 10, '200.00', '40.00', {
      line_total: { total_net: { ...gbp('200.00'), strange }, strange },
      tax_lines: [{ title: 'VAT', amount: { ...gbp('40.00'), strange }, strange }],
    });
    const file = {
      identifiers: { visible: 'OLD-1', strange },
      data: { type: 'uri', strange },
      file_type: 'proforma',
      strange,
    };
    const shipped = aWirePackage({
      type: 'shipment',
      identifiers: { sparklayer_package_id: 'p-2', strange },
      shipping_method: null,
      shipments: [{ carrier: 'Hermes', strange }],
      accounting_files: [file],
      strange,
    });
    const members = aWirePurchase({ packages: [aWirePackage({ strange, line_items: [line] }), shipped], strange });
    const shown = withProgress(members, aProgress([aShipment('INV-1', { [CREW]: 4 })]));
    expect(packagesOf(shown)[1]).toEqual(shipped);
    expect(packagesOf(shown)[0]).toMatchObject({ strange, identifiers: packagesOf(members)[0]?.['identifiers'] });
    for (const part of [linesOf(packagesOf(shown)[0])[0], linesOf(packagesOf(shown)[2])[0]])
      expect(part).toMatchObject({
        line_total: { total_net: { strange }, strange },
        tax_lines: [{ amount: { strange }, strange }],
      });
    expect(shown['strange']).toEqual(strange);
  });

  test('a package of an unknown type is left as it is, whatever it holds', () => {
    const odd = { type: 'teleport', line_items: [aLine(CREW, 5, '100.00', '20.00')], strange };
    const back = aWirePackage({ type: 'return', shipping_method: null });
    const members = aWirePurchase({ packages: [odd, aWirePackage(), back] });
    const shown = withProgress(members, aProgress([aShipment('INV-1', { [CREW]: 10 })], { [CREW]: 0 }));
    expect(contentOf(shown).map(([type]) => type)).toEqual(['teleport', 'return', 'shipment']);
    expect(packagesOf(shown).slice(0, 2)).toEqual([odd, back]);
  });

  test('lines without SKU, or without units, are never touched', () => {
    const nameless = aLine(CREW, 1, '5.00', '1.00', { identifiers: { sku: null } });
    const bare = { quantity: 2 };
    const none = aLine(CREW, 0, '0.00', '0.00');
    const less = aLine(CREW, -3, '-60.00', '-12.00');
    const members = aPurchaseOf(nameless, bare, none, less, aLine(CREW, 10, '200.00', '40.00'));
    const shown = withProgress(members, aProgress([aShipment('INV-1', { [CREW]: 10 })]));
    expect(linesOf(packagesOf(shown)[0])).toEqual([nameless, bare, none, less]);
    expect(linesOf(packagesOf(shown)[1])).toEqual([aLine(CREW, 10, '200.00', '40.00')]);
  });

  test('numbers come back as they were written, and a quantity of 4.0 is four', () => {
    const line = aLine(CREW, 4, '80.00', '16.00', { weight: 'WEIGHT', id: 'ID' });
    const text = JSON.stringify(aPurchaseOf(line))
      .replace('"quantity":4', '"quantity":4.0')
      .replace('"WEIGHT"', '1.50')
      .replace('"ID"', '12345678901234567890');
    const shown = withProgress(asJson(parseVerbatim(text)), aProgress([aShipment('INV-1', { [CREW]: 1 })]));
    const written = JSON.stringify(shown);
    expect(written.match(/"weight":1\.50,"id":12345678901234567890/g)).toHaveLength(2);
    expect(contentOf(JSON.parse(written))).toEqual([
      ['incoming', { [CREW]: 3 }],
      ['shipment', { [CREW]: 1 }],
    ]);
    const whole = withProgress(asJson(parseVerbatim(text)), aProgress([aShipment('INV-1', { [CREW]: 4 })]));
    expect(JSON.stringify(whole)).toContain('"quantity":4.0');
  });

  test('a package that gets the charge keeps what its own shipping says', () => {
    const other = aWirePackage({
      identifiers: { sparklayer_package_id: 'p-2' },
      shipping_method: { name: 'Courier', strange },
      line_items: [aLine(VEST, 2, '30.00', '6.00')],
    });
    const members = aWirePurchase({ packages: [aWirePackage(), other] });
    const shown = withProgress(members, aProgress([aShipment('INV-1', { [CREW]: 10 })]));
    expect(bearersOf(shown)).toEqual(['incoming']);
    expect(typed(shown, 'incoming')[0]?.['shipping_method']).toMatchObject({ name: 'Courier', strange });
  });

  test('two shipping charges are one charge when the goods of one package are sent, and none is lost', () => {
    const charge = (net: string, tax: string, gross: string) => ({
      total_net: gbp(net),
      total_tax: gbp(tax),
      total_gross: gbp(gross),
    });
    const other = aWirePackage({
      identifiers: { sparklayer_package_id: 'p-2' },
      shipping_method: { name: 'Courier', line_total: { ...charge('5.50', '1.10', '6.60'), strange } },
      line_items: [aLine(VEST, 2, '30.00', '6.00')],
    });
    const members = aWirePurchase({ packages: [aWirePackage(), other] });
    for (const items of [{ [CREW]: 10 }, { [VEST]: 2 }]) {
      const shown = withProgress(members, aProgress([aShipment('INV-1', items)]));
      expect(bearersOf(shown)).toEqual(['incoming']);
      expect(asJson(typed(shown, 'incoming')[0]?.['shipping_method'])['line_total']).toMatchObject(
        charge('15.50', '3.10', '18.60'),
      );
    }
  });

  test('a share of the charge that others cancelled stays cancelled', () => {
    const open = aWirePackage();
    const cancelled = aWirePackage({
      type: 'cancellation',
      identifiers: { sparklayer_package_id: 'p-2' },
      shipping_method: { name: 'Standard', line_total: { total_net: gbp('4.00') } },
      line_items: [aLine(VEST, 2, '30.00', '6.00')],
    });
    for (const packages of [
      [open, cancelled],
      [cancelled, open],
    ]) {
      const members = aWirePurchase({ packages });
      const shown = withProgress(members, aProgress([aShipment('INV-1', { [CREW]: 4 })]));
      const methods = (of: Members, type: string) => typed(of, type).map(({ shipping_method }) => shipping_method);
      expect(methods(shown, 'cancellation')).toEqual(methods(members, 'cancellation'));
      expect(methods(shown, 'incoming')).toEqual(methods(members, 'incoming'));
    }
  });

  test('goods of two open packages go to the address they were open for', () => {
    const there = { ...asJson(aWirePackage()['shipping_address']), city: 'York' };
    const other = aWirePackage({
      shipping_method: null,
      shipping_address: there,
      line_items: [aLine(VEST, 2, '30.00', '6.00')],
    });
    const members = aWirePurchase({ packages: [aWirePackage(), other] });
    const shown = withProgress(members, aProgress([aShipment('INV-1', { [VEST]: 1 })]));
    expect(typed(shown, 'shipment')[0]?.['shipping_address']).toEqual(there);
  });
});

describe('what a person took over from the ERP', () => {
  const accept = (members: Members, item: string, quantity: number, price: string) =>
    withAccepted(members, [{ item, title: 'Merino Crew', quantity, price }]);
  /** Without the order's own tax lines, which follow. */
  const linesOnly = ({ tax_lines: _taxes, ...rest }: Members) => rest;

  test('takes the order’s own tax line along, so that the purchase still adds up', () => {
    const before = asJson(TEN)['tax_lines'];
    const after = asJson(accept(TEN, CREW, 12, '20.00'))['tax_lines'];
    const amount = (lines: unknown) => Number(asJson(asJson(Array.isArray(lines) ? lines[0] : {})['amount'])['number']);
    expect(amount(after) - amount(before)).toBeCloseTo(8, 2);
  });

  test('more units at the same price, tax in proportion', () => {
    expect(linesOnly(accept(TEN, CREW, 12, '20.00'))).toEqual(
      linesOnly(aPurchaseOf(aLine(CREW, 12, '240.00', '48.00'))),
    );
  });

  test('another price, tax in proportion', () => {
    expect(linesOnly(accept(TEN, CREW, 10, '18'))).toEqual(linesOnly(aPurchaseOf(aLine(CREW, 10, '180.00', '36.00'))));
  });

  test('fewer units at another price stay open until they are told as cancelled', () => {
    const taken = accept(TEN, CREW, 8, '18.00');
    expect(linesOnly(taken)).toEqual(linesOnly(aPurchaseOf(aLine(CREW, 10, '180.00', '36.00'))));
    expect(contentOf(withProgress(taken, aProgress([], { [CREW]: 2 })))).toEqual([
      ['incoming', { [CREW]: 8 }],
      ['cancellation', { [CREW]: 2 }],
    ]);
  });

  test('more units come from those that were cancelled first', () => {
    const cancelled = withProgress(TEN, aProgress([], { [CREW]: 6 }));
    expect(contentOf(accept(cancelled, CREW, 7, '20.00'))).toEqual([
      ['incoming', { [CREW]: 7 }],
      ['cancellation', { [CREW]: 3 }],
    ]);
    expect(linesOnly(accept(cancelled, CREW, 12, '20.00'))).toEqual(
      linesOnly(aPurchaseOf(aLine(CREW, 12, '240.00', '48.00'))),
    );
  });

  test('units of a purchase that was wholly cancelled bring its charge back with them', () => {
    const cancelled = withProgress(TEN, aProgress([], { [CREW]: 10 }));
    expect(bearersOf(accept(cancelled, CREW, 4, '20.00'))).toEqual(['incoming']);
  });

  test('counts what is shipped as taken over, and leaves it as it was billed', () => {
    const shipped = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 4 })]));
    const taken = accept(shipped, CREW, 12, '18.00');
    expect(linesOf(packagesOf(taken)[0])).toEqual([aLine(CREW, 8, '144.00', '28.80')]);
    expect(packagesOf(taken)[1]).toEqual(packagesOf(shipped)[1]);
  });

  test('again changes nothing, byte for byte', () => {
    const taken = accept(TEN, CREW, 12, '18.00');
    expect(JSON.stringify(accept(taken, CREW, 12, '18.00'))).toBe(JSON.stringify(taken));
  });

  test('again changes nothing where the storefront writes the amount shorter, or in another place', () => {
    const text = JSON.stringify(aPurchaseOf(aLine(CREW, 12, '240.00', '48.00'), aLine(VEST, 2, '30.00', '6.00')));
    const shorter = asJson(JSON.parse(text.replaceAll('"240.00"', '"240"').replaceAll('"48.00"', '"48.0"')));
    expect(JSON.stringify(accept(shorter, CREW, 12, '20.00'))).toBe(JSON.stringify(shorter));
  });

  test('again leaves the order’s own tax as the storefront writes it', () => {
    const taken = accept(TEN, CREW, 12, '20.00');
    const shorter = { ...taken, tax_lines: [{ title: 'VAT', amount: gbp('50'), rate: 20 }] };
    expect(JSON.stringify(accept(shorter, CREW, 12, '20.00'))).toBe(JSON.stringify(shorter));
  });

  test('keeps lines in their places', () => {
    const two = aPurchaseOf(aLine(CREW, 10, '200.00', '40.00'), aLine(VEST, 2, '30.00', '6.00'));
    expect(linesOf(packagesOf(accept(two, CREW, 12, '20.00'))[0]).map(skuOf)).toEqual([CREW, VEST]);
  });

  test('a line that the purchase did not have, without tax', () => {
    const taken = accept(TEN, VEST, 3, '15.5');
    expect(contentOf(taken)).toEqual([['incoming', { [CREW]: 10, [VEST]: 3 }]]);
    expect(linesOf(packagesOf(taken)[0])[1]).toEqual({
      identifiers: { sku: VEST },
      name_parent: 'Merino Crew',
      quantity: 3,
      line_total: { total_net: gbp('46.50'), total_tax: gbp('0.00'), total_gross: gbp('46.50') },
    });
  });

  test('more of what is wholly shipped comes as an open package, taxed as what was shipped', () => {
    const shipped = withProgress(TEN, aProgress([aShipment('INV-1', { [CREW]: 10 })]));
    const taken = accept(shipped, CREW, 12, '20.00');
    expect(contentOf(taken)).toEqual([
      ['incoming', { [CREW]: 2 }],
      ['shipment', { [CREW]: 10 }],
    ]);
    expect(linesOf(packagesOf(taken)[0])).toEqual([aLine(CREW, 2, '40.00', '8.00')]);
    expect(packagesOf(taken)[0]?.['shipping_address']).toEqual(packagesOf(TEN)[0]?.['shipping_address']);
  });

  test('a purchase that names no currency of its own takes that of its lines', () => {
    const taken = accept({ ...TEN, currency_code: null }, VEST, 3, '15.50');
    expect(linesOf(packagesOf(taken)[0])[1]).toMatchObject({ line_total: { total_net: gbp('46.50') } });
  });

  test('then the progress of the same order fits', () => {
    const progress = aProgress([aShipment('INV-1', { [CREW]: 12 })], { [CREW]: 0 });
    const shown = withProgress(accept(TEN, CREW, 12, '20.00'), progress);
    expect(contentOf(shown)).toEqual([['shipment', { [CREW]: 12 }]]);
    expect(JSON.stringify(withProgress(accept(shown, CREW, 12, '20.00'), progress))).toBe(JSON.stringify(shown));
  });
});

describe('an item at two prices', () => {
  const AT_TWENTY = aLine(CREW, 10, '200.00', '40.00');
  const AT_EIGHTEEN = aLine(CREW, 5, '90.00', '18.00');
  const BOTH = aPurchaseOf(AT_TWENTY, AT_EIGHTEEN);
  const at = (price: string | null, quantity: number) => ({ item: CREW, quantity, price });
  const cancelling = (...units: readonly ReturnType<typeof at>[]) => ({ ...aProgress([]), cancelled: units });
  const moneyIn = (members: Members, type: string) => typed(members, type).flatMap(linesOf).map(money);

  test('is cancelled at the price that was cancelled, and back again', () => {
    const shown = withProgress(BOTH, cancelling(at('20', 0), at('18', 5)));
    expect(moneyIn(shown, 'cancellation')).toEqual([['90.00', '18.00', '108.00']]);
    expect(typed(shown, 'incoming').flatMap(linesOf)).toEqual([AT_TWENTY]);
    const back = withProgress(shown, cancelling(at('20', 0), at('18', 0)));
    expect(typed(back, 'incoming').flatMap(linesOf)).toEqual([AT_TWENTY, AT_EIGHTEEN]);
    expect(typed(back, 'cancellation')).toEqual([]);
  });

  test('is shipped at the price that was billed', () => {
    const dispatch = aShipment('INV-1', {}, { items: [at('18', 5)] });
    const shown = withProgress(BOTH, aProgress([dispatch]));
    expect(moneyIn(shown, 'shipment')).toEqual([['90.00', '18.00', '108.00']]);
    expect(JSON.stringify(withProgress(shown, aProgress([dispatch])))).toBe(JSON.stringify(shown));
  });

  test('that was cancelled at the wrong one is put right', () => {
    const wrong = withProgress(BOTH, cancelling(at(null, 5)));
    expect(moneyIn(wrong, 'cancellation')).toEqual([['100.00', '20.00', '120.00']]);
    const told = cancelling(at('20', 0), at('18', 5));
    const right = withProgress(wrong, told);
    expect(moneyIn(right, 'cancellation')).toEqual([['90.00', '18.00', '108.00']]);
    expect(sumsOf(right)).toEqual(sumsOf(BOTH));
    expect(JSON.stringify(withProgress(right, told))).toBe(JSON.stringify(right));
  });

  test('is taken from whichever line where none has that price', () => {
    const told = {
      ...aProgress([aShipment('INV-1', {}, { items: [at('7', 2)] })]),
      cancelled: [at('7', 3), at('20', 0)],
    };
    const shown = withProgress(BOTH, told);
    expect(contentOf(shown)).toEqual([
      ['incoming', { [CREW]: 10 }],
      ['shipment', { [CREW]: 2 }],
      ['cancellation', { [CREW]: 3 }],
    ]);
    expect(JSON.stringify(withProgress(shown, told))).toBe(JSON.stringify(shown));
  });
});
