import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Members } from '../../../connectors/sparklayer/wire/purchase-write.ts';
import { withAccepted, withProgress } from '../../../connectors/sparklayer/wire/write-progress.ts';
import { sum, toCents } from '../../../domain/money.ts';
import type { PurchaseProgress } from '../../../domain/show-progress.ts';
import { asJson, type Json } from './one-purchase.ts';
import {
  aProgress,
  aShipment,
  bearersOf,
  CREW,
  linesOf,
  packagesOf,
  skuOf,
  sumsOf,
  VEST,
  type Units,
} from './progress-support.ts';
import { aWireLine, aWirePackage, aWirePurchase, gbp } from './support.ts';

const TYPES = ['incoming', 'shipment', 'cancellation'];
const SKUS = [CREW, VEST, 'AC-3003-RED-L'];

const cents = fc.integer({ min: 0, max: 100_000 }).map((amount) => toCents(String(amount / 100)));
const line = fc
  .record({
    sku: fc.constantFrom(...SKUS),
    quantity: fc.integer({ min: 1, max: 9 }),
    net: cents,
    taxes: fc.array(cents, { maxLength: 2 }),
    discount: fc.option(cents),
    note: fc.option(fc.constantFrom('gift', 'sample'), { nil: undefined }),
  })
  .map(({ sku, quantity, net, taxes, discount, note }) => {
    const tax = toCents(sum(taxes));
    return aWireLine({
      identifiers: { sku },
      quantity,
      note,
      line_total: {
        total_net: gbp(net),
        ...(taxes.length === 0 ? {} : { total_tax: gbp(tax), total_gross: gbp(toCents(sum([net, tax]))) }),
        ...(discount === null ? {} : { discount_net: gbp(discount), discount_gross: gbp(discount) }),
      },
      tax_lines: taxes.map((amount, index) => ({ title: `tax ${index}`, amount: gbp(amount) })),
    });
  });
const lines = fc.array(line, { minLength: 1, maxLength: 4 });
const purchase = fc.tuple(lines, fc.option(lines)).map(([open, more]) =>
  aWirePurchase({
    packages: [
      aWirePackage({ line_items: open }),
      { type: 'teleport', line_items: [], odd: true },
      ...(more === null
        ? []
        : [
            aWirePackage({ identifiers: { sparklayer_package_id: 'second' }, shipping_method: null, line_items: more }),
          ]),
    ],
  }),
);
const units = fc.dictionary(fc.constantFrom(...SKUS), fc.integer({ min: 0, max: 9 }));
/** What the ERP does next: an invoice with these units, and the figures of what is cancelled by then. */
const deeds = fc.array(fc.record({ shipped: fc.option(units), cancelled: units }), { minLength: 1, maxLength: 6 });

/** The progress after each deed: invoices pile up, cancelled units are the figure of that moment. */
function storyOf(told: readonly { readonly shipped: Units | null; readonly cancelled: Units }[]) {
  return told.map((deed, index): PurchaseProgress => {
    const shipments = told
      .slice(0, index + 1)
      .flatMap(({ shipped }, nth) => (shipped === null ? [] : [aShipment(`INV-${nth}`, shipped)]));
    return aProgress(shipments, deed.cancelled);
  });
}

function unitsOf(members: Members, type: string, sku: string): number {
  return packagesOf(members)
    .filter((parcel) => parcel['type'] === type)
    .flatMap(linesOf)
    .filter((each) => skuOf(each) === sku)
    .reduce((count, each) => count + Number(each['quantity']), 0);
}

function billed(shipments: PurchaseProgress['shipments'], sku: string): number {
  return shipments
    .flatMap(({ items }) => items)
    .reduce((count, { item, quantity }) => count + (item === sku ? quantity : 0), 0);
}

const idOf = (parcel: Json) => asJson(parcel['identifiers'])['sparklayer_package_id'];
const numberIn = (money: unknown) => {
  const { number } = asJson(money);
  return typeof number === 'string' ? number : undefined;
};
const asText = (members: unknown) => JSON.stringify(members);

/** Tells the whole story and looks after each step. */
function throughout(look: (now: Members, before: Members, progress: PurchaseProgress, first: Members) => void) {
  fc.assert(
    fc.property(purchase, deeds, (first, told) => {
      let before: Members = first;
      for (const progress of storyOf(told)) {
        const now = withProgress(before, progress);
        look(now, before, progress, first);
        before = now;
      }
    }),
    { numRuns: 300 },
  );
}

