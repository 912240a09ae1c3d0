import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Purchase, PurchaseNote } from '../../../domain/purchase.ts';
import { asJson, OnePurchase, type Json } from './one-purchase.ts';
import { aProgress, aShipment, contentOf, CREW, linesOf, packagesOf, VEST } from './progress-support.ts';
import type { Reply, ScriptedStorefront } from './scripted-storefront.ts';
import { aCall, aNote, aWireLine, aWirePackage, aWirePurchase, connect, gbp, KEY } from './support.ts';

const PART = aProgress([aShipment('INV-1', { [CREW]: 4 })], { [CREW]: 1 });

let shop: OnePurchase;
let storefront: ScriptedStorefront;
let sparklayer: ReturnType<typeof connect>;

beforeEach(async () => {
  shop = new OnePurchase();
  storefront = await shop.start();
  sparklayer = connect(storefront.url);
});
afterEach(async () => {
  await sparklayer.close();
  await storefront.close();
});

const annotate = (note: PurchaseNote = aNote({ progress: PART })) =>
  sparklayer.annotatePurchase(KEY, () => note, aCall());
const puts = () => storefront.calls('PUT');
const isOwn = () => sparklayer.isOwnWrite(KEY, shop.updatedAt());

/** SparkLayer's part: new packages get an id, without another write. */
function giveIds(change: (parcel: Json) => Json = (parcel) => parcel) {
  const packages = packagesOf(shop.stored ?? {}).map((parcel, index) =>
    'identifiers' in parcel ? parcel : change({ ...parcel, identifiers: { sparklayer_package_id: `new-${index}` } }),
  );
  shop.stored = { ...shop.stored, packages };
}

describe('progress that is written', () => {
  test('goes out with number and entry in one PUT, and the entry knows what the purchase will be', async () => {
    const seen: Purchase[] = [];
    const entry = (after: Purchase) => {
      seen.push(after);
      return after.packages.map(({ type }) => type).join(' ');
    };
    expect(await annotate(aNote({ progress: PART, entry }))).toMatchObject({ kind: 'written' });
    expect(puts()).toHaveLength(1);
    expect(puts()[0]?.body).toMatchObject({
      purchase_identifiers: { internal: '104512' },
      metadata: [{ name: 'fulfilment_location' }, { name: 'instep', value: 'incoming shipment cancellation' }],
    });
    expect(seen[0]).toMatchObject({
      identifiers: { internal: '104512' },
      packages: [{ lines: [{ quantity: 5 }] }, { files: ['INV-1'] }, { lines: [{ quantity: 1 }] }],
    });
  });

  test('takes over lines first, and then shows the progress on them', async () => {
    const accepted = [
      { item: CREW, title: 'Merino Crew', quantity: 12, price: '20.00' },
      { item: VEST, title: 'Vest', quantity: 2, price: '15.00' },
    ];
    const progress = aProgress([aShipment('INV-1', { [CREW]: 11, [VEST]: 1 })]);
    await annotate(aNote({ accepted, progress }));
    expect(contentOf(shop.stored ?? {})).toEqual([
      ['incoming', { [CREW]: 1, [VEST]: 1 }],
      ['shipment', { [CREW]: 11, [VEST]: 1 }],
    ]);
    expect((await annotate(aNote({ accepted, progress }))).kind).toBe('unchanged');
    expect(puts()).toHaveLength(1);
  });

  test('leaves packages alone when the note has none', async () => {
    await annotate(aNote());
    expect(asJson(puts()[0]?.body)['packages']).toEqual(aWirePurchase()['packages']);
  });

  test('sends numbers as they were written, whatever we do to the lines around them', async () => {
    const line = aWireLine({ quantity: 'QUANTITY', weight: 'WEIGHT', id: 'ID' });
    const text = JSON.stringify(aWirePurchase({ packages: [aWirePackage({ line_items: [line, aWireLine()] })] }))
      .replace('"QUANTITY"', '4.0')
      .replace('"WEIGHT"', '1.50')
      .replace('"ID"', '12345678901234567890');
    storefront.answers(() => ({ body: text, headers: { 'content-type': 'application/json' } }));
    await annotate();
    expect(puts()[0]?.text.match(/"quantity":4\.0,/g)).toHaveLength(1);
    expect(puts()[0]?.text).toContain('"weight":1.50,"id":12345678901234567890');
  });
});

describe('when others write too', () => {
  test('the quantity they changed between GET and PUT is the one that is divided', async () => {
    const amended = aWirePackage({ line_items: [aWireLine({ quantity: 5 })] });
    shop.onPut = [(_, store) => (shop.foreignWrite({ packages: [amended] }), store())];
    expect((await annotate()).kind).toBe('written');
    expect(contentOf(shop.stored ?? {})).toEqual([
      ['shipment', { [CREW]: 4 }],
      ['cancellation', { [CREW]: 1 }],
    ]);
    expect(puts()).toHaveLength(2);
  });

  test('a package of theirs that came in between is kept as it is', async () => {
    const theirs = { type: 'return', line_items: [aWireLine({ quantity: 1 })], odd: { one: 1 } };
    shop.onPut = [(_, store) => (shop.foreignWrite({ packages: [aWirePackage(), theirs] }), store())];
    await annotate();
    expect(packagesOf(shop.stored ?? {})[1]).toEqual(theirs);
  });
});

describe('when the answer to the PUT is lost', () => {
  const lose =
    (then: () => void) =>
    (_: unknown, store: () => Reply): Reply => {
      store();
      then();
      return { instead: 'drop' };
    };

  test('and new packages got their ids, what is stored is ours', async () => {
    shop.onPut = [lose(giveIds)];
    expect((await annotate()).kind).toBe('written');
    expect(puts()).toHaveLength(1);
    expect(isOwn()).toBe(true);
  });

  test.each<[string, (parcel: Json) => Json]>([
    ['a line', (parcel) => ({ ...parcel, line_items: linesOf(parcel).map((line) => ({ ...line, note: 'more' })) })],
    ['a file', (parcel) => ({ ...parcel, accounting_files: [{ identifiers: { visible: 'INV-1' }, data: {} }] })],
    ['an identifier', (parcel) => ({ ...parcel, identifiers: { ...asJson(parcel['identifiers']), other: 'x' } })],
  ])('and somebody changed %s of them, it is done but not taken for ours', async (_, change) => {
    shop.onPut = [lose(() => giveIds(change))];
    expect((await annotate()).kind).toBe('written');
    expect(puts()).toHaveLength(1);
    expect(isOwn()).toBe(false);
  });

  test('and somebody took a package away again, it is shown anew', async () => {
    shop.onPut = [lose(() => shop.foreignWrite({ packages: aWirePurchase()['packages'] }))];
    expect((await annotate()).kind).toBe('written');
    expect(puts()).toHaveLength(2);
    expect(isOwn()).toBe(true);
    expect(contentOf(shop.stored ?? {})).toContainEqual(['shipment', { [CREW]: 4 }]);
  });

  test('before anything was stored, the goods are shipped once all the same', async () => {
    shop.onPut = [() => ({ instead: 'drop' })];
    expect((await annotate()).kind).toBe('written');
    expect(puts()).toHaveLength(2);
    expect(puts()[1]?.text).toBe(puts()[0]?.text);
    expect(contentOf(shop.stored ?? {})).toEqual([
      ['incoming', { [CREW]: 5 }],
      ['shipment', { [CREW]: 4 }],
      ['cancellation', { [CREW]: 1 }],
    ]);
  });
});

test('money that the storefront writes shorter is no reason to write again', async () => {
  await annotate();
  const shorter = JSON.stringify(shop.stored).replaceAll(/"number":"(\d+)\.00"/g, '"number":"$1"');
  expect(shorter).toContain(JSON.stringify(gbp('80')));
  shop.stored = asJson(JSON.parse(shorter));
  expect((await annotate()).kind).toBe('unchanged');
  expect(puts()).toHaveLength(1);
});