describe('whatever the ERP ships and cancels, in whatever order', () => {
  test('units and every amount of every SKU add up to what was ordered, to the cent', () => {
    throughout((now, _before, _progress, first) => expect(sumsOf(now)).toEqual(sumsOf(first)));
  });

  test('every line has units, no amount below zero, and a gross of net and tax', () => {
    throughout((now) => {
      for (const each of packagesOf(now).flatMap(linesOf)) {
        expect(each['quantity']).toBeGreaterThan(0);
        const total = asJson(each['line_total']);
        const amounts = Object.values(total).map((money) => Number(asJson(money)['number']));
        expect(Math.min(...amounts)).toBeGreaterThanOrEqual(0);
        const [net = '0', tax = '0', gross = net] = ['total_net', 'total_tax', 'total_gross'].map((name) =>
          numberIn(total[name]),
        );
        expect(gross).toBe(toCents(sum([net, tax])));
      }
    });
  });

  test('telling it again changes nothing, byte for byte', () => {
    throughout((now, _before, progress) => expect(asText(withProgress(now, progress))).toBe(asText(now)));
  });

  test('cancelled is what was told, as far as it is not shipped', () => {
    throughout((now, _before, { cancelled }, first) => {
      for (const { item, quantity } of cancelled) {
        const ordered = unitsOf(first, 'incoming', item);
        const shipped = unitsOf(now, 'shipment', item);
        expect(unitsOf(now, 'cancellation', item)).toBe(Math.min(quantity, ordered - shipped));
      }
    });
  });

  test('shipped is what the invoices bill, as far as the purchase has it', () => {
    throughout((now, _before, { shipments }, first) => {
      for (const sku of SKUS)
        expect(unitsOf(now, 'shipment', sku)).toBe(Math.min(billed(shipments, sku), unitsOf(first, 'incoming', sku)));
    });
  });

  test('what is shipped once stays as it was', () => {
    throughout((now, before) => {
      const goods = (members: Members) =>
        packagesOf(members)
          .filter(({ type }) => type === 'shipment')
          .map(({ line_items, accounting_files, shipments }) => asText([line_items, accounting_files, shipments]));
      expect(goods(now).slice(0, goods(before).length)).toEqual(goods(before));
    });
  });

  test('one package bears the shipping charge, what is open before what is shipped before what is cancelled', () => {
    throughout((now, before) => {
      const types = packagesOf(now).map(({ type }) => String(type));
      const [bearer, ...others] = bearersOf(now);
      expect(others).toEqual([]);
      const [best] = TYPES.filter((type) => types.includes(type));
      expect([best, ...bearersOf(before).filter((type) => type === 'shipment')]).toContain(bearer);
    });
  });

  test('no package of ours is empty, and those that stay keep id, place and everything else', () => {
    throughout((now, before) => {
      const own = packagesOf(now).filter(({ type }) => type !== 'teleport');
      expect(own.every((parcel) => linesOf(parcel).length > 0)).toBe(true);
      const ids = packagesOf(now).map(idOf).filter(Boolean);
      expect(packagesOf(before).map(idOf).filter(Boolean)).toEqual(expect.arrayContaining(ids));
      expect(packagesOf(now)).toContainEqual({ type: 'teleport', line_items: [], odd: true });
      for (const parcel of packagesOf(before)) {
        const same = packagesOf(now).find((each) => idOf(each) !== undefined && idOf(each) === idOf(parcel));
        if (!same) continue;
        const { line_items: _was, shipping_method: _then, ...kept } = parcel;
        expect(same).toMatchObject(kept);
      }
    });
  });

  test('a note of a line stays with as many units of its SKU', () => {
    const noted = (members: Members) => {
      const counts: Record<string, number> = {};
      for (const each of packagesOf(members).flatMap(linesOf)) {
        const key = `${skuOf(each)} ${String(each['note'])}`;
        counts[key] = (counts[key] ?? 0) + Number(each['quantity']);
      }
      return counts;
    };
    throughout((now, _before, _progress, first) => expect(noted(now)).toEqual(noted(first)));
  });
});

describe('whatever a person takes over from the ERP', () => {
  const accepted = fc.record({
    item: fc.constantFrom(...SKUS, 'NEW-1'),
    title: fc.constant('Something'),
    quantity: fc.integer({ min: 0, max: 20 }),
    price: cents,
  });

  test('what is open is at least what the ERP has, at its price, and nothing else changes', () => {
    fc.assert(
      fc.property(purchase, deeds, accepted, (first, told, each) => {
        const before = storyOf(told).reduce(withProgress, first);
        const now = withAccepted(before, [each]);
        const shipped = unitsOf(before, 'shipment', each.item);
        const open = Math.max(unitsOf(before, 'incoming', each.item), each.quantity - shipped);
        expect(unitsOf(now, 'incoming', each.item)).toBe(open);
        expect(unitsOf(now, 'shipment', each.item)).toBe(shipped);
        const net = packagesOf(now)
          .filter(({ type }) => type === 'incoming')
          .flatMap(linesOf)
          .filter((row) => skuOf(row) === each.item)
          .map((row) => String(asJson(asJson(row['line_total'])['total_net'])['number']));
        expect(toCents(sum(net))).toBe(toCents(String(open * Number(each.price))));
        const rest = (members: Members) =>
          packagesOf(members)
            .filter(({ type }) => type === 'incoming')
            .flatMap(linesOf)
            .filter((row) => skuOf(row) !== each.item);
        expect(rest(now)).toEqual(rest(before));
      }),
      { numRuns: 300 },
    );
  });

  test('taking it over again changes nothing, byte for byte', () => {
    fc.assert(
      fc.property(purchase, deeds, fc.array(accepted, { maxLength: 3 }), (first, told, all) => {
        const distinct = all.filter(({ item }, index) => all.findIndex((each) => each.item === item) === index);
        const once = withAccepted(storyOf(told).reduce(withProgress, first), distinct);
        expect(asText(withAccepted(once, distinct))).toBe(asText(once));
      }),
      { numRuns: 300 },
    );
  });

  test('together with the progress, open and shipped are what the ERP has, and again changes nothing', () => {
    fc.assert(
      fc.property(purchase, deeds, accepted, (first, told, each) => {
        const earlier = storyOf(told).reduce(withProgress, first);
        const shipments = storyOf(told).at(-1)?.shipments ?? [];
        const quantity = Math.max(each.quantity, unitsOf(earlier, 'shipment', each.item));
        // As the ERP's figure is told: of what the purchase holds before the write, what will not come.
        const both = (members: Members) => {
          const ordered = TYPES.reduce((count, type) => count + unitsOf(members, type, each.item), 0);
          const cancelled = ordered >= quantity ? { [each.item]: ordered - quantity } : {};
          return withProgress(withAccepted(members, [{ ...each, quantity }]), aProgress(shipments, cancelled));
        };
        const once = both(earlier);
        expect(unitsOf(once, 'incoming', each.item) + unitsOf(once, 'shipment', each.item)).toBe(quantity);
        expect(unitsOf(once, 'shipment', each.item)).toBe(Math.min(billed(shipments, each.item), quantity));
        expect(asText(both(once))).toBe(asText(once));
      }),
      { numRuns: 300 },
    );
  });
});

describe('whatever is shipped and cancelled of an item at two prices', () => {
  const PRICES = ['20', '13.37'] as const;
  const step = fc.record({
    shipped: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
    cancelled: fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })),
  });
  const aPricedLine = (price: string, quantity: number, off: number) =>
    aWireLine({
      identifiers: { sku: CREW },
      quantity,
      line_total: { total_net: gbp(toCents(String(Number(price) * quantity - off / 100))) },
      tax_lines: [],
    });

  test('each price has its own units, sums stay, and telling it again changes nothing', () => {
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 4, max: 9 }), fc.integer({ min: 4, max: 9 })),
        fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 4 })),
        fc.array(step, { minLength: 1, maxLength: 5 }),
        (ordered, off, told) => {
          const first = aWirePurchase({
            packages: [
              aWirePackage({
                line_items: PRICES.map((price, at) => aPricedLine(price, ordered[at] ?? 0, off[at] ?? 0)),
              }),
            ],
          });
          const left = [...ordered];
          const shipments: PurchaseProgress['shipments'][number][] = [];
          let now: Members = first;
          for (const [nth, { shipped, cancelled }] of told.entries()) {
            const items = PRICES.map((price, at) => {
              const quantity = Math.min(shipped[at] ?? 0, left[at] ?? 0);
              left[at] = (left[at] ?? 0) - quantity;
              return { item: CREW, quantity, price };
            });
            shipments.push(aShipment(`INV-${nth}`, {}, { items }));
            const gone = PRICES.map((price, at) => ({
              item: CREW,
              quantity: Math.min(cancelled[at] ?? 0, left[at] ?? 0),
              price,
            }));
            const progress = { ...aProgress(shipments), cancelled: gone };
            now = withProgress(now, progress);
            expect(asText(withProgress(now, progress))).toBe(asText(now));
            expect(sumsOf(now)).toEqual(sumsOf(first));
            const netOf = (type: string) =>
              packagesOf(now)
                .filter((parcel) => parcel['type'] === type)
                .flatMap(linesOf)
                .reduce((net, each) => net + Number(numberIn(asJson(each['line_total'])['total_net'])), 0);
            const worth = gone.reduce((net, { quantity, price }) => net + quantity * Number(price), 0);
            // A line's cents that do not divide are somewhere in it.
            expect(Math.abs(netOf('cancellation') - worth)).toBeLessThan(0.3);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
